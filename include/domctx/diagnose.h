/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Why a guest stands still.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_DIAGNOSE_H
#define DOMCTX_DIAGNOSE_H

/* What the hypervisor tells of a vCPU beside its context. */
struct domctx_live_vcpu {
    bool known;            /* it was asked, and answered */
    bool online;
    bool blocked;          /* waits for an event; looked at behind the
                            * context, for an event that came ends it */
    bool running;          /* on a processor; looked at before any pause */
    bool waiting;          /* neither running nor blocked, at that time */
    bool upcall_known;     /* its vcpu_info was found in the guest, */
    bool upcall_pending;   /* and there its evtchn_upcall_pending was set,
                            * read before the context */
    uint64_t cpu_time_ns;
    uint64_t reserved[2];  /* 0 */
};

#define DOMCTX_LIVE_VCPUS 128
#define DOMCTX_LIVE_PARAMS 40

/* What the hypervisor tells of a domain beside its context.  Since 0.1. */
struct domctx_live {
    uint64_t time_ns;      /* when this was; of any clock that never goes
                            * back */
    bool paused;           /* by somebody else than the one who looks */
    bool shut_down;
    bool debugged;         /* a debugger has it */
    uint32_t reason;       /* of shut_down: 0 poweroff, 1 reboot, 2 suspend,
                            * 3 crash, 4 watchdog, 5 soft reset */
    uint64_t pages;        /* it has */
    uint32_t n_vcpus;      /* of vcpu[] */
    struct domctx_live_vcpu vcpu[DOMCTX_LIVE_VCPUS];
    uint64_t params_known; /* bit n: HVM parameter n was read */
    uint64_t param[DOMCTX_LIVE_PARAMS];
    uint64_t reserved[8];  /* 0 */
};

/* The symbols of a Linux kernel of 64 bits.  Opaque. */
typedef struct domctx_symbols domctx_symbols;

/*
 * Read the symbols of a guest's kernel: its System.map, or /proc/kallsyms as
 * root of the guest sees it.  Addresses are those of a kernel that was not
 * moved (KASLR), or was moved as in the guest.  *symbols is for
 * domctx_symbols_free(), and does not need text any more; on failure it is
 * NULL.  Since 0.1.
 *
 * Ids: symbols-line, symbols-none, no-memory.
 */
int domctx_symbols_read(const void *text, size_t size,
                        domctx_symbols **symbols, domctx_report *report);

/* Free symbols.  NULL is allowed.  Since 0.1. */
void domctx_symbols_free(domctx_symbols *symbols);

/* Read size bytes of a guest's memory at an address of its kernel, through the
 * page tables of a vCPU: how many of them there are before one that is not
 * mapped. */
typedef size_t domctx_memory_fn(void *arg, uint32_t vcpu, uint64_t address,
                                void *buf, size_t size);

/* What was read of a guest's memory by its symbols.  Opaque. */
typedef struct domctx_memory domctx_memory;

/*
 * Read what a diagnosis makes use of: of each vCPU in its kernel the stack, a
 * page at most; how long each had to wait for a processor; the kernel's clock,
 * and whether it has panicked.  Nothing, where the symbols are not those of
 * the guest.  The guest must be paused, as it was for the context.  *memory
 * is for domctx_memory_free(); on failure it is NULL.  Since 0.1.
 *
 * Ids: no-memory.
 */
int domctx_memory_read(const domctx_symbols *symbols,
                       const domctx_context *context, domctx_memory_fn *read,
                       void *arg, domctx_memory **memory,
                       domctx_report *report);

/* Free it.  NULL is allowed.  Since 0.1. */
void domctx_memory_free(domctx_memory *memory);

/* How far behind the base of a CPU's own variables (GS in the kernel) its
 * vcpu_info is, in bytes; 0: the symbols do not tell, or are of another
 * kernel.  The kernel's banner is looked at with read (NULL: the registers
 * alone have to tell).  Since 0.1. */
uint64_t domctx_symbols_vcpu_info(const domctx_symbols *symbols,
                                  const domctx_context *context,
                                  domctx_memory_fn *read, void *arg);

/* One look at a guest.  All are borrowed. */
struct domctx_look {
    const domctx_context *context;
    const struct domctx_live *live;   /* NULL: there is a file alone */
    const domctx_symbols *symbols;    /* or NULL; those of the last look
                                       * count */
    const domctx_memory *memory;      /* or NULL */
    uint64_t reserved[6];             /* 0 */
};
#define DOMCTX_LOOKS_MAX 4

/* What was found.  Opaque. */
typedef struct domctx_diagnosis domctx_diagnosis;

/*
 * Find out what a guest waits for, of one look at it or of several, the
 * earlier ones first, a second or more apart.  What is normal for a moment is
 * a finding only if all looks agree: two find it, and each further one
 * confirms it.  Of more than DOMCTX_LOOKS_MAX the last ones count.
 *
 * The looks, and what they point at, must outlive *diagnosis, which is for
 * domctx_diagnosis_free(); on failure it is NULL.  Since 0.1.
 *
 * Ids: call-argument (without a look), diag-*, no-memory.
 */
int domctx_diagnose(const struct domctx_look *looks, size_t n_looks,
                    domctx_diagnosis **diagnosis, domctx_report *report);

/* Free a diagnosis.  NULL is allowed.  Since 0.1. */
void domctx_diagnosis_free(domctx_diagnosis *diagnosis);

/* The findings, the one that explains most first: DOMCTX_WARNING for what
 * makes a guest stand still, DOMCTX_NOTE for what is worth knowing.  Owned by
 * the diagnosis.  Since 0.1. */
const domctx_report *domctx_diagnosis_report(
    const domctx_diagnosis *diagnosis);

/* Write it for people: what it is in a paragraph, a line for each vCPU, the
 * findings with the values that they rest on, and what could not be seen.
 * Since 0.1.
 *
 * Ids: sink-failed. */
int domctx_diagnosis_text(const domctx_diagnosis *diagnosis,
                          domctx_sink *sink, void *arg,
                          domctx_report *report);

/* Write it as one JSON object, see xl-context-diagnose-1.schema.json; name:
 * of the domain or file.  Since 0.1.
 *
 * Ids: sink-failed, no-memory. */
int domctx_diagnosis_json(const domctx_diagnosis *diagnosis,
                          const char *name, domctx_sink *sink, void *arg,
                          domctx_report *report);

#endif /* DOMCTX_DIAGNOSE_H */
