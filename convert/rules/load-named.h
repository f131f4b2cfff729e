/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of load.c that take more than one comparison. */
#ifndef CONVERT_RULES_LOAD_NAMED_H
#define CONVERT_RULES_LOAD_NAMED_H

#include "rules/rules.h"

/* Element 0 of another field of the record; 0 if the record lacks it. */
uint64_t load_field(const struct rule_subject *subject, const char *name);

/* CPU */
bool load_bad_cr0(const struct rule_subject *subject);
bool load_lma_without_lme(const struct rule_subject *subject);
bool load_lma_inconsistent(const struct rule_subject *subject);
bool load_folded_attributes(const struct rule_subject *subject);
bool load_bad_event(const struct rule_subject *subject);
bool load_event_of_vmx(const struct rule_subject *subject);
bool load_bad_error_code(const struct rule_subject *subject);
bool load_event_dropped(const struct rule_subject *subject);
bool load_not_canonical(const struct rule_subject *subject);
bool load_msr_flag_missing(const struct rule_subject *subject);
bool load_fpu_all_zero(const struct rule_subject *subject);
bool load_fpu_of_xsave(const struct rule_subject *subject);

/* CPU: what a processor does not enter the guest with */
bool entry_no_write_through(const struct rule_subject *subject);
bool entry_long_without_pae(const struct rule_subject *subject);
bool entry_pcid_outside_long(const struct rule_subject *subject);
bool entry_wide_cr3(const struct rule_subject *subject);
bool entry_bad_rip(const struct rule_subject *subject);
bool entry_lost_rip(const struct rule_subject *subject);
bool entry_bad_rflags(const struct rule_subject *subject);
bool entry_vm86_in_long(const struct rule_subject *subject);
bool entry_no_address(const struct rule_subject *subject);
bool entry_wide_debug(const struct rule_subject *subject);
bool entry_no_exception(const struct rule_subject *subject);
bool entry_nmi_as_exception(const struct rule_subject *subject);
bool entry_nmi_vector(const struct rule_subject *subject);
bool entry_masked_interrupt(const struct rule_subject *subject);

/* CPU, for rows about a field of a segment, as "cs_base" */
bool entry_code_of_two_sizes(const struct rule_subject *subject);
bool entry_no_code(const struct rule_subject *subject);
bool entry_other_level(const struct rule_subject *subject);
bool entry_no_stack(const struct rule_subject *subject);
bool entry_no_data(const struct rule_subject *subject);
bool entry_no_task(const struct rule_subject *subject);
bool entry_no_table(const struct rule_subject *subject);
bool entry_wide_base(const struct rule_subject *subject);
bool entry_base_no_address(const struct rule_subject *subject);
bool entry_limit_in_page(const struct rule_subject *subject);

/* Devices */
bool load_wrong_pic_role(const struct rule_subject *subject);
bool load_pic_output_in_init(const struct rule_subject *subject);
bool load_bad_elcr(const struct rule_subject *subject);
bool load_gate_closed(const struct rule_subject *subject);
bool load_ldr_of_old_xen(const struct rule_subject *subject);
bool load_ldr_bogus(const struct rule_subject *subject);
bool load_hpet_route(const struct rule_subject *subject);
bool load_stimer_divides(const struct rule_subject *subject);
bool load_stimer_disabled(const struct rule_subject *subject);

/* Viridian pages: for rows about reference_tsc or simp_msr */
bool load_page_unmapped(const struct rule_subject *subject);
bool load_stimer_without_page(const struct rule_subject *subject);

/* MTRR */
bool load_mtrr_count(const struct rule_subject *subject);
bool load_bad_memory_types(const struct rule_subject *subject);
bool load_bad_mtrr_type(const struct rule_subject *subject);
bool load_bad_variable(const struct rule_subject *subject);
bool load_pairs_repeated(const struct rule_subject *subject);

/* CPU_XSAVE */
bool load_xstate_outside(const struct rule_subject *subject);
bool load_bad_xcr0(const struct rule_subject *subject);
bool load_bad_xcr0_avx(const struct rule_subject *subject);
bool load_half_tile(const struct rule_subject *subject);
bool load_mask_too_small(const struct rule_subject *subject);
bool load_xsave_under_600(const struct rule_subject *subject);
bool load_xsave_over_600(const struct rule_subject *subject);
bool load_xsave_short(const struct rule_subject *subject);
bool load_xsave_long(const struct rule_subject *subject);
bool load_xsave_excess(const struct rule_subject *subject);
bool load_xsave_trimmed(const struct rule_subject *subject);
bool load_xsave_by_processor(const struct rule_subject *subject);

/* CPU_MSR: for rows about msr[].index or msr[].val */
bool load_msr_under_24(const struct rule_subject *subject);
bool load_msr_count(const struct rule_subject *subject);
bool load_msr_unknown(const struct rule_subject *subject);
bool load_msr_32_bits(const struct rule_subject *subject);
bool load_bad_bndcfgs(const struct rule_subject *subject);
bool load_bndcfgs_before_xsave(const struct rule_subject *subject);
bool load_msr_bits(const struct rule_subject *subject);

#endif /* CONVERT_RULES_LOAD_NAMED_H */
