/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output to a terminal by way of a pager, as of git. */
#ifndef XL_CMDS_PAGER_H
#define XL_CMDS_PAGER_H

#include <stdbool.h>

/*
 * If standard output is a terminal: start $PAGER, or less without it, which
 * from here on gets what is written there, and on standard error if that is a
 * terminal, too.  It is before sandbox_enter(), which allows no program to be
 * started.  PAGER="" and "cat" mean none.
 */
void pager_start(void);

/* Whether there is one: that it was left before the end is no error. */
bool pager_runs(void);

/* No more comes; wait until it is left.  After sandbox_leave(): the broker
 * holds the same pipe. */
void pager_end(void);

#endif /* XL_CMDS_PAGER_H */
