/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversion of records that no field of a made context shows: of variable
 * length, unknown, defective, in another form; and of images. */
#include "compat/matrix.h"

#include "compat/compat.h"
#include "context/context.h"
#include "format/hvm.h"

/* ------------------------------------------------------------------ */
/* Records put into a blob                                             */
/* ------------------------------------------------------------------ */

/* The blob of a release that uses nothing, with one record put before END,
 * converted with loss allowed; the finding with that id, or none. */
static void with_record(struct release saver, struct release target,
                        uint16_t typecode, const struct bytes *body,
                        const char *id, enum domctx_severity severity,
                        struct bytes *made)
{
    struct bytes blob = { 0 };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *finding;
    int rc;

    matrix_blob(&blob, saver, MATRIX_DEFAULT);
    blob.size -= 8;
    put_hvm(&blob, typecode, 0, body->p, (uint32_t)body->size);
    put_hvm_end(&blob);
    rc = matrix_convert(&blob, saver, target, 0, made, report);
    if (id) {
        finding = find_id(report, id);
        ck_assert_msg(finding != NULL, "no %s", id);
        ck_assert_int_eq(finding->severity, severity);
    }
    ck_assert_int_eq(rc, id && severity >= DOMCTX_ERROR ? -1 : 0);
    bytes_free(made);
    ck_assert_int_eq(matrix_convert(&blob, saver, target, DOMCTX_ALLOW_LOSS,
                                    made, NULL), 0);
    bytes_free(&blob);
    domctx_report_free(report);
}

/* Bytes of a record that was made; 0 if there is none. */
static uint64_t made_length(const struct bytes *made, uint16_t typecode)
{
    const struct domctx_record *record;
    domctx_hvm *hvm;
    uint64_t length;

    ck_assert_int_eq(domctx_hvm_parse(made->p, made->size, &hvm, NULL), 0);
    record = domctx_hvm_find(hvm, typecode, 0);
    length = record ? record->length : 0;
    domctx_hvm_free(hvm);
    return length;
}

/* A CPU_XSAVE with those components and that length; the last byte is not
 * zero if data. */
static const struct xsave_row {
    const char *id;
    enum domctx_severity severity;
    struct release saver, target;
    uint64_t accum, used;
    uint32_t length;
    bool data;
    uint32_t made;
} xsaves[] = {
    { NULL, 0, SERIES(4, 4), SERIES(4, 8), 7, 7, 856, true, 856 },
    { "xsave-short", DOMCTX_NOTE, SERIES(4, 5), SERIES(4, 8), 7, 7, 700,
      true, 856 },
    { "xsave-short", DOMCTX_NOTE, SERIES(4, 5), SERIES(4, 7), 7, 7, 600,
      false, 856 },
    { NULL, 0, SERIES(4, 5), RELEASE(4, 7, 0), 7, 7, 700, true, 700 },
    /* whoever saved it, it goes by the bytes and the target */
    { "xsave-excess", DOMCTX_NOTE, SERIES(4, 17), SERIES(4, 17), 3, 3, 984,
      false, 600 },
    { "xsave-excess", DOMCTX_NOTE, SERIES(4, 4), RELEASE(4, 2, 4), 3, 3, 984,
      false, 600 },
    { NULL, 0, SERIES(4, 4), RELEASE(4, 2, 3), 3, 3, 984, false, 984 },
    { "xsave-excess-data", DOMCTX_ERROR, SERIES(4, 17), SERIES(4, 18), 3, 3,
      984, true, 600 },
    { "xsave-short", DOMCTX_NOTE, SERIES(4, 17), SERIES(4, 17), 7, 7, 700,
      true, 856 },
    /* components */
    { "xsave-avx512-lost", DOMCTX_ERROR, SERIES(4, 5), SERIES(4, 4), 0xe7,
      0xe7, 24 + 2688, true, 856 },
    { "xsave-avx512-lost", DOMCTX_ERROR, SERIES(4, 17), SERIES(4, 4), 0xe7,
      0x27, 24 + 2432, false, 856 },
    { "xsave-mpx-lost", DOMCTX_ERROR, SERIES(4, 5), SERIES(4, 4), 0x1f,
      0x1f, 24 + 1088, true, 856 },
    { "xsave-unused", DOMCTX_NOTE, SERIES(4, 5), SERIES(4, 4), 0x1f, 7,
      24 + 1088, true, 856 },
    { "xsave-amx-lost", DOMCTX_ERROR, SERIES(4, 20), SERIES(4, 19), 0x602e7,
      0x602e7, 24 + 11008, true, 24 + 2696 },
    { NULL, 0, SERIES(4, 20), SERIES(4, 21), 0x602e7, 0x602e7, 24 + 11008,
      true, 24 + 11008 },
    { "xsave-lwp-lost", DOMCTX_ERROR, SERIES(4, 12), SERIES(4, 13),
      0x4000000000000007, 0x4000000000000007, 984, true, 856 },
    { "xsave-unused", DOMCTX_NOTE, SERIES(4, 12), SERIES(4, 13),
      0x4000000000000007, 0x4000000000000007, 984, false, 856 },
    { NULL, 0, SERIES(4, 4), SERIES(4, 12), 0x4000000000000007,
      0x4000000000000007, 984, true, 984 },
    { "xsave-pkru-lost", DOMCTX_ERROR, SERIES(4, 17), SERIES(4, 6), 0x2e7,
      0x2e7, 24 + 2696, true, 24 + 2688 },
    { "xsave-arrangement", DOMCTX_ERROR, SERIES(4, 17), SERIES(4, 6), 0x2e7,
      0x2e7, 24 + 2700, true, 0 },
    { NULL, 0, SERIES(4, 17), SERIES(4, 18), 0x2e7, 0x2e7, 24 + 2700, true,
      24 + 2700 },
};

static void put_xsave_body(struct bytes *body, const struct xsave_row *row)
{
    put_zero(body, row->length);
    set64(body, 8, row->used);
    set64(body, 16, row->accum);
    set64(body, 536, row->used);
    if (row->data)
        body->p[row->length - 1] = 0x5a;
}

START_TEST(xsave)
{
    const struct xsave_row row = xsaves[_i];
    struct bytes body = { 0 }, made = { 0 };

    put_xsave_body(&body, &row);
    with_record(row.saver, row.target, CODE_CPU_XSAVE, &body, row.id,
                row.severity, &made);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_XSAVE),
                      row.made);
    bytes_free(&made);
    bytes_free(&body);
}
END_TEST

/* Every record of 4.1 with the area of the host: zeros behind what xcr0_accum
 * has go, anything else is refused, and what is merely long stays. */
START_TEST(xsave_excess)
{
    struct bytes blob = { 0 }, made;
    domctx_report *report = domctx_report_new();
    const struct domctx_record *record;
    domctx_hvm *hvm;

    matrix_blob(&blob, SERIES(4, 1), MATRIX_DEFAULT);
    ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 1), SERIES(4, 17), 0,
                                    &made, report), 0);
    ck_assert_uint_eq(count_id(report, "xsave-excess"), 1);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_XSAVE), 600);
    bytes_free(&made);
    domctx_report_free(report);

    ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
    record = domctx_hvm_find(hvm, CODE_CPU_XSAVE, 1);
    *(uint8_t *)(uintptr_t)(record->body + 700) = 1;
    domctx_hvm_free(hvm);
    report = domctx_report_new();
    ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 1), SERIES(4, 17), 0,
                                    &made, report), -1);
    ck_assert_uint_eq(count_id(report, "xsave-excess-data"), 1);
    domctx_report_free(report);
    ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 1), SERIES(4, 1), 0,
                                    &made, NULL), 0);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_XSAVE), 984);
    bytes_free(&made);
    bytes_free(&blob);
}
END_TEST

/* An empty record of before 4.12. */
START_TEST(xsave_empty)
{
    struct bytes none = { 0 }, made = { 0 };

    with_record(SERIES(4, 11), SERIES(4, 17), CODE_CPU_XSAVE, &none,
                "xsave-empty", DOMCTX_NOTE, &made);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_XSAVE), 0);
    bytes_free(&made);
    with_record(SERIES(4, 17), SERIES(4, 17), CODE_CPU_XSAVE, &none,
                "xsave-empty", DOMCTX_NOTE, &made);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_XSAVE), 0);
    bytes_free(&made);
}
END_TEST

static const struct {
    uint32_t index;
    uint64_t value;
    struct release saver, target;
    const char *id;
    bool kept;
} msrs[] = {
    { 0x48, 1, SERIES(4, 11), RELEASE(4, 10, 1), NULL, true },
    { 0x48, 1, SERIES(4, 11), SERIES(4, 10), "msr-spec-ctrl-lost", false },
    { 0x48, 0, SERIES(4, 11), SERIES(4, 10), NULL, false },
    { 0x48, 1, SERIES(4, 11), RELEASE(4, 7, 5), NULL, true },
    { 0x48, 4, SERIES(4, 11), RELEASE(4, 10, 2), NULL, true },
    { 0x48, 4, SERIES(4, 11), RELEASE(4, 10, 1), "msr-spec-ctrl-bits-lost",
      true },
    { 0x48, 0x80, SERIES(4, 17), RELEASE(4, 15, 3), NULL, true },
    { 0x48, 0x80, SERIES(4, 17), SERIES(4, 15), "msr-spec-ctrl-bits-lost",
      true },
    { 0x48, 0x401, SERIES(4, 15), RELEASE(4, 18, 1),
      "msr-spec-ctrl-bits-lost", true },
    { 0x48, 0x401, SERIES(4, 15), RELEASE(4, 18, 2), NULL, true },
    { 0x140, 1, SERIES(4, 11), RELEASE(4, 8, 3), "msr-misc-features-lost",
      false },
    { 0x140, 1, SERIES(4, 11), RELEASE(4, 8, 4), NULL, true },
    { 0x6e1, 1, SERIES(4, 18), SERIES(4, 17), "msr-pkrs-lost", false },
    { 0x6e1, 1, SERIES(4, 18), SERIES(4, 22), NULL, true },
    { 0xc001011f, 4, SERIES(4, 17), SERIES(4, 16),
      "msr-virt-spec-ctrl-lost", false },
    { 0xd90, 1, SERIES(4, 5), SERIES(4, 22), NULL, true },
    { 0xd90, 1, SERIES(4, 5), SERIES(4, 4), "msr-bndcfgs-lost", false },
    { 0xc001101b, 1, SERIES(4, 5), SERIES(4, 4), "msr-dr-mask-lost", false },
    { 0xc001101b, 0, SERIES(4, 5), SERIES(4, 4), NULL, false },
    { 0xda0, 1, SERIES(4, 12), SERIES(4, 13), "msr-xss-refused", false },
    { 0xda0, 0, SERIES(4, 12), SERIES(4, 13), NULL, false },
    { 0xda0, 1, SERIES(4, 12), SERIES(4, 6), "msr-xss-lost", false },
    { 0xda0, 1, SERIES(4, 12), SERIES(4, 7), NULL, true },
    { 0x1d9, 0, SERIES(4, 17), SERIES(4, 17), "msr-unknown-lost", false },
};

/* An entry goes, or the record when it was the only one. */
START_TEST(msr)
{
    struct bytes body = { 0 }, made = { 0 };
    bool other = !since_all(&(struct since){ { RELEASE(4, 5, 0) } },
                            msrs[_i].target);

    put32le(&body, 1);
    put32le(&body, 0);
    put32le(&body, msrs[_i].index);
    put32le(&body, 0);
    put32le(&body, (uint32_t)msrs[_i].value);
    put32le(&body, 0);
    with_record(msrs[_i].saver, msrs[_i].target, CODE_CPU_MSR, &body,
                msrs[_i].id, DOMCTX_ERROR, &made);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_MSR),
                      msrs[_i].kept ? 24 : 0);
    bytes_free(&made);
    /* beside one that stays, where the target has any */
    body.p[0] = 2;
    put32le(&body, 0xc0011027);
    put32le(&body, 0);
    put32le(&body, 0);
    put32le(&body, 0);
    with_record(msrs[_i].saver, msrs[_i].target, CODE_CPU_MSR, &body,
                msrs[_i].id, DOMCTX_ERROR, &made);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_MSR),
                      other ? 0 : msrs[_i].kept ? 40 : 24);
    bytes_free(&made);
    bytes_free(&body);
}
END_TEST

/* What no release knows, and what none ever wrote. */
START_TEST(unknown)
{
    struct bytes body = { 0 }, made = { 0 };

    put_zero(&body, 12);
    with_record(SERIES(4, 17), SERIES(4, 18), 33, &body, "compat-typecode",
                DOMCTX_ERROR, &made);
    ck_assert_uint_eq(made_length(&made, 33), 0);
    bytes_free(&made);
    with_record(SERIES(4, 11), SERIES(4, 18), CODE_CPU_XSAVE, &body,
                "compat-length", DOMCTX_ERROR, &made);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_XSAVE), 0);
    bytes_free(&made);
    bytes_free(&body);
}
END_TEST

/* The defect of 4.5 to 4.9: the true length is what is written. */
START_TEST(msr_descriptor)
{
    struct bytes blob = { 0 }, made;

    matrix_blob(&blob, SERIES(4, 5), MATRIX_DEFAULT);
    blob.size -= 8;
    put_desc(&blob, CODE_CPU_MSR, 0, 8 + 16 * 4);
    put32le(&blob, 1);
    put32le(&blob, 0);
    put32le(&blob, 0xc0011027);
    put32le(&blob, 0);
    put32le(&blob, 3);
    put32le(&blob, 0);
    put_hvm_end(&blob);
    ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 5), SERIES(4, 5), 0,
                                    &made, NULL), 0);
    ck_assert_uint_eq(made_length(&made, CODE_CPU_MSR), 24);
    ck_assert_uint_eq(made.size, blob.size);
    bytes_free(&made);
    bytes_free(&blob);
}
END_TEST

/* 4.3.0 wants 24 bytes left for a VMCE_VCPU of 8; 4.3.4 does not, and bytes
 * behind END are enough. */
START_TEST(near_end)
{
    static const struct {
        struct release target;
        size_t slack;
        size_t times;
    } cases[] = {
        { RELEASE(4, 3, 0), 0, 1 }, { SERIES(4, 4), 0, 1 },
        { RELEASE(4, 3, 4), 0, 0 }, { RELEASE(4, 3, 0), 64, 0 },
        { SERIES(4, 2), 0, 0 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes blob = { 0 }, made;
        domctx_report *report = domctx_report_new();

        matrix_blob(&blob, SERIES(4, 2), MATRIX_DEFAULT);
        put_zero(&blob, cases[i].slack);
        ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 2), cases[i].target,
                                        0, &made, report), 0);
        ck_assert_uint_eq(count_id(report, "record-near-end"),
                          cases[i].times);
        bytes_free(&made);
        bytes_free(&blob);
        domctx_report_free(report);
    }
}
END_TEST

/* The 1016 bytes that loaders since 4.0.2 take for a CPU have no place for
 * msr_tsc_aux, but all 64 bits of sysenter_cs. */
START_TEST(compat_form)
{
    struct bytes blob = { 0 }, made;
    struct bytes cpu = { 0 };
    domctx_hvm *hvm;
    const struct domctx_record *record;
    domctx_report *report = domctx_report_new();

    put_hvm_header(&blob);
    put_zero(&cpu, 1016);
    set64(&cpu, 920, 0x100000060);
    set64(&cpu, 1000, 77);       /* tsc */
    set32(&cpu, 1012, 0x18);     /* error_code */
    put_hvm(&blob, CODE_CPU, 0, cpu.p, 1016);
    put_hvm_end(&blob);
    ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 6), SERIES(4, 7), 0,
                                    &made, report), 0);
    ck_assert_uint_eq(count_id(report, "cpu-tsc-aux-assumed"), 1);
    ck_assert_uint_eq(count_id(report, "cpu-flags-assumed"), 1);
    ck_assert_int_eq(domctx_hvm_parse(made.p, made.size, &hvm, NULL), 0);
    record = domctx_hvm_find(hvm, CODE_CPU, 0);
    ck_assert_uint_eq(record->length, 1032);
    ck_assert_uint_eq(record->body[920], 0x60);
    ck_assert_uint_eq(record->body[924], 1);
    ck_assert_uint_eq(record->body[1000], 0);
    ck_assert_uint_eq(record->body[1008], 77);
    ck_assert_uint_eq(record->body[1020], 0x18);
    ck_assert_uint_eq(record->body[1024], 1);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&made);
    bytes_free(&blob);
    bytes_free(&cpu);
}
END_TEST

/* Who saved it must be known. */
START_TEST(unknown_saver)
{
    const struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    struct bytes blob = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_context *context;
    domctx_hvm *hvm;
    uint8_t *made;
    size_t size;

    matrix_blob(&blob, SERIES(4, 1), MATRIX_DEFAULT);
    ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &context, NULL),
                     0);
    ck_assert_int_eq(domctx_convert_release(context, &target, 0, &made, &size,
                                            report), -1);
    expect_only(report, "convert-xen-needed");
    ck_assert_ptr_null(made);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&blob);
}
END_TEST

/* An image of either form and byte order gives what its blob gives. */
static void check_image(const struct bytes *b, const struct bytes *wanted)
{
    const struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    domctx_context *context;
    domctx_image *image;
    uint8_t *made;
    size_t size;

    ck_assert_int_eq(domctx_image_parse(b->p, b->size, &image, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    ck_assert_int_eq(domctx_convert_release(context, &target, 0, &made, &size,
                                            NULL), 0);
    ck_assert_uint_eq(size, wanted->size);
    ck_assert_int_eq(memcmp(made, wanted->p, size), 0);
    free(made);
    domctx_context_free(context);
    domctx_image_free(image);
}

START_TEST(images)
{
    struct bytes blob = { 0 }, wanted, image = { 0 };
    const struct domctx_record *record;
    bool migrated = _i & 1;
    domctx_hvm *hvm;

    matrix_blob(&blob, SERIES(4, 1), MATRIX_USED);
    ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 1), SERIES(4, 17), 0,
                                    &wanted, NULL), 0);
    image.big = _i & 2;
    put_start(&image, 4, 1);
    if (!migrated)
        put_record(&image, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
    for (size_t i = 0; migrated && (record = domctx_hvm_get(hvm, i)); i++)
        if (record->type != DOMCTX_HVM_END)
            put_record(&image, DOMCTX_HVM_RECORD(record->type),
                       record->instance, record->body,
                       (size_t)record->length);
    put_end(&image);
    check_image(&image, &wanted);
    domctx_hvm_free(hvm);
    bytes_free(&image);
    bytes_free(&wanted);
    bytes_free(&blob);
}
END_TEST

/* Which point release a context shows. */
START_TEST(narrow)
{
    static const struct {
        struct release saver;
        uint32_t point;
    } cases[] = {
        { RELEASE(4, 18, 5), 5 }, { RELEASE(4, 18, 6), 5 },
        { RELEASE(4, 18, 4), DOMCTX_POINT_ANY },
        { RELEASE(4, 20, 1), 1 }, { SERIES(4, 17), DOMCTX_POINT_ANY },
        { SERIES(3, 1), DOMCTX_POINT_ANY },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cat_version series = cases[i].saver.series;
        struct domctx_release release = { series >> 8, series & 0xff,
                                          DOMCTX_POINT_ANY };
        struct bytes blob = { 0 };
        domctx_hvm *hvm;

        matrix_blob(&blob, cases[i].saver, MATRIX_USED);
        ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
        domctx_release_narrow(&release, hvm);
        ck_assert_uint_eq(release.point, cases[i].point);
        release.point = 2;   /* said, so it stays */
        domctx_release_narrow(&release, hvm);
        ck_assert_uint_eq(release.point, 2);
        /* of another series nothing can be told */
        release = (struct domctx_release){ 4, 6, DOMCTX_POINT_ANY };
        domctx_release_narrow(&release, hvm);
        ck_assert_uint_eq(release.point, DOMCTX_POINT_ANY);
        domctx_hvm_free(hvm);
        bytes_free(&blob);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compat-records");
    TCase *tcase = tcase_create("compat-records");

    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, xsave, 0, sizeof(xsaves) / sizeof(xsaves[0]));
    tcase_add_test(tcase, xsave_excess);
    tcase_add_test(tcase, xsave_empty);
    tcase_add_loop_test(tcase, msr, 0, sizeof(msrs) / sizeof(msrs[0]));
    tcase_add_test(tcase, unknown);
    tcase_add_test(tcase, msr_descriptor);
    tcase_add_test(tcase, near_end);
    tcase_add_test(tcase, compat_form);
    tcase_add_test(tcase, unknown_saver);
    tcase_add_loop_test(tcase, images, 0, 4);
    tcase_add_test(tcase, narrow);
    return run_suite(suite);
}
