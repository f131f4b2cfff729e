/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The world of the fake Xen: a folder (environment FAKE_XEN) that several
 * processes share.  A file "host", a file "dom-N" for each domain, "console"
 * with the hypervisor's log, "calls" with a line for each library call and
 * "violations" with what must never happen.
 *
 * What the model does is what Xen 4.17 does, as far as a live load can tell;
 * the knobs below make it behave like other releases or set a trap.
 */
#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_VCPUS 4
#define FAKE_RECORDS 96
#define FAKE_BODY 1088
#define FAKE_GSIS 64
#define FAKE_MSRS 8
#define FAKE_NO_FRAME UINT64_MAX
#define FAKE_FRAMES 0x30000  /* the guest's RAM, in pages */
#define FAKE_GRANTS 40       /* frames of a grant table, at most */
#define FAKE_STATUS 5        /* and of their status */
#define FAKE_PORTS 160       /* event channels that are not closed */

enum fake_type { FAKE_PV, FAKE_PVH, FAKE_HVM };

struct fake_host {
    uint32_t magic;
    uint32_t xen_major, xen_minor;
    char extra[32];
    char changeset[64];
    uint32_t next_domid;
};

struct fake_record {
    uint16_t typecode, instance;
    uint32_t length;
    bool present;
    _Alignas(8) uint8_t body[FAKE_BODY];
};

struct fake_msr {
    uint32_t index;
    uint64_t value;
};

/* An event channel; port 0 ends the list. */
struct fake_port {
    uint32_t port, status, vcpu, value;   /* EVTCHNSTAT_*; port, virq, pirq */
    uint32_t domid;
    uint32_t of_xen;
};

struct fake_domain {
    uint8_t shared_info[4096];  /* first pages of the file: mapped as they */
    uint8_t grants[FAKE_GRANTS][4096];   /* are */
    uint8_t grant_status[FAKE_STATUS][4096];
    uint32_t magic;
    uint32_t domid;
    uint32_t type;              /* enum fake_type */
    char name[64];
    uint8_t uuid[16];
    uint32_t vcpus, up;         /* number; mask of the ones that are up */
    int32_t pauses;             /* the hypervisor's count */
    uint32_t crashed;
    uint32_t dying;             /* 1: and Xen lists it so; 2: not yet */
    uint64_t cpu_time;          /* ns */
    uint64_t shared_frame;      /* FAKE_NO_FRAME: guest did not place it */
    uint32_t tsc_mode, tsc_khz, tsc_incarnation;
    uint64_t tsc_ns;
    uint32_t header_khz;        /* what HEADER carries */
    uint64_t callback;          /* HVM_PARAM_CALLBACK_IRQ */
    uint32_t callback_asserted; /* its line is up, the saver hides it */
    uint32_t upcall;            /* vCPUs with event-pending flag set */
    uint32_t lost;              /* vCPUs that never wake again */
    uint32_t gsi[FAKE_GSIS];    /* assert counters */
    struct fake_msr msr[FAKE_VCPUS][FAKE_MSRS];
    /* knobs */
    uint32_t vector;            /* of the upcall */
    uint32_t arrive;            /* so many looks bring an upcall, */
    uint32_t delay;             /* after so many that do not */
    uint32_t grow;              /* so many size queries are outgrown */
    uint32_t swell;             /* so many pauses find it grown */
    uint32_t extra;             /* bytes the worst case has grown by */
    uint32_t still;             /* nothing moves by itself */
    uint32_t intel;             /* a CPU load leaves PAT alone */
    uint32_t shadow;            /* shadow paging: CR3 has to be in RAM */
    uint32_t refuse;            /* this many more loads are refused */
    uint32_t ignore;            /* this many loads "work" but do nothing */
    uint32_t vanish;            /* dies after so many more calls */
    uint32_t doom;              /* is being destroyed, likewise */
    uint32_t resume;            /* somebody unpauses it whole, likewise */
    uint32_t halt;              /* somebody pauses it, likewise */
    uint32_t collapse;          /* crashes by itself, likewise */
    uint32_t turn;              /* sets another callback, likewise, if it
                                 * runs then: */
    uint64_t turn_to;           /* this one; 0: vector 0x30 */
    uint32_t rename;            /* has another name, likewise */
    uint32_t reborn;            /* another domain has its number after so
                                 * many more pauses */
    uint32_t heir;              /* likewise, after so many more calls, being
                                 * built: paused once */
    uint32_t let_go;            /* somebody else's pause ends during the load
                                 * of that number */
    uint32_t offset_set;        /* the toolstack has set the RTC's offset */
    uint32_t policy_debug;      /* DR6 and DR7 bits of TSX and bus locks */
    uint32_t busy;              /* vCPUs that use all the time there is, */
    uint32_t waiting;           /* neither run nor sleep */
    uint32_t s_state, monitor;  /* parameters 14 and 28 */
    uint32_t ports_valid;       /* ports that exist */
    struct fake_port ports[FAKE_PORTS];
    uint32_t grant_frames, grant_max, grant_version;
    uint32_t grant_grow;        /* so many size queries are outgrown */
    uint32_t port_grow;         /* so many pauses bring more ports */
    uint32_t n_records;
    struct fake_record records[FAKE_RECORDS];
};

/* What the gate decided about a call. */
struct fake_verdict {
    int error;     /* errno to fail with, or 0; a signal is raised there */
    bool after;    /* do the work, then fail */
};

/* The world; exits with a message when FAKE_XEN is not set or unreadable. */
struct fake_host *fake_host(void);
struct fake_domain *fake_domain(uint32_t domid);   /* NULL: none */
struct fake_domain *fake_domain_from(uint32_t domid);
struct fake_domain *fake_domain_named(const char *name);
struct fake_domain *fake_create(uint32_t domid);
int fake_domain_fd(uint32_t domid);                /* -1: none */

/* Every library call begins with the gate and ends with the leave. */
struct fake_verdict fake_gate(const char *name, uint32_t domid,
                              const char *detail);
void fake_leave(void);
const char *fake_errnos(const char *name);         /* "EPERM EINVAL ..." */
int fake_errno_of(const char *word);

void fake_append(const char *file, const char *text);
__attribute__((format(printf, 1, 2)))
void fake_console(const char *format, ...);
/* The lines of the file "beside": what else Xen says during a load. */
void fake_console_beside(void);
size_t fake_console_size(void);
size_t fake_read_console(char *buffer, size_t size, size_t from);

/* The guest. */
void fake_run(struct fake_domain *d);     /* a while of running */
void fake_look(struct fake_domain *d);    /* what moves by itself */
void fake_arrive(struct fake_domain *d, unsigned int vcpu);
void fake_give(struct fake_domain *d, unsigned int vcpu);
uint64_t fake_apic_id(struct fake_domain *d, unsigned int vcpu);
void fake_pause(struct fake_domain *d);
int fake_unpause(struct fake_domain *d);  /* errno */

/* Records. */
struct fake_record *fake_record(struct fake_domain *d, unsigned int typecode,
                                unsigned int instance);
uint8_t *fake_body(struct fake_domain *d, unsigned int typecode,
                   unsigned int instance);   /* of one that there is */
struct fake_record *fake_add(struct fake_domain *d, unsigned int typecode,
                             unsigned int instance, uint32_t length);
void fake_build(struct fake_domain *d);   /* a guest that has booted */
size_t fake_worst(const struct fake_domain *d);
size_t fake_save(struct fake_domain *d, uint8_t *out, size_t room);
int fake_load(struct fake_domain *d, const uint8_t *p, size_t size);
void fake_correct(struct fake_domain *d, struct fake_record *r,
                  const uint8_t *before);   /* what a loader changes */
void fake_count_pci(struct fake_domain *d);     /* clears all first */
void fake_count_isa(struct fake_domain *d);
void fake_count_links(struct fake_domain *d);
void fake_count_gsis(struct fake_domain *d);    /* the three of them */

/* The port of that number, which is added if there is none and add is set;
 * NULL. */
struct fake_port *fake_port(struct fake_domain *d, uint32_t port, bool add);
void fake_bind(struct fake_domain *d, const struct fake_port *as);

uint64_t fake_get(const uint8_t *p, size_t width);
void fake_put(uint8_t *p, uint64_t value, size_t width);

#endif
