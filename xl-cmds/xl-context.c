/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xl-context VERB: the commands, without a front end. */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "signals.h"
#include "verbs.h"

static void run(struct session *session, int argc, char **argv)
{
    const struct verb *verb;
    int letter, at;

    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts(PACKAGE_STRING);
        stdout_check(session);
        return;
    }
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 ||
                      strcmp(argv[1], "-h") == 0)) {
        cmd_help(session, &(struct arguments){ .n_operands = 0 });
        return;
    }
    at = globals_parse(session, argc, argv, &letter);
    if (at < 0) {
        usage_error(session, NULL, "unknown option '-%c' before the verb",
                    letter);
        return;
    }
    if (at == argc) {
        usage_error(session, NULL, "no verb given");
        return;
    }
    verb = verb_find(argv[at]);
    if (verb)
        verb_run(session, verb, argc - at, argv + at);
    else
        usage_error(session, NULL, "no verb '%s'", argv[at]);
}

int main(int argc, char **argv)
{
    struct session session;
    int status;

    program_start();
    if (!session_open(&session, "xl-context "))
        return EXIT_USAGE;
    run(&session, argc, argv);
    status = session_status(&session);
    session_close(&session);
    return status;
}
