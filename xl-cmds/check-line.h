/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The line in which check tells the verdict on one file for one target. */
#ifndef XL_CMDS_CHECK_LINE_H
#define XL_CMDS_CHECK_LINE_H

#include <stdbool.h>

#include <domctx.h>

#include "check-judge.h"

/* The host that the target is, as the user gave it; NULL: a release. */
const char *host_of(const struct subject *subject);

/* "a.ctx: Xen 4.17: refused, EINVAL (2 errors, 1 warning, 3 notes)"; several:
 * other targets have lines, too. */
void put_line(const struct domctx_checked *checked,
              const struct subject *subject, bool several);

/* "  4.17   refused, EINVAL: LAPIC/0 [load-length]", of a table. */
void put_row(const struct domctx_checked *checked,
             const struct subject *subject);

#endif /* XL_CMDS_CHECK_LINE_H */
