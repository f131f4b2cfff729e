/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The JSON Schema (draft 2020-12) of the documents that document.c
 * writes, made from the shapes of the layouts as they are.
 *
 * It is a little wider than the reader: what hangs on the sum of a record's
 * parts, such as an array that goes with a length, is left to that.
 */
#include "document/document.h"
#include "base/json.h"
#include "base/messages.h"
#include "catalogue/codes.h"
#include "catalogue/shape.h"
#include "catalogue/xsave.h"

#include <domctx.h>
#include <inttypes.h>
#include <stdio.h>

#define ANY_HEX "^([0-9a-fA-F]{2})*$"
#define TYPECODE "^typecode [1-9][0-9]{0,4}$"

struct schema {
    struct json_writer json;
    struct shapes shapes;
    bool no_memory;
};

/* -- words ------------------------------------------------------------- */

static void close_object(struct json_writer *json)
{
    json_put_mark(json, JSON_OBJECT_END);
}

static void close_array(struct json_writer *json)
{
    json_put_mark(json, JSON_ARRAY_END);
}

static void put_truth(struct json_writer *json, const char *key, bool value)
{
    json_put_key(json, key);
    json_put_mark(json, value ? JSON_TRUE : JSON_FALSE);
}

/* { "KEYWORD": "VALUE" } under key, or as an element. */
static void put_one(struct json_writer *json, const char *key,
                    const char *keyword, const char *value)
{
    json_open(json, key, JSON_OBJECT);
    json->flat = true;
    json_pair(json, keyword, value);
    close_object(json);
    json->flat = false;
}

/* -- numbers ----------------------------------------------------------- */

/* "u12", "s8": the definition for the numbers of a field. */
static void number_name(char name[16], unsigned int bits, bool is_signed)
{
    snprintf(name, 16, "%c%u", is_signed ? 's' : 'u', bits);
}

static void put_hex_form(struct json_writer *json, unsigned int bits)
{
    char pattern[40];

    snprintf(pattern, sizeof(pattern), "^0x0*[0-9a-fA-F]{1,%u}$",
             (bits + 3) / 4);
    json_pair(json, "type", "string");
    json_pair(json, "pattern", pattern);
}

/* What json_number() takes. */
static void define_number(struct json_writer *json, unsigned int bits,
                          bool is_signed)
{
    int64_t top = INT64_C(1) << (bits > 32 ? 0 : bits - is_signed);
    char name[16];

    number_name(name, bits, is_signed);
    json_open(json, name, JSON_OBJECT);
    if (bits > 32) {
        put_hex_form(json, bits);
        close_object(json);
        return;
    }
    json_open(json, "anyOf", JSON_ARRAY);
    json_open(json, NULL, JSON_OBJECT);
    json_pair(json, "type", "integer");
    json_put_key(json, "minimum");
    json_put_i64(json, is_signed ? -top : 0);
    json_put_key(json, "maximum");
    json_put_i64(json, top - 1);
    close_object(json);
    json_open(json, NULL, JSON_OBJECT);
    put_hex_form(json, bits);
    close_object(json);
    close_array(json);
    close_object(json);
}

static void put_ref(struct json_writer *json, const char *key,
                    const char *name)
{
    char ref[80];

    snprintf(ref, sizeof(ref), "#/$defs/%s", name);
    put_one(json, key, "$ref", ref);
}

/* -- the members of a layout ------------------------------------------- */

static void put_number_ref(struct json_writer *json, const char *key,
                           const struct cat_field *field)
{
    char name[16];

    number_name(name, cat_bits(field), shape_is_signed(field));
    put_ref(json, key, name);
}

/* How many elements; count 0 of a row: as many as the record holds. */
static void put_size(struct json_writer *json, const struct cat_field *field,
                     size_t count)
{
    json_pair(json, "type", "array");
    if (field->count == 0)
        return;
    json_pair_u64(json, "minItems", count);
    json_pair_u64(json, "maxItems", count);
}

static void put_node(struct json_writer *json, const struct shape *shape,
                     const struct shape_node *node);

static void put_names(struct json_writer *json, const struct shape *shape,
                      const struct shape_node *parent)
{
    for (size_t at = parent->first; at; at = shape->nodes[at].next)
        if (!shape_is_computed(shape, &shape->nodes[at]))
            json_put(json, &(struct json_token){ JSON_STRING, 0,
                                                 shape->nodes[at].name,
                                                 shape->nodes[at].size });
}

static void put_object(struct json_writer *json, const struct shape *shape,
                       const struct shape_node *parent)
{
    json_pair(json, "type", "object");
    json_open(json, "properties", JSON_OBJECT);
    for (size_t at = parent->first; at; at = shape->nodes[at].next) {
        json_put_name(json, shape->nodes[at].name, shape->nodes[at].size);
        json_put_mark(json, JSON_OBJECT);
        put_node(json, shape, &shape->nodes[at]);
        close_object(json);
    }
    close_object(json);
    json_open(json, "required", JSON_ARRAY);
    json->flat = true;
    put_names(json, shape, parent);
    close_array(json);
    json->flat = false;
    put_truth(json, "additionalProperties", false);
}

static void put_registers(struct json_writer *json,
                          const struct cat_registers *which)
{
    char name[16];

    json_pair(json, "type", "array");
    json_pair_u64(json, "minItems", which->count);
    json_pair_u64(json, "maxItems", which->count);
    number_name(name, 8u * which->width, false);
    put_ref(json, "items", name);
}

static void put_node(struct json_writer *json, const struct shape *shape,
                     const struct shape_node *node)
{
    size_t count = shape_elements(node, shape->layout->length);
    char text[40];

    switch (node->kind) {
    case SHAPE_OBJECT:
        put_object(json, shape, node);
        return;
    case SHAPE_LIST:
        put_size(json, node->field, count);
        json_open(json, "items", JSON_OBJECT);
        put_object(json, shape, node);
        close_object(json);
        return;
    case SHAPE_NUMBERS:
        put_size(json, node->field, count);
        put_number_ref(json, "items", node->field);
        return;
    case SHAPE_REGISTERS:
        put_registers(json, node->field->registers);
        return;
    case SHAPE_BYTES:
        snprintf(text, sizeof(text), "^[0-9a-fA-F]{%zu}$", 2 * count);
        json_pair(json, "type", "string");
        json_pair(json, "pattern", text);
        return;
    case SHAPE_NUMBER:
    default:
        number_name(text, cat_bits(node->field),
                    shape_is_signed(node->field));
        snprintf(text + 8, sizeof(text) - 8, "#/$defs/%.7s", text);
        json_pair(json, "$ref", text + 8);
    }
}

/* -- records ----------------------------------------------------------- */

/* Which numbers of definitions are used is not looked at: all there can
 * be. */
static void define_numbers(struct json_writer *json)
{
    for (unsigned int bits = 1; bits <= 32; bits++)
        define_number(json, bits, false);
    define_number(json, 64, false);
    define_number(json, 80, false);
    define_number(json, 128, false);
    for (unsigned int bits = 8; bits <= 32; bits *= 2)
        define_number(json, bits, true);
}

static void define_name(char name[64], const struct cat_record *record,
                        size_t layout)
{
    snprintf(name, 64, "%s.%zu", record->name, layout + 1);
}

/* The members that all records have, as far as a layout has them. */
static void put_own_members(struct json_writer *json,
                            const struct shape *shape)
{
    put_truth(json, KEY_RECORD, true);
    put_truth(json, KEY_INSTANCE, true);
    put_truth(json, KEY_CLAIMED, true);
    json_open(json, KEY_LENGTH, JSON_OBJECT);
    json->flat = true;
    json_pair_u64(json, shape->layout->tail ? "minimum" : "const",
                  shape->layout->length);
    close_object(json);
    json->flat = false;
    if (shape->has_tail)
        put_ref(json, KEY_TAIL, "hex");
    if (shape->has_tail && shape->record->typecode == CODE_CPU_XSAVE) {
        json_open(json, KEY_YMM_HIGH, JSON_OBJECT);
        put_registers(json, &xsave_parts[0].registers);
        close_object(json);
    }
    put_ref(json, KEY_REST, "rest");
}

static void define_layout(struct schema *schema,
                          const struct cat_record *record, size_t i)
{
    const struct shape *shape =
        shape_of(&schema->shapes, record, &record->layouts[i]);
    struct json_writer *json = &schema->json;
    char name[64];

    schema->no_memory |= !shape;
    if (!shape)
        return;
    define_name(name, record, i);
    json_open(json, name, JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    put_own_members(json, shape);
    for (size_t at = shape->nodes[0].first; at; at = shape->nodes[at].next) {
        json_put_name(json, shape->nodes[at].name, shape->nodes[at].size);
        json_put_mark(json, JSON_OBJECT);
        put_node(json, shape, &shape->nodes[at]);
        close_object(json);
    }
    close_object(json);
    json_open(json, "required", JSON_ARRAY);
    json->flat = true;
    json_put_string(json, KEY_LENGTH);
    put_names(json, shape, &shape->nodes[0]);
    if (shape->has_tail)
        json_put_string(json, KEY_TAIL);
    close_array(json);
    json->flat = false;
    put_truth(json, "additionalProperties", false);
    close_object(json);
}

/* Records with another way to give the body. */
static const char *other_way(const struct cat_record *record)
{
    if (record->typecode == DOMCTX_HVM_CONTEXT)
        return "wrapped";
    return record->typecode == DOMCTX_PROVENANCE ? "text" : NULL;
}

static void define_record(struct schema *schema,
                          const struct cat_record *record)
{
    struct json_writer *json = &schema->json;
    char name[64];

    for (size_t i = 0; i < record->n_layouts; i++)
        define_layout(schema, record, i);
    json_open(json, record->name, JSON_OBJECT);
    json_open(json, "anyOf", JSON_ARRAY);
    for (size_t i = 0; i < record->n_layouts; i++) {
        define_name(name, record, i);
        put_ref(json, NULL, name);
    }
    if (other_way(record))
        put_ref(json, NULL, other_way(record));
    if (record->typecode == DOMCTX_PROVENANCE)
        put_ref(json, NULL, KEY_PROVENANCE);
    put_ref(json, NULL, "no_layout");
    close_array(json);
    close_object(json);
}

/* -- which record ------------------------------------------------------ */

/* A way to give a body: one member beside those that name the record. */
static void define_way(struct json_writer *json, const char *name,
                       const char *member, const char *ref)
{
    json_open(json, name, JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    put_truth(json, KEY_RECORD, true);
    put_truth(json, KEY_INSTANCE, true);
    put_truth(json, KEY_CLAIMED, true);
    if (member)
        put_ref(json, member, ref);
    if (member && ref && *ref == 'b') /* the records of a blob */
        put_ref(json, KEY_AFTER_END, "hex");
    close_object(json);
    json_open(json, "required", JSON_ARRAY);
    if (member)
        json_put_string(json, member);
    close_array(json);
    put_truth(json, "additionalProperties", false);
    close_object(json);
}

static void define_ways(struct json_writer *json)
{
    put_one(json, "hex", "pattern", ANY_HEX);
    json_open(json, "string", JSON_OBJECT);
    json_pair(json, "type", "string");
    close_object(json);
    json_open(json, "rest", JSON_OBJECT);
    json_pair(json, "type", "object");
    json_open(json, "patternProperties", JSON_OBJECT);
    put_one(json, "^(0|[1-9][0-9]*)$", "pattern", "^([0-9a-fA-F]{2})+$");
    close_object(json);
    put_truth(json, "additionalProperties", false);
    close_object(json);
    json_open(json, "blob_records", JSON_OBJECT);
    json_pair(json, "type", "array");
    put_ref(json, "items", "blob_record");
    close_object(json);
    define_way(json, "no_layout", KEY_HEX, "hex");
    define_way(json, "text", KEY_TEXT, "string");
    json_open(json, "object", JSON_OBJECT);
    json_pair(json, "type", "object");
    close_object(json);
    define_way(json, KEY_PROVENANCE, KEY_PROVENANCE, "object");
    define_way(json, "wrapped", KEY_RECORDS, "blob_records");
    define_way(json, "blob_end", NULL, NULL);
}

/* Number i of both tables; NULL where it does not belong to an image, or to
 * a blob, whose END is no record of the table here. */
static const struct cat_record *nth_record(bool blob, size_t i)
{
    const struct cat_record *record;

    if (i < cat_image_table_size)
        return blob ? NULL : &cat_image_table[i];
    record = &cat_table[i - cat_image_table_size];
    return record->typecode == DOMCTX_HVM_END ? NULL : record;
}

static size_t all_records(void)
{
    return cat_image_table_size + cat_table_size;
}

/* The names that "record" may have. */
static void put_choice(struct json_writer *json, bool blob)
{
    const struct cat_record *record;

    json_open(json, KEY_RECORD, JSON_OBJECT);
    json_open(json, "anyOf", JSON_ARRAY);
    json_open(json, NULL, JSON_OBJECT);
    json_open(json, "enum", JSON_ARRAY);
    json->flat = true;
    for (size_t i = 0; i < all_records(); i++)
        if ((record = nth_record(blob, i)))
            json_put_string(json, record->name);
    if (blob)
        json_put_string(json, NAME_END);
    close_array(json);
    json->flat = false;
    close_object(json);
    put_one(json, NULL, "pattern", TYPECODE);
    close_array(json);
    close_object(json);
}

/* If "record" is that, the record is as name defines. */
static void put_case(struct json_writer *json, const char *keyword,
                     const char *value, const char *name)
{
    json_open(json, NULL, JSON_OBJECT);
    json_open(json, "if", JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    put_one(json, KEY_RECORD, keyword, value);
    close_object(json);
    close_object(json);
    put_ref(json, "then", name);
    close_object(json);
}

static void define_any(struct json_writer *json, const char *name, bool blob)
{
    const struct cat_record *record;

    json_open(json, name, JSON_OBJECT);
    json_pair(json, "type", "object");
    json_open(json, "required", JSON_ARRAY);
    json_put_string(json, KEY_RECORD);
    json_put_string(json, KEY_INSTANCE);
    close_array(json);
    json_open(json, "properties", JSON_OBJECT);
    put_choice(json, blob);
    put_ref(json, KEY_INSTANCE, blob ? "u16" : "u32");
    if (blob)
        put_ref(json, KEY_CLAIMED, "u32");
    else
        put_truth(json, KEY_CLAIMED, false);
    close_object(json);
    json_open(json, "allOf", JSON_ARRAY);
    for (size_t i = 0; i < all_records(); i++)
        if ((record = nth_record(blob, i)))
            put_case(json, "const", record->name, record->name);
    if (blob)
        put_case(json, "const", NAME_END, "blob_end");
    put_case(json, "pattern", TYPECODE, "no_layout");
    close_array(json);
    close_object(json);
}

/* -- the document ------------------------------------------------------ */

static void put_format(struct json_writer *json, const char *keyword,
                       const char *wanted, const char *unwanted,
                       const char *records)
{
    json_open(json, keyword, JSON_OBJECT);
    json_open(json, "required", JSON_ARRAY);
    json_put_string(json, wanted);
    close_array(json);
    json_open(json, "properties", JSON_OBJECT);
    put_truth(json, unwanted, false);
    if (*records == 'i') /* an image has no save file around it */
        put_truth(json, KEY_GUEST, false);
    json_open(json, KEY_RECORDS, JSON_OBJECT);
    put_ref(json, "items", records);
    close_object(json);
    close_object(json);
    close_object(json);
}

static void put_words(struct json_writer *json, const char *key,
                      const char *one, const char *other)
{
    json_open(json, key, JSON_OBJECT);
    json_open(json, "enum", JSON_ARRAY);
    json_put_string(json, one);
    json_put_string(json, other);
    close_array(json);
    close_object(json);
}

static void put_document(struct json_writer *json)
{
    json_pair(json, "type", "object");
    json_open(json, "properties", JSON_OBJECT);
    put_one(json, KEY_SCHEMA, "const", JSON_SCHEMA);
    put_words(json, KEY_FORMAT, WORD_IMAGE, WORD_HVM);
    put_words(json, KEY_BYTE_ORDER, WORD_LITTLE, WORD_BIG);
    json_open(json, KEY_XEN, JSON_OBJECT);
    json_open(json, "type", JSON_ARRAY);
    json_put_string(json, "string");
    json_put_string(json, "null");
    close_array(json);
    json_pair(json, "pattern", "^[0-9]+[.][0-9]+$");
    close_object(json);
    put_one(json, KEY_RECORDS, "type", "array");
    put_one(json, KEY_GUEST, "type", "object");
    close_object(json);
    json_open(json, "required", JSON_ARRAY);
    json_put_string(json, KEY_SCHEMA);
    json_put_string(json, KEY_FORMAT);
    json_put_string(json, KEY_RECORDS);
    close_array(json);
    put_truth(json, "additionalProperties", false);
    json_open(json, "if", JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    put_one(json, KEY_FORMAT, "const", WORD_IMAGE);
    close_object(json);
    close_object(json);
    put_format(json, "then", KEY_BYTE_ORDER, KEY_XEN, "image_record");
    put_format(json, "else", KEY_XEN, KEY_BYTE_ORDER, "blob_record");
}

static void put_definitions(struct schema *schema)
{
    struct json_writer *json = &schema->json;

    json_open(json, "$defs", JSON_OBJECT);
    define_any(json, "image_record", false);
    define_any(json, "blob_record", true);
    define_ways(json);
    define_numbers(json);
    for (size_t i = 0; i < all_records(); i++) {
        const struct cat_record *record = nth_record(false, i);

        if (record)
            define_record(schema, record);
    }
    close_object(json);
}

int domctx_json_schema(domctx_sink *sink, void *arg, domctx_report *report)
{
    struct schema schema = { .shapes = { .whole = true } };
    struct json_writer *json = &schema.json;
    struct out out;
    int result;

    out_begin(&out, sink, arg);
    json_begin_out(json, &out);
    json_put_mark(json, JSON_OBJECT);
    json_pair(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_pair(json, "$id", "urn:xl-context:" JSON_SCHEMA);
    json_pair(json, "title", "A domain context, see xl-context-json(5)");
    put_document(json);
    put_definitions(&schema);
    close_object(json);
    out_put(&out, "\n", 1);
    shapes_free(&schema.shapes);
    result = out_end(&out, report);
    return schema.no_memory ? msg_no_memory(report, 0) : result;
}
