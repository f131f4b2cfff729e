/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building images and blobs, byte for byte. */
#include "support.h"

#include "base/bytes.h"

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

/* -- golden images ---------------------------------------------------------*/

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
    got = take_built(builder, NULL, false, &size);
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

        b.p = take_built(domctx_builder_image(4, 17), texts[i], true, &b.size);
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
    uint8_t *buf = take_built(domctx_builder_image(4, 17), NULL, true, &size);

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

    b.p = take_built(domctx_builder_image(4, 17), "{\"a\":1}", true, &b.size);
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

/* -- what a builder refuses ----------------------------------------------- */

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

/* What no reader takes: the form of SHARED_INFO is told by its length. */
START_TEST(a_wrong_size_or_mode)
{
    static const struct {
        uint32_t minor, mode;
        size_t size;
        bool good;
    } rows[] = {
        { 17, 0, 3136, true }, { 17, 2, 2344, true }, { 17, 1, 1088, true },
        { 11, 3, 3136, true }, { 17, 3, 3136, false }, { 11, 4, 3136, false },
        { 17, 77, 3136, false }, { 17, 0, 0, false }, { 17, 0, 2340, false },
        { 17, 0, 4096, false }, { 17, 0, 3135, false },
    };
    static const uint8_t page[4096];
    domctx_builder *builder = domctx_builder_image(4, rows[_i].minor);
    int result = domctx_builder_shared_info(builder, false, page,
                                            rows[_i].size, NULL);

    if (result == 0)
        result = domctx_builder_tsc_info(builder, rows[_i].mode, 0, 0, 0,
                                         NULL);
    ck_assert_int_eq(result, rows[_i].good ? 0 : -1);
    if (rows[_i].good)
        domctx_builder_free(builder);
    else
        take_fails(builder, NULL, false, "call-argument");
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

START_TEST(an_unreadable_blob_is_not_built)
{
    domctx_builder *builder = domctx_builder_hvm();
    uint8_t body[24] = { 0 };

    domctx_builder_add(builder, 3, 0, body, 8, NULL);
    take_fails(builder, NULL, false, "hvm-header-missing");
    builder = domctx_builder_hvm();
    domctx_builder_add(builder, 1, 0, body, 24, NULL);
    take_fails(builder, NULL, false, "hvm-magic");
}
END_TEST

START_TEST(a_take_that_failed_fails_again_in_the_same_way)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_report *report = domctx_report_new();
    uint8_t *buf;
    size_t size;

    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(domctx_builder_take(builder, "[]", false, &buf,
                                             &size, report), -1);
    ck_assert_uint_eq(count_id(report, "provenance-json"), 3);
    ck_assert_uint_eq(domctx_report_count(report), 3);
    domctx_report_free(report);
    free(take_built(builder, "{}", false, &size));
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
    free(take_built(builder, NULL, false, &size));
    ck_assert_uint_eq(size, 24 + 50 * 120 + 16);
}
END_TEST

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
    tcase_add_loop_test(tc, a_wrong_size_or_mode, 0, 11);
    tcase_add_test(tc, an_unreadable_image_is_not_built);
    tcase_add_test(tc, an_unreadable_blob_is_not_built);
    tcase_add_test(tc, a_take_that_failed_fails_again_in_the_same_way);
    tcase_add_test(tc, a_builder_that_had_no_memory);
    tcase_add_test(tc, reserve_is_enough);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
