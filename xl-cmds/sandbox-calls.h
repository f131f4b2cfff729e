/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two layers of the sandbox: 0, or -1 with errno where the kernel or the build
 * has it not. */
#ifndef XL_CMDS_SANDBOX_CALLS_H
#define XL_CMDS_SANDBOX_CALLS_H

#include <stdbool.h>

/* Landlock, without a rule: no file by its name, no connection. */
int landlock_apply(void);

/* seccomp: no system call but those that reading, judging and writing of open
 * files make. */
int calls_apply(void);
bool calls_built(void);

#endif /* XL_CMDS_SANDBOX_CALLS_H */
