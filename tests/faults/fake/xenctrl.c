/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenctrl, the calls that a context needs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define XC_WANT_COMPAT_DEVICEMODEL_API
#include <xenctrl.h>
#include <xen/grant_table.h>

#include "hvm.h"
#include "world.h"

struct xc_interface_core {
    int dummy;
};

/* Fails as told, or goes on; "after" calls do their work first. */
#define GATE(domid, detail) \
    struct fake_verdict verdict = fake_gate(__func__, domid, detail); \
    if (verdict.error != 0 && !verdict.after) { \
        return done(verdict.error); \
    }

static int done(int error)
{
    fake_leave();
    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

/* The watch of pausewatch.c is on while we hold the domain. */
extern int pausewatch_paused __attribute__((weak));

static void window(int delta)
{
    static int held;
    held += delta;
    if (&pausewatch_paused != NULL) {
        pausewatch_paused = held > 0;
    }
}

xc_interface *xc_interface_open(xentoollog_logger *logger,
                                xentoollog_logger *dombuild_logger,
                                unsigned open_flags)
{
    (void)logger;
    (void)dombuild_logger;
    (void)open_flags;
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    xc_interface *xch = NULL;
    if (verdict.error == 0) {
        xch = calloc(1, sizeof(*xch));
    }
    fake_leave();
    errno = verdict.error ? verdict.error : errno;
    return xch;
}

int xc_interface_close(xc_interface *xch)
{
    fake_gate(__func__, 0, "");
    free(xch);
    return done(0);
}

static void describe(const struct fake_domain *d, xc_domaininfo_t *info)
{
    memset(info, 0, sizeof(*info));
    info->domain = (domid_t)d->domid;
    info->flags = (d->type != FAKE_PV ? XEN_DOMINF_hvm_guest : 0) |
                  (d->dying == 1 ? XEN_DOMINF_dying : 0) |
                  (d->type != FAKE_PV && !d->shadow ? XEN_DOMINF_hap : 0) |
                  (d->pauses > 0 ? XEN_DOMINF_paused : XEN_DOMINF_running);
    if (d->crashed) {
        info->flags |= XEN_DOMINF_shutdown |
                       3u << XEN_DOMINF_shutdownshift;
    }
    info->shared_info_frame = d->shared_frame;
    info->cpu_time = d->cpu_time;
    info->max_vcpu_id = d->vcpus - 1;
    for (unsigned int i = 0; i < d->vcpus; i++) {
        info->nr_online_vcpus += d->up >> i & 1;
    }
    memcpy(info->handle, d->uuid, sizeof(d->uuid));
}

static void describe_dom0(xc_domaininfo_t *info)
{
    memset(info, 0, sizeof(*info));
    info->flags = XEN_DOMINF_running;
    info->cpu_time = 1;
    info->nr_online_vcpus = 1;
}

int xc_domain_getinfolist(xc_interface *xch, uint32_t first,
                          unsigned int max, xc_domaininfo_t *info)
{
    (void)xch;
    GATE(first, "");
    unsigned int n = 0;
    if (first == 0 && n < max) {
        describe_dom0(&info[n++]);
        first = 1;
    }
    while (n < max) {
        struct fake_domain *d = fake_domain_from(first);
        if (d == NULL) {
            break;
        }
        fake_look(d);
        describe(d, &info[n++]);
        first = d->domid + 1;
    }
    if (done(verdict.error) != 0) {
        return -1;
    }
    return (int)n;
}

int xc_domain_pause(xc_interface *xch, uint32_t domid)
{
    (void)xch;
    GATE(domid, "");
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL) {
        return done(ESRCH);
    }
    fake_pause(d);
    if (d->swell != 0) {
        d->swell--;
        d->extra += 100000;
    }
    if (d->port_grow != 0) {
        d->port_grow--;
        for (uint32_t i = 0; i < 100; i++) {
            fake_bind(d, &(struct fake_port){ .port = d->ports_valid + i,
                                              .status = EVTCHNSTAT_ipi });
        }
        d->ports_valid += 100;
    }
    if (d->reborn != 0 && --d->reborn == 0) {
        d->uuid[0] ^= 0xff;
    }
    if (verdict.error == 0) {
        window(1);
    }
    return done(verdict.error);
}

int xc_domain_unpause(xc_interface *xch, uint32_t domid)
{
    (void)xch;
    GATE(domid, "");
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL) {
        return done(ESRCH);
    }
    int error = fake_unpause(d);
    window(-1);
    return done(error ? error : verdict.error);
}

int xc_domain_hvm_getcontext(xc_interface *xch, uint32_t domid,
                             uint8_t *buffer, uint32_t size)
{
    char detail[32];
    (void)xch;
    snprintf(detail, sizeof(detail), buffer ? "%u" : "query", size);
    GATE(domid, detail);
    struct fake_domain *d = fake_domain(domid);
    /* the size is told to the very end */
    if (d == NULL || d->type == FAKE_PV || (d->dying && buffer)) {
        return done(d == NULL ? ESRCH : EINVAL);
    }
    size_t worst = fake_worst(d);
    if (buffer == NULL) {
        if (d->grow != 0) {
            d->grow--;
            d->extra += 100000;   /* more than anybody keeps spare */
        }
        done(0);
        return (int)worst;
    }
    if (size < worst) {
        return done(ENOSPC);
    }
    fake_look(d);
    size_t used = fake_save(d, buffer, size);
    if (fake_host()->xen_minor <= 13) {
        /* Up to 4.13.0 the whole worst case was copied out. */
        memset(buffer + used, 0xa5, worst - used);
    }
    if (done(verdict.error) != 0) {
        return -1;
    }
    return (int)used;
}

/* The records of a blob, for the log of calls. */
static void name_records(const uint8_t *p, size_t size, char *out,
                         size_t room)
{
    size_t at = 0, used = 0;
    out[0] = '\0';
    while (size - at >= 8 && used + 16 < room) {
        size_t length = fake_get(p + at + 4, 4);
        used += (size_t)snprintf(out + used, room - used, "%s%u/%u",
                                 at ? "," : "",
                                 (unsigned int)fake_get(p + at, 2),
                                 (unsigned int)fake_get(p + at + 2, 2));
        if (length > size - at - 8) {
            return;
        }
        at += 8 + length;
    }
}

int xc_domain_hvm_setcontext(xc_interface *xch, uint32_t domid,
                             uint8_t *context, uint32_t size)
{
    char detail[800];
    (void)xch;
    name_records(context, size, detail, sizeof(detail));
    GATE(domid, detail);
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL || d->dying) {
        return done(d == NULL ? ESRCH : EINVAL);
    }
    if (d->pauses == 0) {
        fake_append("violations", "load into a running domain\n");
    }
    fake_look(d);
    if (d->let_go != 0 && --d->let_go == 0) {
        fake_unpause(d);
    }
    if (d->ignore != 0) {
        d->ignore--;
        return done(0);
    }
    int error = fake_load(d, context, size);
    if (error == 0 && d->refuse != 0) {
        d->refuse--;
        error = EINVAL;
    }
    return done(error ? error : verdict.error);
}

int xc_domain_get_tsc_info(xc_interface *xch, uint32_t domid, uint32_t *mode,
                           uint64_t *nsec, uint32_t *khz,
                           uint32_t *incarnation)
{
    (void)xch;
    GATE(domid, "");
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL) {
        return done(ESRCH);
    }
    d->tsc_ns += d->still ? 0 : 1000;
    *mode = d->tsc_mode;
    *nsec = d->tsc_ns;
    *khz = d->tsc_khz;
    *incarnation = d->tsc_incarnation;
    return done(verdict.error);
}

int xc_domain_get_guest_width(xc_interface *xch, uint32_t domid,
                              unsigned int *width)
{
    (void)xch;
    GATE(domid, "");
    if (fake_domain(domid) == NULL) {
        return done(ESRCH);
    }
    *width = 8;
    return done(verdict.error);
}

/* A vCPU sleeps unless it is told to be busy or to wait; one that is busy
 * used all the time since the machine came up. */
int xc_vcpu_getinfo(xc_interface *xch, uint32_t domid, uint32_t vcpu,
                    xc_vcpuinfo_t *info)
{
    struct timespec now;
    char detail[32];
    (void)xch;
    snprintf(detail, sizeof(detail), "%u", vcpu);
    GATE(domid, detail);
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL || vcpu >= d->vcpus) {
        return done(d == NULL ? ESRCH : EINVAL);
    }
    bool busy = d->busy >> vcpu & 1;
    bool waiting = d->waiting >> vcpu & 1;
    clock_gettime(CLOCK_MONOTONIC, &now);
    memset(info, 0, sizeof(*info));
    info->vcpu = vcpu;
    info->online = d->up >> vcpu & 1;
    info->blocked = info->online && !busy && !waiting;
    info->running = info->online && busy && d->pauses == 0;
    info->cpu_time = busy ? (uint64_t)now.tv_sec * 1000000000u +
                            (uint64_t)now.tv_nsec
                     : waiting ? 7 : d->cpu_time / d->vcpus;
    return done(verdict.error);
}

/* Xen's own ports are hidden in 4.15 to 4.18. */
int xc_evtchn_status(xc_interface *xch, xc_evtchn_status_t *status)
{
    char detail[32];
    (void)xch;
    snprintf(detail, sizeof(detail), "%u", status->port);
    GATE(status->dom, detail);
    struct fake_domain *d = fake_domain(status->dom);
    if (d == NULL || status->port >= d->ports_valid) {
        return done(d == NULL ? ESRCH : EINVAL);
    }
    const struct fake_port *p = fake_port(d, status->port, false);
    uint32_t minor = fake_host()->xen_minor;
    if (p != NULL && p->of_xen && minor >= 15 && minor <= 18) {
        return done(EACCES);
    }
    memset(&status->u, 0, sizeof(status->u));
    status->status = EVTCHNSTAT_closed;
    if (p == NULL || status->port == 0) {
        return done(verdict.error);
    }
    status->status = p->status;
    status->vcpu = p->vcpu;
    if (p->status == EVTCHNSTAT_interdomain) {
        status->u.interdomain.dom = (domid_t)p->domid;
        status->u.interdomain.port = p->value;
    } else if (p->status == EVTCHNSTAT_unbound) {
        status->u.unbound.dom = (domid_t)p->domid;
    } else {
        status->u.virq = p->value;
    }
    return done(verdict.error);
}

int xc_gnttab_query_size(xc_interface *xch, struct gnttab_query_size *query)
{
    (void)xch;
    GATE(query->dom, "");
    struct fake_domain *d = fake_domain(query->dom);
    query->status = d == NULL ? GNTST_bad_domain : GNTST_okay;
    if (d != NULL) {
        query->nr_frames = d->grant_frames;
        query->max_nr_frames = d->grant_max;
        if (d->grant_grow != 0) {
            d->grant_grow--;
            d->grant_frames++;
        }
    }
    return done(verdict.error);
}

int xc_gnttab_get_version(xc_interface *xch, uint32_t domid)
{
    (void)xch;
    GATE(domid, "");
    struct fake_domain *d = fake_domain(domid);
    if (done(d == NULL ? ESRCH : verdict.error) != 0) {
        return -1;
    }
    return (int)d->grant_version;
}

int xc_hvm_param_get(xc_interface *xch, uint32_t domid, uint32_t param,
                     uint64_t *value)
{
    char detail[32];
    (void)xch;
    snprintf(detail, sizeof(detail), "%u", param);
    GATE(domid, detail);
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL || d->type == FAKE_PV) {
        return done(d == NULL ? ESRCH : EINVAL);
    }
    *value = param == 0    ? d->callback
             : param == 1  ? 0xfeffc
             : param == 2  ? 1
             : param == 17 ? 0xfefff
             : param == 18 ? 2
             : param == 14 ? d->s_state
             : param == 28 ? d->monitor
                           : 0;
    return done(verdict.error);
}

/* A domain with the interrupt controllers of a PC is given its upcalls when
 * its callback is written; one without is not. */
int xc_hvm_param_set(xc_interface *xch, uint32_t domid, uint32_t param,
                     uint64_t value)
{
    char detail[32];
    (void)xch;
    snprintf(detail, sizeof(detail), "%u", param);
    GATE(domid, detail);
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL || d->type == FAKE_PV) {
        return done(d == NULL ? ESRCH : EINVAL);
    }
    if (param != 0 || value != d->callback) {
        fake_append("violations", "a parameter was changed\n");
    }
    for (unsigned int v = 0; d->type == FAKE_HVM && v < d->vcpus; v++) {
        fake_give(d, v);
    }
    return done(verdict.error);
}

int xc_hvm_inject_msi(xc_interface *xch, uint32_t domid, uint64_t address,
                      uint32_t data)
{
    char detail[48];
    (void)xch;
    snprintf(detail, sizeof(detail), "0x%llx 0x%x",
             (unsigned long long)address, data);
    GATE(domid, detail);
    struct fake_domain *d = fake_domain(domid);
    if (d == NULL) {
        return done(ESRCH);
    }
    if (address >> 20 != 0xfee || data != d->vector ||
        d->callback >> 56 == 2) {
        fake_append("violations", "an interrupt that the guest knows not\n");
        return done(0);
    }
    for (unsigned int v = 0; v < d->vcpus; v++) {
        if (fake_apic_id(d, v) == (address >> 12 & 0xff)) {
            fake_give(d, v);
        }
    }
    return done(verdict.error);
}

/* FAKE_XEN_RING: so many of the newest bytes are left in the ring. */
static size_t oldest_left(size_t end)
{
    const char *ring = getenv("FAKE_XEN_RING");
    size_t size = ring ? strtoul(ring, NULL, 10) : end;
    return end > size ? end - size : 0;
}

int xc_readconsolering(xc_interface *xch, char *buffer, unsigned int *count,
                       int clear, int incremental, uint32_t *index)
{
    (void)xch;
    GATE(0, "");
    if (clear) {
        fake_append("violations", "the log of the hypervisor was cleared\n");
    }
    size_t end = fake_console_size();
    size_t from = incremental && index != NULL ? *index
                : end > 16384 ? end - 16384 : 0;
    if (from > end) {
        from = end;
    }
    if (from < oldest_left(end)) {
        from = oldest_left(end);
    }
    size_t n = end - from < *count ? end - from : *count;
    n = fake_read_console(buffer, n, from);
    *count = (unsigned int)n;
    if (index != NULL) {
        *index = (uint32_t)(from + n);
    }
    return done(verdict.error);
}

int xc_version(xc_interface *xch, int cmd, void *arg)
{
    (void)xch;
    GATE(0, "");
    const struct fake_host *host = fake_host();
    if (cmd == XENVER_version) {
        done(verdict.error);
        return verdict.error ? -1
            : (int)(host->xen_major << 16 | host->xen_minor);
    } else if (cmd == XENVER_extraversion) {
        snprintf(arg, sizeof(xen_extraversion_t), "%.15s", host->extra);
    } else if (cmd == XENVER_changeset) {
        snprintf(arg, sizeof(xen_changeset_info_t), "%s", host->changeset);
    } else {
        return done(ENOSYS);
    }
    return done(verdict.error);
}
