/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What changed between releases, in the order of the typecodes, each change
 * with what follows for a context that crosses it upwards and downwards.
 */
#include "rules.h"

/* A change of x.y that reached no stable branch; one that did. */
#define SINCE(x, y) { { RELEASE(x, y, 0) } }
#define SINCE_EACH(...) { { __VA_ARGS__ } }

/* Rows about one change share when it came and where that is from. */
#define CHANGE(since_, source_) .since = since_, .source = source_

/* A field that came: upwards it is filled, downwards it goes unless lost. */
#define FIELD_GROWS(code, field_, id_, value_, change, reason_) \
    { .id = id_, .typecode = CODE_##code, .direction = RULE_UP, \
      .action = RULE_GROW, .field = (field_), .value = (value_), change, \
      .reason = reason_ }
#define FIELD_GOES(code, field_, id_, lost, change, reason_) \
    { .id = id_, .typecode = CODE_##code, .direction = RULE_DOWN, \
      .action = RULE_SHRINK, .field = (field_), .cond = lost, change, \
      .reason = reason_ }

/* --- LAPIC ---------------------------------------------------------------- */

#define LAPIC_TDT CHANGE(SINCE(4, 1), "464242cd1646, 4.1")
#define LAPIC_ESR \
    CHANGE(SINCE_EACH(RELEASE(4, 18, 5), RELEASE(4, 19, 2), \
                      RELEASE(4, 20, 1), RELEASE(4, 21, 0)), \
           "b28b590d4a23, 4.21; 4.18.5, 4.19.2, 4.20.1")

const struct rule rules_change[] = {
    FIELD_GROWS(LAPIC, "tdt_msr", MSG_LAPIC_TDT_ASSUMED, 0, LAPIC_TDT,
                "no deadline is armed: the timer had no such mode"),
    FIELD_GOES(LAPIC, "tdt_msr", MSG_LAPIC_TDT_LOST, IF_NONZERO, LAPIC_TDT,
               "a TSC deadline that is armed would never come"),
    FIELD_GROWS(LAPIC, "pending_esr", MSG_LAPIC_ESR_ASSUMED, 0, LAPIC_ESR,
                "no error waits: none was kept apart from esr"),
    FIELD_GOES(LAPIC, "pending_esr", MSG_LAPIC_ESR_LOST, IF_NONZERO,
               LAPIC_ESR,
               "errors that the guest has not yet fetched would be gone"),
};
const size_t n_rules_change = sizeof(rules_change) / sizeof(rules_change[0]);
