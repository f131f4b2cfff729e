/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What to load into a live domain, and what must not be.
 *
 * A plan is made of bytes alone: the context to be restored, the present
 * one, and some facts about the domain.  It knows no hypercall, so that every
 * rule can be tested without a hypervisor.
 */
#ifndef LIBXL_PLUGIN_PLAN_H
#define LIBXL_PLUGIN_PLAN_H

#include "catalogue/catalogue.h"
#include "base/messages.h"

/* How the guest gets its event-channel upcall: HVM_PARAM_CALLBACK_IRQ. */
enum plan_callback { PLAN_CALLBACK_VECTOR, PLAN_CALLBACK_LINE };

struct plan_facts {
    cat_version image_version;   /* of the saver of the image */
    bool converted;              /* but the layouts are the present ones */
    cat_version present_version; /* of the running hypervisor */
    bool never_run;              /* since the domain was built */
    enum plan_callback callback;
    bool upcalls_given;          /* each vCPU gets its upcall after a load of
                                  * local APICs, so that none is lost */
    bool amd;                    /* vendor of the host's processor */
    bool restore_time;           /* clocks from the image */

    /* Whether the page that holds cr3 is the guest's RAM; NULL under
     * hardware paging, where the question does not arise. */
    bool (*is_ram)(void *arg, uint64_t cr3);
    void *arg;
};

/* One record of either context. */
struct plan_record {
    uint32_t typecode, instance;
    const struct cat_record *type;
    const struct cat_layout *layout;   /* of wanted */
    const struct domctx_record *image, *present;   /* NULL: has none */
    uint8_t *wanted;          /* what the domain shall have; NULL: as is */
    uint32_t length;
    bool differs;             /* wanted is not what is present */
    bool load;
};

struct plan {
    struct plan_record *records;   /* in the saver's order */
    size_t count;
    cat_version version;           /* of the hypervisor that loads it */
    size_t n_load;
    bool crashes;                  /* refused, forced or not */
    bool interrupts;               /* loads interrupt state, */
    bool lapics;                   /* that of local APICs */
};

/*
 * Make the plan.  Findings of DOMCTX_ERROR say why it should not be carried
 * out; the plan is complete all the same, for a caller who was told to force
 * it, unless plan->crashes.
 *
 * Returns -1 only when memory is short.  image and present must outlive the
 * plan, which is freed with plan_free().
 */
int plan_make(struct plan *plan, const domctx_hvm *image,
              const domctx_hvm *present, const struct plan_facts *facts,
              domctx_report *report);

/* The plan that puts was back after an attempt (the blob that was loaded)
 * failed: every CPU record with its group, and every record that the attempt
 * contained, with what is pending in now (NULL: could not be fetched). */
int plan_rollback(struct plan *plan, const domctx_hvm *attempt,
                  const domctx_hvm *was, const domctx_hvm *now,
                  const struct plan_facts *facts, domctx_report *report);

/* Free what a plan holds. */
void plan_free(struct plan *plan);

/* The legacy blob that loads the plan, malloc'ed. */
int plan_blob(const struct plan *plan, const domctx_hvm *present,
              uint8_t **blob, size_t *size, domctx_report *report);

/* The same with every record as the domain shall have it, loaded or not. */
int plan_whole_blob(const struct plan *plan, const domctx_hvm *present,
                    uint8_t **blob, size_t *size, domctx_report *report);

/* Compare what was read back with the plan.  Every difference that is not a
 * field moving by itself is a finding. */
int plan_verify(const struct plan *plan, const domctx_hvm *now,
                enum msg_id id, domctx_report *report);

/* ------------------------------------------------------------------ */
/* Shared by the files of the planner                                   */
/* ------------------------------------------------------------------ */

/* The record, for a finding about it. */
static inline struct msg_at plan_at(const struct plan_record *record)
{
    return (struct msg_at){
        .record = record->type ? record->type->name : "unknown",
        .has_instance = true, .instance = record->instance,
    };
}

/* The field of that name in the layout of the record, or NULL. */
static inline const struct cat_field *plan_field(
    const struct plan_record *record, const char *name)
{
    return record->layout ? cat_field(record->type, record->layout, name)
                          : NULL;
}

/* Lay the union of both contexts out as records, in the saver's order. */
int plan_lay(struct plan *plan, const domctx_hvm *image,
             const domctx_hvm *present, cat_version version,
             domctx_report *report);

struct plan_record *plan_find(const struct plan *plan, uint32_t typecode,
                              uint32_t instance);

/* Give a record its wanted bytes, copied. */
int plan_want(struct plan_record *record, const uint8_t *body,
              uint64_t length, cat_version version, domctx_report *report);

/* Whether a hypervisor that loads wanted will show another record than the
 * present one. */
bool plan_differs(const struct plan *plan, const struct plan_record *record,
                  bool restore_time);

/* Mark what must be loaded together. */
void plan_close_groups(struct plan *plan);

/* merge.c: what wanted takes over from the present context. */
void merge_record(struct plan_record *record, const struct plan_facts *facts,
                  domctx_report *report);
int merge_present_only(struct plan *plan, struct plan_record *record,
                       const struct plan_facts *facts,
                       domctx_report *report);
/* Or the pending interrupts of from into record's wanted (but not the PICs'
 * lines, which follow from them). */
void merge_pending(struct plan_record *record, const uint8_t *from);
/* Take MTRR pairs 1 to 7 from another body, so that what a saver of 4.12
 * and later cannot tell does not count in a comparison. */
void merge_mtrr_like(struct plan_record *record, const uint8_t *body);
/* Before loading: make the loader skip those pairs. */
void merge_finish_mtrr(struct plan_record *record,
                       const struct plan_facts *facts);

/* merge-pic.c: work the INT lines of both PICs out. */
void merge_pic_lines(struct plan *plan);
/* Whether a PIC differs from the present one in more than its line, which it
 * is given. */
bool merge_pic_differs(const struct plan *plan, struct plan_record *pic);

/* merge-msr.c: wanted and differs: the image's MSRs, and 0 for each one that
 * only now has.  No wanted where there is nothing to write.  Either may be
 * NULL. */
int merge_msr(struct plan_record *record, const struct domctx_record *now,
              domctx_report *report);
/* 1 when now (which may be NULL) has the MSRs of wanted and no other, 0 when
 * not, -1 when memory is short. */
int merge_msr_equal(const struct plan_record *record,
                    const struct domctx_record *now);

/* merge-xsave.c: wanted: the area of now with the x87 and SSE state of the
 * CPU record; with reset nothing else, and XCR0 as after a reset. */
int merge_reset_xsave(struct plan *plan, struct plan_record *record,
                      const struct domctx_record *now, bool reset,
                      const struct plan_facts *facts, domctx_report *report);
/* A CPU_XSAVE that only the domain has. */
int merge_lost_xsave(struct plan *plan, struct plan_record *record,
                     const struct plan_facts *facts, domctx_report *report);

/* loaded.c: cat_differs() for the wanted body and one of the same length that
 * was seen, both as the plan's hypervisor leaves them after a load.  before:
 * the body from before the load, NULL when there was none. */
const struct cat_field *loaded_differs(const struct plan *plan,
                                       const struct plan_record *record,
                                       const uint8_t *seen,
                                       const uint8_t *before,
                                       unsigned int ignore, size_t *index);

/* crash-rules.c: values that the loader refuses, or that crash the domain or
 * the host, in the records that are not as they are.  -1: memory is short. */
int judge_records(struct plan *plan, const domctx_hvm *present,
                  const struct plan_facts *facts, domctx_report *report);
/* A CPU record without the interrupt that the vCPU is just taking. */
void judge_lost_event(struct plan *plan, const struct plan_record *record,
                      domctx_report *report);

#endif /* LIBXL_PLUGIN_PLAN_H */
