/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pause window.  The hypervisor counts pauses: taking ours back leaves a
 * domain paused that another program has paused. */
#include "save.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A Ctrl-C between pause and unpause would leave the guest stopped.  The
 * signals that a fault in our own code raises stay open. */
static void hold_signals(sigset_t *before)
{
    static const int own[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT,
                               SIGTRAP, SIGSYS };
    sigset_t hold;

    sigfillset(&hold);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        sigdelset(&hold, own[i]);
    pthread_sigmask(SIG_BLOCK, &hold, before);
}

void hold_pause(xlcontext *xlc, uint64_t held)
{
    pthread_mutex_lock(&xlc->holding);
    xlc->held = held;
    pthread_mutex_unlock(&xlc->holding);
}

void hold_copy(xlcontext *xlc, const struct rollback *rollback)
{
    pthread_mutex_lock(&xlc->holding);
    xlc->rollback = rollback;
    pthread_mutex_unlock(&xlc->holding);
}

/* The image of it, or, where none can be made, the context as it was
 * fetched. */
static void hand_over(const struct rollback *rollback,
                      struct xlcontext_held *held)
{
    const struct capture *capture = rollback->capture;
    uint8_t *image;

    if (capture_image(rollback->origin, rollback->domain, capture, 0, &image,
                      &held->rollback_size, NULL) == 0) {
        held->rollback = image;
        return;
    }
    held->rollback = capture->context;
    held->rollback_size = capture->size;
}

void xlcontext_hold(xlcontext *xlc, struct xlcontext_held *held)
{
    *held = (struct xlcontext_held){ .paused = false };
    if (!xlc)
        return;
    pthread_mutex_lock(&xlc->holding);
    held->paused = xlc->held & HELD;
    held->domid = (uint32_t)xlc->held;
    if (xlc->rollback)
        hand_over(xlc->rollback, held);
}

/* Whoever had it paused may have ended that since the domain was looked at. */
static bool is_paused(xlcontext *xlc, const struct domain *domain)
{
    xc_domaininfo_t info;

    return call_info(xlc, domain->domid, &info) < 0
               ? domain->paused : (info.flags & XEN_DOMINF_paused) != 0;
}

int window_open(xlcontext *xlc, struct window *window,
                struct domain *domain, domctx_report *report)
{
    uint32_t domid = domain->domid;
    int error;

    *window = (struct window){ .domain = domain };
    domain->seen = false;
    window->was_paused = is_paused(xlc, domain);
    hold_signals(&window->signals);
    hold_pause(xlc, HELD | domid);
    if (call_pause(xlc, domid) < 0) {
        error = errno;
        hold_pause(xlc, 0);
        pthread_sigmask(SIG_SETMASK, &window->signals, NULL);
        /* Xen: XEN_DOMCTL_pausedomain of the caller's own domain. */
        if (error == EINVAL)
            return msg_raise(report, MSG_LIVE_SELF, NULL,
                             "domain %u is the one this program runs in",
                             domid);
        return call_failed(report, domid, "pausing", error);
    }
    window->open = true;
    window->start_ns = now_ns();
    return 0;
}

/* Our pause went with the domain that was seen in it; another one that has its
 * number now has none of ours. */
static bool is_replaced(xlcontext *xlc, const struct domain *domain)
{
    struct domain now = *domain;

    return domain->seen && domain_refresh(xlc, &now) < 0 && errno == ESRCH;
}

static int take_back(xlcontext *xlc, struct domain *domain,
                     domctx_report *report)
{
    if (!is_replaced(xlc, domain))
        return unpause(xlc, domain->domid, &domain->gone, report);
    domain->gone = true;
    hold_pause(xlc, 0);
    return 0;
}

int window_close(xlcontext *xlc, struct window *window, bool keep,
                 domctx_report *report)
{
    int rc = 0;

    if (!window->open)
        return 0;
    window->open = false;
    if (!keep)
        rc = take_back(xlc, window->domain, report);
    window->length_ns = now_ns() - window->start_ns;
    pthread_sigmask(SIG_SETMASK, &window->signals, NULL);
    return rc;
}
