/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making legacy streams, and judging what is found in them. */
#ifndef UNIT_LEGACY_SUPPORT_H
#define UNIT_LEGACY_SUPPORT_H

#include "container/source-support.h"

/* Bytes of an unsigned long of the toolstack that saves. */
extern size_t legacy_width;

void put_ul(struct bytes *b, uint64_t value);
void put_id(struct bytes *b, int32_t id);

/* Consecutive pages of one type; the map of vCPUs; TSC information; any
 * chunk. */
void put_batch(struct bytes *b, uint32_t n, uint32_t type);
void put_vcpus(struct bytes *b, uint32_t highest);
void put_tsc(struct bytes *b);
void put_chunk(struct bytes *b, int32_t id);

/* From the end of the body through the context, which its mark tells from
 * others. */
void put_tail(struct bytes *b, uint8_t mark);
#define CONTEXT_SIZE 56

/* QEMU's record; size 0: of the kind that goes on to the end. */
void put_qemu(struct bytes *b, const char *signature, size_t size);

/* The first number and TSC_INFO; a whole stream of 4.1 or later, without any
 * other chunk. */
void put_begin(struct bytes *b);
void put_stream(struct bytes *b);

/* Walk; the caller frees the source. */
domctx_source *walk(struct memory *memory, int wanted,
                    domctx_report *report);

/* Walk what is sound but for the finding id (NULL: none); what is not. */
domctx_source *taken(const struct bytes *b, const char *id);
void refused(const struct bytes *b, const char *id);

/* The mark of the context that was found. */
uint8_t mark_of(const domctx_source *source);

/* The releases that can have written it, as 10 * major + minor. */
void expect_bounds(const domctx_source *source, uint32_t oldest,
                   uint32_t newest);

#endif /* UNIT_LEGACY_SUPPORT_H */
