/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two layers of the sandbox: 0, or -1 with errno if the kernel or the build
 * lacks one. */
#ifndef XL_CMDS_SANDBOX_CALLS_H
#define XL_CMDS_SANDBOX_CALLS_H

#include <stdbool.h>

/* Landlock without rules: no file can be opened by name, no connection
 * made. */
int landlock_apply(void);

/* seccomp: only the system calls for reading, judging and writing open
 * files. */
int calls_apply(void);
bool calls_built(void);

#endif /* XL_CMDS_SANDBOX_CALLS_H */
