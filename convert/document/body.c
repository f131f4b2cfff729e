/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The body of one record of a JSON document. */
#include "document/filling.h"
#include "base/chars.h"
#include "context/context.h"
#include "document/document.h"
#include "format/frame.h"
#include "format/trailer.h"
#include "catalogue/codes.h"
#include "catalogue/types.h"
#include "catalogue/xsave.h"

#include <stdlib.h>
#include <string.h>

int json_too_large(domctx_report *report)
{
    struct msg_at at = { .expected = DEC(FRAME_CAP) };

    return msg_raise(report, MSG_IMAGE_LIMIT, &at,
                     "the records are larger than any context");
}

static int make_body(struct json_fill *fill, size_t length)
{
    uint8_t *more;

    if (length > FRAME_CAP)
        return json_too_large(fill->report);
    if (length > fill->room || !fill->body) {
        more = realloc(fill->body, length + 1);
        if (!more)
            return msg_no_memory(fill->report, length);
        fill->body = more;
        fill->room = length;
    }
    memset(fill->body, 0, length);
    fill->length = length;
    return 0;
}

/* Decode a string of hex digits and append it to the first length bytes. */
static int take_hex(const struct filling *filling, int member, size_t length)
{
    struct json_token token = filling_token(filling, member);
    size_t size = token.kind == JSON_STRING ? token.size / 2 : 0;

    if (make_body(filling->fill, length + size))
        return -1;
    if (json_bytes(&token, filling->fill->body + length, size))
        return 0;
    return filling_refuse(
        filling, MSG_JSON_HEX, member,
        "a string with two hexadecimal digits for each byte is "
        "wanted");
}

static int too_long(const struct filling *filling, int member)
{
    return filling_refuse(filling, MSG_PROVENANCE_JSON, member,
                          "PROVENANCE is too long");
}

static int take_text(const struct filling *filling)
{
    struct json_token token = filling_token(filling, M_TEXT);

    if (token.kind != JSON_STRING)
        return filling_refuse(filling, MSG_JSON_TYPE, M_TEXT,
                              "a string is wanted");
    if (token.size > PROVENANCE_MAX)
        return too_long(filling, M_TEXT);
    if (make_body(filling->fill, token.size))
        return -1;
    memcpy(filling->fill->body, token.text, token.size);
    return 0;
}

/* Take the object as text, exactly as the writer found it. */
static int take_provenance(const struct filling *filling)
{
    struct json_token token = filling_token(filling, M_PROVENANCE);
    size_t at = filling->value[M_PROVENANCE], end = at, size;
    struct json_writer writer;
    char *text;
    int result;

    if (token.kind != JSON_OBJECT)
        return filling_refuse(filling, MSG_JSON_TYPE, M_PROVENANCE,
                              "an object is wanted");
    json_skip(filling->kept, &end);
    json_begin(&writer, false);
    while (at < end && writer.size <= PROVENANCE_MAX &&
           json_next(filling->kept, &at, &token) &&
           token.size <= PROVENANCE_MAX)
        json_put(&writer, &token);
    text = json_take(&writer);
    if (at < end || token.size > PROVENANCE_MAX) {
        free(text);
        return too_long(filling, M_PROVENANCE);
    }
    size = text ? strlen(text) : 0;
    result = text ? make_body(filling->fill, size)
                  : msg_no_memory(filling->fill->report, 0);
    if (result == 0)
        memcpy(filling->fill->body, text, size);
    free(text);
    return result;
}

/* HVM_CONTEXT: the bytes of its records, and those after END. */
static int take_blob(const struct filling *filling)
{
    struct json_fill *fill = filling->fill;

    if (!fill->has_blob)
        return filling_refuse(filling, MSG_JSON_TYPE, M_RECORDS,
                              "an array of records is wanted");
    if (filling_has(filling, M_AFTER_END)
            ? take_hex(filling, M_AFTER_END, fill->blob_size)
            : make_body(fill, fill->blob_size))
        return -1;
    if (fill->blob_size > 0)
        memcpy(fill->body, fill->blob, fill->blob_size);
    return 0;
}

/* Find the value of the member with that name. */
static bool find_member(const struct filling *filling, const char *name,
                        struct json_token *token)
{
    size_t at = filling->first;
    struct json_token key;

    while (json_next(filling->kept, &at, &key)) {
        if (text_is(key.text, key.size, name))
            return json_next(filling->kept, &at, token);
        json_skip(filling->kept, &at);
    }
    return false;
}

/* Read the number of the member at that offset, which selects the layout.
 * Records with a "tail" have none of the layouts that are selected so, for in
 * those every byte of the tail has a name: older documents have their units as
 * bytes. */
static bool read_said(const void *arg, const struct cat_record *record,
                      uint16_t offset, uint32_t *value)
{
    const struct filling *filling = arg;
    struct json_token token;
    enum msg_id id;
    uint64_t number;

    for (size_t i = 0; i < record->n_fields && !filling_has(filling, M_TAIL);
         i++) {
        const struct cat_field *field = &record->fields[i];

        if (field->offset != offset || field->count != 1)
            continue;
        if (!find_member(filling, field->name, &token) ||
            !json_number(&token, 32, false, &number, &id))
            return false;
        *value = (uint32_t)number;
        return true;
    }
    return false;
}

/* Find the layout of the record with that length, and fill->second. */
static const struct cat_layout *find_layout(const struct filling *filling,
                                            uint64_t length)
{
    struct json_fill *fill = filling->fill;

    fill->second = 0;
    if (!filling->known)
        return NULL;
    if (cat_says_layout(filling->known))
        return cat_layout_said(filling->known, length, read_said, filling,
                               &fill->second);
    return context_layout(filling->known, length, fill->has_version,
                          fill->version);
}

/* Find the layout for the member length. */
static int find_shape(const struct filling *filling, uint64_t length,
                      const struct shape **shape)
{
    struct json_fill *fill = filling->fill;
    const struct cat_layout *layout = find_layout(filling, length);

    /* a tail is in the document, so it cannot be longer than that */
    if (!layout || length - layout->length > fill->text_size)
        return filling_refuse(filling, MSG_JSON_LENGTH, M_LENGTH,
                              "no layout of the record has this length");
    *shape = shape_of(&fill->shapes, filling->known, layout);
    return *shape ? 0 : msg_no_memory(fill->report, sizeof(**shape));
}

/* Read the first registers of the tail, if they are in an array of their own;
 * *from is advanced past them. */
static int take_ymm_high(const struct filling *filling, size_t *from)
{
    const struct cat_registers *which = &xsave_parts[0].registers;
    size_t size = (size_t)which->count * which->stride;
    size_t next = filling->value[M_YMM_HIGH];
    struct json_place place = { filling->place, KEY_YMM_HIGH,
                                strlen(KEY_YMM_HIGH), 0 };
    uint8_t *to = filling->fill->body + *from;

    if (!filling_has(filling, M_YMM_HIGH))
        return 0;
    if (size > filling->fill->length - *from)
        return filling_refuse(filling, MSG_JSON_LENGTH, M_LENGTH,
                              "the length has no room for ymm_high");
    *from += size;
    return json_registers(filling->fill, filling->kept, &next, which, to,
                          &place, &filling->at);
}

static int take_tail(const struct filling *filling, const struct shape *shape)
{
    struct json_token token = filling_token(filling, M_TAIL);
    size_t from = shape->layout->length;

    if (!filling_has(filling, M_TAIL))
        return filling_refuse(filling, MSG_JSON_MEMBER_MISSING, M_TAIL,
                              "a member is missing");
    if (take_ymm_high(filling, &from))
        return -1;
    if (json_bytes(&token, filling->fill->body + from,
                   filling->fill->length - from))
        return 0;
    return filling_refuse(
        filling, MSG_JSON_HEX, M_TAIL,
        "a string with two hexadecimal digits for each byte of "
        "length is wanted");
}

static int take_fields(const struct filling *filling)
{
    struct json_fill *fill = filling->fill;
    const struct shape *shape;
    struct json_place rest = { filling->place, KEY_REST, strlen(KEY_REST), 0 };
    uint64_t length;

    if (filling_number(filling, M_LENGTH, &length) ||
        find_shape(filling, length, &shape) ||
        make_body(fill, (size_t)length) ||
        json_fields(fill, shape, filling->kept, filling->first, filling_is_own,
                    filling->place, &filling->at))
        return -1;
    if (shape->has_tail && take_tail(filling, shape))
        return -1;
    if (!shape->has_tail &&
        (filling_has(filling, M_TAIL) || filling_has(filling, M_YMM_HIGH)))
        return filling_refuse(filling, MSG_JSON_MEMBER_UNKNOWN,
                              filling_has(filling, M_TAIL) ? M_TAIL
                                                           : M_YMM_HIGH,
                              "the layout has no tail");
    return filling_has(filling, M_REST)
               ? json_rest(fill, shape, filling->kept, filling->value[M_REST],
                           &rest, &filling->at)
               : 0;
}

/* The members that may give the body of this record, one bit each. */
static unsigned int body_members(const struct filling *filling)
{
    uint32_t type = filling->fill->type;

    if (filling->fill->in_blob && type == DOMCTX_HVM_END)
        return 0;
    if (!filling->fill->in_blob && type == DOMCTX_PROVENANCE &&
        filling_has(filling, M_TEXT))
        return BIT(M_TEXT);
    if (!filling->fill->in_blob && type == DOMCTX_PROVENANCE &&
        filling_has(filling, M_PROVENANCE) && filling->fill->shapes.whole)
        return BIT(M_PROVENANCE);
    if (!filling->fill->in_blob && type == DOMCTX_HVM_CONTEXT &&
        filling_has(filling, M_RECORDS))
        return BIT(M_RECORDS) | BIT(M_AFTER_END);
    if (filling_has(filling, M_HEX))
        return BIT(M_HEX);
    if (filling->fill->shapes.whole && filling->known &&
        filling->known->typecode == CODE_CPU_XSAVE)
        return BIT(M_LENGTH) | BIT(M_TAIL) | BIT(M_REST) | BIT(M_YMM_HIGH);
    return BIT(M_LENGTH) | BIT(M_TAIL) | BIT(M_REST);
}

static int check_members(const struct filling *filling, unsigned int members)
{
    unsigned int allowed = members | BIT(M_RECORD) | BIT(M_INSTANCE);

    if (filling->fill->in_blob)
        allowed |= BIT(M_CLAIMED);
    for (int i = 0; i < M_COUNT; i++)
        if (filling->has & ~allowed & BIT(i))
            return filling_refuse(filling, MSG_JSON_MEMBER_UNKNOWN, i,
                                  "a member that does not belong here");
    if (filling->has_fields && !(members & BIT(M_LENGTH)))
        return json_refuse(filling->fill->report, MSG_JSON_MEMBER_UNKNOWN,
                           &filling->other, &filling->at,
                           "a member that does not belong here");
    return 0;
}

int filling_body(const struct filling *filling)
{
    unsigned int members = body_members(filling);

    if (check_members(filling, members))
        return -1;
    if (members & BIT(M_LENGTH))
        return take_fields(filling);
    if (members & BIT(M_HEX))
        return take_hex(filling, M_HEX, 0);
    if (members & BIT(M_TEXT))
        return take_text(filling);
    if (members & BIT(M_PROVENANCE))
        return take_provenance(filling);
    return members ? take_blob(filling) : make_body(filling->fill, 0);
}
