/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Following an image that comes in pieces. */
#include "support.h"

#define UNLIMITED UINT64_MAX

/* START, TSC_INFO, EVTCHN (5 bytes), END, PROVENANCE, DIGEST. */
static void put_whole(struct bytes *b)
{
    put_start(b, 4, 17);
    put_zeros(b, DOMCTX_TSC_INFO, 0, 24);
    put_zeros(b, DOMCTX_EVTCHN, 0, 5);
    put_end(b);
    put_record(b, DOMCTX_PROVENANCE, 0, "{\"a\":1}", 7);
    put_digest(b);
}

/* Pieces of every size. */
START_TEST(any_pieces)
{
    struct bytes b = { .big = _i };

    put_whole(&b);
    for (size_t piece = 1; piece <= b.size; piece++) {
        domctx_stream *stream = domctx_stream_new(UNLIMITED);
        int64_t want = -2;

        for (size_t at = 0; at < b.size; at += piece) {
            size_t size = b.size - at < piece ? b.size - at : piece;

            want = domctx_stream_feed(stream, b.p + at, size, NULL);
            ck_assert_int_ge(want, 0);
            /* never more than there is, but for one header after END */
            ck_assert_uint_le((uint64_t)want,
                              (b.size > at + size ? b.size - at - size : 0));
            ck_assert_int_eq(want == 0, at + size == b.size);
        }
        ck_assert_int_eq(want, 0);
        ck_assert_uint_eq(domctx_stream_length(stream), b.size);
        domctx_stream_free(stream);
    }
    bytes_free(&b);
}
END_TEST

/* A reader that asks for what it is told ends exactly at the end. */
static size_t obey(const struct bytes *b, size_t *reads)
{
    domctx_stream *stream = domctx_stream_new(UNLIMITED);
    int64_t want = domctx_stream_feed(stream, NULL, 0, NULL);
    size_t at = 0;

    ck_assert_int_eq(want, 16);
    *reads = 0;
    while (want > 0 && at < b->size) {
        size_t size = (uint64_t)want < b->size - at ? (size_t)want
                                                    : b->size - at;

        want = domctx_stream_feed(stream, b->p + at, size, NULL);
        ck_assert_int_ge(want, 0);
        at += size;
        ++*reads;
    }
    domctx_stream_free(stream);
    return at;
}

START_TEST(an_obedient_reader)
{
    struct bytes b = { 0 };
    size_t reads;

    put_whole(&b);
    ck_assert_uint_eq(obey(&b, &reads), b.size);
    ck_assert_uint_le(reads, 7);
    put_zero(&b, 1000); /* after DIGEST nothing is asked for */
    ck_assert_uint_eq(obey(&b, &reads), b.size - 1000);
    bytes_free(&b);
    put_start(&b, 4, 17);
    put_end(&b);
    put_zero(&b, 1000); /* one header is looked at, and is not ours */
    ck_assert_uint_eq(obey(&b, &reads), 40 + 16);
    bytes_free(&b);
}
END_TEST

START_TEST(an_image_without_trailer)
{
    struct bytes b = { 0 };
    domctx_stream *stream = domctx_stream_new(UNLIMITED);

    put_start(&b, 4, 17);
    put_end(&b);
    ck_assert_int_eq(domctx_stream_feed(stream, b.p, 39, NULL), 1);
    ck_assert_uint_eq(domctx_stream_length(stream), 0);
    ck_assert_int_eq(domctx_stream_feed(stream, b.p + 39, 1, NULL), 16);
    ck_assert_uint_eq(domctx_stream_length(stream), 40);
    ck_assert_int_eq(domctx_stream_feed(stream, "abc", 3, NULL), 13);
    ck_assert_uint_eq(domctx_stream_length(stream), 40);
    ck_assert_int_eq(domctx_stream_feed(stream, "d", 1, NULL), 12);
    ck_assert_int_eq(domctx_stream_feed(stream, "efgh", 4, NULL), 8);
    ck_assert_int_eq(domctx_stream_feed(stream, "ijklmnop", 8, NULL), 0);
    ck_assert_int_eq(domctx_stream_feed(stream, "qrst", 4, NULL), 0);
    ck_assert_uint_eq(domctx_stream_length(stream), 40);
    domctx_stream_free(stream);
    bytes_free(&b);
}
END_TEST

START_TEST(the_length_with_a_part_of_a_trailer)
{
    struct bytes b = { 0 };
    domctx_stream *stream = domctx_stream_new(UNLIMITED);
    size_t end = 24 + 40 + 24 + 16;

    put_whole(&b);
    ck_assert_int_gt(domctx_stream_feed(stream, b.p, end + 20, NULL), 0);
    ck_assert_uint_eq(domctx_stream_length(stream), end);
    ck_assert_int_eq(domctx_stream_feed(stream, b.p + end + 20, 4, NULL), 16);
    ck_assert_uint_eq(domctx_stream_length(stream), end + 24);
    domctx_stream_free(stream);
    bytes_free(&b);
}
END_TEST

/* Whether the input is refused, as a stream in pieces or as a whole. */
static bool is_refused(const struct bytes *b, size_t piece)
{
    domctx_stream *stream = domctx_stream_new(UNLIMITED);
    domctx_image *image = NULL;
    int64_t want = 1;

    for (size_t at = 0; at < b->size && want > 0; at += piece)
        want = domctx_stream_feed(
            stream, b->p + at, b->size - at < piece ? b->size - at : piece,
            NULL);
    domctx_stream_free(stream);
    if (want >= 0 && domctx_image_parse(b->p, b->size, &image, NULL) == 0)
        want = 0;
    else
        want = -1;
    domctx_image_free(image);
    return want < 0;
}

/* No bit of a trailer can be wrong unseen. */
START_TEST(each_bit_of_a_trailer)
{
    struct bytes b = { .big = _i & 1 };
    size_t end;

    put_start(&b, 4, 17);
    put_end(&b);
    end = b.size;
    if (_i & 2)
        put_record(&b, DOMCTX_PROVENANCE, 0, "{\"tool\":\"x\"}", 12);
    put_digest(&b);
    ck_assert(!is_refused(&b, 1));
    for (size_t bit = 8 * end; bit < 8 * b.size; bit++) {
        b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_msg(is_refused(&b, 1) && is_refused(&b, b.size),
                      "bit %zu of byte %zu", bit % 8, bit / 8);
        b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    bytes_free(&b);
}
END_TEST

/* The type alone has to be wrong, and tells a stream at once. */
START_TEST(a_type_of_the_trailer)
{
    struct bytes b = { .big = _i };
    size_t end;

    put_start(&b, 4, 17);
    put_end(&b);
    end = b.size;
    put_header(&b, 5, 0, 16);
    put_zero(&b, 16);
    b.p[end + 16 + (_i ? 3 : 0)] = 1;
    for (size_t piece = 1; piece <= b.size; piece++) {
        domctx_report *report = domctx_report_new();
        domctx_stream *stream = domctx_stream_new(UNLIMITED);
        int64_t want = 0;

        for (size_t at = 0; at < b.size && want >= 0; at += piece)
            want = domctx_stream_feed(
                stream, b.p + at, b.size - at < piece ? b.size - at : piece,
                report);
        ck_assert_int_eq(want, -1);
        expect_only(report, "trailer-type");
        domctx_report_free(report);
        domctx_stream_free(stream);
    }
    bytes_free(&b);
}
END_TEST

/* Faults in headers, at once when the header is complete. */
static const struct {
    const char *name;
    uint32_t type, instance;
    uint64_t length;
    uint64_t max;
    const char *id;
} faults[] = {
    { "unknown-type", 9, 0, 8, UNLIMITED, "image-type-unknown" },
    { "start-again", 1, 0, 8, UNLIMITED, "image-start-again" },
    { "instance", 2, 1, 8, UNLIMITED, "image-instance" },
    { "instance-range", DOMCTX_HVM_RECORD(2), 65536, 8, UNLIMITED,
      "image-instance-range" },
    { "trailer-early", DOMCTX_DIGEST, 0, 16, UNLIMITED,
      "image-trailer-early" },
    { "end-instance", 0, 1, 0, UNLIMITED, "image-end-instance" },
    { "end-length", 0, 0, 8, UNLIMITED, "image-end-length" },
    { "length-2^64-1", 2, 0, UINT64_MAX, UNLIMITED,
      "image-length-overflow" },
    { "length-2^64-8", 2, 0, UINT64_MAX - 7, UNLIMITED, "image-limit" },
    { "length-over-max", 2, 0, 100 - 40 + 1, 100, "image-limit" },
    { "header-over-max", 2, 0, 0, 39, "image-limit" },
};

static void check_fault(int i)
{
    struct bytes b = { 0 };

    put_start(&b, 4, 17);
    put_header(&b, faults[i].type, faults[i].instance, faults[i].length);
    for (size_t piece = 1; piece <= b.size; piece++) {
        domctx_stream *stream = domctx_stream_new(faults[i].max);
        domctx_report *report = domctx_report_new();
        int64_t want = 0;

        for (size_t at = 0; at < b.size && want >= 0; at += piece)
            want = domctx_stream_feed(
                stream, b.p + at, b.size - at < piece ? b.size - at : piece,
                report);
        ck_assert_int_eq(want, -1);
        expect_only(report, faults[i].id);
        ck_assert_int_eq(domctx_stream_feed(stream, b.p, 1, report), -1);
        domctx_report_free(report);
        domctx_stream_free(stream);
    }
    bytes_free(&b);
}

START_TEST(not_an_image)
{
    domctx_stream *stream = domctx_stream_new(UNLIMITED);
    domctx_report *report = domctx_report_new();

    ck_assert_int_eq(domctx_stream_feed(stream, "\x7f""ELF", 4, report), -1);
    expect_only(report, "image-start-missing");
    domctx_stream_free(stream);
    domctx_report_free(report);
}
END_TEST

START_TEST(a_length_that_just_fits)
{
    struct bytes b = { 0 };
    domctx_stream *stream = domctx_stream_new(100 - 4);

    put_start(&b, 4, 17);
    put_header(&b, DOMCTX_EVTCHN, 0, 56);
    ck_assert_int_eq(domctx_stream_feed(stream, b.p, b.size, NULL),
                     56 + 16);
    domctx_stream_free(stream);
    bytes_free(&b);
}
END_TEST

/* A body of 2^62 bytes takes no memory, and the answer stays a number. */
START_TEST(a_very_long_body)
{
    struct bytes b = { 0 };
    domctx_stream *stream = domctx_stream_new(UNLIMITED);

    put_start(&b, 4, 17);
    put_header(&b, DOMCTX_EVTCHN, 0, UINT64_MAX - 1024);
    ck_assert_int_eq(domctx_stream_feed(stream, b.p, b.size, NULL),
                     INT64_MAX);
    domctx_stream_free(stream);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stream");
    TCase *tc = tcase_create("stream");

    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, any_pieces, 0, 2);
    tcase_add_test(tc, an_obedient_reader);
    tcase_add_test(tc, an_image_without_trailer);
    tcase_add_test(tc, the_length_with_a_part_of_a_trailer);
    tcase_add_loop_test(tc, each_bit_of_a_trailer, 0, 4);
    tcase_add_loop_test(tc, a_type_of_the_trailer, 0, 2);
    for (int i = 0; i < (int)(sizeof(faults) / sizeof(faults[0])); i++)
        add_named(tc, check_fault, i, "stream-%s", faults[i].name);
    tcase_add_test(tc, not_an_image);
    tcase_add_test(tc, a_length_that_just_fits);
    tcase_add_test(tc, a_very_long_body);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
