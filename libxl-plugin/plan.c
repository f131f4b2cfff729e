/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which records to load, with which bytes, and what forbids it. */
#include "catalogue/codes.h"
#include "plan.h"

/* Whether the domain has that vCPU.  A vCPU that exists has an MTRR record,
 * up or not; before 3.2 there was none, and its LAPIC stands for it. */
static bool has_vcpu(const struct plan *plan, uint32_t vcpu)
{
    const struct plan_record *mtrr = plan_find(plan, CODE_MTRR, vcpu);
    const struct plan_record *lapic = plan_find(plan, CODE_LAPIC, vcpu);

    return (mtrr && mtrr->present) || (lapic && lapic->present);
}

static bool vcpu_up(const struct plan *plan, uint32_t vcpu)
{
    const struct plan_record *cpu = plan_find(plan, CODE_CPU, vcpu);

    return cpu && cpu->present;
}

static cat_version layouts_of_image(const struct plan_facts *facts)
{
    return facts->converted ? facts->present_version : facts->image_version;
}

/* A record that only the image has. */
static int image_only(const struct plan *plan, struct plan_record *record,
                      const struct plan_facts *facts, domctx_report *report)
{
    const struct domctx_record *image = record->image;
    struct msg_at at = plan_at(record);

    if (!record->type || !(record->type->flags & CAT_VCPU))
        msg_raise(report, MSG_LIVE_NO_DEVICE, &at,
                  "the image has this record and the domain has not");
    else if (!has_vcpu(plan, record->instance))
        msg_raise(report, MSG_LIVE_NO_VCPU, &at,
                  "the domain has no vCPU %u", record->instance);
    else if (record->typecode == CODE_CPU)
        msg_raise(report, MSG_LIVE_VCPU_UP, &at,
                  "vCPU %u is up in the image and down in the domain",
                  record->instance);
    else if (!(record->type->flags & CAT_OPTIONAL))
        msg_raise(report, MSG_LIVE_NO_DEVICE, &at,
                  "the image has this record and the domain has not");
    else if (!vcpu_up(plan, record->instance))
        msg_raise(report, MSG_LIVE_VCPU_UP, &at,
                  "vCPU %u is down in the domain", record->instance);
    if (record->typecode == CODE_CPU_MSR)
        return merge_msr(record, NULL, report);
    record->differs = true;
    return plan_want(record, image->body, image->length,
                     layouts_of_image(facts), report);
}

/* The image's bytes, read as this hypervisor will read them. */
static int want_image(struct plan_record *record,
                      const struct plan_facts *facts, domctx_report *report)
{
    const struct domctx_record *image = record->image;
    bool alike = image->length == record->present->length;

    if (plan_want(record, image->body, image->length,
                  alike ? facts->present_version : layouts_of_image(facts),
                  report) < 0)
        return -1;
    if (!record->layout && record->type)
        record->layout = cat_layout(record->type, image->length,
                                    layouts_of_image(facts));
    return 0;
}

/* A record that both have. */
static int in_both(const struct plan *plan, struct plan_record *record,
                   const struct plan_facts *facts, domctx_report *report)
{
    const struct domctx_record *image = record->image;
    struct msg_at at = plan_at(record);
    bool variable = record->type && (record->type->flags & CAT_VARIABLE);

    if (record->typecode == CODE_CPU_MSR)
        return merge_msr(record, record->present, report);
    if (want_image(record, facts, report) < 0)
        return -1;
    at.field = "length";
    at.expected = (struct msg_value)DEC(record->present->length);
    at.found = (struct msg_value)DEC(image->length);
    if (image->length != record->present->length && !variable) {
        msg_raise(report, MSG_LIVE_LENGTH, &at,
                  "this hypervisor's record has another length");
        record->differs = true;
        return 0;
    }
    merge_record(record, facts, report);
    record->differs = plan_differs(plan, record, facts->restore_time);
    /* Without a layout nothing is known to move or to wait. */
    if (record->differs && record->type && !record->layout)
        msg_raise(report, MSG_LIVE_LENGTH, &at,
                  "the layout of this record is not known");
    return 0;
}

/* HEADER stays the present one; loading another frequency would change the
 * guest's TSC. */
static int take_header(struct plan_record *record,
                       const struct plan_facts *facts, domctx_report *report)
{
    const struct cat_field *khz;
    struct msg_at at = plan_at(record);
    uint64_t was, is;

    if (plan_want(record, record->present->body, record->present->length,
                  facts->present_version, report) < 0)
        return -1;
    khz = record->layout ? cat_field(record->type, record->layout,
                                     "gtsc_khz") : NULL;
    if (!khz || !record->image ||
        record->image->length != record->present->length ||
        layouts_of_image(facts) < CAT_V(4, 0))   /* a zero pad until 4.0 */
        return 0;
    was = cat_get(khz, record->image->body, 0);
    is = cat_get(khz, record->present->body, 0);
    if (was == is || was == 0)
        return 0;
    at.field = khz->name;
    at.expected = (struct msg_value)DEC(is);
    at.found = (struct msg_value)DEC(was);
    return msg_raise(report, MSG_LIVE_TSC_KHZ, &at,
                     "the TSC frequencies differ"), 0;
}

static int plan_one(struct plan *plan, struct plan_record *record,
                    const struct plan_facts *facts, domctx_report *report)
{
    int rc;

    /* Loaders since 4.19 speak of savers before 4.12 that wrote an empty
     * CPU_XSAVE for none; no loader takes one. */
    if (record->typecode == CODE_CPU_XSAVE && record->image &&
        record->image->length == 0)
        record->image = NULL;
    if (!record->present && !record->image)
        return 0;
    if (record->typecode == DOMCTX_HVM_HEADER)
        return record->present ? take_header(record, facts, report) : 0;
    if (!record->present)
        rc = image_only(plan, record, facts, report);
    else if (!record->image)
        rc = merge_present_only(plan, record, facts, report);
    else
        rc = in_both(plan, record, facts, report);
    return rc;
}

/* ------------------------------------------------------------------ */
/* Closed groups                                                        */
/* ------------------------------------------------------------------ */

/* Records that are loaded together because loading one changes what another
 * holds, or because only both of one moment agree. */
static const struct group {
    bool per_vcpu;   /* the instance is the vCPU */
    size_t n;
    struct {
        uint32_t typecode, instance;
    } member[3];
} groups[] = {
    /* LAPIC alone writes the TSC deadline without arming the timer. */
    { true, 2, { { CODE_LAPIC, 0 }, { CODE_LAPIC_REGS, 0 } } },
    /* ISA_IRQ and PCI_LINK add to counters that PCI_IRQ clears. */
    { false, 3, { { CODE_PCI_IRQ, 0 }, { CODE_ISA_IRQ, 0 },
                  { CODE_PCI_LINK, 0 } } },
    /* The slave drives a line of the master; a hypervisor that finds no
     * interrupt on a slave whose line is up stops the host (vpic_intack). */
    { false, 2, { { CODE_PIC, 0 }, { CODE_PIC, 1 } } },
};

static bool in_group(const struct group *group, const struct plan_record *r)
{
    for (size_t i = 0; i < group->n; i++)
        if (group->member[i].typecode == r->typecode)
            return true;
    return false;
}

static void load_group(struct plan *plan, const struct group *group,
                       const struct plan_record *of)
{
    for (size_t i = 0; i < group->n; i++) {
        uint32_t instance = group->per_vcpu ? of->instance
                                            : group->member[i].instance;
        struct plan_record *record =
            plan_find(plan, group->member[i].typecode, instance);

        if (record && record->wanted)
            record->load = true;
    }
}

/* The loader first takes every vCPU down, and only a CPU record brings one
 * up; loading CPU resets the PAT, which MTRR holds, and clears or rewrites
 * the XSAVE area. */
static bool goes_with_every_load(const struct plan *plan,
                                 const struct plan_record *record)
{
    const struct plan_record *cpu;

    if (record->typecode != CODE_CPU && record->typecode != CODE_MTRR &&
        record->typecode != CODE_CPU_XSAVE)
        return false;
    cpu = plan_find(plan, CODE_CPU, record->instance);
    return cpu && cpu->wanted;
}

void plan_close_groups(struct plan *plan)
{
    size_t n_groups = sizeof(groups) / sizeof(groups[0]);
    bool any = false;

    for (size_t i = 0; i < plan->count; i++) {
        struct plan_record *record = &plan->records[i];

        if (!record->load)
            continue;
        any = true;
        for (size_t g = 0; g < n_groups; g++)
            if (in_group(&groups[g], record))
                load_group(plan, &groups[g], record);
    }
    plan->n_load = 0;
    for (size_t i = 0; any && i < plan->count; i++) {
        struct plan_record *record = &plan->records[i];

        if (record->wanted && goes_with_every_load(plan, record))
            record->load = true;
        if (record->load)
            plan->n_load++;
    }
}

/* ------------------------------------------------------------------ */
/* Interrupt state                                                      */
/* ------------------------------------------------------------------ */

static bool is_irq_line(const struct plan_record *record)
{
    return record->typecode == CODE_PCI_IRQ ||
           record->typecode == CODE_ISA_IRQ ||
           record->typecode == CODE_PCI_LINK;
}

static bool is_lapic(const struct plan_record *record)
{
    return record->typecode == CODE_LAPIC ||
           record->typecode == CODE_LAPIC_REGS;
}

static void judge_interrupts(struct plan *plan,
                             const struct plan_facts *facts,
                             domctx_report *report)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_record *record = &plan->records[i];
        struct msg_at at = plan_at(record);

        if (!record->load || !record->type)
            continue;
        if (record->typecode == CODE_CPU && !facts->never_run)
            judge_lost_event(plan, record, report);
        if (!(record->type->flags & CAT_INTERRUPT))
            continue;
        plan->interrupts = true;
        plan->lapics = plan->lapics || is_lapic(record);
        if (is_irq_line(record) && facts->callback == PLAN_CALLBACK_LINE)
            msg_raise(report, MSG_LIVE_CALLBACK_LINE, &at,
                      "the guest's event-channel upcall is a line of this "
                      "record");
        else if (!facts->never_run && record->differs &&
                 !(facts->upcalls_kept && is_lapic(record)))
            msg_raise(report, MSG_LIVE_INTERRUPT_STATE, &at,
                      "interrupt state differs, and the guest has run: "
                      "loading it may lose an interrupt");
    }
}

/* ------------------------------------------------------------------ */
/* The whole                                                            */
/* ------------------------------------------------------------------ */

/* The PICs' lines follow from the registers of both, so they come when both
 * are known; that alone is no difference. */
static void settle_pics(struct plan *plan, const struct plan_facts *facts)
{
    bool differs = false;

    for (uint32_t i = 0; i < 2; i++) {
        struct plan_record *pic = plan_find(plan, CODE_PIC, i);

        differs |= pic && pic->differs && merge_pic_differs(plan, pic);
    }
    if (differs)
        merge_pic_lines(plan);
    for (uint32_t i = 0; i < 2; i++) {
        struct plan_record *pic = plan_find(plan, CODE_PIC, i);

        if (pic && pic->present && pic->wanted)
            pic->differs = differs &&
                           plan_differs(plan, pic, facts->restore_time);
    }
}

int plan_make(struct plan *plan, const domctx_hvm *image,
              const domctx_hvm *present, const struct plan_facts *facts,
              domctx_report *report)
{
    int rc = plan_lay(plan, image, present, facts->present_version, report);

    if (rc < 0)
        return -1;
    for (size_t i = 0; rc == 0 && i < plan->count; i++)
        rc = plan_one(plan, &plan->records[i], facts, report);
    if (rc == 0)
        rc = judge_records(plan, present, facts, report);
    if (rc < 0) {
        plan_free(plan);
        return -1;
    }
    settle_pics(plan, facts);
    for (size_t i = 0; i < plan->count; i++)
        plan->records[i].load = plan->records[i].wanted &&
                                plan->records[i].differs;
    plan_close_groups(plan);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->records[i].typecode == CODE_MTRR && plan->records[i].load)
            merge_finish_mtrr(&plan->records[i], facts);
    judge_interrupts(plan, facts, report);
    return 0;
}
