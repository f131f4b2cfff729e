/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts that the planner needs and no context holds. */
#include "restore.h"
#include "upcall.h"

#include <errno.h>
#include <sys/mman.h>
#include <xen/hvm/params.h>

/* HVM_PARAM_CALLBACK_IRQ: how the upcall arrives is in bits 63:56. */
#define CALLBACK_TYPE_SHIFT 56
#define CALLBACK_GSI 0
#define CALLBACK_PCI_INTX 1

static enum plan_callback callback_of(uint64_t param)
{
    uint64_t type = param >> CALLBACK_TYPE_SHIFT;

    if (param == 0)   /* not set up */
        return PLAN_CALLBACK_VECTOR;
    return type == CALLBACK_GSI || type == CALLBACK_PCI_INTX
               ? PLAN_CALLBACK_LINE : PLAN_CALLBACK_VECTOR;
}

/* A page of the guest that can be mapped is RAM. */
static bool is_ram(void *arg, uint64_t cr3)
{
    struct restore *job = arg;
    xen_pfn_t frame = (cr3 & UINT64_C(0x000ffffffffff000)) >> 12;
    int error = 0;
    void *page = xenforeignmemory_map(job->xlc->fmem, job->domain.domid,
                                      PROT_READ, 1, &frame, &error);

    if (!page)
        return false;
    xenforeignmemory_unmap(job->xlc->fmem, page, 1);
    return error == 0;
}

/* The log is read for a callback that was not known, as that takes long. */
static void take_callback(struct restore *job, uint64_t callback)
{
    job->facts.callback = callback_of(callback);
    if (callback == job->callback)
        return;
    job->callback = callback;
    job->vector = 0;
    job->facts.upcalls_given = false;
    if (!upcall_per_vcpu(callback))
        return;
    if (upcall_needs_vector(job->wanted))
        job->vector = upcall_vector(job->xlc, job->domain.domid);
    job->facts.upcalls_given = job->vector ||
                               !upcall_needs_vector(job->wanted);
}

int restore_ask_callback(struct restore *job, domctx_report *report)
{
    uint32_t domid = job->domain.domid;
    uint64_t callback;

    if (call_param(job->xlc, domid, HVM_PARAM_CALLBACK_IRQ, &callback) < 0)
        return call_failed(report, domid, "asking for the callback",
                           errno);
    take_callback(job, callback);
    return 0;
}

int restore_facts(struct restore *job, domctx_report *report)
{
    uint32_t domid = job->domain.domid;

    if (origin_ask(job->xlc, domid, &job->origin, report) < 0)
        return -1;
    job->facts.present_version = cat_version_of(job->origin.xen_major,
                                                job->origin.xen_minor);
    if (restore_ask_callback(job, report) < 0)
        return -1;
    job->facts.amd = host_vendor() == DOMCTX_VENDOR_AMD;
    job->facts.restore_time = job->flags & XLCONTEXT_RESTORE_TIME;
    if (!(job->domain.info.flags & XEN_DOMINF_hap)) {
        job->facts.is_ram = is_ram;
        job->facts.arg = job;
    }
    return 0;
}
