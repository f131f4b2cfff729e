/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One record of a JSON document as bytes. */
#ifndef CONVERT_DOCUMENT_FILL_H
#define CONVERT_DOCUMENT_FILL_H

#include "base/json.h"
#include "base/messages.h"
#include "catalogue/shape.h"

/* -- what the readers of a document share: place.c ---------------- */

/* Where in the document something is: "$.records[3].redirtbl[0]".  The
 * innermost comes first. */
struct json_place {
    const struct json_place *up;  /* NULL: the document itself */
    const char *key;              /* a member, or NULL: an element */
    size_t size, index;
};

/* The place in words; a long one is cut. */
#define JSON_PATH_ROOM 160
void json_path(char path[JSON_PATH_ROOM], const struct json_place *place);

/* Add a finding about a place; -1. */
int json_refuse(domctx_report *report, enum msg_id id,
                const struct json_place *place, const struct msg_at *at,
                const char *text);

/* A number of at most bits bits: digits, or "0x...".  What is wrong with it
 * is in *id otherwise. */
bool json_number(const struct json_token *token, unsigned int bits,
                 bool is_signed, uint64_t *value, enum msg_id *id);

/* Exactly size bytes, two digits each. */
bool json_bytes(const struct json_token *token, uint8_t *to, size_t size);

/* Of a record.  The 131,072 ports of a domain whose event channels are FIFOs
 * come to 21 MiB (xen/include/public/event_channel.h). */
#define JSON_KEPT_MAX ((size_t)24 << 20)

/* Whether that holds the tokens of every record of the shape and length:
 * kept.c. */
bool json_keeps(const struct shape *shape, uint64_t length);

/* The tokens of a record, kept until all of it is there: its members may
 * come in any order. */
struct json_kept {
    uint8_t *bytes;
    size_t size, room;
    bool full;               /* no record has so many */
    const char *text;        /* the document, of which long texts are parts */
    size_t text_size;
};

/* Append a token; false when memory is short, or it is full. */
bool json_keep(struct json_kept *kept, const struct json_token *token);

/* The token at *at, and the next one after it; false past the last. */
bool json_next(const struct json_kept *kept, size_t *at,
               struct json_token *token);

/* Go past a whole value. */
void json_skip(const struct json_kept *kept, size_t *at);

/* -- the members of one layout: fields.c -------------------------- */

struct json_fill;

/* Read the members of a record that has length bytes of zeros at fill->body,
 * those left out that skip() knows.  at: where a finding is. */
int json_fields(struct json_fill *fill, const struct shape *shape,
                const struct json_kept *kept, size_t first,
                bool (*skip)(const struct json_token *key),
                const struct json_place *place, const struct msg_at *at);

/* Read the array at *next as registers, into their places from to on. */
int json_registers(const struct json_fill *fill, const struct json_kept *kept,
                   size_t *next, const struct cat_registers *which,
                   uint8_t *to, const struct json_place *place,
                   const struct msg_at *at);

/* Read the object "rest". */
int json_rest(struct json_fill *fill, const struct shape *shape,
              const struct json_kept *kept, size_t first,
              const struct json_place *place, const struct msg_at *at);

/* -- one record: fill.c ------------------------------------------- */

/* What a record is read with, and what came out of it.  Begins as zeros. */
struct json_fill {
    domctx_report *report;
    struct shapes shapes;
    bool in_blob;            /* it is a record of a blob, not of an image */
    bool big;                /* numbers of the image are big-endian */
    bool has_version;        /* of the saver */
    cat_version version;
    size_t text_size;        /* of the document: no body is longer */
    const uint8_t *blob;     /* what the records in HVM_CONTEXT made */
    size_t blob_size;
    bool has_blob;           /* it had some */

    uint32_t type, instance; /* the typecode if in_blob */
    uint64_t claimed;        /* the length in the descriptor */
    uint8_t *body;
    size_t length;
    size_t room;             /* of body */
    uint64_t *seen;          /* of a node: the object it was seen in last */
    size_t seen_room;
    uint64_t *rest_seen;     /* of an offset in a body: likewise */
    size_t rest_room;
    uint64_t objects;        /* so far */
};

/* Read the tokens from first on, those between the braces of a record. */
int json_fill(struct json_fill *fill, const struct json_kept *kept,
              size_t first, const struct json_place *place);
void json_fill_free(struct json_fill *fill);

/* Refuse what no other reader would take. */
int json_too_large(domctx_report *report);

/* -- what came of all of them: built.c ---------------------------- */

/* Where in the bytes each record of a list begins.  Begins as zeros. */
struct json_starts {
    uint64_t *at;
    size_t count, room;
};

/* One more; false when memory is short. */
bool json_start(struct json_starts *starts, uint64_t offset);

/* Findings about the bytes, which end at offset end, with their places in the
 * list "records" of up (NULL: of the document). */
void json_relay(const domctx_report *from, const struct json_starts *starts,
                uint64_t end, const struct json_place *up,
                domctx_report *report);

#endif /* CONVERT_DOCUMENT_FILL_H */
