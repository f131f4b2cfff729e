/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's own xl is the next one on PATH that is not this program, or the
 * one that configure was told.
 *
 * It may be a script that leads back to us.  If it does so by exec, the
 * process is the same: TRACE in the environment holds the process (and when
 * it began, since numbers come again) and how much of PATH it has been
 * through, and the search goes on from there.  If
 * it starts us as a child, the process is another, and a host xl may well
 * have a good reason for that (a hook that calls xl): there TRACE counts,
 * and a number that no honest nesting reaches is taken for a loop.
 */
#include <config.h>

#include "host-xl.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/messages.h"

#define TRACE "XL_CONTEXT_TRACE"
#define NESTED_MAX 16

/* Where a root's PATH has xl, for when there is no PATH. */
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:" \
                     "/sbin:/bin"

/* What TRACE says. */
struct trace {
    long process;
    unsigned long long began;
    unsigned long parts;  /* of PATH that have been tried */
    unsigned long nested; /* times that this program began */
};

/* When this process began, which exec does not change; 0: not known. */
static unsigned long long process_began(void)
{
    unsigned long long began = 0;
    char line[1024];
    FILE *file = fopen("/proc/self/stat", "re");
    const char *p;

    if (!file)
        return 0;
    /* Field 22; field 2 is a name in brackets, which may hold anything. */
    p = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
    for (int field = 2; p && field < 22; field++) {
        p = strchr(p, ' ');
        p = p ? p + 1 : NULL;
    }
    if (p)
        began = strtoull(p, NULL, 10);
    fclose(file);
    return began;
}

static struct trace read_trace(void)
{
    unsigned long long began = process_began();
    const char *text = getenv(TRACE);
    struct trace trace = { 0, 0, 0, 0 };

    if (!text || sscanf(text, "%ld:%llu:%lu:%lu", &trace.process,
                        &trace.began, &trace.parts, &trace.nested) != 4)
        trace = (struct trace){ 0, 0, 0, 0 };
    if (trace.process != (long)getpid() || trace.began != began) {
        trace.process = (long)getpid();
        trace.began = began;
        trace.parts = 0;
    }
    trace.nested++;
    return trace;
}

static int write_trace(const struct trace *trace)
{
    char text[100];

    snprintf(text, sizeof(text), "%ld:%llu:%lu:%lu", trace->process,
             trace->began, trace->parts, trace->nested);
    return setenv(TRACE, text, 1);
}

static bool is_self(const struct stat *status)
{
    struct stat self;

    return stat("/proc/self/exe", &self) == 0 &&
           self.st_dev == status->st_dev && self.st_ino == status->st_ino;
}

/* Whether there is a program of that name, and it is another. */
static bool is_other_program(const char *name)
{
    struct stat status;

    return stat(name, &status) == 0 && S_ISREG(status.st_mode) &&
           access(name, X_OK) == 0 && !is_self(&status);
}

/*
 * Find the xl on PATH behind the first *parts parts of it, and count those
 * gone through.  An empty part is the current folder, as for a shell.
 */
static bool search_path(unsigned long *parts, char name[PATH_MAX])
{
    const char *part = getenv("PATH");
    unsigned long number = 0;

    if (!part)
        part = DEFAULT_PATH;
    for (;;) {
        size_t length = strcspn(part, ":");

        if (number++ >= *parts) {
            int total = snprintf(name, PATH_MAX, "%.*s%sxl", (int)length,
                                 part, length ? "/" : "./");

            *parts = number;
            if (total > 0 && total < PATH_MAX && is_other_program(name))
                return true;
        }
        if (!part[length])
            return false;
        part += length + 1;
    }
}

/* Find the host's own xl and leave the trace for what it may start. */
static int find(struct session *session, char name[PATH_MAX])
{
    const char *told = WITH_XL;
    struct trace trace = read_trace();
    bool again = trace.parts > 0, found;

    if (trace.nested > NESTED_MAX)
        return msg_raise(session->report, MSG_XL_LOOP, NULL,
                         "xl calls itself over and over: the other xl on "
                         "PATH leads back to this one");
    if (*told) {
        snprintf(name, PATH_MAX, "%s", told);
        found = !again && is_other_program(name);
        trace.parts = 1;
    } else {
        found = search_path(&trace.parts, name);
    }
    if (!found && again)
        return msg_raise(session->report, MSG_XL_LOOP, NULL,
                         "the other xl leads back to this one");
    if (!found)
        return msg_raise(session->report, MSG_XL_MISSING, NULL,
                         "the host's own xl is not %s%s",
                         *told ? "at " : "on PATH", told);
    if (write_trace(&trace) < 0)
        return msg_no_memory(session->report, 0);
    return 0;
}

void host_xl_become(struct session *session, char **argv)
{
    char name[PATH_MAX];

    if (find(session, name) < 0)
        return;
    execv(name, argv);
    msg_raise(session->report, MSG_XL_EXEC, NULL, "cannot start %s: %s",
              name, strerror(errno));
}

int host_xl_run(struct session *session, char **argv)
{
    char name[PATH_MAX];
    int status;
    pid_t child;

    if (find(session, name) < 0)
        return -1;
    fflush(NULL);
    child = fork();
    if (child == 0) {
        execv(name, argv);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            child = -1;
    if (child < 0)
        return msg_raise(session->report, MSG_XL_EXEC, NULL,
                         "cannot start %s: %s", name, strerror(errno));
    return status;
}
