/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Planning which records to load into a live domain, and which must not be
 * loaded.
 *
 * A plan is made from bytes only: the context to be restored, the present one,
 * and some facts about the domain.  It makes no hypercall, so that every rule
 * can be tested without a hypervisor.
 */
#ifndef LIBXL_PLUGIN_PLAN_H
#define LIBXL_PLUGIN_PLAN_H

#include "catalogue/catalogue.h"
#include "base/messages.h"

/* How the guest receives its event-channel upcall: HVM_PARAM_CALLBACK_IRQ. */
enum plan_callback { PLAN_CALLBACK_VECTOR, PLAN_CALLBACK_LINE };

struct plan_facts {
    cat_version image_version;   /* of the image's saver */
    bool converted;              /* it was converted: the layouts are the
                                  * present ones */
    cat_version present_version; /* of the running hypervisor */
    bool never_run;              /* since the domain was built */
    enum plan_callback callback;
    bool upcalls_kept;           /* none is lost when local APICs are loaded:
                                  * given afterwards, or not theirs */
    bool amd;                    /* vendor of the host's processor */
    bool restore_time;           /* clocks from the image */

    /* Whether the page at cr3 is the guest's RAM.  NULL under hardware
     * assisted paging, which does not check. */
    bool (*is_ram)(void *arg, uint64_t cr3);
    void *arg;
};

/* A record of either context. */
struct plan_record {
    uint32_t typecode, instance;
    const struct cat_record *type;
    const struct cat_layout *layout;   /* of wanted */
    const struct domctx_record *image, *present;   /* NULL: not in that
                                                    * context */
    uint8_t *wanted;          /* the body that the domain shall have; NULL: no
                               * change */
    uint32_t length;
    bool differs;             /* wanted differs from the present body */
    bool load;
};

struct plan {
    struct plan_record *records;   /* in the saver's order */
    size_t count;
    cat_version version;           /* of the hypervisor that loads it */
    size_t n_load;
    bool crashes;                  /* must not be loaded, not even with
                                    * force */
    bool interrupts;               /* interrupt state is loaded */
    bool lapics;                   /* state of local APICs is loaded */
};

/*
 * Make the plan.  Findings of DOMCTX_ERROR say why it should not be loaded;
 * the plan is complete nevertheless, for a caller that is told to force it,
 * unless plan->crashes.
 *
 * Returns -1 only when memory is short.  image and present must outlive the
 * plan, which plan_free() frees.
 */
int plan_make(struct plan *plan, const domctx_hvm *image,
              const domctx_hvm *present, const struct plan_facts *facts,
              domctx_report *report);

/* Make the plan that restores was after a failed load of attempt: every CPU
 * record with its group, and every record in attempt, with the interrupts that
 * are pending in now (NULL: now could not be fetched). */
int plan_rollback(struct plan *plan, const domctx_hvm *attempt,
                  const domctx_hvm *was, const domctx_hvm *now,
                  const struct plan_facts *facts, domctx_report *report);

/* Free what a plan owns. */
void plan_free(struct plan *plan);

/* The legacy blob to load for the plan, malloc'ed. */
int plan_blob(const struct plan *plan, const domctx_hvm *present,
              uint8_t **blob, size_t *size, domctx_report *report);

/* The legacy blob with every record as the domain shall have it, loaded or
 * not. */
int plan_whole_blob(const struct plan *plan, const domctx_hvm *present,
                    uint8_t **blob, size_t *size, domctx_report *report);

/* Compare the context that was read back with the plan.  Every difference is a
 * finding, except in fields that change by themselves. */
int plan_verify(const struct plan *plan, const domctx_hvm *now,
                enum msg_id id, domctx_report *report);

/* ------------------------------------------------------------------ */
/* Shared by the files of the planner                                   */
/* ------------------------------------------------------------------ */

/* The place of a finding about the record. */
static inline struct msg_at plan_at(const struct plan_record *record)
{
    return (struct msg_at){
        .record = record->type ? record->type->name : "unknown",
        .has_instance = true, .instance = record->instance,
    };
}

/* The field of that name in the record's layout, or NULL. */
static inline const struct cat_field *plan_field(
    const struct plan_record *record, const char *name)
{
    return record->layout ? cat_field(record->type, record->layout, name)
                          : NULL;
}

/* List the records of both contexts in the saver's order. */
int plan_lay(struct plan *plan, const domctx_hvm *image,
             const domctx_hvm *present, cat_version version,
             domctx_report *report);

struct plan_record *plan_find(const struct plan *plan, uint32_t typecode,
                              uint32_t instance);

/* Set a record's wanted bytes to a copy of body. */
int plan_want(struct plan_record *record, const uint8_t *body,
              uint64_t length, cat_version version, domctx_report *report);

/* Whether loading wanted would make the hypervisor show another record than
 * the present one. */
bool plan_differs(const struct plan *plan, const struct plan_record *record,
                  bool restore_time);

/* Mark records that must be loaded together with others. */
void plan_close_groups(struct plan *plan);

/* merge.c: take over from the present context what wanted must keep. */
void merge_record(struct plan_record *record, const struct plan_facts *facts,
                  domctx_report *report);
int merge_present_only(struct plan *plan, struct plan_record *record,
                       const struct plan_facts *facts,
                       domctx_report *report);
/* OR the pending interrupts in from into wanted, except for the PICs' INT
 * lines, which follow from them. */
void merge_pending(struct plan_record *record, const uint8_t *from);
/* Copy MTRR pairs 1 to 7 from another body, as savers since 4.12 do not store
 * them: they do not count in a comparison. */
void merge_mtrr_like(struct plan_record *record, const uint8_t *body);
/* Before loading: make the loader skip these pairs. */
void merge_finish_mtrr(struct plan_record *record,
                       const struct plan_facts *facts);

/* merge-pic.c: compute the INT lines of both PICs. */
void merge_pic_lines(struct plan *plan);
/* Whether a PIC differs from the present one in more than its INT line, which
 * is copied. */
bool merge_pic_differs(const struct plan *plan, struct plan_record *pic);

/* merge-msr.c: set wanted and differs: the image's MSRs, and 0 for each one
 * that only now has.  No wanted if there is nothing to write.  Either may be
 * NULL. */
int merge_msr(struct plan_record *record, const struct domctx_record *now,
              domctx_report *report);
/* Whether now (which may be NULL) has exactly the MSRs of wanted: 1 or 0; -1
 * when memory is short. */
int merge_msr_equal(const struct plan_record *record,
                    const struct domctx_record *now);

/* merge-xsave.c: make wanted from now's area and the CPU record's x87 and SSE
 * state; with reset, all else and XCR0 as after a reset. */
int merge_reset_xsave(struct plan *plan, struct plan_record *record,
                      const struct domctx_record *now, bool reset,
                      const struct plan_facts *facts, domctx_report *report);
/* Handle a CPU_XSAVE that only the domain has. */
int merge_lost_xsave(struct plan *plan, struct plan_record *record,
                     const struct plan_facts *facts, domctx_report *report);

/* loaded.c: cat_differs() for the wanted body and one of equal length that was
 * read back, after applying to both what the hypervisor changes at a load.
 * before: the body before the load, NULL if there was none. */
const struct cat_field *loaded_differs(const struct plan *plan,
                                       const struct plan_record *record,
                                       const uint8_t *seen,
                                       const uint8_t *before,
                                       unsigned int ignore, size_t *index);

/* crash-rules.c: report values that the loader refuses, or that crash the
 * domain or the host, in records that would be changed.  -1: memory is
 * short. */
int judge_records(struct plan *plan, const domctx_hvm *present,
                  const struct plan_facts *facts, domctx_report *report);
/* Report a CPU record that lacks the interrupt being delivered to the vCPU. */
void judge_lost_event(struct plan *plan, const struct plan_record *record,
                      domctx_report *report);

#endif /* LIBXL_PLUGIN_PLAN_H */
