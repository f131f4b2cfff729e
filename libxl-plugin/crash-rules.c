/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values that a hypervisor refuses, and those that crash the domain or the
 * host: the rows of rules/load.c that are marked so.  A live load takes no
 * chance with the point release: what crashes any release is never loaded.
 */
#include "plan.h"
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

/* No processor has more physical address bits. */
#define PHYSICAL_BITS 52

/* Interruption types of a pending event. */
#define EVENT_EXTERNAL 0
#define EVENT_NMI 2

/* More than any judged record has. */
#define BODY_MAX 1536

/* A record as the loader reads it. */
struct view {
    struct context_record record;
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
    const struct cat_layout *layout = record->layout;
    uint32_t length = record->length;

    view->record = (struct context_record){
        .type = DOMCTX_HVM_RECORD(record->typecode),
        .instance = record->instance, .length = length,
        .body = record->wanted, .known = record->type, .layout = layout,
    };
    if (layout)
        return true;
    layout = native_layout(record->type, facts->present_version);
    if (!layout || layout->length > BODY_MAX)
        return false;
    if (length > layout->length)
        length = layout->length;
    memset(view->extended, 0, sizeof(view->extended));
    memcpy(view->extended, record->wanted, length);
    view->record.body = view->extended;
    view->record.length = layout->length;
    view->record.layout = layout;
    return true;
}

static struct msg_at at_value(const struct plan_record *record,
                              const char *field, uint64_t value)
{
    return (struct msg_at){
        .record = record->type->name, .has_instance = true,
        .instance = record->instance, .field = field, .found = HEX(value),
    };
}

/* A CR3 that is no page of the guest crashes a domain with shadow paging. */
static bool bad_cr3(const struct plan_record *record,
                    const struct context_record *cpu,
                    const struct plan_facts *facts, domctx_report *report)
{
    uint64_t cr0 = 0, cr3 = 0;
    struct msg_at at;

    context_value(cpu, "cr0", &cr0);
    context_value(cpu, "cr3", &cr3);
    if (!facts->is_ram || !(cr0 >> 31 & 1) ||
        (!(cr3 >> PHYSICAL_BITS) && facts->is_ram(facts->arg, cr3)))
        return false;
    at = at_value(record, "cr3", cr3);
    msg_raise(report, MSG_LIVE_CRASH_CR3, &at,
              "this CR3 is not in the guest's RAM, which crashes a domain "
              "with shadow paging");
    return true;
}

/* Whether the row is about this record, on this processor, and about how the
 * domain's memory is paged. */
static bool is_about(const struct rule *rule,
                     const struct plan_record *record,
                     const struct plan_facts *facts)
{
    enum domctx_vendor vendor = facts->amd ? DOMCTX_VENDOR_AMD
                                           : DOMCTX_VENDOR_INTEL;

    return rule->typecode == record->typecode &&
           (!rule->vendor || rule->vendor == vendor) &&
           !(rule->hap && facts->is_ram) &&
           (rule->outcome.verdict >= DOMCTX_CRASHES_DOMAIN ||
            rule->id == MSG_LOAD_CR0);
}

static void judge_record(struct plan *plan, const domctx_context *context,
                         const struct plan_record *record,
                         const struct plan_facts *facts,
                         domctx_report *report)
{
    struct release target = { facts->present_version, RELEASE_ANY };
    struct view view;

    if (!record->type || !look(&view, record, facts))
        return;
    for (size_t i = 0; i < n_rules_load; i++) {
        struct rule_subject subject = { .context = context,
                                        .record = &view.record,
                                        .target = target };
        struct msg_at at;

        if (!is_about(&rules_load[i], record, facts) ||
            !rule_find(&rules_load[i], &subject))
            continue;
        at = at_value(record, rules_load[i].field, subject.value);
        msg_raise(report, rules_load[i].id, &at, "%s", rules_load[i].reason);
        if (rules_load[i].outcome.verdict >= DOMCTX_CRASHES_DOMAIN)
            plan->crashes = true;
    }
    if (record->typecode == CODE_CPU &&
        bad_cr3(record, &view.record, facts, report))
        plan->crashes = true;
}

/* The context as it will be, for rules that look at a record's neighbours. */
static int context_to_be(const struct plan *plan, const domctx_hvm *present,
                         uint8_t **blob, domctx_hvm **hvm,
                         domctx_context **context, domctx_report *report)
{
    size_t size;

    *hvm = NULL;
    if (plan_whole_blob(plan, present, blob, &size, report) < 0)
        return -1;
    if (domctx_hvm_parse(*blob, size, hvm, NULL) == 0 &&
        domctx_context_of_hvm(*hvm, true, plan->version >> 8,
                              plan->version & 0xff, context, report) == 0)
        return 0;
    domctx_hvm_free(*hvm);
    free(*blob);
    return msg_no_memory(report, size);
}

/* Also where the loader makes the same of both: the record may be loaded with
 * others, as it stands. */
static bool is_new(const struct plan_record *record)
{
    const struct domctx_record *present = record->present;

    return record->wanted &&
           (!present || present->length != record->length ||
            memcmp(record->wanted, present->body, record->length) != 0);
}

int judge_records(struct plan *plan, const domctx_hvm *present,
                  const struct plan_facts *facts, domctx_report *report)
{
    domctx_context *context;
    domctx_hvm *hvm;
    uint8_t *blob;

    if (context_to_be(plan, present, &blob, &hvm, &context, report) < 0)
        return -1;
    for (size_t i = 0; i < plan->count; i++)
        if (is_new(&plan->records[i]))
            judge_record(plan, context, &plan->records[i], facts, report);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    free(blob);
    return 0;
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
