/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules/rules.h"

/* Whether every release for which the target stands has all fields of the
 * layout. */
static bool is_there(const struct cat_record *record,
                     const struct cat_layout *layout, struct release target)
{
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (rule->typecode == record->typecode &&
            rule->action == RULE_GROW &&
            !since_all(&rule->since, target) &&
            rule_field(record, layout, rule->field))
            return false;
    }
    return true;
}

const struct cat_layout *rules_layout(const struct cat_record *record,
                                      struct release target)
{
    const struct cat_layout *best = NULL;

    for (size_t i = 0; i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];
        cat_version from =
            layout->backported ? layout->backported : layout->from;

        if (target.series >= from && target.series <= layout->to &&
            (!best || layout->length > best->length) &&
            is_there(record, layout, target))
            best = layout;
    }
    return best;
}
