/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings of a conversion: one for each loss, with its place, and one for
 * each rule, however many records it changed. */
#include "compat/compat.h"
#include "catalogue/types.h"

#include <inttypes.h>
#include <stdio.h>

void compat_applied(struct compat *job, const struct rule *rule,
                    const struct context_record *record)
{
    struct compat_told *told = &job->told[rule - rules_change];

    if (told->records == 0 || told->last != record->offset)
        told->records++;
    told->last = record->offset;
}

/* Whether two rules share record and id, and so are reported as one. */
static bool is_same(const struct rule *a, const struct rule *b)
{
    return a->id == b->id && a->typecode == b->typecode;
}

static bool was_told(const struct compat *job, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (job->told[k].records &&
            is_same(&rules_change[k], &rules_change[i]))
            return true;
    return false;
}

static bool is_alone(const struct compat *job, size_t i)
{
    for (size_t k = i + 1; k < n_rules_change; k++)
        if (job->told[k].records &&
            is_same(&rules_change[k], &rules_change[i]))
            return false;
    return true;
}

void compat_tell(struct compat *job)
{
    char target[RELEASE_ROOM];

    release_text(job->target, target);
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];
        const struct cat_record *known = cat_record(rule->typecode);
        size_t n = job->told[i].records;
        struct msg_at at = {
            .record = known ? known->name : NULL,
            .field = is_alone(job, i) ? rule->field : NULL,
        };

        if (n == 0 || rule->id == RULE_SILENT || was_told(job, i))
            continue;
        msg_raise(job->report, rule->id, &at, "for Xen %s, in %zu record%s: "
                  "%s", target, n, n == 1 ? "" : "s", rule->reason);
    }
}

static void lost(struct compat *job, enum msg_id id, struct msg_at *at,
                 const char *reason)
{
    char target[RELEASE_ROOM];

    msg_raise(job->report, id, at, "%s Xen %s: %s",
              job->allow_loss ? "left out for" : "cannot go to",
              release_text(job->target, target), reason);
    job->lost = true;
}

void compat_lost(struct compat *job, const struct rule *rule,
                 const struct rule_subject *subject)
{
    struct msg_at at = context_at(subject->record);
    char name[24];

    if (subject->field) {
        at.field = subject->field->name;
        at.offset += cat_offset(subject->field, subject->i);
        at.found = (struct msg_value)HEX(subject->value);
    }
    if (rule->typecode == CODE_CPU_MSR && rule->key) {
        snprintf(name, sizeof(name), "MSR 0x%" PRIx64, rule->key);
        at.field = name;
    }
    lost(job, rule->id, &at, rule->reason);
}

void compat_refuse(struct compat *job, enum msg_id id,
                   const struct context_record *record, struct msg_value found,
                   const char *reason)
{
    struct msg_at at = context_at(record);

    at.found = found;
    lost(job, id, &at, reason);
}

/* With --allow-loss, a loss is a warning. */
static bool allow(struct domctx_finding *finding, void *arg)
{
    const struct compat *job = arg;

    if (job->allow_loss && finding->severity == DOMCTX_ERROR)
        finding->severity = DOMCTX_WARNING;
    return true;
}

void compat_forward(struct compat *job, domctx_report *report)
{
    domctx_report_forward(report, job->report, allow, job);
}
