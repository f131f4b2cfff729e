/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ignoring differences, and selecting them. */
#include "diff/rule.h"
#include "base/chars.h"
#include "context/select.h"

#include <stdio.h>
#include <string.h>

/* --- names -------------------------------------------------------------- */

/* Whether the name, without some of its parts, means the field:
 * "redirtbl[5].mask" for "redirtbl[].fields.mask". */
static bool names_parts(const struct diff_rule *rule,
                        const struct cat_field *field, size_t i)
{
    char name[RULE_NAME_ROOM];
    struct select whole = { .field = name };
    struct select some = { .field = name, .some_parts = true };
    size_t element;

    snprintf(name, sizeof(name), "%.*s", (int)rule->size, rule->field);
    /* compare the whole name first */
    return !select_field(&whole, field, &element) &&
           select_field(&some, field, &element) &&
           (element == SIZE_MAX ||
            ((!field->count || element < field->count) &&
             (i == DIFF_ALL || element == i)));
}

bool diff_rule_names(const struct diff_rule *rule,
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

bool diff_rule_name(const struct diff_rule *rule, char name[RULE_NAME_ROOM])
{
    return snprintf(name, RULE_NAME_ROOM, "%.*s", (int)rule->size,
                    rule->field) < RULE_NAME_ROOM;
}

/* --- entries of a tail, by their keys --------------------------------- */

/* Whether the name has the unit's key in brackets, as differences are printed:
 * "msr[0x48].val". */
static bool is_label(const char *name, const struct cat_field *field,
                     const char *key)
{
    char label[DIFF_LABEL_ROOM];
    const char *units = strstr(field->name, "[]");

    if (!units)
        return false;
    snprintf(label, sizeof(label), "%.*s[%s]%s", (int)(units - field->name),
             field->name, key, units + 2);
    return strcmp(name, label) == 0;
}

bool diff_rule_entry(const char *name, const struct context_record *record,
                     const struct cat_layout *layout, struct entry *found)
{
    char key[RULE_NAME_ROOM];

    if (!record->known || !layout)
        return false;
    if (entry_find(record, layout, name, found))
        return true;
    /* without 0x it is an index, not a key */
    return sscanf(name, "%*[^[][0x%90[0-9a-f]]", key + 2) == 1 &&
           (memcpy(key, "0x", 2), entry_find(record, layout, key, found)) &&
           is_label(name, found->field, key);
}

/* --- judging ------------------------------------------------------------ */

/* Whether a rule covers the field: its own, or a row inside it. */
static bool covers_field(const struct diff_rule *rule,
                         const struct diff_side *side,
                         const struct cat_layout *layout)
{
    const struct cat_record *known = side->record->known;
    const struct cat_field *field = side->field;
    size_t at = cat_offset(field, side->index == DIFF_ALL ? 0 : side->index);
    size_t index;

    if (diff_rule_names(rule, field, side->index))
        return true;
    if (!field->count)
        return false;
    for (size_t i = 0; i < known->n_fields; i++)
        if (cat_field_in(&known->fields[i], layout) &&
            cat_covers(&known->fields[i], at + field->bit / 8,
                       field->bit % 8, &index) &&
            diff_rule_names(rule, &known->fields[i], index))
            return true;
    return false;
}

/* Whether the rule names the entry that differs. */
static bool covers_entry(const struct diff_rule *rule,
                         const struct diff_side *side,
                         const struct cat_layout *layout)
{
    char name[RULE_NAME_ROOM];
    struct entry found;

    return diff_rule_name(rule, name) &&
           diff_rule_entry(name, side->record, layout, &found) &&
           found.element == side->index;
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
        const struct cat_layout *layout;

        if (!side->field)
            continue;
        layout = context_nearest_layout(diff->context[k], side->record);
        if (covers_field(rule, side, layout) ||
            (difference->has_key && covers_entry(rule, side, layout)))
            return true;
    }
    return false;
}

/* Whether the field is a clock. */
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
