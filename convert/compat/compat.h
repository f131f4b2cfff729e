/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room compat: a context as another release saves it.
 *
 * Making of a context what another release loads, by the rules that say what
 * changed (rules/change.c).
 *
 * Fields go from layout to layout by their catalogue names; a rule says what
 * is special: other names, what is assumed, what would be lost, another
 * meaning.  The files: compat.c the whole, record.c a record with
 * fixed fields, xsave.c and msr.c the two of variable length,
 * tell.c what is reported, release.c which point release a
 * context shows.
 */
#ifndef CONVERT_COMPAT_COMPAT_H
#define CONVERT_COMPAT_COMPAT_H

#include "rules/rules.h"

/* A record of the result. */
struct compat_record {
    uint32_t typecode, instance;
    uint8_t *body;
    uint64_t length;
};

/* A conversion. */
struct compat {
    const domctx_context *from;
    struct release saver, target;
    bool allow_loss;
    bool lost;                   /* something would be */
    domctx_report *report;
    struct compat_told {
        size_t records;          /* that a rule was applied to */
        uint64_t last;           /* offset of the last of them */
    } *told;                     /* one for each rule: reported at the end */
    struct compat_record *records;
    size_t count, room;
};

/* domctx_convert_release(), and the blob as it was read: over *blob, for
 * domctx_hvm_free().  hvm may be NULL; after a failure what is there stays. */
int compat_convert(const domctx_context *context,
                   const struct domctx_release *target, unsigned int flags,
                   uint8_t **blob, size_t *size, domctx_hvm **hvm,
                   domctx_report *report);

/* A new record of the result, its body zero, after those there are; NULL
 * with the finding when memory is short. */
struct compat_record *compat_add(struct compat *job, uint32_t typecode,
                                 uint32_t instance, uint64_t length);

/* Take the last one back. */
void compat_remove_last(struct compat *job);

/* tell.c: a rule changed a record. */
void compat_applied(struct compat *job, const struct rule *rule,
                    const struct context_record *record);
/* Report the rules that were applied, one finding each. */
void compat_tell(struct compat *job);
/* Something would be lost; the subject says where.  Told with allow_loss as
 * a warning. */
void compat_lost(struct compat *job, const struct rule *rule,
                 const struct rule_subject *subject);
/* The same for a change without a rule. */
void compat_refuse(struct compat *job, enum msg_id id,
                   const struct context_record *record,
                   struct msg_value found, const char *reason);
/* All findings to the caller's report. */
void compat_forward(struct compat *job, domctx_report *report);

/* A subject for the rules. */
struct rule_subject compat_subject(const struct compat *job,
                                   const struct context_record *record);

/* The rules of a typecode and action that hold, one after the other: *i is 0
 * at first; NULL after the last. */
const struct rule *compat_rule(const struct compat *job, uint32_t typecode,
                               enum rule_action action, size_t *i);

/* Whether the target may refuse what the rule's key names, an MSR or
 * components; the saver does not matter. */
bool compat_lacks(const struct compat *job, const struct rule *rule);

/* Each 0, or -1 when memory is short; what would be lost is in job->lost. */
int compat_fixed(struct compat *job, const struct context_record *record,
                 const struct cat_layout *own);
int compat_xsave(struct compat *job, const struct context_record *record,
                 const struct cat_layout *own);
int compat_msr(struct compat *job, const struct context_record *record,
               const struct cat_layout *own);
/* A record that the target does not know. */
void compat_drop(struct compat *job, const struct context_record *record);
void compat_lose_msrs(struct compat *job,
                      const struct context_record *record);

/* The rules of RULE_SET on the record, from its bytes into body, which has
 * the layout own. */
void compat_set(struct compat *job, const struct context_record *record,
                const struct cat_layout *own, uint8_t *body);

/* The rules of the record that only say something. */
void compat_say(struct compat *job, const struct context_record *record,
                enum rule_action action);

#endif /* CONVERT_COMPAT_COMPAT_H */
