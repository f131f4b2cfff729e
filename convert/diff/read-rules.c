/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parsing lists of names to ignore or select: RECORD, RECORD/INSTANCE, either
 * with .FIELD, FIELD of any record, and the word "moving".
 */
#include "diff/rule.h"
#include "base/chars.h"
#include "catalogue/also.h"

#include <stdlib.h>
#include <string.h>

/* --- names -------------------------------------------------------------- */

/* Read digits at *p, up to 32 bits, and advance *p. */
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
        if (diff_rule_names(rule, &record->fields[i], DIFF_ALL))
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

/* Whether the rule may mean a field of another record: both are of a vCPU, or
 * it is the named one. */
static bool may_mean(const struct diff_rule *rule,
                     const struct cat_record *other)
{
    return other && (!rule->record || rule->record == other ||
                     rule->record->flags & other->flags & CAT_VCPU);
}

/* --- resolving a name ---------------------------------------------------- */

/* A name, and the rules made from it. */
struct reading {
    const struct diff *diff;
    struct diff_rules *rules;
    size_t added;
    bool no_memory;
};

static void add_rule(struct reading *reading, const struct diff_rule *rule)
{
    struct diff_rules *rules = reading->rules;
    struct diff_rule *more = realloc(rules->rule,
                                     (rules->count + 1) * sizeof(*more));

    reading->added++;
    reading->no_memory |= !more;
    if (!more)
        return;
    rules->rule = more;
    more[rules->count++] = *rule;
}

/* Whether the name has become a rule for records of that type. */
static bool is_ruled(const struct reading *reading,
                     const struct cat_record *known)
{
    const struct diff_rules *rules = reading->rules;

    for (size_t i = 1; i <= reading->added && !reading->no_memory; i++)
        if (rules->rule[rules->count - i].record == known)
            return true;
    return false;
}

/* Record number i of A followed by B, or NULL. */
static const struct context_record *record_here(const struct diff *diff,
                                                size_t i,
                                                const domctx_context **context)
{
    for (int k = 0; k < 2; k++) {
        *context = diff->context[k];
        if (i < (*context)->count)
            return &(*context)->records[i];
        i -= (*context)->count;
    }
    return NULL;
}

/* Whether a context has what the rule names. */
static bool is_here(const struct diff *diff, const struct diff_rule *rule)
{
    const struct context_record *record;
    const domctx_context *context;

    for (size_t i = 0; (record = record_here(diff, i, &context)); i++)
        if (record->known && has_field(record->known, rule) &&
            (!rule->record || rule->record == record->known))
            return true;
    return false;
}

/* Whether the rule names an entry beside the context. */
static bool is_of_guest(const struct diff_rule *rule)
{
    for (size_t i = 0; !rule->record && i < cat_image_table_size; i++)
        if (diff_guest_names(&cat_image_table[i], rule->field, rule->size))
            return true;
    return false;
}

/* Add rules for the fields that people call so: here: those that a context
 * has, else the first known. */
static void add_also(struct reading *reading, const struct diff_rule *rule,
                     const char *name, bool here)
{
    const struct cat_also *also;

    for (size_t at = 0; (also = cat_also(name, &at));) {
        const struct cat_record *record =
            find_record(also->record, strlen(also->record));
        struct diff_rule other = *rule;

        other.record = record;
        other.field = also->field;
        other.size = strlen(also->field);
        if (!may_mean(rule, record) ||
            !(here ? is_here(reading->diff, &other) : !reading->added))
            continue;
        add_rule(reading, &other);
    }
}

/* Add a rule for entries of that name. */
static void add_entries(struct reading *reading, const struct diff_rule *rule,
                        const char *name)
{
    const struct context_record *record;
    const domctx_context *context;
    const struct cat_layout *layout;
    struct diff_rule other = *rule;
    struct entry found;

    for (size_t i = 0; (record = record_here(reading->diff, i, &context));
         i++) {
        layout = context_nearest_layout(context, record);
        if (!may_mean(rule, record->known) ||
            !diff_rule_entry(name, record, layout, &found))
            continue;
        other.record = record->known;
        add_rule(reading, &other);
        return;
    }
}

/* Add rules for a name that no record here has: any known field or MSR. */
static void add_known(struct reading *reading, struct diff_rule *rule,
                      const char *name)
{
    uint32_t index;

    for (int parts = 0; parts < 2; parts++) {
        rule->some_parts = parts;
        if (!field_known(rule))
            continue;
        add_rule(reading, rule);
        return;
    }
    rule->some_parts = false;
    add_also(reading, rule, name, false);
    if (!reading->added && cat_msr_index(name, &index) &&
        (!rule->record || rule->record->flags & CAT_VCPU))
        add_rule(reading, rule);
}

/* Add a rule for each type of record here: by the whole name, or else by some
 * of its parts. */
static void add_here(struct reading *reading, const struct diff_rule *rule)
{
    const struct context_record *record;
    const domctx_context *context;

    for (size_t i = 0; (record = record_here(reading->diff, i, &context));
         i++) {
        struct diff_rule other = *rule;

        if (!record->known || is_ruled(reading, record->known) ||
            (rule->record && rule->record != record->known))
            continue;
        other.record = record->known;
        other.some_parts = !has_field(record->known, &other);
        if (has_field(record->known, &other))
            add_rule(reading, &other);
    }
}

/* Add rules for all meanings of a name here: an MSR may be a field, an entry,
 * and in a policy. */
static bool add_field(struct reading *reading, struct diff_rule *rule)
{
    char name[RULE_NAME_ROOM];

    if (!diff_rule_name(rule, name))
        return false;
    add_here(reading, rule);
    if (is_of_guest(rule))
        add_rule(reading, rule);
    add_also(reading, rule, name, true);
    add_entries(reading, rule, name);
    if (!reading->added)
        add_known(reading, rule, name);
    return reading->added > 0;
}

/* --- reading ------------------------------------------------------------ */

/* Parse a word of the list; false if nothing is called so. */
static bool read_rule(const char *text, size_t size, struct reading *reading)
{
    const char *end = text + size, *p = text;
    struct diff_rule rule = { 0 };

    reading->added = 0;
    while (p < end && *p != '/' && *p != '.')
        p++;
    rule.record = find_record(text, (size_t)(p - text));
    if (!rule.record)
        p = text;
    if (p < end && rule.record && *p == '/') {
        p++;
        rule.has_instance = read_number(&p, end, &rule.instance);
        if (!rule.has_instance)
            return false;
    }
    if (p == end && rule.record)
        add_rule(reading, &rule);
    if (p == end)
        return rule.record;
    if (rule.record && *p++ != '.')
        return false;
    rule.field = p;
    rule.size = (size_t)(end - p);
    return add_field(reading, &rule);
}

static int refuse(const char *text, size_t size, domctx_report *report)
{
    return msg_raise(report, MSG_DIFF_IGNORE, NULL,
                     "there is no record or field '%.*s'",
                     size > 100 ? 100 : (int)size, text);
}

static int read_rules(const struct diff *diff, const char *text,
                      struct diff_rules *rules, domctx_report *report)
{
    struct reading reading = { .diff = diff, .rules = rules };

    for (; text; text++) {
        size_t size = strcspn(text, ",");

        if (text_is(text, size, "moving"))
            rules->moving = true;
        else if (!read_rule(text, size, &reading))
            return refuse(text, size, report);
        if (reading.no_memory)
            return msg_no_memory(report, 0);
        text += size;
        if (!*text)
            return 0;
    }
    return 0;
}

int diff_read_rules(struct diff *diff, domctx_report *report)
{
    int rc = read_rules(diff, diff->options->ignore, &diff->ignore, report);

    return rc < 0 ? rc : read_rules(diff, diff->options->only, &diff->only,
                                    report);
}

void diff_free_rules(struct diff *diff)
{
    free(diff->ignore.rule);
    free(diff->only.rule);
}
