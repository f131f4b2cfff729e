/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of an image that are no legacy records: which length has which
 * fields, and where those are, also as the installed headers have them.
 */
#include "catalogue/test-catalogue.h"

#include <domctx.h>
#include <stddef.h>
#include <string.h>

START_TEST(types_are_found)
{
    static const uint32_t types[] = {
        DOMCTX_END, DOMCTX_START, DOMCTX_SHARED_INFO, DOMCTX_TSC_INFO,
        DOMCTX_HVM_CONTEXT, DOMCTX_EVTCHN, DOMCTX_GRANT_TABLE,
        DOMCTX_HVM_PARAMS, DOMCTX_VCPU_STATE, DOMCTX_CPUID_POLICY,
        DOMCTX_MSR_POLICY,
        DOMCTX_PROVENANCE, DOMCTX_DIGEST,
    };
    const size_t n = sizeof(types) / sizeof(types[0]);

    ck_assert_uint_eq(cat_image_table_size, n);
    for (size_t i = 0; i < n; i++) {
        const struct cat_record *record = cat_record_of_type(types[i]);

        ck_assert_ptr_eq(record, &cat_image_table[i]);
        ck_assert_uint_eq(record->typecode, types[i]);
        ck_assert_str_eq(record->name, record->image_name);
        ck_assert_str_eq(cat_name(record, CAT_NEWEST), record->name);
    }
    ck_assert_ptr_eq(cat_record_of_type(DOMCTX_HVM_RECORD(1)),
                     cat_record(1));
    ck_assert_ptr_null(cat_record_of_type(4));
    ck_assert_ptr_null(cat_record_of_type(DOMCTX_EVTCHN - 1));
    ck_assert_ptr_null(cat_record_of_type(UINT32_MAX));
}
END_TEST

/* Which lengths are known, whatever the release. */
static const struct {
    uint32_t type;
    uint64_t length;
    bool known;
} lengths[] = {
    { DOMCTX_END, 0, true },           { DOMCTX_END, 1, false },
    { DOMCTX_START, 8, true },         { DOMCTX_START, 4, false },
    { DOMCTX_SHARED_INFO, 3144, true }, { DOMCTX_SHARED_INFO, 3140, true },
    { DOMCTX_SHARED_INFO, 2352, true }, { DOMCTX_SHARED_INFO, 2348, true },
    { DOMCTX_SHARED_INFO, 1096, true }, { DOMCTX_SHARED_INFO, 1092, true },
    { DOMCTX_SHARED_INFO, 3136, false }, { DOMCTX_SHARED_INFO, 0, false },
    { DOMCTX_TSC_INFO, 20, true },     { DOMCTX_TSC_INFO, 24, true },
    { DOMCTX_TSC_INFO, 22, false },    { DOMCTX_DIGEST, 16, true },
    { DOMCTX_DIGEST, 8, false },       { DOMCTX_PROVENANCE, 0, true },
    { DOMCTX_PROVENANCE, 999, true },  { DOMCTX_HVM_CONTEXT, 72, true },
    { DOMCTX_EVTCHN, 47, true },       { DOMCTX_EVTCHN, 48, true },
    { DOMCTX_EVTCHN, 73, true },       { DOMCTX_GRANT_TABLE, 31, true },
    { DOMCTX_GRANT_TABLE, 32 + 4096, true },
    { DOMCTX_HVM_PARAMS, 7, false },   { DOMCTX_HVM_PARAMS, 24, true },
    { DOMCTX_HVM_PARAMS, 25, false },  { DOMCTX_VCPU_STATE, 23, false },
    { DOMCTX_VCPU_STATE, 24, true },   { DOMCTX_VCPU_STATE, 25, true },
    { DOMCTX_CPUID_POLICY, 0, true },  { DOMCTX_CPUID_POLICY, 23, false },
    { DOMCTX_MSR_POLICY, 32, true },   { DOMCTX_MSR_POLICY, 8, false },
};

START_TEST(length_tells)
{
    static const cat_version versions[] = { 0, CAT_OLDEST, CAT_NEWEST,
                                            CAT_V(9, 9), CAT_EVER };
    const struct cat_record *record = cat_record_of_type(lengths[_i].type);

    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
        ck_assert_int_eq(cat_layout(record, lengths[_i].length,
                                    versions[i]) != NULL,
                         lengths[_i].known);
}
END_TEST

/* Fields by the length of the record: where the first element is, how many,
 * how far apart.  The 32-bit numbers are those of an i386 compiler. */
static const struct {
    uint32_t type, length;
    const char *name;
    size_t offset, width, count, stride;
} places[] = {
    { DOMCTX_START, 8, "xen_minor", 4, 4, 1, 4 },
    { DOMCTX_TSC_INFO, 20, "nsec", 8, 8, 1, 8 },
    { DOMCTX_TSC_INFO, 24, "reserved", 20, 4, 1, 4 },
    { DOMCTX_DIGEST, 16, "value", 8, 8, 1, 8 },
    { DOMCTX_EVTCHN, 48, "shared_info_gfn", 40, 8, 1, 8 },
    { DOMCTX_EVTCHN, 72, "port[].domid", 64, 2, 0, 24 },
    { DOMCTX_GRANT_TABLE, 32 + 4096, "nr_stored", 28, 4, 1, 4 },
    { DOMCTX_GRANT_TABLE, 32 + 4096, "grant[].frame", 36, 4, 0, 8 },
    { DOMCTX_HVM_PARAMS, 24, "param[].value", 16, 8, 0, 16 },
    { DOMCTX_VCPU_STATE, 24, "time", 16, 8, 1, 8 },
    { DOMCTX_CPUID_POLICY, 24, "leaf[].d", 20, 4, 0, 24 },
    { DOMCTX_MSR_POLICY, 16, "msr[].val", 8, 8, 0, 16 },
    { DOMCTX_SHARED_INFO, 3144, "reserved", 4, 4, 1, 4 },
    { DOMCTX_SHARED_INFO, 3144, "evtchn_pending", 2056, 8, 64, 8 },
    { DOMCTX_SHARED_INFO, 3140, "evtchn_pending", 2052, 8, 64, 8 },
    { DOMCTX_SHARED_INFO, 3140, "evtchn_mask", 2564, 8, 64, 8 },
    { DOMCTX_SHARED_INFO, 3140, "wc_sec_hi", 3088, 4, 1, 4 },
    { DOMCTX_SHARED_INFO, 3140, "arch.p2m_generation", 3132, 8, 1, 8 },
    { DOMCTX_SHARED_INFO, 2352, "vcpu_info[].evtchn_pending_sel",
      12, 4, 32, 64 },
    { DOMCTX_SHARED_INFO, 2352, "vcpu_info[].arch.cr2", 16, 4, 32, 64 },
    { DOMCTX_SHARED_INFO, 2352, "vcpu_info[].time.version", 40, 4, 32, 64 },
    { DOMCTX_SHARED_INFO, 2352, "evtchn_pending", 2056, 4, 32, 4 },
    { DOMCTX_SHARED_INFO, 2352, "evtchn_mask", 2184, 4, 32, 4 },
    { DOMCTX_SHARED_INFO, 2352, "wc_version", 2312, 4, 1, 4 },
    { DOMCTX_SHARED_INFO, 2352, "arch.max_pfn", 2324, 4, 1, 4 },
    { DOMCTX_SHARED_INFO, 2348, "arch.wc_sec_hi", 2344, 4, 1, 4 },
    { DOMCTX_SHARED_INFO, 1096, "vcpu_info[].time.system_time",
      40, 8, 1, 48 },
    { DOMCTX_SHARED_INFO, 1096, "evtchn_pending", 56, 8, 64, 8 },
    { DOMCTX_SHARED_INFO, 1092, "wc_sec_hi", 1088, 4, 1, 4 },
};

START_TEST(place)
{
    const struct cat_record *record = cat_record_of_type(places[_i].type);
    const struct cat_layout *layout =
        cat_layout(record, places[_i].length, CAT_NEWEST);
    const struct cat_field *field =
        cat_field(record, layout, places[_i].name);

    ck_assert_ptr_nonnull(field);
    ck_assert_uint_eq(field->offset, places[_i].offset);
    ck_assert_uint_eq(field->width, places[_i].width);
    ck_assert_uint_eq(field->count, places[_i].count);
    ck_assert_uint_eq(field->stride, places[_i].stride);
}
END_TEST

/* One form lacks what is the other's. */
START_TEST(forms_differ)
{
    const struct cat_record *tsc = cat_record_of_type(DOMCTX_TSC_INFO);
    const struct cat_record *shared = cat_record_of_type(DOMCTX_SHARED_INFO);

    ck_assert_ptr_null(cat_field(tsc, cat_layout(tsc, 20, CAT_NEWEST),
                                 "reserved"));
    ck_assert_ptr_null(cat_field(shared, cat_layout(shared, 3140, CAT_NEWEST),
                                 "reserved"));
    ck_assert_ptr_null(cat_field(shared, cat_layout(shared, 1096, CAT_NEWEST),
                                 "vcpu_info[].arch.cr2"));
    ck_assert_ptr_null(cat_field(shared, cat_layout(shared, 2352, CAT_NEWEST),
                                 "wc_sec_hi"));
}
END_TEST

/* -- as the installed headers have it ------------------------------------ */

#ifdef __has_include
#if __has_include(<xen/foreign/x86_64.h>) && \
    __has_include(<xen/foreign/arm64.h>)
#define HAVE_FOREIGN 1
#endif
#endif

#ifdef HAVE_FOREIGN
#include <xen/foreign/arm64.h>
#include <xen/foreign/x86_64.h>

/* Of the first element; in a record of the form with the reserved word. */
static const struct {
    uint32_t length;
    const char *name;
    size_t offset, width;
} theirs[] = {
#define M(arch, member, name) \
    { 8 + sizeof(struct shared_info_##arch), name, \
      8 + offsetof(struct shared_info_##arch, member), \
      sizeof(((struct shared_info_##arch *)0)->member) }
#define VCPU(arch, member) \
    M(arch, vcpu_info[0].member, "vcpu_info[]." #member)
#define BOTH(arch) \
    VCPU(arch, evtchn_upcall_pending), \
    VCPU(arch, evtchn_pending_sel), \
    VCPU(arch, time.version), VCPU(arch, time.pad0), \
    VCPU(arch, time.tsc_timestamp), VCPU(arch, time.system_time), \
    VCPU(arch, time.tsc_to_system_mul), VCPU(arch, time.tsc_shift), \
    M(arch, evtchn_pending[0], "evtchn_pending"), \
    M(arch, evtchn_mask[0], "evtchn_mask"), \
    M(arch, wc_version, "wc_version"), M(arch, wc_sec, "wc_sec"), \
    M(arch, wc_nsec, "wc_nsec"), M(arch, wc_sec_hi, "wc_sec_hi")
#define ARCH(member) M(x86_64, arch.member, "arch." #member)
    BOTH(x86_64), BOTH(arm64),
    VCPU(x86_64, arch.cr2), ARCH(max_pfn),
    ARCH(pfn_to_mfn_frame_list_list), ARCH(nmi_reason), ARCH(p2m_cr3),
    ARCH(p2m_vaddr), ARCH(p2m_generation),
};

START_TEST(header)
{
    const struct cat_record *record = cat_record_of_type(DOMCTX_SHARED_INFO);
    const struct cat_layout *layout =
        cat_layout(record, theirs[_i].length, CAT_NEWEST);
    const struct cat_field *field;

    ck_assert_ptr_nonnull(layout);
    field = cat_field(record, layout, theirs[_i].name);
    ck_assert_msg(field != NULL, "%s", theirs[_i].name);
    ck_assert_uint_eq(field->offset, theirs[_i].offset);
    ck_assert_uint_eq(field->width, theirs[_i].width);
}
END_TEST

static void add_header_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, header, 0,
                        (int)(sizeof(theirs) / sizeof(theirs[0])));
}
#else
static void add_header_tests(TCase *tcase)
{
    (void)tcase;
}
#endif

TCase *tcase_image(void)
{
    TCase *tcase = tcase_create("image records");

    tcase_add_test(tcase, types_are_found);
    tcase_add_loop_test(tcase, length_tells, 0,
                        (int)(sizeof(lengths) / sizeof(lengths[0])));
    tcase_add_loop_test(tcase, place, 0,
                        (int)(sizeof(places) / sizeof(places[0])));
    tcase_add_test(tcase, forms_differ);
    add_header_tests(tcase);
    return tcase;
}
