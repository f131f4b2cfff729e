/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A record of fixed length: from the saver's layout to the target's. */
#include "compat/compat.h"

#include <string.h>

/* Copy a field's elements from one body to another; false if the saver's
 * layout has no such field. */
static bool copy_field(const struct context_record *from,
                       const struct cat_layout *own,
                       const struct cat_field *field, uint8_t *body)
{
    const struct cat_field *old =
        cat_field_in(field, from->layout)
            ? field
            : rule_field(from->known, from->layout, field->name);
    size_t n = cat_count(field, own->length);

    if (!old)
        return false;
    for (size_t i = 0; i < n && i < cat_count(old, from->length); i++)
        cat_set(field, body, i, cat_get(old, from->body, i));
    return true;
}

static void fill_field(const struct cat_layout *own,
                       const struct cat_field *field, uint8_t *body)
{
    for (size_t i = 0; i < cat_count(field, own->length); i++)
        cat_set(field, body, i, field->assumed);
}

/* Equal lengths mean equal offsets: only names or meanings changed, so copy
 * the bytes. */
static void copy_fields(const struct context_record *from,
                        const struct cat_layout *own, uint8_t *body)
{
    if (from->length == own->length) {
        memcpy(body, from->body, own->length);
        return;
    }
    for (size_t i = 0; i < from->known->n_fields; i++) {
        const struct cat_field *field = &from->known->fields[i];

        if (cat_field_in(field, own) &&
            !(field->flags & (CAT_PART | CAT_VIEW)) &&
            !copy_field(from, own, field, body))
            fill_field(own, field, body);
    }
}

/* Count the rules about fields that only the target's layout has. */
static void tell_grown(struct compat *job, const struct context_record *from,
                       const struct cat_layout *own)
{
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (rule->typecode == from->known->typecode &&
            rule->action == RULE_GROW &&
            rule_field(from->known, own, rule->field) &&
            !rule_field(from->known, from->layout, rule->field))
            compat_applied(job, rule, from);
    }
}

/* Report every element that the rule calls lost. */
static void lose_elements(struct compat *job, const struct rule *rule,
                          const struct context_record *from)
{
    struct rule_subject subject = compat_subject(job, from);

    for (; rule_find(rule, &subject); subject.i++)
        compat_lost(job, rule, &subject);
}

/* Clear the bits of the rule's mask. */
static void clear_bits(const struct rule *rule,
                       const struct context_record *from,
                       const struct cat_layout *own, uint8_t *body)
{
    const struct cat_field *field =
        rule_field(from->known, own, rule->field);

    for (size_t i = 0; field && i < cat_count(field, own->length); i++)
        cat_set(field, body, i, cat_get(field, body, i) & ~rule->mask);
}

/* Report fields that only the saver's layout has, and clear bits that the
 * target must not see. */
static void shrink(struct compat *job, const struct context_record *from,
                   const struct cat_layout *own, uint8_t *body)
{
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (rule->typecode != from->known->typecode ||
            rule->action != RULE_SHRINK || rule->key)
            continue;
        if (rule->mask && rule_holds(rule, job->saver, job->target)) {
            lose_elements(job, rule, from);
            clear_bits(rule, from, own, body);
        } else if (!rule->mask &&
                   !rule_field(from->known, own, rule->field)) {
            lose_elements(job, rule, from);
        }
    }
}

static void set_elements(struct compat *job, const struct rule *rule,
                         const struct context_record *from,
                         const struct cat_field *field, uint8_t *body)
{
    struct rule_subject subject = compat_subject(job, from);
    uint64_t mask = rule->mask ? rule->mask : UINT64_MAX;

    for (; rule_find(rule, &subject); subject.i++) {
        uint64_t old = cat_get(field, body, subject.i);
        uint64_t new = rule->make ? rule->make(&subject) : rule->value;

        new = (old & ~mask) | (new & mask);
        if (new == old)
            continue;
        cat_set(field, body, subject.i, new);
        compat_applied(job, rule, from);
    }
}

void compat_set(struct compat *job, const struct context_record *from,
                const struct cat_layout *own, uint8_t *body)
{
    const struct rule *rule;
    size_t i = 0;

    while ((rule = compat_rule(job, from->known->typecode, RULE_SET, &i))) {
        const struct cat_field *field =
            rule_field(from->known, own, rule->field);

        if (field)
            set_elements(job, rule, from, field, body);
    }
}

void compat_say(struct compat *job, const struct context_record *from,
                enum rule_action action)
{
    const struct rule *rule;
    size_t i = 0;

    while ((rule = compat_rule(job, from->known->typecode, action, &i))) {
        struct rule_subject subject = compat_subject(job, from);

        if (rule->id != RULE_SILENT && rule_find(rule, &subject))
            compat_applied(job, rule, from);
    }
}

int compat_fixed(struct compat *job, const struct context_record *from,
                 const struct cat_layout *own)
{
    struct compat_record *to = compat_add(job, from->known->typecode,
                                          from->instance, own->length);

    if (!to)
        return -1;
    copy_fields(from, own, to->body);
    tell_grown(job, from, own);
    shrink(job, from, own, to->body);
    compat_set(job, from, own, to->body);
    compat_say(job, from, RULE_KEEP);
    compat_say(job, from, RULE_REPAIR);
    return 0;
}

/* All of it goes: what would be lost with the record, and with any of its
 * fields. */
void compat_drop(struct compat *job, const struct context_record *from)
{
    if (from->known->typecode == CODE_CPU_MSR) {
        compat_lose_msrs(job, from);
        return;
    }
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (rule->typecode != from->known->typecode || rule->key ||
            rule->mask)
            continue;
        if (rule->action == RULE_DROP && !rule->field)
            compat_applied(job, rule, from);
        else if (rule->action == RULE_DROP || rule->action == RULE_SHRINK)
            lose_elements(job, rule, from);
    }
}
