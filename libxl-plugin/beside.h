/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What dom0 can see of a domain beside its context: event channels, grant
 * table, HVM parameters, policies, what the scheduler knows of its vCPUs.
 *
 * Reading changes nothing of the domain.  What cannot be had is left out, for
 * a reason that is kept until it can be told.
 */
#ifndef LIBXL_PLUGIN_BESIDE_H
#define LIBXL_PLUGIN_BESIDE_H

#include "xlcontext-internal.h"

struct upcalls;

/* In the order of XLCONTEXT_SAVE_EVTCHN and on. */
enum beside_part {
    BESIDE_EVTCHN, BESIDE_GRANTS, BESIDE_PARAMS, BESIDE_POLICY, BESIDE_VCPUS,
    BESIDE_PARTS
};

/* Why something is missing: an errno, or words in its place. */
struct beside_lack {
    int error;
    const char *words;
};

/* One part. */
struct beside_fate {
    bool wanted;
    bool taken;              /* and is whole, unless there is a lack */
    struct beside_lack lack;
};

/* Event channels. */
struct beside_ports {
    struct domctx_evtchn record;
    struct domctx_port *port;
    size_t room;             /* of port[] */
    struct beside_lack params;   /* why the parameters are not known */
    uint8_t *pending;        /* the shared info before the context */
    bool has_pending;
};

/* Some frames of a grant table, mapped and copied. */
struct beside_frames {
    uint32_t count;
    xenforeignmemory_resource_handle **mapped;   /* of a few frames each */
    const uint8_t **at;
    uint32_t n_mapped;
    uint8_t *copy;
};

struct beside_grants {
    uint32_t version, frames, max;
    struct beside_frames shared, status;
};

struct beside_params {
    uint32_t count;
    struct domctx_hvm_param value[HVM_NR_PARAMS];
};

struct beside_vcpu {
    bool known, online, blocked;
    bool running, waiting;   /* before the pause */
    int upcall;              /* an event that it was not told of: 1; -1: not
                              * known */
    uint32_t cpu;            /* where it ran last */
    uint64_t cpu_time;
};

struct beside {
    struct beside_fate fate[BESIDE_PARTS];
    bool paused;             /* taken inside a pause of ours, */
    uint64_t time_ns;        /* at this time */
    struct beside_ports ports;
    struct beside_grants grants;
    struct beside_params params;
    struct domctx_policy *policy;
    struct beside_vcpu *vcpu;
    uint32_t n_vcpus;
    struct upcalls *upcalls; /* for the caller to find */
};

/* Get ready: allocate, map, and read what a pause does not change.  with: of
 * XLCONTEXT_SAVE_ALL; 0 makes of all of these calls nothing.  -1 only when
 * memory is short. */
int beside_prepare(xlcontext *xlc, const struct domain *domain,
                   unsigned int with, struct beside *beside,
                   domctx_report *report);

/* Take what comes before the context, with the mapped shared info or NULL;
 * and what comes behind it.  In a pause: they allocate nothing.  1 when the
 * domain has more than was prepared for. */
int beside_before(xlcontext *xlc, const struct domain *domain,
                  const uint8_t *shared_info, struct beside *beside);
int beside_after(xlcontext *xlc, const struct domain *domain,
                 struct beside *beside);

/* Add the records to an image.  is_32bit: the guest's shared info. */
int beside_add(const struct beside *beside, bool is_32bit,
               domctx_builder *builder, domctx_report *report);

/* Say what is missing, and why. */
void beside_tell(const struct beside *beside, domctx_report *report);

/* Free and unmap. */
void beside_release(xlcontext *xlc, struct beside *beside);

/* ------------------------------------------------------------------ */
/* One part a function, of the files beside-*.c                         */
/* ------------------------------------------------------------------ */

/* 0, or -1 when memory is short. */
int ports_prepare(xlcontext *xlc, const struct domain *domain,
                  struct beside *beside);
/* 0, or 1 when there are more of them. */
int ports_walk(xlcontext *xlc, uint32_t domid, struct beside *beside);
void ports_params(xlcontext *xlc, uint32_t domid, struct beside *beside);
int ports_add(const struct beside *beside, bool is_32bit,
              domctx_builder *builder, domctx_report *report);
void ports_release(struct beside_ports *ports);

int params_add(const struct beside *beside, domctx_builder *builder,
               domctx_report *report);
void params_read(xlcontext *xlc, uint32_t domid, struct beside *beside);
int policy_prepare(xlcontext *xlc, uint32_t domid, struct beside *beside);
int policy_add(const struct beside *beside, domctx_builder *builder,
               domctx_report *report);

int vcpus_prepare(xlcontext *xlc, const struct domain *domain,
                  struct beside *beside);
void vcpus_upcalls(struct beside *beside);
void vcpus_read(xlcontext *xlc, uint32_t domid, struct beside *beside);
int vcpus_add(const struct beside *beside, domctx_builder *builder,
              domctx_report *report);

int grants_prepare(xlcontext *xlc, uint32_t domid, struct beside *beside);
int grants_copy(xlcontext *xlc, uint32_t domid, struct beside *beside);
int grants_add(const struct beside *beside, domctx_builder *builder,
               domctx_report *report);
void grants_release(xlcontext *xlc, struct beside_grants *grants);

#endif /* LIBXL_PLUGIN_BESIDE_H */
