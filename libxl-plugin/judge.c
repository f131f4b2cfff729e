/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values that a hypervisor refuses, and those that crash the domain or the
 * host: inside the load (svm_load_vmcb_ctxt and vmx_load_vmcs_ctxt end in
 * domain_crash), or later, because no loader looks at them.
 */
#include "plan.h"

#include <string.h>

/* I8259 is the PIC: libtool defines that name. */
enum { CPU = 2, I8259 = 3, LAPIC = 5, PCI_LINK = 9, VIRIDIAN_VCPU = 17 };

/* PE MP EM TS ET, NE, WP, AM, NW CD PG: all that CR0 has. */
#define CR0_KNOWN UINT64_C(0xe005003f)
#define CR0_PE UINT64_C(0x1)
#define CR0_ET UINT64_C(0x10)
#define CR0_PG UINT64_C(0x80000000)

/* No processor has more physical address bits. */
#define PHYSICAL_BITS 52

/* Interruption types of a pending event. */
#define EVENT_EXTERNAL 0
#define EVENT_NMI 2

#define STIMER_ENABLED 1u

/* More than any judged record has. */
#define BODY_MAX 1536

/* A record as the loader reads it. */
struct view {
    const struct plan_record *record;
    const struct cat_layout *layout;
    const uint8_t *body;
    struct msg_at at;
    uint8_t extended[BODY_MAX];
};

/* The longest layout of fixed length that the release has. */
static const struct cat_layout *native_layout(const struct cat_record *type,
                                              cat_version version)
{
    const struct cat_layout *native = NULL;

    for (size_t i = 0; i < type->n_layouts; i++) {
        const struct cat_layout *layout = &type->layouts[i];

        if (version >= layout->from && version <= layout->to &&
            !layout->tail && (!native || layout->length > native->length))
            native = layout;
    }
    return native;
}

/* Many loaders take a record of any length up to their own and read zeros
 * behind it.  So a length without a layout is no hiding place. */
static bool look(struct view *view, const struct plan_record *record,
                 const struct plan_facts *facts)
{
    uint32_t length = record->length;

    view->record = record;
    view->layout = record->layout;
    view->body = record->wanted;
    view->at = (struct msg_at){ .record = record->type->name,
                                .has_instance = true,
                                .instance = record->instance };
    if (view->layout)
        return true;
    view->layout = native_layout(record->type, facts->present_version);
    if (!view->layout || view->layout->length > BODY_MAX)
        return false;
    if (length > view->layout->length)
        length = view->layout->length;
    memset(view->extended, 0, sizeof(view->extended));
    memcpy(view->extended, record->wanted, length);
    view->body = view->extended;
    return true;
}

/* Element i of the named field; the field is left for found(). */
static bool get(struct view *view, const char *name, size_t i,
                uint64_t *value)
{
    const struct cat_field *field =
        cat_field(view->record->type, view->layout, name);

    *value = 0;
    if (!field || i >= field->count)
        return false;
    *value = cat_get(field, view->body, i);
    return true;
}

static uint64_t value_of(struct view *view, const char *name)
{
    uint64_t value;

    get(view, name, 0, &value);
    return value;
}

static struct msg_at *found(struct view *view, const char *field,
                            uint64_t value)
{
    view->at.field = field;
    view->at.found = (struct msg_value)HEX(value);
    return &view->at;
}

/* ------------------------------------------------------------------ */
/* CPU                                                                  */
/* ------------------------------------------------------------------ */

static void judge_cr0(struct view *cpu, domctx_report *report)
{
    uint64_t cr0 = value_of(cpu, "cr0");

    if ((cr0 & ~CR0_KNOWN) || !(cr0 & CR0_ET) ||
        ((cr0 & CR0_PG) && !(cr0 & CR0_PE)))
        msg_raise(report, MSG_LIVE_BAD_CR0, found(cpu, "cr0", cr0),
                  "the hypervisor refuses this CR0");
}

/* Of the interruption types 3 is a hardware exception, 4 a
 * software interrupt, 5 and 6 software exceptions that only VMX has; 1 and 7
 * are not valid. */
static bool bad_pending(struct view *cpu, const struct plan_facts *facts,
                        domctx_report *report)
{
    uint64_t type = value_of(cpu, "pending_type");
    uint64_t last = facts->amd && facts->present_version >= CAT_V(4, 9) ? 4
                                                                        : 6;
    uint64_t event = value_of(cpu, "pending_event");
    uint64_t code = value_of(cpu, "error_code");

    if (!value_of(cpu, "pending_valid"))
        return false;
    if (type == 1 || type > last || value_of(cpu, "pending_reserved")) {
        msg_raise(report, MSG_LIVE_CRASH_PENDING,
                  found(cpu, "pending_event", event),
                  "this pending event crashes the domain");
        return true;
    }
    if (value_of(cpu, "pending_error_valid") && code > UINT16_MAX) {
        msg_raise(report, MSG_LIVE_CRASH_ERROR_CODE,
                  found(cpu, "error_code", code),
                  "this error code crashes the domain");
        return true;
    }
    return false;
}

static bool bad_cr3(struct view *cpu, const struct plan_facts *facts,
                    domctx_report *report)
{
    uint64_t cr3 = value_of(cpu, "cr3");

    if (!facts->is_ram || !(value_of(cpu, "cr0") & CR0_PG) ||
        (!(cr3 >> PHYSICAL_BITS) && facts->is_ram(facts->arg, cr3)))
        return false;
    msg_raise(report, MSG_LIVE_CRASH_CR3, found(cpu, "cr3", cr3),
              "this CR3 is not in the guest's RAM, which crashes a domain "
              "with shadow paging");
    return true;
}

static bool canonical(uint64_t address)
{
    uint64_t high = address >> 47;

    return high == 0 || high == 0x1ffff;
}

/* Before the guest runs, VMX code writes these to the processor's own MSRs,
 * by plain WRMSR.  VMLOAD, on AMD, extends the sign instead. */
static bool bad_address(struct view *cpu, const struct plan_facts *facts,
                        domctx_report *report)
{
    static const char *const names[] = { "msr_lstar", "shadow_gs" };

    for (size_t i = 0; !facts->amd && i < 2; i++) {
        uint64_t address = value_of(cpu, names[i]);

        if (canonical(address))
            continue;
        msg_raise(report, MSG_LIVE_CRASH_ADDRESS,
                  found(cpu, names[i], address),
                  "this address is not canonical: writing it to the "
                  "processor's MSR stops the host");
        return true;
    }
    return false;
}

/* Refused since 4.18.  Before, DR6 was cut off (since 4.11), and so is DR7 on
 * AMD; VMX code writes DR7 to the VMCS whole, and entering the guest
 * fails. */
static bool bad_dr7(struct view *cpu, const struct plan_facts *facts,
                    domctx_report *report)
{
    uint64_t dr7 = value_of(cpu, "dr7");

    if (facts->amd || !(dr7 >> 32))
        return false;
    msg_raise(report, MSG_LIVE_CRASH_DR7, found(cpu, "dr7", dr7),
              "the upper half of this DR7 is not zero");
    return true;
}

static bool bad_cpu(struct view *cpu, const struct plan_facts *facts,
                    domctx_report *report)
{
    bool bad;

    judge_cr0(cpu, report);
    bad = bad_pending(cpu, facts, report);
    bad |= bad_cr3(cpu, facts, report);
    bad |= bad_address(cpu, facts, report);
    bad |= bad_dr7(cpu, facts, report);
    return bad;
}

/* An external interrupt or an NMI that the vCPU is just taking is in no other
 * record any more. */
void judge_lost_event(struct plan *plan, const struct plan_record *record,
                      domctx_report *report)
{
    const struct cat_layout *layout = record->layout;
    const struct cat_field *valid, *type, *event;
    const uint8_t *present;
    uint64_t kind;

    if (!layout || !record->present ||
        record->present->length != record->length)
        return;
    present = record->present->body;
    valid = cat_field(record->type, layout, "pending_valid");
    type = cat_field(record->type, layout, "pending_type");
    event = cat_field(record->type, layout, "pending_event");
    if (!valid || !type || !event || !cat_get(valid, present, 0))
        return;
    kind = cat_get(type, present, 0);
    if ((kind != EVENT_EXTERNAL && kind != EVENT_NMI) ||
        cat_get(event, present, 0) == cat_get(event, record->wanted, 0))
        return;
    plan->interrupts = true;
    msg_raise(report, MSG_LIVE_INTERRUPT_STATE,
              &(struct msg_at){
                  .record = record->type->name, .has_instance = true,
                  .instance = record->instance, .field = event->name,
                  .expected = HEX(cat_get(event, present, 0)),
                  .found = HEX(cat_get(event, record->wanted, 0)) },
              "the vCPU is just taking an interrupt that the image does not "
              "have");
}

/* ------------------------------------------------------------------ */
/* Devices                                                              */
/* ------------------------------------------------------------------ */

/* The hypervisor finds the domain from the address of a PIC and its role;
 * checked since 4.19. */
static bool bad_pic(struct view *pic, const struct plan_facts *facts,
                    domctx_report *report)
{
    uint64_t master = value_of(pic, "is_master");

    (void)facts;
    if (master == (pic->record->instance == 0))
        return false;
    msg_raise(report, MSG_LIVE_CRASH_PIC, found(pic, "is_master", master),
              "this PIC has the role of the other one, which stops the host");
    return true;
}

/* The current count of the timer is worked out by dividing by this, which the
 * divide configuration register makes a power of two up to 128. */
static bool bad_lapic(struct view *lapic, const struct plan_facts *facts,
                      domctx_report *report)
{
    uint64_t divisor = value_of(lapic, "timer_divisor");

    (void)facts;
    if (divisor && divisor <= 128 && !(divisor & (divisor - 1)))
        return false;
    msg_raise(report, MSG_LIVE_CRASH_DIVISOR,
              found(lapic, "timer_divisor", divisor),
              "no timer has this divisor; a division by it stops the host");
    return true;
}

/* An index into counters; refused since 4.19, before that refused when it was
 * already in place. */
static bool bad_link(struct view *link, const struct plan_facts *facts,
                     domctx_report *report)
{
    uint64_t route;

    (void)facts;
    for (size_t i = 0; get(link, "route", i, &route); i++) {
        if (route <= 15)
            continue;
        msg_raise(report, MSG_LIVE_CRASH_LINK, found(link, "route", route),
                  "PCI link %zu goes to no ISA interrupt: the hypervisor "
                  "counts it outside its tables", i);
        return true;
    }
    return false;
}

/* XSA-504: the period is divided by. */
static bool bad_stimer(struct view *viridian, const struct plan_facts *facts,
                       domctx_report *report)
{
    uint64_t config, count;

    (void)facts;
    for (size_t i = 0; get(viridian, "stimer_config_msr", i, &config) &&
                       get(viridian, "stimer_count_msr", i, &count); i++) {
        if (!(config & STIMER_ENABLED) || count)
            continue;
        msg_raise(report, MSG_LIVE_CRASH_STIMER,
                  found(viridian, "stimer_config_msr", config),
                  "synthetic timer %zu runs with a count of 0, and a "
                  "division by it stops the host", i);
        return true;
    }
    return false;
}

void judge_record(struct plan *plan, const struct plan_record *record,
                  const struct plan_facts *facts, domctx_report *report)
{
    static const struct {
        uint32_t typecode;
        bool (*bad)(struct view *, const struct plan_facts *,
                    domctx_report *);
    } rules[] = {
        { CPU, bad_cpu },
        { I8259, bad_pic },
        { LAPIC, bad_lapic },
        { PCI_LINK, bad_link },
        { VIRIDIAN_VCPU, bad_stimer },
    };
    struct view view;

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (rules[i].typecode == record->typecode &&
            look(&view, record, facts) &&
            rules[i].bad(&view, facts, report))
            plan->crashes = true;
}
