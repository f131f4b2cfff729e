/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room compat: a context as another release saves it.
 *
 * The rules of rules/change.c say what changed between the two releases.
 *
 * Fields are copied from layout to layout by their catalogue names.  A rule
 * states each exception: a renamed field, a value that the loader assumes, a
 * loss, a changed meaning.  compat.c has the whole conversion, record.c
 * records of fixed length, xsave.c and msr.c those of variable length, tell.c
 * the findings, release.c the search for the point release that a context
 * shows.
 */
#ifndef CONVERT_COMPAT_COMPAT_H
#define CONVERT_COMPAT_COMPAT_H

#include "rules/rules.h"

/* One record of the converted context. */
struct compat_record {
    uint32_t typecode, instance;
    uint8_t *body;
    uint64_t length;
};

/* One conversion. */
struct compat {
    const domctx_context *from;
    struct release saver, target;
    bool allow_loss;
    bool lost;                   /* something would be lost */
    domctx_report *report;
    struct compat_told {
        size_t records;          /* how many a rule was applied to */
        uint64_t last;           /* offset of the last such record */
    } *told;                     /* by rule; reported at the end */
    struct compat_record *records;
    size_t count, room;
};

/* domctx_convert_release() that also hands over the parsed result in *hvm, for
 * domctx_hvm_free(); it borrows *blob.  hvm may be NULL; on failure *hvm is
 * unchanged. */
int compat_convert(const domctx_context *context,
                   const struct domctx_release *target, unsigned int flags,
                   uint8_t **blob, size_t *size, domctx_hvm **hvm,
                   domctx_report *report);

/* Append a record with a zeroed body to the result; NULL, with a finding, when
 * memory is short. */
struct compat_record *compat_add(struct compat *job, uint32_t typecode,
                                 uint32_t instance, uint64_t length);

/* Remove the record that was appended last. */
void compat_remove_last(struct compat *job);

/* Count that a rule changed a record (tell.c). */
void compat_applied(struct compat *job, const struct rule *rule,
                    const struct context_record *record);
/* Report the applied rules, one finding each. */
void compat_tell(struct compat *job);
/* Report that the value in subject would be lost, as an error, or as a warning
 * under allow_loss. */
void compat_lost(struct compat *job, const struct rule *rule,
                 const struct rule_subject *subject);
/* Report a loss that no rule describes. */
void compat_refuse(struct compat *job, enum msg_id id,
                   const struct context_record *record,
                   struct msg_value found, const char *reason);
/* Move all findings to the caller's report. */
void compat_forward(struct compat *job, domctx_report *report);

/* Make the subject that a rule's condition is asked about. */
struct rule_subject compat_subject(const struct compat *job,
                                   const struct context_record *record);

/* Iterate over the rules of a typecode and action that apply between the two
 * releases: *i starts at 0; NULL after the last. */
const struct rule *compat_rule(const struct compat *job, uint32_t typecode,
                               enum rule_action action, size_t *i);

/* Whether the target may refuse the MSR or the components in the rule's key;
 * the saver does not matter. */
bool compat_lacks(const struct compat *job, const struct rule *rule);

/* Convert one record: 0, or -1 when memory is short.  A loss sets
 * job->lost. */
int compat_fixed(struct compat *job, const struct context_record *record,
                 const struct cat_layout *own);
int compat_xsave(struct compat *job, const struct context_record *record,
                 const struct cat_layout *own);
int compat_msr(struct compat *job, const struct context_record *record,
               const struct cat_layout *own);
/* Leave out a record that the target does not know. */
void compat_drop(struct compat *job, const struct context_record *record);
void compat_lose_msrs(struct compat *job,
                      const struct context_record *record);

/* Apply the RULE_SET rules to body, which has the layout own. */
void compat_set(struct compat *job, const struct context_record *record,
                const struct cat_layout *own, uint8_t *body);

/* Count the rules of the record that report something but change nothing. */
void compat_say(struct compat *job, const struct context_record *record,
                enum rule_action action);

#endif /* CONVERT_COMPAT_COMPAT_H */
