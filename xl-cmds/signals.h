/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Signals, and what must not be left behind by them: a temporary file, and a
 * pause of a domain.
 */
#ifndef XL_CMDS_SIGNALS_H
#define XL_CMDS_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Make descriptors 0 to 2 and the signals fit to work with: call it first
 * thing in main(), but not in a process that will become another program. */
void program_start(void);

/*
 * Create the one temporary file there is, which a deadly signal removes until
 * it is forgotten: new, mode 0600, for
 * reading and writing.  dirfd must stay open as long.
 * Returns its descriptor, or -1 with errno.
 */
int temp_create(int dirfd, const char *name);
void temp_forget(void);

/* Remove it, wherever it is, in a process that is about to end. */
void temp_remove(void);

/* Another process holds the temporary file, until the socket is shut. */
void temp_elsewhere(int socket);

/* As fork(), and waitpid(), for up to CHILDREN_MAX processes that a signal
 * which ends this one ends first.  child_end(): now, or when it is done by
 * itself; its status. */
#define CHILDREN_MAX 64
pid_t child_fork(void);
int child_end(pid_t pid, bool now);

/* No signal ends this process, which ends with the one at the other end of
 * that socket. */
void signals_ignore(int socket);

/* open(), which may wait for the other side of a FIFO or for a terminal: no
 * longer than that process is there. */
int signals_open(const char *path, int flags);

/*
 * Between hold and release no signal ends or stops the program: it is
 * remembered, and does its work at release.  What lasts in between asks
 * signals_caught(), or waits with signals_wait_writable().
 */
void signals_hold(void);
void signals_release(void);
bool signals_caught(void);

/*
 * While held: wait until fd takes bytes.  Returns how many surely go without
 * blocking, 0 when a signal was caught first.  Not held: size.
 */
size_t signals_wait_writable(int fd, size_t size);

#endif /* XL_CMDS_SIGNALS_H */
