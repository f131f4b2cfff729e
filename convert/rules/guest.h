/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a restore checks beside the context: configuration, policies, other
 * records and parameters of the stream, in the order in which it reads them.
 */
#ifndef CONVERT_RULES_GUEST_H
#define CONVERT_RULES_GUEST_H

#include "rules/rules.h"

/* What a rule is applied to.  A condition that holds fills in where (at) and
 * with which values (found, expected). */
struct guest_rule;
struct guest_subject {
    const struct guest_rule *rule;
    const struct domctx_domain *domain;
    const domctx_context *context;
    struct release target;
    const struct domctx_host *host;
    struct msg_at at;
    char found[160];              /* for at.found */
    char expected[32];            /* for at.expected, if the rule has it */
};

struct guest_rule {
    enum msg_id id;
    bool (*met)(struct guest_subject *subject);
    uint64_t key;                 /* a parameter of the condition, if it
                                   * takes one */
    bool of_image;                /* also applies to an image, which has the
                                   * same records */
    uint16_t typecode;            /* the record of the context at which the
                                   * restore stops; 0: before the context */
    struct since since, until;
    struct rule_outcome outcome;  /* the log is the toolstack's */
    const char *needs;            /* what the host must have, a word for the
                                   * headline; NULL: nothing that is the same
                                   * for each guest */
    const char *reason;           /* one sentence, for a reader */
    const char *source;
};
extern const struct guest_rule rules_guest[];
extern const size_t n_rules_guest;

bool guest_rule_holds(const struct guest_rule *rule, struct release target);

/* The leaf of the policy that Xen uses, the last if there are several; NULL:
 * none. */
const struct domctx_cpuid_leaf *guest_leaf(const struct domctx_domain *domain,
                                           uint32_t leaf, uint32_t subleaf);

/* For conditions: set subject->at to a record of the stream. */
void guest_at_record(struct guest_subject *subject, const char *record,
                     const struct domctx_record_place *place);

/* For conditions: set subject->at to an MSR of the policy. */
void guest_at_msr(struct guest_subject *subject,
                  const struct domctx_policy_msr *msr);

/* Whether EAX of the leaf is above most; if so, sets subject->at. */
bool guest_leaf_above(struct guest_subject *subject, uint32_t leaf,
                      uint32_t subleaf, uint32_t most);

/* The number of vCPUs that the domain is created with; 0: not known. */
uint32_t guest_vcpus_of(const struct domctx_domain *domain);

/* Conditions: guest-config.c, guest-policy.c, guest-params.c, guest-host.c. */
bool guest_traditional(struct guest_subject *subject);
bool guest_untyped(struct guest_subject *subject);
bool guest_rombios(struct guest_subject *subject);
bool guest_default_rombios(struct guest_subject *subject);
bool guest_traditional_bios(struct guest_subject *subject);
bool guest_passthrough_off(struct guest_subject *subject);
bool guest_unread(struct guest_subject *subject);
bool guest_pvrdtscp(struct guest_subject *subject);
bool guest_odd_word(struct guest_subject *subject);
bool guest_odd_behind(struct guest_subject *subject);
bool guest_odd_device(struct guest_subject *subject);
bool guest_odd_text(struct guest_subject *subject);
bool guest_is_pvh(struct guest_subject *subject);
bool guest_many_vcpus(struct guest_subject *subject);
bool guest_nested_without_hap(struct guest_subject *subject);
bool guest_is_nested(struct guest_subject *subject);
bool guest_is_altp2m(struct guest_subject *subject);
bool guest_altp2m_nested(struct guest_subject *subject);
bool guest_altp2m_without_hap(struct guest_subject *subject);
bool guest_may_nest(struct guest_subject *subject);
bool guest_host_no_hvm(struct guest_subject *subject);
bool guest_host_no_hap(struct guest_subject *subject);
bool guest_host_no_shadow(struct guest_subject *subject);
bool guest_host_no_nested(struct guest_subject *subject);
bool guest_host_leaves(struct guest_subject *subject);
bool guest_host_subleaves(struct guest_subject *subject);
bool guest_host_extended(struct guest_subject *subject);
bool guest_host_msr(struct guest_subject *subject);
bool guest_leaf_count(struct guest_subject *subject);
bool guest_leaf_count_newer(struct guest_subject *subject);
bool guest_leaf_place(struct guest_subject *subject);
bool guest_leaf_newer(struct guest_subject *subject);
bool guest_msr_count(struct guest_subject *subject);
bool guest_msr_count_newer(struct guest_subject *subject);
bool guest_msr_flags(struct guest_subject *subject);
bool guest_msr_unknown(struct guest_subject *subject);
bool guest_msr_wide(struct guest_subject *subject);
bool guest_msr_bits(struct guest_subject *subject);
bool guest_max_leaf(struct guest_subject *subject);
bool guest_max_subleaf(struct guest_subject *subject);
bool guest_max_subleaf_newer(struct guest_subject *subject);
bool guest_max_extended(struct guest_subject *subject);
bool guest_max_extended_newer(struct guest_subject *subject);
bool guest_has_subleaves(struct guest_subject *subject);
bool guest_other_vendor(struct guest_subject *subject);
bool guest_some_vendor(struct guest_subject *subject);
bool guest_no_vendor(struct guest_subject *subject);
bool guest_tsc_mode(struct guest_subject *subject);
bool guest_param_index(struct guest_subject *subject);
bool guest_param_key(struct guest_subject *subject);
bool guest_param_obsolete(struct guest_subject *subject);
bool guest_param_value(struct guest_subject *subject);
bool guest_param_again(struct guest_subject *subject);
bool guest_param_pvh(struct guest_subject *subject);
bool guest_lmce_on_amd(struct guest_subject *subject);
bool guest_has_lmce(struct guest_subject *subject);
bool guest_viridian_bits(struct guest_subject *subject);
bool guest_viridian_preset(struct guest_subject *subject);
bool guest_viridian_missing(struct guest_subject *subject);
bool guest_viridian_group(struct guest_subject *subject);
bool guest_no_faulting(struct guest_subject *subject);

#endif /* CONVERT_RULES_GUEST_H */
