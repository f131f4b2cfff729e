/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One record of a JSON document as bytes: the members beside its fields. */
#include "document/fill.h"
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

/* The members that every record may have; a bit for each. */
enum { M_RECORD, M_INSTANCE, M_CLAIMED, M_LENGTH, M_TAIL, M_YMM_HIGH,
       M_REST, M_HEX, M_PROVENANCE, M_TEXT, M_RECORDS, M_AFTER_END, M_COUNT };
static const struct {
    const char *key;
    size_t size;
} own[M_COUNT] = {
#define KEY(key) { (key), sizeof(key) - 1 }
    KEY(KEY_RECORD), KEY(KEY_INSTANCE), KEY(KEY_CLAIMED), KEY(KEY_LENGTH),
    KEY(KEY_TAIL), KEY(KEY_YMM_HIGH), KEY(KEY_REST), KEY(KEY_HEX),
    KEY(KEY_PROVENANCE), KEY(KEY_TEXT), KEY(KEY_RECORDS), KEY(KEY_AFTER_END),
#undef KEY
};
#define BIT(member) (1u << (member))

struct reading {
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

static int own_member(const struct json_token *key)
{
    for (int i = 0; i < M_COUNT; i++)
        if (key->size == own[i].size &&
            memcmp(key->text, own[i].key, key->size) == 0)
            return i;
    return M_COUNT;
}

static bool is_own(const struct json_token *key)
{
    return own_member(key) != M_COUNT;
}

static bool has(const struct reading *reading, int member)
{
    return reading->has & BIT(member);
}

static struct json_token token_of(const struct reading *reading, int member)
{
    struct json_token token = { .kind = JSON_NULL };
    size_t at = reading->value[member];

    json_next(reading->kept, &at, &token);
    return token;
}

static int refuse(const struct reading *reading, enum msg_id id, int member,
                  const char *text)
{
    struct json_place place = { reading->place, own[member].key,
                                own[member].size, 0 };

    return json_refuse(reading->fill->report, id, &place, &reading->at,
                       text);
}

/* Find the members that every record may have. */
static int scan(struct reading *reading)
{
    size_t at = reading->first;
    struct json_token key;

    while (json_next(reading->kept, &at, &key)) {
        int member = own_member(&key);

        if (member == M_COUNT) {
            reading->has_fields = true;
            reading->other = (struct json_place){ reading->place, key.text,
                                                  key.size, 0 };
        } else if (has(reading, member)) {
            return refuse(reading, MSG_JSON_MEMBER_TWICE, member,
                          "a member is there twice");
        } else {
            reading->has |= BIT(member);
            reading->value[member] = at;
        }
        json_skip(reading->kept, &at);
    }
    return 0;
}

static int take_number(const struct reading *reading, int member,
                       uint64_t *value)
{
    struct json_token token = token_of(reading, member);
    enum msg_id id;

    if (!has(reading, member))
        return refuse(reading, MSG_JSON_MEMBER_MISSING, member,
                      "a member is missing");
    if (json_number(&token, 32, false, value, &id))
        return 0;
    return refuse(reading, id, member,
                  id == MSG_JSON_RANGE ? "the number is out of range"
                                       : "a whole number is wanted");
}

/* -- which record ------------------------------------------------------ */

static bool find_typecode(const struct json_token *token, uint32_t *typecode)
{
    const size_t prefix = strlen(TYPECODE_PREFIX);
    struct json_token number = { JSON_NUMBER, 0, token->text + prefix, 0 };
    enum msg_id id;
    uint64_t value;

    for (size_t i = 0; i < cat_table_size; i++) {
        *typecode = cat_table[i].typecode;
        if (*typecode != DOMCTX_HVM_END &&
            text_is(token->text, token->size, cat_table[i].name))
            return true;
    }
    if (token->size <= prefix ||
        memcmp(token->text, TYPECODE_PREFIX, prefix) != 0)
        return false;
    number.size = token->size - prefix;
    if (!json_number(&number, 16, false, &value, &id) || value == 0)
        return false;
    *typecode = (uint32_t)value;
    return true;
}

static bool find_type(const struct json_fill *fill,
                      const struct json_token *token, uint32_t *type)
{
    for (size_t i = 0; !fill->in_blob && i < cat_image_table_size; i++) {
        *type = cat_image_table[i].typecode;
        if (text_is(token->text, token->size, cat_image_table[i].name))
            return true;
    }
    *type = DOMCTX_HVM_END;
    if (fill->in_blob && text_is(token->text, token->size, NAME_END))
        return true;
    if (!find_typecode(token, type))
        return false;
    if (!fill->in_blob)
        *type = DOMCTX_HVM_RECORD(*type);
    return true;
}

/* The descriptor of a legacy record has 16 bits for it. */
#define LAST_INSTANCE UINT16_MAX

static int take_identity(struct reading *reading)
{
    struct json_fill *fill = reading->fill;
    struct json_token name = token_of(reading, M_RECORD);
    uint64_t instance;

    if (!has(reading, M_RECORD))
        return refuse(reading, MSG_JSON_MEMBER_MISSING, M_RECORD,
                      "a member is missing");
    if (name.kind != JSON_STRING || !find_type(fill, &name, &fill->type))
        return refuse(reading, MSG_JSON_RECORD, M_RECORD,
                      "no record has this name");
    reading->known = fill->in_blob ? cat_record(fill->type)
                                   : cat_record_of_type(fill->type);
    reading->at.record = reading->known ? reading->known->name : "typecode";
    if (!reading->known)
        reading->at.typecode = fill->in_blob ? fill->type
                                             : type_to_hvm(fill->type);
    if (take_number(reading, M_INSTANCE, &instance))
        return -1;
    if (instance > LAST_INSTANCE &&
        (fill->in_blob || type_is_hvm(fill->type)))
        return refuse(reading, MSG_JSON_RANGE, M_INSTANCE,
                      "a legacy record has no such instance");
    fill->instance = (uint32_t)instance;
    reading->at.has_instance = true;
    reading->at.instance = fill->instance;
    return 0;
}

/* -- its body ---------------------------------------------------------- */

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

/* Append the bytes of a string of hex digits to the first length ones. */
static int take_hex(const struct reading *reading, int member, size_t length)
{
    struct json_token token = token_of(reading, member);
    size_t size = token.kind == JSON_STRING ? token.size / 2 : 0;

    if (make_body(reading->fill, length + size))
        return -1;
    if (json_bytes(&token, reading->fill->body + length, size))
        return 0;
    return refuse(reading, MSG_JSON_HEX, member,
                  "a string with two hexadecimal digits for each byte is "
                  "wanted");
}

static int too_long(const struct reading *reading, int member)
{
    return refuse(reading, MSG_PROVENANCE_JSON, member,
                  "PROVENANCE is too long");
}

static int take_text(const struct reading *reading)
{
    struct json_token token = token_of(reading, M_TEXT);

    if (token.kind != JSON_STRING)
        return refuse(reading, MSG_JSON_TYPE, M_TEXT, "a string is wanted");
    if (token.size > PROVENANCE_MAX)
        return too_long(reading, M_TEXT);
    if (make_body(reading->fill, token.size))
        return -1;
    memcpy(reading->fill->body, token.text, token.size);
    return 0;
}

/* The object as text, as what wrote the document has found it. */
static int take_provenance(const struct reading *reading)
{
    struct json_token token = token_of(reading, M_PROVENANCE);
    size_t at = reading->value[M_PROVENANCE], end = at, size;
    struct json_writer writer;
    char *text;
    int result;

    if (token.kind != JSON_OBJECT)
        return refuse(reading, MSG_JSON_TYPE, M_PROVENANCE,
                      "an object is wanted");
    json_skip(reading->kept, &end);
    json_begin(&writer, false);
    while (at < end && writer.size <= PROVENANCE_MAX &&
           json_next(reading->kept, &at, &token) &&
           token.size <= PROVENANCE_MAX)
        json_put(&writer, &token);
    text = json_take(&writer);
    if (at < end || token.size > PROVENANCE_MAX) {
        free(text);
        return too_long(reading, M_PROVENANCE);
    }
    size = text ? strlen(text) : 0;
    result = text ? make_body(reading->fill, size)
                  : msg_no_memory(reading->fill->report, 0);
    if (result == 0)
        memcpy(reading->fill->body, text, size);
    free(text);
    return result;
}

/* HVM_CONTEXT: what its records made, and what follows them. */
static int take_blob(const struct reading *reading)
{
    struct json_fill *fill = reading->fill;

    if (!fill->has_blob)
        return refuse(reading, MSG_JSON_TYPE, M_RECORDS,
                      "an array of records is wanted");
    if (has(reading, M_AFTER_END)
            ? take_hex(reading, M_AFTER_END, fill->blob_size)
            : make_body(fill, fill->blob_size))
        return -1;
    if (fill->blob_size > 0)
        memcpy(fill->body, fill->blob, fill->blob_size);
    return 0;
}

/* The token of the member with that name. */
static bool find_member(const struct reading *reading, const char *name,
                        struct json_token *token)
{
    size_t at = reading->first;
    struct json_token key;

    while (json_next(reading->kept, &at, &key)) {
        if (text_is(key.text, key.size, name))
            return json_next(reading->kept, &at, token);
        json_skip(reading->kept, &at);
    }
    return false;
}

/* The number that the member for that offset has. */
static bool read_said(const void *arg, const struct cat_record *record,
                      uint16_t offset, uint32_t *value)
{
    const struct reading *reading = arg;
    struct json_token token;
    enum msg_id id;
    uint64_t number;

    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];

        if (field->offset != offset || field->count != 1)
            continue;
        if (!find_member(reading, field->name, &token) ||
            !json_number(&token, 32, false, &number, &id))
            return false;
        *value = (uint32_t)number;
        return true;
    }
    return false;
}

/* The layout of the record with that length. */
static const struct cat_layout *find_layout(const struct reading *reading,
                                            uint64_t length)
{
    const struct json_fill *fill = reading->fill;

    if (!reading->known)
        return NULL;
    if (cat_says_layout(reading->known))
        return cat_layout_said(reading->known, length, read_said, reading);
    return context_layout(reading->known, length, fill->has_version,
                          fill->version);
}

/* The layout that length names. */
static int find_shape(const struct reading *reading, uint64_t length,
                      const struct shape **shape)
{
    struct json_fill *fill = reading->fill;
    const struct cat_layout *layout = find_layout(reading, length);

    /* A tail stands in the text, so it cannot be longer. */
    if (!layout || length - layout->length > fill->text_size)
        return refuse(reading, MSG_JSON_LENGTH, M_LENGTH,
                      "no layout of the record has this length");
    *shape = shape_of(&fill->shapes, reading->known, layout);
    return *shape ? 0 : msg_no_memory(fill->report, sizeof(**shape));
}

/* The first registers of the tail, if they are apart; *from is then behind
 * them. */
static int take_ymm_high(const struct reading *reading, size_t *from)
{
    const struct cat_registers *which = &xsave_parts[0].registers;
    size_t size = (size_t)which->count * which->stride;
    size_t next = reading->value[M_YMM_HIGH];
    struct json_place place = { reading->place, KEY_YMM_HIGH,
                                strlen(KEY_YMM_HIGH), 0 };
    uint8_t *to = reading->fill->body + *from;

    if (!has(reading, M_YMM_HIGH))
        return 0;
    if (size > reading->fill->length - *from)
        return refuse(reading, MSG_JSON_LENGTH, M_LENGTH,
                      "the length has no room for ymm_high");
    *from += size;
    return json_registers(reading->fill, reading->kept, &next, which, to,
                          &place, &reading->at);
}

static int take_tail(const struct reading *reading,
                     const struct shape *shape)
{
    struct json_token token = token_of(reading, M_TAIL);
    size_t from = shape->layout->length;

    if (!has(reading, M_TAIL))
        return refuse(reading, MSG_JSON_MEMBER_MISSING, M_TAIL,
                      "a member is missing");
    if (take_ymm_high(reading, &from))
        return -1;
    if (json_bytes(&token, reading->fill->body + from,
                   reading->fill->length - from))
        return 0;
    return refuse(reading, MSG_JSON_HEX, M_TAIL,
                  "a string with two hexadecimal digits for each byte of "
                  "length is wanted");
}

static int take_fields(const struct reading *reading)
{
    struct json_fill *fill = reading->fill;
    const struct shape *shape;
    struct json_place rest = { reading->place, KEY_REST, strlen(KEY_REST),
                               0 };
    uint64_t length;

    if (take_number(reading, M_LENGTH, &length) ||
        find_shape(reading, length, &shape) ||
        make_body(fill, (size_t)length) ||
        json_fields(fill, shape, reading->kept, reading->first, is_own,
                    reading->place, &reading->at))
        return -1;
    if (shape->has_tail && take_tail(reading, shape))
        return -1;
    if (!shape->has_tail && (has(reading, M_TAIL) ||
                             has(reading, M_YMM_HIGH)))
        return refuse(reading, MSG_JSON_MEMBER_UNKNOWN,
                      has(reading, M_TAIL) ? M_TAIL : M_YMM_HIGH,
                      "the layout has no tail");
    return has(reading, M_REST)
               ? json_rest(fill, shape, reading->kept,
                           reading->value[M_REST], &rest, &reading->at)
               : 0;
}

/* The members that may give the body, for the way that this record uses. */
static unsigned int body_members(const struct reading *reading)
{
    uint32_t type = reading->fill->type;

    if (reading->fill->in_blob && type == DOMCTX_HVM_END)
        return 0;
    if (!reading->fill->in_blob && type == DOMCTX_PROVENANCE &&
        has(reading, M_TEXT))
        return BIT(M_TEXT);
    if (!reading->fill->in_blob && type == DOMCTX_PROVENANCE &&
        has(reading, M_PROVENANCE) && reading->fill->shapes.whole)
        return BIT(M_PROVENANCE);
    if (!reading->fill->in_blob && type == DOMCTX_HVM_CONTEXT &&
        has(reading, M_RECORDS))
        return BIT(M_RECORDS) | BIT(M_AFTER_END);
    if (has(reading, M_HEX))
        return BIT(M_HEX);
    if (reading->fill->shapes.whole && reading->known &&
        reading->known->typecode == CODE_CPU_XSAVE)
        return BIT(M_LENGTH) | BIT(M_TAIL) | BIT(M_REST) | BIT(M_YMM_HIGH);
    return BIT(M_LENGTH) | BIT(M_TAIL) | BIT(M_REST);
}

static int check_members(const struct reading *reading, unsigned int members)
{
    unsigned int allowed = members | BIT(M_RECORD) | BIT(M_INSTANCE);

    if (reading->fill->in_blob)
        allowed |= BIT(M_CLAIMED);
    for (int i = 0; i < M_COUNT; i++)
        if (reading->has & ~allowed & BIT(i))
            return refuse(reading, MSG_JSON_MEMBER_UNKNOWN, i,
                          "a member that does not belong here");
    if (reading->has_fields && !(members & BIT(M_LENGTH)))
        return json_refuse(reading->fill->report, MSG_JSON_MEMBER_UNKNOWN,
                           &reading->other, &reading->at,
                           "a member that does not belong here");
    return 0;
}

static int take_body(const struct reading *reading)
{
    unsigned int members = body_members(reading);

    if (check_members(reading, members))
        return -1;
    if (members & BIT(M_LENGTH))
        return take_fields(reading);
    if (members & BIT(M_HEX))
        return take_hex(reading, M_HEX, 0);
    if (members & BIT(M_TEXT))
        return take_text(reading);
    if (members & BIT(M_PROVENANCE))
        return take_provenance(reading);
    return members ? take_blob(reading) : make_body(reading->fill, 0);
}

int json_fill(struct json_fill *fill, const struct json_kept *kept,
              size_t first, const struct json_place *place)
{
    struct reading reading = {
        .fill = fill, .kept = kept, .place = place, .first = first,
    };

    if (scan(&reading) || take_identity(&reading) || take_body(&reading))
        return -1;
    fill->claimed = fill->length;
    return has(&reading, M_CLAIMED)
               ? take_number(&reading, M_CLAIMED, &fill->claimed)
               : 0;
}

void json_fill_free(struct json_fill *fill)
{
    shapes_free(&fill->shapes);
    free(fill->body);
    free(fill->seen);
    free(fill->rest_seen);
}
