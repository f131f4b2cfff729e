/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the wanted record takes over from the present one: clocks that run
 * on, interrupts that wait, and what the saver could not tell. */
#include "catalogue/codes.h"
#include "plan.h"

/* Fields of the record's layout that carry all of flags. */
#define FOR_FIELDS(field, record, wanted_flags) \
    for (const struct cat_field *field = (record)->type->fields; \
         field < (record)->type->fields + (record)->type->n_fields; field++) \
        if (cat_field_in(field, (record)->layout) && \
            (field->flags & (wanted_flags)))

static void keep_moving(struct plan_record *record)
{
    FOR_FIELDS(field, record, CAT_MOVES)
        for (size_t i = 0; i < field->count; i++)
            cat_set(field, record->wanted, i,
                    cat_get(field, record->present->body, i));
}

/* A vector that waits keeps its trigger mode, or its EOI goes astray: the
 * mode was set when the interrupt arrived, which it may have done again. */
static void keep_trigger_modes(struct plan_record *record,
                               const uint8_t *from)
{
    const struct cat_field *irr = plan_field(record, "irr");
    const struct cat_field *tmr = plan_field(record, "tmr");

    for (size_t i = 0; irr && tmr && i < irr->count; i++) {
        uint64_t waits = cat_get(irr, from, i);
        uint64_t mode = (cat_get(tmr, record->wanted, i) & ~waits) |
                        (cat_get(tmr, from, i) & waits);

        cat_set(tmr, record->wanted, i, mode);
    }
}

void merge_pending(struct plan_record *record, const uint8_t *from)
{
    if (!record->layout)
        return;
    if (record->typecode == CODE_LAPIC_REGS)
        keep_trigger_modes(record, from);
    FOR_FIELDS(field, record, CAT_PENDING) {
        if (field == plan_field(record, "tmr") ||
            field == plan_field(record, "int_output"))
            continue;
        for (size_t i = 0; i < field->count; i++)
            cat_set(field, record->wanted, i,
                    cat_get(field, record->wanted, i) |
                    cat_get(field, from, i));
    }
}

/* ------------------------------------------------------------------ */
/* MTRR                                                                 */
/* ------------------------------------------------------------------ */

/* Xen 4.12 (343eb57023) and later write pair 0 in all eight places. */
#define MTRR_TELLS_ALL_BEFORE CAT_V(4, 12)

/* Memory type 2 is reserved: the loader skips such a base, and such a
 * mask. */
#define MTRR_SKIP 2

/* From the second pair on: those of another body of the same layout, or
 * values that the loader skips. */
static void from_pair_1(struct plan_record *record, const uint8_t *from)
{
    const struct cat_field *var = plan_field(record, "msr_mtrr_var");

    for (size_t i = 2; var && i < var->count; i++)
        cat_set(var, record->wanted, i,
                from ? cat_get(var, from, i) : MTRR_SKIP);
}

static bool mtrr_pairs_unknown(cat_version version)
{
    return version >= MTRR_TELLS_ALL_BEFORE;
}

void merge_mtrr_like(struct plan_record *record, const uint8_t *body)
{
    from_pair_1(record, body);
}

/* A pair that no such saver wrote, on either side, was set on purpose: a
 * restore that leaves it out must say so.  A conversion for a hypervisor
 * before 4.12 leaves 0 where a pair is not known. */
static void find_meant_pairs(const struct plan_record *record,
                             const struct plan_facts *facts,
                             domctx_report *report)
{
    const struct cat_field *var = plan_field(record, "msr_mtrr_var");
    const uint8_t *present = record->present->body;
    struct msg_at at = plan_at(record);

    at.field = "msr_mtrr_var";
    for (size_t i = 2; var && i < var->count; i++) {
        uint64_t value = cat_get(var, record->wanted, i);

        if (value == cat_get(var, record->wanted, i % 2) ||
            value == cat_get(var, present, i) || value == MTRR_SKIP ||
            (facts->converted && value == 0))
            continue;
        at.expected = (struct msg_value)HEX(cat_get(var, present, i));
        at.found = (struct msg_value)HEX(value);
        msg_raise(report, MSG_LIVE_MTRR_PAIRS, &at,
                  "MTRR pair %zu of an image of 4.12 or later is not loaded",
                  i / 2);
        return;
    }
}

/* In an image of an older saver a pair that is off was off, or a conversion
 * from 4.12 or later left it empty.  In the first case it is off now as well
 * in any guest that the image fits, so it need not be loaded; in the second
 * it must not. */
static void skip_empty_pairs(struct plan_record *record)
{
    const struct cat_field *var = plan_field(record, "msr_mtrr_var");

    for (size_t i = 2; var && i + 1 < var->count; i += 2) {
        if (cat_get(var, record->wanted, i) ||
            cat_get(var, record->wanted, i + 1))
            continue;
        cat_set(var, record->wanted, i, MTRR_SKIP);
        cat_set(var, record->wanted, i + 1, MTRR_SKIP);
    }
}

void merge_finish_mtrr(struct plan_record *record,
                       const struct plan_facts *facts)
{
    if (mtrr_pairs_unknown(record->image ? facts->image_version
                                         : facts->present_version))
        from_pair_1(record, NULL);
    else if (mtrr_pairs_unknown(facts->present_version))
        skip_empty_pairs(record);
}

/* ------------------------------------------------------------------ */
/* Records of one side, and of both                                     */
/* ------------------------------------------------------------------ */

int merge_present_only(struct plan *plan, struct plan_record *record,
                       const struct plan_facts *facts, domctx_report *report)
{
    struct msg_at at = plan_at(record);

    if (record->typecode == CODE_CPU_XSAVE)
        return merge_lost_xsave(plan, record, facts, report);
    if (record->typecode == CODE_CPU_MSR)
        return merge_msr(record, record->present, report);
    if (record->typecode == CODE_CPU)
        msg_raise(report, MSG_LIVE_VCPU_UP, &at,
                  "vCPU %u is up in the domain and down in the image",
                  record->instance);
    else
        msg_raise(report, MSG_LIVE_STAYS, &at,
                  "only the domain has this record; it stays as it is");
    if (plan_want(record, record->present->body, record->present->length,
                  facts->present_version, report) < 0)
        return -1;
    record->differs = false;
    return 0;
}

void merge_record(struct plan_record *record, const struct plan_facts *facts,
                  domctx_report *report)
{
    if (!record->layout || record->length != record->present->length)
        return;
    if (!facts->restore_time)
        keep_moving(record);
    merge_pending(record, record->present->body);
    if (record->typecode == CODE_MTRR &&
        mtrr_pairs_unknown(facts->image_version)) {
        find_meant_pairs(record, facts, report);
        merge_mtrr_like(record, record->present->body);
    }
}
