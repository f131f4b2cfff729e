/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values that a hypervisor refuses, and those that crash the domain inside
 * the load (svm_load_cpu_ctxt and vmx_load_cpu_ctxt end in domain_crash). */
#include "plan.h"

enum { CPU = 2 };

/* PE MP EM TS ET, NE, WP, AM, NW CD PG: all that CR0 has. */
#define CR0_KNOWN UINT64_C(0xe005003f)
#define CR0_PE UINT64_C(0x1)
#define CR0_ET UINT64_C(0x10)
#define CR0_PG UINT64_C(0x80000000)

/* Interruption types of a pending event. */
#define EVENT_EXTERNAL 0
#define EVENT_NMI 2

struct cpu_view {
    const struct plan_record *record;
    struct msg_at at;
};

static uint64_t value_of(const struct cpu_view *cpu, const char *name)
{
    const struct cat_field *field =
        cat_field(cpu->record->type, cpu->record->layout, name);

    return field ? cat_get(field, cpu->record->wanted, 0) : 0;
}

static struct msg_at *found(struct cpu_view *cpu, const char *field,
                            uint64_t value)
{
    cpu->at.field = field;
    cpu->at.found = (struct msg_value)HEX(value);
    return &cpu->at;
}

static void judge_cr0(struct cpu_view *cpu, domctx_report *report)
{
    uint64_t cr0 = value_of(cpu, "cr0");

    if ((cr0 & ~CR0_KNOWN) || !(cr0 & CR0_ET) ||
        ((cr0 & CR0_PG) && !(cr0 & CR0_PE)))
        msg_raise(report, MSG_LIVE_BAD_CR0, found(cpu, "cr0", cr0),
                  "the hypervisor refuses this CR0");
}

/* Interruption types: 0 external interrupt, 2 NMI, 3 hardware exception, 4
 * software interrupt, 5 and 6 software exceptions that only VMX has; 1 and 7
 * are not valid. */
static bool judge_pending(struct cpu_view *cpu,
                          const struct plan_facts *facts,
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

static bool judge_cr3(struct cpu_view *cpu, const struct plan_facts *facts,
                      domctx_report *report)
{
    uint64_t cr3 = value_of(cpu, "cr3");

    if (!facts->is_ram || !(value_of(cpu, "cr0") & CR0_PG) ||
        facts->is_ram(facts->arg, cr3))
        return false;
    msg_raise(report, MSG_LIVE_CRASH_CR3, found(cpu, "cr3", cr3),
              "this CR3 is not in the guest's RAM, which crashes a domain "
              "with shadow paging");
    return true;
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

void judge_record(struct plan *plan, const struct plan_record *record,
                  const struct plan_facts *facts, domctx_report *report)
{
    struct cpu_view cpu = {
        .record = record,
        .at = { .record = "CPU", .has_instance = true,
                .instance = record->instance },
    };

    if (record->typecode != CPU || !record->layout)
        return;
    judge_cr0(&cpu, report);
    if (judge_pending(&cpu, facts, report) || judge_cr3(&cpu, facts, report))
        plan->crashes = true;
}
