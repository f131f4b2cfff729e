/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The members of a JSON object as the fields of a layout. */
#include "base/digits.h"
#include "document/fill.h"

#include <domctx.h>
#include <stdlib.h>
#include <string.h>

struct fields {
    struct json_fill *fill;
    const struct shape *shape;
    const struct json_kept *kept;
    bool (*skip)(const struct json_token *key);
    const struct msg_at *at;
    size_t next;              /* the next token */
};

static int refuse(const struct fields *fields, enum msg_id id,
                  const struct json_place *place, const char *text)
{
    return json_refuse(fields->fill->report, id, place, fields->at, text);
}

static int wrong_type(const struct fields *fields,
                      const struct json_place *place, const char *text)
{
    return refuse(fields, MSG_JSON_TYPE, place, text);
}

/* Whether the next token is of that kind. */
static bool expect(struct fields *fields, enum json_kind kind)
{
    struct json_token token;

    return json_next(fields->kept, &fields->next, &token) &&
           token.kind == kind;
}

/* -- values ------------------------------------------------------------ */

static int take_number(struct fields *fields, const struct cat_field *field,
                       size_t i, const struct json_token *token,
                       const struct json_place *place)
{
    struct json_fill *fill = fields->fill;
    bool big = fill->big && !fill->in_blob &&
               (fill->type < DOMCTX_HVM_CONTEXT ||
                fill->type > DOMCTX_HVM_LAST);
    uint8_t *base = fill->body + (field->second ? fill->second : 0);
    uint64_t value;
    enum msg_id id;

    if (!json_number(token, cat_bits(field),
                     shape_is_signed(field), &value, &id))
        return refuse(fields, id, place,
                      id == MSG_JSON_RANGE
                          ? "the number is out of range for the field"
                      : shape_is_wide(field)
                          ? "a string \"0x...\" is wanted"
                          : "a whole number or a string \"0x...\" is wanted");
    if (big)
        cat_set_big(field, base, i, value);
    else
        cat_set(field, base, i, value);
    return 0;
}

static int take_numbers(struct fields *fields, const struct cat_field *field,
                        size_t first, size_t count,
                        const struct json_place *place)
{
    struct json_place element = { .up = place };
    struct json_token token;

    if (!expect(fields, JSON_ARRAY))
        return wrong_type(fields, place, "an array is wanted");
    for (size_t i = 0; json_next(fields->kept, &fields->next, &token) &&
                       token.kind != JSON_ARRAY_END; i++) {
        element.index = i;
        if (i == count)
            return refuse(fields, MSG_JSON_COUNT, &element,
                          "one element too many");
        if (take_number(fields, field, first + i, &token, &element))
            return -1;
        element.index++;
    }
    return element.index == count
               ? 0
               : refuse(fields, MSG_JSON_COUNT, &element,
                        "an element is missing");
}

static int take_bytes(struct fields *fields, const struct cat_field *field,
                      size_t first, size_t count,
                      const struct json_place *place)
{
    uint8_t *to = fields->fill->body + cat_offset(field, first);
    struct json_token token;

    if (json_next(fields->kept, &fields->next, &token) &&
        json_bytes(&token, to, count))
        return 0;
    return refuse(fields, MSG_JSON_HEX, place,
                  "a string with two hexadecimal digits for each byte of "
                  "the field is wanted");
}

static int take_register(const struct json_fill *fill,
                         const struct json_token *token,
                         const struct cat_registers *which, uint8_t *to,
                         const struct json_place *place,
                         const struct msg_at *at)
{
    uint8_t value[CAT_REGISTER_ROOM];
    enum digits_read found =
        token->kind == JSON_STRING
            ? digits_read_wide(token->text, token->size, value, which->width)
            : DIGITS_NONE;

    if (found == DIGITS_NUMBER) {
        memcpy(to, value, which->width);
        return 0;
    }
    if (found == DIGITS_TOO_MANY)
        return json_refuse(fill->report, MSG_JSON_RANGE, place, at,
                           "the number is out of range for the register");
    return json_refuse(fill->report, MSG_JSON_TYPE, place, at,
                       "a string \"0x...\" is wanted");
}

int json_registers(const struct json_fill *fill, const struct json_kept *kept,
                   size_t *next, const struct cat_registers *which,
                   uint8_t *to, const struct json_place *place,
                   const struct msg_at *at)
{
    struct json_place element = { .up = place };
    struct json_token token;

    if (!json_next(kept, next, &token) || token.kind != JSON_ARRAY)
        return json_refuse(fill->report, MSG_JSON_TYPE, place, at,
                           "an array is wanted");
    while (json_next(kept, next, &token) && token.kind != JSON_ARRAY_END) {
        size_t i = element.index;

        if (i == which->count)
            return json_refuse(fill->report, MSG_JSON_COUNT, &element, at,
                               "one element too many");
        if (take_register(fill, &token, which, to + i * which->stride,
                          &element, at))
            return -1;
        element.index++;
    }
    return element.index == which->count
               ? 0
               : json_refuse(fill->report, MSG_JSON_COUNT, &element, at,
                             "an element is missing");
}

/* -- objects ----------------------------------------------------------- */

static int take_members(struct fields *fields,
                        const struct shape_node *parent, size_t nth,
                        const struct json_place *place);

static int take_list(struct fields *fields, const struct shape_node *node,
                     const struct json_place *place)
{
    size_t count = shape_elements(node, fields->fill->length,
                                  fields->fill->second), i = 0;
    struct json_place element = { .up = place };
    struct json_token token;

    if (!expect(fields, JSON_ARRAY))
        return wrong_type(fields, place, "an array is wanted");
    for (; json_next(fields->kept, &fields->next, &token) &&
           token.kind != JSON_ARRAY_END; i++) {
        element.index = i;
        if (i == count)
            return refuse(fields, MSG_JSON_COUNT, &element,
                          "one element too many");
        if (token.kind != JSON_OBJECT)
            return wrong_type(fields, &element, "an object is wanted");
        if (take_members(fields, node, i, &element))
            return -1;
    }
    element.index = i;
    return i == count ? 0
                      : refuse(fields, MSG_JSON_COUNT, &element,
                               "an element is missing");
}

/* nth: index of the list element that contains node. */
static int take_node(struct fields *fields, const struct shape_node *node,
                     size_t nth, const struct json_place *place)
{
    size_t count = shape_elements(node, fields->fill->length,
                                  fields->fill->second);
    size_t first = node->in_list ? nth * count : 0;
    struct json_token token;

    switch (node->kind) {
    case SHAPE_OBJECT:
        return expect(fields, JSON_OBJECT)
                   ? take_members(fields, node, nth, place)
                   : wrong_type(fields, place, "an object is wanted");
    case SHAPE_LIST:
        return take_list(fields, node, place);
    case SHAPE_NUMBERS:
        return take_numbers(fields, node->field, first, count, place);
    case SHAPE_REGISTERS:
        return json_registers(fields->fill, fields->kept, &fields->next,
                              node->field->registers,
                              fields->fill->body + node->field->offset,
                              place, fields->at);
    case SHAPE_BYTES:
        return take_bytes(fields, node->field, first, count, place);
    case SHAPE_NUMBER:
    default:
        json_next(fields->kept, &fields->next, &token);
        return take_number(fields, node->field, first, &token, place);
    }
}

/* Find the child of that name; it is most often at hint. */
static size_t find(const struct shape *shape,
                   const struct shape_node *parent, size_t hint,
                   const struct json_token *key)
{
    size_t at = hint ? hint : parent->first, start = at;

    while (at) {
        const struct shape_node *node = &shape->nodes[at];

        if (node->size == key->size &&
            memcmp(node->name, key->text, key->size) == 0)
            return at;
        at = node->next ? node->next : parent->first;
        if (at == start)
            return 0;
    }
    return 0;
}

static int check_all_there(const struct fields *fields,
                           const struct shape_node *parent, uint64_t object,
                           const struct json_place *place)
{
    for (size_t at = parent->first; at; at = fields->shape->nodes[at].next) {
        const struct shape_node *node = &fields->shape->nodes[at];
        struct json_place member = { place, node->name, node->size, 0 };

        if (fields->fill->seen[at] != object &&
            !shape_is_computed(fields->shape, node))
            return refuse(fields, MSG_JSON_MEMBER_MISSING, &member,
                          "a member is missing");
    }
    return 0;
}

static int take_members(struct fields *fields,
                        const struct shape_node *parent, size_t nth,
                        const struct json_place *place)
{
    bool outermost = parent == fields->shape->nodes;
    uint64_t object = ++fields->fill->objects;
    struct json_token key;
    size_t hint = 0, at;

    while (json_next(fields->kept, &fields->next, &key) &&
           key.kind == JSON_KEY) {
        struct json_place member = { place, key.text, key.size, 0 };

        if (outermost && fields->skip(&key)) {
            json_skip(fields->kept, &fields->next);
            continue;
        }
        at = find(fields->shape, parent, hint, &key);
        if (!at)
            return refuse(fields, MSG_JSON_MEMBER_UNKNOWN, &member,
                          "no such member");
        if (fields->fill->seen[at] == object)
            return refuse(fields, MSG_JSON_MEMBER_TWICE, &member,
                          "a member is there twice");
        fields->fill->seen[at] = object;
        if (take_node(fields, &fields->shape->nodes[at], nth, &member))
            return -1;
        hint = fields->shape->nodes[at].next;
    }
    return check_all_there(fields, parent, object, place);
}

int json_fields(struct json_fill *fill, const struct shape *shape,
                const struct json_kept *kept, size_t first,
                bool (*skip)(const struct json_token *key),
                const struct json_place *place, const struct msg_at *at)
{
    struct fields fields = { fill, shape, kept, skip, at, first };
    uint64_t *more;

    if (shape->count > fill->seen_room) {
        more = calloc(shape->count, sizeof(*more));
        if (!more)
            return msg_no_memory(fill->report,
                                 shape->count * sizeof(*more));
        free(fill->seen);
        fill->seen = more;
        fill->seen_room = shape->count;
    }
    return take_members(&fields, &shape->nodes[0], 0, place);
}

/* -- unassigned bytes -------------------------------------------------- */

/* Read an offset: digits without sign or leading zeros. */
static bool read_offset(const struct json_token *key, uint64_t *offset)
{
    struct json_token number = { JSON_NUMBER, 0, key->text, key->size };
    enum msg_id id;

    return key->size > 0 && (key->text[0] != '0' || key->size == 1) &&
           key->text[0] != '-' &&
           json_number(&number, 32, false, offset, &id);
}

/* Read one run of bytes, which must be unassigned in the layout and not given
 * twice. */
static bool take_run(struct json_fill *fill, const struct shape *shape,
                     uint64_t offset, const struct json_token *hex)
{
    size_t limit = shape->has_tail ? shape->layout->length : fill->length;
    size_t size = hex->size / 2;
    uint8_t *to = fill->body + offset;
    struct json_token digits = *hex;
    uint8_t byte;

    if (size == 0 || offset > limit || size > limit - offset)
        return false;
    for (size_t i = 0; i < size; i++) {
        uint8_t free_bits = shape_free_bits(shape, offset + i);

        digits.text = hex->text + 2 * i;
        digits.size = 2;
        if (!json_bytes(&digits, &byte, 1) || byte & ~free_bits ||
            to[i] & free_bits)
            return false;
        to[i] |= byte;
    }
    return hex->size % 2 == 0;
}

/* Make room to note, for each offset below limit, the object that gave it
 * last. */
static bool rest_room(struct json_fill *fill, size_t limit)
{
    uint64_t *more;

    if (limit <= fill->rest_room)
        return true;
    more = calloc(limit, sizeof(*more));
    if (!more)
        return false;
    free(fill->rest_seen);
    fill->rest_seen = more;
    fill->rest_room = limit;
    return true;
}

int json_rest(struct json_fill *fill, const struct shape *shape,
              const struct json_kept *kept, size_t first,
              const struct json_place *place, const struct msg_at *at)
{
    uint64_t object = ++fill->objects, offset;
    struct json_token key, hex;

    json_next(kept, &first, &hex);
    if (hex.kind != JSON_OBJECT)
        return json_refuse(fill->report, MSG_JSON_TYPE, place, at,
                           "an object is wanted");
    if (!rest_room(fill, fill->length))
        return msg_no_memory(fill->report, fill->length);
    while (json_next(kept, &first, &key) && key.kind == JSON_KEY) {
        struct json_place member = { place, key.text, key.size, 0 };
        bool known = read_offset(&key, &offset) && offset < fill->length;

        if (known && fill->rest_seen[offset] == object)
            return json_refuse(fill->report, MSG_JSON_MEMBER_TWICE, &member,
                               at, "a member is there twice");
        if (!json_next(kept, &first, &hex) || hex.kind != JSON_STRING)
            return json_refuse(fill->report, MSG_JSON_TYPE, &member, at,
                               "a string is wanted");
        if (!known || !take_run(fill, shape, offset, &hex))
            return json_refuse(fill->report, MSG_JSON_REST, &member, at,
                               "rest sets bits that belong to a field");
        fill->rest_seen[offset] = object;
    }
    return 0;
}
