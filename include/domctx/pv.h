/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paravirtual state of a domain: what its channels, grants, parameters and
 * policies are, and what the hypervisor tells of its vCPUs.
 *
 * These records are captured to be looked at.  Nothing puts them back: see
 * xen-domain-context(5), which has their layouts, for the reasons.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_PV_H
#define DOMCTX_PV_H

/* -- Paravirtual state: what its numbers mean ---------------------------- */

/* flags of EVTCHN. */
#define DOMCTX_EVTCHN_PAUSED    UINT32_C(0x01) /* the domain was, meanwhile */
#define DOMCTX_EVTCHN_ABI       UINT32_C(0x02) /* the ABI is known: */
#define DOMCTX_EVTCHN_FIFO      UINT32_C(0x04) /* FIFO, else 2-level */
#define DOMCTX_EVTCHN_32BIT     UINT32_C(0x08) /* 32-bit shared info */
#define DOMCTX_EVTCHN_COMPLETE  UINT32_C(0x10) /* all ports were asked for */
#define DOMCTX_EVTCHN_HIDDEN    UINT32_C(0x20) /* Xen hides its own ports:
                                                * status 255 is one */

/* status of a port: that of EVTCHNOP_status. */
enum domctx_port_status {
    DOMCTX_PORT_UNBOUND = 1,      /* waits for the remote domain */
    DOMCTX_PORT_INTERDOMAIN = 2,
    DOMCTX_PORT_PIRQ = 3,
    DOMCTX_PORT_VIRQ = 4,
    DOMCTX_PORT_IPI = 5,
    DOMCTX_PORT_REFUSED = 255,    /* Xen did not tell */
};

/* flags of a port. */
#define DOMCTX_PORT_PENDING     UINT8_C(0x01)
#define DOMCTX_PORT_MASKED      UINT8_C(0x02)
#define DOMCTX_PORT_KNOWN       UINT8_C(0x04) /* those two are known */
#define DOMCTX_PORT_LINKED      UINT8_C(0x08) /* in a queue, under FIFO */

#define DOMCTX_PRIORITY_UNKNOWN UINT8_C(255)
#define DOMCTX_DOMID_NONE       UINT16_C(0x7fff)
#define DOMCTX_NOT_READ         UINT64_MAX    /* callback_irq,
                                               * shared_info_gfn */
#define DOMCTX_CPU_UNKNOWN      UINT32_MAX

/* flags of GRANT_TABLE. */
#define DOMCTX_GRANTS_PAUSED    UINT32_C(0x01)
#define DOMCTX_FRAME_SIZE       4096u

/* flags of VCPU_STATE; the members of struct domctx_live_vcpu. */
#define DOMCTX_VCPU_ONLINE          UINT32_C(0x01)
#define DOMCTX_VCPU_BLOCKED         UINT32_C(0x02)
#define DOMCTX_VCPU_RUNNING         UINT32_C(0x04)
#define DOMCTX_VCPU_WAITING         UINT32_C(0x08)
#define DOMCTX_VCPU_UPCALL_KNOWN    UINT32_C(0x10)
#define DOMCTX_VCPU_UPCALL_PENDING  UINT32_C(0x20)

/* -- Paravirtual state: what goes into the records ----------------------- */

/* One event channel.  Since 0.1. */
struct domctx_port {
    uint32_t port;
    uint8_t status;        /* enum domctx_port_status */
    uint8_t flags;         /* DOMCTX_PORT_* */
    uint8_t priority;      /* 0 the highest to 15, or unknown */
    uint8_t reserved0;     /* 0 */
    uint32_t vcpu;         /* that is notified */
    uint32_t remote;       /* remote port, virq or pirq; 0 for the rest */
    uint16_t domid;        /* remote domain of unbound and interdomain ports,
                            * else DOMCTX_DOMID_NONE */
    uint16_t reserved1;    /* 0 */
    uint32_t reserved2[3]; /* 0 */
};

/* All of a domain.  Since 0.1. */
struct domctx_evtchn {
    uint32_t flags;            /* DOMCTX_EVTCHN_* */
    uint32_t nr_valid;         /* the first port that does not exist */
    uint32_t max_port;         /* limit of the domain's configuration; 0: not
                                * known */
    uint32_t store_port, console_port; /* 0: there is none */
    uint32_t reserved0;        /* 0 */
    uint64_t callback_irq;     /* the HVM parameter, or DOMCTX_NOT_READ */
    uint64_t shared_info_gfn;  /* DOMCTX_NOT_READ: it is in no frame */
    const struct domctx_port *ports; /* that are not closed, ascending */
    size_t n_ports;
    uint64_t reserved[4];      /* 0 */
};

/* The grant table of a domain.  Since 0.1. */
struct domctx_grant_table {
    uint32_t flags;            /* DOMCTX_GRANTS_* */
    uint32_t version;          /* 1 or 2 */
    uint32_t nr_frames;        /* in use by the domain */
    uint32_t max_nr_frames;
    uint32_t nr_stored;        /* frames at shared: fewer than nr_frames where
                                * the last ones were all zero */
    uint32_t nr_status;        /* frames at status; 0 for version 1 */
    const void *shared;        /* DOMCTX_FRAME_SIZE bytes each */
    const void *status;
    uint64_t reserved[4];      /* 0 */
};

/* What the hypervisor tells of a vCPU beside its context.  Since 0.1. */
struct domctx_vcpu_state {
    uint32_t flags;            /* DOMCTX_VCPU_* */
    uint32_t cpu;              /* the processor it ran on last */
    uint64_t cpu_time_ns;
    uint64_t time_ns;          /* when this was; of any clock of the host that
                                * never goes back */
    uint64_t reserved[4];      /* 0 */
};

/*
 * Add such a record to an image under construction; what is handed in is
 * copied.  The fields of a parameter, a leaf and an MSR are those of a save
 * stream.  Since 0.1.
 * Ids: build-kind, build-limit, build-type, no-memory.
 */
int domctx_builder_evtchn(domctx_builder *builder,
                          const struct domctx_evtchn *evtchn,
                          domctx_report *report);
/* Likewise, GRANT_TABLE.
 * Ids: build-kind, build-limit, build-type, no-memory. */
int domctx_builder_grant_table(domctx_builder *builder,
                               const struct domctx_grant_table *table,
                               domctx_report *report);
/* Likewise, HVM_PARAMS.
 * Ids: build-kind, build-limit, build-type, no-memory. */
int domctx_builder_hvm_params(domctx_builder *builder,
                              const struct domctx_hvm_param *params,
                              size_t count, domctx_report *report);
/* Likewise, VCPU_STATE of that vCPU.
 * Ids: build-kind, build-limit, build-type, no-memory. */
int domctx_builder_vcpu_state(domctx_builder *builder, uint32_t vcpu,
                              const struct domctx_vcpu_state *state,
                              domctx_report *report);
/* Likewise, CPUID_POLICY.
 * Ids: build-kind, build-limit, build-type, no-memory. */
int domctx_builder_cpuid_policy(domctx_builder *builder,
                                const struct domctx_cpuid_leaf *leaves,
                                size_t count, domctx_report *report);
/* Likewise, MSR_POLICY.
 * Ids: build-kind, build-limit, build-type, no-memory. */
int domctx_builder_msr_policy(domctx_builder *builder,
                              const struct domctx_policy_msr *msrs,
                              size_t count, domctx_report *report);

#endif /* DOMCTX_PV_H */
