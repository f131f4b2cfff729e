/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a JSON Schema. */
#ifndef CONVERT_DOCUMENT_SCHEMA_H
#define CONVERT_DOCUMENT_SCHEMA_H

#include "base/json.h"
#include "catalogue/shape.h"
#include "document/document.h"

struct schema {
    struct json_writer json;
    struct shapes shapes;
    bool no_memory;
};

/* Shorthands: close an object or array; a member that is true or false; {
 * "KEYWORD": "VALUE" } as member key, or, if that is NULL, as an element; a
 * reference to a definition. */
void schema_close_object(struct json_writer *json);
void schema_close_array(struct json_writer *json);
void schema_truth(struct json_writer *json, const char *key, bool value);
void schema_one(struct json_writer *json, const char *key,
                const char *keyword, const char *value);
void schema_ref(struct json_writer *json, const char *key, const char *name);

/* Define the numbers of all fields. */
void schema_define_numbers(struct json_writer *json);

/* Define layout i of a record, under the given name. */
void schema_define_layout(struct schema *schema,
                          const struct cat_record *record, size_t i);
void schema_layout_name(char name[64], const struct cat_record *record,
                        size_t layout);

#endif /* CONVERT_DOCUMENT_SCHEMA_H */
