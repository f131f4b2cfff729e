/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xlcontext_save() */
#include "save.h"

#include <errno.h>
#include <stdlib.h>

/* One window.  Returns 1 when the domain had outgrown the preparation. */
static int save_once(xlcontext *xlc, struct domain *domain,
                     struct capture *capture, bool leave_paused,
                     struct xlcontext_saved *saved, domctx_report *report)
{
    struct window window;
    bool keep;
    int rc;

    if (window_open(xlc, &window, domain->domid, report) < 0)
        return -1;
    capture->beside.paused = true;
    rc = capture_fetch(xlc, domain, capture, report);
    keep = rc == 0 && leave_paused;
    if (window_close(xlc, &window, keep, report) < 0)
        rc = -1;
    saved->paused_ns = window.length_ns;
    saved->left_paused = keep;
    return rc;
}

static int save_image(xlcontext *xlc, struct domain *domain,
                      unsigned int flags, struct xlcontext_saved *saved,
                      domctx_report *report)
{
    bool leave_paused = (flags & XLCONTEXT_SAVE_LEAVE_PAUSED) &&
                        !domain->paused;
    struct capture capture;
    int rc = 1;

    for (int i = 0; rc == 1 && i < CAPTURE_GROWTHS; i++) {
        if (capture_prepare(xlc, domain, flags & XLCONTEXT_SAVE_ALL,
                            &capture, report) < 0)
            return -1;
        rc = save_once(xlc, domain, &capture, leave_paused, saved, report);
        if (rc != 0)
            capture_release(xlc, &capture);
    }
    if (rc == 1)
        return capture_outgrown(domain->domid, report);
    if (rc < 0)
        return -1;
    rc = capture_image(xlc, domain, &capture, flags, &saved->image,
                       &saved->size, report);
    capture_release(xlc, &capture);
    if (rc < 0 && saved->left_paused)
        xlcontext_unpause(xlc, domain->domid, report);
    return rc;
}

int xlcontext_save(xlcontext *xlc, uint32_t domid, unsigned int flags,
                   struct xlcontext_saved *saved, domctx_report *report)
{
    struct domain domain;

    *saved = (struct xlcontext_saved){ 0 };
    if (domain_look(xlc, domid, &domain, report) < 0)
        return -1;
    if (save_image(xlc, &domain, flags, saved, report) < 0) {
        *saved = (struct xlcontext_saved){ 0 };
        return -1;
    }
    return 0;
}

/* Xen: EINVAL where the count of pauses is 0 already, ESRCH without a domain;
 * in both cases there is no pause of ours any more. */
static bool pause_is_gone(xlcontext *xlc, uint32_t domid, int error)
{
    xc_domaininfo_t info;

    if (error != EINVAL && error != ESRCH)
        return false;
    if (call_info(xlc, domid, &info) < 0)
        return errno == ESRCH;
    return !(info.flags & XEN_DOMINF_paused);
}

int xlcontext_unpause(xlcontext *xlc, uint32_t domid, domctx_report *report)
{
    int error;

    hold_pause(xlc, HELD | domid);
    if (call_unpause(xlc, domid) < 0) {
        error = errno;
        if (!pause_is_gone(xlc, domid, error))
            return msg_raise(report, MSG_LIVE_STILL_PAUSED,
                             &(struct msg_at){
                                 .found = TEXT(ERROR_TEXT(error)) },
                             "domain %u could not be unpaused and is still "
                             "paused; 'xl unpause %u' tries again", domid,
                             domid);
        msg_raise(report, MSG_LIVE_PAUSE_GONE,
                  &(struct msg_at){ .found = TEXT(ERROR_TEXT(error)) },
                  "domain %u was not paused any more at the end of the work",
                  domid);
    }
    hold_pause(xlc, 0);
    return 0;
}
