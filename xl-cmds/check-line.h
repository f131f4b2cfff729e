/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The line in which check tells the verdict on one file for one target. */
#ifndef XL_CMDS_CHECK_LINE_H
#define XL_CMDS_CHECK_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include <domctx.h>

#include "cure.h"
#include "elsewhere.h"

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
    bool contained;                 /* of a PV guest: its container is read */
};

/* The host that the target is, as the user gave it; NULL: a release. */
const char *host_of(const struct subject *subject);

/* "a.ctx: Xen 4.17: refused, EINVAL (2 errors, 1 warning, 3 notes)"; several:
 * other targets have lines, too. */
void put_line(const struct domctx_checked *checked,
              const struct subject *subject, bool several);

/* "  4.17   refused, EINVAL: LAPIC/0 [load-length]", of a table. */
void put_row(const struct domctx_checked *checked,
             const struct subject *subject);

#endif /* XL_CMDS_CHECK_LINE_H */
