/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What --version prints: for who asks, and for a report of a mistake. */
#ifndef XL_CMDS_VERSION_H
#define XL_CMDS_VERSION_H

#include <stdio.h>

/* Of this program, of the Xen that it was built for and of the one that runs
 * here, of what was built in; and where to write.  No path of the machine
 * that built it is in it. */
void put_version(FILE *stream);

#endif /* XL_CMDS_VERSION_H */
