/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "front-end.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: execute the program, or write errno to the pipe, which exec
 * closes. */
__attribute__((noreturn))
static void become(const char *name, char **argv, const struct trace *trace,
                   int pipe_end)
{
    int error = 0;

    if (!trace || trace_write(trace) == 0)
        execv(name, argv);
    error = errno;
    while (write(pipe_end, &error, sizeof(error)) < 0 && errno == EINTR)
        ;
    _exit(127);
}

/* 0: started; else the errno of the failure. */
static int error_of(int pipe_end)
{
    int error = 0;
    ssize_t got;

    do
        got = read(pipe_end, &error, sizeof(error));
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(error) ? error : 0;
}

int child_run(const char *name, char **argv, const struct trace *trace)
{
    int ends[2], status = 0, error;
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    child = fork();
    if (child == 0)
        become(name, argv, trace, ends[1]);
    error = child < 0 ? errno : 0;
    close(ends[1]);
    if (child > 0)
        error = error_of(ends[0]);
    close(ends[0]);
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    errno = error;
    return error ? -1 : status;
}
