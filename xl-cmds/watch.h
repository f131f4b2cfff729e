/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Detecting a hypervisor or xenstored that does not answer: a thread measures
 * how long a call to libxlcontext takes, and ends the program if that is too
 * long.
 */
#ifndef XL_CMDS_WATCH_H
#define XL_CMDS_WATCH_H

#include "live.h"

/* Write the rollback copy to a file, and print its name. */
typedef void watch_keep(struct session *session, void *arg,
                        const struct xlcontext_held *held);

/* Watch the calls on live, for the domain of that name.  If no thread can be
 * started there is no limit; -v reports that. */
void watch_start(struct session *session, const struct live *live,
                 const char *domain);
void watch_stop(void);

/* Set what to do with a context of which there is no other copy. */
void watch_keeper(watch_keep *keep, void *arg);

/* The remaining work, closing the connection, no longer decides: the exit
 * status is the session's, even if it hangs. */
void watch_done(void);

/* Call these around each call; what names it for the message. */
void watch_begin(const char *what);
void watch_end(void);

#endif /* XL_CMDS_WATCH_H */
