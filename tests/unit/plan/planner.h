/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the planner share: two contexts that can be edited record
 * by record, and a plan made from them. */
#ifndef UNIT_PLANNER_H
#define UNIT_PLANNER_H

#include "plan.h"
#include "support.h"

enum { CPU = 2, I8259 = 3, IOAPIC = 4, LAPIC = 5, LAPIC_REGS = 6, PCI_IRQ = 7,
       ISA_IRQ = 8, PCI_LINK = 9, PIT = 10, RTC = 11, HPET = 12,
       PMTIMER = 13, MTRR = 14, VIRIDIAN_DOMAIN = 15, CPU_XSAVE = 16,
       VIRIDIAN_VCPU = 17, VMCE_VCPU = 18, TSC_ADJUST = 19, CPU_MSR = 20 };

#define HVM2 "xen-4.17-hvm2.ctx"        /* 2 vCPUs, Viridian */
#define HVM1 "xen-4.17-hvmnopv.ctx"     /* 1 vCPU */
#define PVH3 "xen-4.17-pvhoff.ctx"      /* 1 vCPU up of 3 */

struct context {
    struct context_record {
        uint16_t typecode, instance;
        uint32_t length;
        uint8_t *body;
    } *records;
    size_t count;
    struct bytes blob;      /* what hvm is over */
    domctx_hvm *hvm;
};

/* A context of a sample, to be edited. */
void context_load(struct context *context, const char *sample);
void context_copy(struct context *to, const struct context *from);
void context_of_blob(struct context *context, const uint8_t *blob,
                     size_t size);
void context_free(struct context *context);

struct context_record *context_record(struct context *context,
                                      uint32_t typecode, uint32_t instance);
/* Add a record where the saver has it; after those with its key. */
void context_add(struct context *context, uint32_t typecode,
                 uint32_t instance, const void *body, uint32_t length);
void context_drop(struct context *context, uint32_t typecode,
                  uint32_t instance);
/* Cut a record, or lengthen it with zeros. */
void context_resize(struct context *context, uint32_t typecode,
                    uint32_t instance, uint32_t length);

/* Fields by the names that Xen 4.17 has for them. */
void context_set(struct context *context, uint32_t typecode,
                 uint32_t instance, const char *field, size_t index,
                 uint64_t value);
uint64_t planned_get(struct context *context, uint32_t typecode,
                     uint32_t instance, const char *field, size_t index);

struct msr_value {
    uint32_t index;
    uint64_t value;
};
/* Add a CPU_MSR record. */
void context_msrs(struct context *context, uint32_t instance,
                  const struct msr_value *msrs, uint32_t count);

/* The parsed context; renewed at each call. */
const domctx_hvm *context_hvm(struct context *context);

/* A plan to be made from two contexts, which begin as the same sample on
 * Xen 4.17 on AMD, in a guest that has run. */
struct planner {
    struct context image, present;
    struct plan_facts facts;
    struct plan plan;
    domctx_report *report;
};

void planner_open(struct planner *p, const char *sample);
void planner_close(struct planner *p);

/* Make the plan. */
void planner_make(struct planner *p);

/* What the plan loads, as "CPU/0 MTRR/0", in order. */
const char *planner_loads(const struct planner *p);

/* Fail unless the plan loads that. */
void expect_loads(const struct planner *p, const char *loads);

/* Fail unless the ids of all findings but notes, each once, are these, in
 * the order of messages.def, with spaces between. */
void expect_ids(const domctx_report *report, const char *ids);

/* A field of what the plan wants, as Xen 4.17 reads it. */
uint64_t wanted(const struct planner *p, uint32_t typecode,
                uint32_t instance, const char *field, size_t index);

/* The context of the domain after the plan was loaded, as a hypervisor
 * without a will of its own would have it. */
void planner_after(struct planner *p, struct context *now);

#endif /* UNIT_PLANNER_H */
