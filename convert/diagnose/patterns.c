/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The patterns of guests that stand still, those that explain most first.
 *
 * A row has facts (diagnose.h), and a condition on a value of a record, in the
 * form of the rules.  BOTH: all looks must agree, as a healthy guest may look
 * so at any moment.  SAME: in the value, too.
 *
 * Read in Xen's source from 4.14 to 4.22 (common/schedule.c, common/domain.c,
 * arch/x86/hvm/{hvm,irq,vlapic,vioapic,vpic}.c); where a row has a commit or a
 * report as its source, it was seen there.
 */
#include "diagnose/diagnose.h"
#include "diagnose/named.h"

#undef PIC   /* libtool's, for shared objects */

#define SAYS(id_, reason_, source_) \
    .rule.id = (id_), .rule.reason = (reason_), \
    .rule.source = (source_)
#define BOTH .both = true
#define SAME .both = true, .same = true

/* id, sentence, source, facts and other members: for the domain; for each
 * vCPU. */
#define DOMAIN(id, reason, source, ...) \
    { SAYS(id, reason, source), .type = NO_RECORD, \
      .rule.cond = IF_ANYTHING, __VA_ARGS__ }
#define VCPU(id, reason, source, ...) \
    { SAYS(id, reason, source), .type = NO_RECORD, .each = true, \
      .rule.cond = IF_ANYTHING, __VA_ARGS__ }

/* id, record, field, condition, sentence, source, facts and the rest */
#define RECORD(id, code, field_, cond_, reason, source, ...) \
    { SAYS(id, reason, source), .type = LIVE_TYPE(code), \
      .rule.field = (field_), .rule.cond = cond_, __VA_ARGS__ }

/* The same for a record apart from the context, once for the domain. */
#define BESIDE(id, name, field_, cond_, reason, source, ...) \
    { SAYS(id, reason, source), .type = DOMCTX_##name, \
      .rule.field = (field_), .rule.cond = cond_, __VA_ARGS__ }

const struct pattern patterns[] = {
    /* -- the whole domain stands ----------------------------------------- */
    DOMAIN(MSG_DIAG_SUSPENDED,
           "the domain has suspended itself and was not resumed",
           "xapi-project/xen-api pull 4746",
           .domain = D_SUSPENDED, .stops = true,
           .unless = "a save or a migration is just running"),
    DOMAIN(MSG_DIAG_SHUT_DOWN, "the domain has shut down: {shutdown}",
           "domain_shutdown()",
           .domain = D_SHUT_DOWN, .domain_not = D_SUSPENDED, .stops = true,
           .evidence = "CPU.rip CPU.cr2"),
    DOMAIN(MSG_DIAG_S3, "the domain sleeps in ACPI state S3",
           "QubesOS/qubes-issues 5996", .domain = D_S3, .stops = true,
           .evidence = "CPU.rip"),
    DOMAIN(MSG_DIAG_PAUSED, "somebody else holds the domain paused",
           "QubesOS/qubes-core-admin pull 673", BOTH,
           .domain = D_PAUSED, .stops = true,
           .unless = "somebody wants it so"),
    DOMAIN(MSG_DIAG_NEVER_RAN, "no vCPU of the domain ever ran",
           "vcpu_runstate_get()", BOTH,
           .domain_not = D_RAN | D_PAUSED | D_SHUT_DOWN, .stops = true),
    DOMAIN(MSG_DIAG_DEBUGGED, "a debugger is attached to the domain",
           "XEN_DOMINF_debugged", .domain = D_DEBUGGED,
           .unless = "the debugger lets it run"),
    DOMAIN(MSG_DIAG_PANIC, "the kernel has panicked on CPU {panic}",
           "Linux kernel/panic.c:panic_cpu", .domain = D_PANIC,
           .evidence = "CPU.rip CPU.rflags"),
    DOMAIN(MSG_DIAG_DEADLOCK,
           "every vCPU that is up sleeps with interrupts off: all "
           "wait for locks", "Linux 1fb3a8b2cf", BOTH,
           .domain = D_LOCKED, .evidence = "CPU.rip CPU.rflags"),

    /* -- a vCPU that should run ------------------------------------------ */
    VCPU(MSG_DIAG_WAKEUP_LOST,
         "vCPU {vcpu} is blocked although vector {irr} could "
         "be delivered: its wake-up was lost", "VirtualBox issue 861", BOTH,
         .is = V_UP | V_BLOCKED | V_IF | V_LAPIC | V_DELIVERABLE,
         .evidence = "LAPIC_REGS.irr LAPIC_REGS.isr LAPIC_REGS.tpr "
                     "LAPIC.disabled CPU.rflags CPU.rip"),
    VCPU(MSG_DIAG_UPCALL_LOST,
         "vCPU {vcpu} sleeps with an event that it was never told of: its "
         "upcall was lost", "vcpu_mark_events_pending()", BOTH,
         .is = V_UP | V_BLOCKED | V_IF | V_UPCALL, .not = V_PENDING,
         .evidence = "LAPIC_REGS.irr CPU.rflags CPU.rip"),
    BESIDE(MSG_DIAG_EVENT_LOST, SHARED_INFO, "evtchn_pending",
           IF(diag_event_waits), "event channels {bits} are pending and not "
           "masked, and no vCPU serves them", "QubesOS/qubes-issues 2549",
           SAME, .domain = D_QUIET,
           .evidence = "SHARED_INFO.evtchn_pending SHARED_INFO.evtchn_mask",
           .unless = "the guest has left that page (FIFO event channels)"),
    RECORD(MSG_DIAG_NO_EOI, LAPIC_REGS, "isr", IF(diag_in_service),
           "vCPU {vcpu} sleeps and has not ended vector {isr}",
           "Xen c7bdecae42, 607e8494c4", SAME,
           .is = V_UP | V_BLOCKED, .not = V_ASSIST,
           .evidence = "LAPIC_REGS.isr LAPIC_REGS.irr CPU.rip",
           .unless = "its handler itself sleeps"),
    RECORD(MSG_DIAG_TPR, LAPIC_REGS, "tpr", IF(diag_tpr_holds),
           "vCPU {vcpu} has raised its task priority to {value}, and vector "
           "{irr} waits below it", "vlapic_has_pending_irq()", SAME,
           .is = V_UP | V_KERNEL,
           .evidence = "LAPIC_REGS.tpr LAPIC_REGS.irr CPU.rip",
           .unless = "a busy Windows is caught twice at a raised IRQL"),
    RECORD(MSG_DIAG_LAPIC_OFF, LAPIC, "disabled", IF_NONZERO,
           "the local APIC of vCPU {vcpu} is off", "Xen f5d0279839", BOTH,
           .is = V_UP | V_PAGING,
           .evidence = "LAPIC.disabled LAPIC_REGS.svr CPU.cr0",
           .unless = "the guest boots, or runs without one (nolapic)"),
    VCPU(MSG_DIAG_LOCK_WAIT,
         "vCPU {vcpu} sleeps with interrupts off: it waits for a "
         "lock", "Linux 1fb3a8b2cf", BOTH,
         .is = V_UP | V_BLOCKED | V_SAME_RIP, .not = V_IF,
         .evidence = "CPU.rip CPU.rflags CPU.rsi"),
    /* A busy kernel is often caught with interrupts off; a spinning one each
     * time in the same function. */
    VCPU(MSG_DIAG_SPIN_OFF,
         "vCPU {vcpu} spins in the kernel with interrupts off",
         "VirtualBox issue 861", BOTH,
         .is = V_UP | V_BUSY | V_KERNEL | V_NEAR | V_SAME_STACK,
         .not = V_IF | V_BLOCKED, .evidence = "CPU.rip CPU.rsp CPU.rflags"),
    VCPU(MSG_DIAG_SPIN,
         "vCPU {vcpu} runs all the time near {rip} in the kernel",
         "ganeti issue 1042", BOTH,
         .is = V_UP | V_BUSY | V_KERNEL | V_NEAR | V_SAME_STACK | V_IF,
         .evidence = "CPU.rip CPU.rsp CPU.rflags",
         .unless = "it has long work to do there, such as clearing memory"),
    VCPU(MSG_DIAG_VM_EVENT,
         "vCPU {vcpu} neither runs nor sleeps, and a monitor is "
         "attached", "tklengyel/drakvuf issue 1740", BOTH,
         .is = V_UP | V_WAITING | V_STOPPED, .domain = D_VM_EVENT,
         .evidence = "CPU.rip"),
    VCPU(MSG_DIAG_NOT_RUNNING,
         "vCPU {vcpu} neither runs nor sleeps, and gets no time",
         "majentis.com 2011/03; CERT-Polska/drakvuf-sandbox issue 308", BOTH,
         .is = V_UP | V_WAITING | V_STOPPED, .domain_not = D_VM_EVENT,
         .evidence = "CPU.rip"),
    RECORD(MSG_DIAG_EVENT_AGAIN, CPU, "pending_event", IF_ANY_BIT(0x80000000u),
           "vCPU {vcpu} is given event {value} again and again",
           "Xen 573279cde1 (XSA-156)", SAME, .is = V_SAME_RIP,
           .evidence = "CPU.pending_event CPU.error_code CPU.rip"),
    RECORD(MSG_DIAG_SINGLE_STEP, CPU, "rflags", IF_ANY_BIT(0x100u),
           "vCPU {vcpu} is single-stepped", "XEN_DOMCTL_debug_op", BOTH,
           .evidence = "CPU.rflags CPU.dr7 CPU.rip"),
    RECORD(MSG_DIAG_CANNOT_RUN, CPU, "cr0", IF(diag_cannot_run),
           "the registers of vCPU {vcpu} are those of no guest that can run",
           "Intel SDM volume 3, 4.1.2 and 10.8.5", .not = 0,
           .evidence = "CPU.cr0 CPU.cr4 CPU.msr_efer CPU.rip"),
    RECORD(MSG_DIAG_VCPU_DEAD, LAPIC_REGS, "svr", IF(diag_left_enabled),
           "vCPU {vcpu} went down with its interrupts set up", "hvm_hlt()",
           .is = V_LAPIC, .not = V_UP | V_ONLINE,
           .evidence = "LAPIC_REGS.svr LAPIC_REGS.lvtt",
           .unless = "the guest took it out and left its local APIC on"),

    /* -- clocks ----------------------------------------------------------- */
    RECORD(MSG_DIAG_DEADLINE, LAPIC, "tdt_msr", IF(diag_deadline_past),
           "the TSC deadline of vCPU {vcpu} has passed", "a load of LAPIC "
           "alone", BOTH, .is = V_UP | V_BLOCKED,
           .evidence = "LAPIC.tdt_msr CPU.tsc LAPIC_REGS.lvtt HEADER.gtsc_"
                       "khz"),
    RECORD(MSG_DIAG_HPET, HPET, "timers[].cmp", IF(diag_hpet_far),
           "timer {i} of the HPET is more than a minute away",
           "Xen b144cf45d5", BOTH,
           .evidence = "HPET.timers[].cmp HPET.mc64 HPET.timers[].config"),
    RECORD(MSG_DIAG_TSC_APART, CPU, "tsc", IF(diag_tsc_apart),
           "the TSC of vCPU {vcpu} is ahead of another one's",
           "Xen 88e64cb785", .not = 0,
           .evidence = "CPU.tsc TSC_ADJUST.tsc_adjust",
           .unless = "the guest sets its TSCs itself"),
    VCPU(MSG_DIAG_TSC_BACK, "the TSC of vCPU {vcpu} went backwards",
         "QubesOS/qubes-issues 7404", .is = V_TSC_BACK,
         .evidence = "CPU.tsc", .unless = "the looks are in the wrong order"),

    DOMAIN(MSG_DIAG_CLOCK_STANDS,
           "the kernel's clock stands at {jiffies} ticks although a vCPU runs "
           "all the time", "lore.kernel.org 492F0F69 (James Song)", BOTH,
           .domain = D_CLOCK_STANDS, .evidence = "CPU.rip CPU.rflags"),

    /* -- devices ---------------------------------------------------------- */
    RECORD(MSG_DIAG_REMOTE_IRR, IOAPIC, "redirtbl[].bits", IF(diag_remote_irr),
           "pin {i} of the IO-APIC waits for the end of an interrupt that no "
           "vCPU has", "Xen 0dc28066e9, ba584fb1a2", SAME,
           .evidence = "IOAPIC.redirtbl[].bits"),
    RECORD(MSG_DIAG_PIC_SERVED, PIC, "isr", IF_NONZERO,
           "the 8259 has interrupts that were never ended", "Xen 93508595d5, "
           "2d494f2198", SAME, .evidence = "PIC.isr PIC.irr PIC.imr"),
    RECORD(MSG_DIAG_TO_NOBODY, IOAPIC, "redirtbl[].bits", IF(diag_to_nobody),
           "pin {i} of the IO-APIC sends to an APIC that no vCPU has",
           "Xen 90309854fd", .not = 0,
           .evidence = "IOAPIC.redirtbl[].bits",
           .unless = "that vCPU is to come back"),
    RECORD(MSG_DIAG_APIC_ID, LAPIC_REGS, "id", IF(diag_id_twice),
           "vCPU {vcpu} has the APIC id of another one",
           "lapic_load_fixup()", .is = V_UP, .evidence = "LAPIC_REGS.id"),
    RECORD(MSG_DIAG_APIC_ERROR, LAPIC_REGS, "esr", IF_NONZERO,
           "the local APIC of vCPU {vcpu} has noted an error",
           "Xen b28b590d4a", .is = V_UP, .evidence = "LAPIC_REGS.esr"),
    RECORD(MSG_DIAG_APIC_ERROR, LAPIC, "pending_esr", IF_NONZERO,
           "the local APIC of vCPU {vcpu} has an error to tell",
           "Xen b28b590d4a", .is = V_UP, .evidence = "LAPIC.pending_esr"),

    /* -- event channels and grants ---------------------------------------- */
    BESIDE(MSG_DIAG_STORE_CLOSED, EVTCHN, "store_port",
           IF(diag_channel_closed),
           "event channel {number} leads to no xenstore any more",
           "QubesOS/qubes-issues 5991", SAME,
           .evidence = "EVTCHN.store_port EVTCHN.callback_irq",
           .unless = "the guest is just booting another kernel (kexec)"),
    BESIDE(MSG_DIAG_PORTS_USED_UP, EVTCHN, "nr_entries",
           IF(diag_ports_used_up),
           "the domain has {number} event channels, as many as it may",
           "xl.cfg(5), max_event_channels", BOTH,
           .evidence = "EVTCHN.nr_entries EVTCHN.max_port"),
    BESIDE(MSG_DIAG_GRANTS_USED_UP, GRANT_TABLE, "nr_frames",
           IF(diag_grants_used_up),
           "the grant table has {number} frames, as many as it may, and "
           "hardly an entry is free", "support.microfocus.com 7018590", SAME,
           .evidence = "GRANT_TABLE.nr_frames GRANT_TABLE.max_nr_frames"),

    /* -- worth knowing ---------------------------------------------------- */
    DOMAIN(MSG_DIAG_NO_CALLBACK,
           "the guest has set no callback for event channels",
           "HVM_PARAM_CALLBACK_IRQ", .domain = D_RAN,
           .domain_not = D_CALLBACK),
    BESIDE(MSG_DIAG_CONSOLE_CLOSED, EVTCHN, "console_port",
           IF(diag_channel_closed),
           "event channel {number} leads to no console any more",
           "EVTCHNOP_status", SAME,
           .evidence = "EVTCHN.console_port EVTCHN.callback_irq"),
    RECORD(MSG_DIAG_VCPU_NEVER_CAME,
           LAPIC_REGS, "svr", IF_BITS(UINT64_MAX, 0xff),
           "vCPU {vcpu} was never started", "vlapic_do_init()",
           .not = V_UP | V_RAN | V_ONLINE, .evidence = "LAPIC_REGS.svr"),
    VCPU(MSG_DIAG_STOLEN,
         "vCPU {vcpu} waited for a processor {stolen} % of the time",
         "RUNSTATE_runnable", BOTH, .is = V_UP | V_STOLEN),
    VCPU(MSG_DIAG_PROGRAM,
         "a program uses vCPU {vcpu} all the time near {rip}",
         "ganeti issue 1042", BOTH,
         .is = V_UP | V_BUSY | V_NEAR, .not = V_KERNEL,
         .evidence = "CPU.rip"),
    RECORD(MSG_DIAG_FIRMWARE, CPU, "rip", IF(diag_in_firmware),
           "vCPU {vcpu} is in the firmware", "cloudius-systems/osv issue 345",
           BOTH, .evidence = "CPU.rip CPU.cs_base CPU.cr0"),
    RECORD(MSG_DIAG_LDR, LAPIC_REGS, "ldr", IF(diag_ldr_not_id),
           "the logical APIC id of vCPU {vcpu} does not follow from its id",
           "Xen f9e0cccf7b, 90309854fd", .is = V_UP,
           .evidence = "LAPIC_REGS.ldr LAPIC_REGS.id LAPIC.apic_base_msr"),
    RECORD(MSG_DIAG_PIC_UNHEARD, PIC, "int_output", IF(diag_output_unheard),
           "the 8259 raises its line and nothing takes it",
           "__vlapic_accept_pic_intr()", BOTH,
           .evidence = "PIC.int_output PIC.irr PIC.imr LAPIC_REGS.lvt0"),
    RECORD(MSG_DIAG_LINE_UNHEARD, PCI_IRQ, "i", IF(diag_line_unheard),
           "a PCI device raises a line that is masked wherever it goes",
           "reviews.freebsd.org D6947", SAME,
           .evidence = "PCI_IRQ.i PCI_LINK.route"),
};
const size_t n_patterns = sizeof(patterns) / sizeof(patterns[0]);
