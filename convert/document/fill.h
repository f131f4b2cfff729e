/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One record of a JSON document as bytes. */
#ifndef CONVERT_DOCUMENT_FILL_H
#define CONVERT_DOCUMENT_FILL_H

#include "base/json.h"
#include "base/messages.h"
#include "catalogue/shape.h"

/* -- what the readers of a document share: place.c ---------------- */

/* A place in the document: "$.records[3].redirtbl[0]".  A list of links from
 * the innermost place outwards. */
struct json_place {
    const struct json_place *up;  /* NULL: the document itself */
    const char *key;              /* of a member; NULL: an array element */
    size_t size, index;
};

/* Write the place to buf; cut off if it is too long. */
#define JSON_PATH_ROOM 160
void json_path(char path[JSON_PATH_ROOM], const struct json_place *place);

/* Report a finding about a place; -1. */
int json_refuse(domctx_report *report, enum msg_id id,
                const struct json_place *place, const struct msg_at *at,
                const char *text);

/* Read a number of at most bits bits: digits, or "0x...".  On failure *id is
 * the fault. */
bool json_number(const struct json_token *token, unsigned int bits,
                 bool is_signed, uint64_t *value, enum msg_id *id);

/* Read exactly size bytes, two digits each. */
bool json_bytes(const struct json_token *token, uint8_t *to, size_t size);

/* The most bytes of tokens kept of a record.  The 131,072 ports of a domain
 * with FIFO event channels take 21 MiB
 * (xen/include/public/event_channel.h). */
#define JSON_KEPT_MAX ((size_t)24 << 20)

/* Whether that is enough for every record of that shape and length, whose
 * second table begins there (0: none) (kept.c). */
bool json_keeps(const struct shape *shape, uint64_t length, uint64_t second);

/* The tokens of a record, kept until it is complete, since its members may
 * come in any order. */
struct json_kept {
    uint8_t *bytes;
    size_t size, room;
    bool full;               /* no valid record has so many */
    const char *text;        /* the document; long texts are not copied */
    size_t text_size;
};

/* Append a token; false when memory is short, or there are too many. */
bool json_keep(struct json_kept *kept, const struct json_token *token);

/* Read the token at *at and advance; false past the last. */
bool json_next(const struct json_kept *kept, size_t *at,
               struct json_token *token);

/* Advance past a whole value. */
void json_skip(const struct json_kept *kept, size_t *at);

/* -- the members of one layout: fields.c -------------------------- */

struct json_fill;

/* Read the members of a record into fill->body, length zero bytes.  Members
 * that skip() accepts are left out.  at: place for findings. */
int json_fields(struct json_fill *fill, const struct shape *shape,
                const struct json_kept *kept, size_t first,
                bool (*skip)(const struct json_token *key),
                const struct json_place *place, const struct msg_at *at);

/* Read the array at *next as registers, which begin at to in the body. */
int json_registers(const struct json_fill *fill, const struct json_kept *kept,
                   size_t *next, const struct cat_registers *which,
                   uint8_t *to, const struct json_place *place,
                   const struct msg_at *at);

/* Read the object "rest". */
int json_rest(struct json_fill *fill, const struct shape *shape,
              const struct json_kept *kept, size_t first,
              const struct json_place *place, const struct msg_at *at);

/* -- one record: fill.c ------------------------------------------- */

/* The input and output of reading a record.  Initialise to zeros. */
struct json_fill {
    domctx_report *report;
    struct shapes shapes;
    bool in_blob;            /* the record is in a blob, not in an image */
    bool big;                /* the image is big-endian */
    bool has_version;        /* the saver's release is known */
    cat_version version;
    size_t text_size;        /* of the document: no body is longer */
    const uint8_t *blob;     /* bytes of the records in HVM_CONTEXT */
    size_t blob_size;
    bool has_blob;           /* HVM_CONTEXT had records */

    uint32_t type, instance; /* the typecode, if in_blob */
    uint64_t claimed;        /* the length in the descriptor */
    uint8_t *body;
    size_t length;
    uint64_t second;         /* offset in body of the second table of its tail;
                              * 0: none */
    size_t room;             /* allocated for body */
    uint64_t *seen;          /* by node: the object that had it last */
    size_t seen_room;
    uint64_t *rest_seen;     /* by offset in a body: the same */
    size_t rest_room;
    uint64_t objects;        /* read so far */
};

/* Read the tokens from first on, those between the braces of a record. */
int json_fill(struct json_fill *fill, const struct json_kept *kept,
              size_t first, const struct json_place *place);
void json_fill_free(struct json_fill *fill);

/* Report that no reader accepts a context of that size. */
int json_too_large(domctx_report *report);

/* -- what came of all of them: built.c ---------------------------- */

/* The offset in the result of each record of a list.  Initialise to zeros. */
struct json_starts {
    uint64_t *at;
    size_t count, room;
};

/* Append an offset; false when memory is short. */
bool json_start(struct json_starts *starts, uint64_t offset);

/* Forward findings about the bytes up to offset end, with their places in the
 * list "records" of up (NULL: of the document). */
void json_relay(const domctx_report *from, const struct json_starts *starts,
                uint64_t end, const struct json_place *up,
                domctx_report *report);

#endif /* CONVERT_DOCUMENT_FILL_H */
