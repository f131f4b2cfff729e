/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of lines: each is found with whatever stands in its holes and
 * around it, and nothing else is.
 */
#include "explain/make-lines.h"

#include "base/chars.h"
#include "explain/pages.h"

/* ------------------------------------------------------------------ */
/* Every row                                                           */
/* ------------------------------------------------------------------ */

/* The row is found, or one that leads to the same. */
static bool is_found(const struct line *line, const char *text)
{
    struct scan *scan = scanned(text);
    const struct line *found =
        scan->stories.n ? scan->stories.story[0].events[0].line : NULL;
    bool good = found && scan->stories.known == 1 &&
                strcmp(found->leads, line->leads) == 0;

    if (!good)
        fprintf(stderr, "%s\n  is: %s\n  found: %s\n", text, line->pattern,
                found ? found->pattern : "nothing");
    return good;
}

START_TEST(every_row_is_found)
{
    const int rounds = rounds_of(20);
    size_t bad[2] = { 0, 0 }, broken = 0;

    for (size_t i = 0; i < n_lines; i++)
        for (int k = 0; k < rounds; k++) {
            char plain[1000], dressed[1200], text[2000];

            fill_pattern(lines[i].pattern, plain);
            dress(lines[i].component, plain, dressed);
            surround(dressed, k % 3 == 2, text);
            if (line_is_weak(&lines[i]) &&
                lines[i].component >= LINE_XL &&
                lines[i].component != LINE_QEMU)
                continue;
            broken += k % 3 == 2;
            bad[k % 3 == 2] += !is_found(&lines[i], text);
        }
    ck_assert_uint_eq(bad[0], 0);
    /* a line that is broken within the only piece that it is known by */
    ck_assert_uint_le(bad[1] * 100, broken);
}
END_TEST

/* A mail program breaks a line at whichever blank is at its width, also in
 * the piece that the line is known by; it is no rest of a line what begins
 * as one. */
START_TEST(lines_broken_at_each_blank)
{
    size_t bad = 0, broken = 0;

    for (size_t i = 0; i < n_lines; i++) {
        char plain[1000], dressed[1200], text[1300];

        if (line_is_weak(&lines[i]))
            continue;
        fill_pattern(lines[i].pattern, plain);
        dress(lines[i].component, plain, dressed);
        for (char *blank = strstr(dressed, plain);
             (blank = strchr(blank + 1, ' '));) {
            size_t at = (size_t)(blank - dressed);

            if (char_is_digit(blank[1]) || strchr("[:", blank[1]))
                continue;
            sprintf(text, "> %.*s\n> %s\n", (int)at, dressed, blank + 1);
            broken++;
            bad += !is_found(&lines[i], text);
        }
    }
    ck_assert_uint_ge(broken, 8000);
    ck_assert_uint_le(bad * 200, broken);
}
END_TEST

static bool is_message_or_page(const char *name)
{
    return domctx_message_find(name) || page_named(name);
}

START_TEST(rows_are_whole)
{
    ck_assert_uint_ge(n_lines, 1000);
    for (size_t i = 0; i < n_lines; i++) {
        const char *pattern = lines[i].pattern;
        size_t holes = 0;

        ck_assert_msg(is_message_or_page(lines[i].leads), "%s",
                      lines[i].leads);
        while (*pattern) {
            pattern += strcspn(pattern, "{");
            if (*pattern) {
                ck_assert_msg(hole_at(pattern) != HOLE_COUNT, "%s",
                              lines[i].pattern);
                holes++;
                pattern += strcspn(pattern, "}") + 1;
            }
        }
        ck_assert_msg(index_has(&lines[i]), "%s", lines[i].pattern);
        ck_assert_msg(holes + 2 <= HOLES_MAX, "%s", lines[i].pattern);
        for (size_t k = 0; k < i; k++)
            ck_assert_msg(lines[i].component != lines[k].component ||
                          strcmp(lines[i].pattern, lines[k].pattern) != 0,
                          "twice: %s", lines[i].pattern);
    }
}
END_TEST

TCase *lines_tests(void)
{
    TCase *tc = tcase_create("lines");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, every_row_is_found);
    tcase_add_test(tc, lines_broken_at_each_blank);
    tcase_add_test(tc, rows_are_whole);
    return tc;
}
