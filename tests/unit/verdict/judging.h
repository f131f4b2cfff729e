/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of judging share. */
#ifndef UNIT_JUDGING_H
#define UNIT_JUDGING_H

#include "verdict/saver.h"

#include "catalogue/codes.h"
#include "context/context.h"
#include "catalogue/release.h"

#define EVERYTHING (SAVER_VIRIDIAN | SAVER_XSAVE | SAVER_MSR)
#define R(x, y, z) RELEASE(x, y, z)

/* One judgement. */
struct judged {
    domctx_report *report;
    struct domctx_verdict verdict;
};
void judged_free(struct judged *judged);

struct judged judge_context(const domctx_context *context,
                            struct release target,
                            const struct domctx_host *host);

/* A blob of that saver, for that target. */
struct judged judge(const struct bytes *b, struct release saver,
                    struct release target, const struct domctx_host *host);

/* Its warnings and errors on stderr. */
void show_judged(const char *what, const domctx_report *report);

/* Element i of a field. */
struct setting {
    const char *field;
    size_t i;
    uint64_t value;
};

/* Set it in a record of the blob: false where there is none. */
bool set_field(struct bytes *b, struct release release, enum code code,
               uint32_t instance, const struct setting *setting);

#endif /* UNIT_JUDGING_H */
