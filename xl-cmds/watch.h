/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A hypervisor or a xenstored that gives no answer: a thread looks at how long
 * a call on libxlcontext takes, and ends the program when that is too long.
 */
#ifndef XL_CMDS_WATCH_H
#define XL_CMDS_WATCH_H

#include "live.h"

/* Keep the context from before in a file, and say in which. */
typedef void watch_keep(struct session *session, void *arg,
                        const struct xlcontext_held *held);

/* Watch the calls on live, for the domain of that name.  Where there can be
 * no thread there is no limit, which -v says. */
void watch_start(struct session *session, const struct live *live,
                 const char *domain);
void watch_stop(void);

/* What becomes of a context of which no other copy is left. */
void watch_keeper(watch_keep *keep, void *arg);

/* What is to come, the end of the connection, decides nothing any more: the
 * exit status is that of the session, whatever becomes of it. */
void watch_done(void);

/* Around each call, of which what is the name for the message. */
void watch_begin(const char *what);
void watch_end(void);

#endif /* XL_CMDS_WATCH_H */
