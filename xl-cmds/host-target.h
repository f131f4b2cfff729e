/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What --target says: a release, the Xen that runs here, or a host in a
 * file. */
#ifndef XL_CMDS_HOST_TARGET_H
#define XL_CMDS_HOST_TARGET_H

#include "verbs.h"

/* Read it, a file in a sandbox of its own: all that is known of it, for
 * domctx_description_free().  NULL, told, when it is none of these. */
struct domctx_description *host_target(struct session *session,
                                       const struct arguments *arguments,
                                       const char *text);

#endif /* XL_CMDS_HOST_TARGET_H */
