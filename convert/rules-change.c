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

/* A field that came, with what the catalogue says is assumed without it:
 * upwards it is filled, downwards it goes unless lost. */
#define FIELD_CAME(code, field_, change, up_id, up_reason, \
                   down_id, down_reason, lost) \
    { .id = up_id, .typecode = CODE_##code, .direction = RULE_UP, \
      .action = RULE_GROW, .field = (field_), change, \
      .reason = up_reason }, \
    { .id = down_id, .typecode = CODE_##code, .direction = RULE_DOWN, \
      .action = RULE_SHRINK, .field = (field_), .cond = lost, change, \
      .reason = down_reason }

const struct rule rules_change[] = {

/* --- LAPIC ---------------------------------------------------------------- */

FIELD_CAME(LAPIC, "tdt_msr", CHANGE(SINCE(4, 1), "464242cd1646"),
           MSG_LAPIC_TDT_ASSUMED,
           "no deadline is armed: the timer had no such mode",
           MSG_LAPIC_TDT_LOST,
           "a TSC deadline that is armed would never come", IF_NONZERO),
FIELD_CAME(LAPIC, "pending_esr",
           CHANGE(SINCE_EACH(RELEASE(4, 18, 5), RELEASE(4, 19, 2),
                             RELEASE(4, 20, 1), RELEASE(4, 21, 0)),
                  "b28b590d4a23"),
           MSG_LAPIC_ESR_ASSUMED,
           "no error waits: none was kept apart from esr",
           MSG_LAPIC_ESR_LOST,
           "errors that the guest has not yet fetched would be gone",
           IF_NONZERO),
};
const size_t n_rules_change = sizeof(rules_change) / sizeof(rules_change[0]);
