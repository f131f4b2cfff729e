/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compare the context that was read back with the plan. */
#include "catalogue/codes.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

/* Interrupts that arrived since the load are no difference. */
static void forget_arrivals(struct plan_record *seen, const uint8_t *wanted)
{
    const struct cat_record *type = seen->type;

    for (size_t f = 0; f < type->n_fields; f++) {
        const struct cat_field *field = &type->fields[f];

        if (!cat_field_in(field, seen->layout) ||
            !(field->flags & CAT_PENDING) ||
            field == cat_field(type, seen->layout, "tmr"))
            continue;
        for (size_t i = 0; i < field->count; i++) {
            uint64_t want = cat_get(field, wanted, i);

            if ((cat_get(field, seen->wanted, i) & want) == want)
                cat_set(field, seen->wanted, i, want);
        }
    }
}

/* A trigger mode belongs to its vector: those of arrivals do not count. */
static void forget_modes(struct plan_record *seen, const uint8_t *wanted)
{
    const struct cat_field *irr = cat_field(seen->type, seen->layout, "irr");
    const struct cat_field *tmr = cat_field(seen->type, seen->layout, "tmr");

    for (size_t i = 0; irr && tmr && i < irr->count; i++) {
        uint64_t waits = cat_get(irr, seen->wanted, i);

        cat_set(tmr, seen->wanted, i,
                (cat_get(tmr, seen->wanted, i) & ~waits) |
                (cat_get(tmr, wanted, i) & waits));
    }
}

/* CPU_XSAVE, loaded after CPU, holds the x87 and SSE state. */
static void forget_fpu(struct plan_record *seen, const uint8_t *wanted)
{
    const struct cat_field *fpu = cat_field(seen->type, seen->layout,
                                            "fpu_regs");
    const struct cat_field *flags = cat_field(seen->type, seen->layout,
                                              "flags");

    for (size_t i = 0; fpu && i < fpu->count; i++)
        cat_set(fpu, seen->wanted, i, cat_get(fpu, wanted, i));
    if (flags)
        cat_set(flags, seen->wanted, 0, cat_get(flags, wanted, 0));
}

/* Savers since 4.22 always say so, and write the state after a reset. */
static bool fpu_initialised(const struct plan_record *record)
{
    const struct cat_field *flags = cat_field(record->type, record->layout,
                                              "flags");

    return !flags || (cat_get(flags, record->wanted, 0) & 1);
}

static int report_difference(const struct plan_record *record,
                             const struct plan_record *seen,
                             const struct cat_field *field, size_t index,
                             enum msg_id id, domctx_report *report)
{
    struct msg_at at = plan_at(record);

    if (field != &cat_tail) {
        at.field = field->name;
        at.expected = (struct msg_value)HEX(cat_get(field, record->wanted,
                                                    index));
        at.found = (struct msg_value)HEX(cat_get(field, seen->wanted,
                                                 index));
    }
    return msg_raise(report, id, &at, "%s %zu reads back as another value",
                     field == &cat_tail ? "byte" : "element", index);
}

static int compare(const struct plan *plan, const struct plan_record *record,
                   const struct domctx_record *now, enum msg_id id,
                   domctx_report *report)
{
    struct plan_record seen = { .type = record->type,
                                .layout = record->layout };
    const struct domctx_record *before = record->present;
    const struct plan_record *xsave;
    const struct cat_field *field;
    size_t index = 0;
    int rc;

    if (before && before->length != record->length)
        before = NULL;

    if (plan_want(&seen, now->body, now->length, CAT_NEWEST, report) < 0)
        return -1;
    seen.layout = record->layout;
    seen.typecode = record->typecode;
    forget_modes(&seen, record->wanted);
    forget_arrivals(&seen, record->wanted);
    xsave = plan_find(plan, CODE_CPU_XSAVE, record->instance);
    if (record->typecode == CODE_CPU &&
        ((xsave && xsave->load) || !fpu_initialised(record)))
        forget_fpu(&seen, record->wanted);
    if (record->typecode == CODE_MTRR)
        merge_mtrr_like(&seen, record->wanted);
    field = loaded_differs(plan, record, seen.wanted,
                           before ? before->body : NULL,
                           CAT_MOVES | CAT_IGNORED, &index);
    rc = field ? report_difference(record, &seen, field, index, id, report)
               : 0;
    free(seen.wanted);
    return rc;
}

/* Of a record whose layout is not known nothing is known to move. */
static int compare_bytes(const struct plan_record *record,
                         const struct domctx_record *now, struct msg_at *at,
                         enum msg_id id, domctx_report *report)
{
    for (uint32_t i = 0; i < record->length; i++) {
        if (record->wanted[i] == now->body[i])
            continue;
        at->expected = (struct msg_value)HEX(record->wanted[i]);
        at->found = (struct msg_value)HEX(now->body[i]);
        return msg_raise(report, id, at,
                         "byte %u reads back as another value", i);
    }
    return 0;
}

static int verify_msr(const struct plan_record *record,
                      const struct domctx_record *is, enum msg_id id,
                      domctx_report *report)
{
    struct msg_at at = plan_at(record);
    int equal = merge_msr_equal(record, is);

    if (equal < 0)
        return msg_no_memory(report, record->length);
    return equal ? 0 : msg_raise(report, id, &at,
                                 "an MSR reads back otherwise");
}

static int verify_one(const struct plan *plan,
                      const struct plan_record *record,
                      const domctx_hvm *now, enum msg_id id,
                      domctx_report *report)
{
    const struct domctx_record *is =
        domctx_hvm_find(now, record->typecode, record->instance);
    struct msg_at at = plan_at(record);

    if (record->typecode == CODE_CPU_MSR)
        return verify_msr(record, is, id, report);
    if (!is)
        return msg_raise(report, id, &at, "the record is gone");
    if (is->length < record->length)
        return msg_raise(report, id, &at, "the record reads back shorter");
    if (!record->layout)
        return compare_bytes(record, is, &at, id, report);
    /* A short record comes back at full length. */
    if (is->length > record->length)
        return 0;
    return compare(plan, record, is, id, report);
}

/* What devices and interrupts do by themselves is not held against a load
 * that did not contain them. */
static bool is_checked(const struct plan_record *record)
{
    if (!record->wanted || record->typecode == DOMCTX_HVM_HEADER)
        return false;
    return record->load ||
           (record->type && record->present &&
            !(record->type->flags & (CAT_INTERRUPT | CAT_DEVICE)));
}

static int verify_no_other_cpu(const struct plan *plan,
                               const domctx_hvm *now, enum msg_id id,
                               domctx_report *report)
{
    int rc = 0;

    for (size_t i = 0; i < domctx_hvm_count(now); i++) {
        const struct domctx_record *record = domctx_hvm_get(now, i);
        const struct plan_record *cpu;

        if (record->type != CODE_CPU)
            continue;
        cpu = plan_find(plan, CODE_CPU, record->instance);
        if (!(cpu && cpu->wanted))
            rc = msg_raise(report, id, NULL, "vCPU %u came up",
                           record->instance);
    }
    return rc;
}

int plan_verify(const struct plan *plan, const domctx_hvm *now,
                enum msg_id id, domctx_report *report)
{
    int rc = verify_no_other_cpu(plan, now, id, report);

    for (size_t i = 0; i < plan->count; i++)
        if (is_checked(&plan->records[i]) &&
            verify_one(plan, &plan->records[i], now, id, report) < 0)
            rc = -1;
    return rc;
}
