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

    if (window_open(xlc, &window, domain, report) < 0)
        return -1;
    capture->beside.paused = true;
    rc = capture_fetch(xlc, domain, capture, report);
    keep = rc == 0 && leave_paused && !window.was_paused;
    if (window_close(xlc, &window, keep, report) < 0)
        rc = -1;
    if (rc == 0 && leave_paused)
        keep = pause_stands(xlc, domain, report) && keep;
    if (rc == 0 && domain->gone)
        gone_behind(domain->domid, report);
    saved->paused_ns = window.length_ns;
    saved->left_paused = keep;
    return rc;
}

static int save_image(xlcontext *xlc, struct domain *domain,
                      const struct origin *origin, unsigned int flags,
                      struct xlcontext_saved *saved, domctx_report *report)
{
    bool leave_paused = flags & XLCONTEXT_SAVE_LEAVE_PAUSED;
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
    rc = capture_image(origin, domain, &capture, flags, &saved->image,
                       &saved->size, report);
    capture_release(xlc, &capture);
    if (rc < 0 && saved->left_paused)
        xlcontext_unpause(xlc, domain->domid, report);
    return rc;
}

int xlcontext_save(xlcontext *xlc, uint32_t domid, unsigned int flags,
                   struct xlcontext_saved *saved, domctx_report *report)
{
    struct origin origin;
    struct domain domain;

    *saved = (struct xlcontext_saved){ 0 };
    if (domain_look(xlc, domid, &domain, report) < 0 ||
        origin_ask(xlc, domid, &origin, report) < 0)
        return -1;
    if (save_image(xlc, &domain, &origin, flags, saved, report) < 0) {
        *saved = (struct xlcontext_saved){ 0 };
        return -1;
    }
    return 0;
}

/* Xen: EINVAL where the count of pauses is 0 already, ESRCH without a domain;
 * in both cases there is no pause of ours any more. */
static bool pause_is_gone(xlcontext *xlc, uint32_t domid, int error,
                          bool *destroyed)
{
    xc_domaininfo_t info;

    *destroyed = false;
    if (error != EINVAL && error != ESRCH)
        return false;
    if (call_info(xlc, domid, &info) < 0) {
        *destroyed = errno == ESRCH;
        return *destroyed;
    }
    return !(info.flags & XEN_DOMINF_paused);
}

static void pause_gone(uint32_t domid, const struct msg_at *at,
                       domctx_report *report)
{
    msg_raise(report, MSG_LIVE_PAUSE_GONE, at,
              "domain %u was not paused any more at the end of the work",
              domid);
}

static int unpause_failed(xlcontext *xlc, uint32_t domid, int error,
                          bool *gone, domctx_report *report)
{
    struct msg_at at = { .found = TEXT(ERROR_TEXT(error)) };
    bool destroyed;

    if (!pause_is_gone(xlc, domid, error, &destroyed))
        return msg_raise(report, MSG_LIVE_STILL_PAUSED, &at,
                         "domain %u could not be unpaused and is still "
                         "paused; 'xl unpause %u' tries again", domid,
                         domid);
    *gone = *gone || destroyed;
    if (!*gone)
        pause_gone(domid, &at, report);
    return 0;
}

bool pause_stands(xlcontext *xlc, struct domain *domain,
                  domctx_report *report)
{
    struct domain now = *domain;
    bool stands;

    if (domain->gone)
        return false;
    if (domain_refresh(xlc, &now) < 0) {
        domain->gone = errno == ESRCH;
        stands = !domain->gone;
    } else {
        stands = now.paused;
        if (!stands)
            pause_gone(domain->domid, NULL, report);
    }
    if (!stands)
        hold_pause(xlc, 0);
    return stands;
}

void gone_behind(uint32_t domid, domctx_report *report)
{
    msg_raise(report, MSG_LIVE_PAUSE_GONE, NULL,
              "domain %u has been destroyed, in the pause in which its "
              "context was taken", domid);
}

int unpause(xlcontext *xlc, uint32_t domid, bool *gone, domctx_report *report)
{
    hold_pause(xlc, HELD | domid);
    if (call_unpause(xlc, domid) < 0 &&
        unpause_failed(xlc, domid, errno, gone, report) < 0)
        return -1;
    hold_pause(xlc, 0);
    return 0;
}

int xlcontext_unpause(xlcontext *xlc, uint32_t domid, domctx_report *report)
{
    bool gone = false;
    int rc = unpause(xlc, domid, &gone, report);

    if (gone)
        msg_raise(report, MSG_LIVE_PAUSE_GONE, NULL,
                  "domain %u has been destroyed before it was unpaused",
                  domid);
    return rc;
}
