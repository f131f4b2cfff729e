/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xlcontext_look(): a context, and the hypervisor's view of the domain. */
#include "guest-memory.h"
#include "save.h"

#include <errno.h>
#include <stdlib.h>

/* The parts that the patterns of domctx_diagnose() use. */
#define LOOK_WITH (XLCONTEXT_SAVE_EVTCHN | XLCONTEXT_SAVE_GRANTS)

/* What can be had without the pause, before it: whether a vCPU is on a
 * processor, and whether it is neither there nor asleep. */
static void look_before(xlcontext *xlc, const struct domain *domain,
                        struct domctx_live *live)
{
    uint32_t flags = domain->info.flags;

    live->paused = domain->paused;
    live->shut_down = flags & XEN_DOMINF_shutdown;
    live->debugged = flags & XEN_DOMINF_debugged;
    if (live->shut_down)
        live->reason = flags >> XEN_DOMINF_shutdownshift &
                       XEN_DOMINF_shutdownmask;
    live->pages = domain->info.tot_pages;
    live->n_vcpus = domain->info.max_vcpu_id + 1;
    if (live->n_vcpus > DOMCTX_LIVE_VCPUS)
        live->n_vcpus = DOMCTX_LIVE_VCPUS;
    for (uint32_t v = 0; v < live->n_vcpus; v++) {
        xc_vcpuinfo_t info;

        if (call_vcpu_info(xlc, domain->domid, v, &info) < 0)
            continue;
        live->vcpu[v].running = info.running;
        live->vcpu[v].waiting = info.online && !info.running &&
                                !info.blocked;
    }
}

/* Behind the context: an event that came before it has ended the sleep. */
static void look_after(xlcontext *xlc, uint32_t domid,
                       struct domctx_live *live)
{
    for (uint32_t v = 0; v < live->n_vcpus; v++) {
        xc_vcpuinfo_t info;

        if (call_vcpu_info(xlc, domid, v, &info) < 0)
            continue;
        live->vcpu[v].known = true;
        live->vcpu[v].online = info.online;
        live->vcpu[v].blocked = info.blocked;
        live->vcpu[v].cpu_time_ns = info.cpu_time;
    }
}

/* Those that a release refuses are not known. */
static void look_at_params(xlcontext *xlc, uint32_t domid,
                           struct domctx_live *live)
{
    static const unsigned int wanted[] = {
        HVM_PARAM_CALLBACK_IRQ, HVM_PARAM_ACPI_S_STATE,
        HVM_PARAM_PAGING_RING_PFN, HVM_PARAM_MONITOR_RING_PFN,
        HVM_PARAM_SHARING_RING_PFN,
    };

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (call_param(xlc, domid, wanted[i], &live->param[wanted[i]]) == 0)
            live->params_known |= UINT64_C(1) << wanted[i];
}

/* One window.  Returns 1 when the domain had outgrown the preparation. */
static int look_once(xlcontext *xlc, struct domain *domain,
                     struct capture *capture, const struct upcalls *upcalls,
                     const domctx_symbols *symbols,
                     struct xlcontext_looked *looked, domctx_report *report)
{
    struct window window;
    int rc;

    looked->live = (struct domctx_live){ .time_ns = 0 };
    look_before(xlc, domain, &looked->live);
    if (window_open(xlc, &window, domain, report) < 0)
        return -1;
    upcalls_read(upcalls, &looked->live);
    rc = capture_fetch(xlc, domain, capture, report);
    look_after(xlc, domain->domid, &looked->live);
    if (rc == 0 && symbols)
        rc = memory_read(xlc, domain->domid, capture, symbols,
                         &looked->memory, report);
    if (window_close(xlc, &window, false, report) < 0)
        rc = -1;
    if (rc == 0 && domain->gone)
        gone_behind(domain->domid, report);
    looked->live.time_ns = window.start_ns;
    looked->paused_ns = window.length_ns;
    return rc;
}

static int look(xlcontext *xlc, uint32_t domid,
                const domctx_symbols *symbols,
                struct xlcontext_looked *looked, domctx_report *report)
{
    struct capture capture;
    struct upcalls upcalls;
    struct domain domain;
    struct origin origin;
    int rc = 1;

    if (origin_ask(xlc, domid, &origin, report) < 0)
        return -1;
    for (int i = 0; rc == 1 && i < CAPTURE_GROWTHS; i++) {
        if (domain_look(xlc, domid, &domain, report) < 0 ||
            capture_prepare(xlc, &domain, LOOK_WITH, &capture, report) < 0)
            return -1;
        upcalls_find(xlc, &domain, &capture, symbols, &upcalls);
        rc = look_once(xlc, &domain, &capture, &upcalls, symbols, looked,
                       report);
        upcalls_release(xlc, &upcalls);
        if (rc != 0)
            capture_release(xlc, &capture);
    }
    if (rc == 1)
        return capture_outgrown(domid, report);
    if (rc < 0)
        return -1;
    if (domain.hvm)
        look_at_params(xlc, domid, &looked->live);
    rc = capture_image(&origin, &domain, &capture, 0, &looked->image,
                       &looked->size, report);
    capture_release(xlc, &capture);
    return rc;
}

int xlcontext_look_with(xlcontext *xlc, uint32_t domid,
                        const domctx_symbols *symbols,
                        struct xlcontext_looked *looked,
                        domctx_report *report)
{
    *looked = (struct xlcontext_looked){ .image = NULL };
    if (look(xlc, domid, symbols, looked, report) == 0)
        return 0;
    domctx_memory_free(looked->memory);
    *looked = (struct xlcontext_looked){ .image = NULL };
    return -1;
}

int xlcontext_look(xlcontext *xlc, uint32_t domid,
                   struct xlcontext_looked *looked, domctx_report *report)
{
    return xlcontext_look_with(xlc, domid, NULL, looked, report);
}
