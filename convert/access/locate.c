/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/locate.h"
#include "base/bytes.h"
#include "base/chars.h"
#include "catalogue/names.h"
#include "catalogue/value.h"
#include "context/select.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* -- the record ------------------------------------------------------- */

/* Most are legacy ones by their own name, which an index finds. */
static const struct context_record *find_record(const domctx_context *context,
                                                const struct select *select)
{
    for (size_t i = 0; i < cat_table_size; i++)
        if (strcasecmp(cat_table[i].name, select->record) == 0)
            return context_find(context,
                                DOMCTX_HVM_RECORD(cat_table[i].typecode),
                                select->instance);
    for (size_t i = 0; i < context->count; i++)
        if (select_record(select, &context->records[i]))
            return &context->records[i];
    return NULL;
}

/* -- the field -------------------------------------------------------- */

/* The rows of the layout that are called so: *located is the first. */
static size_t find_rows(const struct select *select,
                        const struct cat_layout *layout,
                        struct located *located)
{
    const struct cat_record *known = located->record->known;
    size_t found = 0, element;

    for (size_t i = 0; i < known->n_fields; i++) {
        const struct cat_field *field = &known->fields[i];

        if (!cat_field_in(field, layout) ||
            !select_field(select, field, &element))
            continue;
        if (found++ == 0) {
            located->field = field;
            located->element = element;
        }
    }
    return found;
}

/* The field that holds the values of the entries that key names. */
static const struct cat_field *held(const struct cat_record *known,
                                    const struct cat_layout *layout,
                                    const struct cat_field *key)
{
    for (size_t i = 0; i < known->n_fields; i++) {
        const struct cat_field *field = &known->fields[i];

        if (field != key && field->stride == key->stride &&
            field->count == key->count && !(field->flags & CAT_PAD) &&
            cat_field_in(field, layout))
            return field;
    }
    return NULL;
}

/* "SPEC_CTRL" or "0x48" of an entry with that key. */
static bool is_key(const struct cat_field *key, uint64_t value,
                   const char *asked)
{
    char name[VALUE_ROOM], *end;
    unsigned long long number;

    if (*asked >= '0' && *asked <= '9') {
        number = strtoull(asked, &end, char_lower(asked[1]) == 'x' ? 16 : 10);
        return !*end && number == value;
    }
    return key->names &&
           value_names(key->names, value, false, name, sizeof(name)) > 0 &&
           strcasecmp(name, asked) == 0;
}

static bool find_entry(const char *asked, const struct cat_layout *layout,
                       struct located *located)
{
    const struct context_record *record = located->record;
    const struct cat_record *known = record->known;
    uint64_t value;

    for (size_t i = 0; i < known->n_fields; i++) {
        const struct cat_field *key = &known->fields[i];

        if (!(key->flags & CAT_KEY) || !cat_field_in(key, layout))
            continue;
        for (size_t k = 0; context_get(record, key, k, &value); k++)
            if (is_key(key, value, asked)) {
                located->field = held(known, layout, key);
                located->element = k;
                return located->field != NULL;
            }
    }
    return false;
}

static bool find_field(struct select *select, const domctx_context *context,
                       struct located *located)
{
    const struct cat_layout *layout =
        context_nearest_layout(context, located->record);

    if (!layout)
        return false;
    select->last_part = false;
    if (find_rows(select, layout, located) > 0)
        return true;
    select->last_part = true;
    return find_rows(select, layout, located) == 1 ||
           find_entry(select->field, layout, located);
}

/* -- refusing --------------------------------------------------------- */

static int no_element(const struct located *located, domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    size_t count = cat_count(located->field, located->record->length);

    at.field = located->field->name;
    if (located->element == SIZE_MAX)
        return msg_raise(report, MSG_SELECT_FIELD, &at,
                         "%s has %zu elements: say which, as in %s[0]",
                         located->field->name, count, located->field->name);
    return msg_raise(report, MSG_SELECT_FIELD, &at,
                     "the record has no element %zu of that field; it has "
                     "%zu", located->element, count);
}

/* The name is known, but of another layout, or of several fields. */
static int no_field(const struct located *located, const char *field,
                    domctx_report *report)
{
    struct msg_at at = context_at(located->record);

    return msg_raise(report, MSG_SELECT_FIELD, &at,
                     "in the release that saved it the record has no field or "
                     "entry '%.40s'", field);
}

static int too_wide(const struct located *located, domctx_report *report)
{
    struct msg_at at = context_at(located->record);

    at.field = located->reg.name;
    return msg_raise(report, MSG_EDIT_RANGE, &at,
                     "the register has %zu bits, more than a field",
                     8 * located->reg.size);
}

static bool has_element(const struct located *located)
{
    uint64_t value;

    return context_get(located->record, located->field, located->element,
                       &value);
}

/* ------------------------------------------------------------------------ */

int locate(const domctx_context *context, const char *record,
           uint32_t instance, const char *field, struct located *located,
           domctx_report *report)
{
    struct select select = { .record = record, .has_instance = true,
                             .instance = instance, .field = field };

    *located = (struct located){ .record = find_record(context, &select) };
    if (!located->record || !find_field(&select, context, located)) {
        located->field = NULL;
        if (select_check(context, &select, report) < 0)
            return -1;
        if (located->record &&
            select_register(&select, context, located->record, &located->reg))
            return 0;
        return no_field(located, field, report);
    }
    if (located->element == SIZE_MAX && located->field->count == 1)
        located->element = 0;
    if (located->element != SIZE_MAX && !has_element(located))
        return no_element(located, report);
    return 0;
}

int locate_one(const domctx_context *context, const char *record,
               uint32_t instance, const char *field, struct located *located,
               domctx_report *report)
{
    if (locate(context, record, instance, field, located, report) < 0)
        return -1;
    if (!located->field)
        return located->reg.size > sizeof(uint64_t)
                   ? too_wide(located, report)
                   : 0;
    return located->element == SIZE_MAX ? no_element(located, report) : 0;
}

uint64_t locate_value(const struct context_record *record,
                      const struct cat_field *field, size_t element)
{
    unsigned int bits = cat_bits(field);
    uint64_t value = 0;

    context_get(record, field, element, &value);
    if (field->print == CAT_SIGNED && bits < 64 && value >> (bits - 1) & 1)
        value |= UINT64_MAX << bits;
    return value;
}

uint64_t locate_register(const struct located *located)
{
    uint8_t value[CAT_REGISTER_ROOM] = { 0 };

    register_get(located->record, &located->reg, value);
    return le64(value);
}
