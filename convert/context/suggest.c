/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context/suggest.h"
#include "base/chars.h"
#include "catalogue/also.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NEAR 3

/* Names similar to the asked one, or else as many as fit. */
struct near {
    const char *asked;
    unsigned int least;     /* distance of the listed names */
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

/* The distance; a name that contains the asked one counts as distance 1. */
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

static void offer_records(const domctx_context *context, struct near *near)
{
    char buf[CONTEXT_NAME_ROOM];

    for (size_t i = 0; i < context->count; i++)
        if (suggest_first(context, i))
            near_offer(near, context_name(&context->records[i], buf));
}

/* Offer common names of the record's fields, but only similar ones. */
static void offer_also(const struct cat_record *known, struct near *near)
{
    const struct cat_also *also;

    for (size_t i = 0; (also = cat_also_at(i)); i++)
        if (strcmp(also->record, known->name) == 0)
            near_offer(near, also->name);
}

static void offer_fields(const domctx_context *context,
                         const struct select *select, struct near *near)
{
    char name[REGISTER_NAME_ROOM];

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (!record->known || !suggest_first(context, i) ||
            !select_record(select, record))
            continue;
        for (size_t k = 0; k < record->known->n_fields; k++)
            near_offer(near, record->known->fields[k].name);
        for (size_t k = 0; register_name(record->known, &k, name);)
            near_offer(near, name);
        if (near->least < NEAR)
            offer_also(record->known, near);
    }
}

/* Normalise the asked name as in the table: without indices, and without
 * brackets at its end. */
static void plain_name(char *to, size_t room, const char *asked)
{
    size_t n = 0, ignored;

    while (*asked && n + 3 < room) {
        const char *next = select_step_index(asked, &ignored);

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
    /* first similar names; if there are none, all */
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

/* ------------------------------------------------------------------------ */

/* Whether a record before number i is chosen, too, and has its instance. */
static bool was_listed(const domctx_context *context,
                       const struct select *select, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (context->records[k].instance == context->records[i].instance &&
            select_record(select, &context->records[k]))
            return true;
    return false;
}

int suggest_record(const domctx_context *context,
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

        if (!select_record(&any, &context->records[i]) ||
            was_listed(context, &any, i))
            continue;
        if (found++ >= 8)
            continue;
        n = snprintf(list + used, sizeof(list) - used, "%s%" PRIu32,
                     used > 0 ? ", " : "", context->records[i].instance);
        used += n > 0 ? (size_t)n : 0;
    }
    if (found == 0 && select->record && select_known(select->record))
        return msg_raise(report, MSG_SELECT_RECORD, NULL,
                         "this context has no %s",
                         select_known(select->record));
    if (found == 0)
        return refuse(report, MSG_SELECT_RECORD, "record", select->record,
                      &near, context, NULL);
    return msg_raise(report, MSG_SELECT_INSTANCE, NULL,
                     "no %.40s has instance %" PRIu32 "; there are %s%s",
                     select->record ? select->record : "record",
                     select->instance, list, found > 8 ? ", ..." : "");
}

int suggest_field(const domctx_context *context, const struct select *select,
                  domctx_report *report)
{
    const char *bare = cat_bare_name(select->field);
    char plain[2 * NEAR_LONGEST];
    struct near near = { .asked = plain };
    struct select kind = *select;

    kind.has_instance = false;
    plain_name(plain, sizeof(plain), *bare ? bare : select->field);
    return refuse(report, MSG_SELECT_FIELD, "field", select->field, &near,
                  context, &kind);
}
