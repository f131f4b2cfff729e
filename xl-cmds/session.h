/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One run of a command: how it was called, what it has found so far, and how
 * that is reported.  The only place that turns findings into words and into an
 * exit status.
 */
#ifndef XL_CMDS_SESSION_H
#define XL_CMDS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <domctx.h>

#include "clean.h"

/* "usage or I/O": also the status of what fails before there is a report. */
#define EXIT_USAGE 2

/* Ids that a reader is referred to at the end. */
#define SESSION_REFERS 3

/* Words of commands that do not help with the file at hand. */
enum { IN_VAIN_ANEW, IN_VAIN_ALL, IN_VAIN_POINT, IN_VAIN_RECEIVE, IN_VAIN };

struct arguments;

struct session {
    const char *call;   /* what stands before a verb: "xl-context " */
    const char *verb;   /* the verb that runs */
    const struct arguments *given; /* with these, or NULL */
    int verbose;        /* number of -v */
    bool dry_run;       /* -N */
    bool timestamps;    /* -T */
    bool ask_nothing;   /* -f */
    bool as_typed;      /* what is told is wrong as the user typed it, not in
                         * a file: it is told without a cure */
    const struct domctx_release *target; /* of --target, or NULL */
    const char *typed;  /* that of the file at hand as the user gave it, or
                         * NULL */
    domctx_report *report;      /* what has not been reported yet */
    domctx_report *told;        /* what is reported goes here, too, or NULL */
    enum domctx_severity worst; /* of what was reported */
    const char *in_vain[IN_VAIN]; /* a cure leaves out what tells to type
                                   * these; NULL: none */
    const char *refers[SESSION_REFERS]; /* ids that session_refer() names */
};

/* Make the session ready; false (and reported) when memory is short. */
bool session_open(struct session *session, const char *call);
void session_close(struct session *session);

/*
 * Print every finding that has not been reported yet on stderr, alike ones as
 * one, the worst first, and without -v as many as fit on a screen (fold.h).
 * subject (a file, a domain, or NULL) stands in front.
 */
void session_tell(struct session *session, const char *subject);

/* The same, but findings worse than cap are reported and counted as cap: for
 * what the user has allowed, or what stops nothing here.  A crash of the
 * domain or of the host is never lowered. */
void session_tell_as(struct session *session, const char *subject,
                     enum domctx_severity cap);

/* One line that names the command for more about the worst that was told and
 * refused something, if anything was; below it there is no more to say. */
void session_refer(struct session *session);

/* With -v: the pages about a finding, each with its cure, a line each behind
 * the words of lead. */
void put_pages(FILE *stream, const struct domctx_finding *finding,
               const char *lead);

/* Let the exit status be at least that of the severity. */
void session_worse(struct session *session, enum domctx_severity severity);

/* The same by the number of the exit status, which is not the order of the
 * severities: for the highest of several files. */
void session_higher(struct session *session, enum domctx_severity severity);

/* "904 more, the worst an error; -v shows more": what is not told; with_v:
 * -v would tell more of it. */
void put_dropped(FILE *stream, size_t more, enum domctx_severity worst,
                 bool with_v);

/* Drop the findings not yet printed: a later step raises them again. */
void session_forget(struct session *session);

/* The exit status for the worst finding reported. */
int session_status(const struct session *session);

/* With -v: a line on stderr. */
__attribute__((format(printf, 2, 3)))
void session_verbose(const struct session *session, const char *format, ...);

#endif /* XL_CMDS_SESSION_H */
