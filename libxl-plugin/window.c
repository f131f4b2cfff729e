/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pause window.  The hypervisor counts pauses: taking ours back leaves a
 * domain paused that another program has paused. */
#include "xlcontext-internal.h"

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

void hold_copy(xlcontext *xlc, const uint8_t *copy, size_t size)
{
    pthread_mutex_lock(&xlc->holding);
    xlc->rollback = copy;
    xlc->rollback_size = copy ? size : 0;
    pthread_mutex_unlock(&xlc->holding);
}

void xlcontext_hold(xlcontext *xlc, struct xlcontext_held *held)
{
    *held = (struct xlcontext_held){ .paused = false };
    if (!xlc)
        return;
    pthread_mutex_lock(&xlc->holding);
    held->paused = xlc->held & HELD;
    held->domid = (uint32_t)xlc->held;
    held->rollback = xlc->rollback;
    held->rollback_size = xlc->rollback_size;
}

int window_open(xlcontext *xlc, struct window *window, uint32_t domid,
                domctx_report *report)
{
    int error;

    *window = (struct window){ .domid = domid };
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

int window_close(xlcontext *xlc, struct window *window, bool keep,
                 domctx_report *report)
{
    int rc = 0;

    if (!window->open)
        return 0;
    window->open = false;
    if (!keep)
        rc = xlcontext_unpause(xlc, window->domid, report);
    window->length_ns = now_ns() - window->start_ns;
    pthread_sigmask(SIG_SETMASK, &window->signals, NULL);
    return rc;
}
