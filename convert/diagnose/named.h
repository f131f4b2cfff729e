/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of patterns.c that look at more than one field. */
#ifndef CONVERT_DIAGNOSE_NAMED_H
#define CONVERT_DIAGNOSE_NAMED_H

#include "rules/rules.h"

/* CPU */
bool diag_tsc_apart(const struct rule_subject *subject);
bool diag_cannot_run(const struct rule_subject *subject);
bool diag_in_firmware(const struct rule_subject *subject);

/* LAPIC and LAPIC_REGS */
bool diag_left_enabled(const struct rule_subject *subject);
bool diag_in_service(const struct rule_subject *subject);
bool diag_tpr_holds(const struct rule_subject *subject);
bool diag_deadline_past(const struct rule_subject *subject);
bool diag_id_twice(const struct rule_subject *subject);
bool diag_ldr_not_id(const struct rule_subject *subject);

/* Devices */
bool diag_remote_irr(const struct rule_subject *subject);
bool diag_to_nobody(const struct rule_subject *subject);
bool diag_output_unheard(const struct rule_subject *subject);
bool diag_line_unheard(const struct rule_subject *subject);
bool diag_hpet_far(const struct rule_subject *subject);

/* EVTCHN and GRANT_TABLE */
bool diag_channel_closed(const struct rule_subject *subject);
bool diag_ports_used_up(const struct rule_subject *subject);
bool diag_grants_used_up(const struct rule_subject *subject);

/* SHARED_INFO */
bool diag_event_waits(const struct rule_subject *subject);

#endif /* CONVERT_DIAGNOSE_NAMED_H */
