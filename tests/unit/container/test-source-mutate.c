/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Containers with any number in them replaced by one at the edge, or cut
 * anywhere: what is found is in the file where it is said to be.
 */
#include "container/source-support.h"

static const uint32_t edges[] = {
    0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff,
};
#define N_EDGES (sizeof(edges) / sizeof(edges[0]))

/* A file with every kind of record, and two checkpoints. */
static void put_rich(struct bytes *b)
{
    struct bytes small = { .p = NULL };

    put_smallest(&small);
    put_raw(b, small.p, 0x107);            /* up to the first END */
    for (int i = 0; i < 2; i++) {
        put_stream_record(b, 8, "aaaabbbbccccccccdddd\0\0\0", 24);
        put_stream_record(b, 0xa, "\1\0\0\0\0\0\0\0iiiiiiiivvvvvvvv", 24);
        put_stream_record(b, 0xe, NULL, 0);
        put_stream_record(b, 2, "\2\0\0\0\0\0\0\0k\0v", 12);
        put_stream_record(b, 3, "\2\0\0\0\0\0\0\0QEVM", 12);
        put_stream_record(b, 4, NULL, 0);
        put_raw(b, small.p + 0xb7, 0x30);  /* the context again */
    }
    put_raw(b, small.p + 0x107, small.size - 0x107);
    bytes_free(&small);
}

static void judge(const struct bytes *b)
{
    struct memory memory = { b->p, b->size, 0 };
    domctx_report *report = domctx_report_new();
    domctx_source *source = memory_source(&memory);
    int result = domctx_source_walk(source, report);
    const struct domctx_source_info *info = domctx_source_info(source);

    ck_assert_int_eq(result < 0,
                     domctx_report_worst(report) >= DOMCTX_FOREIGN);
    ck_assert_uint_le(info->size + info->trailing, b->size);
    for (size_t i = 0; i < info->n_places; i++) {
        const struct domctx_place *place = &info->place[i];

        ck_assert_uint_le(place->offset + place->length, b->size);
        ck_assert_uint_le(place->length, place->padded);
        ck_assert_uint_le(place->length_offset + place->length_width,
                          place->offset);
    }
    if (result == 0)
        ck_assert_ptr_nonnull(info->context);
    if (info->context) {
        ck_assert_uint_eq(info->context_size, info->place[info->last].length);
        ck_assert_mem_eq(info->context,
                         b->p + info->place[info->last].offset,
                         info->context_size);
    }
    domctx_source_free(source);
    domctx_report_free(report);
}

static void put_file(struct bytes *b, int rich)
{
    if (rich)
        put_rich(b);
    else
        put_smallest(b);
}

START_TEST(every_number)
{
    struct bytes b = { .p = NULL }, with = { .p = NULL };

    put_file(&b, _i);
    put_raw(&with, b.p, b.size);
    for (size_t at = 0x20; at + 4 <= b.size; at++) {
        for (size_t i = 0; i < N_EDGES; i++) {
            set32(&with, at, edges[i]);
            judge(&with);
            with.big = true;
            set32(&with, at, edges[i]);
            judge(&with);
            with.big = false;
        }
        memcpy(with.p + at, b.p + at, 4);
    }
    ck_assert_mem_eq(with.p, b.p, b.size);
    bytes_free(&with);
    bytes_free(&b);
}
END_TEST

/* Cut, and with a piece taken out. */
START_TEST(every_end)
{
    struct bytes b = { .p = NULL };

    put_file(&b, _i);
    for (size_t end = 32; end <= b.size; end++) {
        struct bytes cut = { .p = NULL };

        put_raw(&cut, b.p, end);
        judge(&cut);
        put_raw(&cut, b.p + (b.size - end) / 2 + end / 2,
                b.size - ((b.size - end) / 2 + end / 2));
        judge(&cut);
        bytes_free(&cut);
    }
    bytes_free(&b);
}
END_TEST

/* Of many contexts the first and the last are kept, all are counted, and a
 * context of an interval that is not complete is none of them. */
START_TEST(many_contexts)
{
    const size_t n = 3000;
    struct memory memory = { 0 };
    struct bytes b = { .p = NULL }, small = { .p = NULL };
    domctx_report *report = domctx_report_new();
    const struct domctx_source_info *info;
    domctx_source *source;

    put_smallest(&small);
    put_raw(&b, small.p, 0xb7);
    for (size_t i = 0; i < n; i++) {
        put_raw(&b, small.p + 0xb7, 0x30);
        put_stream_record(&b, 0xe, NULL, 0);
        put_stream_record(&b, 4, NULL, 0);
    }
    put_raw(&b, small.p + 0xb7, 0x30);
    memory.p = b.p;
    memory.size = b.size;
    source = memory_source(&memory);
    ck_assert_int_eq(domctx_source_walk(source, report), 0);
    info = domctx_source_info(source);
    ck_assert_uint_eq(info->n_intervals, n);
    ck_assert_uint_eq(info->n_contexts, n + 1);
    ck_assert_uint_eq(info->n_places, 1024);
    ck_assert_uint_eq(info->place[1].interval, 1);
    ck_assert_uint_eq(info->place[info->last].interval, n - 1);
    ck_assert_uint_eq(info->place[info->last].offset,
                      0xb7 + (n - 1) * 0x40 + 8);
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&small);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source-mutate");
    TCase *tc = tcase_create("mutate");

    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, every_number, 0, 2);
    tcase_add_loop_test(tc, every_end, 0, 2);
    tcase_add_test(tc, many_contexts);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
