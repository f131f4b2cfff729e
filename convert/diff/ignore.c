/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a comparison leaves out: RECORD, RECORD/INSTANCE, either with .FIELD,
 * FIELD of any record, and the word "moving".
 */
#include "diff/diff.h"
#include "base/chars.h"
#include "catalogue/also.h"
#include "context/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct diff_rule {
    const struct cat_record *record; /* NULL: any */
    bool has_instance;
    uint32_t instance;
    const char *field;               /* in the caller's text; NULL: all */
    size_t size;
    bool some_parts;                 /* as in struct select */
};

/* --- names -------------------------------------------------------------- */

/* Digits at *p, of at most 32 bits; *p is then behind them. */
static bool read_number(const char **p, const char *end, uint32_t *number)
{
    uint64_t value = 0;
    const char *first = *p;

    for (; *p < end && char_is_digit(**p); (*p)++) {
        value = value * 10 + (uint64_t)(**p - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *number = (uint32_t)value;
    return *p > first;
}

#define NAME_ROOM 100

/* "redirtbl[5].mask" of "redirtbl[].fields.mask" */
static bool names_parts(const struct diff_rule *rule,
                        const struct cat_field *field, size_t i)
{
    char name[NAME_ROOM];
    struct select whole = { .field = name };
    struct select some = { .field = name, .some_parts = true };
    size_t element;

    snprintf(name, sizeof(name), "%.*s", (int)rule->size, rule->field);
    /* all of a name is written as it is */
    return !select_field(&whole, field, &element) &&
           select_field(&some, field, &element) &&
           (element == SIZE_MAX ||
            ((!field->count || element < field->count) &&
             (i == DIFF_ALL || element == i)));
}

/* Whether the rule names the field, or its element i: "redirtbl[].bits",
 * "redirtbl[5].bits", "sint_msr", "sint_msr[3]".  i may be DIFF_ALL: any. */
static bool names_field(const struct diff_rule *rule,
                        const struct cat_field *field, size_t i)
{
    char label[CAT_LABEL_ROOM];

    if (rule->some_parts)
        return names_parts(rule, field, i);
    if (text_is(rule->field, rule->size, field->name))
        return true;
    if (field->count == 1 || !memchr(rule->field, '[', rule->size))
        return false;
    if (i != DIFF_ALL)
        return text_is(rule->field, rule->size,
                       cat_label(field, i, 1, label));
    for (i = 0; i < field->count; i++)
        if (text_is(rule->field, rule->size, cat_label(field, i, 1, label)))
            return true;
    return false;
}

static const struct cat_record *record_in(const struct cat_record *table,
                                          size_t count, const char *text,
                                          size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (text_is(text, size, table[i].name))
            return &table[i];
    return NULL;
}

static const struct cat_record *find_record(const char *text, size_t size)
{
    const struct cat_record *record =
        record_in(cat_table, cat_table_size, text, size);

    if (!record)
        record = record_in(cat_image_table, cat_image_table_size, text,
                           size);
    return record ? record : diff_guest_record(text, size);
}

static bool has_field(const struct cat_record *record,
                      const struct diff_rule *rule)
{
    char name[REGISTER_NAME_ROOM];

    for (size_t i = 0; i < record->n_fields; i++)
        if (names_field(rule, &record->fields[i], DIFF_ALL))
            return true;
    for (size_t at = 0; register_name(record, &at, name);)
        if (text_is(rule->field, rule->size, name))
            return true;
    return diff_guest_names(record, rule->field, rule->size);
}

static bool field_known(const struct diff_rule *rule)
{
    if (rule->record)
        return has_field(rule->record, rule);
    for (size_t i = 0; i < cat_table_size; i++)
        if (has_field(&cat_table[i], rule))
            return true;
    for (size_t i = 0; i < cat_image_table_size; i++)
        if (has_field(&cat_image_table[i], rule))
            return true;
    return false;
}

/* Whether the rule may mean a field of the other record: it is the one that it
 * names, or both are of a vCPU. */
static bool may_mean(const struct diff_rule *rule,
                     const struct cat_record *other)
{
    return other && (!rule->record || rule->record == other ||
                     rule->record->flags & other->flags & CAT_VCPU);
}

/* By some of its parts, or by what people call it. */
static bool field_known_as(struct diff_rule *rule)
{
    const struct cat_also *also;
    char name[NAME_ROOM];

    if (rule->size >= sizeof(name))
        return false;
    rule->some_parts = true;
    if (field_known(rule))
        return true;
    rule->some_parts = false;
    snprintf(name, sizeof(name), "%.*s", (int)rule->size, rule->field);
    for (size_t at = 0; (also = cat_also(name, &at));) {
        const struct cat_record *record =
            find_record(also->record, strlen(also->record));

        if (!may_mean(rule, record))
            continue;
        rule->record = record;
        rule->field = also->field;
        rule->size = strlen(also->field);
        return true;
    }
    return false;
}

/* --- reading ------------------------------------------------------------ */

/* One word of the list as a rule; false: it names nothing that is known. */
static bool read_rule(const char *text, size_t size, struct diff_rule *rule)
{
    const char *end = text + size, *p = text;

    *rule = (struct diff_rule){ 0 };
    while (p < end && *p != '/' && *p != '.')
        p++;
    rule->record = find_record(text, (size_t)(p - text));
    if (!rule->record)
        p = text;
    if (p < end && rule->record && *p == '/') {
        p++;
        rule->has_instance = read_number(&p, end, &rule->instance);
        if (!rule->has_instance)
            return false;
    }
    if (p == end)
        return rule->record;
    if (rule->record && *p++ != '.')
        return false;
    rule->field = p;
    rule->size = (size_t)(end - p);
    return field_known(rule) || field_known_as(rule);
}

static int refuse(const char *text, size_t size, domctx_report *report)
{
    return msg_raise(report, MSG_DIFF_IGNORE, NULL,
                     "there is no record or field '%.*s'",
                     size > 100 ? 100 : (int)size, text);
}

static int read_rules(const char *text, struct diff_rules *rules,
                      domctx_report *report)
{
    size_t words = 1;

    if (!text)
        return 0;
    for (const char *p = text; *p; p++)
        words += *p == ',';
    rules->rule = calloc(words, sizeof(*rules->rule));
    if (!rules->rule)
        return msg_no_memory(report, words * sizeof(*rules->rule));
    for (;; text++) {
        size_t size = strcspn(text, ",");

        if (text_is(text, size, "moving"))
            rules->moving = true;
        else if (!read_rule(text, size, &rules->rule[rules->count]))
            return refuse(text, size, report);
        else
            rules->count++;
        text += size;
        if (!*text)
            return 0;
    }
}

int diff_read_rules(struct diff *diff, domctx_report *report)
{
    int rc = read_rules(diff->options->ignore, &diff->ignore, report);

    return rc < 0 ? rc : read_rules(diff->options->only, &diff->only, report);
}

void diff_free_rules(struct diff *diff)
{
    free(diff->ignore.rule);
    free(diff->only.rule);
}

/* --- judging ------------------------------------------------------------ */

/* A rule for a field covers the rows that lie in it, too. */
static bool covers_field(const struct diff_rule *rule,
                         const struct diff_side *side,
                         const struct cat_layout *layout)
{
    const struct cat_record *known = side->record->known;
    const struct cat_field *field = side->field;
    size_t at = cat_offset(field, side->index == DIFF_ALL ? 0 : side->index);
    size_t index;

    if (names_field(rule, field, side->index))
        return true;
    if (!field->count)
        return false;
    for (size_t i = 0; i < known->n_fields; i++)
        if (cat_field_in(&known->fields[i], layout) &&
            cat_covers(&known->fields[i], at + field->bit / 8,
                       field->bit % 8, &index) &&
            names_field(rule, &known->fields[i], index))
            return true;
    return false;
}

static bool rule_covers(const struct diff *diff,
                        const struct diff_rule *rule,
                        const struct difference *difference)
{
    const struct context_record *record = diff_record(difference);

    if (rule->record && !(record->known && strcmp(rule->record->name,
                                                  record->known->name) == 0))
        return false;
    if (rule->has_instance && rule->instance != record->instance)
        return false;
    if (!rule->field)
        return true;
    if ((difference->entry || difference->kind == DIFF_CONFIG) &&
        text_is(rule->field, rule->size,
                difference->entry ? difference->entry : difference->member))
        return true;
    for (int k = 0; k < 2; k++) {
        const struct diff_side *side = &difference->side[k];

        if (side->field &&
            covers_field(rule, side,
                         context_nearest_layout(diff->context[k],
                                                side->record)))
            return true;
    }
    return false;
}

/* Of every field there is, it is a clock. */
static bool is_moving(const struct difference *difference)
{
    const struct diff_side *side = difference->side;

    if (difference->moves)
        return true;
    if (!side[0].field && !side[1].field)
        return false;
    return (!side[0].field || side[0].field->flags & CAT_MOVES) &&
           (!side[1].field || side[1].field->flags & CAT_MOVES);
}

static bool covered(const struct diff *diff, const struct diff_rules *rules,
                    const struct difference *difference)
{
    if (rules->moving && is_moving(difference))
        return true;
    for (size_t i = 0; i < rules->count; i++)
        if (rule_covers(diff, &rules->rule[i], difference))
            return true;
    return false;
}

bool diff_ignored(const struct diff *diff,
                  const struct difference *difference)
{
    return covered(diff, &diff->ignore, difference);
}

bool diff_wanted(const struct diff *diff,
                 const struct difference *difference)
{
    return !diff->options->only || covered(diff, &diff->only, difference);
}
