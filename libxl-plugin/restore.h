/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of xlcontext_restore() share. */
#ifndef LIBXL_PLUGIN_RESTORE_H
#define LIBXL_PLUGIN_RESTORE_H

#include "plan.h"
#include "save.h"

/* One restore. */
struct restore {
    xlcontext *xlc;
    unsigned int flags;
    struct domain domain;
    struct plan_facts facts;
    struct origin origin;       /* of the rollback copy */
    unsigned int vector;        /* of the guest's upcalls; 0: not known */

    domctx_image *image;
    struct domctx_provenance provenance;
    int known;                  /* 1: provenance is there */
    uint8_t *blob;              /* the image's legacy blob */
    size_t blob_size;
    domctx_hvm *wanted;         /* over blob */

    struct capture capture;     /* the present, and the rollback copy, */
    struct rollback rollback;   /* for xlcontext_hold() */
    domctx_hvm *present;        /* over capture.context */
    struct plan plan;
    uint8_t *attempt;           /* what was handed to the hypervisor */
    size_t attempt_size;
    domctx_hvm *attempted;      /* over attempt */
    uint8_t *scratch;           /* for reading back, capture.room bytes */
    bool was_paused;            /* before our pause */
    bool touched;               /* a load was tried */
    bool lost;                  /* and could not be undone */
};

/* Fetch what the planner must know about the domain and the host. */
int restore_facts(struct restore *job, domctx_report *report);

/* Make of the image what this hypervisor loads, which the context in
 * job->capture shows. */
int restore_convert(struct restore *job, domctx_report *report);

/* Fetch the context and hold it against a plan; id is the message for a
 * difference. */
int restore_read_back(struct restore *job, const struct plan *plan,
                      enum msg_id id, domctx_report *report);

/* After a load of local APICs: each vCPU gets its upcall, for that of an event
 * which came between fetching and loading is lost. */
int restore_give_upcalls(struct restore *job, domctx_report *report);

/* Undo an attempt; sets job->lost when that fails. */
void restore_put_back(struct restore *job, domctx_report *report);

/* Whether an attempt failed because the domain has been destroyed: told, and
 * there is nothing to put back. */
bool restore_is_gone(struct restore *job, domctx_report *report);

/* The rollback copy as an image, for the caller's file. */
void restore_keep_copy(struct restore *job,
                       struct xlcontext_restored *restored,
                       domctx_report *report);

/* Compare what is never written, and say where it differs. */
void restore_compare_others(struct restore *job, domctx_report *report);

/* restore-beside.c: the same for what is beside the context. */
void restore_compare_beside(struct restore *job, domctx_report *report);

#endif /* LIBXL_PLUGIN_RESTORE_H */
