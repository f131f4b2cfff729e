/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the front end, xl, share.  Every xl command of the host
 * goes through this program: it uses no library of ours, so that one which is
 * missing, half installed or of another version stops our commands only.
 */
#ifndef XL_CMDS_FRONT_END_H
#define XL_CMDS_FRONT_END_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "message-ids.h"

/* The exit status of everything that fails here: "usage or I/O". */
#define STATUS_FAILED 2

/* One line on stderr: "xl-context: what is wrong [id]".  Returns -1. */
__attribute__((format(printf, 2, 3)))
int tell(const char *id, const char *format, ...);

/* ------------------------------------------------------------------ */
/* trace.c: which programs of the name xl have been started on the way   */
/* ------------------------------------------------------------------ */

/* More programs of the name xl than any host has. */
#define TRACE_TRIED_MAX 16

struct trace {
    unsigned int nested;     /* times that this program began */
    bool inside;             /* something that we started runs us again */
    unsigned long long arguments;   /* a hash of the command line */
    size_t n_tried;          /* programs that lead back to us */
    struct trace_program {
        unsigned long long device, inode;
    } tried[TRACE_TRIED_MAX];
};

/* Read what a front end before this one has left in the environment. */
void trace_read(struct trace *trace, char **argv);

/* Leave it for the program that this process becomes: -1 with errno. */
int trace_write(const struct trace *trace);

/* Remember a program that is going to be started; false: no room. */
bool trace_add(struct trace *trace, const struct stat *program);

bool trace_has(const struct trace *trace, const struct stat *program);

/* ------------------------------------------------------------------ */
/* host-xl.c: the host's own xl                                         */
/* ------------------------------------------------------------------ */

/* Become the host's own xl, with argv as it is.  Returns on failure only,
 * which it has reported: the exit status. */
int host_xl_become(struct trace *trace, char **argv);

/* Run the host's own xl and wait for it.  Returns its wait status, or -1 on
 * failure, which it has reported. */
int host_xl_run(struct trace *trace, char **argv);

/* ------------------------------------------------------------------ */
/* child.c: a program that is run and waited for                        */
/* ------------------------------------------------------------------ */

/* Returns the wait status, or -1 with errno when it cannot be started.
 * trace, if any, is left for it. */
int child_run(const char *name, char **argv, const struct trace *trace);

#endif /* XL_CMDS_FRONT_END_H */
