/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue: names, versions, layouts, the shape of the table. */
#include "support.h"
#include "catalogue/test-catalogue.h"

#include <domctx.h>
#include <stdlib.h>
#include <string.h>

START_TEST(versions)
{
    ck_assert_uint_eq(cat_version_of(4, 17), CAT_V(4, 17));
    ck_assert_uint_lt(cat_version_of(3, 4), cat_version_of(4, 0));
    ck_assert_uint_lt(cat_version_of(4, 9), cat_version_of(4, 10));
    ck_assert_uint_eq(cat_version_of(4, 256), CAT_V(4, 255));
    ck_assert_uint_eq(cat_version_of(4, UINT32_MAX), CAT_V(4, 255));
    ck_assert_uint_eq(cat_version_of(256, 0), CAT_EVER);
    ck_assert_uint_eq(cat_version_of(UINT32_MAX, 0), CAT_EVER);
    ck_assert_uint_eq(cat_version_of(0, 0), 0);
}
END_TEST

static const struct {
    uint32_t type;
    const char *name;
} types[] = {
    { DOMCTX_END, "END" },
    { DOMCTX_START, "START" },
    { DOMCTX_SHARED_INFO, "SHARED_INFO" },
    { DOMCTX_TSC_INFO, "TSC_INFO" },
    { 4, NULL },
    { DOMCTX_HVM_CONTEXT - 1, NULL },
    { DOMCTX_HVM_CONTEXT, "HVM_CONTEXT" },
    { DOMCTX_HVM_RECORD(1), "HVM_HEADER" },
    { DOMCTX_HVM_RECORD(2), "HVM_CPU" },
    { DOMCTX_HVM_RECORD(15), "HVM_VIRIDIAN_DOMAIN" },
    { DOMCTX_HVM_RECORD(20), "HVM_CPU_MSR" },
    { DOMCTX_HVM_RECORD(21), NULL },
    { DOMCTX_HVM_LAST, NULL },
    { DOMCTX_HVM_LAST + 1, NULL },
    { DOMCTX_EVTCHN, "EVTCHN" },
    { DOMCTX_GRANT_TABLE, "GRANT_TABLE" },
    { DOMCTX_PROVENANCE, "PROVENANCE" },
    { DOMCTX_DIGEST, "DIGEST" },
    { UINT32_MAX, NULL },
};

START_TEST(type_names)
{
    const char *name = domctx_type_name(types[_i].type);

    if (types[_i].name)
        ck_assert_str_eq(name, types[_i].name);
    else
        ck_assert_ptr_null(name);
}
END_TEST

START_TEST(record_names)
{
    static const char *const names[] = {
        "END", "HEADER", "CPU", "PIC", "IOAPIC", "LAPIC", "LAPIC_REGS",
        "PCI_IRQ", "ISA_IRQ", "PCI_LINK", "PIT", "RTC", "HPET", "PMTIMER",
        "MTRR", "VIRIDIAN_DOMAIN", "CPU_XSAVE", "VIRIDIAN_VCPU",
        "VMCE_VCPU", "TSC_ADJUST", "CPU_MSR",
    };
    const uint32_t n = sizeof(names) / sizeof(names[0]);

    ck_assert_uint_eq(cat_table_size, n);
    for (uint32_t i = 0; i < n; i++) {
        ck_assert_str_eq(domctx_hvm_name(i), names[i]);
        ck_assert_ptr_eq(cat_record(i), cat_record_at(i));
        ck_assert_uint_eq(cat_record(i)->typecode, i);
        ck_assert_str_eq(cat_record(i)->image_name + 4, names[i]);
    }
    ck_assert_ptr_null(cat_record(n));
    ck_assert_ptr_null(cat_record(0x10002));
    ck_assert_ptr_null(cat_record(UINT32_MAX));
    ck_assert_ptr_null(cat_record_at(n));
    ck_assert_ptr_null(domctx_hvm_name(n));
    ck_assert_str_eq(cat_name(cat_record(15), CAT_V(4, 1)), "VIRIDIAN");
    ck_assert_str_eq(cat_name(cat_record(15), CAT_V(4, 2)),
                     "VIRIDIAN_DOMAIN");
}
END_TEST

/* Which length which releases write or accept; the tail repeats. */
static const struct {
    uint32_t typecode, length, tail;
    cat_version from, to;
} lengths[] = {
    { 0, 0, 0, CAT_V(3, 1), CAT_EVER },
    { 1, 24, 0, CAT_V(3, 1), CAT_EVER },
    { 2, 1016, 0, CAT_V(3, 1), CAT_EVER },
    { 2, 1024, 0, CAT_V(4, 0), CAT_V(4, 6) },
    { 2, 1032, 0, CAT_V(4, 7), CAT_EVER },
    { 3, 8, 0, CAT_V(3, 1), CAT_EVER },
    { 4, 400, 0, CAT_V(3, 1), CAT_EVER },
    { 5, 16, 0, CAT_V(3, 1), CAT_V(4, 0) },
    { 5, 24, 0, CAT_V(4, 1), CAT_V(4, 20) },
    { 5, 32, 0, CAT_V(4, 18), CAT_EVER },
    { 6, 1024, 0, CAT_V(3, 1), CAT_EVER },
    { 7, 16, 0, CAT_V(3, 1), CAT_EVER },
    { 8, 8, 0, CAT_V(3, 1), CAT_EVER },
    { 9, 8, 0, CAT_V(3, 1), CAT_EVER },
    { 10, 56, 0, CAT_V(3, 1), CAT_EVER },
    { 11, 16, 0, CAT_V(3, 1), CAT_V(4, 13) },
    { 11, 24, 0, CAT_V(4, 14), CAT_EVER },
    { 12, 1048, 0, CAT_V(3, 1), CAT_EVER },
    { 13, 8, 0, CAT_V(3, 1), CAT_EVER },
    { 14, 240, 0, CAT_V(3, 2), CAT_EVER },
    { 15, 16, 0, CAT_V(3, 4), CAT_V(4, 4) },
    { 15, 24, 0, CAT_V(4, 5), CAT_V(4, 5) },
    { 15, 32, 0, CAT_V(4, 6), CAT_EVER },
    { 16, 0, 0, CAT_V(4, 1), CAT_V(4, 11) },
    { 16, 600, 1, CAT_V(4, 1), CAT_EVER },
    { 17, 8, 0, CAT_V(4, 2), CAT_V(4, 6) },
    { 17, 16, 0, CAT_V(4, 7), CAT_V(4, 12) },
    { 17, 216, 0, CAT_V(4, 13), CAT_EVER },
    { 18, 8, 0, CAT_V(4, 2), CAT_V(4, 2) },
    { 18, 24, 0, CAT_V(4, 3), CAT_V(4, 9) },
    { 18, 32, 0, CAT_V(4, 10), CAT_EVER },
    { 19, 8, 0, CAT_V(4, 3), CAT_EVER },
    { 20, 8, 16, CAT_V(4, 5), CAT_EVER },
};

static bool expected(uint32_t typecode, uint64_t length, cat_version version)
{
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        if (lengths[i].typecode != typecode || version < lengths[i].from ||
            version > lengths[i].to || length < lengths[i].length)
            continue;
        if (length == lengths[i].length ||
            (lengths[i].tail &&
             (length - lengths[i].length) % lengths[i].tail == 0))
            return true;
    }
    return false;
}

/* Every release and every length.  (No series lies between 3.4 and 4.0; what
 * comes after 4.22 is taken to be like it.) */
START_TEST(layouts)
{
    static const cat_version odd[] = { 0, CAT_V(2, 9), CAT_V(3, 0),
                                       CAT_V(5, 0), CAT_V(255, 255) };
    const struct cat_record *record = &cat_table[_i];
    const uint32_t code = record->typecode;

    for (uint64_t length = 0; length < 1300; length++) {
        for (unsigned int minor = 0; minor < 30; minor++) {
            for (unsigned int major = 3; major <= 4; major++) {
                cat_version v = CAT_V(major, minor);

                if (major == 3 && minor > 4)
                    continue;
                ck_assert_msg(!cat_layout(record, length, v) ==
                                  !expected(code, length, v),
                              "%s %u at %u.%u", record->name,
                              (unsigned int)length, major, minor);
            }
        }
        for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
            ck_assert_msg(!cat_layout(record, length, odd[i]) ==
                              !expected(code, length, odd[i]),
                          "%s %u at %#x", record->name,
                          (unsigned int)length, odd[i]);
    }
    ck_assert_ptr_null(cat_layout(record, UINT64_MAX - 8, CAT_V(3, 1)));
}
END_TEST

/* Where the length alone does not tell. */
static const struct {
    uint32_t typecode;
    uint64_t length;
    cat_version version;
    const char *has, *lacks;
} forms[] = {
    { 1, 24, CAT_V(3, 4), "pad0", "gtsc_khz" },
    { 1, 24, CAT_V(4, 0), "gtsc_khz", "pad0" },
    { 2, 1016, CAT_V(3, 4), "padding0", "msr_tsc_aux" },
    { 2, 1016, CAT_V(4, 0), "sysenter_cs", "padding0" },
    { 2, 1016, CAT_V(4, 17), "tsc", "msr_tsc_aux" },
    { 2, 1024, CAT_V(4, 6), "msr_tsc_aux", "flags" },
    { 2, 1032, CAT_V(4, 7), "flags", "padding0" },
    { 5, 24, CAT_V(4, 20), "tdt_msr", "pending_esr" },
    { 5, 32, CAT_V(4, 18), "pending_esr", NULL },
    { 16, 600, CAT_V(4, 6), "save_area.xsave_hdr.reserved",
      "save_area.xsave_hdr.xcomp_bv" },
    { 16, 2720, CAT_V(4, 7), "save_area.xsave_hdr.xcomp_bv", NULL },
    { 16, 0, CAT_V(4, 11), NULL, "xcr0" },
    { 17, 16, CAT_V(4, 8), "apic_assist_vector", "vp_assist_vector" },
    { 17, 16, CAT_V(4, 10), "vp_assist_vector", "vp_assist_pending" },
    { 17, 16, CAT_V(4, 11), "vp_assist_pending", "apic_assist_pending" },
    { 17, 16, CAT_V(4, 12), "apic_assist_pending", "vp_assist_pending" },
};

START_TEST(same_length)
{
    const struct cat_record *record = cat_record(forms[_i].typecode);
    const struct cat_layout *layout =
        cat_layout(record, forms[_i].length, forms[_i].version);

    ck_assert_ptr_nonnull(layout);
    if (forms[_i].has)
        ck_assert_ptr_nonnull(cat_field(record, layout, forms[_i].has));
    if (forms[_i].lacks)
        ck_assert_ptr_null(cat_field(record, layout, forms[_i].lacks));
}
END_TEST

/* Bits of the body that a row has, as marks in map. */
static void mark(const struct cat_field *field, size_t length, uint8_t *map)
{
    memset(map, 0, length);
    for (size_t i = 0; i < cat_count(field, length); i++)
        cat_set(field, map, i, UINT64_MAX);
}

/* Rows overlap only where the later one is a part or view that lies within
 * one that came before; names are unique; nothing passes the end. */
static void check_rows(const struct cat_record *record,
                       const struct cat_layout *layout, size_t length)
{
    uint8_t mine[8400], other[8400];

    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];
        bool overlaps = false, within = false;

        if (!cat_field_in(field, layout) || field->second)
            continue;
        mark(field, length, mine);
        ck_assert_ptr_eq(cat_field(record, layout, field->name), field);
        for (size_t k = 0; k < i; k++) {
            bool some = false, all = true;

            if (!cat_field_in(&record->fields[k], layout))
                continue;
            mark(&record->fields[k], length, other);
            for (size_t b = 0; b < length; b++) {
                some |= mine[b] & other[b];
                all &= (mine[b] & ~other[b] & 0xff) == 0;
            }
            overlaps |= some;
            within |= all;
        }
        ck_assert_msg(overlaps == !!(field->flags & (CAT_PART | CAT_VIEW)) &&
                          within == overlaps,
                      "%s %s", record->name, field->name);
    }
}

START_TEST(shape_of_rows)
{
    const size_t i = (size_t)_i;
    const struct cat_record *record =
        i < cat_table_size ? &cat_table[i]
                           : &cat_image_table[i - cat_table_size];

    for (size_t l = 0; l < record->n_layouts; l++) {
        const struct cat_layout *layout = &record->layouts[l];
        size_t length = layout->length + 2u * layout->tail;

        for (size_t k = 0; k < record->n_fields; k++) {
            const struct cat_field *field = &record->fields[k];
            /* two units, in a second table if the field is there */
            uint64_t second = field->second ? layout->length : 0;
            size_t n = cat_count_in(field, length, second);

            if (!cat_field_in(field, layout))
                continue;
            ck_assert_uint_gt(n, 0);
            ck_assert_uint_le(second + cat_offset(field, n - 1) +
                                  field->width,
                              field->count ? layout->length : length);
            ck_assert_uint_le(field->bit + field->bits, 8 * field->width);
        }
        check_rows(record, layout, length);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("catalogue");
    TCase *tcase = tcase_create("table");
    const int n = (int)cat_table_size;

    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, versions);
    tcase_add_loop_test(tcase, type_names, 0,
                        (int)(sizeof(types) / sizeof(types[0])));
    tcase_add_test(tcase, record_names);
    tcase_add_loop_test(tcase, layouts, 0, n);
    tcase_add_loop_test(tcase, same_length, 0,
                        (int)(sizeof(forms) / sizeof(forms[0])));
    tcase_add_loop_test(tcase, shape_of_rows, 0,
                        n + (int)cat_image_table_size);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, tcase_values());
    suite_add_tcase(suite, tcase_differs());
    suite_add_tcase(suite, tcase_spec());
    suite_add_tcase(suite, tcase_header());
    suite_add_tcase(suite, tcase_image());
    return suite;
}

int main(void)
{
    return run_suite(suite());
}
