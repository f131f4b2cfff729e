/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The evidence.  Every row was read in the save functions of the tagged
 * releases in xen/arch/x86/hvm; commits are of Xen's mainline, point releases
 * are those of the stable branches that took them.
 *
 * A row is about values that the saver itself makes, not about values that the
 * guest or an older release left before a migration: those (the period of the
 * HPET, say) only show that the saver is not older.
 */
#include "verdict/infer.h"

#include "base/bytes.h"
#include "catalogue/codes.h"
#include "catalogue/x2apic.h"
#include "format/hvm.h"
#include "rules/rules.h"

/* Components of XSAVE, as bits of XCR0. */
#define XCR0_SSE_DOWN  UINT64_C(0x00000003)
#define XCR0_YMM       UINT64_C(0x00000004)
#define XCR0_MPX_AVX5  UINT64_C(0x000000f8) /* BND and AVX-512 */
#define XCR0_PKRU      UINT64_C(0x00000200)
#define XCR0_AMX       UINT64_C(0x00060000)
#define XCR0_LWP       UINT64_C(0x4000000000000000)
#define XSAVE_LEGACY   600 /* with the record's three words and the XSAVE
                            * header */
#define XSAVE_YMM      256 /* the component after it, on every processor with
                            * AVX */

/* The next record of that typecode after the given one (NULL: the first), or
 * NULL. */
static const struct context_record *
next_of(const struct infer_input *input, uint32_t typecode,
        const struct context_record *after)
{
    const domctx_context *context = input->context;
    size_t i = after ? (size_t)(after - context->records) + 1 : 0;

    for (; i < context->count; i++)
        if (context->records[i].type == DOMCTX_HVM_RECORD(typecode))
            return &context->records[i];
    return NULL;
}

/* Whether the context has a record of that typecode. */
static bool has(const struct infer_input *input, uint32_t typecode)
{
    return next_of(input, typecode, NULL) != NULL;
}

/* The field in any layout with the record's length: the release is unknown
 * here. */
static const struct cat_field *field_of(const struct context_record *record,
                                        const char *name)
{
    const struct cat_record *known = record->known;

    for (size_t n = 0; n < known->n_layouts; n++) {
        const struct cat_layout *layout = &known->layouts[n];
        const struct cat_field *field;
        uint64_t first;

        if (!cat_layout_has(layout, record->length))
            continue;
        field = cat_field(known, layout, name);
        if (field && context_get(record, field, 0, &first))
            return field;
    }
    return NULL;
}

static bool element(const struct context_record *record, const char *name,
                    size_t i, uint64_t *value)
{
    const struct cat_field *field = field_of(record, name);

    return field && context_get(record, field, i, value);
}

static uint64_t value_of(const struct context_record *record,
                         const char *name)
{
    uint64_t value = 0;

    return element(record, name, 0, &value) ? value : 0;
}

void infer_input_of(const domctx_context *context, struct infer_input *input)
{
    input->context = context;
    input->blob = context->blob ? context->blob : context->wrapped;
    input->whole = has(input, CODE_PCI_IRQ) && has(input, CODE_ISA_IRQ) &&
                   has(input, CODE_PCI_LINK) && has(input, CODE_CPU);
}

#define SEEN(name) \
    static bool name(const struct infer_input *input, uint64_t arg, \
                     const struct context_record **where)

/* for each record of a typecode, as *where */
#define FOR_EACH(typecode) \
    for (*where = next_of(input, (typecode), NULL); *where; \
         *where = next_of(input, (typecode), *where))

/* arg: a typecode that every saver of some releases writes */
SEEN(absent)
{
    (void)where;
    return input->whole && !has(input, (uint32_t)arg);
}

SEEN(viridian_domain_alone)
{
    (void)where;
    (void)arg;
    return input->whole && has(input, CODE_VIRIDIAN_DOMAIN) &&
           !has(input, CODE_VIRIDIAN_VCPU);
}

/* arg: the length */
SEEN(lapic_length)
{
    FOR_EACH(CODE_LAPIC)
        if ((*where)->length == arg)
            return true;
    return false;
}

/* arg: whether it is there */
SEEN(tsc_frequency)
{
    FOR_EACH(CODE_HEADER)
        return (value_of(*where, "gtsc_khz") != 0) == (arg != 0);
    return false;
}

/* The femtoseconds of a tick, in the upper half of capability: since 3.3 those
 * of 16 ns, before derived from the host's TSC. */
SEEN(hpet_period)
{
    FOR_EACH(CODE_HPET)
        return (value_of(*where, "capability") >> 32 == 16000000) ==
               (arg != 0);
    return false;
}

SEEN(msr_flags_set)
{
    (void)arg;
    FOR_EACH(CODE_CPU)
        if (value_of(*where, "msr_flags"))
            return true;
    return false;
}

/* Before, the flags told which of these MSRs the guest had written. */
SEEN(msr_flags_clear)
{
    (void)arg;
    FOR_EACH(CODE_CPU)
        if (value_of(*where, "msr_flags") == 0 &&
            (value_of(*where, "msr_lstar") || value_of(*where, "msr_star") ||
             value_of(*where, "msr_syscall_mask")))
            return true;
    return false;
}

SEEN(fpu_unused)
{
    uint64_t flags;

    (void)arg;
    FOR_EACH(CODE_CPU)
        if (element(*where, "flags", 0, &flags) && flags == 0)
            return true;
    return false;
}

/* Since then one reading serves all vCPUs; before, each had its own. */
SEEN(tsc_at_once)
{
    const struct context_record *first = next_of(input, CODE_CPU, NULL);

    (void)arg;
    *where = first ? next_of(input, CODE_CPU, first) : NULL;
    return *where && value_of(first, "tsc") &&
           value_of(first, "tsc") == value_of(*where, "tsc");
}

/* arg: whether all pairs are the first one */
SEEN(mtrr_pairs)
{
    FOR_EACH(CODE_MTRR) {
        const struct cat_field *pairs = field_of(*where, "msr_mtrr_var");
        uint64_t first[2], value;
        bool same = true;

        if (!pairs || !context_get(*where, pairs, 0, &first[0]) ||
            !context_get(*where, pairs, 1, &first[1]))
            continue;
        for (size_t i = 2; context_get(*where, pairs, i, &value); i++)
            same = same && value == first[i % 2];
        if (same == (arg != 0) && (!same || first[0] || first[1]))
            return true;
    }
    return false;
}

/* Only in the layouts of 16 bytes.  arg: whether the byte is a flag (true) or
 * a vector (false). */
SEEN(viridian_assist)
{
    FOR_EACH(CODE_VIRIDIAN_VCPU) {
        uint64_t value;

        if (!element(*where, "vp_assist_pending", 0, &value))
            continue;
        if (arg ? value == 1 : value > 1)
            return true;
    }
    return false;
}

/* The LDR of a LAPIC in x2APIC mode, its id, and the number of its vCPU. */
struct x2apic {
    uint64_t ldr, id, vcpu;
};

/* Get the x2APIC state of a LAPIC_REGS record.  *lapic is the LAPIC record to
 * continue from: both kinds are in the order of the vCPUs. */
static bool x2apic_of(const struct infer_input *input,
                      const struct context_record *regs,
                      const struct context_record **lapic,
                      struct x2apic *x2apic)
{
    while (*lapic && (*lapic)->instance < regs->instance)
        *lapic = next_of(input, CODE_LAPIC, *lapic);
    /* EN and EXTD: x2APIC mode */
    if (!*lapic || (*lapic)->instance != regs->instance ||
        (value_of(*lapic, "apic_base_msr") & 0xc00) != 0xc00)
        return false;
    x2apic->ldr = value_of(regs, "ldr");
    x2apic->id = value_of(regs, "id");
    x2apic->vcpu = regs->instance;
    return x2apic->id != 0;
}

/* How a saver computed LDR. */
enum { LDR_STUCK, LDR_OF_VCPU, LDR_OF_ID };

static bool ldr_is(const struct x2apic *x2apic, uint64_t how)
{
    uint64_t of_vcpu = cat_x2apic_ldr(x2apic->vcpu);
    uint64_t of_id = cat_x2apic_ldr(x2apic->id);

    if (how == LDR_STUCK || x2apic->ldr == 1)
        return how == LDR_STUCK && x2apic->ldr == 1;
    return of_vcpu != of_id &&
           x2apic->ldr == (how == LDR_OF_ID ? of_id : of_vcpu);
}

/* arg: one of those */
SEEN(x2apic_ldr)
{
    const struct context_record *lapic = next_of(input, CODE_LAPIC, NULL);
    struct x2apic x2apic;

    FOR_EACH(CODE_LAPIC_REGS)
        if (x2apic_of(input, *where, &lapic, &x2apic) &&
            ldr_is(&x2apic, arg))
            return true;
    return false;
}

/* arg: components.  A saver's own mask has all of them; what a vCPU
 * accumulated is a part. */
SEEN(xsave_component)
{
    FOR_EACH(CODE_CPU_XSAVE)
        if ((value_of(*where, "xfeature_mask") |
             value_of(*where, "xcr0_accum")) & arg)
            return true;
    return false;
}

/* The size of a vCPU's components, if every processor places them alike; else
 * 0. */
static uint64_t xsave_wanted(uint64_t accum)
{
    if (accum & ~(XCR0_SSE_DOWN | XCR0_YMM))
        return 0;
    return XSAVE_LEGACY + (accum & XCR0_YMM ? XSAVE_YMM : 0);
}

SEEN(xsave_excess)
{
    (void)arg;
    FOR_EACH(CODE_CPU_XSAVE) {
        uint64_t wanted = xsave_wanted(value_of(*where, "xcr0_accum"));

        if (wanted && (*where)->length > wanted)
            return true;
    }
    return false;
}

/* The length is what the vCPU needs, on a host that has more. */
SEEN(xsave_fitted)
{
    (void)arg;
    FOR_EACH(CODE_CPU_XSAVE) {
        uint64_t accum = value_of(*where, "xcr0_accum");

        if (value_of(*where, "xfeature_mask") & ~accum & ~XCR0_SSE_DOWN &&
            (*where)->length == xsave_wanted(accum))
            return true;
    }
    return false;
}

/* Only the three words: the vCPU never used its FPU. */
SEEN(xsave_blank)
{
    (void)arg;
    FOR_EACH(CODE_CPU_XSAVE)
        if ((*where)->length > 24 &&
            all_zero((*where)->body + 24, (*where)->length - 24))
            return true;
    return false;
}

/* arg: an index */
SEEN(msr_index)
{
    FOR_EACH(CODE_CPU_MSR) {
        uint64_t index;

        for (size_t i = 0; element(*where, "msr[].index", i, &index); i++)
            if (index == arg)
                return true;
    }
    return false;
}

/* The length that the descriptor of a CPU_MSR claims. */
static uint32_t claimed(const struct context_record *record)
{
    return le32(record->body - 4);
}

/* arg: 0, or the length that the defective descriptor claims */
SEEN(msr_length)
{
    if (!input->blob)
        return false;
    FOR_EACH(CODE_CPU_MSR)
        if (claimed(*where) != (*where)->length &&
            (!arg || claimed(*where) == arg))
            return true;
    return false;
}

/* An AMD host writes room for four entries, so the defect would show. */
SEEN(msr_length_right)
{
    (void)arg;
    if (!input->blob)
        return false;
    FOR_EACH(CODE_CPU_MSR) {
        uint64_t index = value_of(*where, "msr[].index");

        if (index >= 0xc0011019 && index <= 0xc0011027 &&
            value_of(*where, "count") < 4 &&
            claimed(*where) == (*where)->length)
            return true;
    }
    return false;
}

/* The hypervisor copied its whole buffer. */
SEEN(after_end)
{
    const domctx_hvm *blob = input->context->blob;

    (void)where;
    (void)arg;
    return blob && !all_zero(blob->buf + blob->consumed,
                             blob->size - blob->consumed);
}

#define R RELEASE
#define FROM(...) .from = { { __VA_ARGS__ } }
#define UNTIL(...) .until = { { __VA_ARGS__ } }
#define HINT .hint = true
#define CERTAIN .certain = true

/* Strong evidence first: a row that contradicts earlier ones is not
 * followed. */
const struct evidence evidence_table[] = {
    /* b28b590d4a */
    { "lapic-32", "has pending_esr (32 bytes)", lapic_length, 32,
      FROM(R(4, 18, 5), R(4, 19, 2), R(4, 20, 1), R(4, 21, 0)), CERTAIN },
    { "lapic-24", "has no pending_esr (24 bytes)", lapic_length, 24,
      FROM(R(4, 1, 0)),
      UNTIL(R(4, 18, 5), R(4, 19, 2), R(4, 20, 1), R(4, 21, 0)), CERTAIN },
    { "mtrr-absent", "there is no MTRR", absent, CODE_MTRR,
      UNTIL(R(3, 2, 0)), CERTAIN },
    { "vmce-absent", "there is no VMCE_VCPU", absent, CODE_VMCE_VCPU,
      UNTIL(R(4, 2, 0)), CERTAIN },
    { "tsc-adjust-absent", "there is no TSC_ADJUST", absent, CODE_TSC_ADJUST,
      UNTIL(R(4, 3, 0)), CERTAIN },
    { "viridian-vcpu-absent", "VIRIDIAN_DOMAIN without VIRIDIAN_VCPU",
      viridian_domain_alone, 0, FROM(R(3, 4, 0)), UNTIL(R(4, 2, 0)), CERTAIN },
    /* afa14d87bd, b1d398b677; PVH always has a LAPIC since 4.12 */
    { "pic-absent", "there is no PIC: a domain without devices", absent,
      CODE_PIC, FROM(R(4, 7, 0)), CERTAIN },
    { "lapic-absent", "there is no LAPIC", absent, CODE_LAPIC,
      FROM(R(4, 7, 0)), UNTIL(R(4, 12, 0)), CERTAIN },
    /* 448dac0297 */
    { "gtsc-khz", "gtsc_khz is not 0", tsc_frequency, true,
      FROM(R(4, 0, 0)) },
    { "hpet-16ns", "a tick is 16 ns", hpet_period, true, FROM(R(3, 3, 0)) },
    /* 4cc1344447 */
    { "xsave-excess", "is longer than its components take", xsave_excess, 0,
      FROM(R(4, 1, 0)), UNTIL(R(4, 2, 4), R(4, 3, 1), R(4, 4, 0)) },
    { "xsave-fitted", "is as long as its components, on a host with more",
      xsave_fitted, 0, FROM(R(4, 2, 4), R(4, 3, 1), R(4, 4, 0)) },
    { "xsave-blank", "has an area of zeros", xsave_blank, 0,
      FROM(R(4, 1, 0)), UNTIL(R(4, 2, 4), R(4, 3, 1), R(4, 4, 0)) },
    { "xsave-lwp", "knows LWP", xsave_component, XCR0_LWP, FROM(R(4, 1, 0)),
      UNTIL(R(4, 13, 0)) },
    { "xsave-avx512", "knows MPX or AVX-512", xsave_component, XCR0_MPX_AVX5,
      FROM(R(4, 5, 0)), CERTAIN },
    { "xsave-pkru", "knows PKRU", xsave_component, XCR0_PKRU,
      FROM(R(4, 7, 0)), CERTAIN },
    { "xsave-amx", "knows AMX", xsave_component, XCR0_AMX,
      FROM(R(4, 20, 0)), CERTAIN },
    /* d2f86bf604; room for two entries, the second for XSS: 4.7 */
    { "msr-length", "has the length defect", msr_length, 0, FROM(R(4, 5, 0)),
      UNTIL(R(4, 7, 5), R(4, 8, 3), R(4, 9, 2), R(4, 10, 0)) },
    { "msr-length-2", "has the length defect, with room for two MSRs",
      msr_length, 8 + 2 * 16, FROM(R(4, 7, 0)),
      UNTIL(R(4, 7, 5), R(4, 8, 3), R(4, 9, 2), R(4, 10, 0)) },
    { "msr-length-right", "has AMD's masks and a right length",
      msr_length_right, 0,
      FROM(R(4, 7, 5), R(4, 8, 3), R(4, 9, 2), R(4, 10, 0)) },
    { "msr-xss", "has XSS", msr_index, 0xda0, FROM(R(4, 7, 0)),
      UNTIL(R(4, 13, 0)), CERTAIN },
    /* 2f1add6e1c */
    { "msr-flags", "msr_flags is not 0", msr_flags_set, 0,
      UNTIL(R(4, 6, 6), R(4, 7, 3), R(4, 8, 1), R(4, 9, 0)) },
    { "msr-flags-0", "msr_flags is 0 though SYSCALL is set up",
      msr_flags_clear, 0,
      FROM(R(4, 6, 6), R(4, 7, 3), R(4, 8, 1), R(4, 9, 0)) },
    /* a3b6844d3b, 4b9851c645 */
    { "fpu-unused", "the FPU was never used", fpu_unused, 0,
      FROM(R(4, 7, 0)), UNTIL(R(4, 22, 0)) },
    /* 343eb57023 */
    { "mtrr-same", "all variable pairs are the first", mtrr_pairs, true,
      FROM(R(4, 12, 0)) },
    { "mtrr-differ", "the variable pairs differ", mtrr_pairs, false,
      FROM(R(3, 2, 0)), UNTIL(R(4, 12, 0)) },
    /* 66bf4ef048 */
    { "viridian-vector", "byte 8 is a vector", viridian_assist, false,
      FROM(R(4, 7, 0)), UNTIL(R(4, 11, 0)) },
    { "viridian-pending", "byte 8 is a flag", viridian_assist, true,
      FROM(R(4, 11, 0)) },
    /* f9e0cccf7b, 90309854fd */
    { "x2apic-ldr-1", "the x2APIC LDR is stuck at 1", x2apic_ldr, LDR_STUCK,
      UNTIL(R(4, 5, 0)) },
    { "x2apic-ldr-vcpu", "the x2APIC LDR is made from the vCPU's number",
      x2apic_ldr, LDR_OF_VCPU, FROM(R(4, 5, 0)) },
    { "x2apic-ldr-id", "the x2APIC LDR is made from the id", x2apic_ldr,
      LDR_OF_ID, FROM(R(4, 17, 3), R(4, 18, 1), R(4, 19, 0)), HINT },

    /* 88e64cb785 */
    { "tsc-at-once", "two vCPUs have the same tsc", tsc_at_once, 0,
      FROM(R(4, 5, 0)), HINT },
    { "gtsc-khz-0", "gtsc_khz is 0", tsc_frequency, false,
      UNTIL(R(4, 0, 0)), HINT },
    { "hpet-tsc", "a tick is not 16 ns", hpet_period, false,
      UNTIL(R(3, 3, 0)), HINT },
    { "after-end", "there are bytes after END", after_end, 0,
      UNTIL(R(4, 11, 4), R(4, 12, 3), R(4, 13, 1), R(4, 14, 0)), HINT },
};
const size_t evidence_count =
    sizeof(evidence_table) / sizeof(evidence_table[0]);
