/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CONVERT_CATALOGUE_X2APIC_H
#define CONVERT_CATALOGUE_X2APIC_H

#include <stdint.h>

/* EXTD of IA32_APIC_BASE: x2APIC mode. */
#define CAT_APIC_BASE_EXTD UINT64_C(0x400)

/* What a local APIC has in ID or LDR: all of the register in x2APIC mode, else
 * its highest byte. */
static inline uint64_t cat_apic_id(uint64_t base, uint64_t reg)
{
    return base & CAT_APIC_BASE_EXTD ? reg : reg >> 24;
}

/* The logical ID that the processor makes of an x2APIC ID (SDM 3, 11.12.10.2:
 * cluster in the upper half, one bit in the lower). */
static inline uint32_t cat_x2apic_ldr(uint64_t id)
{
    return (uint32_t)((id & ~UINT64_C(0xf)) << 12) | UINT32_C(1) << (id & 0xf);
}

#endif /* CONVERT_CATALOGUE_X2APIC_H */
