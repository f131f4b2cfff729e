/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files of xlcontext_restore(). */
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
    uint64_t callback;          /* as the guest has set it */
    unsigned int vector;        /* of the guest's upcalls; 0: not known */

    domctx_image *image;
    struct domctx_provenance provenance;
    int known;                  /* 1: the image has PROVENANCE */
    uint8_t *blob;              /* the image's legacy blob */
    size_t blob_size;
    domctx_hvm *wanted;         /* parsed; borrows blob */

    struct capture capture;     /* the present, and the rollback copy, */
    struct rollback rollback;   /* for xlcontext_hold() */
    domctx_hvm *present;        /* over capture.context */
    struct plan plan;
    uint8_t *attempt;           /* the blob that was loaded */
    size_t attempt_size;
    domctx_hvm *attempted;      /* parsed; borrows attempt */
    uint8_t *scratch;           /* buffer for reading back, capture.room
                                 * bytes */
    bool touched;               /* a load was attempted */
    bool lost;                  /* and could not be undone */
};

/* Get the facts that the planner needs about domain and host. */
int restore_facts(struct restore *job, domctx_report *report);

/* Those of them that a guest may change while it runs: in the window, too. */
int restore_ask_callback(struct restore *job, domctx_report *report);

/* Convert the image for this hypervisor, as shown by the context in
 * job->capture. */
int restore_convert(struct restore *job, domctx_report *report);

/* Fetch the context and compare it with a plan; id: the message for a
 * difference. */
int restore_read_back(struct restore *job, const struct plan *plan,
                      enum msg_id id, domctx_report *report);

/* After local APICs were loaded: give each vCPU its upcall, as that of an
 * event between fetch and load is lost. */
int restore_give_upcalls(struct restore *job, domctx_report *report);

/* Undo a failed load; sets job->lost if that fails, too. */
void restore_put_back(struct restore *job, domctx_report *report);

/* Whether an attempt failed because the domain has been destroyed: told, and
 * there is nothing to put back. */
bool restore_is_gone(struct restore *job, domctx_report *report);

/* The rollback copy as an image, for the caller's file. */
void restore_keep_copy(struct restore *job,
                       struct xlcontext_restored *restored,
                       domctx_report *report);

/* Compare the records that are never loaded, and report differences. */
void restore_compare_others(struct restore *job, domctx_report *report);

/* restore-beside.c: compare the state apart from the context, and report
 * differences. */
void restore_compare_beside(struct restore *job, domctx_report *report);

#endif /* LIBXL_PLUGIN_RESTORE_H */
