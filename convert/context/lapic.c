/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context/lapic.h"

#include "catalogue/codes.h"
#include "catalogue/x2apic.h"

#define EVERYBODY 0xff
#define FLAT 0xf                       /* in the highest bits of DFR */

static bool get(const domctx_context *context, uint32_t code, uint32_t vcpu,
                const char *field, uint64_t *value)
{
    const struct context_record *record = context_find(
        context, DOMCTX_HVM_RECORD(code), vcpu);

    return record && record->layout && context_value(record, field, value);
}

struct lapic context_lapic(const domctx_context *context, uint32_t vcpu)
{
    struct lapic lapic = { .known = false };
    uint64_t base = 0;

    get(context, CODE_LAPIC, vcpu, "apic_base_msr", &base);
    lapic.known = get(context, CODE_LAPIC_REGS, vcpu, "id", &lapic.id) &&
                  get(context, CODE_LAPIC_REGS, vcpu, "ldr", &lapic.ldr) &&
                  get(context, CODE_LAPIC_REGS, vcpu, "dfr", &lapic.dfr);
    lapic.x2apic = base & CAT_APIC_BASE_EXTD;
    lapic.id = cat_apic_id(base, lapic.id);
    lapic.ldr = cat_apic_id(base, lapic.ldr);
    return lapic;
}

/* In x2APIC mode the halves of LDR are cluster and bits, so that 8 bits reach
 * cluster 0 alone; in the cluster model the halves of its byte are. */
static bool hears_logical(const struct lapic *lapic, uint64_t dest)
{
    if (lapic->x2apic)
        return lapic->ldr >> 16 == dest >> 16 && lapic->ldr & dest & 0xffff;
    if (lapic->dfr >> 28 == FLAT)
        return lapic->ldr & dest;
    return lapic->ldr >> 4 == dest >> 4 && lapic->ldr & dest & 0xf;
}

bool lapic_hears(const struct lapic *lapic, bool logical, uint64_t dest)
{
    if (dest == EVERYBODY)
        return true;
    return logical ? hears_logical(lapic, dest) : lapic->id == dest;
}

bool lapic_has(const struct context_record *regs, const char *bitmap,
               uint64_t vector)
{
    const struct cat_field *field =
        regs && regs->layout ? cat_field(regs->known, regs->layout, bitmap)
                             : NULL;
    size_t element = (size_t)vector / 32;
    uint64_t word;

    return field && element < context_count(regs, field) &&
           context_get(regs, field, element, &word) &&
           word >> vector % 32 & 1;
}
