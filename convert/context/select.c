/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context/select.h"
#include "base/chars.h"
#include "catalogue/types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* -- matching ---------------------------------------------------------- */

/* "33", "typecode 33" */
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

/* Other names of a record: its typecode, with HVM_ in front, those of older
 * releases. */
static bool is_called(const struct context_record *record, const char *name)
{
    const struct cat_record *known = record->known;
    char buf[CONTEXT_NAME_ROOM];

    if (strcasecmp(name, context_name(record, buf)) == 0 ||
        is_typecode(record, name))
        return true;
    if (!known)
        return false;
    if (strcasecmp(name, known->image_name) == 0)
        return true;
    for (size_t i = 0; i < known->n_layouts; i++)
        if (known->layouts[i].name &&
            strcasecmp(name, known->layouts[i].name) == 0)
            return true;
    return false;
}

bool select_record(const struct select *select,
                   const struct context_record *record)
{
    return (!select->has_instance ||
            select->instance == record->instance) &&
           (!select->record || is_called(record, select->record));
}

/* Steps over "[digits]" or "[]"; the number goes to *element. */
static const char *step_index(const char *p, size_t *element)
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
    *element = n < SIZE_MAX ? (size_t)n : SIZE_MAX - 1;
    return end + 1;
}

/* Compare the name of a field with the asked one without the numbers in
 * brackets.  *unit: the number behind a structure; *last: the one at the
 * end. */
static bool same_name(const char *name, const char *asked, size_t *unit,
                      size_t *last)
{
    *unit = *last = SIZE_MAX;
    for (;; name++, asked++) {
        bool of_unit = *name == '[';
        size_t ignored;

        name = step_index(name, &ignored);
        asked = step_index(asked, of_unit ? unit : last);
        /* two in a row: "pad[][5]" */
        if (of_unit)
            asked = step_index(asked, last);
        if (char_lower(*name) != char_lower(*asked))
            return false;
        if (!*name)
            return true;
    }
}

/* The index of the element with these two numbers; false: out of range. */
static bool element_of(const struct cat_field *field, size_t unit,
                       size_t last, size_t *element)
{
    if (unit == SIZE_MAX || (field->run == 1 && last == SIZE_MAX)) {
        *element = unit == SIZE_MAX ? last : unit;
        return true;
    }
    *element = unit * field->run + last;
    return last < field->run && unit < SIZE_MAX / field->run - 1;
}

bool select_field(const struct select *select, const struct cat_field *field,
                  size_t *element)
{
    const char *name = field->name, *dot = strrchr(name, '.');
    size_t unit, last;

    *element = SIZE_MAX;
    if (!select->field)
        return true;
    return same_name(select->last_part && dot ? dot + 1 : name,
                     select->field, &unit, &last) &&
           element_of(field, unit, last, element);
}

/* -- suggestions ------------------------------------------------------- */

#define NEAR 3

/* Names near the asked one, or else as many as fit. */
struct near {
    const char *asked;
    unsigned int least;     /* distance of those in the list */
    char list[160];
    size_t used;
    bool more;
};

static void list_add(struct near *near, const char *name)
{
    int n;

    if (near->more)
        return;
    n = snprintf(near->list + near->used, sizeof(near->list) - near->used,
                 "%s%s", near->used > 0 ? ", " : "", name);
    if (n > 0 && near->used + (size_t)n < sizeof(near->list) - 5)
        near->used += (size_t)n;
    else
        near->more = true;
    near->list[near->used] = '\0';
}

static bool listed(const struct near *near, const char *name)
{
    const char *p = near->list;
    size_t n = strlen(name);

    for (; (p = strstr(p, name)); p++)
        if ((p == near->list || p[-1] == ' ') &&
            (p[n] == '\0' || p[n] == ','))
            return true;
    return false;
}

/* A name that has the asked one in it is as near as one change. */
static unsigned int nearness(const char *asked, const char *name)
{
    unsigned int changes = domctx_name_distance(asked, name);

    return changes > 1 && strlen(asked) > 1 && strcasestr(name, asked)
               ? 1
               : changes;
}

static void near_offer(struct near *near, const char *name)
{
    unsigned int changes = nearness(near->asked, name);

    if (changes > near->least || listed(near, name))
        return;
    if (changes < near->least && changes < NEAR) {
        near->least = changes;
        near->used = 0;
        near->list[0] = '\0';
        near->more = false;
    }
    list_add(near, name);
}

/* Whether record i is the first of its kind, and so of its name. */
static bool first_of_kind(const domctx_context *context, size_t i)
{
    return i == 0 || context->records[i - 1].type !=
                         context->records[i].type;
}

static void offer_records(const domctx_context *context, struct near *near)
{
    char buf[CONTEXT_NAME_ROOM];

    for (size_t i = 0; i < context->count; i++)
        if (first_of_kind(context, i))
            near_offer(near, context_name(&context->records[i], buf));
}

static void offer_fields(const domctx_context *context,
                         const struct select *select, struct near *near)
{
    char name[REGISTER_NAME_ROOM];

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (!record->known || !first_of_kind(context, i) ||
            !select_record(select, record))
            continue;
        for (size_t k = 0; k < record->known->n_fields; k++)
            near_offer(near, record->known->fields[k].name);
        for (size_t k = 0; register_name(record->known, &k, name);)
            near_offer(near, name);
    }
}

/* The asked name in the form of the table: no numbers in brackets, and no
 * brackets at the end. */
static void plain_name(char *to, size_t room, const char *asked)
{
    size_t n = 0, ignored;

    while (*asked && n + 3 < room) {
        const char *next = step_index(asked, &ignored);

        if (next == asked) {
            to[n++] = *asked++;
            continue;
        }
        asked = next;
        if (*asked) {
            to[n++] = '[';
            to[n++] = ']';
        }
    }
    to[n] = '\0';
}

static int refuse(domctx_report *report, enum msg_id id, const char *what,
                  const char *asked, struct near *near,
                  const domctx_context *context, const struct select *select)
{
    /* First the near names; without any, all. */
    for (int pass = 0; pass < 2 && near->used == 0; pass++) {
        near->least = pass == 0 ? NEAR - 1 : NEAR_LONGEST;
        if (select)
            offer_fields(context, select, near);
        else
            offer_records(context, near);
    }
    if (near->used == 0)
        return msg_raise(report, id, NULL,
                         "no %s is called '%.40s'; there are none that have "
                         "a name", what, asked);
    return msg_raise(report, id, NULL, "no %s is called '%.40s'; %s %s%s",
                     what, asked,
                     near->least < NEAR ? "near it:" : "there are",
                     near->list, near->more ? ", ..." : "");
}

/* -- checking ---------------------------------------------------------- */

static int refuse_record(const domctx_context *context,
                         const struct select *select, domctx_report *report)
{
    struct near near = { .asked = select->record };
    struct select any = *select;
    char list[100] = "";
    size_t used = 0, found = 0;

    if (select->record && context->wrapped &&
        strcasecmp(select->record, "HVM_CONTEXT") == 0)
        return msg_raise(report, MSG_SELECT_RECORD, NULL,
                         "HVM_CONTEXT is shown by the records in it: choose "
                         "one of those, such as CPU");
    any.has_instance = false;
    for (size_t i = 0; i < context->count; i++) {
        int n;

        if (!select_record(&any, &context->records[i]))
            continue;
        if (found++ >= 8)
            continue;
        n = snprintf(list + used, sizeof(list) - used, "%s%" PRIu32,
                     used > 0 ? ", " : "", context->records[i].instance);
        used += n > 0 ? (size_t)n : 0;
    }
    if (found == 0)
        return refuse(report, MSG_SELECT_RECORD, "record", select->record,
                      &near, context, NULL);
    return msg_raise(report, MSG_SELECT_INSTANCE, NULL,
                     "no %.40s has instance %" PRIu32 "; there are %s%s",
                     select->record ? select->record : "record",
                     select->instance, list, found > 8 ? ", ..." : "");
}

static bool has_field(const domctx_context *context,
                      const struct select *select)
{
    size_t element;

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (!record->known || !first_of_kind(context, i) ||
            (select->record && !is_called(record, select->record)))
            continue;
        for (size_t k = 0; k < record->known->n_fields; k++)
            if (select_field(select, &record->known->fields[k], &element))
                return true;
    }
    return false;
}

bool select_register(const struct select *select,
                     const domctx_context *context,
                     const struct context_record *record,
                     struct cpu_register *found)
{
    return register_find(record, context_nearest_layout(context, record),
                         select->field, found) == REGISTER_THERE;
}

/* Whether the field is a register of the records that are chosen: that of one
 * of them at least; -1 where they all lack it. */
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

int select_check(const domctx_context *context, struct select *select,
                 domctx_report *report)
{
    char plain[2 * NEAR_LONGEST];
    struct near near = { .asked = plain };
    struct select kind = *select;
    bool found = false;
    int registers;

    for (size_t i = 0; i < context->count && !found; i++)
        found = select_record(select, &context->records[i]);
    if (!found)
        return refuse_record(context, select, report);
    select->last_part = false;
    if (!select->field || has_field(context, select))
        return 0;
    select->last_part = true;
    if (has_field(context, select))
        return 0;
    select->last_part = false;
    registers = find_register(context, select, report);
    select->is_register = registers > 0;
    if (registers != 0)
        return registers > 0 ? 0 : -1;
    kind.has_instance = false;
    plain_name(plain, sizeof(plain), select->field);
    return refuse(report, MSG_SELECT_FIELD, "field", select->field, &near,
                  context, &kind);
}
