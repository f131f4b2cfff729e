/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people say of what they saw, each in words of his own. */
#include "explain/test-explain.h"

#include "explain/pages.h"

#define NOTHING "-"

static bool tells(const char *words, struct text *text)
{
    domctx_report *report = domctx_report_new();
    bool told;

    text->size = 0;
    text->p[0] = '\0';
    told = domctx_explain(words, collect, text, report) == 0;
    expect_only(report, told ? NULL : "explain-unknown");
    domctx_report_free(report);
    return told;
}

static bool has_page(const struct text *text, const char *page)
{
    char line[80];
    const char *at;

    snprintf(line, sizeof(line), "%s\n", page);
    at = strstr(text->p, line);
    return at && (at == text->p || at[-1] == '\n');
}

START_TEST(each_reaches_its_page)
{
    struct bytes b = { 0 };
    char *rest, *row;
    size_t said = 0, others = 0, bad = 0;

    load_sample(&b, "explain/symptoms.txt");
    put_raw(&b, "", 1);
    for (row = strtok_r((char *)b.p, "\n", &rest); row;
         row = strtok_r(NULL, "\n", &rest)) {
        static struct text text;
        char *words = strchr(row, '|');
        bool told, nothing;

        if (*row == '#')
            continue;
        ck_assert_ptr_nonnull(words);
        *words++ = '\0';
        told = tells(words, &text);
        nothing = strcmp(row, NOTHING) == 0;
        said += !nothing;
        others += nothing;
        if (nothing ? told : !told || !has_page(&text, row)) {
            fprintf(stderr, "%s: %s\n%s\n", row, words, text.p);
            bad++;
        }
        ck_assert_msg(nothing || page_named(row), "%s", row);
    }
    ck_assert_uint_eq(bad, 0);
    ck_assert_uint_ge(said, 390);
    ck_assert_uint_ge(others, 300);
    bytes_free(&b);
}
END_TEST

/* Each page about what is seen without a log has words that lead to it, and
 * the list that explain alone writes has it. */
START_TEST(each_such_page_is_reached)
{
    domctx_report *report = domctx_report_new();
    static struct text list;
    struct bytes b = { 0 };

    load_sample(&b, "explain/symptoms.txt");
    put_raw(&b, "", 1);
    ck_assert_int_eq(domctx_explain_list(collect, &list, report), 0);
    for (size_t i = 0; i < n_pages_seen; i++) {
        char line[80];

        snprintf(line, sizeof(line), "\n%s|", pages_seen[i].name);
        ck_assert_msg(strstr((char *)b.p, line), "%s", line);
        snprintf(line, sizeof(line), "  %s\n", pages_seen[i].name);
        ck_assert_msg(strstr(list.p, line), "%s", line);
    }
    bytes_free(&b);
    domctx_report_free(report);
}
END_TEST

/* A line of libxl that no row is of, but of a function that only ends what
 * has failed, is a consequence; of any other function it is not known. */
START_TEST(functions_that_end)
{
    static struct text text;

    ck_assert(tells("libxl: error: libxl_create.c:1862:domcreate_complete: "
                    "Domain 9:cannot create domain", &text));
    ck_assert(has_page(&text, "build-ended"));
    ck_assert_ptr_nonnull(strstr(text.p, "Domain 9:\n"));
    ck_assert_ptr_nonnull(strstr(text.p, "follows from something"));
    ck_assert_ptr_nonnull(strstr(text.p, "dmesg"));
    ck_assert(tells("Nov 28 10:11:12 dom0 xl[1]: libxl: error: "
                    "libxl_save_callout.c:1:helper_exited: it is over\n",
                    &text));
    ck_assert(has_page(&text, "helper-ended"));
    ck_assert(!tells("libxl: error: libxl_create.c:1:domcreate_other: "
                     "Domain 9:cannot create domain", &text));
    ck_assert(!tells("my_domcreate_complete: cannot create", &text));
    ck_assert(!tells("a domcreate_complete that is none", &text));
}
END_TEST

/* Words of a line of Xen that any person types are not taken for it. */
START_TEST(words_before_weak_lines)
{
    static struct text text;

    ck_assert(tells("migration fails", &text));
    ck_assert(has_page(&text, "migration-ended"));
    ck_assert(!has_page(&text, "colo-failed"));
    ck_assert(tells("xc: error: migration fails: Internal error", &text) ||
              tells("libxl: error: migration fails", &text));
    ck_assert(has_page(&text, "colo-failed"));
}
END_TEST

/* What fits best stands first. */
START_TEST(the_best_first)
{
    static const char *const rows[][2] = {
        { "guest-hangs", "Die VM h\303\244ngt nach der Migration" },
        { "guest-crashes", "the guest die after migration" },
        { "clock-jumps", "time is wrong in the VM after resume from save" },
        { "helper-crashed", "i get segfault in xl when restoring" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static struct text text;

        ck_assert(tells(rows[i][1], &text));
        ck_assert_msg(first_page_is(&text, rows[i][0]), "%s\n%s", rows[i][1],
                      text.p);
    }
}
END_TEST

START_TEST(any_words)
{
    static struct text text;
    char words[3000];

    tells("", &text);
    tells("%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%", &text);
    tells("'' \342\200\231\342\200 \342", &text);
    for (size_t n = 1; n < sizeof(words); n += n > 340 && n < 420 ? 3 : 211) {
        memset(words, '%', n);
        words[n - 1] = '\0';
        tells(words, &text);
        memset(words, 'x', n);
        words[n - 1] = '\0';
        tells(words, &text);
        for (size_t i = 0; i + 1 < n; i += 2)
            words[i] = ' ';
        tells(words, &text);
    }
}
END_TEST

/* A context alone has no memory: whose save file was refused needs fix. */
static void expect_fix(const char *name, const char *mend)
{
    static const char *const conversions[] = {
        "context-convert --target", "convert the ", "convert with",
        "convert (", "convert does", "convert gives", "convert mends",
    };

    for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++)
        if (strstr(mend, conversions[i]))
            ck_assert_msg(strstr(mend, "context-fix") ||
                              strstr(mend, "without the guest's memory"),
                          "%s: %s", name, mend);
}

START_TEST(a_conversion_keeps_the_memory)
{
    const struct domctx_message *message;
    const struct page *page;
    size_t fixes = 0;

    for (size_t i = 0; (page = page_at(i, NULL)); i++) {
        expect_fix(page->name, page->mend);
        fixes += strstr(page->mend, "context-fix") != NULL;
    }
    ck_assert_uint_ge(fixes, 12);
    for (size_t i = 0; (message = domctx_message_at(i)); i++)
        expect_fix(message->id, message->mend);
    page = page_named("lapic-length");
    ck_assert_ptr_nonnull(strstr(page->mend, "(a save file: context-fix)"));
    /* what is no matter of the release needs no conversion */
    page = page_named("bad-tsc-aux");
    ck_assert_ptr_null(strstr(page->mend, "context-fix"));
}
END_TEST

TCase *words_tests(void)
{
    TCase *tc = tcase_create("words");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, each_reaches_its_page);
    tcase_add_test(tc, each_such_page_is_reached);
    tcase_add_test(tc, functions_that_end);
    tcase_add_test(tc, words_before_weak_lines);
    tcase_add_test(tc, the_best_first);
    tcase_add_test(tc, any_words);
    tcase_add_test(tc, a_conversion_keeps_the_memory);
    return tc;
}
