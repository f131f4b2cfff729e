/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole logs: what is told first, what must be in it, what must not. */
#include "explain/test-explain.h"

#include "explain/scan.h"

int collect(void *arg, const char *p, size_t size)
{
    struct text *text = arg;

    ck_assert_uint_lt(text->size + size, sizeof(text->p));
    memcpy(text->p + text->size, p, size);
    text->size += size;
    text->p[text->size] = '\0';
    return 0;
}

/* A page begins with its name alone, a message with its severity behind. */
static bool is_name_line(const char *p)
{
    size_t length = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789-.");

    return length > 0 && (p[length] == '\n' ||
                          strncmp(p + length, " (", 2) == 0);
}

bool first_page_is(const struct text *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *p = text->p; *p; p += strcspn(p, "\n") + 1)
        if (is_name_line(p))
            return strncmp(p, name, length) == 0 &&
                   (p[length] == '\n' || p[length] == ' ');
    return false;
}

static void told(const char *log, size_t size, size_t step,
                 struct text *text)
{
    domctx_report *report = domctx_report_new();
    domctx_explainer *explainer = domctx_explain_begin(report);

    text->size = 0;
    for (size_t at = 0; at < size; at += step)
        domctx_explain_feed(explainer, log + at,
                            size - at < step ? size - at : step);
    ck_assert_int_eq(domctx_explain_end(explainer, collect, text, report),
                     0);
    expect_only(report, NULL);
    domctx_report_free(report);
}

static const struct {
    const char *log, *page;
    const char *says[4], *not[2];
} logs[] = {
    { "whole-log", "policy-of-cr4-and-efer",
      { "Domain 5", "line 64", "NXE", "Entry 2/0 is the record CPU" },
      { "other-processor" } },
    { "parameter-set-twice", "parameter-viridian",
      { "Domain 4, file guest.save", "EEXIST", "What followed from it",
        "--target=host guest.save" }, { "context-refused" } },
    { "policy-the-host-cannot-give", "policy-leaves",
      { "vendor", "ERROR_FAIL", "migration-ended" }, { "context-refused" } },
    { "policy-leaf-7", "policy-leaf-7",
      { "a2330b51df", "4.18.3 and 4.17.5" }, { "context-refused" } },
    { "clone-through-a-pipe", "configuration-file",
      { "clone.cfg", "Met after it", "EPIPE", "save-ended" }, { NULL } },
    { "words-of-qemu-that-are-harmless", "qemu-harmless",
      { "sounds like a fault, and is none:\n"
        "> qemu-system-i386: Expected vmdescription",
        "none of these lines", "qemu-ended" }, { NULL } },
    { "batch-of-a-strange-size", "legacy-past-end",
      { "the text \"Qemu\"", "7051d5c872",
        "legacy-chunk: " }, { "source-cut" } },
    { "debug-text-in-the-status", "migration-channel",
      { "--debug", "d36a3734a6" }, { NULL } },
    { "flags-of-a-newer-xl", "container-xl-flags",
      { "flag 0x2: a libxl stream follows, since xl 4.6" }, { NULL } },
    { "end-inside-a-record", "source-cut",
      { "4.0 MiB", "PAGE_DATA", "Success", "helper-ended" }, { NULL } },
    { "scheduler-settings", "scheduler-settings",
      { "162fc8295f", "sound", "What succeeded" }, { NULL } },
    { "name-taken", "name-taken",
      { "web1", "guest.save", "What followed from it", "build-ended" },
      { "context-check" } },
    { "disk-missing", "devices",
      { "sound, and", "What succeeded", "xen-hotplug.log" },
      { "context-check" } },
    { "bridge-missing", "bridge-missing",
      { "The cause:\n> libxl: error: libxl_device.c:1259", "br7",
        "helper-ended" },
      { "Not known" } },
    { "failover-of-colo", "failover",
      { "Nothing is wrong here", "No fault, for the reason above" },
      { "The cause:" } },
    { "ident-of-a-legacy-stream", "legacy-not-converted",
      { "0xff001", "de28b189bd" }, { NULL } },
    { "host-lacks-features", "host-lacks-features",
      { "no restore was tried" }, { "context-check" } },
    { "xsave-length-of-another-vendor", "xsave-compacted",
      { "2688", "the other vendor's processor", "CPU_XSAVE" }, { NULL } },
    { "most-specific-page-first", "spec-ctrl-bits",
      { "SPEC_CTRL", "IBRS BHI_DIS_S", "28301682f4", "context-refused" },
      { NULL } },
    { "cr4-that-is-efer", "policy-of-cr4-and-efer",
      { "it is EFER, not CR4", "SCE LME LMA NXE" }, { NULL } },
    { "bug-of-the-guest-kernel", "restore-done",
      { "It succeeded", "the guest itself", "nothing to do with" },
      { "The cause:" } },
    { "quoted", "xsave-beyond-policy",
      { "accum=0x21f", "PKRU", "Entry 16/0 is the record CPU_XSAVE" },
      { "=3D" } },
    { "wrapped", "unknown-typecode", { "typecode 22" }, { NULL } },
};

static void log_is_told(int i)
{
    struct bytes b = { 0 };
    struct text text, again;
    char name[100];

    snprintf(name, sizeof(name), "explain/%s.log", logs[i].log);
    load_sample(&b, name);
    told((char *)b.p, b.size, b.size, &text);
    ck_assert_msg(first_page_is(&text, logs[i].page), "%s\n%s",
                  logs[i].page, text.p);
    for (size_t k = 0; k < 4 && logs[i].says[k]; k++) {
        char flat[sizeof(text.p)];
        size_t n = 0;

        /* sentences are broken into lines */
        for (const char *p = text.p; *p; p++) {
            if (*p == '\n' && strncmp(p, "\n    ", 5) == 0 &&
                !strchr(logs[i].says[k], '\n')) {
                flat[n++] = ' ';
                p += 4;
                continue;
            }
            flat[n++] = *p;
        }
        flat[n] = '\0';
        ck_assert_msg(strstr(flat, logs[i].says[k]), "%s\n%s",
                      logs[i].says[k], text.p);
    }
    for (size_t k = 0; k < 2 && logs[i].not[k]; k++)
        ck_assert_msg(!strstr(text.p, logs[i].not[k]), "%s\n%s",
                      logs[i].not[k], text.p);
    told((char *)b.p, b.size, 1, &again);
    ck_assert_str_eq(again.p, text.p);
    bytes_free(&b);
}

static void put_text(struct bytes *b, const char *text)
{
    put_raw(b, text, strlen(text));
}

#define REFUSED "(XEN) d5v0: HVM restore: bad EFER 0xd01 - NXE without " \
                "feature\n(XEN) HVM5 restore: failed to load entry 2/0 rc " \
                "-22\n"

/* Wherever the buffer ends, and whatever comes before. */
START_TEST(long_logs)
{
    for (size_t n = 0; n < 40000; n += 1999 * stride()) {
        struct bytes b = { 0 };
        struct text text;
        char want[80];

        for (size_t i = 0; i < n; i++)
            put_text(&b, i % 3 ? "(XEN) Scrubbing Free RAM in background\n"
                               : "a line\n");
        put_text(&b, REFUSED);
        for (size_t i = 0; i < n; i++)
            put_text(&b, "another line\n");
        told((char *)b.p, b.size, 4093, &text);
        ck_assert(first_page_is(&text, "policy-of-cr4-and-efer"));
        if (n) {
            snprintf(want, sizeof(want), "; line %zu\n", n + 1);
            ck_assert_msg(strstr(text.p, want), "%s%s", want, text.p);
            snprintf(want, sizeof(want), "Of %zu lines 2 are known",
                     2 * n + 2);
            ck_assert_msg(strstr(text.p, want), "%s%s", want, text.p);
        }
        bytes_free(&b);
    }
}
END_TEST

/* Each place of the end of the buffer within the two lines. */
START_TEST(the_edge_of_the_buffer)
{
    const size_t edge = SCAN_BUFFER - SCAN_AROUND;

    for (size_t shift = 0; shift < 160; shift += stride()) {
        struct bytes b = { 0 };
        struct text text;

        while (b.size < edge - shift - 60)
            put_text(&b, "x\n");
        while (b.size < edge - shift)
            put_text(&b, "y");
        put_text(&b, "\n");
        put_text(&b, REFUSED);
        while (b.size < 2 * SCAN_BUFFER)
            put_text(&b, "z\n");
        told((char *)b.p, b.size, 65536, &text);
        ck_assert_msg(first_page_is(&text, "policy-of-cr4-and-efer"),
                      "%zu: %s", shift, text.p);
        ck_assert_ptr_nonnull(strstr(text.p, "lines 2 are known"));
        bytes_free(&b);
    }
}
END_TEST

/* All of a log in one line, and lines of two programs in one. */
START_TEST(lines_in_one_line)
{
    struct bytes b = { 0 };
    struct text text;

    put_text(&b, "foo bar(XEN) d5v0: HVM restore: bad EFER 0xd01 - NXE "
                 "without feature (XEN) HVM5 restore: failed to load entry "
                 "2/0 rc -22 xc: error: Restore failed (22 = Invalid "
                 "argument): Internal error");
    told((char *)b.p, b.size, b.size, &text);
    ck_assert(first_page_is(&text, "policy-of-cr4-and-efer"));
    ck_assert_ptr_nonnull(strstr(text.p, "Entry 2/0 is the record CPU"));
    ck_assert_ptr_nonnull(strstr(text.p, "restore-ended"));
    bytes_free(&b);
}
END_TEST

/* A line that another program's line stands in. */
START_TEST(lines_between)
{
    struct bytes b = { 0 };
    struct text text;

    put_text(&b, "(XEN) HVM10.0 restore: inconsistent xsave state "
                 "(feat=0x2ff\n(XEN) Scrubbing Free RAM in background\n"
                 "accum=0x21f xcr0=0x7 bv=0x3 err=-22)\n");
    told((char *)b.p, b.size, b.size, &text);
    ck_assert(first_page_is(&text, "xsave-beyond-policy"));
    bytes_free(&b);
}
END_TEST

/* Two tries, of two domains, and the hypervisor's log behind both. */
START_TEST(two_tries)
{
    static const char log[] =
        "Loading new save file a.save (new xl fmt info 0x3/0x0/1)\n"
        "xc: error: Unable to restore HVM context (22 = Invalid argument): "
        "Internal error\n"
        "libxl: error: libxl_create.c:1:f: Domain 5:cannot (re-)build "
        "domain: -3\n"
        "Loading new save file b.save (new xl fmt info 0x3/0x0/1)\n"
        "xc: error: Failed to read Record Header from stream (0 = Success): "
        "Internal error\n"
        "libxl: error: libxl_create.c:1:f: Domain 6:cannot (re-)build "
        "domain: -3\n" REFUSED;
    struct text text;
    const char *second;

    told(log, strlen(log), 7, &text);
    ck_assert(first_page_is(&text, "policy-of-cr4-and-efer"));
    ck_assert_ptr_nonnull(strstr(text.p, "--target=host a.save"));
    second = strstr(text.p, "----");
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_nonnull(strstr(second, "Domain 6, file b.save"));
    ck_assert_ptr_nonnull(strstr(second, "source-cut"));
    ck_assert_ptr_null(strstr(second, "EFER"));
}
END_TEST

/* The same try over and over. */
START_TEST(many_tries)
{
    struct bytes b = { 0 };
    struct text text;

    for (size_t i = 0; i < 1000; i++)
        put_text(&b, "Loading new save file a (new xl fmt info "
                     "0x3/0x0/1)\nSavefile truncated.\n");
    told((char *)b.p, b.size, 1000, &text);
    ck_assert(first_page_is(&text, "xl-config-length"));
    ck_assert_ptr_nonnull(strstr(text.p, "999 times more"));
    bytes_free(&b);
}
END_TEST

START_TEST(errors_that_are_not_known)
{
    static const char log[] =
        "xc: error: Something new has failed: Internal error\n"
        "xc: error: Restore failed (22 = Invalid argument): Internal error\n";
    struct text text;

    told(log, strlen(log), 1, &text);
    ck_assert(first_page_is(&text, "restore-ended"));
    ck_assert_ptr_nonnull(strstr(text.p, "Not known, though the toolstack "
                                         "calls it an error:\n"
                                         "> xc: error: Something new"));
}
END_TEST

static void refused(const void *p, size_t size, const char *words)
{
    domctx_report *report = domctx_report_new();
    domctx_explainer *explainer = domctx_explain_begin(report);
    struct text text = { .size = 0 };

    domctx_explain_feed(explainer, p, size);
    ck_assert_int_eq(domctx_explain_end(explainer, collect, &text, report),
                     -1);
    expect_only(report, "explain-unknown");
    ck_assert_ptr_nonnull(strstr(domctx_report_get(report, 0)->text, words));
    domctx_report_free(report);
}

START_TEST(no_log_at_all)
{
    char *junk = malloc(1000000);

    refused("", 0, "no line of a save");
    refused("hello\n", 6, "no line of a save");
    refused("a\0b", 3, "context-check");
    refused("xc: error: New\n", 15, "xc: error: New");
    for (size_t i = 0; i < 1000000; i++)
        junk[i] = (char)(i * 2654435761u >> 13);
    refused(junk, 1000000, "context-check");
    memset(junk, 'x', 1000000);
    refused(junk, 1000000, "no line of a save");
    for (size_t i = 0; i + 5 < 1000000; i += 5)
        memcpy(junk + i, "(XEN ", 5);
    refused(junk, 1000000, "no line of a save");
    for (size_t i = 0; i + 6 < 1000000; i += 6)
        memcpy(junk + i, "(XEN) ", 6);
    refused(junk, 1000000, "no line of a save");
    free(junk);
}
END_TEST

TCase *logs_tests(void)
{
    TCase *tc = tcase_create("logs");

    tcase_set_timeout(tc, 300);
    for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
        add_named(tc, log_is_told, (int)i, "%s", logs[i].log);
    tcase_add_test(tc, long_logs);
    tcase_add_test(tc, the_edge_of_the_buffer);
    tcase_add_test(tc, lines_in_one_line);
    tcase_add_test(tc, lines_between);
    tcase_add_test(tc, two_tries);
    tcase_add_test(tc, many_tries);
    tcase_add_test(tc, errors_that_are_not_known);
    tcase_add_test(tc, no_log_at_all);
    return tc;
}
