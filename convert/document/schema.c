/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The JSON Schema (draft 2020-12) of the documents that document.c writes,
 * generated from the shapes of the layouts.
 *
 * It accepts a little more than the reader: conditions on several members,
 * such as an array that depends on a length, are not expressed.
 */
#include "document/schema.h"
#include "base/messages.h"

#include <domctx.h>
#include <inttypes.h>
#include <stdio.h>

#define ANY_HEX "^([0-9a-fA-F]{2})*$"
#define TYPECODE "^typecode [1-9][0-9]{0,4}$"

/* -- records ----------------------------------------------------------- */

/* Another way in which some records give their body. */
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
        schema_define_layout(schema, record, i);
    json_open(json, record->name, JSON_OBJECT);
    json_open(json, "anyOf", JSON_ARRAY);
    for (size_t i = 0; i < record->n_layouts; i++) {
        schema_layout_name(name, record, i);
        schema_ref(json, NULL, name);
    }
    if (other_way(record))
        schema_ref(json, NULL, other_way(record));
    if (record->typecode == DOMCTX_PROVENANCE)
        schema_ref(json, NULL, KEY_PROVENANCE);
    schema_ref(json, NULL, "no_layout");
    schema_close_array(json);
    schema_close_object(json);
}

/* -- which record ------------------------------------------------------ */

/* Define a way to give a body: one member besides those that name the
 * record. */
static void define_way(struct json_writer *json, const char *name,
                       const char *member, const char *ref)
{
    json_open(json, name, JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    schema_truth(json, KEY_RECORD, true);
    schema_truth(json, KEY_INSTANCE, true);
    schema_truth(json, KEY_CLAIMED, true);
    if (member)
        schema_ref(json, member, ref);
    if (member && ref && *ref == 'b') /* in a blob's list */
        schema_ref(json, KEY_AFTER_END, "hex");
    schema_close_object(json);
    json_open(json, "required", JSON_ARRAY);
    if (member)
        json_put_string(json, member);
    schema_close_array(json);
    schema_truth(json, "additionalProperties", false);
    schema_close_object(json);
}

static void define_ways(struct json_writer *json)
{
    schema_one(json, "hex", "pattern", ANY_HEX);
    json_open(json, "string", JSON_OBJECT);
    json_pair(json, "type", "string");
    schema_close_object(json);
    json_open(json, "rest", JSON_OBJECT);
    json_pair(json, "type", "object");
    json_open(json, "patternProperties", JSON_OBJECT);
    schema_one(json, "^(0|[1-9][0-9]*)$", "pattern", "^([0-9a-fA-F]{2})+$");
    schema_close_object(json);
    schema_truth(json, "additionalProperties", false);
    schema_close_object(json);
    json_open(json, "blob_records", JSON_OBJECT);
    json_pair(json, "type", "array");
    schema_ref(json, "items", "blob_record");
    schema_close_object(json);
    define_way(json, "no_layout", KEY_HEX, "hex");
    define_way(json, "text", KEY_TEXT, "string");
    json_open(json, "object", JSON_OBJECT);
    json_pair(json, "type", "object");
    schema_close_object(json);
    define_way(json, KEY_PROVENANCE, KEY_PROVENANCE, "object");
    define_way(json, "wrapped", KEY_RECORDS, "blob_records");
    define_way(json, "blob_end", NULL, NULL);
}

/* Row i of both tables; NULL if it cannot be in an image, or in a blob (whose
 * END is not a row). */
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

/* Write the names that "record" may have. */
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
    schema_close_array(json);
    json->flat = false;
    schema_close_object(json);
    schema_one(json, NULL, "pattern", TYPECODE);
    schema_close_array(json);
    schema_close_object(json);
}

/* Write: if "record" is that name, the record must match the definition
 * name. */
static void put_case(struct json_writer *json, const char *keyword,
                     const char *value, const char *name)
{
    json_open(json, NULL, JSON_OBJECT);
    json_open(json, "if", JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    schema_one(json, KEY_RECORD, keyword, value);
    schema_close_object(json);
    schema_close_object(json);
    schema_ref(json, "then", name);
    schema_close_object(json);
}

static void define_any(struct json_writer *json, const char *name, bool blob)
{
    const struct cat_record *record;

    json_open(json, name, JSON_OBJECT);
    json_pair(json, "type", "object");
    json_open(json, "required", JSON_ARRAY);
    json_put_string(json, KEY_RECORD);
    json_put_string(json, KEY_INSTANCE);
    schema_close_array(json);
    json_open(json, "properties", JSON_OBJECT);
    put_choice(json, blob);
    schema_ref(json, KEY_INSTANCE, blob ? "u16" : "u32");
    if (blob)
        schema_ref(json, KEY_CLAIMED, "u32");
    else
        schema_truth(json, KEY_CLAIMED, false);
    schema_close_object(json);
    json_open(json, "allOf", JSON_ARRAY);
    for (size_t i = 0; i < all_records(); i++)
        if ((record = nth_record(blob, i)))
            put_case(json, "const", record->name, record->name);
    if (blob)
        put_case(json, "const", NAME_END, "blob_end");
    put_case(json, "pattern", TYPECODE, "no_layout");
    schema_close_array(json);
    schema_close_object(json);
}

/* -- the document ------------------------------------------------------ */

static void put_format(struct json_writer *json, const char *keyword,
                       const char *wanted, const char *unwanted,
                       const char *records)
{
    json_open(json, keyword, JSON_OBJECT);
    json_open(json, "required", JSON_ARRAY);
    json_put_string(json, wanted);
    schema_close_array(json);
    json_open(json, "properties", JSON_OBJECT);
    schema_truth(json, unwanted, false);
    if (*records == 'i') /* an image is in no save file */
        schema_truth(json, KEY_GUEST, false);
    json_open(json, KEY_RECORDS, JSON_OBJECT);
    schema_ref(json, "items", records);
    schema_close_object(json);
    schema_close_object(json);
    schema_close_object(json);
}

static void put_words(struct json_writer *json, const char *key,
                      const char *one, const char *other)
{
    json_open(json, key, JSON_OBJECT);
    json_open(json, "enum", JSON_ARRAY);
    json_put_string(json, one);
    json_put_string(json, other);
    schema_close_array(json);
    schema_close_object(json);
}

static void put_document(struct json_writer *json)
{
    json_pair(json, "type", "object");
    json_open(json, "properties", JSON_OBJECT);
    schema_one(json, KEY_SCHEMA, "const", JSON_SCHEMA);
    put_words(json, KEY_FORMAT, WORD_IMAGE, WORD_HVM);
    put_words(json, KEY_BYTE_ORDER, WORD_LITTLE, WORD_BIG);
    json_open(json, KEY_XEN, JSON_OBJECT);
    json_open(json, "type", JSON_ARRAY);
    json_put_string(json, "string");
    json_put_string(json, "null");
    schema_close_array(json);
    json_pair(json, "pattern", "^[0-9]+[.][0-9]+$");
    schema_close_object(json);
    schema_one(json, KEY_RECORDS, "type", "array");
    schema_one(json, KEY_GUEST, "type", "object");
    schema_close_object(json);
    json_open(json, "required", JSON_ARRAY);
    json_put_string(json, KEY_SCHEMA);
    json_put_string(json, KEY_FORMAT);
    json_put_string(json, KEY_RECORDS);
    schema_close_array(json);
    schema_truth(json, "additionalProperties", false);
    json_open(json, "if", JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    schema_one(json, KEY_FORMAT, "const", WORD_IMAGE);
    schema_close_object(json);
    schema_close_object(json);
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
    schema_define_numbers(json);
    for (size_t i = 0; i < all_records(); i++) {
        const struct cat_record *record = nth_record(false, i);

        if (record)
            define_record(schema, record);
    }
    schema_close_object(json);
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
    schema_close_object(json);
    out_put(&out, "\n", 1);
    shapes_free(&schema.shapes);
    result = out_end(&out, report);
    return schema.no_memory ? msg_no_memory(report, 0) : result;
}
