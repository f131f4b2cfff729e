/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loading libxlcontext only when a verb needs a live domain: the Xen libraries
 * load about twenty others, for which verbs that only read files should not
 * wait.
 */
#ifndef XL_CMDS_LIVE_H
#define XL_CMDS_LIVE_H

#include <time.h>

#include <xlcontext.h>

#include "session.h"

struct live {
    void *library;
    xlcontext *xlc;
    int lock;               /* on the domain; -1: none */
    __typeof__(xlcontext_connect) *connect;
    __typeof__(xlcontext_close) *close;
    __typeof__(xlcontext_describe) *describe;
    __typeof__(xlcontext_find) *find;
    __typeof__(xlcontext_save) *save;
    __typeof__(xlcontext_look_with) *look;
    __typeof__(xlcontext_cure_upcall) *cure_upcall;
    __typeof__(xlcontext_guest_ask) *guest_ask;
    __typeof__(xlcontext_guest_domain) *guest_domain;
    __typeof__(xlcontext_guest_free) *guest_free;
    __typeof__(xlcontext_unpause) *unpause;
    __typeof__(xlcontext_restore) *restore;
    __typeof__(xlcontext_hold) *hold;
};

/* Load the library, connect, find the domain and lock it.  -1, with a finding,
 * and live as after live_close(). */
int live_open(struct live *live, struct session *session, const char *domain,
              uint32_t *domid);
/* Close the connection.  If nothing is left to do or report after it, call
 * watch_done() first; otherwise a connection that hangs is an error. */
void live_close(struct live *live);

/* Do nothing for a while, in which other commands may work on the domain: it
 * is not paused, and an interval may be an hour.  -1, with a finding: one of
 * them still does. */
int live_rest(struct live *live, struct session *session, uint32_t domid,
              const struct timespec *interval);

/* Fetch the context of the domain, as the bytes of an image, into the input:
 * the guest has written parts of it, so it is for apart_run() to look at. */
struct input;
int live_input(const struct live *live, uint32_t domid, struct input *input,
               domctx_report *report);

/* Describe the host that runs here, for domctx_description_free(); NULL: in
 * the session's report.  told: what the host does not tell is a note. */
struct domctx_description *live_describe(struct session *session, bool told);

#endif /* XL_CMDS_LIVE_H */
