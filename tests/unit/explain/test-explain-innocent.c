/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines that have nothing to do with a save, a restore or a migration. */
#include "explain/make-lines.h"

static char **innocent_lines(struct bytes *b, size_t *n)
{
    char **rows = calloc(1000, sizeof(*rows));
    char *rest, *row;

    load_sample(b, "explain/innocent-lines.txt");
    put_raw(b, "", 1);
    *n = 0;
    for (row = strtok_r((char *)b->p, "\n", &rest); row && *n < 1000;
         row = strtok_r(NULL, "\n", &rest))
        if (*row != '#')
            rows[(*n)++] = row;
    return rows;
}

/* Of a hundred thousand lines not one is explained. */
START_TEST(innocent_lines_are_not_explained)
{
    struct bytes b = { 0 };
    size_t n;
    char **rows = innocent_lines(&b, &n);
    struct scan *scan = scan_new();
    const int rounds = rounds_of(500);

    ck_assert_uint_ge(n, 190);
    for (int k = 0; k < rounds; k++)
        for (size_t i = 0; i < n; i++) {
            char plain[1000], text[2000];
            uint64_t known = scan->stories.known;

            fill_format(rows[i], plain, false);
            surround(plain, false, text);
            strcat(text, "\n");
            scan_feed(scan, text, strlen(text));
            ck_assert_msg(scan->stories.known == known, "near %s", text);
        }
    scan_end(scan);
    ck_assert_uint_eq(scan->stories.known, 0);
    scan_free(scan);
    free(rows);
    bytes_free(&b);
}
END_TEST

/* Nor is one alone, as words of a person. */
START_TEST(innocent_words)
{
    struct bytes b = { 0 };
    size_t n, known = 0;
    char **rows = innocent_lines(&b, &n);

    for (size_t i = 0; i < n; i++) {
        domctx_report *report = domctx_report_new();
        struct text text = { .size = 0 };
        char plain[1000];

        fill_format(rows[i], plain, false);
        if (domctx_explain(plain, collect, &text, report) == 0) {
            known++;   /* words of Xen's own lines, without their prefix */
            ck_assert_msg(!strchr(plain, ':'), "%s\n%s", plain, text.p);
        }
        domctx_report_free(report);
    }
    ck_assert_uint_le(known, 8);
    free(rows);
    bytes_free(&b);
}
END_TEST

TCase *innocent_tests(void)
{
    TCase *tc = tcase_create("innocent");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, innocent_lines_are_not_explained);
    tcase_add_test(tc, innocent_words);
    return tc;
}
