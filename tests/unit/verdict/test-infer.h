/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of inference share. */
#ifndef UNIT_TEST_INFER_H
#define UNIT_TEST_INFER_H

#include "verdict/saver.h"

#include "verdict/infer.h"

/* An inference with its report. */
struct inferred {
    domctx_inference *inference;
    domctx_report *report;
};

/* From a blob, with or without bounds. */
struct inferred infer(const struct bytes *b);
struct inferred infer_from(const struct bytes *b,
                           const struct domctx_release *oldest,
                           const struct domctx_release *newest);
void inferred_free(struct inferred *result);

const struct domctx_evidence *
evidence_of(const domctx_inference *inference, const char *id);
bool contains(const domctx_inference *inference, struct release release);

/* Writes element i of a field of the first such record. */
void edit(struct bytes *b, uint32_t typecode, const char *name, size_t i,
          uint64_t value);

/* The blob without the records of a typecode. */
void leave_out(struct bytes *b, uint32_t typecode);

#endif /* UNIT_TEST_INFER_H */
