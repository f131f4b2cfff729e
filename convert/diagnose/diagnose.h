/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room diagnose: why a guest stands still.
 *
 * Patterns are data (patterns.c): conditions on fields, as in the rules, and
 * on facts, which facts.c derives from a look.  A fact is true, false or
 * unknown.  A pattern that depends on an unknown fact is undecided, and is
 * reported as such.
 */
#ifndef CONVERT_DIAGNOSE_DIAGNOSE_H
#define CONVERT_DIAGNOSE_DIAGNOSE_H

#include "context/context.h"
#include "diagnose/kernel.h"
#include "rules/rules.h"

/* Facts of a vCPU.  A fact about two looks belongs to the later one; the first
 * look has a copy of the second one's. */
enum vcpu_fact {
    V_UP = 0x0001,          /* it has a CPU record */
    V_IF = 0x0002,          /* it takes interrupts: RFLAGS.IF */
    V_KERNEL = 0x0004,      /* CPL 0 */
    V_PAGING = 0x0008,
    V_LAPIC = 0x0010,       /* its local APIC is on */
    V_DELIVERABLE = 0x0020, /* an interrupt waits that nothing holds back */
    V_PENDING = 0x0040,     /* an interrupt waits */
    V_ASSIST = 0x0080,      /* an EOI is left to the Viridian assist page */
    V_ONLINE = 0x0100,      /* the rest is live */
    V_BLOCKED = 0x0200,
    V_WAITING = 0x0400,     /* neither blocked nor running */
    V_RAN = 0x0800,
    V_BUSY = 0x1000,        /* two looks: it used more than 90 % of the time */
    V_QUIET = 0x2000,       /* less than 1 % */
    V_STOPPED = 0x4000,     /* none */
    V_NEAR = 0x8000,        /* RIP within 256 bytes of where it was */
    V_SAME_RIP = 0x10000,
    V_TSC_BACK = 0x20000,   /* the TSC went backwards */
    V_UPCALL = 0x80000,     /* live: it has an event it was not told of */
    V_SAME_STACK = 0x40000, /* RSP within 1024 bytes of where it was */
    V_STOLEN = 0x100000,    /* symbols: it waited for a processor for more than
                             * 20 % of the time */
};

/* Facts of a domain. */
enum domain_fact {
    D_SHUT_DOWN = 0x01,
    D_SUSPENDED = 0x02,     /* shut down for that reason */
    D_PAUSED = 0x04,
    D_DEBUGGED = 0x08,
    D_S3 = 0x10,
    D_RAN = 0x20,           /* any vCPU, ever */
    D_CALLBACK = 0x40,      /* event channels have a way to the guest */
    D_VM_EVENT = 0x80,      /* a monitor is or was attached */
    D_QUIET = 0x100,        /* every vCPU that is up */
    D_LOCKED = 0x200,       /* every vCPU that is up waits for a lock */
    D_PANIC = 0x400,        /* symbols: the kernel has panicked; */
    D_CLOCK_STANDS = 0x800, /* its clock stands, and a vCPU runs on */
};

struct facts {
    uint32_t holds, known;
};

/* The facts of one look. */
struct seen {
    struct facts domain;
    struct facts vcpu[DOMCTX_LIVE_VCPUS];
};

#define NO_RECORD UINT32_MAX
#define LIVE_TYPE(code) DOMCTX_HVM_RECORD(CODE_##code)

struct pattern {
    struct rule rule;       /* id, field, condition, reason, source; the reason
                             * is the sentence, in which words.c replaces words
                             * in braces */
    uint32_t type;          /* the record's type, or NO_RECORD */
    bool each;              /* NO_RECORD: once for each vCPU */
    bool both;              /* all looks must agree, */
    bool same;              /* in the value of the field, too */
    bool stops;             /* the whole domain stops: match no other
                             * pattern */
    uint32_t is, not;       /* enum vcpu_fact, of the vCPU */
    uint32_t domain, domain_not; /* enum domain_fact */
    const char *evidence;   /* "CPU.rip LAPIC_REGS.irr" */
    const char *unless;     /* when the finding would be wrong */
};
extern const struct pattern patterns[];
extern const size_t n_patterns;

/* A match of a pattern. */
struct found {
    const struct pattern *pattern;
    bool of_vcpu;
    uint32_t vcpu;
    const struct context_record *record; /* in the last look, or NULL */
    size_t i;               /* index into the field */
    uint64_t value;
};

struct domctx_diagnosis {
    struct domctx_look look[DOMCTX_LOOKS_MAX];
    size_t n_looks;
    uint32_t n_vcpus;
    enum kernel_fit fit;    /* whether the symbols fit, if there are any */
    uint64_t moved;         /* how far KASLR moved the kernel */
    struct seen seen[DOMCTX_LOOKS_MAX];
    struct found *found;
    size_t n_found, room;
    struct found *once;     /* matches in a single look that need two */
    size_t n_once, once_room;
    size_t n_undecided;     /* patterns that stayed undecided */
    domctx_report *report;
};

/* The number of vCPUs in a look at the hypervisor. */
uint32_t diag_live_vcpus(const struct domctx_live *live);

/* The last look. */
const struct domctx_look *diag_last(const domctx_diagnosis *diagnosis);

/* Derive the facts of all looks. */
void diag_facts(domctx_diagnosis *diagnosis);

/* The highest vector in "irr" or "isr" of a LAPIC_REGS; -1: none. */
int diag_highest(const struct context_record *regs, const char *field);

/* Element 0 of a field by name; 0 if it is missing. */
uint64_t diag_value(const domctx_context *context, uint32_t type,
                    uint32_t instance, const char *field);

/* The time between look n - 1 and look n, and how much of it a vCPU used; 0 if
 * unknown. */
uint64_t diag_between(const domctx_diagnosis *diagnosis, size_t n);
uint64_t diag_used(const domctx_diagnosis *diagnosis, size_t n,
                   uint32_t vcpu);

/* How much of that time it waited for a processor. */
uint64_t diag_stolen(const domctx_diagnosis *diagnosis, size_t n,
                     uint32_t vcpu);

/* -- words: words.c ------------------------------------------------------ */

#define DIAG_ROOM 400

/* Append to a text; cut off at the end of the buffer. */
__attribute__((format(printf, 2, 3)))
void diag_add(char buf[DIAG_ROOM], const char *format, ...);

/* The sentence of a match. */
const char *diag_sentence(const domctx_diagnosis *diagnosis,
                          const struct found *found, char buf[DIAG_ROOM]);

/* The conclusion. */
const char *diag_headline(const domctx_diagnosis *diagnosis,
                          char buf[DIAG_ROOM]);

/* What a vCPU does, as far as known: "blocked", "running". */
const char *diag_state(const domctx_diagnosis *diagnosis, uint32_t vcpu);

/* More about it: ", kernel, interrupts off, rip 0x1000". */
const char *diag_place(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       char buf[DIAG_ROOM]);

/* The place in the kernel's code, "do_idle+0x1f"; "" for other addresses, or
 * without the guest's symbols.  returns: the address is a return address, so
 * the call before it counts, even if it is the last instruction of its
 * function. */
const char *diag_symbol(const domctx_diagnosis *diagnosis, uint64_t address,
                        bool returns, char buf[DIAG_ROOM]);

/* Return address number i on the stack of a vCPU, or NULL past the last. */
const char *diag_stack(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       size_t i, char buf[DIAG_ROOM]);

/* Sentence number i about what could not be seen, or NULL past the last. */
const char *diag_unseen(const domctx_diagnosis *diagnosis, size_t i,
                        char buf[DIAG_ROOM]);

/* A field that a finding is based on. */
struct evidence {
    char record[40], field[CAT_LABEL_ROOM];
    uint64_t value;
};
typedef void evidence_fn(const struct evidence *evidence, void *arg);

/* Call put for each such field in the last look. */
void diag_evidence(const domctx_diagnosis *diagnosis,
                   const struct found *found, evidence_fn *put, void *arg);

#endif /* CONVERT_DIAGNOSE_DIAGNOSE_H */
