/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A record of a JSON document on its way to bytes. */
#ifndef CONVERT_DOCUMENT_FILLING_H
#define CONVERT_DOCUMENT_FILLING_H

#include "document/fill.h"

/* The members that every record may have; a bit for each. */
enum { M_RECORD, M_INSTANCE, M_CLAIMED, M_LENGTH, M_TAIL, M_YMM_HIGH,
       M_REST, M_HEX, M_PROVENANCE, M_TEXT, M_RECORDS, M_AFTER_END, M_COUNT };
#define BIT(member) (1u << (member))

struct filling {
    struct json_fill *fill;
    const struct json_kept *kept;
    const struct json_place *place;
    size_t first;
    size_t value[M_COUNT];   /* where the values are, of those that are */
    unsigned int has;        /* a bit for each */
    bool has_fields;         /* or has other members */
    struct json_place other; /* one of them */
    const struct cat_record *known;
    struct msg_at at;
};

/* Whether the record has one of those members, and the token of its value. */
bool filling_has(const struct filling *filling, int member);
struct json_token filling_token(const struct filling *filling, int member);

/* Whether a key is that of one. */
bool filling_is_own(const struct json_token *key);

/* Add a finding about one; -1. */
int filling_refuse(const struct filling *filling, enum msg_id id, int member,
                   const char *text);

/* A number of 32 bits; -1 where there is none. */
int filling_number(const struct filling *filling, int member,
                   uint64_t *value);

/* Its body, by the members that this record has for it: body.c. */
int filling_body(const struct filling *filling);

#endif /* CONVERT_DOCUMENT_FILLING_H */
