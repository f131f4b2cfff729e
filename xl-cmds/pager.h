/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output to a terminal by way of a pager, as of git. */
#ifndef XL_CMDS_PAGER_H
#define XL_CMDS_PAGER_H

#include <stdbool.h>

/*
 * If standard output is a terminal: start $PAGER, or else less, which from
 * then on gets standard output, and standard error if that is a terminal, too.
 * Call it before sandbox_enter(), after which no program can be started.
 * PAGER="" and "cat" mean none.
 */
void pager_start(void);

/* Whether there is one: if the user quits it early, that is no error. */
bool pager_runs(void);

/* Close its input and wait for it.  Call it after sandbox_leave(): the broker
 * holds the same pipe. */
void pager_end(void);

#endif /* XL_CMDS_PAGER_H */
