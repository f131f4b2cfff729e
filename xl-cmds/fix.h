/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verb fix: one run of it, and what it says. */
#ifndef XL_CMDS_FIX_H
#define XL_CMDS_FIX_H

#include "convert-target.h"
#include "save-file.h"
#include "session.h"

/* One run. */
struct fix {
    struct session *session;
    domctx_report *report;         /* the session's */
    const char *from, *to;         /* files */
    bool allow_loss, anew;         /* --container=xl */
    struct target target;
    char release[DOMCTX_RELEASE_ROOM]; /* in words: for which Xen */
    struct save_file old;
    domctx_report *parsed, *judged; /* of the old one */
    domctx_report *warnings;       /* of the new one */
    struct domctx_release saver;
    bool plain;                    /* it is written as a plain stream */
    bool changed;                  /* something has to be changed */
    bool can_be_anew;              /* --container=xl mends what is in the
                                    * way */
    char partly[DOMCTX_CHECKED_ROOM]; /* which point releases of the target
                                       * take it as it is, and which no
                                       * conversion helps */
};

/*
 * One run of what was asked for, of which the session, the target and the
 * options are read: a save file that comes back, to, of the file from, and
 * what is to be said of both.  Whether there is one, or would be in a dry run.
 */
bool fix_file(const struct fix *asked, const char *from, const char *to);

/* Whether the old one has a configuration that xl reads. */
bool fix_has_config(const struct fix *fix);

/* What to type instead, between the words before and after it: -1. */
int fix_command(struct fix *fix, const char *id, bool anew, bool allow_loss,
                const char *before, const char *after);

/* What was written, or would be. */
void fix_say(const struct fix *fix);

#endif /* XL_CMDS_FIX_H */
