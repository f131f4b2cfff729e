/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the schema that defines layouts and numbers, generated from the
 * shapes of the layouts. */
#include "document/schema.h"
#include "catalogue/codes.h"
#include "catalogue/xsave.h"

#include <stdio.h>

/* -- words ------------------------------------------------------------- */

void schema_close_object(struct json_writer *json)
{
    json_put_mark(json, JSON_OBJECT_END);
}

void schema_close_array(struct json_writer *json)
{
    json_put_mark(json, JSON_ARRAY_END);
}

void schema_truth(struct json_writer *json, const char *key, bool value)
{
    json_put_key(json, key);
    json_put_mark(json, value ? JSON_TRUE : JSON_FALSE);
}

/* Write { "KEYWORD": "VALUE" } as member key, or, if that is NULL, as an
 * element. */
void schema_one(struct json_writer *json, const char *key,
                const char *keyword, const char *value)
{
    json_open(json, key, JSON_OBJECT);
    json->flat = true;
    json_pair(json, keyword, value);
    schema_close_object(json);
    json->flat = false;
}

/* -- numbers ----------------------------------------------------------- */

/* The name of the definition for a field's numbers: "u12", "s8". */
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

/* Define what json_number() accepts. */
static void define_number(struct json_writer *json, unsigned int bits,
                          bool is_signed)
{
    int64_t top = INT64_C(1) << (bits > 32 ? 0 : bits - is_signed);
    char name[16];

    number_name(name, bits, is_signed);
    json_open(json, name, JSON_OBJECT);
    if (bits > 32) {
        put_hex_form(json, bits);
        schema_close_object(json);
        return;
    }
    json_open(json, "anyOf", JSON_ARRAY);
    json_open(json, NULL, JSON_OBJECT);
    json_pair(json, "type", "integer");
    json_put_key(json, "minimum");
    json_put_i64(json, is_signed ? -top : 0);
    json_put_key(json, "maximum");
    json_put_i64(json, top - 1);
    schema_close_object(json);
    json_open(json, NULL, JSON_OBJECT);
    put_hex_form(json, bits);
    schema_close_object(json);
    schema_close_array(json);
    schema_close_object(json);
}

void schema_ref(struct json_writer *json, const char *key, const char *name)
{
    char ref[80];

    snprintf(ref, sizeof(ref), "#/$defs/%s", name);
    schema_one(json, key, "$ref", ref);
}

/* -- the members of a layout ------------------------------------------- */

static void put_number_ref(struct json_writer *json, const char *key,
                           const struct cat_field *field)
{
    char name[16];

    number_name(name, cat_bits(field), shape_is_signed(field));
    schema_ref(json, key, name);
}

/* Write how many elements an array has; count 0: as many as the record
 * holds. */
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

/* Write each child of a node as a property. */
static void put_properties(struct json_writer *json, const struct shape *shape,
                           const struct shape_node *parent)
{
    for (size_t at = parent->first; at; at = shape->nodes[at].next) {
        json_put_name(json, shape->nodes[at].name, shape->nodes[at].size);
        json_put_mark(json, JSON_OBJECT);
        put_node(json, shape, &shape->nodes[at]);
        schema_close_object(json);
    }
}

static void put_object(struct json_writer *json, const struct shape *shape,
                       const struct shape_node *parent)
{
    json_pair(json, "type", "object");
    json_open(json, "properties", JSON_OBJECT);
    put_properties(json, shape, parent);
    schema_close_object(json);
    json_open(json, "required", JSON_ARRAY);
    json->flat = true;
    put_names(json, shape, parent);
    schema_close_array(json);
    json->flat = false;
    schema_truth(json, "additionalProperties", false);
}

static void put_registers(struct json_writer *json,
                          const struct cat_registers *which)
{
    char name[16];

    json_pair(json, "type", "array");
    json_pair_u64(json, "minItems", which->count);
    json_pair_u64(json, "maxItems", which->count);
    number_name(name, 8u * which->width, false);
    schema_ref(json, "items", name);
}

static void put_node(struct json_writer *json, const struct shape *shape,
                     const struct shape_node *node)
{
    size_t count = shape_elements(node, shape->layout->length, 0);
    char text[40];

    switch (node->kind) {
    case SHAPE_OBJECT:
        put_object(json, shape, node);
        return;
    case SHAPE_LIST:
        put_size(json, node->field, count);
        json_open(json, "items", JSON_OBJECT);
        put_object(json, shape, node);
        schema_close_object(json);
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

/* Define all possible numbers, whether they are used or not. */
void schema_define_numbers(struct json_writer *json)
{
    for (unsigned int bits = 1; bits <= 32; bits++)
        define_number(json, bits, false);
    define_number(json, 64, false);
    define_number(json, 80, false);
    define_number(json, 128, false);
    for (unsigned int bits = 8; bits <= 32; bits *= 2)
        define_number(json, bits, true);
}

void schema_layout_name(char name[64], const struct cat_record *record,
                        size_t layout)
{
    snprintf(name, 64, "%s.%zu", record->name, layout + 1);
}

/* Write the members that every record has, as far as they apply to a
 * layout. */
static void put_own_members(struct json_writer *json,
                            const struct shape *shape)
{
    schema_truth(json, KEY_RECORD, true);
    schema_truth(json, KEY_INSTANCE, true);
    schema_truth(json, KEY_CLAIMED, true);
    json_open(json, KEY_LENGTH, JSON_OBJECT);
    json->flat = true;
    json_pair_u64(json, shape->layout->tail ? "minimum" : "const",
                  shape->layout->length);
    schema_close_object(json);
    json->flat = false;
    if (shape->has_tail)
        schema_ref(json, KEY_TAIL, "hex");
    if (shape->has_tail && shape->record->typecode == CODE_CPU_XSAVE) {
        json_open(json, KEY_YMM_HIGH, JSON_OBJECT);
        put_registers(json, &xsave_parts[0].registers);
        schema_close_object(json);
    }
    schema_ref(json, KEY_REST, "rest");
}

void schema_define_layout(struct schema *schema,
                          const struct cat_record *record, size_t i)
{
    const struct shape *shape =
        shape_of(&schema->shapes, record, &record->layouts[i]);
    struct json_writer *json = &schema->json;
    char name[64];

    schema->no_memory |= !shape;
    if (!shape)
        return;
    schema_layout_name(name, record, i);
    json_open(json, name, JSON_OBJECT);
    json_open(json, "properties", JSON_OBJECT);
    put_own_members(json, shape);
    put_properties(json, shape, &shape->nodes[0]);
    schema_close_object(json);
    json_open(json, "required", JSON_ARRAY);
    json->flat = true;
    json_put_string(json, KEY_LENGTH);
    put_names(json, shape, &shape->nodes[0]);
    if (shape->has_tail)
        json_put_string(json, KEY_TAIL);
    schema_close_array(json);
    json->flat = false;
    schema_truth(json, "additionalProperties", false);
    schema_close_object(json);
}
