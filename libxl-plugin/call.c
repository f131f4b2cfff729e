/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hypercalls, one attempt made of several where the kernel or the hypervisor
 * asks for it. */
#define XC_WANT_COMPAT_DEVICEMODEL_API
#include "xlcontext-internal.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <xen/grant_table.h>

/* How often EINTR and EAGAIN are tried again.  Both mean "nothing happened
 * yet"; a hypervisor that says so a thousand times says no. */
#define TRIES 1000

/* Run a call that returns a negative value with errno on failure. */
#define RETRY(result, call) \
    do { \
        int tries_ = TRIES; \
        while (((result) = (call)) < 0 && (errno == EINTR || \
               errno == EAGAIN) && --tries_ > 0) \
            sched_yield(); \
    } while (0)

int call_pause(xlcontext *xlc, uint32_t domid)
{
    int rc;

    RETRY(rc, xc_domain_pause(xlc->xch, domid));
    return rc < 0 ? -1 : 0;
}

int call_unpause(xlcontext *xlc, uint32_t domid)
{
    int rc;

    RETRY(rc, xc_domain_unpause(xlc->xch, domid));
    return rc < 0 ? -1 : 0;
}

int call_info(xlcontext *xlc, uint32_t domid, xc_domaininfo_t *info)
{
    int rc;

    RETRY(rc, xc_domain_getinfolist(xlc->xch, domid, 1, info));
    if (rc < 0)
        return -1;
    /* The list starts at the first domain with this or a higher number. */
    if (rc == 0 || info->domain != domid) {
        errno = ESRCH;
        return -1;
    }
    return 0;
}

int call_context_size(xlcontext *xlc, uint32_t domid, uint32_t *size)
{
    int rc;

    RETRY(rc, xc_domain_hvm_getcontext(xlc->xch, domid, NULL, 0));
    if (rc < 0)
        return -1;
    *size = (uint32_t)rc;
    return 0;
}

int call_get_context(xlcontext *xlc, uint32_t domid, uint8_t *buf,
                     uint32_t *size)
{
    int rc;

    RETRY(rc, xc_domain_hvm_getcontext(xlc->xch, domid, buf, *size));
    if (rc < 0)
        return -1;
    if ((uint32_t)rc > *size) {
        errno = EPROTO;
        return -1;
    }
    *size = (uint32_t)rc;
    return 0;
}

int call_set_context(xlcontext *xlc, uint32_t domid, const uint8_t *buf,
                     uint32_t size)
{
    /* libxenctrl lacks the const, but only copies from the buffer. */
    union {
        const uint8_t *in;
        uint8_t *out;
    } blob = { .in = buf };
    int rc;

    RETRY(rc, xc_domain_hvm_setcontext(xlc->xch, domid, blob.out, size));
    return rc < 0 ? -1 : 0;
}

int call_tsc_info(xlcontext *xlc, uint32_t domid, struct tsc_info *tsc)
{
    int rc;

    RETRY(rc, xc_domain_get_tsc_info(xlc->xch, domid, &tsc->mode, &tsc->nsec,
                                     &tsc->khz, &tsc->incarnation));
    return rc < 0 ? -1 : 0;
}

int call_guest_width(xlcontext *xlc, uint32_t domid, unsigned int *width)
{
    int rc;

    RETRY(rc, xc_domain_get_guest_width(xlc->xch, domid, width));
    return rc < 0 ? -1 : 0;
}

int call_param(xlcontext *xlc, uint32_t domid, uint32_t param,
               uint64_t *value)
{
    int rc;

    RETRY(rc, xc_hvm_param_get(xlc->xch, domid, param, value));
    return rc < 0 ? -1 : 0;
}

int call_set_param(xlcontext *xlc, uint32_t domid, uint32_t param,
                   uint64_t value)
{
    int rc;

    RETRY(rc, xc_hvm_param_set(xlc->xch, domid, param, value));
    return rc < 0 ? -1 : 0;
}

int call_inject_msi(xlcontext *xlc, uint32_t domid, uint64_t address,
                    uint32_t data)
{
    int rc;

    RETRY(rc, xc_hvm_inject_msi(xlc->xch, (domid_t)domid, address, data));
    return rc < 0 ? -1 : 0;
}

int call_port_status(xlcontext *xlc, uint32_t domid, uint32_t port,
                     struct port_status *status)
{
    xc_evtchn_status_t seen = { .dom = (domid_t)domid, .port = port };
    int rc;

    RETRY(rc, xc_evtchn_status(xlc->xch, &seen));
    if (rc < 0)
        return -1;
    status->status = seen.status;
    status->vcpu = seen.vcpu;
    switch (seen.status) {
    case EVTCHNSTAT_unbound:
        status->remote = seen.u.unbound.dom;
        break;
    case EVTCHNSTAT_interdomain:
        status->remote = seen.u.interdomain.dom;
        status->value = seen.u.interdomain.port;
        break;
    case EVTCHNSTAT_pirq:
        status->value = seen.u.pirq;
        break;
    case EVTCHNSTAT_virq:
        status->value = seen.u.virq;
        break;
    default:
        break;
    }
    return 0;
}

/* A refusal comes as a status of the operation. */
static int grant_errno(int16_t status)
{
    return status == GNTST_bad_domain          ? ESRCH
           : status == GNTST_permission_denied ? EPERM
                                               : EIO;
}

int call_grant_size(xlcontext *xlc, uint32_t domid, uint32_t *frames,
                    uint32_t *max)
{
    struct gnttab_query_size query = { .dom = (domid_t)domid };
    int rc;

    RETRY(rc, xc_gnttab_query_size(xlc->xch, &query));
    if (rc == 0 && query.status != GNTST_okay) {
        errno = grant_errno(query.status);
        rc = -1;
    }
    if (rc < 0)
        return -1;
    *frames = query.nr_frames;
    *max = query.max_nr_frames;
    return 0;
}

int call_grant_version(xlcontext *xlc, uint32_t domid, uint32_t *version)
{
    int rc;

    RETRY(rc, xc_gnttab_get_version(xlc->xch, domid));
    if (rc < 0)
        return -1;
    /* libxenctrl does not look at the status. */
    if (rc != 1 && rc != 2) {
        errno = EPROTO;
        return -1;
    }
    *version = (uint32_t)rc;
    return 0;
}

int call_vcpu_info(xlcontext *xlc, uint32_t domid, uint32_t vcpu,
                   xc_vcpuinfo_t *info)
{
    int rc;

    RETRY(rc, xc_vcpu_getinfo(xlc->xch, domid, vcpu, info));
    return rc < 0 ? -1 : 0;
}

int call_failed(domctx_report *report, uint32_t domid, const char *what,
                int error)
{
    struct msg_at at = { .found = TEXT(ERROR_TEXT(error)) };

    switch (error) {
    case ESRCH:
        return msg_raise(report, MSG_LIVE_NO_DOMAIN, NULL,
                         "%s: there is no domain %u", what, domid);
    case EPERM:
    case EACCES:
        return msg_raise(report, MSG_LIVE_NO_PRIVILEGE, &at,
                         "%s of domain %u is not permitted", what, domid);
    case ENOMEM:
        return msg_raise(report, MSG_LIVE_NO_MEMORY, &at,
                         "%s of domain %u: the hypervisor or the system has "
                         "no memory for it", what, domid);
    default:
        return msg_raise(report, MSG_LIVE_CALL_FAILED, &at,
                         "%s of domain %u failed", what, domid);
    }
}
