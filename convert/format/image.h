/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsed image, for files that read and judge it. */
#ifndef CONVERT_FORMAT_IMAGE_H
#define CONVERT_FORMAT_IMAGE_H

#include "format/frame.h"
#include "format/hvm.h"
#include "base/keys.h"

struct domctx_image {
    const uint8_t *buf;
    uint64_t size;
    bool big;
    struct domctx_record *records; /* START to END, then the trailer */
    size_t count, inner;           /* inner: those from START to END */
    struct keys keys;              /* of the records between START and END */
    uint32_t xen_major, xen_minor;
    enum domctx_form form;
    uint64_t consumed, trailing;
    bool has_digest;
};

/* The records after END; *n is their number. */
static inline const struct domctx_record *
image_trailer(const struct domctx_image *image, size_t *count)
{
    *count = image->count - image->inner;
    return image->records + image->inner;
}

/* Parse and judge the framing only; domctx_image_parse() continues with the
 * content. */
int image_parse_framing(const void *buf, size_t size, domctx_image **image,
                        domctx_report *report);

/* Check the trailer: JSON and digest. */
int trailer_check(struct domctx_image *image, domctx_report *report);

/* Check that the reserved fields of SHARED_INFO and TSC_INFO are zero. */
int image_check_reserved(const struct domctx_record *record, bool big,
                         domctx_report *report);

/* The offset of the buffer in the body of SHARED_INFO; 0 for a length that the
 * record cannot have. */
size_t image_shared_buffer(const struct domctx_record *record);

/* Judge the content.  -1 only if the image cannot be used at all: a broken
 * blob in HVM_CONTEXT, or no memory. */
int image_check_content(const struct domctx_image *image,
                        domctx_report *report);

/* domctx_salvage() for an image. */
int image_salvage(const uint8_t *buf, size_t size, uint8_t **out,
                  size_t *out_size, size_t *whole, domctx_report *report);

/* domctx_image_to_hvm() for the migrated form.  *hvm is the parsed blob; it
 * borrows *buf and is for domctx_hvm_free().  hvm may be NULL; on failure *hvm
 * is unchanged. */
int image_demigrate(const domctx_image *image, uint8_t **buf, size_t *size,
                    domctx_hvm **hvm, domctx_report *report);

#endif /* CONVERT_FORMAT_IMAGE_H */
