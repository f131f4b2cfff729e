/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs that came another way: cut off, out of a web page, in UTF-16; and the
 * words of a kernel that others say, too. */
#include "explain/test-explain.h"

/* Lines of which the end was cut off, and what they are not. */
static const struct {
    const char *log, *page, *says;
} cut_rows[] = {
    { "(XEN) HVM10.0 restore: inconsistent xsave state (feat=0x2ff "
      "accum=0x21f xcr\n", "xsave-beyond-policy", "The line is cut" },
    { "> (XEN) HVM10.0 restore: inconsistent xsave state (feat=0x2ff acc\n"
      "> (XEN) HVM10 restore: failed to load entry 16/0 rc -22\n",
      "xsave-beyond-policy", "PKRU" },
    { "xc: error: Failed to read Record Header from str\342\200\246\n",
      "source-cut", "The line is cut" },
    { "xc: error: Failed to read Record Header fro...\n", "source-cut", NULL },
    { "Feb 11 09:14:55 xen1 kernel: (XEN) d5v0: HVM restore: bad EFER 0xd01 "
      "- NXE with>\n", "policy-of-cr4-and-efer", "NXE" },
    { "xc: error: Unable to restore HVM context (22 = Invalid argument): "
      "Int\n", "context-refused", "EINVAL" },
    /* the number may go on where the line ends */
    { "(XEN) HVM5 restore: failed to load entry 16/0 r\342\200\246\n",
      "xsave-refused", "The line is cut" },
    /* the error that tells two causes apart is missing */
    { "(XEN) HVM restore d9: failed to load CPU_MSR:0 rc\n", "entry-refused",
      "The line is cut" },
    { "(XEN) HVM9 restore: failed to load entry 20/0 rc\n", "entry-refused",
      "The line is cut" },
    { "(XEN) HVM9 restore: failed to load entry 20/0 rc -22\n",
      "msr-descriptor", NULL },
    /* what several begin with, and what is only short */
    { "xc: error: Failed to...\n", NULL, NULL },
    { "xc: error: Failed to read Record\n", NULL, NULL },
    { "(XEN) HVM restore: bad\342\200\246\n", NULL, NULL },
    { "(XEN) Scrubbing Free RAM in background: somebody cut this here...\n",
      NULL, NULL },
    { "I failed to read the record header from the stream of my...\n", NULL,
      NULL },
};

static bool is_told(const char *log, size_t size, size_t step,
                    struct text *text)
{
    domctx_report *report = domctx_report_new();
    domctx_explainer *explainer = domctx_explain_begin(report);
    bool any;

    text->size = 0;
    text->p[0] = '\0';
    for (size_t at = 0; at < size; at += step)
        domctx_explain_feed(explainer, log + at,
                            size - at < step ? size - at : step);
    any = domctx_explain_end(explainer, collect, text, report) == 0;
    domctx_report_free(report);
    return any;
}

static bool whole_is_told(const char *log, struct text *text)
{
    return is_told(log, strlen(log), strlen(log), text);
}

static void cut_lines(int i)
{
    static struct text text;
    bool any = whole_is_told(cut_rows[i].log, &text);

    ck_assert_msg(any == (cut_rows[i].page != NULL), "%s\n%s",
                  cut_rows[i].log, text.p);
    if (!any)
        return;
    ck_assert_msg(first_page_is(&text, cut_rows[i].page), "%s", text.p);
    ck_assert_msg(!cut_rows[i].says || strstr(text.p, cut_rows[i].says), "%s",
                  text.p);
    ck_assert_ptr_null(strstr(text.p, "xsave-without-need"));
}

/* A line that was broken is no cut one, and is told once. */
START_TEST(a_broken_line_is_whole)
{
    static const char log[] =
        "(XEN) HVM10.0 restore: inconsistent xsave state (feat=0x2ff "
        "accum=0x21f\nxcr0=0x7 bv=0x3 err=-22)\n";
    static struct text text;

    ck_assert(whole_is_told(log, &text));
    ck_assert(first_page_is(&text, "xsave-beyond-policy"));
    ck_assert_ptr_null(strstr(text.p, "is cut"));
    ck_assert_ptr_null(strstr(text.p, "times"));
}
END_TEST

START_TEST(web_pages)
{
    static const char *const rows[][2] = {
        { "<pre>&lt;bob&gt; libxl: error: libxl_create.c:1021:f: Domain 7:"
          "Domain with name &quot;web1&quot; already exists.</pre>\n",
          "\"web1\" already" },
        { "&lt;pre&gt;libxl: error: libxl_create.c:1021:f: Domain 7:Domain "
          "with name &amp;quot;<b>web1</b>&amp;quot; already exists."
          "&lt;br/&gt;\n", "\"web1\" already" },
        { "libxl: error: libxl_create.c:1021:f: Domain 7:Domain with "
          "name &#34;web1&#x22;\302\240already exists.<br>\n",
          "\"web1\" already" },
        { "libxl: error: libxl_create.c:1021:f: Domain 7:Domain with&Tab;"
          "name \"web1\" already exists.&#10;", "\"web1\" already" },
        { "libxl: error: libxl_create.c:1021:f: Domain 7:Domain with&#9;"
          "name \"web1\" already exists.&#xD;&#xA;\n", "\"web1\" already" },
        /* no entity, and no tag */
        { "libxl: error: libxl_create.c:1021:f: Domain 7:Domain with name "
          "\"a&b<stdin>&lt&#;&#x;&#9999999999;\" already exists.\n",
          "\"a&b<stdin>&lt&#;&#x;&#9999999999;\"" },
    };
    static struct text text;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_msg(whole_is_told(rows[i][0], &text), "%s",
                      rows[i][0]);
        ck_assert(first_page_is(&text, "name-taken"));
        ck_assert_msg(strstr(text.p, rows[i][1]), "%s", text.p);
        /* wherever the line ends */
        for (size_t n = 1; n < strlen(rows[i][0]); n++)
            is_told(rows[i][0], n, n, &text);
    }
}
END_TEST

/* As PowerShell writes it: in either order, in pieces of any size, with a mark
 * or without. */
static void put_wide(struct bytes *b, const char *text, bool big, bool mark)
{
    static const char marks[2][3] = { "\377\376", "\376\377" };

    if (mark)
        put_raw(b, marks[big], 2);
    for (; *text; text++) {
        char unit[2] = { big ? '\0' : *text, big ? *text : '\0' };

        put_raw(b, unit, 2);
    }
}

START_TEST(in_utf16)
{
    static const char refused[] =
        "(XEN) d5v0: HVM restore: bad EFER 0xd01 - NXE without feature\n"
        "(XEN) HVM5 restore: failed to load entry 2/0 rc -22\n";
    static struct text nothing;

    for (unsigned int i = 0; i < 4; i++) {
        struct bytes b = { 0 };
        static struct text text, again;

        put_wide(&b, refused, i & 1, i & 2);
        ck_assert(is_told((char *)b.p, b.size, b.size, &text));
        ck_assert(first_page_is(&text, "policy-of-cr4-and-efer"));
        ck_assert(is_told((char *)b.p, b.size, 1, &again));
        ck_assert_str_eq(again.p, text.p);
        ck_assert(is_told((char *)b.p, b.size, 3, &again));
        ck_assert_str_eq(again.p, text.p);
        bytes_free(&b);
    }
    ck_assert(!is_told("\377\376", 2, 1, &nothing));
    ck_assert(!is_told("\377\376\0", 3, 3, &nothing));
}
END_TEST

/* Linux prints the same for any suspend: of a guest's it is told, of a
 * computer's not. */
#define FREEZING \
    "[  832.3] Freezing of tasks failed after 20.006 seconds (1 tasks " \
    "refusing to freeze, wq_busy=0):\n"

START_TEST(who_was_to_sleep)
{
    static const char guest[] =
        FREEZING "[  832.4] xen:manage: do_suspend: freeze processes failed "
                 "-16\n";
    static const char laptop[] =
        "[  812.3] PM: suspend entry (deep)\n"
        "[  812.4] Filesystems sync: 0.012 seconds\n" FREEZING
        "[  832.9] PM: suspend exit\n";
    static struct text text;

    ck_assert(whole_is_told(guest, &text));
    ck_assert(first_page_is(&text, "guest-not-frozen"));
    ck_assert_ptr_nonnull(strstr(text.p, "EBUSY"));
    ck_assert(!whole_is_told(laptop, &text));
    ck_assert(!whole_is_told(FREEZING, &text));
}
END_TEST

TCase *dress_tests(void)
{
    TCase *tc = tcase_create("dress");

    tcase_set_timeout(tc, 300);
    for (size_t i = 0; i < sizeof(cut_rows) / sizeof(cut_rows[0]); i++)
        add_named(tc, cut_lines, (int)i, "%s", cut_rows[i].log);
    tcase_add_test(tc, a_broken_line_is_whole);
    tcase_add_test(tc, web_pages);
    tcase_add_test(tc, in_utf16);
    tcase_add_test(tc, who_was_to_sleep);
    return tc;
}
