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

#define SEEN_BITS 19

/* Whether a text is met for the first time, by its hash. */
static bool is_new(uint64_t *seen, const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t at;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    hash |= 1;   /* 0 is an empty place */
    for (at = hash >> (64 - SEEN_BITS); seen[at];
         at = (at + 1) % ((size_t)1 << SEEN_BITS))
        if (seen[at] == hash)
            return false;
    seen[at] = hash;
    return true;
}

/* One line with what a logger of those puts before it. */
static void make_innocent(const char *format, char *text)
{
    char plain[1000], timed[1200];

    fill_format(format, plain, false);
    sprintf(timed, "%s%02u:%02u:%02u %s",
            any_below(2) ? "Nov 28 " : "2026-11-28 ", any_below(24),
            any_below(60), any_below(60), plain);
    surround(any_below(4) ? timed : plain, false, text);
    strcat(text, "\n");
}

/* Of a hundred thousand lines, each another, not one is explained. */
START_TEST(innocent_lines_are_not_explained)
{
    struct bytes b = { 0 };
    size_t n, distinct = 0;
    char **rows = innocent_lines(&b, &n);
    struct scan *scan = scan_new();
    uint64_t *seen = calloc((size_t)1 << SEEN_BITS, sizeof(*seen));
    const size_t want = (size_t)rounds_of(100000);

    ck_assert_uint_ge(n, 515);
    for (size_t i = 0; distinct < want; i++) {
        char text[2000];
        uint64_t known = scan->stories.known;

        ck_assert_uint_lt(i, 3 * want);
        make_innocent(rows[i % n], text);
        if (!is_new(seen, text))
            continue;
        distinct++;
        scan_feed(scan, text, strlen(text));
        ck_assert_msg(scan->stories.known == known, "near %s", text);
    }
    scan_end(scan);
    ck_assert_uint_eq(scan->stories.known, 0);
    scan_free(scan);
    free(seen);
    free(rows);
    bytes_free(&b);
}
END_TEST

/* With numbers that are errors, too. */
static void fill_with_errors(const char *format, char *to, unsigned int error)
{
    while (*format) {
        size_t length = *format == '%'
                            ? 1 + strspn(format + 1, "-#0.123456789lzhL") : 0;

        if (length && strchr("dux", format[length]))
            to += sprintf(to, "%u", error);
        else if (length && format[length] == 's')
            to += sprintf(to, "abc");
        else
            *to++ = *format;
        format += length + 1;
    }
    *to = '\0';
}

/* Nor is one alone, as words of a person; error: what its numbers are,
 * 0 for any. */
static size_t explained_alone(char **rows, size_t n, unsigned int error)
{
    size_t known = 0;

    for (size_t i = error % stride(); i < n; i += stride()) {
        domctx_report *report = domctx_report_new();
        struct text text = { .size = 0 };
        char plain[1000];

        if (error)
            fill_with_errors(rows[i], plain, error);
        else
            fill_format(rows[i], plain, false);
        if (domctx_explain(plain, collect, &text, report) == 0) {
            known++;   /* words of Xen's own lines, without their prefix */
            ck_assert_msg(!strchr(plain, ':'), "%s\n%s", plain, text.p);
        }
        domctx_report_free(report);
    }
    return known;
}

START_TEST(innocent_words)
{
    static const unsigned int errors[] = { 0, 3, 19, 22 };
    struct bytes b = { 0 };
    size_t n;
    char **rows = innocent_lines(&b, &n);

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        ck_assert_uint_le(explained_alone(rows, n, errors[i]), 8);
    free(rows);
    bytes_free(&b);
}
END_TEST

/* Other things than guests are migrated, saved and restored: a failure of
 * which no word is of Xen is none of ours, whatever stands before it. */
START_TEST(failures_without_a_word_of_xen)
{
    static const char *const heads[] = {
        "", "ERROR: ", "error: ", "Nov 28 10:11:12 host app[7]: ",
        "[   12.345678] ", "2026-01-02T10:11:12 worker-3 ", "> ",
    };
    static const char *const words[] = {
        "migration failed", "Migration failed", "Migration failed.",
        "migration failed: Connection refused", "migration to host2 failed",
        "migrate failed", "job migrate-42 failed", "restore failed",
        "Restore failed", "restore of backup 17 failed", "save failed",
        "Save failed", "failed to restore", "failed to save",
        "could not restore session", "resume failed", "suspend failed",
        "timed out", "Invalid argument", "operation failed",
        "Connection reset by peer", "Broken pipe", "Bad file descriptor",
    };
    size_t n = sizeof(words) / sizeof(words[0]);

    for (size_t i = 0; i < n * sizeof(heads) / sizeof(heads[0]); i++) {
        char line[200];

        snprintf(line, sizeof(line), "%s%s\n", heads[i / n], words[i % n]);
        ck_assert_msg(!domctx_explain_knows_line(line), "%s", line);
    }
    ck_assert(domctx_explain_knows_line("libxl: error: libxl_create.c:1844:"
                                        "domcreate_rebuild_done: Domain 3:"
                                        "cannot (re-)build domain: -3\n"));
}
END_TEST

TCase *innocent_tests(void)
{
    TCase *tc = tcase_create("innocent");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, innocent_lines_are_not_explained);
    tcase_add_test(tc, innocent_words);
    tcase_add_test(tc, failures_without_a_word_of_xen);
    return tc;
}
