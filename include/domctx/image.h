/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a domain context image, whole or as a stream.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_IMAGE_H
#define DOMCTX_IMAGE_H

/* -- Reading a domain context image -------------------------------------- */

enum domctx_form {
    DOMCTX_FORM_NO_HVM,   /* no HVM state: a PV domain's image */
    DOMCTX_FORM_WRAPPED,  /* one HVM_CONTEXT record */
    DOMCTX_FORM_MIGRATED, /* a record for each legacy record */
};

/* A parsed image.  Opaque. */
typedef struct domctx_image domctx_image;

/*
 * Parse and validate the image at buf, through END and our trailer.
 *
 * Framing faults (DOMCTX_DAMAGED) make it fail; content findings (a known
 * record with a length that no layout of the START version has, an unknown
 * legacy typecode) are added to the report with DOMCTX_ERROR and do not.
 * A blob in HVM_CONTEXT is parsed too: broken framing in it makes this fail,
 * its content is judged.  Bytes after END that are not our trailer: one
 * warning.
 *
 * On success *image is a new object over buf, to be freed with
 * domctx_image_free(); on failure it is NULL.
 * Ids: image-*, shared-info-*, tsc-info-*, pv-*, trailer-*, digest-*,
 * provenance-json, those of domctx_hvm_parse().
 */
int domctx_image_parse(const void *buf, size_t size, domctx_image **image,
                       domctx_report *report);

/* Free an image object (not the buffer).  NULL is allowed. */
void domctx_image_free(domctx_image *image);

/* Number of records from START through END and of the trailer. */
size_t domctx_image_count(const domctx_image *image);

/* Record number i in file order, trailer records after END included; NULL
 * past the last. */
const struct domctx_record *domctx_image_get(const domctx_image *image,
                                             size_t i);

/* The record of that type and instance, or NULL. */
const struct domctx_record *domctx_image_find(const domctx_image *image,
                                              uint32_t type,
                                              uint32_t instance);

/* START's version. */
void domctx_image_version(const domctx_image *image, uint32_t *xen_major,
                          uint32_t *xen_minor);

/* Wrapped, migrated, or without HVM state. */
enum domctx_form domctx_image_form(const domctx_image *image);

/* Whether the framing is big-endian. */
bool domctx_image_big_endian(const domctx_image *image);

/* Bytes from START through END: what a reader that follows the
 * specification consumes. */
uint64_t domctx_image_consumed(const domctx_image *image);

/* Bytes after END that are not our trailer. */
uint64_t domctx_image_trailing(const domctx_image *image);

/* Whether a DIGEST is present (a present one has been verified). */
bool domctx_image_has_digest(const domctx_image *image);

/* The number of 32 bits at p, in the image's own byte order.  p points into
 * the body of a record that is not an HVM record: those are little-endian in
 * any image.  The caller checks that 4 bytes are there; p need not be
 * aligned. */
uint32_t domctx_image_u32(const domctx_image *image, const void *p);

/* The number of 64 bits at p, likewise; 8 bytes must be there. */
uint64_t domctx_image_u64(const domctx_image *image, const void *p);

/* -- Reading an image whose length is not known (a pipe) ----------------- */

/* State of a stream: how far the framing has been followed.  Opaque. */
typedef struct domctx_stream domctx_stream;

/* A new stream that accepts at most max bytes; NULL when memory is short. */
domctx_stream *domctx_stream_new(uint64_t max);

/* Free a stream.  NULL is allowed. */
void domctx_stream_free(domctx_stream *stream);

/*
 * Look at size bytes that follow what was fed before.  The framing is
 * checked as far as headers, lengths and caps go; the bytes need not start
 * or end at a record.
 *
 * Returns the number of bytes to read next, never more than the image and
 * its trailer have, but for one case: after END and after PROVENANCE it is
 * 16, the header of a trailer record that may follow, then perhaps 8, which
 * tell of a header with another type whether it is a damaged one of those;
 * the input ending there is no fault.  0: after DIGEST, or when what follows
 * END is not our trailer.  -1: a framing fault, in the report; so does every
 * later call.
 * Ids: image-*, digest-length, trailer-*.
 */
int64_t domctx_stream_feed(domctx_stream *stream, const void *buf,
                           size_t size, domctx_report *report);

/* Bytes from START through END, and through the trailer as far as complete
 * records of it were fed; 0 as long as END was not. */
uint64_t domctx_stream_length(const domctx_stream *stream);

#endif /* DOMCTX_IMAGE_H */
