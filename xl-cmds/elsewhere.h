/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a guest comes back as it is, once it does not come back here. */
#ifndef XL_CMDS_ELSEWHERE_H
#define XL_CMDS_ELSEWHERE_H

#include "input.h"

#define ELSEWHERE_ROOM (DOMCTX_RELEASES_ROOM + 300)

/*
 * "on Xen 4.18.4 to 4.18.6, 4.20.0 to 4.22.0", with what a host must have for
 * it, or "on no release of Xen", in buf, which is returned: where what input
 * holds loads as it is.  domain: that is to be made there, or NULL for that of
 * the container; parsed: what was
 * found while input was read.  NULL where it cannot be told.
 */
const char *elsewhere(struct input *input, const struct domctx_domain *domain,
                      const domctx_report *parsed, char buf[ELSEWHERE_ROOM]);

/* Whether it is that: on no release. */
bool elsewhere_is_nowhere(const char *where);

/* "loads on 4.1.2 and later; 4.1.1 and earlier refuse, EINVAL" in buf: whether
 * some point releases of the series load it as it is, and others do not. */
bool elsewhere_partly(struct input *input, const struct domctx_release *series,
                      const domctx_report *parsed,
                      char buf[DOMCTX_CHECKED_ROOM]);

#endif /* XL_CMDS_ELSEWHERE_H */
