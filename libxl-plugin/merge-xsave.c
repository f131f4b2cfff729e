/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU_XSAVE that only the domain has: the image's vCPU had never touched
 * XCR0, so its x87 and SSE state is in the CPU record, which the XSAVE area,
 * loaded after it, must not override. */
#include "catalogue/codes.h"
#include "plan.h"

#include <string.h>

/* Components of XCR0 and of xstate_bv. */
#define XSTATE_FP UINT64_C(1)
#define XSTATE_FP_SSE UINT64_C(3)
#define XCR0_RESET XSTATE_FP

#define CPU_FPU_INITIALISED 1u

/* FXSAVE area at processor reset: FCW at byte 0, MXCSR at byte 24. */
#define FCW_RESET 0x40u
#define MXCSR_RESET UINT32_C(0x1f80)
#define MXCSR_AT 24u
#define FXSAVE_SIZE 512u

/* What the loader makes of the CPU record's fpu_regs: a record that says the
 * FPU is not initialised has zeros there, and the loader resets the FPU.
 * Returns the components that are not in their initial state. */
static uint64_t fpu_of(const struct plan_record *cpu, uint8_t *area)
{
    const struct cat_field *fpu = plan_field(cpu, "fpu_regs");
    const struct cat_field *flags = plan_field(cpu, "flags");

    memset(area, 0, FXSAVE_SIZE);
    if (flags && !(cat_get(flags, cpu->wanted, 0) & CPU_FPU_INITIALISED)) {
        area[0] = FCW_RESET;
        area[MXCSR_AT] = (uint8_t)MXCSR_RESET;
        area[MXCSR_AT + 1] = (uint8_t)(MXCSR_RESET >> 8);
        return XSTATE_FP;
    }
    for (size_t i = 0; i < fpu->count && i < FXSAVE_SIZE; i++)
        area[i] = (uint8_t)cat_get(fpu, cpu->wanted, i);
    return XSTATE_FP_SSE;
}

/* Put the CPU record's state into the area.  reset: the vCPU had nothing
 * else. */
static void take_fpu(struct plan_record *record,
                     const struct plan_record *cpu, bool reset)
{
    const struct cat_field *area = plan_field(record, "save_area.fpu_sse.x");
    const struct cat_field *bv =
        plan_field(record, "save_area.xsave_hdr.xstate_bv");
    const struct cat_field *xcr0 = plan_field(record, "xcr0");
    const struct cat_field *accum = plan_field(record, "xcr0_accum");
    uint8_t fpu[FXSAVE_SIZE];
    uint64_t used, kept;

    if (!area || !bv || !xcr0 || !accum || !plan_field(cpu, "fpu_regs"))
        return;
    used = fpu_of(cpu, fpu);
    kept = reset ? 0 : cat_get(bv, record->wanted, 0) & ~XSTATE_FP_SSE;
    for (size_t i = 0; i < area->count && i < FXSAVE_SIZE; i++)
        cat_set(area, record->wanted, i, fpu[i]);
    /* The loader refuses components that are not in xcr0_accum. */
    cat_set(bv, record->wanted, 0,
            (kept | used) & cat_get(accum, record->wanted, 0));
    if (reset)
        cat_set(xcr0, record->wanted, 0, XCR0_RESET);
}

int merge_reset_xsave(struct plan *plan, struct plan_record *record,
                      const struct domctx_record *now, bool reset,
                      const struct plan_facts *facts, domctx_report *report)
{
    const struct plan_record *cpu =
        plan_find(plan, CODE_CPU, record->instance);

    if (plan_want(record, now->body, now->length, facts->present_version,
                  report) < 0)
        return -1;
    if (cpu && cpu->wanted)
        take_fpu(record, cpu, reset);
    return 0;
}

int merge_lost_xsave(struct plan *plan, struct plan_record *record,
                     const struct plan_facts *facts, domctx_report *report)
{
    const struct domctx_record *present = record->present;
    const struct cat_layout *layout =
        cat_layout(record->type, present->length, facts->present_version);
    const struct cat_field *accum =
        layout ? cat_field(record->type, layout, "xcr0_accum") : NULL;
    uint64_t used = accum ? cat_get(accum, present->body, 0) : UINT64_MAX;
    struct msg_at at = plan_at(record);

    at.field = "xcr0_accum";
    at.expected = (struct msg_value)TEXT("at most 0x3");
    at.found = (struct msg_value)HEX(used);
    if (used > XSTATE_FP_SSE)
        msg_raise(report, MSG_LIVE_XSAVE_LOST, &at,
                  "only the domain has extended processor state");
    if (merge_reset_xsave(plan, record, present, used <= XSTATE_FP_SSE,
                          facts, report) < 0)
        return -1;
    record->differs = plan_differs(plan, record, facts->restore_time);
    return 0;
}
