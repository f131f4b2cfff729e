/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building, and between the forms: byte for byte. */
#include "support.h"

#include <bytes.h>

static uint8_t *take(domctx_builder *builder, const char *provenance,
                     bool digest, size_t *size)
{
    domctx_report *report = domctx_report_new();
    uint8_t *buf;

    ck_assert_int_eq(domctx_builder_take(builder, provenance, digest, &buf,
                                         size, report), 0);
    expect_only(report, NULL);
    domctx_report_free(report);
    domctx_builder_free(builder);
    return buf;
}

static void take_fails(domctx_builder *builder, const char *provenance,
                       bool digest, const char *id)
{
    domctx_report *report = domctx_report_new();
    uint8_t *buf = (uint8_t *)report;
    size_t size = 1;

    ck_assert_int_eq(domctx_builder_take(builder, provenance, digest, &buf,
                                         &size, report), -1);
    ck_assert_ptr_null(buf);
    ck_assert_uint_eq(size, 0);
    expect_only(report, id);
    domctx_report_free(report);
    domctx_builder_free(builder);
}

/* -- golden images --------------------------------------------------------- */

/* The sizes and places that v10's images had, computed from its text. */
static const struct {
    const char *name;
    bool is_32bit, tsc;
    size_t buffer, length, tsc_at, end_at, total;
} golden[] = {
    { "x86-64", false, true, 3136, 3144, 3184, 3224, 3240 },
    { "x86-32", true, true, 2344, 2352, 2392, 2432, 2448 },
    { "arm", false, false, 1088, 1096, 0, 1136, 1152 },
};

/* The image octet by octet, without any help of the library. */
static void put_golden(struct bytes *b, int i, const uint8_t *buffer)
{
    static const uint8_t start[24] = { 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0,
                                       0, 0, 0, 4, 0, 0, 0, 15 };
    static const uint8_t tsc[40] = {
        3, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 0, 0, 0x40, 0x77, 0x1b, 0,       /* mode 1, 1800000 kHz */
        8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 0, 0, 0, 0, 0,
    };
    uint8_t shared[24] = { 2 };
    uint8_t end[16] = { 0 };

    shared[8] = (uint8_t)golden[i].length;
    shared[9] = (uint8_t)(golden[i].length >> 8);
    shared[16] = golden[i].is_32bit;
    put_raw(b, start, sizeof(start));
    put_raw(b, shared, sizeof(shared));
    put_raw(b, buffer, golden[i].buffer);
    if (golden[i].tsc) {
        ck_assert_uint_eq(b->size, golden[i].tsc_at);
        put_raw(b, tsc, sizeof(tsc));
    }
    ck_assert_uint_eq(b->size, golden[i].end_at);
    put_raw(b, end, sizeof(end));
    ck_assert_uint_eq(b->size, golden[i].total);
}

static void check_golden(int i)
{
    domctx_builder *builder = domctx_builder_image(4, 15);
    struct bytes want = { 0 };
    uint8_t buffer[4096], *got;
    size_t size;

    for (size_t n = 0; n < sizeof(buffer); n++)
        buffer[n] = (uint8_t)(n * 7 + n / 256);
    put_golden(&want, i, buffer);
    domctx_builder_shared_info(builder, golden[i].is_32bit, buffer,
                               golden[i].buffer, NULL);
    if (golden[i].tsc)
        domctx_builder_tsc_info(builder, 1, 1800000,
                                UINT64_C(0x0102030405060708), 9, NULL);
    got = take(builder, NULL, false, &size);
    ck_assert_uint_eq(size, want.size);
    ck_assert_mem_eq(got, want.p, size);
    domctx_image_free(image_taken(&want, NULL));
    free(got);
    bytes_free(&want);
}

START_TEST(trailer_is_padded_and_verified)
{
    static const char *const texts[] = { "{}", "{\"a\":1}", "{\"ab\":1}",
                                         "{\"a\":123456789012}" };

    for (size_t i = 0; i < 4; i++) {
        struct bytes b = { 0 };
        domctx_image *image;

        b.p = take(domctx_builder_image(4, 17), texts[i], true, &b.size);
        ck_assert_uint_eq(b.size % 8, 0);
        image = image_taken(&b, NULL);
        ck_assert(domctx_image_has_digest(image));
        ck_assert_uint_eq(domctx_image_find(image, DOMCTX_PROVENANCE, 0)
                              ->length, strlen(texts[i]));
        ck_assert_uint_eq(domctx_image_consumed(image), 40);
        domctx_image_free(image);
        bytes_free(&b);
    }
}
END_TEST

/* CRC-64/XZ of "123456789" is 0x995dc9bbdf1939fa: the digest is that CRC. */
START_TEST(digest_is_crc64_xz)
{
    uint64_t crc = ~UINT64_C(0);
    size_t size;
    uint8_t *buf = take(domctx_builder_image(4, 17), NULL, true, &size);

    ck_assert_uint_eq(size, 40 + 32);
    for (size_t i = 0; i < 40; i++) {
        crc ^= buf[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT64_C(0xc96c5795d7870f42) : 0);
    }
    ck_assert(le64(buf + 40 + 16 + 8) == ~crc);
    ck_assert_uint_eq(le32(buf + 40 + 16), 1);
    ck_assert_uint_eq(le32(buf + 40 + 20), 0);
    free(buf);
}
END_TEST

START_TEST(every_bit_is_covered_by_the_digest)
{
    struct bytes b = { 0 };

    b.p = take(domctx_builder_image(4, 17), "{\"a\":1}", true, &b.size);
    for (size_t bit = 0; bit < b.size * 8; bit++) {
        domctx_report *report = domctx_report_new();
        domctx_image *image;
        int result;

        b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
        result = domctx_image_parse(b.p, b.size, &image, report);
        /* a DIGEST or PROVENANCE that is no longer called one is foreign
         * data after END, which was said */
        ck_assert(result == -1 || find_id(report, "image-after-end"));
        domctx_image_free(image);
        b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
        domctx_report_free(report);
    }
    bytes_free(&b);
}
END_TEST

/* -- what a builder refuses ------------------------------------------------- */

static const struct {
    const char *name;
    bool hvm;
    uint32_t type, instance;
    size_t length;
    const char *id;
} refused[] = {
    { "start", false, DOMCTX_START, 0, 8, "build-type" },
    { "end", false, DOMCTX_END, 0, 0, "build-type" },
    { "provenance", false, DOMCTX_PROVENANCE, 0, 2, "build-type" },
    { "digest", false, DOMCTX_DIGEST, 0, 16, "build-type" },
    { "hvm-end", true, 0, 0, 0, "build-type" },
    { "hvm-typecode-65536", true, 65536, 0, 0, "build-limit" },
    { "hvm-instance-65536", true, 2, 65536, 0, "build-limit" },
};

static void check_refused(int i)
{
    domctx_builder *builder = refused[i].hvm ? domctx_builder_hvm()
                                             : domctx_builder_image(4, 17);
    domctx_report *report = domctx_report_new();
    uint8_t body[16] = { 0 };

    ck_assert_int_eq(domctx_builder_add(builder, refused[i].type,
                                        refused[i].instance, body,
                                        refused[i].length, report), -1);
    expect_only(report, refused[i].id);
    domctx_report_free(report);

    /* and from then on every call says so */
    report = domctx_report_new();
    ck_assert_int_eq(domctx_builder_add(builder, 3, 0, body, 8, report), -1);
    expect_only(report, refused[i].id);
    domctx_report_free(report);
    take_fails(builder, NULL, false, refused[i].id);
}

START_TEST(a_legacy_length_has_32_bits)
{
    domctx_builder *builder = domctx_builder_hvm();
    domctx_report *report = domctx_report_new();

    if (sizeof(size_t) > 4)
        ck_assert_int_eq(domctx_builder_add(builder, 2, 0, "",
                                            (size_t)UINT32_MAX + 1, report),
                         -1);
    expect_only(report, "build-limit");
    domctx_builder_free(builder);
    domctx_report_free(report);
}
END_TEST

START_TEST(a_length_that_no_memory_has)
{
    for (size_t n = 0; n < 40; n++) {
        domctx_builder *builder = domctx_builder_image(4, 17);
        domctx_report *report = domctx_report_new();

        ck_assert_int_eq(domctx_builder_add(builder, DOMCTX_EVTCHN, 0, "",
                                            SIZE_MAX - n, report), -1);
        expect_only(report, "no-memory");
        domctx_report_free(report);
        take_fails(builder, NULL, false, "no-memory");
    }
}
END_TEST

START_TEST(a_blob_takes_no_trailer)
{
    take_fails(domctx_builder_hvm(), "{}", false, "build-trailer");
    take_fails(domctx_builder_hvm(), NULL, true, "build-trailer");
}
END_TEST

START_TEST(a_blob_takes_no_record_of_an_image)
{
    domctx_builder *builder = domctx_builder_hvm();

    ck_assert_int_eq(domctx_builder_tsc_info(builder, 0, 0, 0, 0, NULL), -1);
    take_fails(builder, NULL, false, "build-kind");
    builder = domctx_builder_hvm();
    ck_assert_int_eq(domctx_builder_shared_info(builder, false, "", 0, NULL),
                     -1);
    take_fails(builder, NULL, false, "build-kind");
}
END_TEST

START_TEST(an_unreadable_image_is_not_built)
{
    domctx_builder *builder = domctx_builder_image(4, 17);

    domctx_builder_add(builder, 77, 0, "", 0, NULL);
    take_fails(builder, NULL, false, "image-type-unknown");
    builder = domctx_builder_image(4, 17);
    domctx_builder_tsc_info(builder, 0, 0, 0, 0, NULL);
    domctx_builder_tsc_info(builder, 0, 0, 0, 0, NULL);
    take_fails(builder, NULL, false, "image-duplicate");
    take_fails(domctx_builder_image(4, 17), "[]", false, "provenance-json");
}
END_TEST

START_TEST(a_builder_that_had_no_memory)
{
    take_fails(NULL, NULL, false, "no-memory");
}
END_TEST

START_TEST(reserve_is_enough)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    uint8_t body[100] = { 1 };
    size_t size;

    ck_assert_int_eq(domctx_builder_reserve(builder, 10000, NULL), 0);
    ck_assert_int_eq(domctx_builder_reserve(builder, 1, NULL), 0);
    for (uint32_t i = 0; i < 50; i++)
        ck_assert_int_eq(domctx_builder_add(builder, DOMCTX_HVM_RECORD(9), i,
                                            body, 100, NULL), 0);
    free(take(builder, NULL, false, &size));
    ck_assert_uint_eq(size, 24 + 50 * 120 + 16);
}
END_TEST

/* -- between the forms ----------------------------------------------------- */

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
    b.p = take(builder, trailer ? "{}" : NULL, trailer, &b.size);
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
    b.p = take(builder, NULL, false, &b.size);
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
    b.p = take(builder, NULL, false, &b.size);
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
    b.p = take(builder, NULL, false, &b.size);
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
    b.p = take(builder, NULL, false, &b.size);
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
    out.p = take(builder, NULL, false, &out.size);
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
    Suite *suite = suite_create("build");
    TCase *tc = tcase_create("golden");

    for (int i = 0; i < 3; i++)
        add_named(tc, check_golden, i, "golden-%s", golden[i].name);
    tcase_add_test(tc, trailer_is_padded_and_verified);
    tcase_add_test(tc, digest_is_crc64_xz);
    tcase_add_test(tc, every_bit_is_covered_by_the_digest);
    suite_add_tcase(suite, tc);
    tc = tcase_create("refused");
    for (int i = 0; i < (int)(sizeof(refused) / sizeof(refused[0])); i++)
        add_named(tc, check_refused, i, "refused-%s", refused[i].name);
    tcase_add_test(tc, a_legacy_length_has_32_bits);
    tcase_add_test(tc, a_length_that_no_memory_has);
    tcase_add_test(tc, a_blob_takes_no_trailer);
    tcase_add_test(tc, a_blob_takes_no_record_of_an_image);
    tcase_add_test(tc, an_unreadable_image_is_not_built);
    tcase_add_test(tc, a_builder_that_had_no_memory);
    tcase_add_test(tc, reserve_is_enough);
    suite_add_tcase(suite, tc);
    tc = tcase_create("forms");
    tcase_set_timeout(tc, 120);
    for (int i = 0; i < (int)n_samples * 4; i++)
        add_named(tc, check_forms_sample, i, "%s-%s%s", samples[i / 4],
                  i & 1 ? "wrapped" : "migrated", i & 2 ? "-trailer" : "");
    for (int i = 0; i < (int)(sizeof(releases) / sizeof(releases[0])); i++)
        add_named(tc, check_forms_release, i, "forms-of-%u.%u",
                  releases[i].major, releases[i].minor);
    for (int i = 0; i < 2; i++)
        add_named(tc, check_unfit, i, "unfit-%s", unfit[i].name);
    tcase_add_test(tc, a_repaired_descriptor_is_carried_and_told);
    tcase_add_test(tc, a_wrapped_defect_stays_as_it_is);
    tcase_add_loop_test(tc, bytes_after_end_are_left_out, 0, 2);
    tcase_add_test(tc, an_image_without_header_makes_no_blob);
    tcase_add_test(tc, a_big_endian_image_makes_the_same_blob);
    for (int i = 0; i < (int)(sizeof(copies) / sizeof(copies[0])); i++)
        add_named(tc, check_copy, i, "copy-%s", copies[i].name);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
