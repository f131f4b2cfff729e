/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a plan wants the domain to have: the image's state, merged with what
 * runs on or waits in the present one. */
#include "plan/planner.h"

static struct planner p;

static void setup(void)
{
    planner_open(&p, HVM2);
    p.facts.never_run = true;
}

static void teardown(void)
{
    planner_close(&p);
}

static void load_cpus(void)
{
    context_set(&p.image, CPU, 0, "rax", 0,
                planned_get(&p.image, CPU, 0, "rax", 0) + 1);
}

/* ------------------------------------------------------------------ */
/* Interrupts                                                           */
/* ------------------------------------------------------------------ */

/* Every combination of a vector's bits: pending in the image, pending now,
 * and its trigger mode in both. */
START_TEST(vector)
{
    unsigned int bits = (unsigned int)_i % 16, v = (unsigned int)_i / 16;
    unsigned int word = v / 32;
    uint64_t bit = UINT64_C(1) << v % 32, other = ~bit & 0xffffffff;
    bool irr_image = bits & 1, irr_now = bits & 2;
    bool tmr_image = bits & 4, tmr_now = bits & 8;

    context_set(&p.image, LAPIC_REGS, 1, "irr", word, irr_image ? bit : 0);
    context_set(&p.present, LAPIC_REGS, 1, "irr", word, irr_now ? bit : 0);
    context_set(&p.image, LAPIC_REGS, 1, "tmr", word, tmr_image ? bit : 0);
    context_set(&p.present, LAPIC_REGS, 1, "tmr", word, tmr_now ? bit : 0);
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, LAPIC_REGS, 1, "irr", word),
                      irr_image || irr_now ? bit : 0);
    ck_assert_uint_eq(wanted(&p, LAPIC_REGS, 1, "tmr", word),
                      (irr_now ? tmr_now : tmr_image) ? bit : 0);
    ck_assert_uint_eq(wanted(&p, LAPIC_REGS, 1, "tmr", word) & other, 0);
    ck_assert(plan_find(&p.plan, LAPIC_REGS, 1)->load ==
              ((irr_image && !irr_now) ||
               (!irr_now && tmr_image != tmr_now)));
}
END_TEST

START_TEST(other_vcpu_keeps_its_own)
{
    context_set(&p.present, LAPIC_REGS, 0, "irr", 3, 5);
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, LAPIC_REGS, 1, "irr", 3), 0);
    ck_assert_uint_eq(wanted(&p, LAPIC_REGS, 0, "irr", 3), 5);
}
END_TEST

START_TEST(ioapic_pins)
{
    context_set(&p.image, IOAPIC, 0, "redirtbl[].fields.remote_irr", 47, 1);
    context_set(&p.image, IOAPIC, 0, "redirtbl[].fields.vector", 0, 0x77);
    context_set(&p.present, IOAPIC, 0, "redirtbl[].fields.remote_irr", 5, 1);
    context_set(&p.present, IOAPIC, 0, "redirtbl[].fields.vector", 1, 0x99);
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, IOAPIC, 0, "redirtbl[].fields.remote_irr",
                             47), 1);
    ck_assert_uint_eq(wanted(&p, IOAPIC, 0, "redirtbl[].fields.remote_irr",
                             5), 1);
    ck_assert_uint_eq(wanted(&p, IOAPIC, 0, "redirtbl[].fields.vector", 0),
                      0x77);
    ck_assert_uint_eq(wanted(&p, IOAPIC, 0, "redirtbl[].fields.vector", 1),
                      planned_get(&p.image, IOAPIC, 0,
                                  "redirtbl[].fields.vector", 1));
}
END_TEST

static const struct pic_row {
    const char *name;
    struct {
        uint8_t irr, imr, isr, init, add, sfnm, smm, lies;
    } pic[2];
    int lines[2], cascade;
} pic_rows[] = {
    { "idle", { { 0 }, { 0 } }, { 0, 0 }, 0 },
    { "idle-but-says-otherwise", { { .lies = 1 }, { .lies = 1 } }, { 0, 0 },
      0 },
    { "master", { { .irr = 0x10 }, { 0 } }, { 1, 0 }, 0 },
    { "masked", { { .irr = 0x10, .imr = 0x10, .lies = 1 }, { 0 } },
      { 0, 0 }, 0 },
    { "slave", { { 0 }, { .irr = 0x10 } }, { 1, 1 }, 1 },
    { "slave-masked-in-master", { { .imr = 0x04 }, { .irr = 1 } }, { 0, 1 },
      1 },
    { "cascade-without-slave", { { .irr = 0x04, .lies = 1 }, { 0 } },
      { 0, 0 }, 0 },
    { "served-blocks-lower", { { .irr = 0x10, .isr = 0x02 }, { 0 } },
      { 0, 0 }, 0 },
    { "served-blocks-itself", { { .irr = 0x02, .isr = 0x02 }, { 0 } },
      { 0, 0 }, 0 },
    { "higher-than-served", { { .irr = 0x01, .isr = 0x02 }, { 0 } },
      { 1, 0 }, 0 },
    { "rotated", { { .irr = 0x10, .isr = 0x02, .add = 4 }, { 0 } },
      { 1, 0 }, 0 },
    { "rotated-blocks", { { .irr = 0x01, .isr = 0x10, .add = 4 }, { 0 } },
      { 0, 0 }, 0 },
    { "special-mask", { { .irr = 0x10, .isr = 0x02, .imr = 0x02, .smm = 1 },
                        { 0 } }, { 1, 0 }, 0 },
    { "slave-while-slave-served", { { .isr = 0x04 }, { .irr = 1, .isr = 2 } },
      { 0, 1 }, 1 },
    { "slave-fully-nested", { { .isr = 0x04, .sfnm = 1 },
                              { .irr = 1, .isr = 2 } }, { 1, 1 }, 1 },
    { "initialising", { { .irr = 0xff, .init = 1, .lies = 1 },
                        { .irr = 0xff, .init = 2, .lies = 1 } },
      { 0, 0 }, 0 },
};

START_TEST(pic_line)
{
    const struct pic_row *row = &pic_rows[_i];

    for (uint32_t i = 0; i < 2; i++) {
        context_set(&p.image, I8259, i, "irr", 0, row->pic[i].irr);
        context_set(&p.present, I8259, i, "irr", 0, 0);
        context_set(&p.image, I8259, i, "imr", 0, row->pic[i].imr);
        context_set(&p.image, I8259, i, "isr", 0, row->pic[i].isr);
        context_set(&p.image, I8259, i, "init_state", 0, row->pic[i].init);
        context_set(&p.image, I8259, i, "priority_add", 0, row->pic[i].add);
        context_set(&p.image, I8259, i, "special_fully_nested_mode", 0,
                    row->pic[i].sfnm);
        context_set(&p.image, I8259, i, "special_mask_mode", 0,
                    row->pic[i].smm);
        context_set(&p.image, I8259, i, "int_output", 0, row->pic[i].lies);
        context_set(&p.image, I8259, i, "irq_base", 0, 0xf0);
    }
    planner_make(&p);
    for (uint32_t i = 0; i < 2; i++) {
        ck_assert(plan_find(&p.plan, I8259, i)->load);
        ck_assert_int_eq((int)wanted(&p, I8259, i, "int_output", 0),
                         row->lines[i]);
    }
    ck_assert_int_eq((int)(wanted(&p, I8259, 0, "irr", 0) >> 2 & 1),
                     row->cascade);
}
END_TEST

/* The rule agrees with what a hypervisor saved: nothing but the edit is
 * changed. */
START_TEST(pic_line_of_a_real_one)
{
    context_set(&p.image, I8259, 0, "irq_base", 0, 0xf0);
    planner_make(&p);
    for (uint32_t i = 0; i < 2; i++) {
        ck_assert_uint_eq(wanted(&p, I8259, i, "irr", 0),
                          planned_get(&p.image, I8259, i, "irr", 0));
        ck_assert_uint_eq(wanted(&p, I8259, i, "int_output", 0),
                          planned_get(&p.image, I8259, i, "int_output", 0));
    }
}
END_TEST

/* The present line is up, and the image masks what raised it: carried over,
 * it would be an interrupt that the hypervisor cannot find. */
START_TEST(pic_line_is_not_carried_over)
{
    context_set(&p.present, I8259, 0, "imr", 0, 0);
    context_set(&p.present, I8259, 0, "irr", 0, 0x10);
    context_set(&p.image, I8259, 0, "irr", 0, 0);
    context_set(&p.present, I8259, 0, "int_output", 0, 1);
    context_set(&p.image, I8259, 0, "imr", 0, 0xff);
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, I8259, 0, "irr", 0), 0x10);
    ck_assert_uint_eq(wanted(&p, I8259, 0, "int_output", 0), 0);
}
END_TEST

/* ------------------------------------------------------------------ */
/* Clocks                                                               */
/* ------------------------------------------------------------------ */

START_TEST(clocks)
{
    p.facts.restore_time = _i;
    for (uint32_t v = 0; v < 2; v++) {
        context_set(&p.image, CPU, v, "tsc", 0, 1000 + v);
        context_set(&p.present, CPU, v, "tsc", 0, 9000 + v);
    }
    context_set(&p.image, CPU, 0, "rax", 0, 7);
    context_set(&p.image, HPET, 0, "mc64", 0, 1);
    context_set(&p.present, HPET, 0, "mc64", 0, 2);
    context_set(&p.image, HPET, 0, "config", 0, 3);
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, CPU, 0, "tsc", 0), _i ? 1000 : 9000);
    ck_assert_uint_eq(wanted(&p, CPU, 1, "tsc", 0), _i ? 1001 : 9001);
    ck_assert_uint_eq(wanted(&p, HPET, 0, "mc64", 0), _i ? 1 : 2);
    ck_assert_uint_eq(wanted(&p, HPET, 0, "config", 0), 3);
    ck_assert_uint_eq(wanted(&p, CPU, 0, "rax", 0), 7);
}
END_TEST

/* ------------------------------------------------------------------ */
/* MTRR                                                                 */
/* ------------------------------------------------------------------ */

static void mtrr_pairs(struct context *context, uint64_t first,
                       uint64_t others)
{
    for (size_t i = 0; i < 16; i++)
        context_set(context, MTRR, 0, "msr_mtrr_var", i,
                    i < 2    ? first + (i % 2 ? 0x800 : 0)
                    : others ? others + (i % 2 ? 0x800 : 0)
                             : 0);
}

static const struct mtrr_row {
    const char *name;
    cat_version image, present;
    uint64_t first, others;       /* of the image; 0xf0000000 now */
    uint64_t loads;               /* base of pair 1 that is loaded */
    bool differs;
    const char *ids;
} mtrr_rows[] = {
    { "copies", CAT_V(4, 17), CAT_V(4, 17), 0xf0000000, 0xf0000000, 2, false,
      "" },
    { "other-copies", CAT_V(4, 12), CAT_V(4, 17), 0xe0000000, 0xe0000000, 2,
      true, "" },
    { "pair-0-edited", CAT_V(4, 17), CAT_V(4, 17), 0xe0000000, 0xf0000000, 2,
      true, "" },
    { "pair-1-edited", CAT_V(4, 17), CAT_V(4, 17), 0xf0000000, 0xd0000000, 2,
      false, "live-mtrr-pairs" },
    { "old-image", CAT_V(4, 11), CAT_V(4, 17), 0xf0000000, 0xd0000000,
      0xd0000000, true, "" },
    { "old-image-same", CAT_V(4, 11), CAT_V(4, 17), 0xf0000000, 0xf0000000,
      0xf0000000, false, "" },
    { "old-image-empty", CAT_V(4, 11), CAT_V(4, 17), 0xf0000000, 0, 2, true,
      "" },
    { "old-host", CAT_V(4, 11), CAT_V(4, 11), 0xf0000000, 0xd0000000,
      0xd0000000, true, "" },
    { "new-image-old-host", CAT_V(4, 17), CAT_V(4, 11), 0xe0000000,
      0xe0000000, 2, true, "" },
};

START_TEST(mtrr)
{
    const struct mtrr_row *row = &mtrr_rows[_i];
    const struct plan_record *record;

    mtrr_pairs(&p.image, row->first, row->others);
    mtrr_pairs(&p.present, 0xf0000000, 0xf0000000);
    p.facts.image_version = row->image;
    p.facts.present_version = row->present;
    planner_make(&p);
    expect_ids(p.report, row->ids);
    record = plan_find(&p.plan, MTRR, 0);
    ck_assert(record->differs == row->differs);
    ck_assert(record->load == row->differs);

    load_cpus();
    planner_make(&p);
    ck_assert(plan_find(&p.plan, MTRR, 0)->load);
    ck_assert_uint_eq(wanted(&p, MTRR, 0, "msr_mtrr_var", 0), row->first);
    ck_assert_uint_eq(wanted(&p, MTRR, 0, "msr_mtrr_var", 1),
                      row->first + 0x800);
    for (size_t i = 2; i < 16; i++)
        ck_assert_uint_eq(wanted(&p, MTRR, 0, "msr_mtrr_var", i),
                          row->loads == 2 ? 2
                              : row->loads + (i % 2 ? 0x800 : 0));
}
END_TEST

/* Loaded with the CPUs though the image has none: the present one, and of
 * that only what its saver could tell. */
START_TEST(mtrr_of_the_domain_only)
{
    context_drop(&p.image, MTRR, 1);
    load_cpus();
    planner_make(&p);
    ck_assert(plan_find(&p.plan, MTRR, 1)->load);
    ck_assert_uint_eq(wanted(&p, MTRR, 1, "msr_mtrr_var", 2), 2);
    ck_assert_uint_eq(wanted(&p, MTRR, 1, "msr_mtrr_var", 15), 2);
    ck_assert_uint_eq(wanted(&p, MTRR, 1, "msr_pat_cr", 0),
                      planned_get(&p.present, MTRR, 1, "msr_pat_cr", 0));
}
END_TEST

/* ------------------------------------------------------------------ */
/* CPU_MSR                                                              */
/* ------------------------------------------------------------------ */

#define NONE { 0, 0 }
static const struct msr_row {
    const char *name;
    struct msr_value image[4], present[4], wanted[5];
    bool differs;
} msr_rows[] = {
    { "same", { { 0x48, 1 } }, { { 0x48, 1 } }, { { 0x48, 1 } }, false },
    { "same-in-another-order", { { 0x48, 1 }, { 0xda0, 2 } },
      { { 0xda0, 2 }, { 0x48, 1 } }, { { 0x48, 1 }, { 0xda0, 2 } }, false },
    { "another-value", { { 0x48, 2 } }, { { 0x48, 1 } }, { { 0x48, 2 } },
      true },
    { "gone", { NONE }, { { 0x48, 1 } }, { { 0x48, 0 } }, true },
    { "one-gone", { { 0xda0, 2 } }, { { 0x48, 1 }, { 0xda0, 2 } },
      { { 0x48, 0 }, { 0xda0, 2 } }, true },
    { "came", { { 0x48, 1 } }, { NONE }, { { 0x48, 1 } }, true },
    { "came-beside", { { 0x48, 1 }, { 0xc0011027, 3 } }, { { 0x48, 1 } },
      { { 0x48, 1 }, { 0xc0011027, 3 } }, true },
    { "came-as-0", { { 0x48, 0 } }, { NONE }, { NONE }, false },
    { "twice-the-last-counts", { { 0x48, 5 }, { 0x48, 6 } },
      { { 0x48, 6 } }, { { 0x48, 6 } }, false },
    { "twice-new", { { 0xda0, 5 }, { 0x48, 1 }, { 0xda0, 6 } }, { NONE },
      { { 0x48, 1 }, { 0xda0, 6 } }, true },
};

static uint32_t n_msrs(const struct msr_value *msrs)
{
    uint32_t n = 0;

    while (n < 4 && msrs[n].index)
        n++;
    return n;
}

START_TEST(msr)
{
    const struct msr_row *row = &msr_rows[_i];
    const struct plan_record *record;
    uint32_t n = n_msrs(row->wanted);

    if (n_msrs(row->image))
        context_msrs(&p.image, 1, row->image, n_msrs(row->image));
    if (n_msrs(row->present))
        context_msrs(&p.present, 1, row->present, n_msrs(row->present));
    planner_make(&p);
    expect_ids(p.report, "");
    record = plan_find(&p.plan, CPU_MSR, 1);
    ck_assert_ptr_nonnull(record);
    ck_assert(record->load == row->differs);
    if (n == 0) {
        ck_assert_ptr_null(record->wanted);
        return;
    }
    ck_assert_uint_eq(record->length, 8 + 16 * n);
    ck_assert_uint_eq(wanted(&p, CPU_MSR, 1, "count", 0), n);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(wanted(&p, CPU_MSR, 1, "msr[].index", i),
                          row->wanted[i].index);
        ck_assert_uint_eq(wanted(&p, CPU_MSR, 1, "msr[]._rsvd", i), 0);
        ck_assert_uint_eq(wanted(&p, CPU_MSR, 1, "msr[].val", i),
                          row->wanted[i].value);
    }
}
END_TEST

/* Counts and lengths that do not agree. */
START_TEST(msr_damaged)
{
    static const uint32_t lengths[] = { 0, 1, 4, 7, 8, 9, 23, 24, 39, 40 };
    struct msr_value one[] = { { 0x48, 1 } };
    uint8_t body[40] = { 0xff, 0xff, 0xff, 0xff };

    context_msrs(&p.present, 0, one, 1);
    context_add(&p.image, CPU_MSR, 0, body, lengths[_i]);
    planner_make(&p);
    ck_assert(plan_find(&p.plan, CPU_MSR, 0)->load);
    ck_assert_uint_eq(wanted(&p, CPU_MSR, 0, "count", 0), 1);
    ck_assert_uint_eq(wanted(&p, CPU_MSR, 0, "msr[].index", 0), 0x48);
    ck_assert_uint_eq(wanted(&p, CPU_MSR, 0, "msr[].val", 0), 0);
}
END_TEST

START_TEST(msr_uninitialised_padding)
{
    struct msr_value one[] = { { 0x48, 1 } };

    context_msrs(&p.image, 0, one, 1);
    context_msrs(&p.present, 0, one, 1);
    memset(context_record(&p.present, CPU_MSR, 0)->body + 4, 0xaa, 4);
    planner_make(&p);
    expect_loads(&p, "");
}
END_TEST

/* ------------------------------------------------------------------ */
/* CPU_XSAVE that only the domain has                                   */
/* ------------------------------------------------------------------ */

static void lose_xsave(uint64_t accum)
{
    context_set(&p.present, CPU_XSAVE, 0, "xcr0_accum", 0, accum);
    context_set(&p.present, CPU_XSAVE, 0, "xcr0", 0, accum);
    context_set(&p.present, CPU_XSAVE, 0, "save_area.xsave_hdr.xstate_bv", 0,
                accum);
    for (size_t i = 0; i < 32; i++)
        context_set(&p.present, CPU_XSAVE, 0, "save_area.fpu_sse.xmm", i,
                    0xbad);
    context_drop(&p.image, CPU_XSAVE, 0);
    for (size_t i = 0; i < 32; i++)
        context_set(&p.image, CPU, 0, "fpu_regs.xmm", i, 0x900d + i);
}

START_TEST(xsave_reset)
{
    lose_xsave(3);
    planner_make(&p);
    expect_ids(p.report, "");
    for (size_t i = 0; i < 32; i++)
        ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "save_area.fpu_sse.xmm",
                                 i), 0x900d + i);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "xcr0", 0), 1);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "xcr0_accum", 0), 3);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0,
                             "save_area.xsave_hdr.xstate_bv", 0), 3);
}
END_TEST

/* A record that says that the FPU was never used has zeros for it, and zero
 * is not its state: it would unmask every exception. */
START_TEST(xsave_reset_fpu_not_initialised)
{
    lose_xsave(3);
    context_set(&p.image, CPU, 0, "flags", 0, 0);
    for (size_t i = 0; i < 512; i++)
        context_set(&p.image, CPU, 0, "fpu_regs", i, 0);
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "save_area.fpu_sse.mxcsr",
                             0), 0x1f80);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "save_area.fpu_sse.fcw", 0),
                      0x40);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "save_area.fpu_sse.xmm", 0),
                      0);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0,
                             "save_area.xsave_hdr.xstate_bv", 0), 1);
}
END_TEST

/* The loader refuses components that xcr0_accum has not. */
START_TEST(xsave_reset_x87_only)
{
    lose_xsave(1);
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0,
                             "save_area.xsave_hdr.xstate_bv", 0), 1);
}
END_TEST

START_TEST(xsave_lost_keeps_the_rest)
{
    lose_xsave(7);
    planner_make(&p);
    expect_ids(p.report, "live-xsave-lost");
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "save_area.fpu_sse.xmm", 0),
                      0x900d);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0, "xcr0", 0), 7);
    ck_assert_uint_eq(wanted(&p, CPU_XSAVE, 0,
                             "save_area.xsave_hdr.xstate_bv", 0), 7);
}
END_TEST

/* ------------------------------------------------------------------ */
/* Odd contexts                                                         */
/* ------------------------------------------------------------------ */

START_TEST(last_duplicate_counts)
{
    uint8_t body[24] = { 0 };

    memcpy(body, context_record(&p.image, TSC_ADJUST, 0)->body, 8);
    for (uint8_t i = 1; i < 20; i++) {
        body[0] = i;
        context_add(&p.image, TSC_ADJUST, 0, body, 8);
    }
    planner_make(&p);
    ck_assert_uint_eq(wanted(&p, TSC_ADJUST, 0, "tsc_adjust", 0), 19);
}
END_TEST

/* A loader does not look at the instance of what there is once; loaded
 * twice, ISA_IRQ would count its lines twice. */
START_TEST(instance_of_a_single_record)
{
    context_record(&p.image, ISA_IRQ, 0)->instance = 3;
    context_set(&p.image, ISA_IRQ, 3, "i", 0, 0x200);
    planner_make(&p);
    expect_ids(p.report, "");
    expect_loads(&p, "CPU/0 CPU/1 PCI_IRQ/0 ISA_IRQ/0 PCI_LINK/0 MTRR/0 "
                 "MTRR/1 CPU_XSAVE/0 CPU_XSAVE/1");
    ck_assert_uint_eq(wanted(&p, ISA_IRQ, 0, "i", 0), 0x200);
}
END_TEST

START_TEST(unknown_records)
{
    static const uint8_t body[3] = { 1, 2, 3 }, other[3] = { 1, 2, 4 };

    context_add(&p.image, 200, 0, body, 3);
    context_add(&p.present, 201, 65535, body, 3);
    context_add(&p.image, 202, 7, body, 3);
    context_add(&p.present, 202, 7, body, 3);
    planner_make(&p);
    expect_ids(p.report, "live-no-device");
    ck_assert_uint_eq(count_id(p.report, "live-stays"), 1);
    expect_loads(&p, "CPU/0 CPU/1 MTRR/0 MTRR/1 CPU_XSAVE/0 CPU_XSAVE/1 "
                 "?/0");
    context_drop(&p.present, 202, 7);
    context_add(&p.present, 202, 7, other, 3);
    planner_make(&p);
    ck_assert(plan_find(&p.plan, 202, 7)->load);
}
END_TEST

START_TEST(highest_instance)
{
    uint8_t body[1032] = { 0 };

    context_add(&p.image, CPU, 65535, body, sizeof(body));
    context_add(&p.image, I8259, 65535, body, 8);
    planner_make(&p);
    expect_ids(p.report, "load-cr0 live-no-device live-no-vcpu");
}
END_TEST

/* The HEADER of a blob that is loaded is the present one. */
START_TEST(blob)
{
    struct context loaded;
    uint8_t *bytes;
    size_t size;

    context_set(&p.image, 1, 0, "changeset", 0, 0x1234);
    context_set(&p.present, 1, 0, "changeset", 0, 0x4321);
    load_cpus();
    planner_make(&p);
    ck_assert_int_eq(plan_blob(&p.plan, p.present.hvm, &bytes, &size, NULL),
                     0);
    context_of_blob(&loaded, bytes, size);
    free(bytes);
    ck_assert_uint_eq(loaded.count, 1 + p.plan.n_load);
    ck_assert_uint_eq(planned_get(&loaded, 1, 0, "changeset", 0), 0x4321);
    ck_assert_uint_eq(loaded.records[1].typecode, CPU);
    ck_assert_uint_eq(planned_get(&loaded, CPU, 0, "rax", 0),
                      planned_get(&p.image, CPU, 0, "rax", 0));
    context_free(&loaded);
}
END_TEST

static bool ram_below_4g(void *arg, uint64_t cr3)
{
    (void)arg;
    return cr3 << 12 >> 12 < UINT64_C(0x100000000);
}

static const struct cr3_row {
    const char *name;
    uint64_t cr3, cr0;
    bool shadow, crashes;
} cr3_rows[] = {
    { "hap", 0x200000000, 0x80000011, false, false },
    { "in-ram", 0x1000, 0x80000011, true, false },
    { "outside", 0x200000000, 0x80000011, true, true },
    { "no-paging", 0x200000000, 0x11, true, false },
    { "above-all-addresses", UINT64_C(1) << 63 | 0x1000, 0x80000011, true,
      true },
};

START_TEST(cr3)
{
    const struct cr3_row *row = &cr3_rows[_i];

    p.facts.is_ram = row->shadow ? ram_below_4g : NULL;
    context_set(&p.image, CPU, 0, "cr3", 0, row->cr3);
    context_set(&p.image, CPU, 0, "cr0", 0, row->cr0);
    planner_make(&p);
    expect_ids(p.report, row->crashes ? "live-crash-cr3" : "");
    ck_assert(p.plan.crashes == row->crashes);
}
END_TEST

#define LOOP(tc, test, rows) \
    for (size_t i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++) \
        add_named(tc, test->fn, (int)i_, #test "-%s", (rows)[i_].name)

static TCase *cases(Suite *suite, const char *name)
{
    TCase *tc = tcase_create(name);

    tcase_add_checked_fixture(tc, setup, teardown);
    suite_add_tcase(suite, tc);
    return tc;
}

int main(void)
{
    Suite *suite = suite_create("plan-merge");
    TCase *tc = cases(suite, "interrupts");

    tcase_add_loop_test(tc, vector, 16 * 37, 16 * 38);
    tcase_add_loop_test(tc, vector, 16 * 255, 16 * 256);
    tcase_add_test(tc, other_vcpu_keeps_its_own);
    tcase_add_test(tc, ioapic_pins);
    LOOP(tc, pic_line, pic_rows);
    tcase_add_test(tc, pic_line_of_a_real_one);
    tcase_add_test(tc, pic_line_is_not_carried_over);
    tc = cases(suite, "clocks");
    tcase_add_loop_test(tc, clocks, 0, 2);
    tc = cases(suite, "mtrr");
    LOOP(tc, mtrr, mtrr_rows);
    tcase_add_test(tc, mtrr_of_the_domain_only);
    tc = cases(suite, "msr");
    LOOP(tc, msr, msr_rows);
    tcase_add_loop_test(tc, msr_damaged, 0, 10);
    tcase_add_test(tc, msr_uninitialised_padding);
    tc = cases(suite, "xsave");
    tcase_add_test(tc, xsave_reset);
    tcase_add_test(tc, xsave_reset_fpu_not_initialised);
    tcase_add_test(tc, xsave_reset_x87_only);
    tcase_add_test(tc, xsave_lost_keeps_the_rest);
    tc = cases(suite, "odd");
    tcase_add_test(tc, last_duplicate_counts);
    tcase_add_test(tc, instance_of_a_single_record);
    tcase_add_test(tc, unknown_records);
    tcase_add_test(tc, highest_instance);
    tcase_add_test(tc, blob);
    LOOP(tc, cr3, cr3_rows);
    return run_suite(suite);
}
