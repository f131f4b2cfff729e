/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The front end: becomes xl-context for "xl context-VERB", and the host's own
 * xl for everything else.
 *
 * It prints, opens and sets nothing that a program would notice that is
 * started in its place.
 */
#include <config.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clean.h"
#include "front-end.h"
#include "globals.h"

#define PREFIX "context-"
#define OURS "xl-context"

int tell(const char *id, const char *format, ...)
{
    char text[PATH_MAX + 200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    fputs("xl-context: ", stderr);
    put_clean(stderr, text);
    fprintf(stderr, " [%s]\n", id);
    return -1;
}

/* "context-save", not "save", which is the host's.  What begins so and is no
 * verb is ours to refuse. */
static bool is_ours(const char *word)
{
    return strncmp(word, PREFIX, strlen(PREFIX)) == 0;
}

/* Where xl's global options end; argc when something else is in the way. */
static int skip_globals(int argc, char **argv)
{
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        const char *letters = argv[i] + 1;

        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        if (letters[strspn(letters, GLOBAL_LETTERS)])
            return argc;
    }
    return i;
}

/* ------------------------------------------------------------------ */
/* xl-context                                                           */
/* ------------------------------------------------------------------ */

/* Beside this program, as in the build tree and where there is one folder for
 * programs only; else where it is installed. */
static const char *find_ours(char name[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", name, PATH_MAX);
    char *end;

    if (length <= 0 || length >= PATH_MAX)
        return BINDIR "/" OURS;
    name[length] = '\0';
    end = strrchr(name, '/');
    if (!end || end + sizeof("/" OURS) > name + PATH_MAX)
        return BINDIR "/" OURS;
    memcpy(end + 1, OURS, sizeof(OURS));
    return access(name, X_OK) == 0 ? name : BINDIR "/" OURS;
}

static int not_ours(const char *name)
{
    tell(MSG_XL_CONTEXT_MISSING, "cannot start %s: %s", name,
         strerror(errno));
    return STATUS_FAILED;
}

static int become_ours(int argc, char **argv)
{
    char **words = calloc((size_t)argc + 2, sizeof(*words));
    char room[PATH_MAX], as_xl[] = OPTION_AS_XL;
    const char *name = find_ours(room);

    if (words) {
        words[0] = argv[0];
        words[1] = as_xl;
        memcpy(words + 2, argv + 1, (size_t)argc * sizeof(*words));
        execv(name, words);
    }
    free(words);
    return not_ours(name);
}

static int list_ours(void)
{
    char room[PATH_MAX], ours[] = OURS, as_xl[] = OPTION_AS_XL,
         list[] = OPTION_LIST_VERBS;
    char *words[] = { ours, as_xl, list, NULL };
    const char *name = find_ours(room);
    int status = child_run(name, words, NULL);

    if (status < 0)
        return not_ours(name);
    return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILED;
}

/* ------------------------------------------------------------------ */

/* "xl help": the host's words, then ours.  Without a host's xl ours are still
 * worth having. */
static int help(struct trace *trace, char **argv)
{
    int status = host_xl_run(trace, argv), ours = list_ours();

    if (status < 0)
        return STATUS_FAILED;
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    return WEXITSTATUS(status) ? WEXITSTATUS(status) : ours;
}

int main(int argc, char **argv)
{
    struct trace trace;
    int at = skip_globals(argc, argv);
    bool is_help = at < argc && strcmp(argv[at], "help") == 0;
    int word = is_help ? at + 1 : at;

    if (word < argc && is_ours(argv[word]))
        return become_ours(argc, argv);
    trace_read(&trace, argv);
    /* Only the outermost front end adds our words. */
    if (is_help && at + 1 == argc && !trace.inside)
        return help(&trace, argv);
    return host_xl_become(&trace, argv);
}
