/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conditions of load.c.  Numbers of the processor are those of the
 * Intel SDM and the AMD APM; what a loader does with them was read in
 * xen/arch/x86/hvm and below at the release tags that the rule names.
 */
#include "rules/load-named.h"
#include "base/bytes.h"
#include "catalogue/types.h"
#include "catalogue/x2apic.h"
#include "catalogue/xsave.h"

#include <string.h>

uint64_t load_field(const struct rule_subject *subject, const char *name)
{
    uint64_t value = 0;

    context_value(subject->record, name, &value);
    return value;
}

/* Element i of another field. */
static uint64_t element(const struct rule_subject *subject, const char *name,
                        size_t i)
{
    const struct context_record *record = subject->record;
    const struct cat_field *row =
        record->layout ? cat_field(record->known, record->layout, name)
                       : NULL;
    uint64_t value = 0;

    if (row)
        context_get(record, row, i, &value);
    return value;
}

/* The record of another type with the same instance, or NULL. */
static const struct context_record *beside(const struct rule_subject *subject,
                                           enum code code)
{
    return context_find(subject->context, DOMCTX_HVM_RECORD(code),
                        subject->record->instance);
}

/* --- CPU ----------------------------------------------------------------- */

/* PE MP EM TS ET, NE, WP, AM, NW CD PG: all defined bits of CR0. */
#define CR0_KNOWN UINT64_C(0xe005003f)
#define CR0_PE UINT64_C(0x1)
#define CR0_ET UINT64_C(0x10)
#define CR0_PG UINT64_C(0x80000000)

bool load_bad_cr0(const struct rule_subject *subject)
{
    uint64_t cr0 = subject->value;

    return (cr0 & ~CR0_KNOWN) || !(cr0 & CR0_ET) ||
           ((cr0 & CR0_PG) && !(cr0 & CR0_PE));
}

#define EFER_LME UINT64_C(0x100)
#define EFER_LMA UINT64_C(0x400)

bool load_lma_without_lme(const struct rule_subject *subject)
{
    return (subject->value & (EFER_LME | EFER_LMA)) == EFER_LMA;
}

bool load_lma_inconsistent(const struct rule_subject *subject)
{
    return subject->value & EFER_LMA &&
           (!(subject->value & EFER_LME) ||
            !(load_field(subject, "cr0") & CR0_PG));
}

/* The VMCS has in bits 15:12 of the attributes what Xen has in 11:8. */
bool load_folded_attributes(const struct rule_subject *subject)
{
    return (subject->value & 0xf000) && !(subject->value & 0x0f00);
}

/* Of the interruption types 0 is an external interrupt, 2 an NMI, 3 a
 * hardware exception, 4 a software interrupt, 5 and 6 software exceptions
 * that only VMX has; 1 and 7 are not valid. */
enum { EVENT_HARDWARE = 3, EVENT_SOFTWARE = 4, EVENT_LAST = 6 };

static bool event_valid(const struct rule_subject *subject)
{
    return load_field(subject, "pending_valid");
}

static uint64_t event_type(const struct rule_subject *subject)
{
    return load_field(subject, "pending_type");
}

bool load_bad_event(const struct rule_subject *subject)
{
    return event_valid(subject) &&
           (event_type(subject) == 1 || event_type(subject) > EVENT_LAST ||
            load_field(subject, "pending_reserved"));
}

bool load_event_of_vmx(const struct rule_subject *subject)
{
    return event_valid(subject) && !load_bad_event(subject) &&
           event_type(subject) > EVENT_SOFTWARE;
}

bool load_bad_error_code(const struct rule_subject *subject)
{
    return event_valid(subject) &&
           load_field(subject, "pending_error_valid") &&
           !load_bad_event(subject) && subject->value > UINT16_MAX;
}

/* Loaders do not inject an event that the guest's instruction raises again:
 * INT n, and the exceptions of INT3 and INTO, which SVM reports as
 * hardware's. */
bool load_event_dropped(const struct rule_subject *subject)
{
    uint64_t vector = load_field(subject, "pending_vector");

    if (!event_valid(subject) || load_bad_event(subject))
        return false;
    return event_type(subject) >= EVENT_SOFTWARE ||
           (event_type(subject) == EVENT_HARDWARE &&
            (vector == 3 || vector == 4));
}

bool load_not_canonical(const struct rule_subject *subject)
{
    uint64_t high = subject->value >> 47;

    return high != 0 && high != 0x1ffff;
}

/* One of the three MSRs has a value although its bit in msr_flags says that
 * the guest never wrote it. */
bool load_msr_flag_missing(const struct rule_subject *subject)
{
    static const char *const msrs[] = { "msr_lstar", "msr_star",
                                        "msr_syscall_mask" };

    for (unsigned int i = 0; i < sizeof(msrs) / sizeof(msrs[0]); i++)
        if (!(subject->value >> i & 1) && load_field(subject, msrs[i]))
            return true;
    return false;
}

#define FPU_SIZE 512 /* of FXSAVE */

static bool fpu_is_empty(const struct context_record *cpu)
{
    return cpu->length < FPU_SIZE || all_zero(cpu->body, FPU_SIZE);
}

/* The FXSAVE image at the start of the area of CPU_XSAVE, which has the layout
 * of fpu_regs; NULL without such a record, or for an empty one, which Xen
 * before 4.12 wrote for guests without XSAVE. */
static const uint8_t *fpu_of_xsave(const struct rule_subject *subject)
{
    const struct context_record *xsave = beside(subject, CODE_CPU_XSAVE);
    uint64_t used = 0;

    if (!xsave || xsave->length < XSAVE_FIXED + XSAVE_LEGACY ||
        !context_value(xsave, "xcr0_accum", &used) || !used)
        return NULL;
    return xsave->body + XSAVE_FIXED;
}

/* For records without flags, which do not tell whether they have FPU state. */
bool load_fpu_all_zero(const struct rule_subject *subject)
{
    const struct context_record *record = subject->record;

    return record->layout &&
           !cat_field(record->known, record->layout, "flags") &&
           record->length >= FPU_SIZE && fpu_is_empty(record) &&
           !fpu_of_xsave(subject);
}

/* An image of zeros is that of an FPU that the guest never used. */
bool load_fpu_of_xsave(const struct rule_subject *subject)
{
    const struct cat_field *field = subject->field;
    const uint8_t *legacy = fpu_of_xsave(subject);
    size_t at = cat_offset(field, subject->i);

    return legacy && !fpu_is_empty(subject->record) &&
           memcmp(subject->record->body + at, legacy + at, field->width) != 0;
}

/* --- devices ------------------------------------------------------------- */

static bool is_master(const struct rule_subject *subject)
{
    return subject->record->instance == 0;
}

bool load_wrong_pic_role(const struct rule_subject *subject)
{
    return subject->value != is_master(subject);
}

bool load_pic_output_in_init(const struct rule_subject *subject)
{
    return subject->value && load_field(subject, "init_state");
}

/* Lines 0, 1, 8 and 13 are edge triggered on every board; 2 is the
 * cascade. */
bool load_bad_elcr(const struct rule_subject *subject)
{
    return subject->value & (is_master(subject) ? 0x03 : 0x21);
}

/* The gates of channels 0 and 1 are wired open. */
bool load_gate_closed(const struct rule_subject *subject)
{
    return subject->value == 0 && subject->i < 2;
}

#define APIC_BASE_EXTD UINT64_C(0x400)

static bool ldr_is_odd(const struct rule_subject *subject)
{
    const struct context_record *lapic = beside(subject, CODE_LAPIC);
    uint64_t base = 0;

    return lapic && context_value(lapic, "apic_base_msr", &base) &&
           base & APIC_BASE_EXTD &&
           subject->value != cat_x2apic_ldr(load_field(subject, "id"));
}

bool load_ldr_of_old_xen(const struct rule_subject *subject)
{
    return subject->value == 1 && ldr_is_odd(subject);
}

bool load_ldr_bogus(const struct rule_subject *subject)
{
    return subject->value != 1 &&
           subject->value != cat_x2apic_ldr(subject->record->instance) &&
           ldr_is_odd(subject);
}

#define HPET_LEGACY UINT64_C(0x2)
#define TIMER_ENABLED UINT64_C(0x4)

/* The route is bits 13:9, those that may be chosen bits 63:32. */
bool load_hpet_route(const struct rule_subject *subject)
{
    uint64_t route = subject->value >> 9 & 0x1f;

    if (subject->target.series >= CAT_V(4, 22) && subject->i < 2 &&
        load_field(subject, "config") & HPET_LEGACY)
        return false;
    return !(subject->value >> (32 + route) & 1) &&
           (route || subject->value & TIMER_ENABLED);
}

/* stimer_config_msr: SINTx is bits 19:16. */
#define STIMER_ENABLED UINT64_C(0x1)
#define STIMER_PERIODIC UINT64_C(0x2)
#define STIMER_LAZY UINT64_C(0x4)
#define VIRIDIAN_STIMERS 4

/* start_stimer() divides by the count to find how many expirations of a
 * periodic timer were missed; for a lazy or a one-shot timer it does not.
 * Seen on 4.14.6: of the three only the first crashes Xen. */
bool load_stimer_divides(const struct rule_subject *subject)
{
    return (subject->value &
            (STIMER_ENABLED | STIMER_PERIODIC | STIMER_LAZY)) ==
               (STIMER_ENABLED | STIMER_PERIODIC) &&
           !element(subject, "stimer_count_msr", subject->i);
}

bool load_stimer_disabled(const struct rule_subject *subject)
{
    return subject->value & STIMER_ENABLED &&
           (!(subject->value >> 16 & 0xf) ||
            !element(subject, "stimer_count_msr", subject->i));
}

/* A page that Xen has to map: bit 0 enables it, its frame is in bits 63:12.
 * No guest has memory at 2^48 or above, which the four levels of its p2m do
 * not reach; a context does not tell which memory it has below. */
bool load_page_unmapped(const struct rule_subject *subject)
{
    return subject->value & 1 && subject->value >> 48;
}

/* Xen writes messages of timers to the page of simp_msr without a check that
 * it is mapped. */
bool load_stimer_without_page(const struct rule_subject *subject)
{
    if (subject->value & 1 && !load_page_unmapped(subject))
        return false;
    for (unsigned int i = 0; i < VIRIDIAN_STIMERS; i++)
        if (element(subject, "stimer_config_msr", i) & STIMER_ENABLED)
            return true;
    return false;
}

/* --- MTRR ---------------------------------------------------------------- */

static bool is_mtrr_type(uint64_t type)
{
    return type <= 6 && type != 2 && type != 3;
}

/* Eight entries; type 7, UC-, is valid in the PAT only. */
bool load_bad_memory_types(const struct rule_subject *subject)
{
    bool pat = subject->field->count == 1;

    for (unsigned int shift = 0; shift < 64; shift += 8) {
        uint64_t type = subject->value >> shift & 0xff;

        if (!is_mtrr_type(type) && !(pat && type == 7))
            return true;
    }
    return false;
}

#define MTRR_ROOM 8

bool load_mtrr_count(const struct rule_subject *subject)
{
    return (subject->value & 0xff) > MTRR_ROOM;
}

bool load_bad_mtrr_type(const struct rule_subject *subject)
{
    return !is_mtrr_type(subject->value & 0xff) || subject->value & ~0xcffULL;
}

/* No processor has more physical address bits. */
#define ABOVE_PHYSICAL (~UINT64_C(0) << 52)

/* msr_mtrr_var alternates base and mask; loaders check the type bits of
 * both. */
bool load_bad_variable(const struct rule_subject *subject)
{
    uint64_t reserved = subject->i & 1 ? 0x7ff : 0xf00;

    return !is_mtrr_type(subject->value & 0xff) ||
           subject->value & (reserved | ABOVE_PHYSICAL);
}

#define VARIABLE_VALID UINT64_C(0x800)
#define VARIABLE_WORDS 16

bool load_pairs_repeated(const struct rule_subject *subject)
{
    static const char name[] = "msr_mtrr_var";

    if (subject->i != 1 || !(subject->value & VARIABLE_VALID))
        return false;
    for (size_t i = 2; i < VARIABLE_WORDS; i++)
        if (element(subject, name, i) != element(subject, name, i & 1))
            return false;
    return true;
}
