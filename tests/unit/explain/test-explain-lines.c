/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of lines: each is found with whatever stands in its holes and
 * around it, and nothing else is.
 */
#include "explain/test-explain.h"

#include "base/chars.h"
#include "explain/pages.h"
#include "explain/refine.h"
#include "explain/scan.h"

static unsigned int seed = 1;

static unsigned int any(unsigned int below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

static const char *one_of(const char *const *words)
{
    unsigned int n = 0;

    while (words[n])
        n++;
    return words[any(n)];
}

/* ------------------------------------------------------------------ */
/* Making lines                                                        */
/* ------------------------------------------------------------------ */

static size_t put_hole(char *to, enum hole_id id)
{
    static const char *const names[] = { "CPU", "LAPIC", "CPU_XSAVE", NULL };
    static const char *const words[] = { "load", "abc", "x-1", NULL };
    static const char *const texts[] = {
        "some name", "abc", "/var/lib/xen/file", "domain 7 helper", NULL
    };

    switch (hole_kinds[id].lexeme) {
    case LEX_NAME:
        return (size_t)sprintf(to, "%s", one_of(names));
    case LEX_WORD:
        return (size_t)sprintf(to, "%s", one_of(words));
    case LEX_TEXT:
        return (size_t)sprintf(to, "%s", one_of(texts));
    case LEX_VCPU:
        return (size_t)sprintf(to, "d%uv%u", any(999), any(128));
    case LEX_DOM:
        return (size_t)sprintf(to, "d%u", any(999));
    case LEX_HEX:
        return (size_t)sprintf(to, any(2) ? "0x%x" : "%08x",
                               1000 + any(1u << 24));
    case LEX_NUMBER:
    default:
        return (size_t)sprintf(to, any(8) ? "%u" : "0x%x",
                               100 + any(1u << 20));
    }
}

/* A text right behind a number begins with a blank: digits of it would be the
 * number's. */
static void fill_pattern(const char *pattern, char *to)
{
    for (bool behind = false; *pattern; behind = pattern[-1] == '}') {
        if (*pattern == '{') {
            enum hole_id id = hole_at(pattern);

            ck_assert_msg(id != HOLE_COUNT, "%s", pattern);
            if (behind && hole_kinds[id].lexeme == LEX_TEXT)
                *to++ = ' ';
            to += put_hole(to, id);
            pattern += strcspn(pattern, "}") + 1;
        } else {
            *to++ = *pattern++;
        }
    }
    *to = '\0';
}

/* What the program's own logger puts around it. */
static void dress(enum component component, const char *line, char *to)
{
    static const char *const xen[] = {
        "(XEN) ", "(XEN) [2026-02-03 10:11:12.123] ", "(XEN) [  123.456] ",
        "(XEN) hvm.c:123:d1v0 ", "(XEN) [2026-02-03 10:11:12] save.c:1:d0 ",
        NULL
    };
    static const char *const xc[] = {
        "xc: error: ", "xc: info: ", "xc: detail: ",
        "ERROR Internal error: ", "xc: error: panic: xg_dom_boot.c:120: ",
        NULL
    };
    static const char *const tails[] = {
        ": Internal error", ": Out of memory", ": Invalid kernel",
        " (22 = Invalid argument): Internal error",
        " (0 = Success): Internal error",
        " (75 = Value too large for defined dat): Internal error", "", NULL
    };
    static const char *const xl[] = {
        "libxl: error: libxl_create.c:12:func: ",
        "libxl: error: libxl_dom.c:1:func: Domain 4:",
        "libxl: error: ", NULL
    };
    static const char *const xl_tails[] = { "", ": Invalid argument", NULL };
    static const char *const qemu[] = {
        "qemu-system-i386: ", "qemu-system-x86_64: ", "qemu-dm: ", NULL
    };

    switch (component) {
    case LINE_HV:
        sprintf(to, "%s%s", one_of(xen), line);
        return;
    case LINE_XC:
        sprintf(to, "%s%s%s", one_of(xc), line, one_of(tails));
        return;
    case LINE_LIBXL:
        sprintf(to, "%s%s%s", one_of(xl), line, one_of(xl_tails));
        return;
    case LINE_QEMU:
        sprintf(to, "%s%s", one_of(qemu), line);
        return;
    case LINE_XL:
    case LINE_XAPI:
    case LINE_LIBVIRT:
    case LINE_UNNAMED:
    default:
        sprintf(to, "%s", line);
    }
}

/* What others put around that: mail, journals, terminals. */
static void surround(const char *line, bool wrap, char *to)
{
    static const char *const before[] = {
        "", "> ", ">>> ", "&gt; ", "\t", "Nov 28 10:11:12 host xl[123]: ",
        "2026-11-28T10:11:12.123456+00:00 dom0 xl[1]: ",
        "[2026-11-28 10:11:12] ", "[ 1234.567890] ", "\033[1;31m",
        "2026-11-28 10:11:12.123+0000: ", NULL
    };
    static const char *const behind[] = {
        "\n", "\r\n", " \n", "\033[0m\n", "", NULL
    };
    const char *lead = one_of(before);
    char *blank;

    sprintf(to, "%s%s%s%s", any(2) ? "something else\n" : "", lead, line,
            one_of(behind));
    /* a mail program breaks lines at a blank, and quotes the rest, too */
    blank = strrchr(to, ' ');
    if (wrap && blank && blank > to + 40 && lead[0] != '[' &&
        (blank[1] < '0' || blank[1] > '9') && !strchr("\r\n", blank[1]))
        *blank = '\n';
}

/* ------------------------------------------------------------------ */
/* Every row                                                           */
/* ------------------------------------------------------------------ */

/* One for all: its index takes longer than a line. */
static struct scan *scanned(const char *text)
{
    static struct scan *scan;

    if (!scan)
        scan = scan_new();
    ck_assert_ptr_nonnull(scan);
    memset(&scan->stories, 0, sizeof(scan->stories));
    scan->size = scan->next = scan->taken = scan->counted = 0;
    scan_feed(scan, text, strlen(text));
    scan_end(scan);
    return scan;
}

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

/* ------------------------------------------------------------------ */
/* Lines that were collected apart from the table                      */
/* ------------------------------------------------------------------ */

static size_t fill_conversion(const char *format, char *to, bool record)
{
    static const char *const names[] = {
        "x86 HVM", "abc", "migration receiver stream", "/var/lib/xen/f", NULL
    };
    size_t length = 1 + strspn(format + 1, "-#0.123456789lzhL");
    unsigned int number = any(3) ? any(100000) : any(4);
    char last = format[length];

    if (last == 'p') {
        sprintf(to, format[length + 1] == 'v' ? "d%uv%u" : "d%u", any(99),
                any(99));
        return length + 2;
    }
    if (last == 's')
        sprintf(to, "%s", record ? "CPU_MSR" : one_of(names));
    else if (last == 'x' || last == 'X')
        sprintf(to, strchr(format, '#') == format + 1 ? "0x%x" : "%08x",
                number);
    else
        sprintf(to, "%u", number);
    return length + 1;
}

static void fill_format(const char *format, char *to, bool record)
{
    while (*format) {
        if (*format == '%') {
            format += fill_conversion(format, to, record);
            to += strlen(to);
        } else {
            *to++ = *format++;
        }
    }
    *to = '\0';
}

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
    if (!good)
        fprintf(stderr, "%s\n  is not: %s\n", text, page);
    return good;
}

START_TEST(toolstack_lines)
{
    struct bytes b = { 0 };
    char *rest, *row;
    size_t n = 0, good = 0;

    load_sample(&b, "explain/toolstack-lines.txt");
    put_raw(&b, "", 1);
    for (row = strtok_r((char *)b.p, "\n", &rest); row;
         row = strtok_r(NULL, "\n", &rest)) {
        char *page = strchr(row, '|'), *format;

        if (*row == '#')
            continue;
        *page++ = '\0';
        format = strchr(page, '|');
        *format++ = '\0';
        for (int k = 0; k < 10; k++) {
            char plain[1000], dressed[1200], text[2000];

            fill_format(format, plain, strcmp(row, "xen") == 0);
            dress(component_of(row), plain, dressed);
            surround(dressed, k % 3 == 2, text);
            good += leads_to(text, page);
            n++;
        }
    }
    ck_assert_uint_ge(n, 2800);
    ck_assert_msg(good * 100 >= n * 99, "%zu of %zu", good, n);
    bytes_free(&b);
}
END_TEST

/* ------------------------------------------------------------------ */
/* Innocent lines                                                      */
/* ------------------------------------------------------------------ */

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

TCase *lines_tests(void)
{
    TCase *tc = tcase_create("lines");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, every_row_is_found);
    tcase_add_test(tc, lines_broken_at_each_blank);
    tcase_add_test(tc, rows_are_whole);
    tcase_add_test(tc, toolstack_lines);
    tcase_add_test(tc, innocent_lines_are_not_explained);
    tcase_add_test(tc, innocent_words);
    return tc;
}
