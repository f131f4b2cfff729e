/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The front end: runs our verbs under xl's name, and becomes the host's own
 * xl for everything else.
 *
 * Until it is known that the command is ours nothing is printed, opened or
 * set that a program would notice that is started in our place.
 */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "host-xl.h"
#include "signals.h"
#include "verbs.h"

#define PREFIX "context-"

/* "context-save", not "save", which is the host's. */
static const struct verb *our_verb(const char *word)
{
    if (strncmp(word, PREFIX, strlen(PREFIX)) != 0)
        return NULL;
    return verb_find(word + strlen(PREFIX));
}

/* "xl help": the host's words, then ours. */
static int help(struct session *session, char **argv)
{
    int status = host_xl_run(session, argv);

    /* Without a host xl ours is still worth having. */
    session_tell(session, NULL);
    printf("\nxl-context's subcommands ('xl help context-help'):\n\n");
    verb_list(PREFIX, stdout);
    stdout_check(session);
    if (status >= 0 && WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    if (status > 0 && WIFEXITED(status))
        return WEXITSTATUS(status);
    return session_status(session);
}

static int pass_on(struct session *session, char **argv)
{
    host_xl_become(session, argv);
    session_tell(session, NULL);
    return session_status(session);
}

static int run(struct session *session, int argc, char **argv)
{
    int unknown, at = globals_parse(session, argc, argv, &unknown);
    const struct verb *verb;
    bool is_help;

    if (at < 0 || at >= argc)
        return pass_on(session, argv);
    is_help = strcmp(argv[at], "help") == 0;
    if (is_help && at + 1 == argc)
        return help(session, argv);
    verb = our_verb(argv[is_help ? at + 1 : at]);
    if (!verb)
        return pass_on(session, argv);
    program_start();
    if (is_help) {
        verb_help(session, verb, stdout);
        stdout_check(session);
    } else {
        verb_run(session, verb, argc - at, argv + at);
    }
    return session_status(session);
}

int main(int argc, char **argv)
{
    struct session session;
    int status;

    if (!session_open(&session, "xl " PREFIX))
        return EXIT_USAGE;
    status = run(&session, argc, argv);
    session_close(&session);
    return status;
}
