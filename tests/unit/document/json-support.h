/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* To JSON and back. */
#ifndef UNIT_JSON_SUPPORT_H
#define UNIT_JSON_SUPPORT_H

#include "support.h"

/* A PROVENANCE that is not written as we would write it. */
#define PROVENANCE "{\"tool\":\"t \\\"\\u00e4\\\"\",\t\"domid\": 1}\n"

/* A record of the image for each record of the blob. */
void put_migrated(struct bytes *image, const struct bytes *blob);

/* The JSON of an image, of a blob; terminated.  Writing it twice gives the
 * same text, and all of it is one JSON value. */
void json_of_image(const domctx_image *image, struct bytes *text);
void json_of_hvm(const domctx_hvm *hvm, bool has_version,
                 unsigned int xen_major, unsigned int xen_minor,
                 struct bytes *text);

/* Put the text into a file of its own in the folder JSON_DOCUMENTS, where the
 * environment names one: for the test of the schema. */
void json_document(const struct bytes *text);

/* Read text; the bytes it gives are exactly the size bytes at p. */
void json_gives(const struct bytes *text, const uint8_t *p, size_t size);

/* Read text; it is refused with the id, and the finding's words end with the
 * place. */
void json_refused(const struct bytes *text, const char *id,
                  const char *place);

/* An image, a blob: to JSON and back gives the same bytes; if kept, the text
 * is a json_document() too. */
void image_round_trip(const domctx_image *image, const struct bytes *b,
                      bool kept);
void hvm_round_trip(const domctx_hvm *hvm, bool has_version,
                    unsigned int xen_major, unsigned int xen_minor,
                    const struct bytes *b, bool kept);

/* Replace the first occurrence of a string; it must be there. */
void text_replace(struct bytes *text, const char *old, const char *new_text);

#endif /* UNIT_JSON_SUPPORT_H */
