/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room access: opening whatever holds a context, and its fields by name, to
 * read and to change.
 */
#ifndef CONVERT_ACCESS_ACCESS_H
#define CONVERT_ACCESS_ACCESS_H

#include "context/context.h"

/* What a context that was opened owns. */
struct opened {
    enum domctx_format format;
    uint8_t *buf;                  /* an image or a blob; NULL: the */
    const uint8_t *bytes;          /* caller's; here are those that count */
    size_t size;
    domctx_image *image;           /* one of the two */
    domctx_hvm *hvm;
    domctx_source *source;         /* that the blob is in, or NULL */
    domctx_inference *inference;   /* of a blob, or NULL */
};

#endif /* CONVERT_ACCESS_ACCESS_H */
