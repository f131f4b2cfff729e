/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's own xl: finding it, and becoming it. */
#ifndef XL_CMDS_HOST_XL_H
#define XL_CMDS_HOST_XL_H

#include <stdbool.h>

#include "session.h"

/*
 * Become the host's own xl, with argv as it is.  Returns only on failure: in
 * the session's report.
 */
void host_xl_become(struct session *session, char **argv);

/*
 * Run the host's own xl and wait for it.  Returns its wait status, or -1 on
 * failure: in the session's report.
 */
int host_xl_run(struct session *session, char **argv);

#endif /* XL_CMDS_HOST_XL_H */
