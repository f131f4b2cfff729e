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

/* Stands in the filter for the number of the process: higher than any. */
#define CALLS_PID 0x5a5a5a5a

#endif /* XL_CMDS_SANDBOX_CALLS_H */
