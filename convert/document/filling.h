/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading one record of a JSON document. */
#ifndef CONVERT_DOCUMENT_FILLING_H
#define CONVERT_DOCUMENT_FILLING_H

#include "document/fill.h"

/* The members that every record may have, one bit each. */
enum { M_RECORD, M_INSTANCE, M_CLAIMED, M_LENGTH, M_TAIL, M_YMM_HIGH,
       M_REST, M_HEX, M_PROVENANCE, M_TEXT, M_RECORDS, M_AFTER_END, M_COUNT };
#define BIT(member) (1u << (member))

struct filling {
    struct json_fill *fill;
    const struct json_kept *kept;
    const struct json_place *place;
    size_t first;
    size_t value[M_COUNT];   /* token of each value, for members that are
                              * present */
    unsigned int has;        /* one bit for each member that is present */
    bool has_fields;         /* or it has other members */
    struct json_place other; /* one of those */
    const struct cat_record *known;
    struct msg_at at;
};

/* Whether the record has the member, and the token of its value. */
bool filling_has(const struct filling *filling, int member);
struct json_token filling_token(const struct filling *filling, int member);

/* Whether the key is one of these members. */
bool filling_is_own(const struct json_token *key);

/* Report a finding about one of these members; -1. */
int filling_refuse(const struct filling *filling, enum msg_id id, int member,
                   const char *text);

/* Read a 32-bit number; -1 if the member is missing or malformed. */
int filling_number(const struct filling *filling, int member,
                   uint64_t *value);

/* Make the body from the members that this kind of record has (body.c). */
int filling_body(const struct filling *filling);

#endif /* CONVERT_DOCUMENT_FILLING_H */
