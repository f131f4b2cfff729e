/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict of check on one file for one target. */
#ifndef XL_CMDS_CHECK_JUDGE_H
#define XL_CMDS_CHECK_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include <domctx.h>

#include "cure.h"
#include "elsewhere.h"
#include "input.h"

/* One file, for one target. */
struct subject {
    const char *file;
    domctx_report *report;
    const struct domctx_description *wanted; /* NULL: those that can have
                                              * saved it are to load it */
    const char *typed;              /* that, as the user gave it, or NULL */
    struct domctx_release target;
    struct domctx_releases savers;  /* if it is they that are to load it */
    const struct domctx_domain *live;   /* of a live one */
    struct domctx_verdict verdict;
    size_t vcpus;                   /* of the context */
    const char *packed;             /* what compressed it, or NULL */
    uint64_t packed_whole;          /* unpack_whole() of it */
    struct cure cure;
    bool wants_elsewhere;           /* where it loads is to be told, too */
    char elsewhere[ELSEWHERE_ROOM]; /* empty: it is not */
    const struct domctx_source_info *save;  /* NULL: a bare context */
    bool judged, by_savers;
    bool stays;                     /* it cannot be written anew */
    bool endless;                   /* judged as if it had its END, which the
                                     * edits that it needs write */
    bool contained;                 /* of a PV guest: its container is read */
};

/* Judge what was read; parsed: what was found while it was. */
void subject_judge(struct subject *subject, struct input *input,
                   const domctx_report *parsed);

/* The same for a save file that ends where its END was to come, if something
 * is to be edited in it; else it is no more than damaged, and not judged. */
void subject_judge_endless(struct subject *subject, struct input *input,
                           const domctx_report *parsed);

/* Whether some point releases of the target refuse what others load. */
bool subject_is_partly(const struct subject *subject);

/* What could not be judged is never a good file, whatever was found. */
enum domctx_severity subject_worst(const struct subject *subject);

#endif /* XL_CMDS_CHECK_JUDGE_H */
