/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fetching a context: prepared outside the pause window, done inside it. */
#include "guest-memory.h"
#include "save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* No host comes near: 1744 + vCPUs * (2848 + XSAVE) is 1.4 MB for 128 vCPUs
 * with every component; a size beyond this is not a context. */
#define CONTEXT_MAX (16u * 1024 * 1024)

/* Room for vCPUs that are added between the query and the fetch. */
#define SLACK 65536u

static int prepare_context(xlcontext *xlc, uint32_t domid,
                           struct capture *capture, domctx_report *report)
{
    uint32_t bound;

    if (call_context_size(xlc, domid, &bound) < 0)
        return call_failed(report, domid, "asking for the context's size",
                           errno);
    if (bound > CONTEXT_MAX)
        return msg_raise(report, MSG_LIVE_CALL_FAILED,
                         &(struct msg_at){ .expected = DEC(CONTEXT_MAX),
                                           .found = DEC(bound) },
                         "the hypervisor names an absurd context size");
    capture->room = bound + SLACK;
    capture->context = malloc(capture->room);
    if (!capture->context)
        return msg_no_memory(report, capture->room);
    /* The window must not wait for page faults. */
    memset(capture->context, 0, capture->room);
    return 0;
}

/* A guest that has not placed its shared info has none; so a page that
 * cannot be mapped is no failure. */
static int prepare_shared_info(xlcontext *xlc, const struct domain *domain,
                               struct capture *capture,
                               domctx_report *report)
{
    xen_pfn_t frame = domain->info.shared_info_frame;
    int error = 0;

    capture->frame = frame;
    capture->shared_info = calloc(1, SHARED_INFO_PAGE);
    if (!capture->shared_info)
        return msg_no_memory(report, SHARED_INFO_PAGE);
    capture->mapped = xenforeignmemory_map(xlc->fmem, domain->domid,
                                           PROT_READ, 1, &frame, &error);
    if (capture->mapped && error) {
        xenforeignmemory_unmap(xlc->fmem, (void *)capture->mapped, 1);
        capture->mapped = NULL;
    }
    return 0;
}

int capture_prepare(xlcontext *xlc, const struct domain *domain,
                    unsigned int with, struct capture *capture,
                    domctx_report *report)
{
    *capture = (struct capture){ 0 };
    if ((domain->hvm &&
         prepare_context(xlc, domain->domid, capture, report) < 0) ||
        prepare_shared_info(xlc, domain, capture, report) < 0 ||
        beside_prepare(xlc, domain, with, &capture->beside, report) < 0)
        goto fail;
    if (capture->beside.upcalls)
        upcalls_find(xlc, domain, capture, NULL,
                     capture->beside.upcalls);
    if (!domain->hvm &&
        call_guest_width(xlc, domain->domid, &capture->width) < 0) {
        call_failed(report, domain->domid, "asking for the word size",
                    errno);
        goto fail;
    }
    return 0;

fail:
    capture_release(xlc, capture);
    return -1;
}

/* The domain may be gone, or this has failed. */
static int failed(xlcontext *xlc, struct domain *domain, const char *what,
                  bool no_context, domctx_report *report)
{
    int error = errno;

    if (domain_gone(xlc, domain, no_context, report))
        return -1;
    return call_failed(report, domain->domid, what, error);
}

int capture_fetch(xlcontext *xlc, struct domain *domain,
                  struct capture *capture, domctx_report *report)
{
    uint32_t domid = domain->domid;

    if (domain_refresh(xlc, domain) < 0)
        return failed(xlc, domain, "looking at the state", false, report);
    domain->seen = true;
    if (domain->info.shared_info_frame != capture->frame ||
        beside_before(xlc, domain, capture->mapped, &capture->beside) != 0)
        return 1;
    capture->size = capture->room;
    if (domain->hvm && call_get_context(xlc, domid, capture->context,
                                        &capture->size) < 0)
        return errno == ENOSPC || errno == ENOBUFS ? 1
               : failed(xlc, domain, "fetching the context",
                        errno == EINVAL, report);
    if (call_tsc_info(xlc, domid, &capture->tsc) < 0)
        return failed(xlc, domain, "fetching the TSC information", false,
                      report);
    capture->has_tsc = true;
    if (capture->mapped)
        memcpy(capture->shared_info, capture->mapped, SHARED_INFO_PAGE);
    capture->has_shared_info = capture->mapped != NULL;
    return beside_after(xlc, domain, &capture->beside);
}

int capture_outgrown(uint32_t domid, domctx_report *report)
{
    return msg_raise(report, MSG_LIVE_GROWING, NULL,
                     "domain %u grew %d times while its context was being "
                     "fetched", domid, CAPTURE_GROWTHS);
}

void capture_release(xlcontext *xlc, struct capture *capture)
{
    if (capture->mapped)
        xenforeignmemory_unmap(xlc->fmem, (void *)capture->mapped, 1);
    beside_release(xlc, &capture->beside);
    free(capture->context);
    free(capture->shared_info);
    *capture = (struct capture){ 0 };
}
