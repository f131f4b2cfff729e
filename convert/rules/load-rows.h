/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of rows in load.c, and what each says. */
#ifndef CONVERT_RULES_LOAD_ROWS_H
#define CONVERT_RULES_LOAD_ROWS_H

#include "rules/rules.h"

/* "since" a whole series; and by the first point release of each series. */
#define SINCE(x, y) .since = { { RELEASE(x, y, 0) } }
#define SINCE_EACH(...) .since = { { __VA_ARGS__ } }
#define UNTIL(x, y) .until = { { RELEASE(x, y, 0) } }
#define UNTIL_EACH(...) .until = { { __VA_ARGS__ } }
#define EVER .since = { { { 0, 0 } } }

/* A condition expands to text with commas, which no inner macro could take as
 * one argument: so each kind of row is one macro, made of these. */
#define AT(id_, code, field_) \
    .id = id_, .typecode = CODE_##code, .direction = RULE_LOAD, \
    .action = RULE_REFUSE, .field = (field_)
#define GIVES(verdict_, error_, log_) \
    .outcome.verdict = DOMCTX_##verdict_, .outcome.error = (error_), \
    .outcome.log = (log_)
#define LOGGED(logged_) .outcome.logged = LOG_##logged_
#define WHY(reason_, source_) .reason = reason_, .source = source_

/* id, record, field, condition, verdict, error, log, reason, source,
 * releases */
#define ROW(id, code, field, cond_, verdict, error, log, reason, source, \
            ...) \
    { AT(id, code, field), .cond = cond_, GIVES(verdict, error, log), \
      WHY(reason, source), __VA_ARGS__ }
#define REFUSED(id, code, field, cond_, error, log, reason, source, ...) \
    { AT(id, code, field), .cond = cond_, GIVES(REFUSED, error, log), \
      WHY(reason, source), __VA_ARGS__ }
#define CHANGED(id, code, field, cond_, reason, source, ...) \
    { AT(id, code, field), .cond = cond_, GIVES(CHANGED, 0, NULL), \
      WHY(reason, source), __VA_ARGS__ }
#define DEPENDS(id, code, field, cond_, error, log, f, reason, source, ...) \
    { AT(id, code, field), .cond = cond_, GIVES(DEPENDS, error, log), \
      .features = (f), WHY(reason, source), __VA_ARGS__ }

/* The loader takes these from CPU; CPU_XSAVE, which comes later, then
 * replaces them with the start of its own area. */
#define FPU_OF_XSAVE(part) \
    CHANGED(MSG_LOAD_FPU_OF_XSAVE, CPU, "fpu_regs." part, \
            IF(load_fpu_of_xsave), "CPU_XSAVE of the same vCPU, which is " \
            "loaded afterwards, has another value: that one counts", \
            "47a3fb9662, 4.1", SINCE(4, 1))

#endif /* CONVERT_RULES_LOAD_ROWS_H */
