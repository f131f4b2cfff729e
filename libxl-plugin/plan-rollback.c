/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Putting the former context back.  A failed load may have stopped anywhere:
 * before 4.19 every vCPU whose CPU record was not reached is down. */
#include "catalogue/codes.h"
#include "plan.h"

/* An optional record that the attempt contained.  The attempt may have failed
 * on that very record, so what the hypervisor shows now is undone, not what
 * was attempted: that would be refused again. */
static int undo_optional(struct plan *plan, struct plan_record *record,
                         const domctx_hvm *now,
                         const struct plan_facts *facts,
                         domctx_report *report)
{
    const struct domctx_record *is =
        now ? domctx_hvm_find(now, record->typecode, record->instance)
            : record->present;
    int rc = 0;

    if (record->typecode == CODE_CPU_MSR)
        rc = merge_msr(record, is, report);
    else if (is)
        rc = merge_reset_xsave(plan, record, is, true, facts, report);
    record->load = record->wanted != NULL;
    return rc;
}

/* In the union of the former context (as "image") and the attempt (as
 * "present"): what undoes the attempt's record. */
static int undo_one(struct plan *plan, struct plan_record *record,
                    const domctx_hvm *now, const struct plan_facts *facts,
                    domctx_report *report)
{
    const struct domctx_record *was = record->image;
    bool attempted = record->present != NULL;

    if (attempted && (record->typecode == CODE_CPU_MSR ||
                      (record->typecode == CODE_CPU_XSAVE && !was)))
        return undo_optional(plan, record, now, facts, report);
    if (!was)
        return 0;
    record->load = record->typecode == CODE_CPU ||
                   (attempted && record->typecode != DOMCTX_HVM_HEADER);
    return plan_want(record, was->body, was->length, facts->present_version,
                     report);
}

static void add_pending(struct plan_record *record, const domctx_hvm *now)
{
    const struct domctx_record *is =
        domctx_hvm_find(now, record->typecode, record->instance);

    if (record->wanted && is && is->length == record->length)
        merge_pending(record, is->body);
}

int plan_rollback(struct plan *plan, const domctx_hvm *attempt,
                  const domctx_hvm *was, const domctx_hvm *now,
                  const struct plan_facts *facts, domctx_report *report)
{
    if (plan_lay(plan, was, attempt, facts->present_version, report) < 0)
        return -1;
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_record *record = &plan->records[i];

        if (undo_one(plan, record, now, facts, report) < 0) {
            plan_free(plan);
            return -1;
        }
        if (now)
            add_pending(record, now);
    }
    merge_pic_lines(plan);
    plan_close_groups(plan);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->records[i].typecode == CODE_MTRR && plan->records[i].load)
            merge_finish_mtrr(&plan->records[i],
                              &(struct plan_facts){
                                  .image_version = facts->present_version,
                                  .present_version = facts->present_version,
                              });
    return 0;
}
