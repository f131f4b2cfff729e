/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compat/compat.h"
#include "base/bytes.h"
#include "format/builder.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Helpers that the other files use */
/* ------------------------------------------------------------------ */

struct rule_subject compat_subject(const struct compat *job,
                                   const struct context_record *record)
{
    return (struct rule_subject){
        .context = job->from, .record = record, .target = job->target,
    };
}

const struct rule *compat_rule(const struct compat *job, uint32_t typecode,
                               enum rule_action action, size_t *i)
{
    while (*i < n_rules_change) {
        const struct rule *rule = &rules_change[(*i)++];

        if (rule->typecode == typecode && rule->action == action &&
            rule_holds(rule, job->saver, job->target))
            return rule;
    }
    return NULL;
}

struct compat_record *compat_add(struct compat *job, uint32_t typecode,
                                 uint32_t instance, uint64_t length)
{
    struct compat_record *more = job->records;
    size_t room = job->room ? job->room * 2 : 64;

    if (job->count == job->room) {
        more = realloc(more, room * sizeof(*more));
        if (!more) {
            msg_no_memory(job->report, room * sizeof(*more));
            return NULL;
        }
        job->records = more;
        job->room = room;
    }
    more += job->count;
    *more = (struct compat_record){
        .typecode = typecode, .instance = instance, .length = length,
        .body = calloc(1, length ? length : 1),
    };
    if (!more->body) {
        msg_no_memory(job->report, length);
        return NULL;
    }
    job->count++;
    return more;
}

void compat_remove_last(struct compat *job)
{
    free(job->records[--job->count].body);
}

bool compat_lacks(const struct compat *job, const struct rule *rule)
{
    if (rule->direction == RULE_DOWN)
        return !since_all(&rule->since, job->target);
    return since_some(&rule->since, job->target);
}

/* ------------------------------------------------------------------ */
/* Record by record                                                    */
/* ------------------------------------------------------------------ */

/* Apply the repair rules that are not bound to one kind of record. */
static void look_at_any(struct compat *job,
                        const struct context_record *record)
{
    const struct rule *rule;
    size_t i = 0;

    while ((rule = compat_rule(job, CODE_ANY, RULE_REPAIR, &i))) {
        struct rule_subject subject = compat_subject(job, record);

        if (rule_find(rule, &subject))
            compat_applied(job, rule, record);
    }
}

static int convert_record(struct compat *job,
                          const struct context_record *found)
{
    struct context_record record = *found;
    const struct cat_layout *own;

    if (!record.known) {
        compat_refuse(job, MSG_COMPAT_TYPECODE, &record,
                      (struct msg_value)DEC(type_to_hvm(record.type)),
                      "no release up to 4.22 knows this typecode");
        return 0;
    }
    if (!record.layout)
        record.layout = cat_some_layout(record.known, record.length);
    if (!record.layout) {
        compat_refuse(job, MSG_COMPAT_LENGTH, &record,
                      (struct msg_value)DEC(record.length),
                      "no release wrote the record with this length");
        return 0;
    }
    own = rules_layout(record.known, job->target);
    if (!own) {
        compat_drop(job, &record);
        return 0;
    }
    look_at_any(job, &record);
    switch (record.known->typecode) {
    case CODE_CPU_XSAVE:
        return compat_xsave(job, &record, own);
    case CODE_CPU_MSR:
        return compat_msr(job, &record, own);
    default:
        return compat_fixed(job, &record, own);
    }
}

/* ------------------------------------------------------------------ */
/* Records that the saver's release did not have */
/* ------------------------------------------------------------------ */

static bool has_type(const domctx_context *context, uint32_t type)
{
    for (size_t i = 0; i < context->count; i++)
        if (context->records[i].type == type)
            return true;
    return false;
}

/* Move the last record in front of the first one with a higher typecode, where
 * a saver puts it. */
static void put_in_place(struct compat *job)
{
    struct compat_record last = job->records[job->count - 1];
    size_t i = 0;

    while (job->records[i].typecode <= last.typecode &&
           i < job->count - 1)
        i++;
    memmove(&job->records[i + 1], &job->records[i],
            (job->count - 1 - i) * sizeof(last));
    job->records[i] = last;
}

/* Add one record for each vCPU.  Every vCPU, up or not, has an MTRR record,
 * or, in a context older than those, a LAPIC record. */
static int infer_record(struct compat *job, const struct rule *rule)
{
    const struct cat_record *known = cat_record(rule->typecode);
    const struct cat_layout *own = rules_layout(known, job->target);
    uint32_t of = DOMCTX_HVM_RECORD(CODE_MTRR);

    if (!has_type(job->from, of))
        of = DOMCTX_HVM_RECORD(CODE_LAPIC);
    for (size_t i = 0; own && i < job->from->count; i++) {
        const struct context_record *vcpu = &job->from->records[i];
        struct rule_subject subject = compat_subject(job, vcpu);

        if (vcpu->type != of || !rule_find(rule, &subject))
            continue;
        if (!compat_add(job, rule->typecode, vcpu->instance, own->length))
            return -1;
        compat_applied(job, rule, vcpu);
        put_in_place(job);
    }
    return 0;
}

static int infer_records(struct compat *job)
{
    for (size_t i = 0; i < n_rules_change; i++) {
        const struct rule *rule = &rules_change[i];

        if (rule->action == RULE_INFER &&
            rule_holds(rule, job->saver, job->target) &&
            !has_type(job->from, DOMCTX_HVM_RECORD(rule->typecode)) &&
            infer_record(job, rule) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------ */
/* The whole conversion */
/* ------------------------------------------------------------------ */

static int convert_all(struct compat *job)
{
    size_t n = 0;

    for (size_t i = 0; i < job->from->count; i++) {
        const struct context_record *record = &job->from->records[i];

        if (!type_is_hvm(record->type))
            continue;
        n++;
        if (convert_record(job, record) < 0)
            return -1;
    }
    if (n == 0)
        return msg_raise(job->report, MSG_IMAGE_NO_HVM, NULL,
                         "the image holds no HVM state");
    return infer_records(job);
}

static int build(const struct compat *job, uint8_t **blob, size_t *size,
                 domctx_hvm **hvm)
{
    domctx_builder *builder = domctx_builder_hvm();
    int rc = builder ? 0 : msg_no_memory(job->report, 0);

    for (size_t i = 0; rc == 0 && i < job->count; i++)
        rc = domctx_builder_add(builder, job->records[i].typecode,
                                job->records[i].instance,
                                job->records[i].body,
                                (size_t)job->records[i].length, job->report);
    if (rc == 0)
        rc = builder_take_hvm(builder, blob, size, hvm, job->report);
    domctx_builder_free(builder);
    return rc;
}

static int convert(struct compat *job, uint8_t **blob, size_t *size,
                   domctx_hvm **hvm)
{
    int rc;

    job->told = calloc(n_rules_change, sizeof(*job->told));
    if (!job->told)
        return msg_no_memory(job->report,
                             n_rules_change * sizeof(*job->told));
    rc = convert_all(job);
    if (rc == 0)
        compat_tell(job);
    if (job->lost && !job->allow_loss)
        rc = -1;
    return rc == 0 ? build(job, blob, size, hvm) : rc;
}

int compat_convert(const domctx_context *context,
                   const struct domctx_release *target, unsigned int flags,
                   uint8_t **blob, size_t *size, domctx_hvm **hvm,
                   domctx_report *report)
{
    struct compat job = {
        .from = context,
        .saver = { context->version, RELEASE_ANY },
        .target = release_of(target),
        .allow_loss = flags & DOMCTX_ALLOW_LOSS,
    };
    int rc;

    *blob = NULL;
    *size = 0;
    if (!context->has_version)
        return msg_raise(report, MSG_XEN_NEEDED, NULL,
                         "an HVM blob does not say which Xen saved it");
    job.report = domctx_report_new();
    if (!job.report)
        return msg_no_memory(report, 0);
    rc = convert(&job, blob, size, hvm);
    compat_forward(&job, report);
    domctx_report_free(job.report);
    for (size_t i = 0; i < job.count; i++)
        free(job.records[i].body);
    free(job.records);
    free(job.told);
    return rc;
}

int domctx_convert_release(const domctx_context *context,
                           const struct domctx_release *target,
                           unsigned int flags, uint8_t **blob, size_t *size,
                           domctx_report *report)
{
    *blob = NULL;
    *size = 0;
    return msg_flags(report, flags, DOMCTX_ALLOW_LOSS) < 0
               ? -1
               : compat_convert(context, target, flags, blob, size, NULL,
                                report);
}
