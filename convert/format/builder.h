/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other files of the library ask a builder. */
#ifndef CONVERT_FORMAT_BUILDER_H
#define CONVERT_FORMAT_BUILDER_H

#include "base/messages.h"

/* -1 with a finding if the builder has failed or makes a blob; type: the
 * record to be added. */
int builder_need_image(domctx_builder *builder, uint32_t type,
                       domctx_report *report);

/* Bytes so far, and where they are until more are added. */
size_t builder_size(const domctx_builder *builder);
const uint8_t *builder_bytes(const domctx_builder *builder);

/* A builder of what stands elsewhere record for record: it adds nothing by
 * itself, and takes START, END and the trailer as they come.  big: an image
 * of that byte order.  NULL when memory is short. */
domctx_builder *builder_new_bare(bool hvm, bool big);

/* Append any record.  claimed: the length that the descriptor of a legacy
 * record claims; length itself in an image. */
int builder_put(domctx_builder *builder, uint32_t type, uint32_t instance,
                uint64_t claimed, const void *body, size_t length,
                domctx_report *report);

/* domctx_builder_take() of a blob, and what was read of it to judge its
 * framing: over *buf, for domctx_hvm_free(), and NULL after a failure.  hvm
 * may be NULL. */
int builder_take_hvm(domctx_builder *builder, uint8_t **buf, size_t *size,
                     domctx_hvm **hvm, domctx_report *report);

/* Hand over the bytes as domctx_builder_take() does, but add no END or
 * trailer. */
int builder_hand_over(domctx_builder *builder, uint8_t **buf, size_t *size,
                      domctx_report *report);

#endif /* CONVERT_FORMAT_BUILDER_H */
