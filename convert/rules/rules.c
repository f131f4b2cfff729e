/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules/rules.h"

#include <string.h>

/* A "since" that is wholly zero holds always; an "until" then never. */
static bool is_over(const struct since *until, struct release release)
{
    return until->points[0].series != 0 && since_all(until, release);
}

bool rule_holds(const struct rule *rule, struct release saver,
                struct release target)
{
    switch (rule->direction) {
    case RULE_UP:
        return !since_all(&rule->since, saver) &&
               since_some(&rule->since, target);
    case RULE_DOWN:
        return since_some(&rule->since, saver) &&
               !since_all(&rule->since, target);
    case RULE_LOAD:
    default:
        return since_some(&rule->since, target) &&
               !is_over(&rule->until, target);
    }
}

/* Most names differ in the first letter; this is called often. */
static bool same(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0;
}

/* The name that later layouts have for the field. */
static const char *last_name(const struct cat_record *record,
                             const char *name)
{
    for (size_t i = 0; i < record->n_fields; i++)
        if (same(record->fields[i].name, name))
            return cat_last_name(&record->fields[i]);
    return name;
}

/* The field of the layout whose latest name this is. */
static const struct cat_field *by_last(const struct cat_record *record,
                                       const struct cat_layout *layout,
                                       const char *last)
{
    for (size_t i = 0; i < record->n_fields; i++)
        if (cat_field_in(&record->fields[i], layout) &&
            same(cat_last_name(&record->fields[i]), last))
            return &record->fields[i];
    return NULL;
}

const struct cat_field *rule_field(const struct cat_record *record,
                                   const struct cat_layout *layout,
                                   const char *name)
{
    const char *last = last_name(record, name);
    const struct cat_field *field = by_last(record, layout, last);

    for (size_t i = 0; !field && i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (rule->typecode != record->typecode || !rule->was)
            continue;
        if (same(last_name(record, rule->field), last))
            field = by_last(record, layout, last_name(record, rule->was));
        else if (same(last_name(record, rule->was), last))
            field = by_last(record, layout,
                            last_name(record, rule->field));
    }
    return field;
}

bool rule_met(const struct rule *rule, const struct rule_subject *subject)
{
    const struct rule_cond *cond = &rule->cond;

    switch (cond->test) {
    case RULE_ALWAYS:
        return true;
    case RULE_EQUAL:
        return (subject->value & cond->mask) == cond->operand;
    case RULE_UNEQUAL:
        return (subject->value & cond->mask) != cond->operand;
    case RULE_ABOVE:
        return subject->value > cond->operand;
    case RULE_NAMED:
    default:
        return cond->named(subject);
    }
}

bool rule_find_in(const struct rule *rule, const struct cat_field *field,
                  struct rule_subject *subject)
{
    subject->rule = rule;
    subject->field = field;
    if (!rule->field)
        return subject->i == 0 && rule_met(rule, subject);
    if (!field)
        return false;
    for (; context_get(subject->record, field, subject->i, &subject->value);
         subject->i++)
        if (rule_met(rule, subject))
            return true;
    return false;
}

bool rule_find(const struct rule *rule, struct rule_subject *subject)
{
    const struct context_record *record = subject->record;
    const struct cat_field *field = NULL;

    if (rule->field && record->layout)
        field = rule_field(record->known, record->layout, rule->field);
    return rule_find_in(rule, field, subject);
}
