/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diagnose/named.h"

#include "catalogue/x2apic.h"
#include "context/lapic.h"
#include "diagnose/diagnose.h"

/* Element i of another field of the record; 0 if it is missing. */
static uint64_t beside(const struct rule_subject *subject, const char *name,
                       size_t i)
{
    const struct context_record *record = subject->record;
    const struct cat_field *field = cat_field(record->known, record->layout,
                                              name);
    uint64_t value = 0;

    if (field)
        context_get(record, field, i, &value);
    return value;
}

/* A field of another record of the same vCPU. */
static uint64_t of_vcpu(const struct rule_subject *subject, uint32_t type,
                        const char *field)
{
    return diag_value(subject->context, type, subject->record->instance,
                      field);
}

/* -- CPU ------------------------------------------------------------------ */

/* Since 4.5 one reading of the host's TSC serves all vCPUs; what remains is
 * the time between the saver's reads. */
#define TSC_APART_US 50u

static uint64_t gtsc_khz(const domctx_context *context)
{
    return diag_value(context, LIVE_TYPE(HEADER), 0, "gtsc_khz");
}

bool diag_tsc_apart(const struct rule_subject *subject)
{
    const domctx_context *context = subject->context;
    uint64_t least = subject->value, tsc;

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (record->type == LIVE_TYPE(CPU) && record->layout &&
            context_value(record, "tsc", &tsc) && tsc < least)
            least = tsc;
    }
    return gtsc_khz(context) &&
           subject->value - least > gtsc_khz(context) * TSC_APART_US / 1000;
}

#define CR0_PE UINT64_C(0x1)
#define CR0_PG UINT64_C(0x80000000)
#define CR4_PAE UINT64_C(0x20)
#define EFER_LME UINT64_C(0x100)
#define EFER_LMA UINT64_C(0x400)

static bool not_canonical(uint64_t address)
{
    uint64_t high = address >> 47;

    return high != 0 && high != 0x1ffff;
}

/* For cr0.  With five levels of page tables, bits 56:48 are part of the
 * address, too. */
bool diag_cannot_run(const struct rule_subject *subject)
{
    uint64_t cr0 = subject->value, cr4 = beside(subject, "cr4", 0);
    uint64_t efer = beside(subject, "msr_efer", 0);
    bool paging = cr0 & CR0_PG, lma = efer & EFER_LMA;
    bool la57 = cr4 >> 12 & 1;

    return (paging && !(cr0 & CR0_PE)) ||
           lma != (paging && (efer & EFER_LME)) ||
           (lma && !(cr4 & CR4_PAE)) ||
           (lma && !la57 && not_canonical(beside(subject, "rip", 0)));
}

/* For rip.  Real mode, or the BIOS below 1 MiB. */
bool diag_in_firmware(const struct rule_subject *subject)
{
    uint64_t linear = beside(subject, "cs_base", 0) + subject->value;

    return !(beside(subject, "msr_efer", 0) & EFER_LMA) &&
           (!(beside(subject, "cr0", 0) & CR0_PE) ||
            (linear >= 0xc0000 && linear <= 0xfffff));
}

/* -- LAPIC ---------------------------------------------------------------- */

#define SVR_ENABLED 0x100u
#define LVT_MASKED 0x10000u

/* For svr.  An orderly unplug masks the local vector table. */
bool diag_left_enabled(const struct rule_subject *subject)
{
    static const char *const lvts[] = { "lvtt", "lvt0", "lvt1", "lvterr",
                                        "lvtpc" };

    if (!(subject->value & SVR_ENABLED))
        return false;
    for (size_t i = 0; i < sizeof(lvts) / sizeof(lvts[0]); i++)
        if (!(beside(subject, lvts[i], 0) & LVT_MASKED))
            return true;
    return false;
}

/* For isr: the word with the highest vector. */
bool diag_in_service(const struct rule_subject *subject)
{
    int vector = diag_highest(subject->record, "isr");

    return vector >= 16 && (size_t)vector / 32 == subject->i;
}

/* For tpr. */
bool diag_tpr_holds(const struct rule_subject *subject)
{
    int waits = diag_highest(subject->record, "irr");
    int served = diag_highest(subject->record, "isr");
    int priority = (int)(subject->value >> 4 & 15);

    return waits >= 16 && priority >= waits >> 4 &&
           (served < 0 || served >> 4 < waits >> 4);
}

#define LVTT_MODE(lvtt) ((lvtt) >> 17 & 3)
#define LVTT_DEADLINE 2

/* For tdt_msr: passed by more than a tenth of a second. */
bool diag_deadline_past(const struct rule_subject *subject)
{
    uint64_t lvtt = of_vcpu(subject, LIVE_TYPE(LAPIC_REGS), "lvtt");
    uint64_t tsc = of_vcpu(subject, LIVE_TYPE(CPU), "tsc");
    uint64_t khz = gtsc_khz(subject->context);

    return subject->value && khz && LVTT_MODE(lvtt) == LVTT_DEADLINE &&
           !(lvtt & LVT_MASKED) && tsc > subject->value &&
           tsc - subject->value > khz * 100;
}

/* For id. */
bool diag_id_twice(const struct rule_subject *subject)
{
    const domctx_context *context = subject->context;
    uint32_t vcpu = subject->record->instance;

    for (uint32_t v = 0; v < vcpu; v++)
        if (context_find(context, LIVE_TYPE(CPU), v) &&
            context_find(context, LIVE_TYPE(LAPIC_REGS), v) &&
            context_lapic(context, v).id == context_lapic(context, vcpu).id)
            return true;
    return false;
}

/* For ldr. */
bool diag_ldr_not_id(const struct rule_subject *subject)
{
    struct lapic lapic = context_lapic(subject->context,
                                       subject->record->instance);

    return lapic.x2apic && subject->value != cat_x2apic_ldr(lapic.id);
}

/* -- IOAPIC: asked of redirtbl[].bits ------------------------------------- */

#define ENTRY_VECTOR(bits) ((unsigned int)(bits) & 0xff)
#define ENTRY_DELIVERY(bits) ((bits) >> 8 & 7)
#define ENTRY_LOGICAL UINT64_C(0x800)
#define ENTRY_REMOTE_IRR UINT64_C(0x4000)
#define ENTRY_LEVEL UINT64_C(0x8000)
#define ENTRY_MASKED UINT64_C(0x10000)
#define ENTRY_DEST(bits) ((bits) >> 56)
#define LOWEST_PRIORITY 1

bool diag_remote_irr(const struct rule_subject *subject)
{
    const domctx_context *context = subject->context;
    unsigned int vector = ENTRY_VECTOR(subject->value);

    if (!(subject->value & ENTRY_LEVEL) ||
        !(subject->value & ENTRY_REMOTE_IRR))
        return false;
    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (record->type == LIVE_TYPE(LAPIC_REGS) &&
            (lapic_has(record, "irr", vector) ||
             lapic_has(record, "isr", vector)))
            return false;
    }
    return true;
}

static bool hears(const domctx_context *context, uint32_t vcpu,
                  uint64_t entry)
{
    struct lapic lapic = context_lapic(context, vcpu);

    return lapic_hears(&lapic, entry & ENTRY_LOGICAL, ENTRY_DEST(entry));
}

bool diag_to_nobody(const struct rule_subject *subject)
{
    const domctx_context *context = subject->context;
    bool any = false;

    if (subject->value & ENTRY_MASKED ||
        ENTRY_DELIVERY(subject->value) > LOWEST_PRIORITY ||
        ENTRY_VECTOR(subject->value) < 16)
        return false;
    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (record->type != LIVE_TYPE(LAPIC_REGS) || !record->layout ||
            !context_find(context, LIVE_TYPE(CPU), record->instance))
            continue;
        any = true;
        if (hears(context, record->instance, subject->value))
            return false;
    }
    return any;
}

/* -- the other devices ---------------------------------------------------- */

#define LVT_EXTINT(lvt) (((lvt) >> 8 & 7) == 7)

static uint64_t ioapic_entry(const domctx_context *context, size_t pin)
{
    const struct context_record *record = context_find(
        context, LIVE_TYPE(IOAPIC), 0);
    const struct cat_field *field;
    uint64_t bits = ENTRY_MASKED;

    if (record && record->layout) {
        field = cat_field(record->known, record->layout, "redirtbl[].bits");
        if (field)
            context_get(record, field, pin, &bits);
    }
    return bits;
}

/* For int_output of the master PIC.  Neither LINT0 of vCPU 0 nor pin 0 of the
 * IO-APIC accepts it. */
bool diag_output_unheard(const struct rule_subject *subject)
{
    const domctx_context *context = subject->context;
    uint64_t lvt0 = diag_value(context, LIVE_TYPE(LAPIC_REGS), 0, "lvt0");
    uint64_t pin0 = ioapic_entry(context, 0);

    return subject->value && subject->record->instance == 0 &&
           ((lvt0 & LVT_MASKED) || !LVT_EXTINT(lvt0)) &&
           ((pin0 & ENTRY_MASKED) || !LVT_EXTINT(pin0));
}

/* Whether the ISA interrupt that a PCI link is routed to is delivered. */
static bool link_heard(const domctx_context *context, unsigned int link)
{
    const struct context_record *record = context_find(
        context, LIVE_TYPE(PCI_LINK), 0);
    const struct cat_field *field;
    uint64_t route = 0, imr;

    if (record && record->layout) {
        field = cat_field(record->known, record->layout, "route");
        if (field)
            context_get(record, field, link, &route);
    }
    if (route == 0 || route > 15)
        return false;
    imr = diag_value(context, LIVE_TYPE(PIC), (uint32_t)(route >> 3), "imr");
    return !(ioapic_entry(context, (size_t)route) & ENTRY_MASKED) ||
           !(imr >> (route & 7) & 1);
}

/* For i, with a bit for each INTx of a device; hvm_pci_intx_gsi() and
 * hvm_pci_intx_link() give the routes. */
bool diag_line_unheard(const struct rule_subject *subject)
{
    for (unsigned int bit = 0; bit < 64; bit++) {
        unsigned int device = (unsigned int)subject->i * 16 + bit / 4;
        unsigned int intx = bit % 4;
        unsigned int gsi = 16 + (((device << 2) + (device >> 3) + intx) & 31);

        if (subject->value >> bit & 1 &&
            ioapic_entry(subject->context, gsi) & ENTRY_MASKED &&
            !link_heard(subject->context, (device + intx) & 3))
            return true;
    }
    return false;
}

#define HPET_ON 0x1u
#define HPET_TIMER_INT 0x4u
#define FEMTOSECONDS_A_MINUTE UINT64_C(60000000000000000)

/* For timers[].cmp, of which 32 bits count. */
bool diag_hpet_far(const struct rule_subject *subject)
{
    uint64_t period = beside(subject, "capability", 0) >> 32;
    uint32_t ahead = (uint32_t)(subject->value - beside(subject, "mc64", 0));

    return period && beside(subject, "config", 0) & HPET_ON &&
           beside(subject, "timers[].config", subject->i) & HPET_TIMER_INT &&
           ahead > FEMTOSECONDS_A_MINUTE / period;
}

/* -- EVTCHN, GRANT_TABLE -------------------------------------------------- */

/* The default of max_event_channels in xl.cfg(5). */
#define PORTS_DEFAULT 1023u
#define PORTS_FEW 2u

/* For nr_entries: ports that are not closed.  If there is room for more than
 * the default, the limit was raised. */
bool diag_ports_used_up(const struct rule_subject *subject)
{
    uint64_t most = beside(subject, "max_port", 0);

    if (!most && beside(subject, "nr_valid", 0) <= PORTS_DEFAULT + 1)
        most = PORTS_DEFAULT;
    return most && subject->value >= most - PORTS_FEW;
}

/* For store_port and console_port: whether a guest that has set a callback
 * lost a channel that its builder made.  Not met if Xen was not asked about
 * all ports, or refused to answer for this one. */
bool diag_channel_closed(const struct rule_subject *subject)
{
    const struct context_record *record = subject->record;
    const struct cat_field *field = cat_field(record->known, record->layout,
                                              "port[].port");
    uint64_t callback = beside(subject, "callback_irq", 0), port, status;

    if (!field || !subject->value || !callback || callback == UINT64_MAX ||
        !(beside(subject, "flags", 0) & DOMCTX_EVTCHN_COMPLETE))
        return false;
    for (size_t i = 0; context_get(record, field, i, &port); i++) {
        if (port != subject->value)
            continue;
        status = beside(subject, "port[].status", i);
        return status != DOMCTX_PORT_INTERDOMAIN &&
               status != DOMCTX_PORT_REFUSED;
    }
    return true;
}

#define GRANT_TYPE 3u
#define GRANTS_FEW 16u
#define GRANTS_A_FRAME 512u   /* of version 1 */
#define GRANTS_A_FRAME_V2 256u

/* For nr_frames.  A frame that is not stored has only free entries. */
bool diag_grants_used_up(const struct rule_subject *subject)
{
    uint64_t version = beside(subject, "version", 0), free_ones = 0;
    uint64_t n = subject->value *
                 (version == 2 ? GRANTS_A_FRAME_V2 : GRANTS_A_FRAME);

    if (!n || (version != 1 && version != 2) ||
        subject->value < beside(subject, "max_nr_frames", 0) ||
        beside(subject, "nr_stored", 0) < subject->value)
        return false;
    for (size_t i = 0; i < n && free_ones < GRANTS_FEW; i++)
        free_ones += !(beside(subject, "grant[].flags", i) & GRANT_TYPE);
    return free_ones < GRANTS_FEW;
}

/* -- SHARED_INFO: asked of evtchn_pending --------------------------------- */

/* The layout of the page depends on the guest's width.  If the guest is in
 * long mode the width is known, and a page in the other layout tells
 * nothing. */
bool diag_event_waits(const struct rule_subject *subject)
{
    bool lma = diag_value(subject->context, LIVE_TYPE(CPU), 0, "msr_efer") &
               EFER_LMA;

    return lma && subject->field->width == 8 &&
           subject->value & ~beside(subject, "evtchn_mask", subject->i);
}
