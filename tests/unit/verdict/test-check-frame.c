/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging for a release: typecodes, lengths, order, presence. */
#include "verdict/judging.h"

#include "catalogue/catalogue.h"

#include <string.h>

/* --- framing ------------------------------------------------------------- */

/* One record of that length among those of a saver. */
static const struct {
    const char *id;     /* NULL: loads */
    struct release target;
    uint16_t code, instance;
    uint32_t length;
    const char *error;
} frames[] = {
    { "load-typecode", R(4, 17, 7), 33, 0, 8, "EINVAL" },
    { "load-typecode", R(4, 15, 0), 21, 0, 0, "EPERM" },
    { "load-typecode", R(4, 4, 4), 20, 0, 24, "EPERM" },
    { "load-typecode", R(4, 2, 5), 19, 0, 8, "EPERM" },
    { NULL, R(4, 3, 0), 19, 0, 8, NULL },
    { "load-typecode", R(4, 17, 7), 1, 0, 24, "EINVAL" },
    { "load-length", R(4, 17, 7), 2, 0, 1033, "EINVAL" },
    { NULL, R(4, 17, 7), 2, 0, 1031, NULL },
    { NULL, R(4, 17, 7), 2, 0, 1016, NULL },
    { "load-length", R(4, 6, 6), 2, 0, 1032, "EPERM" },
    { "load-length", R(4, 6, 6), 2, 0, 1020, "EPERM" },
    { NULL, R(4, 6, 6), 2, 0, 1016, NULL },
    { "load-length", R(4, 1, 0), 2, 0, 1016, "EPERM" },
    { NULL, R(4, 1, 1), 2, 0, 1016, NULL },
    { "load-length", R(4, 0, 1), 2, 0, 1016, "EPERM" },
    { "load-length", R(4, 18, 4), 5, 0, 32, "EINVAL" },
    { NULL, R(4, 18, 5), 5, 0, 32, NULL },
    { "load-length", SERIES(4, 18), 5, 0, 32, "EINVAL" },
    { "load-length", R(4, 19, 1), 5, 0, 32, "EINVAL" },
    { "load-length", R(4, 20, 0), 5, 0, 32, "ENODATA" },
    { NULL, SERIES(4, 21), 5, 0, 16, NULL },
    { "load-length", R(4, 0, 4), 5, 0, 24, "EPERM" },
    { "load-length", R(4, 17, 7), 3, 0, 7, "EINVAL" },
    { "load-length", R(4, 19, 0), 3, 0, 7, "ENODATA" },
    { "load-length", R(4, 17, 7), 4, 0, 399, "ENODATA" },
    { "load-length", R(4, 17, 7), 6, 0, 1023, "EINVAL" },
    { "load-length", R(4, 20, 0), 6, 0, 1023, "ENODATA" },
    { "load-length", R(4, 17, 7), 7, 0, 8, "EINVAL" },
    { "load-length", R(4, 17, 7), 8, 0, 9, "EINVAL" },
    { "load-length", R(4, 19, 0), 9, 0, 4, "ENODATA" },
    { "load-length", R(4, 17, 7), 10, 0, 55, "ENODATA" },
    { "load-length", R(4, 13, 5), 11, 0, 24, "EINVAL" },
    { "load-length", R(4, 13, 5), 11, 0, 15, "EINVAL" },
    { NULL, R(4, 14, 0), 11, 0, 15, NULL },
    { "load-length", R(4, 17, 7), 12, 0, 1047, "EINVAL" },
    { "load-length", R(4, 17, 7), 13, 0, 4, "EINVAL" },
    { "load-length", R(4, 17, 7), 14, 0, 239, "EINVAL" },
    { "load-length", R(4, 4, 4), 15, 0, 15, "EPERM" },
    { NULL, R(4, 5, 0), 15, 0, 15, NULL },
    { "load-length", R(4, 12, 4), 17, 0, 216, "EPERM" },
    { NULL, R(4, 13, 0), 17, 0, 16, NULL },
    { "load-length", R(4, 17, 7), 18, 0, 33, "EPERM" },
    { NULL, R(4, 17, 7), 18, 0, 31, NULL },
    { "load-length", R(4, 2, 5), 18, 0, 24, "EPERM" },
    { "load-length", R(4, 17, 7), 19, 0, 0, "EINVAL" },
    { "load-xsave-length", R(4, 17, 7), 16, 0, 599, "EINVAL" },
    { "load-msr-length", R(4, 17, 7), 20, 0, 23, "EINVAL" },
    { "load-msr-length", R(4, 17, 7), 20, 0, 24, "EOPNOTSUPP" },
    { "load-typecode", R(4, 17, 7), 1, 0, 24, "EINVAL" },
    { "load-typecode", R(4, 17, 7), 1, 1, 24, "EINVAL" },
    { "load-instance", R(4, 17, 7), 3, 2, 8, "ENOENT" },
    { "load-instance", R(4, 17, 7), 19, 128, 8, "EINVAL" },
    { NULL, R(4, 17, 7), 19, 127, 8, NULL },
    { "load-instance-ignored", R(4, 17, 7), 8, 1, 8, NULL },
};

START_TEST(frame_is_judged)
{
    const char *id = frames[_i].id, *error = frames[_i].error;
    struct bytes b = { 0 };
    struct judged judged;

    put_hvm_header(&b);
    put_hvm_zeros(&b, frames[_i].code, frames[_i].instance,
                  frames[_i].length);
    put_zero(&b, 8);
    put_zero(&b, 2000); /* after END: far from the end of the buffer */
    judged = judge(&b, SERIES(4, 17), frames[_i].target, NULL);
    if (id) {
        const struct domctx_finding *finding = find_id(judged.report, id);

        ck_assert_ptr_nonnull(finding);
        ck_assert_str_eq(finding->error, error ? error : "");
        ck_assert_str_eq(judged.verdict.error, error ? error : "");
        if (error)
            ck_assert_uint_ge(finding->offset, 32);
    } else {
        ck_assert_uint_eq(count_id(judged.report, "load-length"), 0);
        ck_assert_uint_eq(count_id(judged.report, "load-typecode"), 0);
        ck_assert_uint_eq(count_id(judged.report, "load-instance"), 0);
    }
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* Short, and the bytes behind END do or do not reach. */
static const struct {
    struct release target;
    uint32_t length;
    size_t slack;
    bool refused;
} ends[] = {
    { R(4, 3, 3), 8, 0, true },   { R(4, 3, 3), 8, 8, false },
    { R(4, 3, 3), 8, 7, true },   { R(4, 3, 4), 8, 0, false },
    { R(4, 4, 1), 8, 0, true },   { R(4, 4, 2), 8, 0, false },
    { R(4, 5, 0), 8, 0, false },  { R(4, 4, 0), 16, 0, false },
    { SERIES(4, 3), 8, 0, true },
};

START_TEST(short_record_near_the_end)
{
    struct bytes b = { 0 };
    struct judged judged;

    put_hvm_header(&b);
    put_hvm_zeros(&b, CODE_VMCE_VCPU, 0, ends[_i].length);
    put_hvm_end(&b);
    put_zero(&b, ends[_i].slack);
    judged = judge(&b, SERIES(4, 2), ends[_i].target, NULL);
    ck_assert_uint_eq(count_id(judged.report, "load-short-record"),
                      ends[_i].refused);
    ck_assert_str_eq(judged.verdict.error, ends[_i].refused ? "EPERM" : "");
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* The saver's own defect: told for the blob, gone in what is converted.  The
 * first pass of 4.19 goes by the claim: past the end, to zeros behind END, or
 * into the next vCPU's record. */
static const struct {
    uint32_t claim;
    size_t vcpus, slack;
    struct release target;
    const char *error, *log;
} claims[] = {
    { 40, 1, 8, R(4, 17, 7), "EOPNOTSUPP", "MSR length" },
    { 56, 1, 0, R(4, 17, 7), "ENODATA", "not enough data left" },
    { 40, 1, 24, R(4, 19, 0), "EOPNOTSUPP", "MSR length" },
    { 40, 1, 8, R(4, 19, 0), "ENODATA", "did not end" },
    { 56, 1, 0, R(4, 19, 0), "ENODATA", NULL },
    { 40, 2, 24, R(4, 22, 0), "EINVAL", "unknown entry typecode" },
    { 40, 2, 24, R(4, 18, 6), "EOPNOTSUPP", "MSR length" },
};

START_TEST(msr_descriptor_of_old_xen)
{
    struct bytes b = { 0 };
    const struct domctx_finding *finding;
    struct judged judged;

    put_hvm_header(&b);
    for (uint16_t vcpu = 0; vcpu < claims[_i].vcpus; vcpu++) {
        put_desc(&b, CODE_CPU_MSR, vcpu, claims[_i].claim);
        put32le(&b, 1);
        put32le(&b, 0);
        put64(&b, 0x140);
        put64(&b, 1);
    }
    put_hvm_end(&b);
    put_zero(&b, claims[_i].slack);
    judged = judge(&b, SERIES(4, 9), claims[_i].target, NULL);
    finding = find_id(judged.report, "load-msr-length");
    ck_assert_str_eq(finding->error, claims[_i].error);
    ck_assert_str_eq(judged.verdict.error, claims[_i].error);
    if (claims[_i].log)
        ck_assert_ptr_nonnull(strstr(finding->log, claims[_i].log));
    else
        ck_assert_str_eq(finding->log, "");
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* --- order, duplicates, presence ----------------------------------------- */

static const struct {
    const char *id;
    uint16_t codes[6];
    bool raised;
} sequences[] = {
    { "load-order", { 7, 8, 9, 13 }, false },
    { "load-order", { 8, 7, 9 }, true },
    { "load-order", { 9, 7, 8 }, true },
    { "load-order", { 13, 7, 8, 9 }, true },
    { "load-order", { 16, 2 }, true },
    { "load-order", { 2, 16 }, false },
    { "load-order", { 6, 5 }, true },
    { "load-order", { 5, 6 }, false },
    { "load-duplicate", { 12, 12 }, true },
    { "load-duplicate", { 12, 13 }, false },
    { "load-duplicate", { 8, 8 }, false },
    { "load-duplicate-lines", { 8, 8 }, true },
    { "load-duplicate-lines", { 7, 7 }, true },
    { "load-duplicate-lines", { 9, 9 }, true },
    { "load-duplicate-lines", { 10, 10 }, false },
    { "load-no-cpu", { 14 }, true },
    { "load-no-cpu", { 2, 14 }, false },
    { "load-missing", { 3, 10 }, true },
    { "load-missing", { 2, 14 }, false },
    { "load-missing", { 7, 8 }, true },
    { "load-missing", { 7, 8, 9 }, false },
    { "load-missing", { 17 }, true },
    { "load-missing", { 15, 17 }, false },
};

START_TEST(sequence_is_judged)
{
    struct bytes b = { 0 };
    struct judged judged;

    put_hvm_header(&b);
    for (size_t i = 0; i < 6 && sequences[_i].codes[i]; i++) {
        uint16_t code = sequences[_i].codes[i];
        const struct cat_record *record = cat_record(code);
        uint32_t length = 0;

        for (size_t k = 0; k < record->n_layouts; k++)
            if (cat_layout(record, record->layouts[k].length, CAT_NEWEST))
                length = record->layouts[k].length;
        put_hvm_zeros(&b, code, 0, code == CODE_LAPIC ? 24 : length);
    }
    put_hvm_end(&b);
    judged = judge(&b, SERIES(4, 17), RELEASE(4, 17, 7), NULL);
    ck_assert_int_eq(count_id(judged.report, sequences[_i].id) > 0,
                     sequences[_i].raised);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* Of a record that a domain has once the instance is not looked at: it is
 * there with any, twice with two, and late or not; and a domain without the
 * device is told of before the instance of PIC or the length. */
static const struct {
    struct {
        uint16_t code, instance;
    } records[3];
    const char *id;     /* raised, or with "-" in front not */
    const char *kind;   /* found by load-kind */
} any_instance[] = {
    { { { 13, 1 }, { 12, 1 } }, "load-instance-ignored", "HVM" },
    { { { 7, 1 }, { 8, 2 }, { 9, 3 } }, "-load-missing", "PVH" },
    { { { 15, 7 }, { 17, 0 } }, "-load-missing", "PVH" },
    { { { 12, 0 }, { 12, 1 } }, "load-duplicate", "HVM" },
    { { { 12, 1 }, { 12, 0 } }, "load-duplicate", "HVM" },
    { { { 8, 0 }, { 8, 9 } }, "load-duplicate-lines", "PVH" },
    { { { 3, 0 }, { 3, 1 } }, "-load-duplicate", "HVM" },
    { { { 2, 0 }, { 2, 1 } }, "-load-duplicate", "PVH" },
    { { { 8, 1 }, { 7, 0 } }, "load-order", "PVH" },
    { { { 7, 1 }, { 8, 0 } }, "-load-order", "PVH" },
    { { { 16, 1 }, { 2, 0 } }, "-load-order", "PVH" },
    { { { 4, 1 } }, "load-missing", "HVM" },
    { { { 10, 1 } }, "load-missing", "HVM" },
    { { { 11, 1 } }, "load-missing", "HVM" },
    { { { 3, 2 } }, "load-instance", "HVM" },
};

START_TEST(instance_is_not_looked_at)
{
    const char *id = any_instance[_i].id;
    struct bytes b = { 0 };
    struct judged judged;

    put_hvm_header(&b);
    for (size_t i = 0; i < 3 && any_instance[_i].records[i].code; i++) {
        uint16_t code = any_instance[_i].records[i].code;
        const struct cat_record *record = cat_record(code);

        put_hvm_zeros(&b, code, any_instance[_i].records[i].instance,
                      record->layouts[record->n_layouts - 1].length);
    }
    put_hvm_end(&b);
    judged = judge(&b, SERIES(4, 22), RELEASE(4, 22, 0), NULL);
    ck_assert_msg((count_id(judged.report, id + (*id == '-')) > 0) ==
                      (*id != '-'), "%d: %s", _i, id);
    ck_assert_str_eq(find_id(judged.report, "load-kind")->found,
                     any_instance[_i].kind);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* A vCPU's record under a device's typecode: the length is wrong, and for a
 * domain without the device that is told first. */
START_TEST(device_of_another_kind_of_domain)
{
    static const uint16_t devices[] = { 3, 4, 10, 11, 12, 13 };

    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        const struct domctx_finding *kind;
        struct bytes b = { 0 };
        struct judged judged;

        put_hvm_header(&b);
        put_hvm_zeros(&b, CODE_CPU, 0, 1032);
        put_hvm_zeros(&b, devices[i], 1, 32);
        put_hvm_end(&b);
        judged = judge(&b, SERIES(4, 17), RELEASE(4, 17, 7), NULL);
        ck_assert_int_eq(judged.verdict.outcome, DOMCTX_REFUSED);
        kind = find_id(judged.report, "load-kind");
        ck_assert_str_eq(kind->found, "HVM");
        ck_assert_str_eq(kind->error, "ENODEV");
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* Where the configuration makes a PVH domain, the first record of a device is
 * refused, of whatever length, since 4.7. */
START_TEST(device_that_the_domain_lacks)
{
    static const struct {
        uint16_t device;
        enum domctx_guest guest;
        struct release release;
        bool refused, noted;
    } rows[] = {
        { 3, DOMCTX_GUEST_PVH, RELEASE(4, 7, 0), true, false },
        { 4, DOMCTX_GUEST_PVH, RELEASE(4, 17, 7), true, false },
        { 13, DOMCTX_GUEST_PVH, RELEASE(4, 22, 0), true, false },
        { 3, DOMCTX_GUEST_HVM, RELEASE(4, 17, 7), false, true },
        { 3, DOMCTX_GUEST_UNKNOWN, RELEASE(4, 17, 7), false, true },
        { 5, DOMCTX_GUEST_PVH, RELEASE(4, 17, 7), false, false },
        { 3, DOMCTX_GUEST_PVH, RELEASE(4, 6, 6), false, false },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct domctx_domain domain = { .guest = rows[i].guest };
        struct domctx_host host = { .domain = &domain };
        const struct domctx_finding *finding;
        struct bytes b = { 0 };
        struct judged judged;

        put_hvm_header(&b);
        put_hvm_zeros(&b, CODE_CPU, 0, 1032);
        put_hvm_zeros(&b, rows[i].device, 0, 4);
        put_hvm_zeros(&b, rows[i].device, 0, 4);
        put_hvm_end(&b);
        judged = judge(&b, rows[i].release, rows[i].release, &host);
        ck_assert_msg(count_id(judged.report, "load-no-device") ==
                          rows[i].refused, "%zu", i);
        finding = find_id(judged.report, "load-no-device");
        if (finding)
            ck_assert_int_eq(finding->outcome, DOMCTX_REFUSED);
        ck_assert_msg(count_id(judged.report, "load-kind") == rows[i].noted,
                      "%zu", i);
        judged_free(&judged);
        bytes_free(&b);
    }
}
END_TEST

/* A vCPU without a CPU record stays down; one without its MTRR is odd. */
START_TEST(vcpus_are_counted)
{
    struct bytes b = { 0 };
    struct judged judged;

    put_hvm_header(&b);
    put_hvm_zeros(&b, CODE_CPU, 0, 1032);
    put_hvm_zeros(&b, CODE_MTRR, 0, 240);
    put_hvm_zeros(&b, CODE_MTRR, 5, 240);
    put_hvm_zeros(&b, CODE_TSC_ADJUST, 5, 8);
    put_hvm_end(&b);
    judged = judge(&b, SERIES(4, 17), SERIES(4, 17), NULL);
    ck_assert_str_eq(find_id(judged.report, "load-vcpus")->found, "6");
    ck_assert_str_eq(find_id(judged.report, "load-vcpu-down")->record,
                     "CPU/5");
    ck_assert_str_eq(find_id(judged.report, "load-missing")->record,
                     "TSC_ADJUST/0");
    ck_assert_str_eq(find_id(judged.report, "load-kind")->found, "PVH");
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* --- x2APIC -------------------------------------------------------------- */

static const struct {
    struct release target;
    uint64_t base, id, ldr;
    const char *id_raised;
} ldrs[] = {
    { R(4, 17, 7), 0xfee00c00, 2, 4, NULL },
    { R(4, 17, 7), 0xfee00c00, 0x12, 0x10004, NULL },
    { R(4, 17, 7), 0xfee00c00, 2, 1, "load-ldr-fixed" },
    { R(4, 4, 4), 0xfee00c00, 2, 1, NULL },
    { R(4, 17, 7), 0xfee00c00, 4, 8, "load-ldr-bogus" },
    { R(4, 17, 2), 0xfee00c00, 4, 8, NULL },
    { R(4, 17, 7), 0xfee00c00, 4, 2, NULL }, /* from vCPU 1 */
    { R(4, 17, 7), 0xfee00800, 4, 8, NULL }, /* xAPIC mode */
};

START_TEST(ldr_is_judged)
{
    const char *id = ldrs[_i].id_raised;
    struct setting base = { "apic_base_msr", 0, ldrs[_i].base };
    struct setting own = { "id", 0, ldrs[_i].id };
    struct setting ldr = { "ldr", 0, ldrs[_i].ldr };
    struct bytes b = { 0 };
    struct judged judged;

    put_saved(&b, ldrs[_i].target, 0);
    set_field(&b, ldrs[_i].target, CODE_LAPIC, 1, &base);
    set_field(&b, ldrs[_i].target, CODE_LAPIC_REGS, 1, &own);
    set_field(&b, ldrs[_i].target, CODE_LAPIC_REGS, 1, &ldr);
    judged = judge(&b, ldrs[_i].target, ldrs[_i].target, NULL);
    ck_assert_uint_eq(count_id(judged.report, "load-ldr-fixed") +
                          count_id(judged.report, "load-ldr-bogus"),
                      id != NULL);
    if (id)
        ck_assert_uint_eq(count_id(judged.report, id), 1);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* --- the length of CPU_XSAVE --------------------------------------------- */

/* Of accum, so long, with something in the last byte or not. */
static const struct {
    struct release target;
    uint64_t accum;
    uint32_t length;
    bool filled;
    const char *id, *error;
} areas[] = {
    { R(4, 17, 7), 7, 856, true, NULL, NULL },
    { R(4, 17, 7), 7, 855, false, "load-xsave-length", "EINVAL" },
    { R(4, 7, 0), 7, 855, false, NULL, NULL },
    { R(4, 7, 1), 7, 855, false, "load-xsave-length", "EPERM" },
    { R(4, 17, 7), 7, 900, true, "load-xsave-excess", "EOPNOTSUPP" },
    { R(4, 17, 7), 7, 900, false, "load-xsave-trimmed", NULL },
    { R(4, 3, 3), 7, 900, false, "load-xsave-length", "EPERM" },
    { R(4, 3, 4), 7, 900, false, "load-xsave-trimmed", NULL },
    { R(4, 2, 3), 7, 900, true, NULL, NULL },
    { R(4, 17, 7), 3, 600, false, NULL, NULL },
    { R(4, 17, 7), 3, 599, false, "load-xsave-length", "EINVAL" },
    /* AVX-512: Intel, AMD, neither */
    { R(4, 17, 7), 0xe7, 2712, true, "load-host-xsave", NULL },
    { R(4, 17, 7), 0xe7, 2456, true, "load-host-xsave", NULL },
    { R(4, 17, 7), 0xe7, 2400, true, "load-xsave-length", "EINVAL" },
    { R(4, 17, 7), 0xe7, 2800, true, "load-xsave-excess", "EOPNOTSUPP" },
    { R(4, 17, 7), 0x1f, 24 + 1088, true, NULL, NULL },
};

START_TEST(area_is_judged)
{
    static const char *const ids[] = {
        "load-xsave-length", "load-xsave-excess", "load-xsave-trimmed",
        "load-host-xsave",
    };
    struct bytes b = { 0 }, body = { 0 };
    struct judged judged;
    uint32_t length = areas[_i].length;

    put64(&body, areas[_i].accum);
    put64(&body, areas[_i].accum);
    put64(&body, areas[_i].accum);
    put_zero(&body, length - 24);
    if (areas[_i].filled)
        set8(&body, length - 1, 1);
    put_hvm_header(&b);
    put_hvm(&b, CODE_CPU_XSAVE, 0, body.p, length);
    put_hvm_end(&b);
    judged = judge(&b, SERIES(4, 17), areas[_i].target, NULL);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        ck_assert_uint_eq(count_id(judged.report, ids[i]),
                          areas[_i].id &&
                              strcmp(areas[_i].id, ids[i]) == 0);
    ck_assert_str_eq(judged.verdict.error,
                     areas[_i].error ? areas[_i].error : "");
    judged_free(&judged);
    bytes_free(&b);
    bytes_free(&body);
}
END_TEST

/* --- images -------------------------------------------------------------- */

START_TEST(header_of_an_image)
{
    static const struct {
        uint32_t type;
        uint64_t at;      /* in the body; 0: as it is */
        const char *error;
    } cases[] = {
        { CODE_HEADER, 0, NULL },       { CODE_HEADER, 1, "EINVAL" },
        { CODE_HEADER, 4, "EINVAL" },   { CODE_PCI_LINK, 0, "ENODATA" },
    };

    for (size_t i = 0; i < 4; i++) {
        struct bytes b = { 0 }, body = { 0 };
        domctx_context *context;
        struct judged judged;
        domctx_image *image;

        put_hvm_header(&body);
        if (cases[i].at)
            set8(&body, 8 + cases[i].at, 0x77);
        put_start(&b, 4, 17);
        put_record(&b, DOMCTX_HVM_RECORD(cases[i].type), 0, body.p + 8,
                   cases[i].type == CODE_HEADER ? 24 : 8);
        put_end(&b);
        ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
        ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
        judged = judge_context(context, RELEASE(4, 17, 7), NULL);
        ck_assert_uint_eq(count_id(judged.report, "load-header"),
                          cases[i].error != NULL);
        ck_assert_str_eq(judged.verdict.error,
                         cases[i].error ? cases[i].error : "");
        judged_free(&judged);
        domctx_context_free(context);
        domctx_image_free(image);
        bytes_free(&b);
        bytes_free(&body);
    }
}
END_TEST

START_TEST(pv_image_has_nothing_to_load)
{
    struct bytes b = { 0 };
    domctx_context *context;
    struct judged judged;
    domctx_image *image;

    put_start(&b, 4, 17);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    judged = judge_context(context, SERIES(4, 17), NULL);
    expect_only(judged.report, "load-no-hvm");
    judged_free(&judged);
    domctx_context_free(context);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

/* What reading found is taken over, but what the target decides. */
START_TEST(findings_of_reading)
{
    domctx_report *parsed = domctx_report_new();
    struct domctx_release target = { 4, 17, 7 };
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_hvm *hvm;

    put_hvm_header(&b);
    put_hvm_zeros(&b, 33, 0, 8);
    put_hvm_zeros(&b, CODE_RTC, 0, 11);
    put_hvm_end(&b);
    put_zero(&b, 3);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, parsed), 0);
    ck_assert_uint_eq(count_id(parsed, "hvm-typecode"), 1);
    ck_assert_uint_eq(count_id(parsed, "record-length"), 1);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context, NULL),
                     0);
    domctx_check(context, &target, NULL, parsed, NULL, report);
    ck_assert_uint_eq(count_id(report, "hvm-typecode"), 0);
    ck_assert_int_eq(find_id(report, "record-length")->severity,
                     DOMCTX_WARNING);
    ck_assert_uint_eq(count_id(report, "hvm-after-end"), 1);
    ck_assert_uint_eq(count_id(report, "load-typecode"), 1);
    ck_assert_uint_eq(count_id(report, "load-length"), 0);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    domctx_report_free(parsed);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* START may name a release that did not have the record, or none that ever
 * was: a loader looks into the bytes as they are. */
static const struct {
    const char *id; /* NULL: none of load-* */
    struct release saver, target;
    uint32_t msr;
} strangers[] = {
    { "load-msr-unknown", R(4, 3, 0), R(4, 11, 0), 0x6e1 },
    { "load-msr-unknown", R(4, 13, 0), R(4, 11, 0), 0x6e1 },
    { "load-msr-unknown", R(3, 0, 0), R(4, 11, 0), 0x6e1 },
    { NULL, R(4, 3, 0), R(4, 18, 0), 0x6e1 },
    { NULL, R(3, 0, 0), R(4, 18, 0), 0x6e1 },
    { NULL, R(0, 0, 0), R(4, 22, 0), 0x6e1 },
};

START_TEST(record_of_a_stranger)
{
    static const char *const ids[] = { "load-msr-unknown", "load-header" };
    struct bytes b = { 0 };
    struct judged judged;

    put_hvm_header(&b);
    put_hvm_zeros(&b, CODE_CPU_MSR, 0, 24);
    b.p[b.size - 24] = 1;
    set32(&b, b.size - 16, strangers[_i].msr);
    put_hvm_end(&b);
    judged = judge(&b, strangers[_i].saver, strangers[_i].target, NULL);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        ck_assert_uint_eq(count_id(judged.report, ids[i]),
                          strangers[_i].id &&
                              strcmp(ids[i], strangers[_i].id) == 0);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

static Suite *frame_suite(void)
{
    Suite *suite = suite_create("judge-frame");
    TCase *tc = tcase_create("frames");

    tcase_add_loop_test(tc, frame_is_judged, 0,
                        (int)(sizeof(frames) / sizeof(frames[0])));
    tcase_add_loop_test(tc, short_record_near_the_end, 0,
                        (int)(sizeof(ends) / sizeof(ends[0])));
    tcase_add_loop_test(tc, msr_descriptor_of_old_xen, 0,
                        sizeof(claims) / sizeof(claims[0]));
    tcase_add_loop_test(tc, sequence_is_judged, 0,
                        (int)(sizeof(sequences) / sizeof(sequences[0])));
    tcase_add_loop_test(tc, instance_is_not_looked_at, 0,
                        sizeof(any_instance) / sizeof(any_instance[0]));
    tcase_add_test(tc, device_of_another_kind_of_domain);
    tcase_add_test(tc, device_that_the_domain_lacks);
    tcase_add_test(tc, vcpus_are_counted);
    tcase_add_loop_test(tc, ldr_is_judged, 0,
                        (int)(sizeof(ldrs) / sizeof(ldrs[0])));
    tcase_add_loop_test(tc, area_is_judged, 0,
                        (int)(sizeof(areas) / sizeof(areas[0])));
    tcase_add_test(tc, header_of_an_image);
    tcase_add_test(tc, pv_image_has_nothing_to_load);
    tcase_add_test(tc, findings_of_reading);
    tcase_add_loop_test(tc, record_of_a_stranger, 0,
                        sizeof(strangers) / sizeof(strangers[0]));
    suite_add_tcase(suite, tc);
    return suite;
}

int main(void)
{
    return run_suite(frame_suite());
}
