/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading fields: one by its name, or all in turn. */
#include "access/locate.h"
#include "base/bytes.h"
#include "catalogue/value.h"

#include <stdio.h>
#include <string.h>

int domctx_field(const domctx_context *context, const char *record,
                 uint32_t instance, const char *field, uint64_t *value,
                 domctx_report *report)
{
    struct located at;

    *value = 0;
    if (locate_one(context, record, instance, field, &at, report) < 0)
        return -1;
    *value = at.field ? locate_value(at.record, at.field, at.element)
                      : locate_register(&at);
    return 0;
}

int domctx_field_wide(const domctx_context *context, const char *record,
                      uint32_t instance, const char *field,
                      uint8_t value[DOMCTX_WIDE_ROOM], size_t *size,
                      domctx_report *report)
{
    struct located at;

    memset(value, 0, DOMCTX_WIDE_ROOM);
    *size = 0;
    if (locate(context, record, instance, field, &at, report) < 0)
        return -1;
    if (!at.field) {
        register_get(at.record, &at.reg, value);
        *size = at.reg.size;
        return 0;
    }
    if (locate_one(context, record, instance, field, &at, report) < 0)
        return -1;
    set_u64(value, false, locate_value(at.record, at.field, at.element));
    *size = sizeof(uint64_t);
    return 0;
}

int domctx_field_text(const domctx_context *context, const char *record,
                      uint32_t instance, const char *field, char *buf,
                      size_t room, domctx_report *report)
{
    struct located at;
    uint8_t wide[CAT_REGISTER_ROOM];
    char text[REGISTER_TEXT_ROOM];
    uint64_t value = 0;

    *buf = '\0';
    if (locate(context, record, instance, field, &at, report) < 0)
        return -1;
    if (!at.field) {
        register_get(at.record, &at.reg, wide);
        snprintf(buf, room, "%s", register_text(wide, at.reg.size, text));
        return 0;
    }
    if (locate_one(context, record, instance, field, &at, report) < 0)
        return -1;
    context_get(at.record, at.field, at.element, &value);
    value_text(at.field, at.element, value, buf, room);
    return 0;
}

bool domctx_context_entry(const domctx_context *context, size_t i,
                          struct domctx_entry *entry)
{
    const struct context_record *record;
    char room[CONTEXT_NAME_ROOM];

    if (i >= context->count)
        return false;
    record = &context->records[i];
    *entry = (struct domctx_entry){
        .type = record->type, .instance = record->instance,
        .length = record->length, .offset = record->offset,
        .body = record->body, .known = record->known != NULL,
    };
    snprintf(entry->name, sizeof(entry->name), "%s",
             context_name(record, room));
    return true;
}

/* -- listing the catalogue --------------------------------------------- */

bool domctx_kind_at(size_t i, struct domctx_kind *kind)
{
    const struct cat_record *record = cat_record_at(i);

    if (!record)
        return false;
    *kind = (struct domctx_kind){
        .name = record->name, .type = DOMCTX_HVM_RECORD(record->typecode),
        .instances = record->instances,
    };
    return true;
}

static const struct cat_field *kind_field(size_t i, size_t k)
{
    const struct cat_record *record = cat_record_at(i);

    for (size_t f = 0; record && f < record->n_fields; f++)
        if (!(record->fields[f].flags & CAT_PAD) && k-- == 0)
            return &record->fields[f];
    return NULL;
}

const char *domctx_kind_field(size_t i, size_t k)
{
    const struct cat_field *field = kind_field(i, k);

    return field ? field->name : NULL;
}

/* Several bits may have the same word; the first of them counts. */
static bool is_word(const struct cat_names *names, size_t n)
{
    const struct cat_word *row = &names->words[n];

    return row->word && names_find(names, row->word) == row;
}

const char *domctx_kind_word(size_t i, size_t k, size_t w)
{
    const struct cat_field *field = kind_field(i, k);
    const struct cat_names *names = field ? field->names : NULL;

    for (size_t n = 0; names && n < names->n; n++)
        if (is_word(names, n) && w-- == 0)
            return names->words[n].word;
    return NULL;
}

bool domctx_kind_register(size_t i, size_t *at,
                          char name[DOMCTX_REGISTER_ROOM])
{
    const struct cat_record *record = cat_record_at(i);

    return record && register_name(record, at, name);
}

/* -- iterating over values --------------------------------------------- */

/* *at has the row of the catalogue in its low bits, the element above. */
#define ROW_BITS 16
#define ROW_MASK ((UINT64_C(1) << ROW_BITS) - 1)

static void put_value(struct domctx_value *value,
                      const struct context_record *record,
                      const struct cat_field *field, size_t element)
{
    char label[CAT_LABEL_ROOM];

    *value = (struct domctx_value){
        .value = locate_value(record, field, element),
        .bits = cat_bits(field),
        .offset = context_offset(record, field, element),
        .has_sign = field->print == CAT_SIGNED,
        .part = field->flags & (CAT_PART | CAT_VIEW),
        .padding = field->flags & CAT_PAD,
        .moves = field->flags & CAT_MOVES,
    };
    snprintf(value->name, sizeof(value->name), "%s",
             cat_label(field, element, 1, label));
}

bool domctx_context_value(const domctx_context *context, size_t i,
                          uint64_t *at, struct domctx_value *value)
{
    const struct context_record *record;
    const struct cat_layout *layout;
    uint64_t row = *at & ROW_MASK, element = *at >> ROW_BITS, ignored;

    if (i >= context->count)
        return false;
    record = &context->records[i];
    layout = context_nearest_layout(context, record);
    for (; layout && row < record->known->n_fields; row++, element = 0) {
        const struct cat_field *field = &record->known->fields[row];

        if (!cat_field_in(field, layout) ||
            !context_get(record, field, (size_t)element, &ignored))
            continue;
        put_value(value, record, field, (size_t)element);
        *at = row | (element + 1) << ROW_BITS;
        return true;
    }
    *at = row;
    return false;
}
