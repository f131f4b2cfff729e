/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What in a context tells which releases can have saved it: a table, a row
 * each.  The lengths of the records are not in it; they come from the
 * catalogue.
 */
#ifndef CONVERT_VERDICT_INFER_H
#define CONVERT_VERDICT_INFER_H

#include "context/context.h"
#include "catalogue/release-set.h"

/* A context, with what several rows want to know of it. */
struct infer_input {
    const domctx_context *context;
    const domctx_hvm *blob;   /* raw or wrapped; NULL in a migrated image */
    bool whole;               /* has what every saver writes */
};

/* Whether it is seen; if so, *where is the record it is seen in, or stays
 * NULL where it is not seen in one. */
typedef bool evidence_fn(const struct infer_input *input, uint64_t arg,
                     const struct context_record **where);

struct evidence {
    const char *id;
    const char *what;
    evidence_fn *seen;
    uint64_t arg;
    struct since from, until; /* who saves such a thing; until: no longer */
    bool hint;                /* gives way to all that is no hint */
    bool certain;             /* so in a converted context, too */
};

extern const struct evidence evidence_table[];
extern const size_t evidence_count;

void infer_input_of(const domctx_context *context, struct infer_input *input);

#endif /* CONVERT_VERDICT_INFER_H */
