/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What check says of one file for one target, below the verdict. */
#ifndef XL_CMDS_CHECK_TOLD_H
#define XL_CMDS_CHECK_TOLD_H

#include "cure.h"
#include "session.h"

struct told {
    const struct session *session;
    const char *file;
    const domctx_report *report;
    size_t first;               /* the finding that decides; SIZE_MAX: none */
    size_t vcpus;               /* of the context; 0: not known */
    const struct cure *cure;
    bool is_save;
    bool judged;                /* for that target */
    bool partly;                /* some of its point releases refuse it */
    const struct domctx_release *target;
    const char *typed;          /* that target as the user gave it, or NULL */
    const char *packed;         /* what compressed the file, or NULL */
    uint64_t packed_whole;          /* unpack_whole() of it */
    bool endless;               /* it lacks its END, which edits write */
    bool needs_other;           /* another host, whatever is typed */
    const char *elsewhere;      /* where it loads as it is; empty: not told */
};

/* Write it on stdout: the findings, folded, with what to do and what to
 * type; as many as fit on a screen, or with -v all of them. */
void tell_findings(const struct told *told);

/* vCPUs of which there are records. */
size_t context_vcpus(const domctx_context *context);

#endif /* XL_CMDS_CHECK_TOLD_H */
