/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room access: opening any file that holds a context, and reading and changing
 * its fields by name.
 */
#ifndef CONVERT_ACCESS_ACCESS_H
#define CONVERT_ACCESS_ACCESS_H

#include "context/context.h"

/* What an opened context owns. */
struct opened {
    enum domctx_format format;
    uint8_t *buf;                  /* an image or a blob; NULL: the caller's */
    const uint8_t *bytes;          /* the bytes to parse, here or the
                                    * caller's */
    size_t size;
    domctx_image *image;           /* an image, or the blob below */
    domctx_hvm *hvm;
    domctx_source *source;         /* the container of the blob, or NULL */
    domctx_inference *inference;   /* for a blob, or NULL */
};

#endif /* CONVERT_ACCESS_ACCESS_H */
