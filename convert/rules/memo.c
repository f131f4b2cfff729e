/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of rules_load by the layout of a record. */
#include "rules/rules.h"

#include <stdlib.h>

static bool is_about(const struct rule *rule,
                     const struct context_record *record)
{
    return rule->typecode == record->known->typecode;
}

/* The last lookup: neighbouring rows often name the same field. */
struct found {
    const char *name;
    const struct cat_field *field;
};

/* Whether the record has the field that the rule names; sets found. */
static bool finds(const struct rule *rule, const struct context_record *record,
                  struct found *found)
{
    if (rule->field != found->name)
        found->field = rule->field && record->layout
                           ? rule_field(record->known, record->layout,
                                        rule->field)
                           : NULL;
    found->name = rule->field;
    return found->field || !rule->field;
}

static struct rule_rows *find_rows(const struct context_record *record)
{
    struct found found = { NULL, NULL };
    struct rule_rows *rows;
    size_t count = 0;

    for (size_t i = 0; i < n_rules_load; i++)
        count += is_about(&rules_load[i], record);
    rows = malloc(sizeof(*rows) + count * sizeof(rows->row[0]));
    if (!rows)
        return NULL;
    rows->layout = record->layout;
    rows->count = 0;
    for (size_t i = 0; i < n_rules_load; i++)
        if (is_about(&rules_load[i], record) &&
            finds(&rules_load[i], record, &found))
            rows->row[rows->count++] = (struct rule_row){ i, found.field };
    return rows;
}

const struct rule_rows *rule_rows(struct rule_memo *memo,
                                  const struct context_record *record)
{
    struct rule_rows **first = &memo->of[record->known->typecode];
    struct rule_rows *rows = *first;

    while (rows && rows->layout != record->layout)
        rows = rows->next;
    if (rows)
        return rows;
    rows = find_rows(record);
    if (rows) {
        rows->next = *first;
        *first = rows;
    }
    return rows;
}

void rule_memo_free(struct rule_memo *memo)
{
    for (size_t i = 0; i < CODE_COUNT; i++)
        while (memo->of[i]) {
            struct rule_rows *next = memo->of[i]->next;

            free(memo->of[i]);
            memo->of[i] = next;
        }
    free(memo->silent);
}
