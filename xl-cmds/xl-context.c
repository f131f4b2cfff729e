/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xl-context VERB: the commands; what "xl context-VERB" becomes, too. */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "complete.h"
#include "globals.h"
#include "pager.h"
#include "sandbox.h"
#include "signals.h"
#include "verbs.h"
#include "version.h"

/* For "xl help", after the host's own. */
static void list_verbs(struct session *session)
{
    printf("\nxl-context's subcommands ('xl help context-help'):\n\n");
    verb_list("context-", stdout);
    stdout_check(session);
}

/* The first word of argv, which has one, that begins with "--". */
static const char *long_option(char **argv)
{
    while (strncmp(*argv, "--", 2) != 0)
        argv++;
    return *argv;
}

/* An option that stands in the place of a verb; false: there is none. */
static bool run_option(struct session *session, int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";

    if (strcmp(word, OPTION_COMPLETE) == 0) {
        complete(session, argc - 2, argv + 2);
    } else if (argc != 2) {
        return false;
    } else if (strcmp(word, "--version") == 0) {
        put_version(stdout);
        stdout_check(session);
    } else if (strcmp(word, OPTION_LIST_VERBS) == 0) {
        list_verbs(session);
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        cmd_help(session, &(struct arguments){ .n_operands = 0 });
    } else {
        return false;
    }
    return true;
}

static void run(struct session *session, int argc, char **argv)
{
    const struct verb *verb;
    int letter, at;

    if (run_option(session, argc, argv))
        return;
    at = globals_parse(session, argc, argv, &letter);
    if (at < 0 && letter == '-') {
        usage_error(session, NULL, "unknown option '%.80s' before the verb",
                    long_option(argv));
    } else if (at < 0) {
        usage_error(session, NULL, "unknown option '-%c' before the verb",
                    letter);
    } else if (at == argc) {
        usage_error(session, NULL, "no verb given");
    } else {
        verb = verb_asked(session, argv[at]);
        if (verb)
            verb_run(session, verb, argc - at, argv + at);
    }
}

int main(int argc, char **argv)
{
    bool as_xl = argc > 1 && strcmp(argv[1], OPTION_AS_XL) == 0;
    struct session session;
    int status;

    program_start();
    if (!session_open(&session, as_xl ? "xl context-" : "xl-context "))
        return EXIT_USAGE;
    run(&session, argc - as_xl, argv + as_xl);
    sandbox_leave();
    pager_end();
    status = session_status(&session);
    session_close(&session);
    return status;
}
