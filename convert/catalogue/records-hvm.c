/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of the catalogue: every record of a legacy blob, Xen 3.1 to 4.22.
 *
 * Names, offsets and widths are those of Xen's public headers
 * xen/include/public/arch-x86/hvm/save.h as a 64-bit compiler lays them out
 * (a blob is always written by the 64-bit hypervisor or in the same layout),
 * release tags 3.1 to 4.22.0.  CAT_PART rows are our names, after the
 * processor manuals, for what those headers leave as an array.
 *
 * CAT_MOVES, CAT_PENDING and CAT_IGNORED follow from the save and load
 * functions in xen/arch/x86/hvm and xen/arch/x86/emul-i8254.c at
 * RELEASE-4.17.0.
 */
#include "catalogue/rows.h"

/* The 1016-byte form of CPU that loaders accept since 4.0.2 is a set of
 * fields of its own, ordered between those of 3.4 and 4.0. */
#define WITH_COMPAT_SINCE       .from = CAT_CPU_COMPAT, .to = CAT_EVER
#define WITH_COMPAT_UNTIL       .from = CAT_OLDEST, .to = CAT_CPU_COMPAT

/* --- 0 END -------------------------------------------------------------- */

static const struct cat_layout end_layouts[] = {
    LAYOUT_SINCE(0, 3, 1),
};

/* --- 1 HEADER ----------------------------------------------------------- */

static const struct cat_layout header_layouts[] = {
    LAYOUT(24, 3, 1, 3, 4),
    LAYOUT_SINCE(24, 4, 0),
};

/* Loaders only compare changeset and cpuid, and log a difference. */
static const struct cat_field header_fields[] = {
    FIELD("magic",      0, 4, HEX, 0, ALWAYS),
    FIELD("version",    4, 4, DEC, 0, ALWAYS),
    FIELD("changeset",  8, 8, HEX, IGNORED, ALWAYS),
    FIELD("cpuid",     16, 4, FLAGS, IGNORED, ALWAYS, NAMED(signature)),
    FIELD("pad0",      20, 4, HEX, PAD, UNTIL(3, 4)),
    FIELD("gtsc_khz",  20, 4, DEC, 0, SINCE(4, 0)),
};

/* Of x87 and SSE, here and in CPU_XSAVE (Intel SDM volume 1, section
 * 10.5.1). */
static const struct cat_registers
    registers_st = { "st", 0, "", 10, 16, 8 },
    registers_xmm = { "xmm", 0, "", 16, 16, 16 },
    registers_before = { .count = 0 };

/* --- 2 CPU -------------------------------------------------------------- */

static const struct cat_layout cpu_layouts[] = {
    LAYOUT(1016, 3, 1, 3, 4),
    LAYOUT(1024, 4, 0, 4, 6),
    LAYOUT_SINCE(1032, 4, 7),
    /* struct hvm_hw_cpu_compat: accepted since 4.0.2, 4.1.1 and 4.2.0 */
    { .length = 1016, .from = CAT_V(4, 2), .to = CAT_EVER,
      .backported = CAT_V(4, 0), .fields = CAT_CPU_COMPAT },
};

/* msr_flags: saved as 0 and not looked at since 4.9 (4.6.6, 4.7.3, 4.8.1).
 * A record that is too short for flags is loaded as if flags were 1. */
static const struct cat_field cpu_fields[] = {
    ARRAY("fpu_regs", 0, 1, 512, 1, HEX, 0, ALWAYS),
    FIELD("fpu_regs.fcw", 0, 2, FLAGS, PART, ALWAYS, NAMED(fcw)),
    FIELD("fpu_regs.fsw", 2, 2, FLAGS, PART, ALWAYS, NAMED(fsw)),
    FIELD("fpu_regs.ftw", 4, 1, HEX, PART, ALWAYS),
    FIELD("fpu_regs.fop", 6, 2, HEX, PART, ALWAYS),
    FIELD("fpu_regs.fip", 8, 8, HEX, PART, ALWAYS),
    FIELD("fpu_regs.fdp", 16, 8, HEX, PART, ALWAYS),
    FIELD("fpu_regs.mxcsr", 24, 4, FLAGS, PART, ALWAYS, NAMED(mxcsr)),
    FIELD("fpu_regs.mxcsr_mask", 28, 4, HEX, PART, ALWAYS),
    ARRAY("fpu_regs.st_mantissa", 32, 8, 8, 16, HEX, PART, ALWAYS,
          OF(st)),
    ARRAY("fpu_regs.st_exponent", 40, 2, 8, 16, HEX, PART, ALWAYS,
          OF(before)),
    ARRAY("fpu_regs.xmm", 160, 8, 32, 8, HEX, PART, ALWAYS, OF(xmm)),
    FIELD("rax",               512, 8, HEX, 0, ALWAYS),
    FIELD("rbx",               520, 8, HEX, 0, ALWAYS),
    FIELD("rcx",               528, 8, HEX, 0, ALWAYS),
    FIELD("rdx",               536, 8, HEX, 0, ALWAYS),
    FIELD("rbp",               544, 8, HEX, 0, ALWAYS),
    FIELD("rsi",               552, 8, HEX, 0, ALWAYS),
    FIELD("rdi",               560, 8, HEX, 0, ALWAYS),
    FIELD("rsp",               568, 8, HEX, 0, ALWAYS),
    FIELD("r8",                576, 8, HEX, 0, ALWAYS),
    FIELD("r9",                584, 8, HEX, 0, ALWAYS),
    FIELD("r10",               592, 8, HEX, 0, ALWAYS),
    FIELD("r11",               600, 8, HEX, 0, ALWAYS),
    FIELD("r12",               608, 8, HEX, 0, ALWAYS),
    FIELD("r13",               616, 8, HEX, 0, ALWAYS),
    FIELD("r14",               624, 8, HEX, 0, ALWAYS),
    FIELD("r15",               632, 8, HEX, 0, ALWAYS),
    FIELD("rip",               640, 8, HEX, 0, ALWAYS),
    FIELD("rflags",            648, 8, FLAGS, 0, ALWAYS, NAMED(rflags)),
    FIELD("cr0",               656, 8, FLAGS, 0, ALWAYS, NAMED(cr0)),
    FIELD("cr2",               664, 8, HEX, 0, ALWAYS),
    FIELD("cr3",               672, 8, HEX, 0, ALWAYS),
    FIELD("cr4",               680, 8, FLAGS, 0, ALWAYS, NAMED(cr4)),
    FIELD("dr0",               688, 8, HEX, 0, ALWAYS),
    FIELD("dr1",               696, 8, HEX, 0, ALWAYS),
    FIELD("dr2",               704, 8, HEX, 0, ALWAYS),
    FIELD("dr3",               712, 8, HEX, 0, ALWAYS),
    FIELD("dr6",               720, 8, FLAGS, 0, ALWAYS, NAMED(dr6)),
    FIELD("dr7",               728, 8, FLAGS, 0, ALWAYS, NAMED(dr7)),
    FIELD("cs_sel",            736, 4, SELECTOR, 0, ALWAYS),
    FIELD("ds_sel",            740, 4, SELECTOR, 0, ALWAYS),
    FIELD("es_sel",            744, 4, SELECTOR, 0, ALWAYS),
    FIELD("fs_sel",            748, 4, SELECTOR, 0, ALWAYS),
    FIELD("gs_sel",            752, 4, SELECTOR, 0, ALWAYS),
    FIELD("ss_sel",            756, 4, SELECTOR, 0, ALWAYS),
    FIELD("tr_sel",            760, 4, SELECTOR, 0, ALWAYS),
    FIELD("ldtr_sel",          764, 4, SELECTOR, 0, ALWAYS),
    FIELD("cs_limit",          768, 4, HEX, 0, ALWAYS),
    FIELD("ds_limit",          772, 4, HEX, 0, ALWAYS),
    FIELD("es_limit",          776, 4, HEX, 0, ALWAYS),
    FIELD("fs_limit",          780, 4, HEX, 0, ALWAYS),
    FIELD("gs_limit",          784, 4, HEX, 0, ALWAYS),
    FIELD("ss_limit",          788, 4, HEX, 0, ALWAYS),
    FIELD("tr_limit",          792, 4, HEX, 0, ALWAYS),
    FIELD("ldtr_limit",        796, 4, HEX, 0, ALWAYS),
    FIELD("idtr_limit",        800, 4, HEX, 0, ALWAYS),
    FIELD("gdtr_limit",        804, 4, HEX, 0, ALWAYS),
    FIELD("cs_base",           808, 8, HEX, 0, ALWAYS),
    FIELD("ds_base",           816, 8, HEX, 0, ALWAYS),
    FIELD("es_base",           824, 8, HEX, 0, ALWAYS),
    FIELD("fs_base",           832, 8, HEX, 0, ALWAYS),
    FIELD("gs_base",           840, 8, HEX, 0, ALWAYS),
    FIELD("ss_base",           848, 8, HEX, 0, ALWAYS),
    FIELD("tr_base",           856, 8, HEX, 0, ALWAYS),
    FIELD("ldtr_base",         864, 8, HEX, 0, ALWAYS),
    FIELD("idtr_base",         872, 8, HEX, 0, ALWAYS),
    FIELD("gdtr_base",         880, 8, HEX, 0, ALWAYS),
    FIELD("cs_arbytes",        888, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("ds_arbytes",        892, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("es_arbytes",        896, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("fs_arbytes",        900, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("gs_arbytes",        904, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("ss_arbytes",        908, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("tr_arbytes",        912, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("ldtr_arbytes",      916, 4, FLAGS, 0, ALWAYS, NAMED(arbytes)),
    FIELD("sysenter_esp",      928, 8, HEX, 0, ALWAYS),
    FIELD("sysenter_eip",      936, 8, HEX, 0, ALWAYS),
    FIELD("shadow_gs",         944, 8, HEX, 0, ALWAYS),
    FIELD("msr_flags",         952, 8, HEX, IGNORED, ALWAYS),
    FIELD("msr_lstar",         960, 8, HEX, 0, ALWAYS),
    FIELD("msr_star",          968, 8, HEX, 0, ALWAYS),
    FIELD("msr_cstar",         976, 8, HEX, 0, ALWAYS),
    FIELD("msr_syscall_mask",  984, 8, FLAGS, 0, ALWAYS, NAMED(rflags)),
    FIELD("msr_efer",          992, 8, FLAGS, 0, ALWAYS, NAMED(efer)),
    FIELD("msr_tsc_aux",      1000, 8, HEX, 0, SINCE(4, 0)),
    /* up to 3.4, and the compat form */
    FIELD("sysenter_cs",       920, 4, SELECTOR, 0, UNTIL(3, 4)),
    FIELD("padding0",          924, 4, HEX, PAD, UNTIL(3, 4)),
    FIELD("tsc",              1000, 8, HEX, MOVES, WITH_COMPAT_UNTIL),
    FIELD("pending_event",    1008, 4, FLAGS, 0, WITH_COMPAT_UNTIL,
          NAMED(event)),
    BITS("pending_vector",    1008, 1, 0, 8, HEX, VIEW, WITH_COMPAT_UNTIL),
    BITS("pending_type",      1009, 1, 0, 3, ENUM, VIEW, WITH_COMPAT_UNTIL,
         NAMED(event_type)),
    BITS("pending_error_valid", 1009, 1, 3, 1, DEC, VIEW, WITH_COMPAT_UNTIL),
    BITS("pending_reserved",  1008, 4, 12, 19, HEX, VIEW, WITH_COMPAT_UNTIL),
    BITS("pending_valid",     1011, 1, 7, 1, DEC, VIEW, WITH_COMPAT_UNTIL),
    FIELD("error_code",       1012, 4, HEX, 0, WITH_COMPAT_UNTIL),
    /* since 4.0 */
    FIELD("sysenter_cs",       920, 8, SELECTOR, 0, WITH_COMPAT_SINCE),
    FIELD("tsc",              1008, 8, HEX, MOVES, SINCE(4, 0)),
    FIELD("pending_event",    1016, 4, FLAGS, 0, SINCE(4, 0), NAMED(event)),
    BITS("pending_vector",    1016, 1, 0, 8, HEX, VIEW, SINCE(4, 0)),
    BITS("pending_type",      1017, 1, 0, 3, ENUM, VIEW, SINCE(4, 0),
         NAMED(event_type)),
    BITS("pending_error_valid", 1017, 1, 3, 1, DEC, VIEW, SINCE(4, 0)),
    BITS("pending_reserved",  1016, 4, 12, 19, HEX, VIEW, SINCE(4, 0)),
    BITS("pending_valid",     1019, 1, 7, 1, DEC, VIEW, SINCE(4, 0)),
    FIELD("error_code",       1020, 4, HEX, 0, SINCE(4, 0)),
    FIELD("flags",            1024, 4, FLAGS, 0, SINCE(4, 7), .assumed = 1,
          NAMED(cpu_flags)),
    FIELD("pad0",             1028, 4, HEX, PAD, SINCE(4, 7)),
};

/* --- 3 PIC -------------------------------------------------------------- */

static const struct cat_layout pic_layouts[] = {
    LAYOUT_SINCE(8, 3, 1),
};

/* int_output follows irr. */
static const struct cat_field pic_fields[] = {
    FIELD("irr",      0, 1, BITMAP, PENDING, ALWAYS),
    FIELD("imr",      1, 1, BITMAP, 0, ALWAYS),
    FIELD("isr",      2, 1, BITMAP, 0, ALWAYS),
    FIELD("irq_base", 3, 1, HEX, 0, ALWAYS),
    BITS("init_state",   4, 1, 0, 4, ENUM, 0, ALWAYS, NAMED(pic_init)),
    BITS("priority_add", 4, 1, 4, 4, DEC, 0, ALWAYS),
    BITS("readsel_isr",  5, 1, 0, 1, DEC, 0, ALWAYS),
    BITS("poll",         5, 1, 1, 1, DEC, 0, ALWAYS),
    BITS("auto_eoi",     5, 1, 2, 1, DEC, 0, ALWAYS),
    BITS("rotate_on_auto_eoi", 5, 1, 3, 1, DEC, 0, ALWAYS),
    BITS("special_fully_nested_mode", 5, 1, 4, 1, DEC, 0, ALWAYS),
    BITS("special_mask_mode", 5, 1, 5, 1, DEC, 0, ALWAYS),
    BITS("is_master",    5, 1, 6, 1, DEC, 0, ALWAYS),
    FIELD("elcr",       6, 1, BITMAP, 0, ALWAYS),
    FIELD("int_output", 7, 1, DEC, PENDING, ALWAYS),
};

/* --- 4 IOAPIC ----------------------------------------------------------- */

static const struct cat_layout ioapic_layouts[] = {
    LAYOUT_SINCE(400, 3, 1),
};

static const struct cat_field ioapic_fields[] = {
    FIELD("base_address", 0, 8, HEX, 0, ALWAYS),
    FIELD("ioregsel",     8, 4, HEX, 0, ALWAYS),
    FIELD("id",          12, 4, HEX, 0, ALWAYS),
    ARRAY("redirtbl[].bits", 16, 8, 48, 8, FLAGS, 0, ALWAYS, NAMED(redirtbl)),
    ARRAY("redirtbl[].fields.vector", 16, 1, 48, 8, HEX, VIEW, ALWAYS),
    BITS_ARRAY("redirtbl[].fields.delivery_mode", 17, 1, 0, 3, 48, 8,
               ENUM, VIEW, ALWAYS, NAMED(delivery)),
    BITS_ARRAY("redirtbl[].fields.dest_mode", 17, 1, 3, 1, 48, 8,
               ENUM, VIEW, ALWAYS, NAMED(dest_mode)),
    BITS_ARRAY("redirtbl[].fields.delivery_status", 17, 1, 4, 1, 48, 8,
               DEC, VIEW | PENDING, ALWAYS),
    BITS_ARRAY("redirtbl[].fields.polarity", 17, 1, 5, 1, 48, 8,
               ENUM, VIEW, ALWAYS, NAMED(polarity)),
    BITS_ARRAY("redirtbl[].fields.remote_irr", 17, 1, 6, 1, 48, 8,
               DEC, VIEW | PENDING, ALWAYS),
    BITS_ARRAY("redirtbl[].fields.trig_mode", 17, 1, 7, 1, 48, 8,
               ENUM, VIEW, ALWAYS, NAMED(trigger)),
    BITS_ARRAY("redirtbl[].fields.mask", 18, 1, 0, 1, 48, 8,
               DEC, VIEW, ALWAYS),
    BITS_ARRAY("redirtbl[].fields.reserve", 18, 1, 1, 7, 48, 8,
               HEX, VIEW, ALWAYS),
    RUNS("redirtbl[].fields.reserved", 19, 1, 192, 4, 8, HEX, VIEW, ALWAYS),
    ARRAY("redirtbl[].fields.dest_id", 23, 1, 48, 8, HEX, VIEW, ALWAYS),
};

/* --- 5 LAPIC ------------------------------------------------------------ */

static const struct cat_layout lapic_layouts[] = {
    LAYOUT(16, 3, 1, 4, 0),
    LAYOUT(24, 4, 1, 4, 20),
    /* also in 4.18.5, 4.19.2, 4.20.1 and what follows them */
    { .length = 32, .from = CAT_V(4, 21), .to = CAT_EVER,
      .backported = CAT_V(4, 18), .fields = CAT_V(4, 21) },
};

static const struct cat_field lapic_fields[] = {
    FIELD("apic_base_msr",  0, 8, FLAGS, 0, ALWAYS, NAMED(apic_base)),
    FIELD("disabled",       8, 4, FLAGS, 0, ALWAYS, NAMED(apic_disabled)),
    FIELD("timer_divisor", 12, 4, DEC, 0, ALWAYS),
    FIELD("tdt_msr",       16, 8, HEX, 0, SINCE(4, 1)),
    FIELD("pending_esr",   24, 4, FLAGS, 0, SINCE(4, 21), NAMED(esr)),
};

/* --- 6 LAPIC_REGS ------------------------------------------------------- */

static const struct cat_layout lapic_regs_layouts[] = {
    LAYOUT_SINCE(1024, 3, 1),
};

/* The register page.  Xen computes tmcct when the guest reads it, and never
 * stores it; an interrupt that sets its bit in irr also sets or clears it in
 * tmr, by its trigger mode. */
static const struct cat_field lapic_regs_fields[] = {
    ARRAY("data", 0, 1, 1024, 1, HEX, 0, ALWAYS),
    FIELD("id",       0x020, 4, HEX, PART, ALWAYS),
    FIELD("version",  0x030, 4, FLAGS, PART, ALWAYS, NAMED(apic_version)),
    FIELD("tpr",      0x080, 4, HEX, PART, ALWAYS),
    FIELD("apr",      0x090, 4, HEX, PART, ALWAYS),
    FIELD("ppr",      0x0a0, 4, HEX, PART, ALWAYS),
    FIELD("eoi",      0x0b0, 4, HEX, PART, ALWAYS),
    FIELD("rrd",      0x0c0, 4, HEX, PART, ALWAYS),
    FIELD("ldr",      0x0d0, 4, HEX, PART, ALWAYS),
    FIELD("dfr",      0x0e0, 4, FLAGS, PART, ALWAYS, NAMED(dfr)),
    FIELD("svr",      0x0f0, 4, FLAGS, PART, ALWAYS, NAMED(svr)),
    ARRAY("isr",      0x100, 4, 8, 16, BITMAP, PART, ALWAYS),
    ARRAY("tmr",      0x180, 4, 8, 16, BITMAP, PART | PENDING, ALWAYS),
    ARRAY("irr",      0x200, 4, 8, 16, BITMAP, PART | PENDING, ALWAYS),
    FIELD("esr",      0x280, 4, FLAGS, PART, ALWAYS, NAMED(esr)),
    FIELD("cmci",     0x2f0, 4, FLAGS, PART, ALWAYS, NAMED(lvt)),
    FIELD("icr_low",  0x300, 4, FLAGS, PART, ALWAYS, NAMED(icr)),
    FIELD("icr_high", 0x310, 4, HEX, PART, ALWAYS),
    FIELD("lvtt",     0x320, 4, FLAGS, PART, ALWAYS, NAMED(lvtt)),
    FIELD("lvtthmr",  0x330, 4, FLAGS, PART, ALWAYS, NAMED(lvt)),
    FIELD("lvtpc",    0x340, 4, FLAGS, PART, ALWAYS, NAMED(lvt)),
    FIELD("lvt0",     0x350, 4, FLAGS, PART, ALWAYS, NAMED(lint)),
    FIELD("lvt1",     0x360, 4, FLAGS, PART, ALWAYS, NAMED(lint)),
    FIELD("lvterr",   0x370, 4, FLAGS, PART, ALWAYS, NAMED(lvt)),
    FIELD("tmict",    0x380, 4, DEC, PART, ALWAYS),
    FIELD("tmcct",    0x390, 4, DEC, PART | IGNORED, ALWAYS),
    FIELD("tdcr",     0x3e0, 4, FLAGS, PART, ALWAYS, NAMED(tdcr)),
};

/* --- 7 PCI_IRQ ---------------------------------------------------------- */

static const struct cat_layout pci_irq_layouts[] = {
    LAYOUT_SINCE(16, 3, 1),
};

/* Bit device * 4 + INTx.  pad is the other member of the union, which gives
 * it the same size everywhere. */
static const struct cat_field pci_irq_fields[] = {
    ARRAY("pad", 0, 8, 2, 8, HEX, 0, ALWAYS),
    ARRAY("i",   0, 8, 2, 8, BITMAP, VIEW, ALWAYS),
};

/* --- 8 ISA_IRQ ---------------------------------------------------------- */

static const struct cat_layout isa_irq_layouts[] = {
    LAYOUT_SINCE(8, 3, 1),
};

/* One bit a line. */
static const struct cat_field isa_irq_fields[] = {
    ARRAY("pad", 0, 8, 1, 8, HEX, 0, ALWAYS),
    ARRAY("i",   0, 8, 1, 8, BITMAP, VIEW, ALWAYS),
};

/* --- 9 PCI_LINK --------------------------------------------------------- */

static const struct cat_layout pci_link_layouts[] = {
    LAYOUT_SINCE(8, 3, 1),
};

static const struct cat_field pci_link_fields[] = {
    ARRAY("route", 0, 1, 4, 1, DEC, 0, ALWAYS),
    ARRAY("pad0",  4, 1, 4, 1, HEX, PAD, ALWAYS),
};

/* --- 10 PIT ------------------------------------------------------------- */

static const struct cat_layout pit_layouts[] = {
    LAYOUT_SINCE(56, 3, 1),
};

/* count is the value that the guest wrote; the record does not have the
 * present count. */
static const struct cat_field pit_fields[] = {
    ARRAY("channels[].count",           0, 4, 3, 16, DEC, 0, ALWAYS),
    ARRAY("channels[].latched_count",   4, 2, 3, 16, DEC, 0, ALWAYS),
    ARRAY("channels[].count_latched",   6, 1, 3, 16, DEC, 0, ALWAYS),
    ARRAY("channels[].status_latched",  7, 1, 3, 16, DEC, 0, ALWAYS),
    ARRAY("channels[].status",          8, 1, 3, 16, FLAGS, 0, ALWAYS,
          NAMED(pit_status)),
    ARRAY("channels[].read_state",      9, 1, 3, 16, ENUM, 0, ALWAYS,
          NAMED(pit_state)),
    ARRAY("channels[].write_state",    10, 1, 3, 16, ENUM, 0, ALWAYS,
          NAMED(pit_state)),
    ARRAY("channels[].write_latch",    11, 1, 3, 16, HEX, 0, ALWAYS),
    ARRAY("channels[].rw_mode",        12, 1, 3, 16, ENUM, 0, ALWAYS,
          NAMED(pit_rw)),
    ARRAY("channels[].mode",           13, 1, 3, 16, ENUM, 0, ALWAYS,
          NAMED(pit_mode)),
    ARRAY("channels[].bcd",            14, 1, 3, 16, DEC, 0, ALWAYS),
    ARRAY("channels[].gate",           15, 1, 3, 16, DEC, 0, ALWAYS),
    FIELD("speaker_data_on", 48, 4, DEC, 0, ALWAYS),
    FIELD("pad0",            52, 4, HEX, PAD, ALWAYS),
};

/* --- 11 RTC ------------------------------------------------------------- */

static const struct cat_layout rtc_layouts[] = {
    LAYOUT(16, 3, 1, 4, 13),
    LAYOUT_SINCE(24, 4, 14),
};

/* Xen computes the time of day anew from the host's clock, on load and when
 * the alarm timer fires.  The update timers set and clear uip in register A;
 * they and the alarm set the flags of register C, which only the guest
 * clears. */
static const struct cat_field rtc_fields[] = {
    ARRAY("cmos_data", 0, 1, 14, 1, HEX, 0, ALWAYS),
    FIELD("cmos_data.seconds",       0, 1, HEX, PART | MOVES | IGNORED,
          ALWAYS),
    FIELD("cmos_data.seconds_alarm", 1, 1, HEX, PART, ALWAYS),
    FIELD("cmos_data.minutes",       2, 1, HEX, PART | MOVES | IGNORED,
          ALWAYS),
    FIELD("cmos_data.minutes_alarm", 3, 1, HEX, PART, ALWAYS),
    FIELD("cmos_data.hours",         4, 1, HEX, PART | MOVES | IGNORED,
          ALWAYS),
    FIELD("cmos_data.hours_alarm",   5, 1, HEX, PART, ALWAYS),
    FIELD("cmos_data.day_of_week",   6, 1, HEX, PART | MOVES | IGNORED,
          ALWAYS),
    FIELD("cmos_data.day_of_month",  7, 1, HEX, PART | MOVES | IGNORED,
          ALWAYS),
    FIELD("cmos_data.month",         8, 1, HEX, PART | MOVES | IGNORED,
          ALWAYS),
    FIELD("cmos_data.year",          9, 1, HEX, PART | MOVES | IGNORED,
          ALWAYS),
    FIELD("cmos_data.reg_a",        10, 1, FLAGS, PART, ALWAYS, NAMED(rtc_a)),
    BITS("cmos_data.reg_a.uip",     10, 1, 7, 1, DEC, PART | MOVES, ALWAYS),
    FIELD("cmos_data.reg_b",        11, 1, FLAGS, PART, ALWAYS, NAMED(rtc_b)),
    FIELD("cmos_data.reg_c",        12, 1, FLAGS, PART | PENDING, ALWAYS,
          NAMED(rtc_c)),
    FIELD("cmos_data.reg_d",        13, 1, FLAGS, PART, ALWAYS, NAMED(rtc_d)),
    FIELD("cmos_index", 14, 1, HEX, 0, ALWAYS),
    FIELD("pad0",       15, 1, HEX, PAD, ALWAYS),
    FIELD("rtc_offset", 16, 8, SIGNED, 0, SINCE(4, 14)),
};

/* --- 12 HPET ------------------------------------------------------------ */

static const struct cat_layout hpet_layouts[] = {
    LAYOUT_SINCE(1048, 3, 1),
};

/* The saver advances the comparator of a periodic timer beyond mc64. */
static const struct cat_field hpet_fields[] = {
    FIELD("capability",   0, 8, FLAGS, 0, ALWAYS, NAMED(hpet_cap)),
    FIELD("res0",         8, 8, HEX, PAD | IGNORED, ALWAYS),
    FIELD("config",      16, 8, FLAGS, 0, ALWAYS, NAMED(hpet_config)),
    FIELD("res1",        24, 8, HEX, PAD | IGNORED, ALWAYS),
    FIELD("isr",         32, 8, BITMAP, PENDING, ALWAYS),
    ARRAY("res2",        40, 8, 25, 8, HEX, PAD | IGNORED, ALWAYS),
    FIELD("mc64",       240, 8, HEX, MOVES, ALWAYS),
    FIELD("res3",       248, 8, HEX, PAD | IGNORED, ALWAYS),
    ARRAY("timers[].config", 256, 8, 3, 32, FLAGS, 0, ALWAYS,
          NAMED(hpet_timer)),
    ARRAY("timers[].cmp",    264, 8, 3, 32, HEX, MOVES, ALWAYS),
    ARRAY("timers[].fsb",    272, 8, 3, 32, HEX, 0, ALWAYS),
    ARRAY("timers[].res4",   280, 8, 3, 32, HEX, PAD | IGNORED, ALWAYS),
    ARRAY("res5",       352, 8, 84, 8, HEX, PAD | IGNORED, ALWAYS),
    ARRAY("period",    1024, 8, 3, 8, DEC, 0, ALWAYS),
};

/* --- 13 PMTIMER --------------------------------------------------------- */

static const struct cat_layout pmtimer_layouts[] = {
    LAYOUT_SINCE(8, 3, 1),
};

/* pmt_update_time() sets TMR when bit 23 of the timer changes, each 2.34 s,
 * also while the domain is paused. */
static const struct cat_field pmtimer_fields[] = {
    FIELD("tmr_val",  0, 4, HEX, MOVES, ALWAYS),
    FIELD("pm1a_sts", 4, 2, FLAGS, PENDING, ALWAYS, NAMED(pm1_sts)),
    BITS("pm1a_sts.tmr", 4, 2, 0, 1, DEC, PART | MOVES | PENDING, ALWAYS),
    FIELD("pm1a_en",  6, 2, FLAGS, 0, ALWAYS, NAMED(pm1_en)),
};

/* --- 14 MTRR ------------------------------------------------------------ */

static const struct cat_layout mtrr_layouts[] = {
    LAYOUT_SINCE(240, 3, 2),
};

/* msr_mtrr_var alternates base and mask.  Savers since 4.12.0 write the first
 * pair into all eight places. */
static const struct cat_field mtrr_fields[] = {
    FIELD("msr_pat_cr",         0, 8, FLAGS, 0, ALWAYS, NAMED(pat)),
    ARRAY("msr_mtrr_var",       8, 8, 16, 8, HEX, 0, ALWAYS),
    ARRAY("msr_mtrr_fixed",   136, 8, 11, 8, HEX, 0, ALWAYS),
    FIELD("msr_mtrr_cap",     224, 8, FLAGS, 0, ALWAYS, NAMED(mtrr_cap)),
    FIELD("msr_mtrr_def_type", 232, 8, FLAGS, 0, ALWAYS, NAMED(mtrr_def_type)),
};

/* --- 15 VIRIDIAN_DOMAIN, up to 4.1 VIRIDIAN ----------------------------- */

static const struct cat_layout viridian_domain_layouts[] = {
    { .length = 16, .from = CAT_V(3, 4), .to = CAT_V(4, 1),
      .fields = CAT_V(3, 4), .name = "VIRIDIAN" },
    LAYOUT(16, 4, 2, 4, 4),
    LAYOUT(24, 4, 5, 4, 5),
    LAYOUT_SINCE(32, 4, 6),
};

/* Each pause stops time_ref_count, and the first unpause starts it again, also
 * the one with which the hypervisor's own gethvmcontext ends: seen on 4.17. */
static const struct cat_field viridian_domain_fields[] = {
    FIELD("hypercall_gpa",   0, 8, FLAGS, 0, ALWAYS, NAMED(viridian_page)),
    FIELD("guest_os_id",     8, 8, FLAGS, 0, ALWAYS, NAMED(viridian_os)),
    FIELD("time_ref_count", 16, 8, HEX, MOVES, SINCE(4, 5)),
    FIELD("reference_tsc",  24, 8, FLAGS, 0, SINCE(4, 6),
          NAMED(viridian_page)),
};

/* --- 16 CPU_XSAVE ------------------------------------------------------- */

static const struct cat_layout cpu_xsave_layouts[] = {
    { .length = 600, .tail = 1, .from = CAT_V(4, 1), .to = CAT_V(4, 6),
      .fields = CAT_V(4, 1) },
    { .length = 600, .tail = 1, .from = CAT_V(4, 7), .to = CAT_EVER,
      .fields = CAT_V(4, 7) },
    /* The loader of 4.19 mentions empty records of savers before 4.12. */
    { .length = 0, .from = CAT_V(4, 1), .to = CAT_V(4, 11),
      .fields = CAT_NO_FIELDS },
};

/* The XSAVE area is in the standard form: a component is at 24 + its offset in
 * CPUID leaf 0xd of the saving host.  Loaders ignore xfeature_mask since
 * 4.5. */
static const struct cat_field cpu_xsave_fields[] = {
    FIELD("xfeature_mask",  0, 8, FLAGS, IGNORED, ALWAYS, NAMED(xstate)),
    FIELD("xcr0",           8, 8, FLAGS, 0, ALWAYS, NAMED(xstate)),
    FIELD("xcr0_accum",    16, 8, FLAGS, 0, ALWAYS, NAMED(xstate)),
    ARRAY("save_area.fpu_sse.x", 24, 1, 512, 1, HEX, 0, ALWAYS),
    FIELD("save_area.fpu_sse.fcw", 24, 2, FLAGS, PART, ALWAYS, NAMED(fcw)),
    FIELD("save_area.fpu_sse.fsw", 26, 2, FLAGS, PART, ALWAYS, NAMED(fsw)),
    FIELD("save_area.fpu_sse.ftw", 28, 1, HEX, PART, ALWAYS),
    FIELD("save_area.fpu_sse.fop", 30, 2, HEX, PART, ALWAYS),
    FIELD("save_area.fpu_sse.fip", 32, 8, HEX, PART, ALWAYS),
    FIELD("save_area.fpu_sse.fdp", 40, 8, HEX, PART, ALWAYS),
    FIELD("save_area.fpu_sse.mxcsr", 48, 4, FLAGS, PART, ALWAYS, NAMED(mxcsr)),
    FIELD("save_area.fpu_sse.mxcsr_mask", 52, 4, HEX, PART, ALWAYS),
    ARRAY("save_area.fpu_sse.st_mantissa", 56, 8, 8, 16, HEX, PART, ALWAYS,
          OF(st)),
    ARRAY("save_area.fpu_sse.st_exponent", 64, 2, 8, 16, HEX, PART, ALWAYS,
          OF(before)),
    ARRAY("save_area.fpu_sse.xmm", 184, 8, 32, 8, HEX, PART, ALWAYS, OF(xmm)),
    FIELD("save_area.xsave_hdr.xstate_bv", 536, 8, FLAGS, 0, ALWAYS,
          NAMED(xstate)),
    ARRAY("save_area.xsave_hdr.reserved", 544, 8, 7, 8, HEX, PAD,
          UNTIL(4, 6)),
    FIELD("save_area.xsave_hdr.xcomp_bv", 544, 8, FLAGS, 0, SINCE(4, 7),
          NAMED(xstate)),
    ARRAY("save_area.xsave_hdr.reserved", 552, 8, 6, 8, HEX, PAD,
          SINCE(4, 7)),
};

/* --- 17 VIRIDIAN_VCPU --------------------------------------------------- */

static const struct cat_layout viridian_vcpu_layouts[] = {
    LAYOUT(8, 4, 2, 4, 6),
    LAYOUT(16, 4, 7, 4, 8),
    LAYOUT(16, 4, 9, 4, 10),
    LAYOUT(16, 4, 11, 4, 11),
    LAYOUT(16, 4, 12, 4, 12),
    LAYOUT_SINCE(216, 4, 13),
};

/* Byte 8 was a vector up to 4.10; since 4.11 it is a flag. */
static const struct cat_field viridian_vcpu_fields[] = {
    FIELD("apic_assist",         0, 8, FLAGS, 0, UNTIL(4, 6),
          NAMED(viridian_page), NOW("vp_assist_msr")),
    FIELD("apic_assist_msr",     0, 8, FLAGS, 0, BETWEEN(4, 7, 4, 8),
          NAMED(viridian_page), NOW("vp_assist_msr")),
    FIELD("vp_assist_msr",       0, 8, FLAGS, 0, SINCE(4, 9),
          NAMED(viridian_page)),
    FIELD("apic_assist_vector",  8, 1, HEX, 0, BETWEEN(4, 7, 4, 8),
          NOW("vp_assist_vector")),
    FIELD("vp_assist_vector",    8, 1, HEX, 0, BETWEEN(4, 9, 4, 10)),
    FIELD("vp_assist_pending",   8, 1, DEC, 0, BETWEEN(4, 11, 4, 11),
          NOW("apic_assist_pending")),
    FIELD("apic_assist_pending", 8, 1, DEC, 0, SINCE(4, 12)),
    ARRAY("_pad",                9, 1, 7, 1, HEX, PAD, SINCE(4, 7)),
    FIELD("simp_msr",           16, 8, FLAGS, 0, SINCE(4, 13),
          NAMED(viridian_page)),
    ARRAY("sint_msr",           24, 8, 16, 8, FLAGS, 0, SINCE(4, 13),
          NAMED(viridian_sint)),
    ARRAY("stimer_config_msr", 152, 8, 4, 8, FLAGS, 0, SINCE(4, 13),
          NAMED(viridian_stimer)),
    ARRAY("stimer_count_msr",  184, 8, 4, 8, HEX, 0, SINCE(4, 13)),
};

/* --- 18 VMCE_VCPU ------------------------------------------------------- */

static const struct cat_layout vmce_vcpu_layouts[] = {
    LAYOUT(8, 4, 2, 4, 2),
    LAYOUT(24, 4, 3, 4, 9),
    LAYOUT_SINCE(32, 4, 10),
};

static const struct cat_field vmce_vcpu_fields[] = {
    FIELD("caps",            0, 8, FLAGS, 0, ALWAYS, NAMED(mcg_cap)),
    FIELD("mci_ctl2_bank0",  8, 8, FLAGS, 0, SINCE(4, 3), NAMED(mci_ctl2)),
    FIELD("mci_ctl2_bank1", 16, 8, FLAGS, 0, SINCE(4, 3), NAMED(mci_ctl2)),
    FIELD("mcg_ext_ctl",    24, 8, FLAGS, 0, SINCE(4, 10), NAMED(mcg_ext_ctl)),
};

/* --- 19 TSC_ADJUST ------------------------------------------------------ */

static const struct cat_layout tsc_adjust_layouts[] = {
    LAYOUT_SINCE(8, 4, 3),
};

static const struct cat_field tsc_adjust_fields[] = {
    FIELD("tsc_adjust", 0, 8, HEX, 0, ALWAYS),
};

/* --- 20 CPU_MSR --------------------------------------------------------- */

static const struct cat_layout cpu_msr_layouts[] = {
    { .length = 8, .tail = 16, .from = CAT_V(4, 5), .to = CAT_EVER,
      .fields = CAT_V(4, 5) },
};

/* After count and four bytes of alignment, count entries of 16 bytes. */
static const struct cat_field cpu_msr_fields[] = {
    FIELD("count", 0, 4, DEC, UNITS, ALWAYS),
    ARRAY("msr[].index",  8, 4, 0, 16, HEX, KEY, ALWAYS, NAMED(msr)),
    ARRAY("msr[]._rsvd", 12, 4, 0, 16, HEX, PAD, ALWAYS),
    ARRAY("msr[].val",   16, 8, 0, 16, HEX, 0, ALWAYS),
};

/* --- all of them, in the order of the typecodes ------------------------- */

/* typecode, name, flags, instances, first release, prefix of its tables */
#define RECORD(code, n, f, i, x, y, prefix) \
    { (code), n, "HVM_" n, (f), (i), CAT_V(x, y), ROWS(prefix##_layouts), \
      ROWS(prefix##_fields) }

const struct cat_record cat_table[] = {
    { 0, "END", "HVM_END", 0, 1, CAT_V(3, 1), ROWS(end_layouts), NULL, 0 },
    RECORD(1, "HEADER", 0, 1, 3, 1, header),
    RECORD(2, "CPU", VCPU, 0, 3, 1, cpu),
    RECORD(3, "PIC", DEVICE | INTERRUPT, 2, 3, 1, pic),
    RECORD(4, "IOAPIC", DEVICE | INTERRUPT, 1, 3, 1, ioapic),
    RECORD(5, "LAPIC", VCPU | DEVICE | INTERRUPT, 0, 3, 1, lapic),
    RECORD(6, "LAPIC_REGS", VCPU | DEVICE | INTERRUPT, 0, 3, 1, lapic_regs),
    RECORD(7, "PCI_IRQ", INTERRUPT, 1, 3, 1, pci_irq),
    RECORD(8, "ISA_IRQ", INTERRUPT, 1, 3, 1, isa_irq),
    RECORD(9, "PCI_LINK", INTERRUPT, 1, 3, 1, pci_link),
    RECORD(10, "PIT", DEVICE, 1, 3, 1, pit),
    RECORD(11, "RTC", DEVICE, 1, 3, 1, rtc),
    RECORD(12, "HPET", DEVICE, 1, 3, 1, hpet),
    RECORD(13, "PMTIMER", DEVICE, 1, 3, 1, pmtimer),
    RECORD(14, "MTRR", VCPU, 0, 3, 2, mtrr),
    RECORD(15, "VIRIDIAN_DOMAIN", DEVICE, 1, 3, 4, viridian_domain),
    RECORD(16, "CPU_XSAVE", VCPU | VARIABLE | OPTIONAL, 0, 4, 1, cpu_xsave),
    RECORD(17, "VIRIDIAN_VCPU", VCPU | DEVICE, 0, 4, 2, viridian_vcpu),
    RECORD(18, "VMCE_VCPU", VCPU, 0, 4, 2, vmce_vcpu),
    RECORD(19, "TSC_ADJUST", VCPU, 0, 4, 3, tsc_adjust),
    RECORD(20, "CPU_MSR", VCPU | VARIABLE | OPTIONAL, 0, 4, 5, cpu_msr),
};
const size_t cat_table_size = sizeof(cat_table) / sizeof(cat_table[0]);
