/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The output of --version, also for bug reports. */
#ifndef XL_CMDS_VERSION_H
#define XL_CMDS_VERSION_H

#include <stdio.h>

/* The versions of this program, of the Xen it was built for and of the running
 * Xen; optional parts; the address for reports.  No path of the build machine
 * is in it. */
void put_version(FILE *stream);

#endif /* XL_CMDS_VERSION_H */
