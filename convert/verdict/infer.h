/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Evidence for the releases that can have saved a context: a table with a row
 * for each kind.  The lengths of records come from the catalogue instead.
 */
#ifndef CONVERT_VERDICT_INFER_H
#define CONVERT_VERDICT_INFER_H

#include "context/context.h"
#include "catalogue/release-set.h"

/* A context, and facts that several rows need. */
struct infer_input {
    const domctx_context *context;
    const domctx_hvm *blob;   /* raw or wrapped; NULL for a migrated image */
    bool whole;               /* it has the records that every saver writes */
};

/* Whether the evidence is there; *where is the record that shows it, or
 * unchanged if no single record does. */
typedef bool evidence_fn(const struct infer_input *input, uint64_t arg,
                     const struct context_record **where);

struct evidence {
    const char *id;
    const char *what;
    evidence_fn *seen;
    uint64_t arg;
    struct since from, until; /* savers that leave it: since, and until
                               * before */
    bool hint;                /* gives way to evidence that is no hint */
    bool certain;             /* a conversion keeps it, too */
};

extern const struct evidence evidence_table[];
extern const size_t evidence_count;

void infer_input_of(const domctx_context *context, struct infer_input *input);

#endif /* CONVERT_VERDICT_INFER_H */
