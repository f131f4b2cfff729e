/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts that the planner needs and no context holds. */
#include "restore.h"
#include "upcall.h"

#include <errno.h>
#include <sys/mman.h>
#include <xen/hvm/params.h>

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

/* Whether local APICs can be loaded into a guest that has run: either each
 * vCPU gets an upcall afterwards, or none comes through them.  A guest may
 * have vectors of each vCPU beside the domain's (HVMOP 23,
 * HVMOP_set_evtchn_upcall_vector), which Xen then uses and its log tells. */
static bool keeps_upcalls(struct restore *job)
{
    enum upcall_way way = upcall_way(job->callback);
    uint32_t domid = job->domain.domid;

    job->vector = 0;
    if (way == UPCALL_VECTOR)
        return upcall_vector(job->xlc, domid) == 0;
    if (way != UPCALL_PER_VCPU)
        return false;
    if (!upcall_needs_vector(job->wanted))
        return true;
    job->vector = upcall_vector(job->xlc, domid);
    return job->vector != 0;
}

/* The log is read for a callback that was not known, as that takes long.
 * "GSI 1", which stands for vectors of each vCPU, is a line, too. */
static void take_callback(struct restore *job, uint64_t callback)
{
    enum upcall_way way = upcall_way(callback);

    job->facts.callback = way == UPCALL_LINE || way == UPCALL_PER_VCPU
                              ? PLAN_CALLBACK_LINE : PLAN_CALLBACK_VECTOR;
    if (callback == job->callback)
        return;
    job->callback = callback;
    job->facts.upcalls_kept = keeps_upcalls(job);
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
