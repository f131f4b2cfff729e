/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* less: end if all fits on the screen, let escape sequences for colour
 * through, leave the text on the screen. */
#define LESS "FRX"

static pid_t pager;   /* 0: none */

/* $PAGER, or NULL for less; false: none is wanted or would work. */
static bool is_wanted(const char **command)
{
    const char *term = getenv("TERM");

    *command = getenv("PAGER");
    return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0 &&
           (!*command ||
            ((*command)[0] != '\0' && strcmp(*command, "cat") != 0));
}

/* Without less, print directly. */
static void copy(void)
{
    char buf[4096];
    ssize_t n;

    while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0)
        for (ssize_t done = 0, m; done < n; done += m) {
            m = write(STDOUT_FILENO, buf + done, (size_t)(n - done));
            if (m < 0)
                return;
        }
}

static void become_pager(const char *command)
{
    signal(SIGPIPE, SIG_DFL);
    setenv("LESS", LESS, 0);
    if (command)
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    else
        execlp("less", "less", (char *)NULL);
    copy();
    _exit(0);
}

void pager_start(void)
{
    const char *command;
    int ends[2];

    if (!is_wanted(&command) || pipe(ends) < 0)
        return;
    fflush(stdout);
    pager = fork();
    if (pager == 0) {
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        close(ends[1]);
        become_pager(command);
    }
    if (pager > 0) {
        /* What a terminal sends goes to both: the pager decides. */
        signal(SIGINT, SIG_IGN);
        signal(SIGQUIT, SIG_IGN);
        if (isatty(STDERR_FILENO))
            dup2(ends[1], STDERR_FILENO);
        dup2(ends[1], STDOUT_FILENO);
    } else {
        pager = 0;
    }
    close(ends[0]);
    close(ends[1]);
}

bool pager_runs(void)
{
    return pager > 0;
}

void pager_end(void)
{
    if (!pager_runs())
        return;
    fflush(stdout);
    fflush(stderr);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
        ;
    pager = 0;
}
