/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions and values of change.c that depend on more than the bits of one
 * field. */
#ifndef CONVERT_RULES_NAMED_H
#define CONVERT_RULES_NAMED_H

#include "rules/rules.h"

/* CPU */
bool if_fpu_unused(const struct rule_subject *subject);
bool if_has_xsave(const struct rule_subject *subject);
uint64_t value_of_xsave(const struct rule_subject *subject);

/* LAPIC */
bool if_deadline_armed(const struct rule_subject *subject);

/* MTRR: for pairs 2 to 8, if all eight are equal and the first is enabled. */
bool if_pair_repeated(const struct rule_subject *subject);

/* CPU_XSAVE */
bool if_empty(const struct rule_subject *subject);
bool if_xsave_excess(const struct rule_subject *subject);
bool if_xsave_excess_data(const struct rule_subject *subject);
bool if_xsave_short(const struct rule_subject *subject);
bool if_mask_unfit(const struct rule_subject *subject);
uint64_t value_of_accum(const struct rule_subject *subject);
bool if_component_used(const struct rule_subject *subject);
bool if_lwp_used(const struct rule_subject *subject);

/* VIRIDIAN_VCPU */
uint64_t value_of_isr(const struct rule_subject *subject);
bool if_stimer_broken(const struct rule_subject *subject);

/* VMCE_VCPU: saved on AMD, with capabilities that only Intel has. */
bool if_amd_caps(const struct rule_subject *subject);

/* Any: the record is shorter than the target's own structure, and fewer bytes
 * than that are left in the blob. */
bool if_short_near_end(const struct rule_subject *subject);

#endif /* CONVERT_RULES_NAMED_H */
