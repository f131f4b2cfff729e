/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Contexts to open, and edits that are taken back. */
#ifndef UNIT_ACCESS_SUPPORT_H
#define UNIT_ACCESS_SUPPORT_H

#include "container/source-support.h"

/* The context in b, of which nothing is said. */
domctx_context *opened(const struct bytes *b);

/* The same of what 4.17 saved, whatever its bytes look like. */
domctx_context *opened_417(const struct bytes *b);

/* What a release saves of two vCPUs (put_release()), put into b and opened as
 * that release's. */
domctx_context *opened_release(struct bytes *b,
                               const struct domctx_release *release);

/* The value of a field that is there. */
uint64_t value_of(const domctx_context *context, const char *record,
                  uint32_t instance, const char *field);

/* An image of the blob: 4.17, with PROVENANCE and DIGEST. */
void put_image_of(struct bytes *b, const struct bytes *blob, bool wrapped);

/* The sample guest as each of the kinds of input that there are; and a save
 * file with pages of memory, over which a reader has to step. */
enum { BLOB, WRAPPED, MIGRATED, JSON_BLOB, JSON_IMAGE, SAVE, KINDS,
       PAGES = KINDS, KINDS_AND_PAGES };
void put_kind(struct bytes *b, int kind);

/* A JSON document of what is in it. */
void put_json_of(struct bytes *b, const struct bytes *what);

#endif /* UNIT_ACCESS_SUPPORT_H */
