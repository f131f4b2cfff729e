/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the wanted record takes over from the present one: clocks that run
 * on, interrupts that wait, and what the saver could not tell. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

enum { CPU = 2, LAPIC_REGS = 6, MTRR = 14, CPU_XSAVE = 16, CPU_MSR = 20 };

/* Fields of the record's layout that carry all of flags. */
#define FOR_FIELDS(field, record, wanted_flags) \
    for (const struct cat_field *field = (record)->type->fields; \
         field < (record)->type->fields + (record)->type->n_fields; field++) \
        if (cat_field_in(field, (record)->layout) && \
            (field->flags & (wanted_flags)))

static const struct cat_field *field_of(const struct plan_record *record,
                                        const char *name)
{
    return record->layout ? cat_field(record->type, record->layout, name)
                          : NULL;
}

static void keep_moving(struct plan_record *record)
{
    FOR_FIELDS(field, record, CAT_MOVES)
        for (size_t i = 0; i < field->count; i++)
            cat_set(field, record->wanted, i,
                    cat_get(field, record->present->body, i));
}

/* A vector that waits keeps its trigger mode, or its EOI goes astray. */
static void keep_trigger_modes(struct plan_record *record,
                               const uint8_t *from)
{
    const struct cat_field *irr = field_of(record, "irr");
    const struct cat_field *tmr = field_of(record, "tmr");

    for (size_t i = 0; irr && tmr && i < irr->count; i++) {
        uint64_t new = cat_get(irr, from, i) &
                       ~cat_get(irr, record->wanted, i);
        uint64_t mode = (cat_get(tmr, record->wanted, i) & ~new) |
                        (cat_get(tmr, from, i) & new);

        cat_set(tmr, record->wanted, i, mode);
    }
}

void merge_pending(struct plan_record *record, const uint8_t *from)
{
    if (!record->layout)
        return;
    if (record->typecode == LAPIC_REGS)
        keep_trigger_modes(record, from);
    FOR_FIELDS(field, record, CAT_PENDING) {
        if (field == field_of(record, "tmr"))
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
    const struct cat_field *var = field_of(record, "msr_mtrr_var");

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

void merge_finish_mtrr(struct plan_record *record,
                       const struct plan_facts *facts)
{
    bool from_image = record->image &&
                      record->image->length == record->length;

    if (mtrr_pairs_unknown(from_image ? facts->image_version
                                      : facts->present_version))
        from_pair_1(record, NULL);
    else if (from_image)
        from_pair_1(record, record->image->body);
}

/* ------------------------------------------------------------------ */
/* CPU_MSR: a count, then entries of index, reserved word and value      */
/* ------------------------------------------------------------------ */

struct msr_entry {
    uint32_t index, reserved;
    uint64_t value;
};
#define MSR_HEAD 8u

static size_t msr_count(const uint8_t *body, uint64_t length)
{
    uint32_t count = 0;
    uint64_t room = length < MSR_HEAD ? 0
                    : (length - MSR_HEAD) / sizeof(struct msr_entry);

    if (length >= MSR_HEAD)
        memcpy(&count, body, sizeof(count));
    return count < room ? count : (size_t)room;
}

static struct msr_entry msr_at(const uint8_t *body, size_t i)
{
    struct msr_entry entry;

    memcpy(&entry, body + MSR_HEAD + i * sizeof(entry), sizeof(entry));
    return entry;
}

static bool msr_find(const struct domctx_record *record, uint32_t index,
                     uint64_t *value)
{
    size_t count = record ? msr_count(record->body, record->length) : 0;

    for (size_t i = 0; i < count; i++) {
        struct msr_entry entry = msr_at(record->body, i);

        if (entry.index == index) {
            *value = entry.value;
            return true;
        }
    }
    return false;
}

/* The loader merges: an MSR that the record lacks keeps its value.  So each
 * one that is present and not in the image is written as 0, which is what
 * its absence says. */
int merge_msr(struct plan_record *record, domctx_report *report)
{
    const struct domctx_record *image = record->image;
    const struct domctx_record *present = record->present;
    size_t n_present = msr_count(present->body, present->length);
    size_t n_image = image ? msr_count(image->body, image->length) : 0;
    size_t room = MSR_HEAD +
                  (n_present + n_image) * sizeof(struct msr_entry);
    uint8_t *body = calloc(1, room);
    uint32_t used = 0;
    uint64_t ignored;
    int rc;

    if (!body)
        return msg_no_memory(report, room);
    for (size_t i = 0; i < n_present; i++) {
        struct msr_entry entry = msr_at(present->body, i);

        entry.value = 0;
        msr_find(image, entry.index, &entry.value);
        memcpy(body + MSR_HEAD + used++ * sizeof(entry), &entry,
               sizeof(entry));
    }
    for (size_t i = 0; i < n_image; i++) {
        struct msr_entry entry = msr_at(image->body, i);

        if (entry.value && !msr_find(present, entry.index, &ignored))
            memcpy(body + MSR_HEAD + used++ * sizeof(entry), &entry,
                   sizeof(entry));
    }
    memcpy(body, &used, sizeof(used));
    rc = plan_want(record, body, MSR_HEAD + used * sizeof(struct msr_entry),
                   CAT_NEWEST, report);
    free(body);
    return rc;
}

bool merge_msr_equal(const struct plan_record *record,
                     const struct domctx_record *now)
{
    size_t count = msr_count(record->wanted, record->length);
    uint64_t value;

    for (size_t i = 0; i < count; i++) {
        struct msr_entry entry = msr_at(record->wanted, i);

        /* Since 4.10 the saver leaves out what is zero. */
        value = 0;
        msr_find(now, entry.index, &value);
        if (value != entry.value)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ */
/* CPU_XSAVE that only the domain has                                   */
/* ------------------------------------------------------------------ */

#define XSTATE_FP_SSE UINT64_C(3)

/* The image's vCPU had never touched XCR0: its x87 and SSE state is in the
 * CPU record, which the present XSAVE area must not override. */
int merge_reset_xsave(struct plan *plan, struct plan_record *record,
                      const struct plan_facts *facts, domctx_report *report)
{
    const struct plan_record *cpu = plan_find(plan, CPU, record->instance);
    const struct cat_field *fpu, *area, *bv, *xcr0;

    if (plan_want(record, record->present->body, record->present->length,
                  facts->present_version, report) < 0)
        return -1;
    area = field_of(record, "save_area.fpu_sse.x");
    bv = field_of(record, "save_area.xsave_hdr.xstate_bv");
    xcr0 = field_of(record, "xcr0");
    fpu = cpu && cpu->wanted ? field_of(cpu, "fpu_regs") : NULL;
    if (!fpu || !area || !bv || !xcr0)
        return 0;
    for (size_t i = 0; i < area->count; i++)
        cat_set(area, record->wanted, i, cat_get(fpu, cpu->wanted, i));
    cat_set(bv, record->wanted, 0,
            cat_get(bv, record->wanted, 0) | XSTATE_FP_SSE);
    cat_set(xcr0, record->wanted, 0, 1);
    record->differs = plan_differs(record, facts->restore_time);
    return 0;
}

static int lost_xsave(struct plan *plan, struct plan_record *record,
                      const struct plan_facts *facts, domctx_report *report)
{
    const struct cat_layout *layout =
        cat_layout(record->type, record->present->length,
                   facts->present_version);
    const struct cat_field *accum =
        layout ? cat_field(record->type, layout, "xcr0_accum") : NULL;
    uint64_t used = accum ? cat_get(accum, record->present->body, 0) : ~0ull;
    struct msg_at at = {
        .record = record->type->name, .has_instance = true,
        .instance = record->instance, .field = "xcr0_accum",
        .expected = TEXT("at most 0x3"), .found = HEX(used),
    };

    if (used <= XSTATE_FP_SSE)
        return merge_reset_xsave(plan, record, facts, report);
    msg_raise(report, MSG_LIVE_XSAVE_LOST, &at,
              "only the domain has extended processor state");
    return plan_want(record, record->present->body,
                     record->present->length, facts->present_version,
                     report);
}

int merge_present_only(struct plan *plan, struct plan_record *record,
                       const struct plan_facts *facts, domctx_report *report)
{
    struct msg_at at = {
        .record = record->type ? record->type->name : "unknown",
        .has_instance = true, .instance = record->instance,
    };

    if (record->typecode == CPU_XSAVE)
        return lost_xsave(plan, record, facts, report);
    if (record->typecode == CPU_MSR) {
        if (merge_msr(record, report) < 0)
            return -1;
        record->differs = plan_differs(record, facts->restore_time);
        return 0;
    }
    if (record->typecode == CPU)
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

int merge_record(struct plan *plan, struct plan_record *record,
                 const struct plan_facts *facts, domctx_report *report)
{
    (void)plan;
    if (record->typecode == CPU_MSR)
        return merge_msr(record, report);
    if (!record->layout || record->length != record->present->length)
        return 0;
    if (!facts->restore_time)
        keep_moving(record);
    merge_pending(record, record->present->body);
    if (record->typecode == MTRR &&
        (mtrr_pairs_unknown(facts->image_version) ||
         mtrr_pairs_unknown(facts->present_version)))
        merge_mtrr_like(record, record->present->body);
    return 0;
}
