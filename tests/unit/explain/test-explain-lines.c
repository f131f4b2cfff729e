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

/* Words of a program that puts no name in front, and any person may say. */
static bool is_vague(const struct line *line)
{
    return line_is_weak(line) && line->component >= LINE_XL &&
           line->component != LINE_QEMU;
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
            if (is_vague(&lines[i]))
                continue;
            broken += k % 3 == 2;
            bad[k % 3 == 2] += !is_found(&lines[i], text);
        }
    ck_assert_uint_eq(bad[0], 0);
    /* a line that is broken within the only piece that it is known by */
    ck_assert_uint_le(bad[1] * 100, broken);
}
END_TEST

/* Not every logger keeps a last full stop: wherever the line begins, its piece
 * does not need it. */
START_TEST(a_last_full_stop_may_be_missing)
{
    size_t bad = 0, stops = 0;

    for (size_t i = 0; i < n_lines; i++) {
        size_t length = strlen(lines[i].pattern);
        char plain[1000], dressed[1200], text[2000];

        /* a web page may write quotes as entities: the piece lies behind */
        if (lines[i].pattern[length - 1] != '.' || is_vague(&lines[i]) ||
            strpbrk(lines[i].pattern, "\"'"))
            continue;
        stops++;
        fill_pattern(lines[i].pattern, plain);
        plain[strlen(plain) - 1] = '\0';
        dress(lines[i].component, plain, dressed);
        for (int offset = 0; offset < 4; offset++) {
            snprintf(text, sizeof(text), "Dec 01 02:00:00 host%.*s xen[1]: "
                     "%s\n", offset, "abc", dressed);
            bad += !is_found(&lines[i], text);
        }
    }
    ck_assert_uint_gt(stops, 50);
    ck_assert_uint_eq(bad, 0);
}
END_TEST

/* Each row in each surrounding; of a share of them, each row in another. */
START_TEST(every_row_in_every_surrounding)
{
    size_t bad = 0;

    for (size_t i = 0; i < n_lines; i++)
        for (size_t k = i % stride(); k < n_surroundings; k += stride()) {
            char plain[1000], dressed[1200], text[2000];

            if (is_vague(&lines[i]))
                continue;
            fill_pattern(lines[i].pattern, plain);
            dress(lines[i].component, plain, dressed);
            surround_with(dressed, k, text);
            bad += !is_found(&lines[i], text);
        }
    ck_assert_uint_eq(bad, 0);
}
END_TEST

/* A mail program breaks a line at whichever blank is at its width, also in
 * the piece that the line is known by; it is no rest of a line what begins
 * as one. */
START_TEST(lines_broken_at_each_blank)
{
    size_t bad = 0, broken = 0;

    for (size_t i = 0; i < n_lines; i += stride()) {
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
    ck_assert_uint_ge(broken, 8000 / stride());
    ck_assert_uint_le(bad * 200, broken);
}
END_TEST

static bool is_message_or_page(const char *name)
{
    return domctx_message_find(name) || page_named(name);
}

static int by_component_and_pattern(const void *one, const void *two)
{
    const struct line *line = *(const struct line *const *)one;
    const struct line *other = *(const struct line *const *)two;

    return line->component != other->component
               ? (line->component > other->component) * 2 - 1
               : strcmp(line->pattern, other->pattern);
}

START_TEST(no_row_is_there_twice)
{
    const struct line **sorted = calloc(n_lines, sizeof(*sorted));

    ck_assert_ptr_nonnull(sorted);
    for (size_t i = 0; i < n_lines; i++)
        sorted[i] = &lines[i];
    qsort(sorted, n_lines, sizeof(*sorted), by_component_and_pattern);
    for (size_t i = 1; i < n_lines; i++)
        ck_assert_msg(by_component_and_pattern(&sorted[i - 1], &sorted[i]),
                      "twice: %s", sorted[i]->pattern);
    free(sorted);
}
END_TEST

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
    }
}
END_TEST

/* ------------------------------------------------------------------ */
/* Every row against every other                                       */
/* ------------------------------------------------------------------ */

#define OVERLAPS_MAX 40

/* A row of overlaps.txt; met: such a line was made. */
static struct overlap {
    char *wins, *loses;
    bool met;
} overlaps[OVERLAPS_MAX];
static size_t n_overlaps;

/* The part up to " <> ", of which *rest is behind. */
static char *overlap_part(char **rest)
{
    char *from = *rest, *end = strstr(from, " <> ");

    ck_assert_msg(end, "%s", from);
    *end = '\0';
    *rest = end + 4;
    return from;
}

/* The file stays loaded: the rows point into it. */
static void load_overlaps(void)
{
    static struct bytes b;
    char *row, *rest;

    n_overlaps = 0;
    bytes_free(&b);
    load_sample(&b, "explain/overlaps.txt");
    put_raw(&b, "", 1);
    for (row = strtok_r((char *)b.p, "\n", &rest); row;
         row = strtok_r(NULL, "\n", &rest)) {
        if (*row == '#')
            continue;
        ck_assert_uint_lt(n_overlaps, OVERLAPS_MAX);
        overlaps[n_overlaps].wins = overlap_part(&row);
        overlaps[n_overlaps].loses = overlap_part(&row);
        overlaps[n_overlaps++].met = false;
        ck_assert_msg(*row, "no reason");
    }
}

/* A prefix tells components apart, and a weak row holds behind one only. */
static bool may_be_both(const struct line *line, const struct line *other)
{
    return line->component == other->component || !line_is_weak(other);
}

/* That both match is in the table, and the one that wins there does. */
static bool is_told(const struct line *line, const struct line *other)
{
    size_t weight = line_weight(line), less = line_weight(other);
    bool same = strcmp(line->leads, other->leads) == 0 &&
                line->kind == other->kind;

    for (size_t i = 0; i < n_overlaps; i++)
        if (strcmp(overlaps[i].wins, line->pattern) == 0 &&
            strcmp(overlaps[i].loses, other->pattern) == 0) {
            overlaps[i].met = true;
            return weight > less || (weight == less && same);
        }
    return false;
}

START_TEST(rows_do_not_overlap)
{
    const int rounds = rounds_of(4);
    size_t bad = 0;

    load_overlaps();
    for (size_t i = 0; i < n_lines; i++)
        for (int k = 0; k < rounds; k++) {
            char plain[1000];
            struct match match;

            fill_pattern(lines[i].pattern, plain);
            for (size_t j = 0; j < n_lines; j++) {
                if (j == i || !may_be_both(&lines[i], &lines[j]) ||
                    !line_match(&lines[j], plain, &match) ||
                    is_told(&lines[i], &lines[j]))
                    continue;
                fprintf(stderr, "%s\n  is: %s\n  and: %s\n", plain,
                        lines[i].pattern, lines[j].pattern);
                bad++;
            }
        }
    ck_assert_uint_eq(bad, 0);
    for (size_t i = 0; i < n_overlaps; i++)
        ck_assert_msg(overlaps[i].met, "no overlap: %s", overlaps[i].wins);
}
END_TEST

TCase *lines_tests(void)
{
    TCase *tc = tcase_create("lines");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, every_row_is_found);
    tcase_add_test(tc, a_last_full_stop_may_be_missing);
    tcase_add_test(tc, every_row_in_every_surrounding);
    tcase_add_test(tc, lines_broken_at_each_blank);
    tcase_add_test(tc, rows_are_whole);
    tcase_add_test(tc, no_row_is_there_twice);
    tcase_add_test(tc, rows_do_not_overlap);
    return tc;
}
