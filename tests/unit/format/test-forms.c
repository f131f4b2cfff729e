/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the legacy blob and the two forms of an image, byte for byte. */
#include "support.h"

#include "base/bytes.h"

static void forms_of(const struct bytes *blob, bool wrapped, bool trailer)
{
    domctx_hvm *hvm = hvm_taken(blob, NULL);
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_image *image;
    uint8_t *back;
    size_t size;

    ck_assert_int_eq(wrapped ? domctx_wrap(builder, hvm, report)
                             : domctx_migrate(builder, hvm, report), 0);
    b.p = take_built(builder, trailer ? "{}" : NULL, trailer, &b.size);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    ck_assert_int_eq(domctx_image_form(image), wrapped
                                                   ? DOMCTX_FORM_WRAPPED
                                                   : DOMCTX_FORM_MIGRATED);
    if (!wrapped)
        ck_assert_uint_eq(domctx_image_count(image),
                          domctx_hvm_count(hvm) + 1 + 2 * trailer);
    ck_assert_int_eq(domctx_image_to_hvm(image, &back, &size, report), 0);
    expect_only(report, NULL);
    ck_assert_uint_eq(size, blob->size);
    ck_assert_mem_eq(back, blob->p, size);
    free(back);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
}

static void check_forms_sample(int i)
{
    struct bytes blob = { 0 };

    load_sample(&blob, samples[i / 4]);
    forms_of(&blob, i & 1, i & 2);
    bytes_free(&blob);
}

static const struct {
    unsigned int major, minor;
} releases[] = {
    { 3, 1 }, { 3, 2 }, { 3, 4 }, { 4, 0 }, { 4, 1 }, { 4, 2 }, { 4, 3 },
    { 4, 4 }, { 4, 5 }, { 4, 6 }, { 4, 7 }, { 4, 9 }, { 4, 10 }, { 4, 12 },
    { 4, 13 }, { 4, 14 }, { 4, 17 }, { 4, 18 }, { 4, 20 }, { 4, 21 },
    { 4, 22 },
};

static void check_forms_release(int i)
{
    static const unsigned int vcpus[] = { 1, 2, 128 };

    for (size_t n = 0; n < 3; n++) {
        struct bytes blob = { 0 };

        put_release(&blob, releases[i].major, releases[i].minor, vcpus[n]);
        forms_of(&blob, false, false);
        forms_of(&blob, true, true);
        bytes_free(&blob);
    }
}

/* A defective CPU_MSR: 40 bytes claimed, 24 there. */
static void put_defective(struct bytes *b)
{
    put_hvm_header(b);
    put_desc(b, 20, 0, 40);
    put32le(b, 1);
    put32le(b, 0);
    put32le(b, 0xd90);
    put_zero(b, 12);
    put_hvm_end(b);
}

START_TEST(a_repaired_descriptor_is_carried_and_told)
{
    struct bytes blob = { 0 }, b = { 0 };
    domctx_builder *builder = domctx_builder_image(4, 6);
    domctx_report *report = domctx_report_new();
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *back;
    size_t size;

    put_defective(&blob);
    hvm = hvm_taken(&blob, "hvm-msr-length");
    ck_assert_int_eq(domctx_migrate(builder, hvm, report), 0);
    expect_only(report, "migrate-repaired");
    b.p = take_built(builder, NULL, false, &b.size);
    image = image_taken(&b, NULL);
    ck_assert_uint_eq(
        domctx_image_find(image, DOMCTX_HVM_RECORD(20), 0)->length, 24);
    ck_assert_int_eq(domctx_image_to_hvm(image, &back, &size, NULL), 0);
    ck_assert_uint_eq(size, blob.size);
    ck_assert_uint_eq(le32(back + 36), 24); /* mended, the rest the same */
    put_le32(back + 36, 40);
    ck_assert_mem_eq(back, blob.p, size);
    free(back);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

/* With a repaired descriptor, and without what follows END. */
START_TEST(a_rebuilt_blob)
{
    struct bytes blob = { 0 }, b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_hvm *hvm;

    put_defective(&blob);
    hvm = hvm_taken(&blob, "hvm-msr-length");
    ck_assert_int_eq(domctx_hvm_rebuild(hvm, &b.p, &b.size, report), 0);
    expect_only(report, NULL);
    ck_assert_uint_eq(b.size, blob.size);
    ck_assert_uint_eq(le32(b.p + 36), 24);
    put_le32(b.p + 36, 40);
    ck_assert_mem_eq(b.p, blob.p, b.size);
    domctx_hvm_free(hvm);
    bytes_free(&b);
    bytes_free(&blob);

    load_sample(&blob, samples[0]);
    put_zero(&blob, 11);
    hvm = hvm_taken(&blob, "hvm-after-end");
    ck_assert_int_eq(domctx_hvm_rebuild(hvm, &b.p, &b.size, report), 0);
    ck_assert_uint_eq(b.size, blob.size - 11);
    ck_assert_mem_eq(b.p, blob.p, b.size);
    domctx_hvm_free(hvm);
    bytes_free(&b);
    bytes_free(&blob);
    domctx_report_free(report);
}
END_TEST

START_TEST(a_wrapped_defect_stays_as_it_is)
{
    struct bytes blob = { 0 }, b = { 0 };
    domctx_builder *builder = domctx_builder_image(4, 6);
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *back;
    size_t size;

    put_defective(&blob);
    hvm = hvm_taken(&blob, "hvm-msr-length");
    ck_assert_int_eq(domctx_wrap(builder, hvm, NULL), 0);
    b.p = take_built(builder, NULL, false, &b.size);
    image = image_taken(&b, "hvm-msr-length");
    ck_assert_int_eq(domctx_image_to_hvm(image, &back, &size, NULL), 0);
    ck_assert_uint_eq(size, blob.size);
    ck_assert_mem_eq(back, blob.p, size);
    free(back);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

/* What cannot be migrated is refused with the reason; wrapping takes it. */
static const struct {
    const char *name, *parse, *migrate;
    bool duplicate, end;
} unfit[] = {
    { "duplicate", "hvm-duplicate", "migrate-duplicate", true, false },
    { "end", "hvm-end-unusual", "migrate-end", false, true },
};

static void check_unfit(int i)
{
    struct bytes blob = { 0 }, b = { 0 };
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_report *report = domctx_report_new();
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *back;
    size_t size;

    put_hvm_header(&blob);
    put_hvm_zeros(&blob, 9, 0, 8);
    if (unfit[i].duplicate)
        put_hvm_zeros(&blob, 9, 0, 8);
    put_desc(&blob, 0, unfit[i].end ? 3 : 0, 0);
    hvm = hvm_taken(&blob, unfit[i].parse);
    ck_assert_int_eq(domctx_migrate(builder, hvm, report), -1);
    expect_only(report, unfit[i].migrate);
    ck_assert_int_eq(domctx_wrap(builder, hvm, NULL), 0);
    b.p = take_built(builder, NULL, false, &b.size);
    image = image_taken(&b, unfit[i].parse);
    ck_assert_int_eq(domctx_image_to_hvm(image, &back, &size, NULL), 0);
    ck_assert_uint_eq(size, blob.size);
    ck_assert_mem_eq(back, blob.p, size);
    free(back);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
    bytes_free(&blob);
}

START_TEST(bytes_after_end_are_left_out)
{
    struct bytes blob = { 0 }, b = { 0 };
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *back;
    size_t size;

    put_hvm_header(&blob);
    put_hvm_end(&blob);
    put_zero(&blob, 11);
    hvm = hvm_taken(&blob, "hvm-after-end");
    ck_assert_int_eq(_i ? domctx_wrap(builder, hvm, NULL)
                        : domctx_migrate(builder, hvm, NULL), 0);
    b.p = take_built(builder, NULL, false, &b.size);
    image = image_taken(&b, NULL);
    ck_assert_int_eq(domctx_image_to_hvm(image, &back, &size, NULL), 0);
    ck_assert_uint_eq(size, 40);
    ck_assert_mem_eq(back, blob.p, size);
    free(back);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

START_TEST(an_image_without_header_makes_no_blob)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;
    uint8_t *back;
    size_t size;

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_HVM_RECORD(9), 0, 8);
    put_end(&b);
    image = image_taken(&b, "image-header-missing");
    ck_assert_int_eq(domctx_image_to_hvm(image, &back, &size, report), -1);
    ck_assert_ptr_null(back);
    expect_only(report, "image-header-missing");
    domctx_image_free(image);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(a_big_endian_image_makes_the_same_blob)
{
    struct bytes b = { .big = true }, blob = { 0 };
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *back;
    size_t size;

    load_sample(&blob, samples[0]);
    hvm = hvm_taken(&blob, NULL);
    put_start(&b, 4, 17);
    for (size_t i = 0; i + 1 < domctx_hvm_count(hvm); i++) {
        const struct domctx_record *record = domctx_hvm_get(hvm, i);

        put_record(&b, DOMCTX_HVM_RECORD(record->type), record->instance,
                   record->body, record->length);
    }
    put_end(&b);
    image = image_taken(&b, NULL);
    ck_assert_int_eq(domctx_image_to_hvm(image, &back, &size, NULL), 0);
    ck_assert_uint_eq(size, blob.size);
    ck_assert_mem_eq(back, blob.p, size);
    free(back);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

/* Copying a record of another image gives the written form. */
static const struct {
    const char *name;
    bool big;
    uint32_t type;
    size_t length, copied;
    const char *id;
} copies[] = {
    { "shared-info-at-4", false, 2, 3140, 3144, NULL },
    { "shared-info-at-8", false, 2, 3144, 3144, NULL },
    { "shared-info-arm-at-4", false, 2, 1092, 1096, NULL },
    { "shared-info-other-length", false, 2, 100, 100, NULL },
    { "tsc-info-20", false, 3, 20, 24, NULL },
    { "tsc-info-24", false, 3, 24, 24, NULL },
    { "tsc-info-20-big-endian", true, 3, 20, 24, NULL },
    { "tsc-info-other-length", false, 3, 12, 12, NULL },
    { "evtchn", false, DOMCTX_EVTCHN, 13, 13, NULL },
    { "hvm-big-endian", true, DOMCTX_HVM_RECORD(9), 8, 8, NULL },
    { "shared-info-big-endian", true, 2, 3144, 0, "build-byte-order" },
    { "evtchn-big-endian", true, DOMCTX_EVTCHN, 8, 0, "build-byte-order" },
    { "grant-table-big-endian", true, DOMCTX_GRANT_TABLE, 8, 0,
      "build-byte-order" },
    { "start", false, DOMCTX_START, 8, 0, "build-type" },
};

static void check_copy(int i)
{
    struct bytes b = { .big = copies[i].big }, out = { 0 };
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_report *report = domctx_report_new();
    const struct domctx_record *record;
    domctx_image *image;

    put_start(&b, 4, 17);
    if (copies[i].type != DOMCTX_START) {
        put_zeros(&b, copies[i].type, 0, copies[i].length);
        if (copies[i].length >= 20 && copies[i].type == DOMCTX_TSC_INFO) {
            set32(&b, 44, 0x11223344);
            set64(&b, 48, UINT64_C(0x5566778899aabbcc));
            set32(&b, 56, 0xddeeff00);
        }
    }
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    record = domctx_image_find(image, copies[i].type, 0);
    ck_assert_int_eq(domctx_builder_copy(builder, image, record, report),
                     copies[i].id ? -1 : 0);
    expect_only(report, copies[i].id);
    domctx_image_free(image);
    domctx_report_free(report);
    if (copies[i].id) {
        domctx_builder_free(builder);
        bytes_free(&b);
        return;
    }
    out.p = take_built(builder, NULL, false, &out.size);
    ck_assert_uint_eq(le32(out.p + 24), copies[i].type);
    ck_assert_uint_eq(le64(out.p + 32), copies[i].copied);
    if (copies[i].copied == 24) {
        ck_assert_uint_eq(le32(out.p + 44), 0x11223344);
        ck_assert_uint_eq(le64(out.p + 48), UINT64_C(0x5566778899aabbcc));
        ck_assert_uint_eq(le32(out.p + 56), 0xddeeff00);
        ck_assert_uint_eq(le32(out.p + 60), 0);
    }
    bytes_free(&out);
    bytes_free(&b);
}

int main(void)
{
    Suite *suite = suite_create("forms");
    TCase *tc;

    tc = tcase_create("forms");
    tcase_set_timeout(tc, 300);
    for (int i = 0; i < (int)n_samples * 4; i++)
        add_named(tc, check_forms_sample, i, "%s-%s%s", samples[i / 4],
                  i & 1 ? "wrapped" : "migrated", i & 2 ? "-trailer" : "");
    for (int i = 0; i < (int)(sizeof(releases) / sizeof(releases[0])); i++)
        add_named(tc, check_forms_release, i, "forms-of-%u.%u",
                  releases[i].major, releases[i].minor);
    for (int i = 0; i < 2; i++)
        add_named(tc, check_unfit, i, "unfit-%s", unfit[i].name);
    tcase_add_test(tc, a_repaired_descriptor_is_carried_and_told);
    tcase_add_test(tc, a_rebuilt_blob);
    tcase_add_test(tc, a_wrapped_defect_stays_as_it_is);
    tcase_add_loop_test(tc, bytes_after_end_are_left_out, 0, 2);
    tcase_add_test(tc, an_image_without_header_makes_no_blob);
    tcase_add_test(tc, a_big_endian_image_makes_the_same_blob);
    for (int i = 0; i < (int)(sizeof(copies) / sizeof(copies[0])); i++)
        add_named(tc, check_copy, i, "copy-%s", copies[i].name);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
