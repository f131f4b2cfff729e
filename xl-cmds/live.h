/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxlcontext, loaded when a verb needs a live domain: the Xen libraries
 * bring twenty others, which the verbs that only read files do not wait for.
 */
#ifndef XL_CMDS_LIVE_H
#define XL_CMDS_LIVE_H

#include <xlcontext.h>

#include "session.h"

struct live {
    void *library;
    xlcontext *xlc;
    __typeof__(xlcontext_connect) *connect;
    __typeof__(xlcontext_close) *close;
    __typeof__(xlcontext_host) *host;
    __typeof__(xlcontext_find) *find;
    __typeof__(xlcontext_save) *save;
    __typeof__(xlcontext_look) *look;
    __typeof__(xlcontext_unpause) *unpause;
    __typeof__(xlcontext_restore) *restore;
};

/* Load the library, connect, and find the domain.  -1: in the session's
 * report, and live is as after live_close(). */
int live_open(struct live *live, struct session *session, const char *domain,
              uint32_t *domid);
void live_close(struct live *live);

/* Read --target: a release, or "host" for the Xen that runs here, of which
 * all that is known is then in target.  Reports anything else and returns
 * false. */
bool live_target(struct session *session, const char *text,
                 struct xlcontext_host *target);

#endif /* XL_CMDS_LIVE_H */
