/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of load.c about CPU_XSAVE and CPU_MSR. */
#include "rules/load-named.h"
#include "base/bytes.h"
#include "catalogue/types.h"
#include "catalogue/xsave.h"

/* --- CPU_XSAVE ----------------------------------------------------------- */

#define XCR0_BND UINT64_C(0x18)
#define XCR0_AVX512 UINT64_C(0xe0)

/* xcr0 or xfeature_mask has components that xcr0_accum lacks. */
bool load_xstate_outside(const struct rule_subject *subject)
{
    return subject->value & ~load_field(subject, "xcr0_accum");
}

/* The combinations that XSETBV refuses, too. */
bool load_bad_xcr0(const struct rule_subject *subject)
{
    uint64_t bnd = subject->value & XCR0_BND;
    uint64_t avx512 = subject->value & XCR0_AVX512;

    return !(subject->value & XSAVE_FP) || load_bad_xcr0_avx(subject) ||
           (bnd && bnd != XCR0_BND) ||
           (avx512 &&
            (avx512 != XCR0_AVX512 || !(subject->value & XSAVE_YMM)));
}

bool load_bad_xcr0_avx(const struct rule_subject *subject)
{
    return subject->value & XSAVE_YMM && !(subject->value & XSAVE_SSE);
}

/* TILECFG and TILEDATA, which are valid only together. */
#define XCR0_TILE UINT64_C(0x60000)

bool load_half_tile(const struct rule_subject *subject)
{
    uint64_t tile = subject->value & XCR0_TILE;

    return tile && tile != XCR0_TILE;
}

bool load_mask_too_small(const struct rule_subject *subject)
{
    return load_field(subject, "xcr0_accum") & ~subject->value;
}

bool load_xsave_under_600(const struct rule_subject *subject)
{
    return subject->record->length < XSAVE_FIXED + XSAVE_LEGACY;
}

bool load_xsave_over_600(const struct rule_subject *subject)
{
    return subject->record->length > XSAVE_FIXED + XSAVE_LEGACY;
}

/* How the length compares with that of the components.  A set of these, since
 * processors differ in where they place the components. */
enum { FIT_EXACT = 1, FIT_SHORT = 2, FIT_ZERO_TAIL = 4, FIT_EXCESS = 8 };

static unsigned int fit_of(const struct context_record *record,
                           uint64_t wanted)
{
    if (record->length <= wanted)
        return record->length == wanted ? FIT_EXACT : FIT_SHORT;
    return all_zero(record->body + wanted, record->length - wanted)
               ? FIT_ZERO_TAIL
               : FIT_EXCESS;
}

/* For all processors that can have these components. */
static unsigned int fits(const struct rule_subject *subject)
{
    const struct context_record *record = subject->record;
    uint64_t accum = load_field(subject, "xcr0_accum");
    unsigned int all = 0;

    if (load_xsave_under_600(subject))
        return 0;
    for (int i = xsave_next(accum, -1); i >= 0; i = xsave_next(accum, i))
        all |= fit_of(record, xsave_length(i, accum));
    return all;
}

/* Whether fit is a subset of among, and not empty. */
static bool is_only(unsigned int fit, unsigned int among)
{
    return fit && !(fit & ~among);
}

bool load_xsave_short(const struct rule_subject *subject)
{
    return is_only(fits(subject), FIT_SHORT);
}

bool load_xsave_long(const struct rule_subject *subject)
{
    return is_only(fits(subject), FIT_ZERO_TAIL | FIT_EXCESS);
}

bool load_xsave_excess(const struct rule_subject *subject)
{
    return is_only(fits(subject), FIT_EXCESS);
}

bool load_xsave_trimmed(const struct rule_subject *subject)
{
    return is_only(fits(subject), FIT_ZERO_TAIL);
}

/* Whether the length is right on some processors and wrong on others. */
bool load_xsave_by_processor(const struct rule_subject *subject)
{
    unsigned int fit = fits(subject);

    return fit & (FIT_EXACT | FIT_ZERO_TAIL) &&
           fit & (FIT_SHORT | FIT_EXCESS);
}

/* --- CPU_MSR ------------------------------------------------------------- */

#define MSR_SPEC_CTRL 0x48
#define MSR_MISC_FEATURES 0x140
#define MSR_PKRS 0x6e1
#define MSR_BNDCFGS 0xd90
#define MSR_XSS 0xda0
#define MSR_DR1_MASK 0xc0011019
#define MSR_DR3_MASK 0xc001101b
#define MSR_VIRT_SPEC_CTRL 0xc001011f
#define MSR_DR0_MASK 0xc0011027

bool load_msr_under_24(const struct rule_subject *subject)
{
    return subject->record->length < 24;
}

bool load_msr_count(const struct rule_subject *subject)
{
    return subject->record->length >= 24 &&
           subject->record->length != 8 + 16 * (uint64_t)le32(
                                              subject->record->body);
}

/* The index of the entry to which element i of msr[].val or msr[].index
 * belongs. */
static uint64_t index_of(const struct rule_subject *subject)
{
    const struct context_record *record = subject->record;

    return le32(record->body + 8 + 16 * subject->i);
}

static bool is_dr_mask(uint64_t index)
{
    return index == MSR_DR0_MASK ||
           (index >= MSR_DR1_MASK && index <= MSR_DR3_MASK);
}

bool load_msr_unknown(const struct rule_subject *subject)
{
    static const uint32_t known[] = { MSR_SPEC_CTRL, MSR_MISC_FEATURES,
                                      MSR_PKRS, MSR_BNDCFGS, MSR_XSS,
                                      MSR_VIRT_SPEC_CTRL };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (subject->value == known[i])
            return false;
    return !is_dr_mask(subject->value);
}

bool load_msr_32_bits(const struct rule_subject *subject)
{
    uint64_t index = index_of(subject);

    return (is_dr_mask(index) || index == MSR_PKRS) &&
           subject->value > UINT32_MAX;
}

/* Bits 11:2 are reserved, and the rest is an address. */
bool load_bad_bndcfgs(const struct rule_subject *subject)
{
    return index_of(subject) == MSR_BNDCFGS &&
           (load_not_canonical(subject) || subject->value & 0xffc);
}

#define BNDCFGS_ENABLE UINT64_C(0x1)

/* The loader refuses BNDCFGS unless xcr0_accum has the bound registers, and it
 * knows that only from a CPU_XSAVE that came before. */
bool load_bndcfgs_before_xsave(const struct rule_subject *subject)
{
    const struct context_record *xsave = context_find(
        subject->context, DOMCTX_HVM_RECORD(CODE_CPU_XSAVE),
        subject->record->instance);
    uint64_t accum = 0;

    if (index_of(subject) != MSR_BNDCFGS ||
        !(subject->value & BNDCFGS_ENABLE) || load_bad_bndcfgs(subject))
        return false;
    if (xsave && xsave->offset < subject->record->offset)
        context_value(xsave, "xcr0_accum", &accum);
    return !(accum & XCR0_BND);
}

/* The MSR has a bit outside of those that the row allows. */
bool load_msr_bits(const struct rule_subject *subject)
{
    const struct rule *rule = subject->rule;

    return index_of(subject) == rule->key && subject->value & ~rule->mask;
}
