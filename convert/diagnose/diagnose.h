/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room diagnose: what a guest that stands still waits for.
 *
 * Patterns are data (patterns.c): conditions over fields, which are those of
 * the rules, and over facts, which facts.c works out of a look.  A fact is
 * true, false or not known; a pattern that needs one which is not known is
 * undecided, and that is said.
 */
#ifndef CONVERT_DIAGNOSE_DIAGNOSE_H
#define CONVERT_DIAGNOSE_DIAGNOSE_H

#include "context/context.h"
#include "diagnose/kernel.h"
#include "rules/rules.h"

/* Facts of a vCPU.  Those of two looks are of the later one; the first look
 * has those of the second. */
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
    V_BUSY = 0x1000,        /* two looks: above 90 % of the time */
    V_QUIET = 0x2000,       /* below 1 % */
    V_STOPPED = 0x4000,     /* not at all */
    V_NEAR = 0x8000,        /* RIP within 256 bytes of where it was */
    V_SAME_RIP = 0x10000,
    V_TSC_BACK = 0x20000,   /* the TSC went backwards */
    V_UPCALL = 0x80000,     /* live: it has an event to be told of */
    V_SAME_STACK = 0x40000, /* RSP within 1024 bytes of where it was */
    V_STOLEN = 0x100000,    /* symbols: above 20 % of the time it waited for a
                             * processor */
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
    struct rule rule;       /* id, field, condition, reason, source; the
                             * reason is the sentence, with words in braces
                             * that words.c replaces */
    uint32_t type;          /* of the record, or NO_RECORD */
    bool each;              /* NO_RECORD: for each vCPU */
    bool both;              /* all looks must agree; */
    bool same;              /* in the value of the field, too */
    bool stops;             /* the whole domain: nothing else is asked */
    uint32_t is, not;       /* enum vcpu_fact, of that vCPU */
    uint32_t domain, domain_not; /* enum domain_fact */
    const char *evidence;   /* "CPU.rip LAPIC_REGS.irr" */
    const char *unless;     /* when it is found and not so */
};
extern const struct pattern patterns[];
extern const size_t n_patterns;

/* A pattern that was found. */
struct found {
    const struct pattern *pattern;
    bool of_vcpu;
    uint32_t vcpu;
    const struct context_record *record; /* of the last look; or NULL */
    size_t i;               /* element of the field */
    uint64_t value;
};

struct domctx_diagnosis {
    struct domctx_look look[DOMCTX_LOOKS_MAX];
    size_t n_looks;
    uint32_t n_vcpus;
    enum kernel_fit fit;    /* of the symbols, where there are any, */
    uint64_t moved;         /* and by how much the kernel was moved */
    struct seen seen[DOMCTX_LOOKS_MAX];
    struct found *found;
    size_t n_found, room;
    struct found *once;     /* what one look has, and two must */
    size_t n_once, once_room;
    size_t n_undecided;     /* patterns */
    domctx_report *report;
};

/* Of how many vCPUs a look at the hypervisor tells. */
uint32_t diag_live_vcpus(const struct domctx_live *live);

/* The last look. */
const struct domctx_look *diag_last(const domctx_diagnosis *diagnosis);

/* Work out the facts of all looks. */
void diag_facts(domctx_diagnosis *diagnosis);

/* The highest vector of "irr" or "isr" of a LAPIC_REGS; -1: none. */
int diag_highest(const struct context_record *regs, const char *field);

/* Element 0 of a field of the context by name; 0 if it is missing. */
uint64_t diag_value(const domctx_context *context, uint32_t type,
                    uint32_t instance, const char *field);

/* The time from the look before number n to that one, and what of it a vCPU
 * used; 0 where it is not known. */
uint64_t diag_between(const domctx_diagnosis *diagnosis, size_t n);
uint64_t diag_used(const domctx_diagnosis *diagnosis, size_t n,
                   uint32_t vcpu);

/* How long it waited for a processor, of that time. */
uint64_t diag_stolen(const domctx_diagnosis *diagnosis, size_t n,
                     uint32_t vcpu);

/* -- words: words.c ------------------------------------------------------ */

#define DIAG_ROOM 400

/* Append, cut off where the room ends. */
__attribute__((format(printf, 2, 3)))
void diag_add(char buf[DIAG_ROOM], const char *format, ...);

/* The sentence of a pattern that was found. */
const char *diag_sentence(const domctx_diagnosis *diagnosis,
                          const struct found *found, char buf[DIAG_ROOM]);

/* What all of it comes to. */
const char *diag_headline(const domctx_diagnosis *diagnosis,
                          char buf[DIAG_ROOM]);

/* "blocked", "running": what a vCPU does, as far as it is known. */
const char *diag_state(const domctx_diagnosis *diagnosis, uint32_t vcpu);

/* The same in more words: ", kernel, interrupts off, rip 0x1000". */
const char *diag_place(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       char buf[DIAG_ROOM]);

/* "do_idle+0x1f": the place in the kernel's code; "" elsewhere, or without the
 * symbols of this guest.  returns: where a call comes back to, which is in the
 * function that called, even if the call was its end. */
const char *diag_symbol(const domctx_diagnosis *diagnosis, uint64_t address,
                        bool returns, char buf[DIAG_ROOM]);

/* Place number i on the stack of a vCPU that a call may come back to, or NULL
 * past the last. */
const char *diag_stack(const domctx_diagnosis *diagnosis, uint32_t vcpu,
                       size_t i, char buf[DIAG_ROOM]);

/* Sentence number i of what could not be seen, or NULL past the last. */
const char *diag_unseen(const domctx_diagnosis *diagnosis, size_t i,
                        char buf[DIAG_ROOM]);

/* A field that a finding rests on. */
struct evidence {
    char record[40], field[CAT_LABEL_ROOM];
    uint64_t value;
};
typedef void evidence_fn(const struct evidence *evidence, void *arg);

/* Each of them, of the last look. */
void diag_evidence(const domctx_diagnosis *diagnosis,
                   const struct found *found, evidence_fn *put, void *arg);

#endif /* CONVERT_DIAGNOSE_DIAGNOSE_H */
