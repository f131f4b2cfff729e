/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Diagnosing a guest that stands still.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_DIAGNOSE_H
#define DOMCTX_DIAGNOSE_H

/* What the hypervisor tells about a vCPU apart from its context. */
struct domctx_live_vcpu {
    bool known;            /* the hypervisor was asked, and answered */
    bool online;
    bool blocked;          /* waits for an event; asked after the context was
                            * read, as an event ends it */
    bool running;          /* on a processor; asked before any pause */
    bool waiting;          /* neither running nor blocked, at that time */
    bool upcall_known;     /* its vcpu_info was found in the guest */
    bool upcall_pending;   /* evtchn_upcall_pending in it, read before the
                            * context */
    uint64_t cpu_time_ns;
    uint64_t reserved[2];  /* 0 */
};

#define DOMCTX_LIVE_VCPUS 128
#define DOMCTX_LIVE_PARAMS 40

/* What the hypervisor tells about a domain apart from its context.  Since
 * 0.1. */
struct domctx_live {
    uint64_t time_ns;      /* when it was asked, by any clock that never goes
                            * back */
    bool paused;           /* by somebody other than the caller */
    bool shut_down;
    bool debugged;         /* a debugger controls it */
    uint32_t reason;       /* if shut_down: 0 poweroff, 1 reboot, 2 suspend, 3
                            * crash, 4 watchdog, 5 soft reset */
    uint64_t pages;        /* its number of pages */
    uint32_t n_vcpus;      /* elements of vcpu[] */
    struct domctx_live_vcpu vcpu[DOMCTX_LIVE_VCPUS];
    uint64_t params_known; /* bit n: HVM parameter n was read */
    uint64_t param[DOMCTX_LIVE_PARAMS];
    uint64_t reserved[8];  /* 0 */
};

/* The symbols of a 64-bit Linux kernel.  Opaque. */
typedef struct domctx_symbols domctx_symbols;

/*
 * Read the symbols of a guest's kernel: its System.map, or its /proc/kallsyms
 * as root sees it.  Addresses may be those of the kernel as linked, or as
 * KASLR moved it in the guest.  *symbols is for domctx_symbols_free(), and
 * does not refer to text; on failure it is NULL.  Since 0.1.
 *
 * Ids: symbols-line, symbols-none, no-memory.
 */
int domctx_symbols_read(const void *text, size_t size,
                        domctx_symbols **symbols, domctx_report *report);

/* Free symbols.  NULL is allowed.  Since 0.1. */
void domctx_symbols_free(domctx_symbols *symbols);

/* Read size bytes of a guest's memory at a kernel address, through the page
 * tables of a vCPU.  Returns how many bytes were read, which is less than size
 * where a page is not mapped. */
typedef size_t domctx_memory_fn(void *arg, uint32_t vcpu, uint64_t address,
                                void *buf, size_t size);

/* Contents of a guest's memory, found by its symbols.  Opaque. */
typedef struct domctx_memory domctx_memory;

/*
 * Read the memory that a diagnosis uses: for each vCPU in the kernel up to a
 * page of its stack, the time that each vCPU waited for a processor, the
 * kernel's clock, and whether it has panicked.  If the symbols are not the
 * guest's, nothing is read.  The guest must be paused, as it was for the
 * context.  *memory is for domctx_memory_free(); on failure it is NULL.  Since
 * 0.1.
 *
 * Ids: no-memory.
 */
int domctx_memory_read(const domctx_symbols *symbols,
                       const domctx_context *context, domctx_memory_fn *read,
                       void *arg, domctx_memory **memory,
                       domctx_report *report);

/* Free it.  NULL is allowed.  Since 0.1. */
void domctx_memory_free(domctx_memory *memory);

/* The offset, in bytes, of vcpu_info from the base of a CPU's own variables
 * (GS in the kernel); 0 if the symbols do not tell it, or are another
 * kernel's.  That is checked by the kernel's banner, through read; if read is
 * NULL, by registers only.  Since 0.1. */
uint64_t domctx_symbols_vcpu_info(const domctx_symbols *symbols,
                                  const domctx_context *context,
                                  domctx_memory_fn *read, void *arg);

/* One look at a guest.  The pointers are borrowed. */
struct domctx_look {
    const domctx_context *context;
    const struct domctx_live *live;   /* NULL: there is only a file */
    const domctx_symbols *symbols;    /* or NULL; those of the last look are
                                       * used */
    const domctx_memory *memory;      /* or NULL */
    uint64_t reserved[6];             /* 0 */
};
#define DOMCTX_LOOKS_MAX 4

/* The result of a diagnosis.  Opaque. */
typedef struct domctx_diagnosis domctx_diagnosis;

/*
 * Find out what a guest waits for, from one look at it or from several, in
 * their order, a second or more apart.  A state that is normal for a moment
 * becomes a finding only if all looks show it, so it takes two looks; each
 * further one confirms it.  Of more than DOMCTX_LOOKS_MAX looks the last ones
 * count.
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

/* The findings, the one that explains most first: DOMCTX_WARNING for reasons
 * why the guest stands still, DOMCTX_NOTE for other observations.  Owned by
 * the diagnosis.  Since 0.1. */
const domctx_report *domctx_diagnosis_report(
    const domctx_diagnosis *diagnosis);

/*
 * Write it for people: a paragraph with the conclusion, a line for each vCPU,
 * the findings with their evidence, and what could not be seen.  Since 0.1.
 *
 * Ids: sink-failed.
 */
int domctx_diagnosis_text(const domctx_diagnosis *diagnosis,
                          domctx_sink *sink, void *arg,
                          domctx_report *report);

/*
 * Write it as one JSON object, see xl-context-diagnose-1.schema.json; name: of
 * the domain or file.  Since 0.1.
 *
 * Ids: sink-failed, no-memory.
 */
int domctx_diagnosis_json(const domctx_diagnosis *diagnosis,
                          const char *name, domctx_sink *sink, void *arg,
                          domctx_report *report);

#endif /* DOMCTX_DIAGNOSE_H */
