/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A selection of a context as JSON, for programs. */
#include "document/document.h"
#include "document/record.h"
#include "context/select.h"
#include "text/text.h"

/* Whether the selection is an array of bytes that is shown as one value. */
static bool is_bytes(const struct cat_field *field, size_t element)
{
    return element == SIZE_MAX && field->width == 1 && !field->bits &&
           field->print == CAT_HEX && field->count != 1 &&
           field->stride == 1;
}

static void put_value(struct json_writing *writing,
                      const struct context_record *record,
                      const struct cat_field *field, size_t i, bool bytes)
{
    struct json_writer *json = &writing->json;
    char room[CONTEXT_NAME_ROOM], name[CAT_LABEL_ROOM];

    json_put_head(writing, context_name(record, room), record->instance);
    json_put_key(json, "field");
    cat_label(field, i, 1, name);
    json_put_string(json, bytes ? field->name : name);
    json_put_key(json, "value");
    if (bytes)
        json_put_bytes(json, record->body + field->offset,
                       context_count(record, field));
    else
        json_put_number(json, record, field, i);
    json_put_mark(json, JSON_OBJECT_END);
}

static void put_values(struct json_writing *writing,
                       const struct context_record *record,
                       const struct cat_field *field, size_t element)
{
    size_t count = context_count(record, field);

    if (is_bytes(field, element))
        put_value(writing, record, field, 0, true);
    else if (element == SIZE_MAX)
        for (size_t i = 0; i < count; i++)
            put_value(writing, record, field, i, false);
    else if (element < count)
        put_value(writing, record, field, element, false);
}

static void put_register(struct json_writing *writing,
                         const struct context_record *record,
                         const struct cpu_register *which)
{
    struct json_writer *json = &writing->json;
    uint8_t value[CAT_REGISTER_ROOM];
    char room[CONTEXT_NAME_ROOM], text[REGISTER_TEXT_ROOM];

    register_get(record, which, value);
    json_put_head(writing, context_name(record, room), record->instance);
    json_pair(json, "field", which->name);
    json_pair(json, "value", register_text(value, which->size, text));
    json_put_mark(json, JSON_OBJECT_END);
}

static void put_chosen(struct json_writing *writing,
                       const struct select *select,
                       const struct context_record *record)
{
    struct cpu_register found;
    struct entry entry;
    size_t element;

    if (!select->field) {
        json_put_record(writing, record, record->length);
        return;
    }
    if (select->is_register) {
        if (select_register(select, writing->context, record, &found))
            put_register(writing, record, &found);
        return;
    }
    if (select->is_entry) {
        if (select_entry(select, writing->context, record, &entry))
            put_value(writing, record, entry.field, entry.element, false);
        return;
    }
    for (size_t i = 0; record->layout && i < record->known->n_fields; i++) {
        const struct cat_field *field = &record->known->fields[i];

        if (cat_field_in(field, record->layout) &&
            select_field(select, field, &element))
            put_values(writing, record, field, element);
    }
}

static void put_all(struct json_writing *writing,
                    const struct select *select)
{
    const domctx_context *context = writing->context;
    struct json_writer *json = &writing->json;

    json_put_start(writing,
                   select->field ? JSON_VALUES_SCHEMA : JSON_SCHEMA);
    json_open(json, select->field ? "values" : KEY_RECORDS, JSON_ARRAY);
    for (size_t i = 0; i < context->count; i++)
        if (select_record(select, &context->records[i]))
            put_chosen(writing, select, &context->records[i]);
    json_put_mark(json, JSON_ARRAY_END);
    json_put_mark(json, JSON_OBJECT_END);
}

int domctx_json_show(const domctx_context *context,
                     const struct domctx_text_options *options,
                     domctx_sink *sink, void *arg, domctx_report *report)
{
    static const struct domctx_text_options all;
    struct json_writing writing = { .context = context };
    struct select select;
    struct out out;
    int result;

    if (!options)
        options = &all;
    select = select_of(options);
    if (!select.record && !select.has_instance && !select.field)
        return json_write(context, options->guest, sink, arg, report);
    if (select_check(context, &select, report) < 0)
        return -1;
    out_begin(&out, sink, arg);
    json_begin_out(&writing.json, &out);
    put_all(&writing, &select);
    out_put(&out, "\n", 1);
    shapes_free(&writing.shapes);
    result = out_end(&out, report);
    return writing.no_memory ? msg_no_memory(report, 0) : result;
}
