/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/locate.h"
#include "base/bytes.h"
#include "context/select.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* -- the record ------------------------------------------------------- */

/* Most names are a legacy record's own: an index finds those. */
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

/* Count the rows of the layout with that name; *located gets the first. */
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

static bool find_entry(const char *asked, const struct cat_layout *layout,
                       struct located *located)
{
    struct entry found;

    if (!entry_find(located->record, layout, asked, &found))
        return false;
    located->field = found.field;
    located->element = found.element;
    located->names = found.names;
    return true;
}

static bool find_field(struct select *select, const domctx_context *context,
                       struct located *located)
{
    const struct cat_layout *layout =
        context_nearest_layout(context, located->record);
    bool found;

    if (!layout)
        return false;
    select->some_parts = false;
    found = find_rows(select, layout, located) > 0;
    select->some_parts = !found;
    found = found || find_rows(select, layout, located) == 1;
    if (found)
        located->names = located->field->names;
    return found || find_entry(select->field, layout, located);
}

/* -- refusals ---------------------------------------------------------- */

/* The name of the first of several elements. */
static void first_name(const struct cat_field *field, char *name, size_t room)
{
    const char *in = strstr(field->name, "[]");

    if (in)
        snprintf(name, room, "%.*s[0]%s%s", (int)(in - field->name),
                 field->name, in + 2, field->run > 1 ? "[0]" : "");
    else
        snprintf(name, room, "%s[0]", field->name);
}

static int no_element(const struct located *located, domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    size_t count = context_count(located->record, located->field);
    char first[80];

    at.field = located->field->name;
    if (located->element == SIZE_MAX) {
        first_name(located->field, first, sizeof(first));
        return msg_raise(report, MSG_SELECT_FIELD, &at,
                         "%s has %zu elements: say which, as in %s",
                         located->field->name, count, first);
    }
    if (located->element == ELEMENT_TOO_LARGE)
        return msg_raise(report, MSG_SELECT_FIELD, &at,
                         "the record has no such element of that field; it "
                         "has %zu", count);
    return msg_raise(report, MSG_SELECT_FIELD, &at,
                     "the record has no element %zu of that field; it has "
                     "%zu", located->element, count);
}

/* Refuse a name that only another layout has, or that several fields share. */
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

/* Look the name up as the catalogue has it, else as select_check() translates
 * it. */
static int find(const domctx_context *context, struct select *select,
                struct located *located, domctx_report *report)
{
    const char *asked = select->field;

    *located = (struct located){ .record = find_record(context, select) };
    if (located->record && find_field(select, context, located))
        return 0;
    located->field = NULL;
    if (select_check(context, select, report) < 0)
        return -1;
    located->record = find_record(context, select);
    if (select->is_register &&
        select_register(select, context, located->record, &located->reg))
        return 0;
    if (!find_field(select, context, located)) {
        located->field = NULL;
        return no_field(located, asked, report);
    }
    return 0;
}

int locate(const domctx_context *context, const char *record,
           uint32_t instance, const char *field, struct located *located,
           domctx_report *report)
{
    struct select select = { .record = record, .has_instance = true,
                             .instance = instance, .field = field };

    if (find(context, &select, located, report) < 0)
        return -1;
    if (!located->field)
        return 0;
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
