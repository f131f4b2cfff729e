/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context/select.h"
#include "context/suggest.h"
#include "base/chars.h"
#include "catalogue/also.h"
#include "catalogue/names.h"
#include "catalogue/types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct select select_of(const struct domctx_text_options *options)
{
    return (struct select){
        .record = options->record, .has_instance = options->has_instance,
        .instance = options->instance, .field = options->field,
    };
}

/* -- matching ---------------------------------------------------------- */

/* Whether name is "33" or "typecode 33". */
static bool is_typecode(const struct context_record *record, const char *name)
{
    const size_t prefix = strlen(TYPECODE_PREFIX);
    unsigned long code;
    char *end;

    if (strncasecmp(name, TYPECODE_PREFIX, prefix) == 0)
        name += prefix;
    if (!type_is_hvm(record->type) || *name < '1' || *name > '9')
        return false;
    code = strtoul(name, &end, 10);
    return !*end && code == type_to_hvm(record->type);
}

/* Whether the record has that other name: HVM_ and the name, or a name of an
 * older release. */
static bool has_other(const struct cat_record *known, const char *name)
{
    if (strcasecmp(name, known->image_name) == 0)
        return true;
    for (size_t i = 0; i < known->n_layouts; i++)
        if (known->layouts[i].name &&
            strcasecmp(name, known->layouts[i].name) == 0)
            return true;
    return false;
}

static bool is_called(const struct context_record *record, const char *name)
{
    char buf[CONTEXT_NAME_ROOM];

    return strcasecmp(name, context_name(record, buf)) == 0 ||
           is_typecode(record, name) ||
           (record->known && has_other(record->known, name));
}

const char *select_known(const char *name)
{
    const struct cat_record *known;

    for (size_t i = 0; (known = cat_record_at(i)); i++)
        if (strcasecmp(name, known->name) == 0 || has_other(known, name))
            return known->name;
    return NULL;
}

bool select_record(const struct select *select,
                   const struct context_record *record)
{
    return (!select->has_instance ||
            select->instance == record->instance) &&
           (!select->record || is_called(record, select->record));
}

/* Step over "[digits]" or "[]"; the number goes to *element. */
const char *select_step_index(const char *p, size_t *element)
{
    char *end;
    unsigned long long n;

    if (*p != '[')
        return p;
    if (p[1] == ']')
        return p + 2;
    if (p[1] < '0' || p[1] > '9')
        return p;
    n = strtoull(p + 1, &end, 10);
    if (*end != ']')
        return p;
    *element = n < SIZE_MAX ? (size_t)n : ELEMENT_TOO_LARGE;
    return end + 1;
}

static bool ends(char c)
{
    return !c || c == '.';
}

/* Compare one part of a field's name with one of the asked name, which may
 * have indices at its end.  *unit: index of a structure; *element: index of an
 * element, which only the last part has; both: "pad[2][5]". */
static bool same_part(const char *name, const char *asked, size_t *unit,
                      size_t *element)
{
    size_t ignored;

    for (; *name != '[' && !ends(*name); name++, asked++)
        if (char_lower(*name) != char_lower(*asked))
            return false;
    if (*name == '[') {
        name = select_step_index(name, &ignored);
        asked = select_step_index(asked, unit);
    }
    if (!*name)
        asked = select_step_index(asked, element);
    return ends(*name) && ends(*asked);
}

static const char *next_part(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot ? dot + 1 : NULL;
}

/* Compare all parts in turn.  some: the asked name may leave out parts, but
 * not the last. */
static bool same_name(const char *name, const char *asked, bool some,
                      size_t *unit, size_t *last)
{
    *unit = *last = SIZE_MAX;
    for (; name; name = next_part(name)) {
        const char *then = next_part(asked), *after = next_part(name);
        size_t of_unit = *unit, of_last = *last;

        if (same_part(name, asked, &of_unit, &of_last) && (then || !after)) {
            *unit = of_unit;
            *last = of_last;
            if (!then)
                return true;
            asked = then;
        } else if (!some) {
            return false;
        }
    }
    return false;
}

/* The index of the element with these two indices; false: out of range. */
static bool element_of(const struct cat_field *field, size_t unit,
                       size_t last, size_t *element)
{
    /* which structure is not said */
    if (unit == SIZE_MAX && last != SIZE_MAX && strstr(field->name, "[]"))
        return false;
    if (unit == SIZE_MAX || (field->run == 1 && last == SIZE_MAX)) {
        *element = unit == SIZE_MAX ? last : unit;
        return true;
    }
    *element = unit * field->run + last;
    return last < field->run && unit < SIZE_MAX / field->run - 1;
}

/* Whether the row's name is that of the registers whose halves are its
 * elements: "xmm[1]" is not a half of xmm0, unless the whole name says so. */
static bool is_of_registers(const struct cat_field *field)
{
    const char *dot = strrchr(field->name, '.');

    return field->registers && field->registers->count &&
           strcmp(dot ? dot + 1 : field->name, field->registers->name) == 0;
}

bool select_field(const struct select *select, const struct cat_field *field,
                  size_t *element)
{
    size_t unit, last;

    *element = SIZE_MAX;
    if (!select->field)
        return true;
    if (!same_name(field->name, select->field, select->some_parts, &unit,
                   &last) ||
        !element_of(field, unit, last, element))
        return false;
    return !select->some_parts || *element == SIZE_MAX ||
           !is_of_registers(field);
}

/* -- checking ---------------------------------------------------------- */

/* Find the row of the field in the first selected record that has it. */
static const struct cat_field *find_row(const domctx_context *context,
                                        const struct select *select)
{
    size_t element;

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (!record->known || !suggest_first(context, i) ||
            (select->record && !is_called(record, select->record)))
            continue;
        for (size_t k = 0; k < record->known->n_fields; k++)
            if (select_field(select, &record->known->fields[k], &element))
                return &record->known->fields[k];
    }
    return NULL;
}

static bool has_field(const domctx_context *context,
                      const struct select *select)
{
    return find_row(context, select) != NULL;
}

bool select_register(const struct select *select,
                     const domctx_context *context,
                     const struct context_record *record,
                     struct cpu_register *found)
{
    return register_find(record, context_nearest_layout(context, record),
                         select->field, found) == REGISTER_THERE;
}

/* Whether the field is a register of a selected record; -1 if it could be one,
 * but every record lacks it. */
static int find_register(const domctx_context *context,
                         const struct select *select, domctx_report *report)
{
    const struct context_record *lacks = NULL;
    struct cpu_register found;

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (!record->known || !select_record(select, record))
            continue;
        switch (register_find(record, context_nearest_layout(context, record),
                              select->field, &found)) {
        case REGISTER_THERE:
            return 1;
        case REGISTER_ABSENT:
            lacks = record;
            break;
        case REGISTER_UNKNOWN:
        default:
            break;
        }
    }
    if (!lacks)
        return 0;
    return register_refuse(lacks, select->field, report);
}

bool select_entry(const struct select *select, const domctx_context *context,
                  const struct context_record *record, struct entry *found)
{
    return record->known &&
           entry_find(record, context_nearest_layout(context, record),
                      select->field, found);
}

static bool has_record(const domctx_context *context,
                       const struct select *select)
{
    for (size_t i = 0; i < context->count; i++)
        if (select_record(select, &context->records[i]))
            return true;
    return false;
}

static bool has_entry(const domctx_context *context,
                      const struct select *select)
{
    struct entry found;

    for (size_t i = 0; i < context->count; i++)
        if (select_record(select, &context->records[i]) &&
            select_entry(select, context, &context->records[i], &found))
            return true;
    return false;
}

/* Whether the field is a register or an entry's key: 1, 0, or -1 for a
 * register that the record lacks. */
static int find_other(const domctx_context *context, struct select *select,
                      domctx_report *report)
{
    int registers = find_register(context, select, report);

    select->is_register = registers > 0;
    select->is_entry = registers == 0 && has_entry(context, select);
    return select->is_entry ? 1 : registers;
}

/* Whether a selected record has the element in brackets: 1, else -1. */
static int check_element(const domctx_context *context,
                         const struct select *select, domctx_report *report)
{
    size_t element, asked = SIZE_MAX, most = 0;

    for (size_t i = 0; select->field && i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        for (size_t k = 0; record->known && select_record(select, record) &&
                           k < record->known->n_fields; k++) {
            const struct cat_field *field = &record->known->fields[k];
            size_t count = context_count(record, field);

            if (!select_field(select, field, &element))
                continue;
            if (element == SIZE_MAX || element < count)
                return 1;
            asked = element;
            most = count > most ? count : most;
        }
    }
    if (asked == SIZE_MAX)
        return 1;
    if (asked == ELEMENT_TOO_LARGE)
        return msg_raise(report, MSG_SELECT_FIELD, NULL,
                         "'%.40s': there is no such element, but %zu of them",
                         select->field, most);
    return msg_raise(report, MSG_SELECT_FIELD, NULL,
                     "'%.40s': there is no element %zu, but %zu of them",
                     select->field, asked, most);
}

/* Look the name up as a field, element, register or key, with the same
 * results. */
static int find_name(const domctx_context *context, struct select *select,
                     domctx_report *report)
{
    select->some_parts = false;
    if (!select->field || has_field(context, select))
        return check_element(context, select, report);
    select->some_parts = true;
    if (has_field(context, select))
        return check_element(context, select, report);
    select->some_parts = false;
    return find_other(context, select, report);
}

/* -- other names, other records ---------------------------------------- */

static bool is_of_vcpu(const domctx_context *context,
                       const struct select *select)
{
    for (size_t i = 0; i < context->count; i++)
        if (context->records[i].known &&
            select_record(select, &context->records[i]))
            return context->records[i].known->flags & CAT_VCPU;
    return false;
}

/* Whether another record may be meant instead of the selected one: both must
 * be a vCPU's, so that the instance is the vCPU's number. */
static bool may_be(const domctx_context *context, const struct select *asked,
                   const struct select *other)
{
    return has_record(context, other) &&
           (!asked->record || strcasecmp(asked->record, other->record) == 0 ||
            (is_of_vcpu(context, asked) && is_of_vcpu(context, other)));
}

/* Look up a name that people use for a field of the catalogue. */
static bool find_also(const domctx_context *context, struct select *select)
{
    const struct cat_also *also;

    for (size_t at = 0; (also = cat_also(select->field, &at));) {
        struct select other = *select;

        other.record = also->record;
        other.field = also->field;
        if (!may_be(context, select, &other) || !has_field(context, &other))
            continue;
        *select = other;
        return true;
    }
    return false;
}

/* Find a register or entry in another record of the vCPU: CPU/0.ymm3. */
static int find_elsewhere(const domctx_context *context,
                          struct select *select, domctx_report *report)
{
    for (size_t i = 0; select->record && i < context->count; i++) {
        const struct cat_record *known = context->records[i].known;
        struct select other = *select;
        int result;

        if (!known || !(known->flags & CAT_VCPU) || !suggest_first(context, i))
            continue;
        other.record = known->name;
        if (!may_be(context, select, &other))
            continue;
        result = find_other(context, &other, report);
        if (result != 0) {
            *select = other;
            return result;
        }
    }
    return 0;
}

/* The name of another record that has a field of that name, or NULL. */
static const char *who_has(const domctx_context *context,
                           const struct select *select)
{
    for (size_t i = 0; select->record && i < context->count; i++) {
        const struct cat_record *known = context->records[i].known;
        struct select other = *select;

        if (!known || !suggest_first(context, i))
            continue;
        other.record = known->name;
        if (has_field(context, &other))
            return known->name;
    }
    return NULL;
}

/* Refuse "cr4.UMIP", a bit as debuggers write it; 0 if it is none. */
static int refuse_bit(const domctx_context *context,
                      const struct select *select, domctx_report *report)
{
    const char *dot = strrchr(select->field, '.');
    struct select whole = *select;
    const struct cat_field *row;
    const struct cat_word *word;
    char name[80];

    if (!dot || (size_t)(dot - select->field) >= sizeof(name))
        return 0;
    snprintf(name, sizeof(name), "%.*s", (int)(dot - select->field),
             select->field);
    whole.field = name;
    row = find_row(context, &whole);
    if (!row && find_also(context, &whole))
        row = find_row(context, &whole);
    word = row && row->names ? names_find(row->names, dot + 1) : NULL;
    if (!word)
        return 0;
    return msg_raise(report, MSG_SELECT_FIELD, NULL,
                     "'%.40s' is no field, but %s is a name in the value of "
                     "%.40s, which is set with +=%s", select->field,
                     word->word, name, word->word);
}

/* Refuse a known MSR that has no entry in the record. */
static int refuse_msr(const struct select *select, domctx_report *report)
{
    uint32_t index;

    if (!cat_msr_index(select->field, &index))
        return 0;
    return msg_raise(report, MSG_SELECT_FIELD, NULL,
                     "the MSR %.40s, 0x%" PRIx32 ", is in no field, and no "
                     "entry of CPU_MSR here is its own", select->field,
                     index);
}

static int refuse_field(const domctx_context *context,
                        const struct select *select, domctx_report *report)
{
    const char *other = who_has(context, select);

    if (!other && (refuse_bit(context, select, report) < 0 ||
                   refuse_msr(select, report) < 0))
        return -1;
    if (other)
        return msg_raise(report, MSG_SELECT_FIELD, NULL,
                         "%.40s has no field '%.40s', but %s has one",
                         select->record, select->field, other);
    return suggest_field(context, select, report);
}

int select_check(const domctx_context *context, struct select *select,
                 domctx_report *report)
{
    int found;

    if (!has_record(context, select))
        return suggest_record(context, select, report);
    found = find_name(context, select, report);
    if (found == 0 && find_also(context, select))
        return 0;
    if (found == 0)
        found = find_elsewhere(context, select, report);
    if (found == 0)
        return refuse_field(context, select, report);
    return found > 0 ? 0 : -1;
}
