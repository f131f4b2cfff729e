/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compat/matrix.h"

#include "compat/compat.h"
#include "context/context.h"

const struct release matrix_releases[] = {
    SERIES(3, 1),  SERIES(3, 2),  SERIES(3, 3),  SERIES(3, 4),
    SERIES(4, 0),  SERIES(4, 1),  SERIES(4, 2),  RELEASE(4, 2, 4),
    SERIES(4, 3),  RELEASE(4, 3, 1), RELEASE(4, 3, 4),
    SERIES(4, 4),  RELEASE(4, 4, 2),
    SERIES(4, 5),  SERIES(4, 6),  RELEASE(4, 6, 6),
    SERIES(4, 7),  RELEASE(4, 7, 3), RELEASE(4, 7, 5),
    SERIES(4, 8),  RELEASE(4, 8, 1), RELEASE(4, 8, 4),
    SERIES(4, 9),  RELEASE(4, 9, 2),
    SERIES(4, 10), RELEASE(4, 10, 1),
    SERIES(4, 11), SERIES(4, 12), SERIES(4, 13), SERIES(4, 14),
    SERIES(4, 15), SERIES(4, 16), SERIES(4, 17),
    SERIES(4, 18), RELEASE(4, 18, 4), RELEASE(4, 18, 5),
    SERIES(4, 19), RELEASE(4, 19, 1), RELEASE(4, 19, 2),
    SERIES(4, 20), RELEASE(4, 20, 0), RELEASE(4, 20, 1),
    SERIES(4, 21), SERIES(4, 22),
};
const size_t matrix_n = sizeof(matrix_releases) / sizeof(matrix_releases[0]);

const char *const matrix_fill_names[] = { "default", "used" };

#define VCPUS 2

/* ------------------------------------------------------------------ */
/* Values                                                              */
/* ------------------------------------------------------------------ */

/* What must have a certain value to mean anything, by fill; every name that
 * a field has had.  A value of an array goes to all its elements. */
static const struct fixed {
    uint16_t typecode;
    const char *field;
    uint64_t value[MATRIX_FILLS];
    cat_version from, to;   /* of the saver; 0, 0: all */
} fixed[] = {
    { CODE_HEADER, "magic", { 0x54381286, 0x54381286 }, 0, 0 },
    { CODE_HEADER, "version", { 1, 1 }, 0, 0 },
    { CODE_HEADER, "changeset", { 0, 0 }, 0, 0 },
    { CODE_HEADER, "cpuid", { 0x306c3, 0x306c3 }, 0, 0 },
    { CODE_HEADER, "gtsc_khz", { 2400000, 2400000 }, 0, 0 },
    { CODE_CPU, "cr0", { 0x60000010, 0x80050033 }, 0, 0 },
    { CODE_CPU, "cr3", { 0, 0x2a0c000 }, 0, 0 },
    { CODE_CPU, "rip", { 0xfff0, UINT64_C(0xffffffff81000000) }, 0, 0 },
    { CODE_CPU, "rflags", { 2, 0x246 }, 0, 0 },
    { CODE_CPU, "cs_sel", { 0xf000, 0x10 }, 0, 0 },
    { CODE_CPU, "ss_sel", { 0, 0x18 }, 0, 0 },
    { CODE_CPU, "tr_sel", { 0, 0x40 }, 0, 0 },
    { CODE_CPU, "cs_limit", { 0xffff, 0xffffffff }, 0, 0 },
    { CODE_CPU, "ds_limit", { 0xffff, 0xffffffff }, 0, 0 },
    { CODE_CPU, "es_limit", { 0xffff, 0xffffffff }, 0, 0 },
    { CODE_CPU, "fs_limit", { 0xffff, 0xffffffff }, 0, 0 },
    { CODE_CPU, "gs_limit", { 0xffff, 0xffffffff }, 0, 0 },
    { CODE_CPU, "ss_limit", { 0xffff, 0xffffffff }, 0, 0 },
    { CODE_CPU, "tr_limit", { 0xffff, 0x206f }, 0, 0 },
    { CODE_CPU, "idtr_limit", { 0xffff, 0xfff }, 0, 0 },
    { CODE_CPU, "gdtr_limit", { 0xffff, 0x7f }, 0, 0 },
    { CODE_CPU, "cs_base", { 0xf0000, 0 }, 0, 0 },
    { CODE_CPU, "ds_base", { 0, 0 }, 0, 0 },
    { CODE_CPU, "es_base", { 0, 0 }, 0, 0 },
    { CODE_CPU, "ss_base", { 0, 0 }, 0, 0 },
    { CODE_CPU, "fs_base", { 0, UINT64_C(0x7f1234567000) }, 0, 0 },
    { CODE_CPU, "gs_base", { 0, UINT64_C(0xffff88003fc00000) }, 0, 0 },
    { CODE_CPU, "tr_base", { 0, UINT64_C(0xfffffe0000003000) }, 0, 0 },
    { CODE_CPU, "ldtr_base", { 0, 0 }, 0, 0 },
    { CODE_CPU, "idtr_base", { 0, UINT64_C(0xfffffe0000000000) }, 0, 0 },
    { CODE_CPU, "gdtr_base", { 0, UINT64_C(0xfffffe0000001000) }, 0, 0 },
    { CODE_CPU, "cs_arbytes", { 0x9b, 0xa9b }, 0, 0 },
    { CODE_CPU, "ss_arbytes", { 0x93, 0xc93 }, 0, 0 },
    { CODE_CPU, "ds_arbytes", { 0x93, 0 }, 0, 0 },
    { CODE_CPU, "es_arbytes", { 0x93, 0 }, 0, 0 },
    { CODE_CPU, "fs_arbytes", { 0x93, 0 }, 0, 0 },
    { CODE_CPU, "gs_arbytes", { 0x93, 0 }, 0, 0 },
    { CODE_CPU, "tr_arbytes", { 0x8b, 0x8b }, 0, 0 },
    { CODE_CPU, "ldtr_arbytes", { 0x82, 0 }, 0, 0 },
    { CODE_CPU, "sysenter_esp", { 0, UINT64_C(0xfffffe0000002000) }, 0, 0 },
    { CODE_CPU, "sysenter_eip", { 0, UINT64_C(0xffffffff81801000) }, 0, 0 },
    { CODE_CPU, "cr4", { 0, 0x620 }, 0, 0 },
    { CODE_CPU, "dr6", { 0xffff0ff0, 0xffff0ff1 }, 0, 0 },
    { CODE_CPU, "dr7", { 0x400, 0x401 }, 0, 0 },
    { CODE_CPU, "msr_efer", { 0, 0xd01 }, 0, 0 },
    { CODE_CPU, "msr_lstar", { 0, UINT64_C(0xffffffff81800000) }, 0, 0 },
    { CODE_CPU, "shadow_gs", { 0, UINT64_C(0xffff88003fc00000) }, 0, 0 },
    { CODE_CPU, "flags", { 1, 1 }, 0, 0 },
    { CODE_CPU, "msr_tsc_aux", { 0, 0x1003 }, 0, 0 },
    { CODE_CPU, "sysenter_cs", { 0, 0x10 }, 0, 0 },
    { CODE_CPU, "msr_flags", { 0, 7 }, CAT_OLDEST, CAT_V(4, 8) },
    { CODE_CPU, "msr_flags", { 0, 0 }, CAT_V(4, 9), CAT_EVER },
    { CODE_CPU, "pending_event", { 0, 0x80000030 }, 0, 0 },
    { CODE_CPU, "error_code", { 0, 0x18 }, 0, 0 },
    { CODE_PIC, "init_state", { 0, 0 }, 0, 0 },
    { CODE_PIC, "elcr", { 0, 0x40 }, 0, 0 },
    { CODE_PIC, "int_output", { 0, 0 }, 0, 0 },
    { CODE_LAPIC, "apic_base_msr", { 0xfee00900, 0xfee00800 }, 0, 0 },
    { CODE_LAPIC, "disabled", { 0, 0 }, 0, 0 },
    { CODE_LAPIC, "timer_divisor", { 2, 16 }, 0, 0 },
    { CODE_LAPIC_REGS, "lvtt", { 0x10000, 0x400ef }, 0, 0 },
    { CODE_PCI_LINK, "route", { 0, 5 }, 0, 0 },
    { CODE_PIT, "channels[].count", { 0x10000, 0x4321 }, 0, 0 },
    { CODE_PIT, "channels[].gate", { 1, 1 }, 0, 0 },
    { CODE_PIT, "speaker_data_on", { 0, 1 }, 0, 0 },
    { CODE_MTRR, "msr_pat_cr", { 0x0007040600070406, 0x0407050600070106 },
      0, 0 },
    { CODE_MTRR, "msr_mtrr_cap", { 0x508, 0x508 }, 0, 0 },
    { CODE_VIRIDIAN_DOMAIN, "reference_tsc", { 0, 0x7001 }, 0, 0 },
    { CODE_CPU_XSAVE, "save_area.xsave_hdr.xcomp_bv", { 0, 0 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "apic_assist", { 0, 0x9001 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "apic_assist_msr", { 0, 0x9001 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "vp_assist_msr", { 0, 0x9001 }, 0, 0 },
    /* the vector in service that LAPIC_REGS gets below */
    { CODE_VIRIDIAN_VCPU, "apic_assist_vector", { 0, 0xd1 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "vp_assist_vector", { 0, 0xd1 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "vp_assist_pending", { 0, 1 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "apic_assist_pending", { 0, 1 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "simp_msr", { 0, 0xa001 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "sint_msr", { 0x10000, 0x200b0 }, 0, 0 },
    { CODE_VIRIDIAN_VCPU, "stimer_config_msr", { 0, 0x20003 }, 0, 0 },
    { CODE_VMCE_VCPU, "caps", { 0x1000802, 0x1000802 }, CAT_OLDEST,
      CAT_V(4, 9) },
    { CODE_VMCE_VCPU, "caps", { 0x1000802, 0x9000802 }, CAT_V(4, 10),
      CAT_EVER },
};

/* The registers of a LAPIC lie in an array without names of its own. */
static const struct part {
    size_t offset;
    uint32_t value;
} lapic_parts[] = {
    { 0x20, 0 }, { 0xd0, 0x01000000 }, { 0xf0, 0x1ff }, { 0x320, 0x400ef },
    { 0x160, 0x00020000 },   /* isr: vector 0xd1 */
    { 0x220, 0x00000100 },   /* irr */
};

static const struct fixed *find_fixed(uint32_t typecode, const char *name,
                                      cat_version saver)
{
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (fixed[i].typecode == typecode &&
            strcmp(fixed[i].field, name) == 0 &&
            (!fixed[i].to ||
             (saver >= fixed[i].from && saver <= fixed[i].to)))
            return &fixed[i];
    return NULL;
}

/* Another one for each field, element and vCPU, in the width of the field;
 * never 0. */
static uint64_t own_value(const struct cat_field *field, uint32_t typecode,
                          uint32_t instance, size_t i)
{
    uint64_t value = UINT64_C(0x0101010101010101) * (typecode + 1);

    value ^= UINT64_C(0x9e3779b97f4a7c15) *
             (field->offset + i * field->stride + field->bit + 1);
    value ^= (uint64_t)instance << 5;
    value ^= value >> 32;
    if (field->width < 8)
        value &= (UINT64_C(1) << 8 * field->width) - 1;
    /* a byte of its own is a flag in most records */
    if (field->width == 1 && field->count < 14)
        value &= 1;
    return value ? value : 1;
}

static uint64_t value_of(const struct cat_field *field, uint32_t typecode,
                         uint32_t instance, size_t i, cat_version saver,
                         enum matrix_fill fill)
{
    const struct fixed *row = find_fixed(typecode, field->name, saver);

    if (row)
        return row->value[fill];
    if (field->flags & CAT_PAD)
        return 0;
    if (typecode == CODE_PIC && strcmp(field->name, "is_master") == 0)
        return instance == 0;
    return fill == MATRIX_DEFAULT ? field->assumed
                                  : own_value(field, typecode, instance, i);
}

static void fill_body(const struct cat_record *record,
                      const struct cat_layout *layout, uint8_t *body,
                      uint32_t instance, cat_version saver,
                      enum matrix_fill fill)
{
    for (size_t f = 0; f < record->n_fields; f++) {
        const struct cat_field *field = &record->fields[f];

        if (!cat_field_in(field, layout) ||
            field->flags & (CAT_PART | CAT_VIEW) || field->count == 0)
            continue;
        for (size_t i = 0; i < cat_count(field, layout->length); i++)
            cat_set(field, body, i,
                    value_of(field, record->typecode, instance, i, saver,
                             fill));
    }
}

/* ------------------------------------------------------------------ */
/* Records                                                             */
/* ------------------------------------------------------------------ */

static bool before(struct release a, struct release b)
{
    unsigned int a_point = a.point == RELEASE_ANY ? 0 : a.point;

    return a.series < b.series ||
           (a.series == b.series && a_point < b.point);
}

/* 4.1 to 4.2.3 and 4.3.0 wrote the largest area of the host (of one with
 * AVX and lightweight profiling here); later ones what was used. */
static void put_xsave(struct bytes *b, struct release saver,
                      uint32_t instance, enum matrix_fill fill)
{
    const struct cat_record *record = cat_record(CODE_CPU_XSAVE);
    bool old = before(saver, RELEASE(4, 2, 4)) ||
               (saver.series == CAT_V(4, 3) &&
                before(saver, RELEASE(4, 3, 1)));
    uint64_t accum = fill == MATRIX_DEFAULT ? 3
                     : before(saver, RELEASE(4, 7, 0)) ? 7 : 0x207;
    uint32_t length = old ? 24 + 960
                      : accum & 0x200 ? 24 + 2440 : 24 + 832;
    uint8_t body[24 + 2440] = { 0 };
    const struct cat_layout *layout =
        cat_layout(record, length, saver.series);

    if (fill == MATRIX_DEFAULT && !old)
        return;
    fill_body(record, layout, body, instance, saver.series, fill);
    for (uint32_t i = 600; i < 24 + 832 && fill == MATRIX_USED; i++)
        body[i] = (uint8_t)(i * 7 + instance);
    if (accum & 0x200)
        body[24 + 2432] = 0x54;   /* PKRU */
    cat_set(cat_field(record, layout, "xfeature_mask"), body, 0,
            accum | (old ? UINT64_C(1) << 62 : 0));
    cat_set(cat_field(record, layout, "xcr0"), body, 0, accum);
    cat_set(cat_field(record, layout, "xcr0_accum"), body, 0, accum);
    cat_set(cat_field(record, layout, "save_area.xsave_hdr.xstate_bv"),
            body, 0, fill == MATRIX_DEFAULT ? 0 : accum);
    put_hvm(b, CODE_CPU_XSAVE, (uint16_t)instance, body, length);
}

/* An MSR of each kind that the saver knows; on the first vCPU alone the last
 * one. */
static void put_msrs(struct bytes *b, struct release saver,
                     uint32_t instance)
{
    static const struct {
        uint32_t index, value;
        struct since since, until;
    } msrs[] = {
        { 0x48, 1, { { RELEASE(4, 7, 5), RELEASE(4, 8, 4), RELEASE(4, 9, 2),
                       RELEASE(4, 10, 1), RELEASE(4, 11, 0) } },
          { { { 0 } } } },
        { 0x140, 1, { { RELEASE(4, 8, 4), RELEASE(4, 9, 2),
                        RELEASE(4, 10, 0) } }, { { { 0 } } } },
        { 0x6e1, 0x30, { { RELEASE(4, 18, 0) } }, { { { 0 } } } },
        { 0xd90, 0x2000, { { RELEASE(4, 5, 0) } }, { { { 0 } } } },
        { 0xda0, 0x100, { { RELEASE(4, 7, 0) } }, { { RELEASE(4, 13, 0) } } },
        { 0xc001011f, 4, { { RELEASE(4, 17, 0) } }, { { { 0 } } } },
        { 0xc0011027, 0xff, { { RELEASE(4, 5, 0) } }, { { { 0 } } } },
    };
    struct bytes body = { 0 };
    uint32_t count = 0;

    put32le(&body, 0);
    put32le(&body, 0);
    for (size_t i = 0; i < sizeof(msrs) / sizeof(msrs[0]); i++) {
        if (!since_all(&msrs[i].since, saver) ||
            (msrs[i].until.points[0].series &&
             since_some(&msrs[i].until, saver)) ||
            (msrs[i].index == 0xc0011027 && instance > 0))
            continue;
        put32le(&body, msrs[i].index);
        put32le(&body, 0);
        put32le(&body, msrs[i].value);
        put32le(&body, 0);
        count++;
    }
    body.p[0] = (uint8_t)count;
    put_hvm(b, CODE_CPU_MSR, (uint16_t)instance, body.p,
            (uint32_t)body.size);
    bytes_free(&body);
}

static void put_fixed(struct bytes *b, const struct cat_record *record,
                      const struct cat_layout *layout, struct release saver,
                      uint32_t instance, enum matrix_fill fill)
{
    uint8_t body[2048] = { 0 };
    uint32_t value;

    fill_body(record, layout, body, instance, saver.series, fill);
    for (size_t i = 0; record->typecode == CODE_LAPIC_REGS &&
                       fill == MATRIX_USED &&
                       i < sizeof(lapic_parts) / sizeof(lapic_parts[0]);
         i++) {
        value = lapic_parts[i].value;
        for (int k = 0; k < 4; k++)
            body[lapic_parts[i].offset + (size_t)k] =
                (uint8_t)(value >> 8 * k);
    }
    /* nothing higher than the vector is in service */
    if (record->typecode == CODE_LAPIC_REGS && fill == MATRIX_USED)
        memset(body + 0x170, 0, 4);
    put_hvm(b, (uint16_t)record->typecode, (uint16_t)instance, body,
            layout->length);
}

void matrix_blob(struct bytes *b, struct release saver,
                 enum matrix_fill fill)
{
    const struct cat_record *record;

    for (size_t r = 1; (record = cat_record_at(r)); r++) {
        const struct cat_layout *layout = rules_layout(record, saver);
        unsigned int n = record->instances ? record->instances : VCPUS;

        for (unsigned int i = 0; layout && i < n; i++) {
            if (record->typecode == CODE_CPU_XSAVE)
                put_xsave(b, saver, i, fill);
            else if (record->typecode != CODE_CPU_MSR)
                put_fixed(b, record, layout, saver, i, fill);
            else if (fill == MATRIX_USED)
                put_msrs(b, saver, i);
        }
    }
    put_hvm_end(b);
}

int matrix_convert(const struct bytes *from, struct release saver,
                   struct release target, unsigned int flags,
                   struct bytes *to, domctx_report *report)
{
    struct domctx_release release = release_public(target);
    struct viewed viewed = view_blob(from, saver.series >> 8,
                                     saver.series & 0xff);
    int rc;

    *to = (struct bytes){ 0 };
    rc = domctx_convert_release(viewed.context, &release, flags, &to->p,
                                &to->size, report);
    to->room = to->size;
    viewed_free(&viewed);
    return rc;
}
