/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builder functions for other files of the library. */
#ifndef CONVERT_FORMAT_BUILDER_H
#define CONVERT_FORMAT_BUILDER_H

#include "base/messages.h"

/* Check that the builder has not failed and makes an image; else -1 with a
 * finding.  type: of the record to be added. */
int builder_need_image(domctx_builder *builder, uint32_t type,
                       domctx_report *report);

/* Bytes built so far, and their address, which is valid until more are
 * added. */
size_t builder_size(const domctx_builder *builder);
const uint8_t *builder_bytes(const domctx_builder *builder);

/* A builder for copying records one by one: it adds nothing itself, and
 * accepts START, END and the trailer as records.  big: the image is
 * big-endian.  NULL when memory is short. */
domctx_builder *builder_new_bare(bool hvm, bool big);

/* Append any record.  claimed: the length to write into a legacy descriptor;
 * in an image, length itself. */
int builder_put(domctx_builder *builder, uint32_t type, uint32_t instance,
                uint64_t claimed, const void *body, size_t length,
                domctx_report *report);

/* domctx_builder_take() for a blob.  *hvm is the parse that judged its
 * framing; it borrows *buf, is for domctx_hvm_free(), and NULL on failure.
 * hvm may be NULL. */
int builder_take_hvm(domctx_builder *builder, uint8_t **buf, size_t *size,
                     domctx_hvm **hvm, domctx_report *report);

/* domctx_builder_shared_info() and _tsc_info() of what was read: a wrong size
 * or mode stays what it is, for those who judge the image. */
int builder_shared_info(domctx_builder *builder, bool is_32bit,
                        const void *buffer, size_t size,
                        domctx_report *report);
int builder_tsc_info(domctx_builder *builder, uint32_t mode, uint32_t khz,
                     uint64_t nsec, uint32_t incarnation,
                     domctx_report *report);

/* Hand over the bytes as domctx_builder_take() does, without adding END or a
 * trailer. */
int builder_hand_over(domctx_builder *builder, uint8_t **buf, size_t *size,
                      domctx_report *report);

#endif /* CONVERT_FORMAT_BUILDER_H */
