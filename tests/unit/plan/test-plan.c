/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of a live restore, a row each: what differs, what is loaded for
 * it, what is said. */
#include "plan/planner.h"

enum op { NOTHING, SET, DROP, SIZE };
enum side { IMAGE = 1, PRESENT = 2, BOTH = 3 };

struct edit {
    enum op op;
    enum side side;
    uint32_t typecode, instance;
    const char *field;
    size_t index;
    uint64_t value;
};

struct row {
    const char *name, *sample;
    struct edit edits[4];
    struct plan_facts facts;   /* zero versions: 4.17 */
    const char *loads, *ids;
    bool crashes, interrupts;
};

#define RELEASES(i, p) .image_version = CAT_V i, .present_version = CAT_V p
#define NEW .facts = { .never_run = true }
#define CPUS1 "CPU/0 MTRR/0 CPU_XSAVE/0"
#define CPUS2 "CPU/0 CPU/1 MTRR/0 MTRR/1 CPU_XSAVE/0 CPU_XSAVE/1"

/* CR0 with paging, in the samples: 0x80050033. */
#define EVENT(type, more) (0x80000030u | (type) << 8 | (more))
#define FAULT(more) (0x8000030du | (more))

static const struct row rows[] = {
    /* what differs, and its group */
    { "nothing-2", HVM2, .loads = "", .ids = "" },
    { "nothing-1", HVM1, .loads = "", .ids = "" },
    { "nothing-pvh", PVH3, .loads = "", .ids = "" },
    { "cpu-loads-every-vcpu", HVM2, { { SET, IMAGE, CPU, 1, "rax", 0, 7 } },
      .loads = CPUS2, .ids = "" },
    { "cpu-of-those-up-only", PVH3, { { SET, IMAGE, CPU, 0, "rax", 0, 7 } },
      .loads = CPUS1, .ids = "" },
    { "mtrr-brings-cpus", HVM2,
      { { SET, IMAGE, MTRR, 0, "msr_pat_cr", 0, 0x0606060606060606 } },
      .loads = CPUS2, .ids = "" },
    { "mtrr-of-a-vcpu-down", PVH3,
      { { SET, IMAGE, MTRR, 2, "msr_pat_cr", 0, 0x0606060606060606 } },
      .loads = "CPU/0 MTRR/0 MTRR/2 CPU_XSAVE/0", .ids = "" },
    { "xsave-brings-cpus", HVM2,
      { { SET, IMAGE, CPU_XSAVE, 0, "save_area.fpu_sse.xmm", 0, 9 } },
      .loads = CPUS2, .ids = "" },
    { "rtc-brings-cpus", HVM2, { { SET, IMAGE, RTC, 0, "cmos_index", 0, 3 } },
      .loads = "CPU/0 CPU/1 RTC/0 MTRR/0 MTRR/1 CPU_XSAVE/0 CPU_XSAVE/1",
      .ids = "" },
    { "tsc-adjust", HVM1,
      { { SET, IMAGE, TSC_ADJUST, 0, "tsc_adjust", 0, 1 } },
      .loads = CPUS1 " TSC_ADJUST/0", .ids = "" },
    { "lapic-with-regs-of-that-vcpu", HVM2,
      { { SET, IMAGE, LAPIC, 1, "tdt_msr", 0, 7 } }, NEW, .interrupts = true,
      .loads = "CPU/0 CPU/1 LAPIC/1 LAPIC_REGS/1 MTRR/0 MTRR/1 CPU_XSAVE/0 "
               "CPU_XSAVE/1", .ids = "" },
    { "lapic-regs-with-lapic", HVM2,
      { { SET, IMAGE, LAPIC_REGS, 0, "tpr", 0, 0x20 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 CPU/1 LAPIC/0 LAPIC_REGS/0 MTRR/0 MTRR/1 CPU_XSAVE/0 "
               "CPU_XSAVE/1", .ids = "" },
    { "pci-irq-with-isa-and-link", HVM1,
      { { SET, IMAGE, PCI_IRQ, 0, "i", 1, 0x10 } }, NEW, .interrupts = true,
      .loads = "CPU/0 PCI_IRQ/0 ISA_IRQ/0 PCI_LINK/0 MTRR/0 CPU_XSAVE/0",
      .ids = "" },
    { "link-with-pci-irq-and-isa", HVM1,
      { { SET, IMAGE, PCI_LINK, 0, "route", 1, 9 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 PCI_IRQ/0 ISA_IRQ/0 PCI_LINK/0 MTRR/0 CPU_XSAVE/0",
      .ids = "" },
    { "pic-with-the-other", HVM1,
      { { SET, IMAGE, I8259, 1, "irq_base", 0, 0x78 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 PIC/0 PIC/1 MTRR/0 CPU_XSAVE/0", .ids = "" },
    { "ioapic-alone", HVM1, { { SET, IMAGE, IOAPIC, 0, "id", 0, 5 } }, NEW,
      .interrupts = true, .loads = "CPU/0 IOAPIC/0 MTRR/0 CPU_XSAVE/0",
      .ids = "" },

    /* interrupt state of a domain that has run */
    { "ran-lapic", HVM1, { { SET, IMAGE, LAPIC, 0, "tdt_msr", 0, 7 } },
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-interrupt-state" },
    { "ran-lapic-regs", HVM1, { { SET, IMAGE, LAPIC_REGS, 0, "tpr", 0, 1 } },
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-interrupt-state" },
    { "ran-pci-irq", HVM1, { { SET, IMAGE, PCI_IRQ, 0, "i", 1, 0x10 } },
      .interrupts = true,
      .loads = "CPU/0 PCI_IRQ/0 ISA_IRQ/0 PCI_LINK/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-interrupt-state" },
    { "ran-pic", HVM1, { { SET, IMAGE, I8259, 0, "imr", 0, 0x5a } },
      .interrupts = true,
      .loads = "CPU/0 PIC/0 PIC/1 MTRR/0 CPU_XSAVE/0",
      .ids = "live-interrupt-state" },
    { "ran-ioapic", HVM1, { { SET, IMAGE, IOAPIC, 0, "id", 0, 5 } },
      .interrupts = true, .loads = "CPU/0 IOAPIC/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-interrupt-state" },
    { "callback-line-untouched", HVM1,
      { { SET, IMAGE, CPU, 0, "rax", 0, 7 } },
      .facts = { .callback = PLAN_CALLBACK_LINE }, .loads = CPUS1,
      .ids = "" },
    { "callback-line", HVM1, { { SET, IMAGE, PCI_IRQ, 0, "i", 1, 0x10 } },
      .facts = { .callback = PLAN_CALLBACK_LINE, .never_run = true },
      .interrupts = true,
      .loads = "CPU/0 PCI_IRQ/0 ISA_IRQ/0 PCI_LINK/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-callback-line" },
    { "event-being-taken", HVM1,
      { { SET, PRESENT, CPU, 0, "pending_event", 0, EVENT(0u, 0) } },
      .interrupts = true, .loads = CPUS1, .ids = "live-interrupt-state" },
    { "nmi-being-taken", HVM1,
      { { SET, PRESENT, CPU, 0, "pending_event", 0, EVENT(2u, 0) } },
      .interrupts = true, .loads = CPUS1, .ids = "live-interrupt-state" },
    { "event-being-taken-never-run", HVM1,
      { { SET, PRESENT, CPU, 0, "pending_event", 0, EVENT(0u, 0) } }, NEW,
      .loads = CPUS1, .ids = "" },
    { "exception-being-taken", HVM1,
      { { SET, PRESENT, CPU, 0, "pending_event", 0, EVENT(3u, 0) } },
      .loads = CPUS1, .ids = "" },
    { "same-event-being-taken", HVM1,
      { { SET, BOTH, CPU, 0, "pending_event", 0, EVENT(0u, 0) },
        { SET, IMAGE, CPU, 0, "rax", 0, 7 } },
      .loads = CPUS1, .ids = "" },

    /* what arrived since the capture is kept, and then nothing differs */
    { "irr-arrived", HVM2,
      { { SET, PRESENT, LAPIC_REGS, 1, "irr", 7, 0x00080000 } },
      .loads = "", .ids = "" },
    { "irr-and-tmr-arrived", HVM2,
      { { SET, PRESENT, LAPIC_REGS, 1, "irr", 7, 0x00080000 },
        { SET, PRESENT, LAPIC_REGS, 1, "tmr", 7, 0x00080000 } },
      .loads = "", .ids = "" },
    { "irr-arrived-again-level", HVM2,
      { { SET, BOTH, LAPIC_REGS, 1, "irr", 7, 0x00080000 },
        { SET, PRESENT, LAPIC_REGS, 1, "tmr", 7, 0x00080000 } },
      .loads = "", .ids = "" },
    { "irr-arrived-again-edge", HVM2,
      { { SET, BOTH, LAPIC_REGS, 1, "irr", 7, 0x00080000 },
        { SET, IMAGE, LAPIC_REGS, 1, "tmr", 7, 0x00080000 } },
      .loads = "", .ids = "" },
    { "tmr-alone", HVM2,
      { { SET, PRESENT, LAPIC_REGS, 1, "tmr", 5, 0x00080000 } },
      .interrupts = true,
      .loads = "CPU/0 CPU/1 LAPIC/1 LAPIC_REGS/1 MTRR/0 MTRR/1 CPU_XSAVE/0 "
               "CPU_XSAVE/1",
      .ids = "live-interrupt-state" },
    { "irr-was-taken", HVM2,
      { { SET, IMAGE, LAPIC_REGS, 1, "irr", 5, 0x00080000 } },
      .interrupts = true,
      .loads = "CPU/0 CPU/1 LAPIC/1 LAPIC_REGS/1 MTRR/0 MTRR/1 CPU_XSAVE/0 "
               "CPU_XSAVE/1",
      .ids = "live-interrupt-state" },
    { "isr-differs", HVM2,
      { { SET, PRESENT, LAPIC_REGS, 0, "isr", 7, 0x00080000 } },
      .interrupts = true,
      .loads = "CPU/0 CPU/1 LAPIC/0 LAPIC_REGS/0 MTRR/0 MTRR/1 CPU_XSAVE/0 "
               "CPU_XSAVE/1",
      .ids = "live-interrupt-state" },
    { "pic-request-arrived", HVM1,
      { { SET, PRESENT, I8259, 0, "irr", 0, 0x11 },
        { SET, PRESENT, I8259, 0, "imr", 0, 0xff },
        { SET, IMAGE, I8259, 0, "imr", 0, 0xff } },
      .loads = "", .ids = "" },
    { "pic-line-came-up", HVM1,
      { { SET, BOTH, I8259, 0, "imr", 0, 0 },
        { SET, PRESENT, I8259, 0, "irr", 0, 0x10 },
        { SET, PRESENT, I8259, 0, "int_output", 0, 1 } },
      .loads = "", .ids = "" },
    { "ioapic-arrived", HVM1,
      { { SET, PRESENT, IOAPIC, 0, "redirtbl[].fields.remote_irr", 10, 1 },
        { SET, PRESENT, IOAPIC, 0, "redirtbl[].fields.delivery_status", 11,
          1 } },
      .loads = "", .ids = "" },
    { "ioapic-remote-irr-gone", HVM1,
      { { SET, IMAGE, IOAPIC, 0, "redirtbl[].fields.remote_irr", 10, 1 } },
      .interrupts = true, .loads = "CPU/0 IOAPIC/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-interrupt-state" },
    { "hpet-pmtimer-rtc-flags-arrived", HVM1,
      { { SET, PRESENT, HPET, 0, "isr", 0, 4 },
        { SET, PRESENT, PMTIMER, 0, "pm1a_sts", 0, 0x8001 },
        { SET, PRESENT, RTC, 0, "cmos_data.reg_c", 0, 0xf0 } },
      .loads = "", .ids = "" },
    { "tmcct-is-ignored", HVM1,
      { { SET, PRESENT, LAPIC_REGS, 0, "tmcct", 0, 12345 } }, .loads = "",
      .ids = "" },

    /* clocks */
    { "tsc-moved", HVM2, { { SET, PRESENT, CPU, 0, "tsc", 0, 1 } },
      .loads = "", .ids = "" },
    { "tsc-moved-restore-time", HVM1,
      { { SET, PRESENT, CPU, 0, "tsc", 0, 1 } },
      .facts = { .restore_time = true }, .loads = CPUS1, .ids = "" },
    { "clocks-moved", HVM1,
      { { SET, PRESENT, HPET, 0, "mc64", 0, 99 },
        { SET, PRESENT, PMTIMER, 0, "tmr_val", 0, 99 },
        { SET, PRESENT, RTC, 0, "cmos_data.seconds", 0, 0x59 },
        { SET, PRESENT, RTC, 0, "cmos_data.reg_a.uip", 0, 1 } },
      .loads = "", .ids = "" },
    { "clocks-moved-restore-time", HVM1,
      { { SET, PRESENT, HPET, 0, "mc64", 0, 99 },
        { SET, PRESENT, PMTIMER, 0, "tmr_val", 0, 99 } },
      .facts = { .restore_time = true },
      .loads = "CPU/0 HPET/0 PMTIMER/0 MTRR/0 CPU_XSAVE/0", .ids = "" },
    { "khz-same", HVM1, { { SET, BOTH, 1, 0, "gtsc_khz", 0, 5 } },
      .loads = "", .ids = "" },
    { "khz-differs", HVM1, { { SET, IMAGE, 1, 0, "gtsc_khz", 0, 5 } },
      .loads = "", .ids = "live-tsc-khz" },
    { "khz-unset-in-image", HVM1, { { SET, IMAGE, 1, 0, "gtsc_khz", 0, 0 } },
      .loads = "", .ids = "" },
    { "khz-was-padding", HVM1, { { SET, IMAGE, 1, 0, "gtsc_khz", 0, 5 } },
      .facts = { RELEASES((3, 4), (4, 17)) }, .loads = "", .ids = "" },
    { "header-otherwise", HVM1,
      { { SET, IMAGE, 1, 0, "changeset", 0, 5 },
        { SET, IMAGE, 1, 0, "cpuid", 0, 5 } },
      .loads = "", .ids = "" },

    /* presence */
    { "no-device", HVM1, { { DROP, PRESENT, HPET, 0 } },
      .loads = "CPU/0 HPET/0 MTRR/0 CPU_XSAVE/0", .ids = "live-no-device" },
    { "no-lapic", HVM1,
      { { DROP, PRESENT, LAPIC, 0 }, { DROP, PRESENT, LAPIC_REGS, 0 } },
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-no-device live-interrupt-state" },
    { "no-vcpu", HVM2,
      { { DROP, PRESENT, CPU, 1 }, { DROP, PRESENT, MTRR, 1 },
        { DROP, PRESENT, LAPIC, 1 }, { DROP, IMAGE, CPU, 1 } },
      .interrupts = true,
      .loads = "CPU/0 LAPIC/1 LAPIC_REGS/1 MTRR/0 MTRR/1 CPU_XSAVE/0",
      .ids = "live-no-vcpu live-interrupt-state" },
    { "stays", HVM2, { { DROP, IMAGE, VIRIDIAN_VCPU, 1 } }, .loads = "",
      .ids = "" },
    { "vcpu-up-in-image", HVM2, { { DROP, PRESENT, CPU, 1 } },
      .loads = CPUS2, .ids = "live-vcpu-up" },
    { "vcpu-up-in-domain", HVM2, { { DROP, IMAGE, CPU, 1 } }, .loads = "",
      .ids = "live-vcpu-up" },
    { "xsave-came", HVM1, { { DROP, PRESENT, CPU_XSAVE, 0 } },
      .loads = CPUS1, .ids = "" },
    { "xsave-came-to-a-vcpu-down", PVH3,
      { { DROP, BOTH, CPU, 0 }, { DROP, PRESENT, CPU_XSAVE, 0 } },
      .loads = "CPU_XSAVE/0", .ids = "live-vcpu-up" },
    { "xsave-gone-avx", HVM1,
      { { SET, BOTH, CPU_XSAVE, 0, "xcr0_accum", 0, 7 },
        { DROP, IMAGE, CPU_XSAVE, 0 } },
      .loads = "", .ids = "live-xsave-lost" },
    { "xsave-gone-sse", HVM1,
      { { SET, BOTH, CPU_XSAVE, 0, "xcr0_accum", 0, 3 },
        { DROP, IMAGE, CPU_XSAVE, 0 } },
      .loads = CPUS1, .ids = "" },
    { "xsave-empty-is-none", HVM1,
      { { SET, BOTH, CPU_XSAVE, 0, "xcr0_accum", 0, 7 },
        { SIZE, IMAGE, CPU_XSAVE, 0, .value = 0 } },
      .loads = "", .ids = "live-xsave-lost" },
    { "xsave-empty-and-none", HVM1,
      { { SIZE, IMAGE, CPU_XSAVE, 0, .value = 0 },
        { DROP, PRESENT, CPU_XSAVE, 0 } },
      .loads = "", .ids = "" },
    { "xsave-of-another-length", HVM1,
      { { SIZE, IMAGE, CPU_XSAVE, 0, .value = 600 } }, .loads = CPUS1,
      .ids = "" },
    { "header-gone-in-the-image-of-another-instance", HVM1,
      { { SET, IMAGE, 1, 0, "version", 0, 1 } }, .loads = "", .ids = "" },

    /* lengths */
    { "length-cpu", HVM1, { { SIZE, IMAGE, CPU, 0, .value = 1024 } },
      .loads = CPUS1, .ids = "live-length" },
    { "length-lapic", HVM1, { { SIZE, IMAGE, LAPIC, 0, .value = 32 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-length" },
    { "length-mtrr", HVM1, { { SIZE, IMAGE, MTRR, 0, .value = 232 } },
      .loads = CPUS1, .ids = "live-length" },
    { "length-mtrr-0", HVM1, { { SIZE, IMAGE, MTRR, 0, .value = 0 } },
      .loads = CPUS1, .ids = "live-length" },
    { "length-lapic-regs-0", HVM1,
      { { SIZE, IMAGE, LAPIC_REGS, 0, .value = 0 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-length" },
    { "length-ioapic", HVM1, { { SIZE, IMAGE, IOAPIC, 0, .value = 399 } },
      NEW, .interrupts = true,
      .loads = "CPU/0 IOAPIC/0 MTRR/0 CPU_XSAVE/0", .ids = "live-length" },
    { "length-of-no-layout", HVM1, { { SIZE, BOTH, HPET, 0, .value = 1000 },
      { SET, IMAGE, CPU, 0, "rax", 0, 7 } },
      .loads = CPUS1, .ids = "" },

    /* what crashes */
    { "bad-cr0-pg", HVM1, { { SET, IMAGE, CPU, 0, "cr0", 0, 0x80000010 } },
      .loads = CPUS1, .ids = "load-cr0" },
    { "bad-cr0-et", HVM1, { { SET, IMAGE, CPU, 0, "cr0", 0, 0x80000001 } },
      .loads = CPUS1, .ids = "load-cr0" },
    { "bad-cr0-bit", HVM1, { { SET, IMAGE, CPU, 0, "cr0", 0, 0x80000051 } },
      .loads = CPUS1, .ids = "load-cr0" },
    { "bad-cr0-high", HVM1,
      { { SET, IMAGE, CPU, 0, "cr0", 0, 0x180000011 } },
      .loads = CPUS1, .ids = "load-cr0" },
    { "good-cr0-real-mode", HVM1, { { SET, IMAGE, CPU, 0, "cr0", 0, 0x10 } },
      .loads = CPUS1, .ids = "" },
    { "pending-type-1", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(1u, 0) } },
      .loads = "", .ids = "live-crash-pending-event", .crashes = true },
    { "pending-type-4", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(4u, 0) } },
      .loads = "", .ids = "" },   /* the loader drops it */
    { "pending-type-5-amd", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(5u, 0) } },
      .loads = "", .ids = "live-crash-pending-event", .crashes = true },
    { "pending-type-6-intel", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(6u, 0) } },
      .facts = { RELEASES((4, 18), (4, 18)) }, .loads = "", .ids = "" },
    { "pending-type-7-intel", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(7u, 0) } },
      .facts = { RELEASES((4, 18), (4, 18)) }, .loads = "",
      .ids = "live-crash-pending-event", .crashes = true },
    { "pending-reserved", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(0u, 0x1000) } },
      .loads = CPUS1, .ids = "live-crash-pending-event", .crashes = true },
    { "pending-not-valid", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, 0x700 } }, .loads = "",
      .ids = "" },
    { "error-code", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, FAULT(0x800) },
        { SET, IMAGE, CPU, 0, "error_code", 0, 0x10000 } },
      .loads = CPUS1, .ids = "live-crash-error-code", .crashes = true },
    { "error-code-of-16-bits", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, FAULT(0x800) },
        { SET, IMAGE, CPU, 0, "error_code", 0, 0xffff } },
      .loads = CPUS1, .ids = "" },
    { "error-code-not-valid", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, FAULT(0) },
        { SET, IMAGE, CPU, 0, "error_code", 0, 0x10000 } },
      .loads = CPUS1, .ids = "" },
    { "crash-hidden-by-the-length", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(1u, 0) },
        { SIZE, IMAGE, CPU, 0, .value = 1020 } },
      .loads = CPUS1, .ids = "live-length live-crash-pending-event",
      .crashes = true },
    { "crash-hidden-by-the-release", HVM1,
      { { SET, IMAGE, CPU, 0, "pending_event", 0, EVENT(1u, 0) } },
      .facts = { RELEASES((4, 6), (4, 17)), .amd = true }, .loads = "",
      .ids = "live-crash-pending-event", .crashes = true },
    { "crash-already-there", HVM1,
      { { SET, BOTH, CPU, 0, "pending_event", 0, EVENT(1u, 0) } },
      .loads = "", .ids = "" },
    { "crash-in-a-vcpu-that-is-down", HVM2,
      { { DROP, PRESENT, CPU, 1 },
        { SET, IMAGE, CPU, 1, "pending_event", 0, EVENT(1u, 0) } },
      .loads = CPUS2, .ids = "live-vcpu-up live-crash-pending-event",
      .crashes = true },
    { "lstar-intel", HVM1,
      { { SET, IMAGE, CPU, 0, "msr_lstar", 0, 0x0000800000000000 } },
      .facts = { RELEASES((4, 17), (4, 18)) }, .loads = CPUS1,
      .ids = "live-crash-address", .crashes = true },
    { "lstar-intel-highest", HVM1,
      { { SET, IMAGE, CPU, 0, "msr_lstar", 0, 0x00007fffffffffff } },
      .facts = { RELEASES((4, 17), (4, 18)) }, .loads = CPUS1, .ids = "" },
    { "lstar-intel-lowest-kernel", HVM1,
      { { SET, IMAGE, CPU, 0, "msr_lstar", 0, 0xffff800000000000 } },
      .facts = { RELEASES((4, 17), (4, 18)) }, .loads = CPUS1, .ids = "" },
    { "lstar-amd", HVM1,
      { { SET, IMAGE, CPU, 0, "msr_lstar", 0, 0x0000800000000000 } },
      .loads = CPUS1, .ids = "" },
    { "shadow-gs-intel", HVM1,
      { { SET, IMAGE, CPU, 0, "shadow_gs", 0, 0x7fff800000000000 } },
      .facts = { RELEASES((4, 17), (4, 18)) }, .loads = CPUS1,
      .ids = "live-crash-address", .crashes = true },
    { "dr7-intel", HVM1,
      { { SET, IMAGE, CPU, 0, "dr7", 0, 0x4000000000000001 } },
      .facts = { RELEASES((4, 17), (4, 18)) }, .loads = CPUS1,
      .ids = "live-crash-dr7", .crashes = true },
    { "dr7-intel-32-bits", HVM1,
      { { SET, IMAGE, CPU, 0, "dr7", 0, 0xffff0400 } },
      .facts = { RELEASES((4, 17), (4, 18)) }, .loads = CPUS1, .ids = "" },
    { "dr7-amd", HVM1,
      { { SET, IMAGE, CPU, 0, "dr7", 0, 0x4000000000000001 } },
      .loads = CPUS1, .ids = "live-crash-dr7", .crashes = true },
    { "dr7-amd-no-breakpoint", HVM1,
      { { SET, IMAGE, CPU, 0, "dr7", 0, 0x4000000000000400 } },
      .loads = CPUS1, .ids = "" },
    { "rip-intel", HVM1,
      { { SET, IMAGE, CPU, 0, "rip", 0, 0x1234567812345678 } },
      .facts = { RELEASES((4, 17), (4, 18)) }, .loads = CPUS1,
      .ids = "live-crash-rip", .crashes = true },
    { "code-of-two-sizes", HVM1,
      { { SET, IMAGE, CPU, 0, "cs_arbytes", 0, 0xe9b } },
      .loads = CPUS1, .ids = "live-crash-segment", .crashes = true },
    { "pic-role", HVM1, { { SET, IMAGE, I8259, 0, "is_master", 0, 0 } }, NEW,
      .interrupts = true, .loads = "CPU/0 PIC/0 PIC/1 MTRR/0 CPU_XSAVE/0",
      .ids = "live-crash-pic-role", .crashes = true },
    { "pic-role-slave", HVM1, { { SET, IMAGE, I8259, 1, "is_master", 0, 1 } },
      NEW, .interrupts = true,
      .loads = "CPU/0 PIC/0 PIC/1 MTRR/0 CPU_XSAVE/0",
      .ids = "live-crash-pic-role", .crashes = true },
    { "divisor-0", HVM1, { { SET, IMAGE, LAPIC, 0, "timer_divisor", 0, 0 } },
      NEW, .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-crash-timer-divisor", .crashes = true },
    { "divisor-wraps", HVM1,
      { { SET, IMAGE, LAPIC, 0, "timer_divisor", 0, 0x80000000 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-crash-timer-divisor", .crashes = true },
    { "divisor-0-by-length", HVM1, { { SIZE, IMAGE, LAPIC, 0, .value = 8 } },
      NEW, .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-length live-crash-timer-divisor", .crashes = true },
    { "divisor-3", HVM1,
      { { SET, IMAGE, LAPIC, 0, "timer_divisor", 0, 3 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0", .ids = "" },
    { "divisor-128", HVM1,
      { { SET, IMAGE, LAPIC, 0, "timer_divisor", 0, 128 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 LAPIC/0 LAPIC_REGS/0 MTRR/0 CPU_XSAVE/0", .ids = "" },
    { "link-16", HVM1, { { SET, IMAGE, PCI_LINK, 0, "route", 3, 16 } }, NEW,
      .interrupts = true,
      .loads = "CPU/0 PCI_IRQ/0 ISA_IRQ/0 PCI_LINK/0 MTRR/0 CPU_XSAVE/0",
      .ids = "live-crash-pci-link", .crashes = true },
    { "stimer", HVM2,
      { { SET, IMAGE, VIRIDIAN_VCPU, 1, "stimer_config_msr", 3, 0x10003 } },
      .loads = CPUS2 " VIRIDIAN_VCPU/1",
      .ids = "live-crash-synthetic-timer live-crash-message-page",
      .crashes = true },
    { "stimer-once", HVM2,
      { { SET, IMAGE, VIRIDIAN_VCPU, 1, "stimer_config_msr", 3, 0x10001 },
        { SET, IMAGE, VIRIDIAN_VCPU, 1, "simp_msr", 0, 0x7001 } },
      .loads = CPUS2 " VIRIDIAN_VCPU/1", .ids = "" },
    { "reference-page", HVM2,
      { { SET, IMAGE, VIRIDIAN_DOMAIN, 0, "reference_tsc", 0,
          UINT64_C(0x1000000000001) } },
      .loads = "CPU/0 CPU/1 MTRR/0 MTRR/1 VIRIDIAN_DOMAIN/0 CPU_XSAVE/0 "
               "CPU_XSAVE/1",
      .ids = "live-crash-reference-tsc", .crashes = true },
    { "stimer-without-page", HVM2,
      { { SET, IMAGE, VIRIDIAN_VCPU, 1, "stimer_config_msr", 3, 0x10003 },
        { SET, IMAGE, VIRIDIAN_VCPU, 1, "stimer_count_msr", 3, 1 } },
      .loads = CPUS2 " VIRIDIAN_VCPU/1",
      .ids = "live-crash-message-page", .crashes = true },
    { "stimer-counts", HVM2,
      { { SET, IMAGE, VIRIDIAN_VCPU, 1, "stimer_config_msr", 3, 0x10003 },
        { SET, IMAGE, VIRIDIAN_VCPU, 1, "stimer_count_msr", 3, 1 },
        { SET, IMAGE, VIRIDIAN_VCPU, 1, "simp_msr", 0, 0x7001 } },
      .loads = CPUS2 " VIRIDIAN_VCPU/1", .ids = "" },
    { "stimer-off", HVM2,
      { { SET, IMAGE, VIRIDIAN_VCPU, 1, "stimer_config_msr", 3, 0x10002 } },
      .loads = CPUS2 " VIRIDIAN_VCPU/1", .ids = "" },
};

static void edit(struct context *context, const struct edit *edit)
{
    switch (edit->op) {
    case SET:
        context_set(context, edit->typecode, edit->instance, edit->field,
                    edit->index, edit->value);
        break;
    case DROP:
        context_drop(context, edit->typecode, edit->instance);
        break;
    case SIZE:
        context_resize(context, edit->typecode, edit->instance,
                       (uint32_t)edit->value);
        break;
    case NOTHING:
    default:
        break;
    }
}

START_TEST(test_row)
{
    const struct row *row = &rows[_i];
    struct planner p;

    planner_open(&p, row->sample);
    for (size_t i = 0; i < 4; i++) {
        if (row->edits[i].side & IMAGE)
            edit(&p.image, &row->edits[i]);
        if (row->edits[i].side & PRESENT)
            edit(&p.present, &row->edits[i]);
    }
    if (row->facts.image_version) {
        p.facts = row->facts;
    } else {
        p.facts.never_run = row->facts.never_run;
        p.facts.callback = row->facts.callback;
        p.facts.restore_time = row->facts.restore_time;
    }
    planner_make(&p);
    expect_ids(p.report, row->ids);
    expect_loads(&p, row->loads);
    ck_assert(p.plan.crashes == row->crashes);
    ck_assert(p.plan.interrupts == row->interrupts);
    planner_close(&p);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *tc = tcase_create("rules");

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        add_named(tc, test_row->fn, (int)i, "%s", rows[i].name);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
