/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state of a domain that dom0 can read apart from its context: event
 * channels, grant table, HVM parameters, policies, and the scheduler's view of
 * its vCPUs.
 *
 * Reading does not change the domain.  State that cannot be read is left out,
 * and the reason is kept for a later report.
 */
#ifndef LIBXL_PLUGIN_BESIDE_H
#define LIBXL_PLUGIN_BESIDE_H

#include "xlcontext-internal.h"

struct upcalls;

/* In the order of XLCONTEXT_SAVE_EVTCHN and the following flags. */
enum beside_part {
    BESIDE_EVTCHN, BESIDE_GRANTS, BESIDE_PARAMS, BESIDE_POLICY, BESIDE_VCPUS,
    BESIDE_PARTS
};

/* Why something is missing: an errno, or else words. */
struct beside_lack {
    int error;
    const char *words;
};

/* The outcome for one part. */
struct beside_fate {
    bool wanted;
    bool taken;              /* read; whole if there is no lack */
    struct beside_lack lack;
};

/* Event channels. */
struct beside_ports {
    struct domctx_evtchn record;
    struct domctx_port *port;
    size_t room;             /* elements of port[] */
    struct beside_lack params;   /* why the parameters are unknown */
    uint8_t *pending;        /* the shared info's bits before the context was
                              * fetched */
    bool has_pending;
};

/* The frames of a grant table, mapped in part, and copied. */
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
    int upcall;              /* an event is pending for the vCPU: 1; 0; -1:
                              * unknown */
    uint32_t cpu;            /* the processor it ran on last */
    uint64_t cpu_time;
};

struct beside {
    struct beside_fate fate[BESIDE_PARTS];
    bool paused;             /* read inside a pause of ours */
    uint64_t time_ns;        /* at this time */
    struct beside_ports ports;
    struct beside_grants grants;
    struct beside_params params;
    struct domctx_policy *policy;
    struct beside_vcpu *vcpu;
    uint32_t n_vcpus;
    struct upcalls *upcalls; /* set by the caller */
};

/* Prepare: allocate, map, and read what a pause does not change.  with:
 * XLCONTEXT_SAVE_*; with 0 all these calls do nothing.  -1 only when memory is
 * short. */
int beside_prepare(xlcontext *xlc, const struct domain *domain,
                   unsigned int with, struct beside *beside,
                   domctx_report *report);

/* Read what must be read before the context, from the mapped shared info (or
 * NULL); read what must be read after it.  Both are called in the pause and
 * allocate nothing.  1: the domain has grown beyond what was prepared. */
int beside_before(xlcontext *xlc, const struct domain *domain,
                  const uint8_t *shared_info, struct beside *beside);
int beside_after(xlcontext *xlc, const struct domain *domain,
                 struct beside *beside);

/* Add the records to an image.  is_32bit: of the guest's shared info. */
int beside_add(const struct beside *beside, bool is_32bit,
               domctx_builder *builder, domctx_report *report);

/* Report what is missing, and why. */
void beside_tell(const struct beside *beside, domctx_report *report);

/* Free and unmap. */
void beside_release(xlcontext *xlc, struct beside *beside);

/* ------------------------------------------------------------------ */
/* The parts, one file beside-*.c each */
/* ------------------------------------------------------------------ */

/* 0, or -1 when memory is short. */
int ports_prepare(xlcontext *xlc, const struct domain *domain,
                  struct beside *beside);
/* 0, or 1 when there are more frames than were prepared for. */
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
