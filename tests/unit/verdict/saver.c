/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict/saver.h"

#include "base/bytes.h"
#include "catalogue/catalogue.h"
#include "catalogue/codes.h"

#define VCPUS 2

/* One blob being made. */
struct maker {
    struct bytes *b;
    struct release release;
    unsigned int what;
};

/* A record being made: its body is at the end of the blob. */
struct body {
    struct maker *maker;
    const struct cat_record *record;
    const struct cat_layout *layout;
    uint16_t instance;
    size_t at;
};

static bool since(const struct maker *maker, struct since when)
{
    return since_all(&when, maker->release);
}
#define SINCE_THAT(...) ((struct since){ { __VA_ARGS__ } })

static bool is_at_least(const struct maker *maker, unsigned int xen_major,
                        unsigned int xen_minor)
{
    return maker->release.series >= CAT_V(xen_major, xen_minor);
}

/* LAPIC grew in the middle of stable branches. */
static const struct cat_layout *lapic_layout(const struct maker *maker,
                                             const struct cat_record *record)
{
    bool grown = since(maker, SINCE_THAT(RELEASE(4, 18, 5),
                                         RELEASE(4, 19, 2),
                                         RELEASE(4, 20, 1),
                                         RELEASE(4, 21, 0)));
    uint64_t length = grown ? 32 : is_at_least(maker, 4, 1) ? 24 : 16;

    return cat_layout(record, length, grown ? CAT_V(4, 21)
                                            : maker->release.series);
}

static const struct cat_layout *native_layout(const struct maker *maker,
                                              const struct cat_record *record)
{
    if (record->typecode == CODE_LAPIC)
        return lapic_layout(maker, record);
    for (size_t i = 0; i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];

        if (maker->release.series >= layout->from &&
            maker->release.series <= layout->to)
            return layout;
    }
    return NULL;
}

static void put(struct body *body, const char *name, size_t i,
                uint64_t value)
{
    const struct cat_field *field =
        cat_field(body->record, body->layout, name);

    if (field)
        cat_set(field, body->maker->b->p + body->at, i, value);
}

static void fill_header(struct body *body)
{
    put(body, "magic", 0, 0x54381286);
    put(body, "version", 0, 1);
    put(body, "cpuid", 0, 0x000306c3);
    put(body, "gtsc_khz", 0, 2394230);
}

/* As a 64-bit kernel has them; the others are not used. */
static void fill_segments(struct body *body)
{
    put(body, "cs_sel", 0, 0x10);
    put(body, "cs_limit", 0, UINT32_MAX);
    put(body, "cs_arbytes", 0, 0xa9b);
    put(body, "ss_sel", 0, 0x18);
    put(body, "ss_limit", 0, UINT32_MAX);
    put(body, "ss_arbytes", 0, 0xc93);
    put(body, "tr_sel", 0, 0x40);
    put(body, "tr_limit", 0, 0x206f);
    put(body, "tr_base", 0, UINT64_C(0xfffffe0000003000));
    put(body, "tr_arbytes", 0, 0x8b);
}

static void fill_cpu(struct body *body)
{
    const struct maker *maker = body->maker;
    bool dead = since(maker, SINCE_THAT(RELEASE(4, 6, 6), RELEASE(4, 7, 3),
                                        RELEASE(4, 8, 1),
                                        RELEASE(4, 9, 0)));
    bool syscall = maker->what & SAVER_SYSCALL;
    bool unused = (maker->what & SAVER_FPU_UNUSED) &&
                  is_at_least(maker, 4, 7) && !is_at_least(maker, 4, 22);

    if (!unused) {
        put(body, "fpu_regs.fcw", 0, 0x37f);
        put(body, "fpu_regs.mxcsr", 0, 0x1f80);
    }
    put(body, "flags", 0, !unused);
    fill_segments(body);
    put(body, "rip", 0, UINT64_C(0xffffffff81000000));
    put(body, "rflags", 0, 2);
    put(body, "cr0", 0, 0x80050033);
    put(body, "cr4", 0, 0x6b0);
    put(body, "msr_efer", 0, 0xd01);
    put(body, "dr6", 0, 0xffff0ff0);
    put(body, "dr7", 0, 0x400);
    put(body, "msr_lstar", 0, syscall ? UINT64_C(0xffffffff81800000) : 0);
    put(body, "msr_flags", 0,
        dead ? 0 : maker->what & SAVER_AMD ? UINT64_MAX : syscall ? 7 : 0);
    /* one moment for all since 4.5 */
    put(body, "tsc", 0,
        77000000 + (is_at_least(maker, 4, 5) ? 0
                                             : body->instance * 4321u));
}

static void fill_pic(struct body *body)
{
    put(body, "imr", 0, 0xff);
    put(body, "irq_base", 0, body->instance ? 0x70 : 8);
    put(body, "is_master", 0, !body->instance);
    put(body, "elcr", 0, body->instance ? 0x0c : 0x20);
}

static void fill_lapic(struct body *body)
{
    put(body, "apic_base_msr", 0,
        0xfee00800u | (body->instance ? 0 : 0x100u) |
            (body->maker->what & SAVER_X2APIC ? 0x400u : 0));
    put(body, "timer_divisor", 0, 16);
}

/* The logical id in x2APIC mode: stuck at 1, then made from the vCPU's
 * number, then from the APIC id, which is twice that. */
static void fill_lapic_regs(struct body *body)
{
    bool from_id = since(body->maker,
                         SINCE_THAT(RELEASE(4, 17, 3), RELEASE(4, 18, 1),
                                    RELEASE(4, 19, 0)));
    uint64_t id = 2u * body->instance;

    put(body, "version", 0, 0x50014);
    if (!(body->maker->what & SAVER_X2APIC)) {
        put(body, "id", 0, id << 24);
        return;
    }
    if (is_at_least(body->maker, 4, 5)) {
        put(body, "id", 0, id);
        put(body, "ldr", 0,
            UINT64_C(1) << (from_id ? id : body->instance));
    } else {
        put(body, "id", 0, id << 24);
        put(body, "ldr", 0, 1);
    }
}

static void fill_pit(struct body *body)
{
    for (size_t i = 0; i < 3; i++) {
        put(body, "channels[].count", i, 0x10000);
        put(body, "channels[].mode", i, 3);
        put(body, "channels[].gate", i, i != 2);
    }
}

static void fill_hpet(struct body *body)
{
    uint64_t period = is_at_least(body->maker, 3, 3) ? 16000000 : 13365465;

    put(body, "capability", 0, period << 32 | 0x8086a201);
    for (size_t i = 0; i < 3; i++)
        put(body, "timers[].cmp", i, UINT64_MAX);
}

/* Two ranges; since 4.12 the first in all eight places. */
static void fill_mtrr(struct body *body)
{
    bool same = is_at_least(body->maker, 4, 12);

    put(body, "msr_pat_cr", 0, UINT64_C(0x0407050600070106));
    for (size_t pair = 0; pair < (same ? 8 : 2); pair++) {
        put(body, "msr_mtrr_var", 2 * pair,
            same || pair == 0 ? 0xf0000000 : 0xf8000000);
        put(body, "msr_mtrr_var", 2 * pair + 1, UINT64_C(0xfff8000800));
    }
    put(body, "msr_mtrr_cap", 0, 0x508);
    put(body, "msr_mtrr_def_type", 0, 0xc06);
}

static void fill_viridian_domain(struct body *body)
{
    put(body, "hypercall_gpa", 0, 0x1001);
    put(body, "guest_os_id", 0, UINT64_C(0x1040601001db1));
    put(body, "time_ref_count", 0, 123456789);
}

static void fill_viridian_vcpu(struct body *body)
{
    put(body, "apic_assist", 0, 0x2001);
    put(body, "apic_assist_msr", 0, 0x2001);
    put(body, "vp_assist_msr", 0, 0x2001);
    put(body, "apic_assist_vector", 0, 0xd1);
    put(body, "vp_assist_vector", 0, 0xd1);
    put(body, "vp_assist_pending", 0, 1);
    put(body, "apic_assist_pending", 0, 1);
}

/* TES, SER and two banks, whatever the host; then CMCI with them on Intel,
 * and two banks on AMD. */
static void fill_vmce(struct body *body)
{
    put(body, "caps", 0, !is_at_least(body->maker, 4, 3)   ? 0x1000802
                         : body->maker->what & SAVER_AMD ? 2
                                                         : 0x1000c02);
}

/* Everything that the release knows of: XCNTXT_MASK of its xstate.h. */
static uint64_t xfeature_mask(const struct maker *maker)
{
    uint64_t mask = 7;

    if (maker->what & SAVER_AMD)
        return is_at_least(maker, 4, 13) ? mask : mask | UINT64_C(1) << 62;
    if (is_at_least(maker, 4, 5))
        mask |= 0xf8;
    if (is_at_least(maker, 4, 7))
        mask |= 0x200;
    if (is_at_least(maker, 4, 20))
        mask |= 0x60000;
    return mask;
}

/* The host's largest area first, with LWP on AMD; then what the vCPU uses. */
static uint32_t xsave_length(const struct maker *maker)
{
    bool fitted = since(maker, SINCE_THAT(RELEASE(4, 2, 4),
                                          RELEASE(4, 3, 1),
                                          RELEASE(4, 4, 0)));

    return 24 + (fitted || !(maker->what & SAVER_AMD) ? 832 : 960);
}

static void fill_xsave(struct body *body)
{
    put(body, "xfeature_mask", 0, xfeature_mask(body->maker));
    put(body, "xcr0", 0, 7);
    put(body, "xcr0_accum", 0, 7);
    put(body, "save_area.fpu_sse.fcw", 0, 0x37f);
    put(body, "save_area.fpu_sse.mxcsr", 0, 0x1f80);
    put(body, "save_area.xsave_hdr.xstate_bv", 0, 7);
}

/* The MSR that only this release and newer ones save. */
static uint32_t newest_msr(const struct maker *maker)
{
    if (maker->what & SAVER_AMD)
        return 0xc0011027;
    if (is_at_least(maker, 4, 18))
        return 0x6e1;
    if (is_at_least(maker, 4, 17))
        return 0xc001011f;
    if (since(maker, SINCE_THAT(RELEASE(4, 7, 5), RELEASE(4, 8, 4),
                                RELEASE(4, 9, 2), RELEASE(4, 10, 1),
                                RELEASE(4, 11, 0))))
        return 0x48;
    if (since(maker, SINCE_THAT(RELEASE(4, 10, 0))))
        return 0x140;
    return is_at_least(maker, 4, 7) ? 0xda0 : 0xd90;
}

/* The descriptor of the releases with the defect is for as many as the host
 * could have: one, then two on Intel, four on AMD. */
static uint32_t msr_claim(const struct maker *maker)
{
    bool mended = since(maker, SINCE_THAT(RELEASE(4, 7, 5),
                                          RELEASE(4, 8, 3),
                                          RELEASE(4, 9, 2),
                                          RELEASE(4, 10, 0)));
    uint32_t count = mended                      ? 1
                     : maker->what & SAVER_AMD   ? 4
                     : is_at_least(maker, 4, 7)  ? 2
                                                 : 1;

    return 8 + 16 * count;
}

static void fill_msr(struct body *body)
{
    put(body, "count", 0, 1);
    put(body, "msr[].index", 0, newest_msr(body->maker));
    put(body, "msr[].val", 0, 1);
}

static const struct {
    uint16_t typecode;
    void (*fill)(struct body *body);
    unsigned int only; /* what the domain must have */
    bool device;       /* not in a PVH domain */
} makers[] = {
    { CODE_HEADER, fill_header },
    { CODE_CPU, fill_cpu },
    { CODE_PIC, fill_pic, 0, true },
    { CODE_IOAPIC, NULL, 0, true },
    { CODE_LAPIC, fill_lapic },
    { CODE_LAPIC_REGS, fill_lapic_regs },
    { CODE_PCI_IRQ, NULL }, { CODE_ISA_IRQ, NULL }, { CODE_PCI_LINK, NULL },
    { CODE_PIT, fill_pit, 0, true },
    { CODE_RTC, NULL, 0, true },
    { CODE_HPET, fill_hpet, 0, true },
    { CODE_PMTIMER, NULL, 0, true },
    { CODE_MTRR, fill_mtrr },
    { CODE_VIRIDIAN_DOMAIN, fill_viridian_domain, SAVER_VIRIDIAN },
    { CODE_CPU_XSAVE, fill_xsave, SAVER_XSAVE },
    { CODE_VIRIDIAN_VCPU, fill_viridian_vcpu, SAVER_VIRIDIAN },
    { CODE_VMCE_VCPU, fill_vmce },
    { CODE_TSC_ADJUST, NULL },
    { CODE_CPU_MSR, fill_msr, SAVER_MSR },
};

static void put_one(struct maker *maker, size_t i, uint16_t instance)
{
    uint16_t code = makers[i].typecode;
    const struct cat_record *record = cat_record(code);
    struct body body = {
        maker, record, native_layout(maker, record), instance, 0,
    };
    uint32_t length, claim;

    ck_assert_ptr_nonnull(body.layout);
    length = body.layout->length;
    if (code == CODE_CPU_XSAVE)
        length = xsave_length(maker);
    if (code == CODE_CPU_MSR)
        length += 16;
    claim = code == CODE_CPU_MSR ? msr_claim(maker) : length;
    put_desc(maker->b, code, instance, claim);
    body.at = maker->b->size;
    put_zero(maker->b, length);
    if (makers[i].fill)
        makers[i].fill(&body);
}

void put_saved(struct bytes *b, struct release release, unsigned int what)
{
    struct maker maker = { b, release, what };

    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        const struct cat_record *record = cat_record(makers[i].typecode);
        unsigned int count =
            record->flags & CAT_VCPU ? VCPUS : record->instances;

        if (release.series < record->from ||
            (makers[i].only & what) != makers[i].only ||
            (makers[i].device && (what & SAVER_PVH)))
            continue;
        for (unsigned int n = 0; n < count; n++)
            put_one(&maker, i, (uint16_t)n);
    }
    put_hvm_end(b);
}
