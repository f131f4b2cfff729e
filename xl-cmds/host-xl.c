/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's own xl is the next one on PATH that is not this program and has
 * not led back to it, or the one that configure was told.
 */
#include <config.h>

#include "front-end.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Starts of this program within each other that are taken for a loop. */
#define NESTED_MAX 16

/* Where a root's PATH has xl, for when there is no PATH. */
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:" \
                     "/sbin:/bin"

static bool is_self(const struct stat *status)
{
    struct stat self;

    return stat("/proc/self/exe", &self) == 0 &&
           self.st_dev == status->st_dev && self.st_ino == status->st_ino;
}

/* Whether there is a program of that name, and it is another one. */
static bool is_other_program(const struct trace *trace, const char *name,
                             struct stat *status)
{
    return stat(name, status) == 0 && S_ISREG(status->st_mode) &&
           access(name, X_OK) == 0 && !is_self(status) &&
           !trace_has(trace, status);
}

/* An empty part of PATH is the current folder, as for a shell; but root does
 * not run what lies in the folder that he happens to stand in. */
static bool is_searched(const char *part)
{
    return *part == '/' || geteuid() != 0;
}

static bool search_path(const struct trace *trace, char name[PATH_MAX],
                        struct stat *status)
{
    const char *part = getenv("PATH");

    if (!part)
        part = DEFAULT_PATH;
    for (;;) {
        size_t length = strcspn(part, ":");
        int total = snprintf(name, PATH_MAX, "%.*s%sxl", (int)length, part,
                             length ? "/" : "./");

        if (is_searched(part) && total > 0 && total < PATH_MAX &&
            is_other_program(trace, name, status))
            return true;
        if (!part[length])
            return false;
        part += length + 1;
    }
}

/* Find the host's own xl: 0, or -1 and reported. */
static int find(struct trace *trace, char name[PATH_MAX])
{
    const char *told = WITH_XL;
    struct stat status;
    bool again = trace->n_tried > 0, found;

    if (trace->nested > NESTED_MAX)
        return tell(MSG_XL_LOOP, "xl calls itself over and over: the other "
                    "xl on PATH leads back to this one");
    if (*told) {
        snprintf(name, PATH_MAX, "%s", told);
        found = is_other_program(trace, name, &status);
    } else {
        found = search_path(trace, name, &status);
    }
    if (found && trace_add(trace, &status))
        return 0;
    if (found || again)
        return tell(MSG_XL_LOOP, "the other xl leads back to this one");
    return tell(MSG_XL_MISSING, "the host's own xl is not %s%s",
                *told ? "at " : "on PATH", told);
}

static int not_started(const char *name)
{
    return tell(MSG_XL_EXEC, "cannot start %s: %s", name, strerror(errno));
}

int host_xl_become(struct trace *trace, char **argv)
{
    char name[PATH_MAX];

    if (find(trace, name) == 0) {
        if (trace_write(trace) == 0)
            execv(name, argv);
        not_started(name);
    }
    return STATUS_FAILED;
}

int host_xl_run(struct trace *trace, char **argv)
{
    char name[PATH_MAX];
    int status;

    if (find(trace, name) < 0)
        return -1;
    status = child_run(name, argv, trace);
    return status < 0 ? not_started(name) : status;
}
