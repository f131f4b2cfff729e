/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One command at a time on a domain.  Each of them pauses it, if only for
 * some milliseconds: another one would take that pause for somebody else's
 * and leave its own out, or read a context that is loaded by half.  Who only
 * waits, as diagnose does between two looks, gives it back meanwhile.
 */
#ifndef XL_CMDS_DOMAIN_LOCK_H
#define XL_CMDS_DOMAIN_LOCK_H

#include <stdint.h>

#include "session.h"

/*
 * Take the lock, for which a short work of another command is waited for.
 * *fd is for domain_unlock(), or -1 where the lock cannot be had, which is a
 * note and no failure.  Returns -1 when another command holds it: the
 * session's report says which.
 *
 * The kernel takes it back from a process that ends, however it ends.
 */
int domain_lock(struct session *session, uint32_t domid, int *fd);

/* -1 is allowed. */
void domain_unlock(int fd);

#endif /* XL_CMDS_DOMAIN_LOCK_H */
