/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each number of each row: the answer names it, or the words of the line
 * beside it do, which numbers-said.txt lists.
 */
#include "explain/make-lines.h"

#include "base/chars.h"
#include "explain/numbers.h"

/* A value of each kind of hole, and what the answer says of it. */
static const struct value {
    enum hole_id id;
    const char *value, *says;
} values[] = {
    { HOLE_TYPECODE, "16", "CPU_XSAVE" },
    { HOLE_TYPECODE, "20", "CPU_MSR" },
    { HOLE_RECORD, "MTRR", " 14" },
    { HOLE_ERRNO, "22", "is EINVAL" },
    { HOLE_ERRNO, "28", "is ENOSPC" },
    { HOLE_RC, "-3", "ERROR_FAIL" },
    { HOLE_RC, "-5", "ERROR_NOMEM" },
    { HOLE_MSR, "00000048", "is SPEC_CTRL" },
    { HOLE_MSR, "0xd90", "is BNDCFGS" },
    { HOLE_CR0, "0x80000011", "PG" },
    { HOLE_CR4, "0x2000", "VMXE" },
    { HOLE_EFER, "0xd01", "SCE LME LMA NXE" },
    { HOLE_DR6, "0x4000", " BS" },
    { HOLE_DR7, "0x401", "L0" },
    { HOLE_XCR0, "0x1f", "BNDREGS" },
    { HOLE_MCG_CAP, "0x1000c02", "SER_P" },
    { HOLE_EVENT, "0x80000b0e", "the event 0x80000b0e" },
    { HOLE_PARAM, "9", "HVM_PARAM_VIRIDIAN" },
    { HOLE_LEAF, "00000007", "leaf 0x7" },
    { HOLE_RECTYPE, "0x00000001", "is PAGE_DATA" },
    { HOLE_LXRECTYPE, "0x00000003", "is EMULATOR_CONTEXT" },
    { HOLE_BYTES, "4202496", "4.0 MiB" },
    { HOLE_XLFLAGS, "0x2", "since xl 4.6" },
    { HOLE_BATCH, "1970103633", "the text \"Qemu\"" },
    { HOLE_BATCH, "-18", "the chunk TOOLSTACK, which streams have since 4.2" },
    { HOLE_IDENT, "0x01f00f0000000000", "p2m_size" },
    { HOLE_MARKER, "0x00000000000ff001", "p2m_size" },
    { HOLE_MARKER, "0x746d466c7862694c", "the text \"LibxlFmt\"" },
    { HOLE_STATUS, "255", "what ssh ends with" },
    { HOLE_FRAME, "12345", "291 MiB" },
    { HOLE_PAGES, "1024", "4 MiB" },
    { HOLE_KIB, "4194304", "4096 MiB" },
    { HOLE_SIGNAL, "9", "is SIGKILL" },
    { HOLE_SIGNAL_TEXT, "Bus error", "SIGBUS" },
    { HOLE_PAGE_TYPE, "0xd0000000", "is BROKEN" },
    { HOLE_VMX_EXIT, "0x80000021", "is invalid guest state" },
    { HOLE_VMX_EXIT_DECIMAL, "34", "is MSR loading" },
    { HOLE_SVM_EXIT, "0x400", "is a nested page fault" },
    { HOLE_SHUTDOWN, "3", "is crash" },
    { HOLE_CPU_SIGNATURE, "0x306c3", "model 0x3c, stepping 0x3" },
    { HOLE_IOREQ, "2", "is IOREQ_INPROCESS" },
    { HOLE_EMULATION, "0x3", "is LAPIC HPET" },
    { HOLE_POLL, "0x11", "is POLLIN POLLHUP" },
    { HOLE_CPU_FLAGS, "0x1", "is FPU_INITIALISED" },
    { HOLE_RETURNED, "-1", "only says that it failed" },
    { HOLE_RETURNED, "-22", "is EINVAL" },
};
#define VALUES (sizeof(values) / sizeof(values[0]))

static bool is_number(enum hole_id id)
{
    enum lexeme lexeme = hole_kinds[id].lexeme;

    return lexeme == LEX_NUMBER || lexeme == LEX_HEX || id == HOLE_RECORD;
}

/* ------------------------------------------------------------------ */
/* What the answer says                                                */
/* ------------------------------------------------------------------ */

/* The row with any values, but the value in the hole that begins there. */
static void fill_with(const struct line *line, const char *hole,
                      const char *value, char *dressed)
{
    char pattern[1000], plain[1200];

    sprintf(pattern, "%.*s%s%s", (int)(hole - line->pattern), line->pattern,
            value, hole + strcspn(hole, "}") + 1);
    fill_pattern(pattern, plain);
    dress(line->component, plain, dressed);
}

static bool is_named(const struct line *line, const char *hole,
                     const struct value *value)
{
    static struct text text;
    domctx_report *report = domctx_report_new();
    char dressed[1400];
    bool good;

    text.size = 0;
    text.p[0] = '\0';
    fill_with(line, hole, value->value, dressed);
    domctx_explain(dressed, collect, &text, report);
    for (char *p = text.p; (p = strstr(p, "\n    "));)
        memmove(p + 1, p + 5, strlen(p + 5) + 1), *p = ' ';
    good = strstr(text.p, value->says) != NULL;
    if (!good)
        fprintf(stderr, "%s\n  lacks: %s\n%s\n", dressed, value->says,
                text.p);
    domctx_report_free(report);
    return good;
}

START_TEST(numbers_are_named)
{
    size_t named = 0, bad = 0;

    for (size_t i = 0; i < n_lines; i++)
        for (const char *hole = lines[i].pattern;
             (hole = strchr(hole, '{')); hole++)
            for (size_t k = 0; k < VALUES; k++) {
                if (values[k].id != hole_at(hole))
                    continue;
                named++;
                bad += !is_named(&lines[i], hole, &values[k]);
            }
    ck_assert_uint_ge(named, 500);
    ck_assert_uint_eq(bad, 0);
}
END_TEST

/* ------------------------------------------------------------------ */
/* What the line says                                                  */
/* ------------------------------------------------------------------ */

#define SAID_MAX 400

static struct said {
    char *word;
    bool met;
} said[SAID_MAX];
static size_t n_said;

/* "word: what the number is"; the file stays loaded. */
static void load_said(void)
{
    static struct bytes b;
    char *row, *rest;

    n_said = 0;
    bytes_free(&b);
    load_sample(&b, "explain/numbers-said.txt");
    put_raw(&b, "", 1);
    for (row = strtok_r((char *)b.p, "\n", &rest); row;
         row = strtok_r(NULL, "\n", &rest)) {
        char *colon = strstr(row, ": ");

        if (*row == '#')
            continue;
        ck_assert_msg(colon && n_said < SAID_MAX, "%s", row);
        *colon = '\0';
        said[n_said++] = (struct said){ row, false };
    }
}

/* Whether the text between two holes has the word as one. */
static bool has_word(const char *from, const char *end, const char *word)
{
    size_t length = strlen(word);

    for (const char *p = from; end - p >= (long)length; p++)
        if (memcmp(p, word, length) == 0 &&
            (p == from || !char_is_name(p[-1])) &&
            (p + length == end || !char_is_name(p[length]) ||
             !char_is_name(word[length - 1])))
            return true;
    return false;
}

/* Whether there are words, more than "0x". */
static bool has_letter(const char *from, const char *end)
{
    for (; from < end; from++)
        if (char_lower(*from) >= 'a' && char_lower(*from) <= 'z' &&
            *from != 'x')
            return true;
    return false;
}

/* Where the words before a number begin: behind the hole before them. */
static const char *words_before(const char *pattern, const char *hole)
{
    const char *from = hole;

    while (from > pattern && !has_letter(from, hole)) {
        if (from[-1] == '}')
            while (*--from != '{')
                hole = from - 1;
        while (from > pattern && from[-1] != '}')
            from--;
    }
    return from;
}

/* Where those behind it end. */
static const char *words_behind(const char *behind)
{
    const char *end = behind + strcspn(behind, "{");

    while (*end && !has_letter(behind, end)) {
        behind = end + strcspn(end, "}") + 1;
        end = behind + strcspn(behind, "{");
    }
    return end;
}

/* Whether the words before the number say what it is, or those behind it. */
static bool is_said(const char *pattern, const char *hole)
{
    const char *from = words_before(pattern, hole);
    const char *behind = hole + strcspn(hole, "}") + 1;
    bool found = false;

    for (size_t i = 0; i < n_said; i++)
        if (has_word(from, hole, said[i].word) ||
            has_word(behind, words_behind(behind), said[i].word)) {
            said[i].met = true;
            found = true;
        }
    return found;
}

static bool has_value(enum hole_id id)
{
    for (size_t i = 0; i < VALUES; i++)
        if (values[i].id == id)
            return true;
    return false;
}

START_TEST(numbers_are_said)
{
    size_t bad = 0;

    load_said();
    for (size_t i = 0; i < n_lines; i++)
        for (const char *hole = lines[i].pattern;
             (hole = strchr(hole, '{')); hole++) {
            enum hole_id id = hole_at(hole);

            if (!is_number(id) || has_value(id) ||
                is_said(lines[i].pattern, hole))
                continue;
            fprintf(stderr, "%s\n  at: %s\n", lines[i].pattern, hole);
            bad++;
        }
    ck_assert_uint_eq(bad, 0);
    for (size_t i = 0; i < n_said; i++)
        ck_assert_msg(said[i].met, "in no row: %s", said[i].word);
}
END_TEST

TCase *numbers_tests(void)
{
    TCase *tc = tcase_create("numbers");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, numbers_are_named);
    tcase_add_test(tc, numbers_are_said);
    return tc;
}
