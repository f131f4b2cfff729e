/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The local APIC of a vCPU, as interrupts are addressed to it.
 */
#ifndef CONVERT_CONTEXT_LAPIC_H
#define CONVERT_CONTEXT_LAPIC_H

#include "context/context.h"

struct lapic {
    bool known;            /* its registers are; else they are 0 */
    bool x2apic;
    uint64_t id, ldr;      /* 32 bits in x2APIC mode, else 8 */
    uint64_t dfr;
};

struct lapic context_lapic(const domctx_context *context, uint32_t vcpu);

/* Whether it takes an interrupt for that destination of an entry of the
 * IOAPIC, as vlapic_match_dest() has it: 0xff is everybody. */
bool lapic_hears(const struct lapic *lapic, bool logical, uint64_t dest);

/* Whether the vector's bit is set in "irr", "isr" or "tmr" of a record
 * LAPIC_REGS. */
bool lapic_has(const struct context_record *regs, const char *bitmap,
               uint64_t vector);

#endif /* CONVERT_CONTEXT_LAPIC_H */
