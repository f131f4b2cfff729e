/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules/named.h"
#include "base/bytes.h"
#include "catalogue/xsave.h"
#include "format/hvm.h"

#include <stdio.h>
#include <string.h>

/* The record of another typecode with that instance, or NULL. */
static const struct context_record *
other(const struct rule_subject *subject, enum code code)
{
    const struct cat_record *known = cat_record(code);

    return context_find(subject->context, DOMCTX_HVM_RECORD(code),
                        known->flags & CAT_VCPU ? subject->record->instance
                                                : 0);
}

/* Element i of a field by name; 0 if the record lacks it. */
static uint64_t get(const struct context_record *record, const char *name,
                    size_t i)
{
    const struct cat_field *field =
        record && record->layout
            ? rule_field(record->known, record->layout, name)
            : NULL;
    uint64_t value;

    return field && context_get(record, field, i, &value) ? value : 0;
}

/* --- CPU ----------------------------------------------------------------- */

bool if_fpu_unused(const struct rule_subject *subject)
{
    uint64_t flags;

    return context_value(subject->record, "flags", &flags) && !(flags & 1);
}

bool if_has_xsave(const struct rule_subject *subject)
{
    const struct context_record *xsave = other(subject, CODE_CPU_XSAVE);

    return xsave && xsave->length >= XSAVE_FIXED + XSAVE_LEGACY;
}

/* The value of the field in the area of CPU_XSAVE, or the initial value if
 * XSTATE_BV says that the component is in its initial state. */
uint64_t value_of_xsave(const struct rule_subject *subject)
{
    const struct context_record *xsave = other(subject, CODE_CPU_XSAVE);
    const char *part = strchr(subject->rule->field, '.');
    char name[40];

    if (!(get(xsave, "save_area.xsave_hdr.xstate_bv", 0) &
          subject->rule->key))
        return subject->rule->value;
    snprintf(name, sizeof(name), "save_area.fpu_sse%s", part);
    return get(xsave, name, subject->i);
}

/* --- LAPIC --------------------------------------------------------------- */

/* TSC-deadline mode is 2 in bits 18:17 of LVTT; in the other modes the MSR
 * reads as 0 (Intel SDM volume 3, 11.5.4.1). */
bool if_deadline_armed(const struct rule_subject *subject)
{
    const struct context_record *regs;

    if (subject->value == 0)
        return false;
    regs = other(subject, CODE_LAPIC_REGS);
    return !regs || (get(regs, "lvtt", 0) >> 17 & 3) == 2;
}

/* --- MTRR ---------------------------------------------------------------- */

#define MTRR_ON (UINT64_C(1) << 11)   /* in a mask */

bool if_pair_repeated(const struct rule_subject *subject)
{
    const struct context_record *mtrr = subject->record;

    if (subject->i < 2 || !(get(mtrr, "msr_mtrr_var", 1) & MTRR_ON))
        return false;
    for (size_t i = 2; i < 16; i++)
        if (get(mtrr, "msr_mtrr_var", i) != get(mtrr, "msr_mtrr_var", i % 2))
            return false;
    return true;
}

/* --- CPU_XSAVE ----------------------------------------------------------- */

bool if_empty(const struct rule_subject *subject)
{
    return subject->record->length == 0;
}

/* The length that the components of xcr0_accum need, if it is known. */
static bool wanted_length(const struct context_record *xsave,
                          uint64_t *length)
{
    uint64_t accum;
    int arrangement;

    if (!context_value(xsave, "xcr0_accum", &accum))
        return false;
    arrangement = xsave_arrangement(accum, xsave->length);
    if (arrangement < 0)
        return false;
    *length = xsave_length(arrangement, accum);
    return true;
}

static bool has_excess(const struct context_record *xsave, bool *data)
{
    uint64_t length;

    if (!wanted_length(xsave, &length) || xsave->length <= length)
        return false;
    *data = !all_zero(xsave->body + length, xsave->length - length);
    return true;
}

bool if_xsave_excess(const struct rule_subject *subject)
{
    bool data;

    return has_excess(subject->record, &data) && !data;
}

bool if_xsave_excess_data(const struct rule_subject *subject)
{
    bool data;

    return has_excess(subject->record, &data) && data;
}

bool if_xsave_short(const struct rule_subject *subject)
{
    uint64_t length;

    return wanted_length(subject->record, &length) &&
           subject->record->length < length;
}

/* Up to 4.3.0 xfeature_mask must be within the host's features; in 4.3.1 to
 * 4.4 it must contain xcr0_accum.  No host of these releases had other
 * features than those listed here. */
bool if_mask_unfit(const struct rule_subject *subject)
{
    uint64_t accum = get(subject->record, "xcr0_accum", 0);

    return (subject->value & accum) != accum ||
           (subject->value & ~XSAVE_COMMON);
}

uint64_t value_of_accum(const struct rule_subject *subject)
{
    return get(subject->record, "xcr0_accum", 0) & XSAVE_COMMON;
}

/* Whether a component is enabled or has state.  One that is only in xcr0_accum
 * can be dropped: the guest had it enabled at some time and no longer does. */
bool if_component_used(const struct rule_subject *subject)
{
    const struct context_record *xsave = subject->record;

    return (get(xsave, "xcr0", 0) |
            get(xsave, "save_area.xsave_hdr.xstate_bv", 0)) &
           subject->rule->key;
}

bool if_lwp_used(const struct rule_subject *subject)
{
    const struct context_record *xsave = subject->record;
    uint64_t offset, size;
    int arrangement = xsave_arrangement(XSAVE_LWP, 0);

    xsave_place(arrangement, XSAVE_LWP, &offset, &size);
    return xsave->length < offset + size ||
           !all_zero(xsave->body + offset, size);
}

/* --- VIRIDIAN_VCPU ------------------------------------------------------- */

/* A local APIC delivers no vectors below 16. */
uint64_t value_of_isr(const struct rule_subject *subject)
{
    const struct context_record *regs = other(subject, CODE_LAPIC_REGS);

    for (unsigned int vector = 255; vector >= 16; vector--)
        if (get(regs, "isr", vector / 32) >> vector % 32 & 1)
            return vector;
    return 0;
}

/* Bits 19:16 of the configuration are the interrupt source (Hyper-V TLFS,
 * synthetic timers). */
bool if_stimer_broken(const struct rule_subject *subject)
{
    return subject->value & 1 &&
           (!(subject->value >> 16 & 15) ||
            !get(subject->record, "stimer_count_msr", subject->i));
}

/* --- VMCE_VCPU ----------------------------------------------------------- */

/* HEADER has leaf 1 EAX of the saving host.  Families 0x10 to 0x1a are AMD's
 * or Hygon's, but for Intel's 0x12 and 0x13, on which no release before 4.20
 * runs. */
bool if_amd_caps(const struct rule_subject *subject)
{
    const struct context_record *header = other(subject, CODE_HEADER);
    uint64_t cpuid = get(header, "cpuid", 0);

    return (cpuid >> 8 & 15) == 15 && (cpuid >> 20 & 0xff) != 0 &&
           subject->value & subject->rule->mask;
}

/* --- any ----------------------------------------------------------------- */

bool if_short_near_end(const struct rule_subject *subject)
{
    const struct context_record *record = subject->record;
    const struct cat_layout *own =
        rules_layout(record->known, subject->target);
    const domctx_hvm *blob = subject->context->blob
                                 ? subject->context->blob
                                 : subject->context->wrapped;

    /* the records that loaders of the rule's releases extend with zeros */
    if ((record->known->typecode != CODE_LAPIC &&
         record->known->typecode != CODE_VMCE_VCPU) || !own || !blob)
        return false;
    return record->length < own->length &&
           blob->base + blob->size - record->offset < own->length;
}
