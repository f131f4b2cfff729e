/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing one record as a JSON object. */
#include "document/record.h"
#include "context/registers.h"
#include "context/xsave-area.h"
#include "document/document.h"
#include "document/fill.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- the fields of one record ------------------------------------------ */

void json_put_number(struct json_writer *json,
                     const struct context_record *record,
                     const struct cat_field *field, size_t i)
{
    const uint8_t *base = context_base(record, field);
    uint64_t value = record->big ? cat_get_big(field, base, i)
                                 : cat_get(field, base, i);

    if (shape_is_wide(field))
        json_put_hex(json, value);
    else if (shape_is_signed(field))
        json_put_i64(json, (int64_t)(value << (64 - 8 * field->width)) >>
                               (64 - 8 * field->width));
    else
        json_put_u64(json, value);
}

/* Write numbers, those that belong together on one line. */
static void put_numbers(struct json_writer *json,
                        const struct context_record *record,
                        const struct cat_field *field, size_t first,
                        size_t count)
{
    bool flat = json->flat;

    json_put_mark(json, JSON_ARRAY);
    json->flat = true;
    for (size_t i = 0; i < count; i++)
        json_put_number(json, record, field, first + i);
    json_put_mark(json, JSON_ARRAY_END);
    json->flat = flat;
}

static void put_registers(struct json_writer *json,
                          const struct cat_registers *which,
                          const uint8_t *bytes)
{
    char text[REGISTER_TEXT_ROOM];
    bool flat = json->flat;

    json_put_mark(json, JSON_ARRAY);
    json->flat = true;
    for (size_t i = 0; i < which->count; i++)
        json_put_string(json, register_text(bytes + i * which->stride,
                                            which->width, text));
    json_put_mark(json, JSON_ARRAY_END);
    json->flat = flat;
}

static void put_members(struct json_writer *json, const struct shape *shape,
                        const struct shape_node *parent,
                        const struct context_record *record, size_t nth);

static void put_list(struct json_writer *json, const struct shape *shape,
                     const struct shape_node *node,
                     const struct context_record *record)
{
    size_t count = shape_elements(node, record->length, record->second);

    json_put_mark(json, JSON_ARRAY);
    for (size_t i = 0; i < count; i++) {
        json_put_mark(json, JSON_OBJECT);
        json->flat = true;
        put_members(json, shape, node, record, i);
        json_put_mark(json, JSON_OBJECT_END);
        json->flat = false;
    }
    json_put_mark(json, JSON_ARRAY_END);
}

/* nth: index of the list element that contains node. */
static void put_node(struct json_writer *json, const struct shape *shape,
                     const struct shape_node *node,
                     const struct context_record *record, size_t nth)
{
    const struct cat_field *field = node->field;
    size_t count = shape_elements(node, record->length, record->second);
    size_t first = node->in_list ? nth * count : 0;

    switch (node->kind) {
    case SHAPE_OBJECT:
        json_put_mark(json, JSON_OBJECT);
        put_members(json, shape, node, record, nth);
        json_put_mark(json, JSON_OBJECT_END);
        return;
    case SHAPE_LIST:
        put_list(json, shape, node, record);
        return;
    case SHAPE_NUMBER:
        json_put_number(json, record, field, first);
        return;
    case SHAPE_NUMBERS:
        put_numbers(json, record, field, first, count);
        return;
    case SHAPE_REGISTERS:
        put_registers(json, field->registers, record->body + field->offset);
        return;
    case SHAPE_BYTES:
    default:
        json_put_bytes(json,
                       record->body + context_offset(record, field, first),
                       count);
    }
}

static void put_members(struct json_writer *json, const struct shape *shape,
                        const struct shape_node *parent,
                        const struct context_record *record, size_t nth)
{
    for (size_t at = parent->first; at; at = shape->nodes[at].next) {
        const struct shape_node *node = &shape->nodes[at];

        json_put_name(json, node->name, node->size);
        put_node(json, shape, node, record, nth);
    }
}

/* -- unassigned bytes -------------------------------------------------- */

/* Whether the next eight bytes of the fixed part are assigned, or zero. */
static bool are_taken(const struct shape *shape,
                      const struct context_record *record, uint64_t at)
{
    uint64_t body, free;

    memcpy(&body, record->body + at, sizeof(body));
    memcpy(&free, shape->free + at, sizeof(free));
    return !(body & free);
}

/* Find the next run of nonzero unassigned bytes from *at on. */
static bool next_rest(const struct shape *shape,
                      const struct context_record *record, uint64_t *at,
                      uint64_t *size)
{
    uint64_t limit = shape->has_tail ? shape->layout->length
                                     : record->length;
    uint64_t fixed = limit < shape->layout->length ? limit
                                                   : shape->layout->length;

    while (*at + 8 <= fixed && are_taken(shape, record, *at))
        *at += 8;
    while (*at < limit &&
           !(record->body[*at] & shape_free_bits(shape, *at)))
        ++*at;
    *size = 0;
    while (*at + *size < limit && record->body[*at + *size] &
                                      shape_free_bits(shape, *at + *size))
        ++*size;
    return *size > 0;
}

static void put_run(struct json_writer *json, const struct shape *shape,
                    const struct context_record *record, uint64_t at,
                    uint64_t size)
{
    char key[24];
    uint8_t part[256];

    for (uint64_t done = 0, n; done < size; done += n) {
        n = size - done < sizeof(part) ? size - done : sizeof(part);
        for (uint64_t i = 0; i < n; i++)
            part[i] = record->body[at + done + i] &
                      shape_free_bits(shape, at + done + i);
        snprintf(key, sizeof(key), "%" PRIu64, at + done);
        json_put_key(json, key);
        json_put_bytes(json, part, n);
    }
}

static void put_rest(struct json_writer *json, const struct shape *shape,
                     const struct context_record *record)
{
    uint64_t at = 0, size;

    if (!next_rest(shape, record, &at, &size))
        return;
    json_open(json, KEY_REST, JSON_OBJECT);
    do {
        put_run(json, shape, record, at, size);
        at += size;
    } while (next_rest(shape, record, &at, &size));
    json_put_mark(json, JSON_OBJECT_END);
}

/* -- records ----------------------------------------------------------- */

static void put_tail(struct json_writer *json, const struct shape *shape,
                     const struct context_record *record)
{
    const struct cat_registers *ymm_high =
        xsave_ymm_high(record, shape->layout);
    uint64_t from = shape->layout->length;

    if (ymm_high) {
        json_put_key(json, KEY_YMM_HIGH);
        put_registers(json, ymm_high, record->body + from);
        from += (uint64_t)ymm_high->count * ymm_high->stride;
    }
    json_put_key(json, KEY_TAIL);
    json_put_bytes(json, record->body + from, record->length - from);
}

static void put_fields(struct json_writing *writing, const struct shape *shape,
                       const struct context_record *record)
{
    struct json_writer *json = &writing->json;

    json_pair_u64(json, KEY_LENGTH, record->length);
    put_members(json, shape, &shape->nodes[0], record, 0);
    if (shape->has_tail)
        put_tail(json, shape, record);
    put_rest(json, shape, record);
}

/* -- PROVENANCE -------------------------------------------------------- */

/* PROVENANCE with deeper objects is written as text, or else the document
 * would be too deep for its reader. */
#define DEEPEST 16

static int put_token(void *arg, const struct json_token *token)
{
    json_put(arg, token);
    return token->depth > DEEPEST;
}

/* Whether writing the tokens again gives the same bytes. */
static bool is_canonical(struct json_writing *writing,
                         const struct context_record *record)
{
    struct json_writer writer;
    struct json_error error;
    enum json_result result;
    char *text;
    bool same;

    if (record->length == 0 || record->body[0] != '{')
        return false;
    json_begin(&writer, false);
    result = json_parse(record->body, (size_t)record->length, put_token,
                        &writer, &error);
    text = json_take(&writer);
    writing->no_memory |= !text;
    same = text && result == JSON_OK && strlen(text) == record->length &&
           memcmp(text, record->body, (size_t)record->length) == 0;
    free(text);
    return same;
}

static void put_provenance(struct json_writing *writing,
                           const struct context_record *record)
{
    struct json_writer *json = &writing->json;
    struct json_error error;

    if (is_canonical(writing, record)) {
        json_put_key(json, KEY_PROVENANCE);
        json_parse(record->body, (size_t)record->length, put_token, json,
                   &error);
        return;
    }
    json_put_key(json, KEY_TEXT);
    json_put(json, &(struct json_token){ JSON_STRING, 0,
                                         (const char *)record->body,
                                         (size_t)record->length });
}

static void put_body(struct json_writing *writing,
                     const struct context_record *record)
{
    struct json_writer *json = &writing->json;
    const struct shape *shape = NULL;

    if (record->type == DOMCTX_PROVENANCE) {
        put_provenance(writing, record);
        return;
    }
    if (record->layout) {
        writing->shapes.whole = true;
        shape = shape_of(&writing->shapes, record->known, record->layout);
        writing->no_memory |= !shape;
    }
    if (shape && (shape->count > 1 || !shape->has_tail) &&
        json_keeps(shape, record->length, record->second)) {
        put_fields(writing, shape, record);
    } else {
        json_put_key(json, KEY_HEX);
        json_put_bytes(json, record->body, record->length);
    }
}

void json_put_head(struct json_writing *writing, const char *name,
                   uint32_t instance)
{
    struct json_writer *json = &writing->json;

    json_put_mark(json, JSON_OBJECT);
    json_pair(json, KEY_RECORD, name);
    json_pair_u64(json, KEY_INSTANCE, instance);
}

void json_put_claimed(struct json_writing *writing, uint64_t length,
                      uint64_t claimed)
{
    if (claimed == length)
        return;
    json_pair_u64(&writing->json, KEY_CLAIMED, claimed);
}

void json_put_record(struct json_writing *writing,
                     const struct context_record *record, uint64_t claimed)
{
    char room[CONTEXT_NAME_ROOM];

    json_put_head(writing, context_name(record, room), record->instance);
    json_put_claimed(writing, record->length, claimed);
    put_body(writing, record);
    json_put_mark(&writing->json, JSON_OBJECT_END);
}
