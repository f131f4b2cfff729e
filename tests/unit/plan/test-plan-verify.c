/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holding what was read back against a plan, and undoing an attempt. */
#include "plan/planner.h"

#define HYPERVISOR "live-read-back"

static struct planner p;
static struct context now;

static void setup(void)
{
    planner_open(&p, HVM2);
    p.facts.never_run = true;
    context_set(&p.image, CPU, 0, "rax", 0, 7);
}

static void teardown(void)
{
    context_free(&now);
    planner_close(&p);
}

/* ------------------------------------------------------------------ */
/* Reading back                                                         */
/* ------------------------------------------------------------------ */

struct change {
    enum { NOTHING, SET, OR, DROP, SIZE } op;
    uint32_t typecode, instance;
    const char *field;
    size_t index;
    uint64_t value;
};

static const struct row {
    const char *name;
    struct change image[2], now[2];
    const char *ids;
} rows[] = {
    { "as-planned", .ids = "" },
    { "register", .now = { { SET, CPU, 0, "rbx", 0, 0x123 } },
      .ids = HYPERVISOR },
    { "register-of-another-vcpu", .now = { { SET, CPU, 1, "rbx", 0, 0x123 } },
      .ids = HYPERVISOR },
    { "tsc", .now = { { SET, CPU, 0, "tsc", 0, 0x123 } }, .ids = "" },
    { "msr-flags-ignored", .now = { { SET, CPU, 0, "msr_flags", 0, 255 } },
      .ids = "" },
    { "pat", .now = { { SET, MTRR, 1, "msr_pat_cr", 0, 0x0007040600070406 } },
      .ids = HYPERVISOR },
    { "mtrr-pair-0", .now = { { SET, MTRR, 0, "msr_mtrr_var", 1, 0x800 } },
      .ids = HYPERVISOR },
    { "mtrr-pair-1", .now = { { SET, MTRR, 0, "msr_mtrr_var", 2, 0x1006 } },
      .ids = "" },
    { "mtrr-pair-7", .now = { { SET, MTRR, 0, "msr_mtrr_var", 15, 0x800 } },
      .ids = "" },
    { "vcpu-gone", .now = { { DROP, CPU, 1 } }, .ids = HYPERVISOR },
    { "mtrr-gone", .now = { { DROP, MTRR, 1 } }, .ids = HYPERVISOR },
    { "shorter", .now = { { SIZE, CPU, 1, .value = 1024 } },
      .ids = HYPERVISOR },
    { "empty", .now = { { SIZE, MTRR, 1, .value = 0 } }, .ids = HYPERVISOR },
    { "xsave", .now = { { SET, CPU_XSAVE, 0, "save_area.fpu_sse.xmm", 3,
                          0x77 } }, .ids = HYPERVISOR },
    { "xsave-tail-gone", .now = { { SIZE, CPU_XSAVE, 0, .value = 600 } },
      .ids = HYPERVISOR },
    { "fpu-in-xsave", .now = { { SET, CPU, 0, "fpu_regs.xmm", 3, 0x77 } },
      .ids = "" },
    { "not-loaded-vmce", .now = { { SET, VMCE_VCPU, 0, "caps", 0, 0x77 } },
      .ids = HYPERVISOR },
    { "not-loaded-tsc-adjust",
      .now = { { SET, TSC_ADJUST, 0, "tsc_adjust", 0, 1 } },
      .ids = HYPERVISOR },
    { "not-loaded-interrupts",
      .now = { { OR, LAPIC_REGS, 0, "irr", 3, 1 },
               { OR, IOAPIC, 0, "redirtbl[].fields.remote_irr", 9, 1 } },
      .ids = "" },
    { "not-loaded-device", .now = { { SET, HPET, 0, "config", 0, 3 } },
      .ids = "" },
    { "device", .image = { { SET, RTC, 0, "cmos_index", 0, 5 } },
      .now = { { SET, RTC, 0, "cmos_index", 0, 6 } }, .ids = HYPERVISOR },
    { "device-clock", .image = { { SET, RTC, 0, "cmos_index", 0, 5 } },
      .now = { { SET, RTC, 0, "cmos_data.seconds", 0, 0x33 } }, .ids = "" },
    { "device-flag-came", .image = { { SET, RTC, 0, "cmos_index", 0, 5 } },
      .now = { { SET, RTC, 0, "cmos_data.reg_c", 0, 0xf0 } }, .ids = "" },
    { "device-flag-went",
      .image = { { SET, RTC, 0, "cmos_data.reg_c", 0, 0x50 } },
      .now = { { SET, RTC, 0, "cmos_data.reg_c", 0, 0x40 } },
      .ids = HYPERVISOR },
    { "irr-came", .image = { { SET, LAPIC_REGS, 0, "tpr", 0, 0x20 } },
      .now = { { OR, LAPIC_REGS, 0, "irr", 3, 4 },
               { OR, LAPIC_REGS, 0, "tmr", 3, 4 } }, .ids = "" },
    { "irr-went", .image = { { SET, LAPIC_REGS, 0, "irr", 3, 4 } },
      .now = { { SET, LAPIC_REGS, 0, "irr", 3, 0 } }, .ids = HYPERVISOR },
    { "irr-came-again", .image = { { SET, LAPIC_REGS, 0, "irr", 3, 4 } },
      .now = { { OR, LAPIC_REGS, 0, "tmr", 3, 4 } }, .ids = "" },
    { "tmr-alone", .image = { { SET, LAPIC_REGS, 0, "tpr", 0, 0x20 } },
      .now = { { OR, LAPIC_REGS, 0, "tmr", 3, 4 } }, .ids = HYPERVISOR },
    { "tpr", .image = { { SET, LAPIC_REGS, 0, "tpr", 0, 0x20 } },
      .now = { { SET, LAPIC_REGS, 0, "tpr", 0, 0x30 } }, .ids = HYPERVISOR },
    { "pic-request-came", .image = { { SET, I8259, 0, "irq_base", 0, 0xf0 } },
      .now = { { OR, I8259, 0, "irr", 0, 0x40 },
               { SET, I8259, 0, "int_output", 0, 1 } }, .ids = "" },
};

static void apply(struct context *context, const struct change *change)
{
    uint64_t value = change->value;

    switch (change->op) {
    case OR:
        value |= planned_get(context, change->typecode, change->instance,
                             change->field, change->index);
        context_set(context, change->typecode, change->instance,
                    change->field, change->index, value);
        break;
    case SET:
        context_set(context, change->typecode, change->instance,
                    change->field, change->index, value);
        break;
    case DROP:
        context_drop(context, change->typecode, change->instance);
        break;
    case SIZE:
        context_resize(context, change->typecode, change->instance,
                       (uint32_t)value);
        break;
    case NOTHING:
    default:
        break;
    }
}

static void verify(const char *ids)
{
    domctx_report *report = domctx_report_new();
    int rc = plan_verify(&p.plan, context_hvm(&now), MSG_LIVE_READ_BACK,
                         report);

    expect_ids(report, ids);
    ck_assert_int_eq(rc, *ids ? -1 : 0);
    domctx_report_free(report);
}

START_TEST(read_back)
{
    const struct row *row = &rows[_i];

    for (size_t i = 0; i < 2; i++)
        apply(&p.image, &row->image[i]);
    planner_make(&p);
    planner_after(&p, &now);
    for (size_t i = 0; i < 2; i++)
        apply(&now, &row->now[i]);
    verify(row->ids);
}
END_TEST

START_TEST(read_back_vcpu_came_up)
{
    const struct context_record *cpu;

    context_drop(&p.present, CPU, 1);
    context_drop(&p.image, CPU, 1);
    planner_make(&p);
    planner_after(&p, &now);
    verify("");
    cpu = context_record(&p.image, CPU, 0);
    context_add(&now, CPU, 1, cpu->body, cpu->length);
    verify(HYPERVISOR);
}
END_TEST

START_TEST(read_back_msr)
{
    static const struct msr_value msrs[] = { { 0x48, 1 }, { 0xda0, 0 } };
    static const struct msr_value other[] = { { 0x48, 2 } };
    static const struct msr_value more[] = { { 0x48, 1 }, { 0xda0, 4 } };

    context_msrs(&p.image, 0, msrs, 2);
    context_msrs(&p.present, 0, other, 1);
    planner_make(&p);
    planner_after(&p, &now);
    verify("");
    context_drop(&now, CPU_MSR, 0);
    verify(HYPERVISOR);
    context_msrs(&now, 0, other, 1);
    verify(HYPERVISOR);
    context_drop(&now, CPU_MSR, 0);
    context_msrs(&now, 0, more, 2);
    verify(HYPERVISOR);
}
END_TEST

/* What became 0 is left out by the saver. */
START_TEST(read_back_msr_gone)
{
    static const struct msr_value msrs[] = { { 0x48, 1 } };

    context_msrs(&p.present, 0, msrs, 1);
    planner_make(&p);
    planner_after(&p, &now);
    context_drop(&now, CPU_MSR, 0);
    verify("");
    context_msrs(&now, 0, msrs, 1);
    verify(HYPERVISOR);
}
END_TEST

/* 4.22 writes the state after a reset where others wrote zeros. */
START_TEST(read_back_fpu_not_initialised)
{
    context_drop(&p.image, CPU_XSAVE, 0);
    context_drop(&p.present, CPU_XSAVE, 0);
    context_set(&p.image, CPU, 0, "flags", 0, 0);
    context_set(&p.image, CPU, 0, "fpu_regs.mxcsr", 0, 0);
    planner_make(&p);
    planner_after(&p, &now);
    verify("");
    context_set(&now, CPU, 0, "flags", 0, 1);
    context_set(&now, CPU, 0, "fpu_regs.mxcsr", 0, 0x1f80);
    verify("");
    context_set(&p.image, CPU, 0, "flags", 0, 1);
    planner_make(&p);
    verify(HYPERVISOR);
}
END_TEST

START_TEST(read_back_longer)
{
    planner_make(&p);
    planner_after(&p, &now);
    context_resize(&now, CPU, 0, 1040);
    verify("");
}
END_TEST

/* ------------------------------------------------------------------ */
/* Rolling back                                                         */
/* ------------------------------------------------------------------ */

static domctx_hvm *attempt;
static uint8_t *attempt_blob;
static struct plan undo;

/* Make the plan, and the blob that an attempt loads. */
static void make_attempt(void)
{
    size_t size;

    planner_make(&p);
    ck_assert_int_eq(plan_blob(&p.plan, p.present.hvm, &attempt_blob, &size,
                               NULL), 0);
    ck_assert_int_eq(domctx_hvm_parse(attempt_blob, size, &attempt, NULL),
                     0);
}

static void roll_back(bool with_now)
{
    domctx_report *report = domctx_report_new();

    ck_assert_int_eq(plan_rollback(&undo, attempt, p.present.hvm,
                                   with_now ? context_hvm(&now) : NULL,
                                   &p.facts, report), 0);
    expect_ids(report, "");
    domctx_report_free(report);
}

static void undo_teardown(void)
{
    plan_free(&undo);
    domctx_hvm_free(attempt);
    free(attempt_blob);
    teardown();
}

static uint64_t undone(uint32_t typecode, uint32_t instance,
                       const char *field, size_t index)
{
    struct planner view = { .plan = undo };

    return wanted(&view, typecode, instance, field, index);
}

static bool undoes(uint32_t typecode, uint32_t instance)
{
    const struct plan_record *record = plan_find(&undo, typecode, instance);

    return record && record->load;
}

static void expect_undo(const char *loads)
{
    struct planner view = { .plan = undo };

    expect_loads(&view, loads);
}

#define CPUS2 "CPU/0 CPU/1 MTRR/0 MTRR/1 CPU_XSAVE/0 CPU_XSAVE/1"

START_TEST(undo_cpus)
{
    make_attempt();
    planner_after(&p, &now);
    roll_back(_i);
    expect_undo(CPUS2);
    ck_assert_uint_eq(undone(CPU, 0, "rax", 0),
                      planned_get(&p.present, CPU, 0, "rax", 0));
    ck_assert_uint_eq(undone(MTRR, 0, "msr_mtrr_var", 2), 2);
    ck_assert_uint_eq(undone(MTRR, 0, "msr_pat_cr", 0),
                      planned_get(&p.present, MTRR, 0, "msr_pat_cr", 0));
}
END_TEST

/* Every CPU record, though the attempt had not got so far. */
START_TEST(undo_after_vcpus_were_left_down)
{
    make_attempt();
    planner_after(&p, &now);
    context_drop(&now, CPU, 0);
    context_drop(&now, CPU, 1);
    roll_back(true);
    expect_undo(CPUS2);
}
END_TEST

START_TEST(undo_devices)
{
    context_set(&p.image, RTC, 0, "cmos_index", 0, 5);
    context_set(&p.image, PCI_LINK, 0, "route", 0, 9);
    make_attempt();
    planner_after(&p, &now);
    roll_back(true);
    expect_undo("CPU/0 CPU/1 PCI_IRQ/0 ISA_IRQ/0 PCI_LINK/0 RTC/0 MTRR/0 "
                "MTRR/1 CPU_XSAVE/0 CPU_XSAVE/1");
    ck_assert_uint_eq(undone(PCI_LINK, 0, "route", 0),
                      planned_get(&p.present, PCI_LINK, 0, "route", 0));
}
END_TEST

START_TEST(undo_keeps_arrivals)
{
    context_set(&p.image, LAPIC_REGS, 1, "tpr", 0, 0x20);
    context_set(&p.image, IOAPIC, 0, "id", 0, 5);
    context_set(&p.image, I8259, 0, "irq_base", 0, 0xf0);
    context_set(&p.present, I8259, 0, "imr", 0, 0);
    context_set(&p.image, I8259, 0, "imr", 0, 0);
    make_attempt();
    planner_after(&p, &now);
    context_set(&now, LAPIC_REGS, 1, "irr", 3, 6);
    context_set(&now, LAPIC_REGS, 1, "tmr", 3, 4);
    context_set(&now, IOAPIC, 0, "redirtbl[].fields.remote_irr", 9, 1);
    context_set(&now, I8259, 0, "irr", 0, 0x80);
    roll_back(true);
    ck_assert(undoes(LAPIC, 1) && undoes(LAPIC_REGS, 1) &&
              undoes(IOAPIC, 0) && undoes(I8259, 0) && undoes(I8259, 1));
    ck_assert(!undoes(LAPIC, 0) && !undoes(LAPIC_REGS, 0));
    ck_assert_uint_eq(undone(LAPIC_REGS, 1, "irr", 3), 6);
    ck_assert_uint_eq(undone(LAPIC_REGS, 1, "tmr", 3), 4);
    ck_assert_uint_eq(undone(LAPIC_REGS, 1, "tpr", 0),
                      planned_get(&p.present, LAPIC_REGS, 1, "tpr", 0));
    ck_assert_uint_eq(undone(IOAPIC, 0, "redirtbl[].fields.remote_irr", 9),
                      1);
    ck_assert_uint_eq(undone(I8259, 0, "irr", 0) & 0x80, 0x80);
    ck_assert_uint_eq(undone(I8259, 0, "int_output", 0), 1);
}
END_TEST

/* The attempt's MSRs are undone as far as the hypervisor took them; one that
 * it refused would be refused again. */
START_TEST(undo_msrs)
{
    static const struct msr_value was[] = { { 0x48, 1 } };
    static const struct msr_value tried[] = { { 0x48, 2 }, { 0xda0, 3 },
                                              { 0xbad, 4 } };
    static const struct msr_value taken[] = { { 0x48, 2 }, { 0xda0, 3 } };

    context_msrs(&p.present, 0, was, 1);
    context_msrs(&p.image, 0, tried, 3);
    make_attempt();
    context_copy(&now, &p.present);
    context_drop(&now, CPU_MSR, 0);
    context_msrs(&now, 0, taken, 2);
    roll_back(true);
    ck_assert(undoes(CPU_MSR, 0));
    ck_assert_uint_eq(undone(CPU_MSR, 0, "count", 0), 2);
    ck_assert_uint_eq(undone(CPU_MSR, 0, "msr[].index", 0), 0x48);
    ck_assert_uint_eq(undone(CPU_MSR, 0, "msr[].val", 0), 1);
    ck_assert_uint_eq(undone(CPU_MSR, 0, "msr[].index", 1), 0xda0);
    ck_assert_uint_eq(undone(CPU_MSR, 0, "msr[].val", 1), 0);
}
END_TEST

START_TEST(undo_msrs_none_taken)
{
    static const struct msr_value tried[] = { { 0xbad, 4 } };

    context_msrs(&p.image, 0, tried, 1);
    make_attempt();
    context_copy(&now, &p.present);
    roll_back(true);
    ck_assert(!undoes(CPU_MSR, 0));
    expect_undo(CPUS2);
}
END_TEST

START_TEST(undo_xsave)
{
    struct context_record xsave = *context_record(&p.image, CPU_XSAVE, 0);

    context_set(&p.image, CPU_XSAVE, 0, "xcr0_accum", 0, 7);
    context_set(&p.image, CPU_XSAVE, 0, "xcr0", 0, 7);
    context_set(&p.image, CPU_XSAVE, 0, "save_area.xsave_hdr.xstate_bv", 0,
                7);
    context_drop(&p.present, CPU_XSAVE, 0);
    make_attempt();
    context_copy(&now, &p.present);
    if (_i)   /* it was taken before the load failed */
        context_add(&now, CPU_XSAVE, 0, xsave.body, xsave.length);
    roll_back(true);
    ck_assert(undoes(CPU_XSAVE, 0) == (_i == 1));
    if (!_i)
        return;
    ck_assert_uint_eq(undone(CPU_XSAVE, 0, "xcr0", 0), 1);
    ck_assert_uint_eq(undone(CPU_XSAVE, 0, "xcr0_accum", 0), 7);
    ck_assert_uint_eq(undone(CPU_XSAVE, 0, "save_area.xsave_hdr.xstate_bv",
                             0), 3);
    for (size_t i = 0; i < 512; i++)
        ck_assert_uint_eq(undone(CPU_XSAVE, 0, "save_area.fpu_sse.x", i),
                          planned_get(&p.present, CPU, 0, "fpu_regs", i));
}
END_TEST

/* A vCPU that the attempt brought up goes down again when its record is not
 * loaded; and that is looked at. */
START_TEST(undo_vcpu_brought_up)
{
    domctx_report *report = domctx_report_new();

    context_drop(&p.present, CPU, 1);
    make_attempt();
    planner_after(&p, &now);
    roll_back(true);
    expect_undo("CPU/0 MTRR/0 MTRR/1 CPU_XSAVE/0 CPU_XSAVE/1");
    ck_assert_int_eq(plan_verify(&undo, p.present.hvm,
                                 MSG_LIVE_ROLLBACK_FAILED, report), 0);
    ck_assert_int_eq(plan_verify(&undo, context_hvm(&now),
                                 MSG_LIVE_ROLLBACK_FAILED, report), -1);
    ck_assert(count_id(report, "live-rollback-failed") > 0);
    domctx_report_free(report);
}
END_TEST

/* A device that the domain has not, tried by force. */
START_TEST(undo_leaves_out_what_never_was)
{
    context_drop(&p.present, HPET, 0);
    make_attempt();
    planner_after(&p, &now);
    roll_back(true);
    expect_undo(CPUS2);
}
END_TEST

START_TEST(undo_reads_back)
{
    make_attempt();
    planner_after(&p, &now);
    roll_back(true);
    ck_assert_int_eq(plan_verify(&undo, p.present.hvm,
                                 MSG_LIVE_ROLLBACK_FAILED, NULL), 0);
    ck_assert_int_eq(plan_verify(&undo, context_hvm(&now),
                                 MSG_LIVE_ROLLBACK_FAILED, NULL), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan-verify");
    TCase *tc = tcase_create("read-back");

    tcase_add_checked_fixture(tc, setup, teardown);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        add_named(tc, read_back->fn, (int)i, "read_back-%s", rows[i].name);
    tcase_add_test(tc, read_back_vcpu_came_up);
    tcase_add_test(tc, read_back_msr);
    tcase_add_test(tc, read_back_msr_gone);
    tcase_add_test(tc, read_back_fpu_not_initialised);
    tcase_add_test(tc, read_back_longer);
    suite_add_tcase(suite, tc);
    tc = tcase_create("roll-back");
    tcase_add_checked_fixture(tc, setup, undo_teardown);
    tcase_add_loop_test(tc, undo_cpus, 0, 2);
    tcase_add_test(tc, undo_after_vcpus_were_left_down);
    tcase_add_test(tc, undo_devices);
    tcase_add_test(tc, undo_keeps_arrivals);
    tcase_add_test(tc, undo_msrs);
    tcase_add_test(tc, undo_msrs_none_taken);
    tcase_add_loop_test(tc, undo_xsave, 0, 2);
    tcase_add_test(tc, undo_vcpu_brought_up);
    tcase_add_test(tc, undo_leaves_out_what_never_was);
    tcase_add_test(tc, undo_reads_back);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
