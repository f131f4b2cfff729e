/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU_MSR: keep the entries that the target loads. */
#include "compat/compat.h"
#include "base/bytes.h"

#include <string.h>

#define FIXED 8    /* count, and a word of padding */
#define ENTRY 16   /* index, reserved word, value */

static size_t entries(const struct context_record *msr)
{
    uint64_t count = le32(msr->body), room = (msr->length - FIXED) / ENTRY;

    return (size_t)(count < room ? count : room);
}

/* The rule because of which the target refuses an MSR, or NULL. */
static const struct rule *against(const struct compat *job, uint64_t index,
                                  bool *known)
{
    *known = false;
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (rule->typecode != CODE_CPU_MSR ||
            rule->action != RULE_SHRINK || rule->key != index || rule->mask)
            continue;
        *known = true;
        if (compat_lacks(job, rule))
            return rule;
    }
    return NULL;
}

/* Whether entry i can be kept; if not, the loss is reported. */
static bool takes(struct compat *job, const struct context_record *msr,
                  size_t i)
{
    const uint8_t *entry = msr->body + FIXED + ENTRY * i;
    uint64_t index = le32(entry);
    struct rule_subject subject = compat_subject(job, msr);
    const struct rule *rule;
    bool known;

    rule = against(job, index, &known);
    if (!known) {
        compat_refuse(job, MSG_MSR_UNKNOWN_LOST, msr,
                      (struct msg_value)HEX(index),
                      "no release up to 4.22 takes this MSR");
        return false;
    }
    if (!rule)
        return true;
    subject.i = i;
    subject.field = cat_field(msr->known, msr->layout, rule->field);
    subject.value = le64(entry + 8);
    if (rule_met(rule, &subject))
        compat_lost(job, rule, &subject);
    return false;
}

/* The value of entry i without the bits that the target refuses; those are
 * reported. */
static uint64_t taken_bits(struct compat *job,
                           const struct context_record *msr, size_t i)
{
    const uint8_t *entry = msr->body + FIXED + ENTRY * i;
    uint64_t value = le64(entry + 8);

    for (size_t k = 0; k < n_rules_change; k++) {
        const struct rule *rule = &rules_change[k];
        struct rule_subject subject = compat_subject(job, msr);

        if (rule->typecode != CODE_CPU_MSR || !rule->mask ||
            rule->action != RULE_SHRINK || rule->key != le32(entry) ||
            !compat_lacks(job, rule))
            continue;
        subject.i = i;
        subject.field = cat_field(msr->known, msr->layout, rule->field);
        subject.value = value;
        if (!rule_met(rule, &subject))
            continue;
        subject.value &= rule->mask;
        compat_lost(job, rule, &subject);
        value &= ~rule->mask;
    }
    return value;
}

void compat_lose_msrs(struct compat *job, const struct context_record *msr)
{
    for (size_t i = 0; i < entries(msr); i++)
        takes(job, msr, i);
}

int compat_msr(struct compat *job, const struct context_record *msr,
               const struct cat_layout *own)
{
    size_t n = entries(msr), kept = 0;
    struct compat_record *to = compat_add(job, CODE_CPU_MSR, msr->instance,
                                          msr->length);

    (void)own;   /* CPU_MSR has the same layout in every release */
    if (!to)
        return -1;
    memcpy(to->body, msr->body, msr->length);
    for (size_t i = 0; i < n; i++) {
        uint8_t *entry = to->body + FIXED + ENTRY * kept;

        if (!takes(job, msr, i))
            continue;
        memcpy(entry, msr->body + FIXED + ENTRY * i, ENTRY);
        put_le64(entry + 8, taken_bits(job, msr, i));
        kept++;
    }
    to->length = FIXED + ENTRY * kept;
    put_le32(to->body, (uint32_t)kept);
    /* loaders require at least one entry */
    if (kept == 0)
        compat_remove_last(job);
    return 0;
}
