/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU_XSAVE: keep the components that the target knows, and set the length. */
#include "compat/compat.h"
#include "catalogue/xsave.h"

#include <string.h>

/* The fields with one bit for each component. */
static const char *const bit_fields[] = {
    "xcr0", "xcr0_accum", "save_area.xsave_hdr.xstate_bv",
};
#define N_BIT_FIELDS (sizeof(bit_fields) / sizeof(bit_fields[0]))

static uint64_t components(const struct context_record *xsave)
{
    uint64_t all = 0, bits;

    for (size_t i = 0; i < N_BIT_FIELDS; i++)
        if (context_value(xsave, bit_fields[i], &bits))
            all |= bits;
    return all;
}

/* The components that the target does not know; those in use are reported as
 * lost. */
static uint64_t unknown_components(struct compat *job,
                                   const struct context_record *xsave)
{
    uint64_t all = components(xsave), going = 0;

    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];
        struct rule_subject subject = compat_subject(job, xsave);
        struct msg_at at = context_at(xsave);

        if (rule->typecode != CODE_CPU_XSAVE || !rule->key ||
            !(all & rule->key) || !compat_lacks(job, rule))
            continue;
        going |= all & rule->key;
        subject.rule = rule;
        subject.field = cat_field(xsave->known, xsave->layout, rule->field);
        subject.value = all & rule->key;
        if (rule_met(rule, &subject)) {
            compat_lost(job, rule, &subject);
            continue;
        }
        at.field = rule->field;
        at.found = (struct msg_value)HEX(subject.value);
        msg_raise(job->report, MSG_XSAVE_UNUSED, &at,
                  "components without state, left out: the target does not "
                  "know them");
    }
    return going;
}

/* The length to go on with where the record has excess bytes, or is shorter
 * than xcr0_accum requires; the rules say which lengths are mended. */
static uint64_t mended_length(struct compat *job,
                              const struct context_record *xsave,
                              uint64_t wanted)
{
    static const enum rule_action ways[] = { RULE_REPAIR, RULE_REFUSE };
    uint64_t length = xsave->length;
    const struct rule *rule;

    for (size_t way = 0; way < 2; way++)
        for (size_t i = 0;
             (rule = compat_rule(job, CODE_CPU_XSAVE, ways[way], &i));) {
            struct rule_subject subject = compat_subject(job, xsave);

            if (!rule_find(rule, &subject))
                continue;
            length = wanted;
            if (rule->action == RULE_REFUSE)
                compat_lost(job, rule, &subject);
            else
                compat_applied(job, rule, xsave);
        }
    return length;
}

/* Clear the components' bits and bytes in a body. */
static void clear_components(const struct context_record *xsave,
                             uint64_t going, int arrangement,
                             struct compat_record *to)
{
    for (size_t i = 0; i < N_BIT_FIELDS; i++) {
        const struct cat_field *field =
            cat_field(xsave->known, xsave->layout, bit_fields[i]);

        cat_set(field, to->body, 0, cat_get(field, to->body, 0) & ~going);
    }
    for (; going; going &= going - 1) {
        uint64_t offset, size;

        if (arrangement >= 0 &&
            xsave_place(arrangement, going & -going, &offset, &size) &&
            offset + size <= to->length)
            memset(to->body + offset, 0, size);
    }
}

int compat_xsave(struct compat *job, const struct context_record *xsave,
                 const struct cat_layout *own)
{
    uint64_t accum = 0, length, going, wanted;
    struct compat_record *to;
    int arrangement;

    if (xsave->length == 0) {
        mended_length(job, xsave, 0);
        return 0;
    }
    context_value(xsave, "xcr0_accum", &accum);
    arrangement = xsave_arrangement(accum, xsave->length);
    wanted = arrangement < 0 ? xsave->length
                             : xsave_length(arrangement, accum);
    length = mended_length(job, xsave, wanted);
    going = unknown_components(job, xsave);
    if (going & accum && arrangement < 0) {
        compat_refuse(job, MSG_XSAVE_ARRANGEMENT, xsave,
                      (struct msg_value)HEX(accum),
                      "where its components lie is not known, so none can "
                      "be taken out");
        return 0;
    }
    if (going & accum)
        length = xsave_length(arrangement, accum & ~going);
    to = compat_add(job, CODE_CPU_XSAVE, xsave->instance, length);
    if (!to)
        return -1;
    memcpy(to->body, xsave->body,
           length < xsave->length ? length : xsave->length);
    clear_components(xsave, going, arrangement, to);
    compat_set(job, xsave, own, to->body);
    compat_say(job, xsave, RULE_KEEP);
    return 0;
}
