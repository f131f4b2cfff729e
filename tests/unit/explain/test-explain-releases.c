/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines that were collected from the sources of Xen, apart from the table of
 * lines: with random values and surroundings each leads to its page, and of
 * each release enough of them are known.
 */
#include "explain/make-lines.h"

#include "explain/refine.h"

#define UNKNOWN "-"         /* no page: the line is not known */
#define SERIES_FIRST 6u     /* 4.6 to 4.22 */
#define SERIES_LAST 22u

/* A row of a file: its parts, which end with a zero. */
struct row {
    char *program, *page, *format;
    unsigned int first, last;   /* series; 0: the file does not say */
};

static enum component component_of(const char *word)
{
    return strcmp(word, "xen") == 0 ? LINE_HV
           : strcmp(word, "xc") == 0 ? LINE_XC
           : strcmp(word, "libxl") == 0 ? LINE_LIBXL : LINE_XL;
}

static bool leads_to(const char *text, const char *page)
{
    struct scan *scan = scanned(text);
    struct stories *stories = &scan->stories;
    bool good = stories->n == 1 && stories->known == 1;

    if (good) {
        const struct event *event = &stories->story[0].events[0];

        good = strcmp(event->line->leads, page) == 0 ||
               strcmp(event_leads(event), page) == 0;
    }
    if (!good && strcmp(page, UNKNOWN) != 0)
        fprintf(stderr, "%s\n  is not: %s\n", text, page);
    return good;
}

/* The part up to the next '|', of which *rest is behind. */
static char *part(char **rest)
{
    char *from = *rest, *bar = strchr(from, '|');

    ck_assert_msg(bar, "%s", from);
    *bar = '\0';
    *rest = bar + 1;
    return from;
}

static unsigned int series(char **rest)
{
    const char *text = part(rest);
    unsigned int minor;

    ck_assert_msg(sscanf(text, "4.%u", &minor) == 1, "%s", text);
    ck_assert_uint_ge(minor, SERIES_FIRST);
    ck_assert_uint_le(minor, SERIES_LAST);
    return minor;
}

/* "program|[first|last|]page|format". */
static void split(char *text, bool releases, struct row *row)
{
    row->program = part(&text);
    row->first = releases ? series(&text) : 0;
    row->last = releases ? series(&text) : 0;
    row->page = part(&text);
    row->format = text;
}

/* Whether it leads to its page, whatever stands in it, in each surrounding,
 * or one at least; wrap: every third is broken in any other. */
static bool is_known(const struct row *row, bool wrap)
{
    size_t first = any_below((unsigned int)n_surroundings) % stride();
    size_t good = 0, tried = 0;

    for (size_t k = first; k < n_surroundings; k += stride(), tried++) {
        char plain[1000], dressed[1200], text[2000];

        fill_format(row->format, plain, strcmp(row->program, "xen") == 0);
        dress(component_of(row->program), plain, dressed);
        if (wrap && k % 3 == 2)
            surround(dressed, true, text);
        else
            surround_with(dressed, k, text);
        good += leads_to(text, row->page);
    }
    return good == tried;
}

/* Of each row of a file. */
static void each_row(const char *name, bool releases,
                     void (*look)(const struct row *row))
{
    struct bytes b = { 0 };
    char *rest, *text;

    load_sample(&b, name);
    put_raw(&b, "", 1);
    for (text = strtok_r((char *)b.p, "\n", &rest); text;
         text = strtok_r(NULL, "\n", &rest)) {
        struct row row;

        if (*text == '#')
            continue;
        split(text, releases, &row);
        look(&row);
    }
    bytes_free(&b);
}

/* ------------------------------------------------------------------ */
/* 3.1 to 4.22                                                         */
/* ------------------------------------------------------------------ */

static size_t n_rows, n_good;

static void count_row(const struct row *row)
{
    n_rows++;
    n_good += is_known(row, false);
}

START_TEST(toolstack_lines)
{
    n_rows = n_good = 0;   /* the tests may share a process */
    each_row("explain/toolstack-lines.txt", false, count_row);
    ck_assert_uint_ge(n_rows, 430);
    ck_assert_msg(n_good * 100 >= n_rows * 99, "%zu of %zu", n_good, n_rows);
}
END_TEST

/* ------------------------------------------------------------------ */
/* Each release                                                        */
/* ------------------------------------------------------------------ */

static struct {
    size_t rows, good;
} of_series[SERIES_LAST + 1];

static void count_series(const struct row *row)
{
    bool good = strcmp(row->page, UNKNOWN) != 0 && is_known(row, true);

    ck_assert_uint_le(row->first, row->last);
    for (unsigned int i = row->first; i <= row->last; i++) {
        of_series[i].rows++;
        of_series[i].good += good;
    }
}

START_TEST(lines_of_each_release)
{
    each_row("explain/release-lines.txt", true, count_series);
    for (unsigned int i = SERIES_FIRST; i <= SERIES_LAST; i++) {
        size_t rows = of_series[i].rows, good = of_series[i].good;

        ck_assert_uint_ge(rows, 800);
        ck_assert_msg(good * 100 >= rows * 97, "4.%u: %zu of %zu lines are "
                      "known", i, good, rows);
    }
}
END_TEST

/* What is not known is said to be so, and leads nowhere. */
static void expect_unknown(const struct row *row)
{
    char plain[1000], dressed[1200], text[2000];

    if (strcmp(row->page, UNKNOWN) != 0)
        return;
    fill_format(row->format, plain, false);
    dress(component_of(row->program), plain, dressed);
    surround(dressed, false, text);
    ck_assert_msg(scanned(text)->stories.known == 0, "%s", text);
    n_rows++;
}

START_TEST(lines_that_are_not_known)
{
    n_rows = 0;
    each_row("explain/release-lines.txt", true, expect_unknown);
    ck_assert_uint_ge(n_rows, 10);
    ck_assert_uint_le(n_rows, 30);
}
END_TEST

TCase *releases_tests(void)
{
    TCase *tc = tcase_create("releases");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, toolstack_lines);
    tcase_add_test(tc, lines_of_each_release);
    tcase_add_test(tc, lines_that_are_not_known);
    return tc;
}
