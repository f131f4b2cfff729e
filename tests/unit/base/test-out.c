/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output by the piece. */
#include "support.h"

#include "base/out.h"

#define LIMIT 100000

struct taken {
    struct bytes bytes;
    size_t calls;
};

static int take(void *arg, const char *text, size_t size)
{
    struct taken *taken = arg;

    taken->calls++;
    if (taken->bytes.size + size > LIMIT)
        return -1;
    put_raw(&taken->bytes, text, size);
    return 0;
}

START_TEST(pieces_arrive_in_order)
{
    struct taken taken = { 0 };
    struct out out;

    out_begin(&out, take, &taken);
    out_text(&out, "rip ");
    out_f(&out, "0x%x", 0x1234);
    out_fill(&out, ' ', 2);
    out_clean(&out, "a\033[1m\x7f", 6);
    out_clean(&out, "\xc3\xa9\xc2\x9b\x9b\xc3", 6);
    ck_assert_uint_eq(taken.calls, 0);
    ck_assert_int_eq(out_end(&out, NULL), 0);
    ck_assert_uint_eq(taken.calls, 1);
    put_raw(&taken.bytes, "", 1);
    ck_assert_str_eq((char *)taken.bytes.p, "rip 0x1234  a\\x1b[1m\\x7f"
                     "\xc3\xa9\\xc2\\x9b\\x9b\\xc3");
    bytes_free(&taken.bytes);
}
END_TEST

START_TEST(much_comes_in_pieces)
{
    struct taken taken = { 0 };
    struct out out;
    size_t size;

    out_begin(&out, take, &taken);
    size = 3 * out.room + 1;
    out_fill(&out, 'x', size);
    ck_assert_int_eq(out_end(&out, NULL), 0);
    ck_assert_uint_eq(taken.bytes.size, size);
    ck_assert_uint_eq(taken.calls, 4);
    bytes_free(&taken.bytes);
}
END_TEST

START_TEST(the_first_failure_sticks)
{
    domctx_report *report = domctx_report_new();
    struct taken taken = { 0 };
    struct out out;
    size_t calls;

    out_begin(&out, take, &taken);
    out_fill(&out, 'x', 2 * LIMIT);
    calls = taken.calls;
    out_fill(&out, 'y', 2 * LIMIT);
    ck_assert_uint_eq(taken.calls, calls);
    ck_assert_int_eq(out_end(&out, report), -1);
    expect_only(report, "sink-failed");
    domctx_report_free(report);
    bytes_free(&taken.bytes);
}
END_TEST

/* The library's own sink, for a caller who wants the text. */
START_TEST(gathered)
{
    struct domctx_gathered all = { 0 };
    struct out out;
    size_t size;

    ck_assert_int_eq(domctx_gather(&all, NULL, 0), 0);
    ck_assert_str_eq(all.text, "");
    out_begin(&out, domctx_gather, &all);
    size = 3 * out.room + 1;
    out_fill(&out, 'x', size - 1);
    out_text(&out, "y");
    ck_assert_int_eq(out_end(&out, NULL), 0);
    ck_assert_uint_eq(all.size, size);
    ck_assert_uint_eq(strlen(all.text), size);
    ck_assert_str_eq(all.text + size - 2, "xy");
    ck_assert_int_eq(domctx_gather(&all, "", SIZE_MAX), -1);
    ck_assert_uint_eq(all.size, size);
    free(all.text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("out");
    TCase *tcase = tcase_create("out");

    tcase_add_test(tcase, pieces_arrive_in_order);
    tcase_add_test(tcase, much_comes_in_pieces);
    tcase_add_test(tcase, the_first_failure_sticks);
    tcase_add_test(tcase, gathered);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
