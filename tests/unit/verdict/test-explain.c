/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* explain: every known failure is found by what is seen of it. */
#include "support.h"

#include "verdict/explain.h"
#include "rules/rules.h"

struct text {
    char p[65536];
    size_t size;
};

static int collect(void *arg, const char *p, size_t size)
{
    struct text *text = arg;

    ck_assert_uint_lt(text->size + size, sizeof(text->p));
    memcpy(text->p + text->size, p, size);
    text->size += size;
    text->p[text->size] = '\0';
    return 0;
}

static void explained(const char *what, struct text *text)
{
    domctx_report *report = domctx_report_new();

    text->size = 0;
    ck_assert_msg(domctx_explain(what, collect, text, report) == 0, "%s",
                  what);
    expect_only(report, NULL);
    domctx_report_free(report);
}

/* Where the first page begins, behind what is said of the line itself. */
static bool first_page_is(const struct text *text, const char *name)
{
    const char *p = text->p;
    size_t length = strlen(name);

    while (strncmp(p, "Entry ", 6) == 0 || strncmp(p, "rc -", 4) == 0 ||
           strncmp(p, "Error ", 6) == 0 ||
           *p == '\n')
        p = strchr(p, '\n') + 1;
    return strncmp(p, name, length) == 0 && p[length] == '\n';
}

/* The 31 failures of the catalogue, in its order, then other lines of a log,
 * as they stand there. */
static const struct {
    const char *page, *text;
} lines[] = {
    { "cpu-of-3.4", "(XEN) HVM restore mismatch: expected type 2 length 1024,"
                    " saw type 2 length 1016" },
    { "viridian-parameter", "EOI MSR writes ignored" },
    { "pat-before-4.2", "device memory is wrong" },
    { "stale-sysenter", "guest crashes at SYSENTER" },
    { "xsave-without-need", "(XEN) save.c:249:d0 HVM restore: failed to load "
                            "entry 16/0" },
    { "xsave-too-long", "HVM5.0 restore mismatch: xsave length 0x440 > "
                        "0x258" },
    { "short-record-at-the-end", "HVM restore: not enough data left to read "
                                 "32 bytes for type 18" },
    { "x2apic-ldr", "(XEN) d1v1: bogus x2APIC record: ID 0x4, LDR 0x8, "
                    "expected LDR 0x10" },
    { "tsc-apart", "time goes backwards" },
    { "clocks-before-4.6", "the clock jumps after migration" },
    { "posted-interrupts", "lost interrupts after save" },
    { "fpu-never-used", "FPU exceptions" },
    { "query-crash", "Xen BUG in hvm_save_one" },
    { "partial-get", "xc_domain_hvm_getcontext_partial gives other data" },
    { "msr-descriptor", "HVM3.0 restore: not enough data left to read 56 MSR "
                        "bytes" },
    { "xsave-compacted", "restore: compressed xsave state not supported" },
    { "syscall-registers", "guest SYSCALL crash" },
    { "xsave-beyond-policy", "HVM1.0 restore: inconsistent xsave state "
                             "(feat=0x7 accum=0x1f xcr0=0x1f bv=0x3 "
                             "err=-22)" },
    { "policy-of-cr4-and-efer", "HVM3 restore: bad CR4 0x3506f0 (valid "
                                "0x1506f0, rejected 0x200000)" },
    { "operation-not-permitted", "xc: error: Unable to restore HVM context "
                                 "(1 = Operation not permitted)" },
    { "spec-ctrl-bits", "d1v0: load MSR 0x48 with value 0x4 failed" },
    { "cpuid-faulting", "CPUID faulting is off" },
    { "rtc-offset", "the RTC is wrong" },
    { "hpet-32-bit", "console alive, no input after migrate" },
    { "viridian-time-sources", "reference time jump" },
    { "debug-registers", "(XEN) d2v0 vmentry failure: Invalid guest state" },
    { "lapic-length", "(XEN) HVM restore d5: failed to check LAPIC:0 rc "
                      "-61" },
    { "mce-capabilities", "HVM restore: unsupported MCA capabilities "
                          "0x1000802 for d1v0 (supported: 0)" },
    { "device-in-pvh", "HVM1 restore: failed to load entry 3/0 rc -19" },
    { "one-variable-mtrr", "only one variable MTRR left" },
    { "synthetic-timer", "Xen panic: DIVIDE ERROR" },
    { "length-mismatch", "HVM restore mismatch: expected zeroextended type 11"
                         " length 16, saw type 11 length 24.  900 bytes "
                         "remaining" },
    { "unknown-typecode", "HVM1 restore: unknown entry typecode 20" },
    { "no-end", "HVM1 restore: save did not end with a null entry" },
    { "bad-header", "HVM1 restore: bad magic number 0x54381287" },
    { "bad-header", "HVM1 restore: unsupported version 2" },
    { "no-such-vcpu", "HVM restore: dom3 has no vcpu2" },
    { "bad-cr0", "HVM3 restore: bad CR0 0x80000000" },
    { "bad-cr3", "HVM3 restore: bad CR3 0x10000000000000" },
    { "policy-of-cr4-and-efer", "d1v0: HVM restore: bad EFER 0x901 - NXE "
                                "without feature" },
    { "bad-flags", "bad flags value in CPU context: 0x2" },
    { "bad-tsc-aux", "d1v0: HVM restore: bad MSR_TSC_AUX 0x100000000" },
    { "pending-event", "d1v0: Invalid pending event 0x80000100" },
    { "pending-event", "svm_vmcb restore failed!" },
    { "pci-link", "HVM restore: PCI-ISA link 2 out of range (16)" },
    { "msr-refused", "d1v0: attempted load of unhandled MSR 0x49" },
    { "too-many-mtrrs", "HVM restore: d1v0: too many (9) variable range "
                        "MTRRs" },
    { "other-processor", "HVM1 restore: VM saved on one CPU (0x306c3) and "
                         "restored on another (0x206a7)." },
    { "entry-refused", "HVM1 restore: failed to load entry 2/1 rc -22" },
    { "debug-registers", "d1v0: HVM restore: bad DR6 0x1ffff0ff0 or DR7 "
                         "0x400" },
    { "xsave-too-long", "xsave length 0x500 > 0x358 (non-zero data at "
                        "0x400)" },
};

static void line_is_known(int i)
{
    struct text text;

    explained(lines[i].text, &text);
    if (!first_page_is(&text, lines[i].page))
        fprintf(stderr, "%s\n", text.p);
    ck_assert_msg(first_page_is(&text, lines[i].page), "%s", lines[i].page);
}

static void check_line(char *row)
{
    char *rest, *page = strtok_r(row, "|", &rest), *release, *line;
    struct text text;

    release = strtok_r(NULL, "|", &rest);
    line = strtok_r(NULL, "", &rest);
    ck_assert_msg(page && release && line, "%s", row);
    explained(line, &text);
    if (!first_page_is(&text, page))
        fprintf(stderr, "%s\n%s\n", line, text.p);
    ck_assert_msg(first_page_is(&text, page), "%s: %s: %s", release, page,
                  line);
}

/* Lines of each release, word for word. */
START_TEST(lines_of_releases)
{
    struct bytes b = { 0 };
    char *rest, *row;
    size_t n = 0;

    load_sample(&b, "log-lines.txt");
    put_raw(&b, "", 1);
    for (row = strtok_r((char *)b.p, "\n", &rest); row;
         row = strtok_r(NULL, "\n", &rest)) {
        if (*row == '#')
            continue;
        check_line(row);
        n++;
    }
    ck_assert_uint_ge(n, 60);
    bytes_free(&b);
}
END_TEST

static bool is_in_lines(const char *page)
{
    struct bytes b = { 0 };
    char row[80];
    bool found;

    load_sample(&b, "log-lines.txt");
    put_raw(&b, "", 1);
    snprintf(row, sizeof(row), "\n%s|", page);
    found = strstr((char *)b.p, row) != NULL;
    bytes_free(&b);
    return found;
}

START_TEST(every_page_is_reached)
{
    const char *name;
    size_t i;

    for (i = 0; (name = domctx_explained(i)); i++) {
        struct text text;
        bool reached = is_in_lines(name);

        for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++)
            reached |= strcmp(lines[k].page, name) == 0;
        ck_assert_msg(reached, "no line leads to %s", name);
        explained(name, &text);
        ck_assert(first_page_is(&text, name));
        ck_assert_ptr_nonnull(strstr(text.p, "Cause: "));
        ck_assert_ptr_nonnull(strstr(text.p, "Releases: "));
        ck_assert_ptr_nonnull(strstr(text.p, "What to do: "));
    }
    ck_assert_uint_ge(i, 31);
    for (size_t k = 0; k < 31; k++)
        ck_assert_str_eq(lines[k].page, domctx_explained(k));
}
END_TEST

START_TEST(every_message_is_explained)
{
    const struct domctx_message *message;

    for (size_t i = 0; (message = domctx_message_at(i)); i++) {
        struct text text;

        explained(message->id, &text);
        ck_assert_ptr_eq(strstr(text.p, message->id), text.p);
        ck_assert_ptr_nonnull(strstr(text.p, "What to do: "));
    }
}
END_TEST

START_TEST(a_rule_tells_its_releases)
{
    struct text text;

    explained("load-debug-registers", &text);
    ck_assert_ptr_nonnull(strstr(text.p, "4.18 to 4.22: CPU dr6 above "));
    ck_assert_ptr_nonnull(strstr(text.p, "15987cb03f"));
    ck_assert_ptr_nonnull(strstr(text.p, "See also: debug-registers"));
    explained("load-efer", &text);
    ck_assert_ptr_nonnull(strstr(text.p, "other bits than 0x5d01 SCE"));
    explained("load-host-msr", &text);
    ck_assert_ptr_nonnull(strstr(text.p, "0xd90 BNDCFGS: needs"));
    ck_assert_ptr_nonnull(strstr(text.p, "of MSR 0x48 SPEC_CTRL with other"));
    explained("load-apic-base", &text);
    ck_assert_ptr_nonnull(strstr(text.p, "with 0x400 in the bits 0xc00"));
    explained("xsave-mpx-lost", &text);
    ck_assert_ptr_nonnull(strstr(text.p, "of BNDREGS BNDCSR: "));
    explained("lapic-esr-lost", &text);
    ck_assert_ptr_nonnull(strstr(text.p, "4.18.5"));
}
END_TEST

START_TEST(an_entry_is_named)
{
    struct text text;

    explained("failed to load\n  entry 18/1 rc -1", &text);
    ck_assert_ptr_eq(strstr(text.p, "Entry 18/1 is the record VMCE_VCPU, "
                                    "instance 1.\nrc -1 is EPERM."),
                     text.p);
    explained("HVM restore d1: failed to check LAPIC_REGS:2 rc -61", &text);
    ck_assert_ptr_eq(strstr(text.p, "Entry 6/2 is the record LAPIC_REGS, "
                                    "instance 2.\nrc -61 is ENODATA"),
                     text.p);
    explained("Unable to restore HVM context (95 = Operation not supported)",
              &text);
    ck_assert_ptr_eq(strstr(text.p, "Error 95 is EOPNOTSUPP"), text.p);
    explained("failed to check NOTHING:0 rc -300", &text);
    ck_assert_ptr_null(strstr(text.p, "Entry"));
    explained("failed to load entry 77/1 rc -300", &text);
    ck_assert_ptr_null(strstr(text.p, "Entry"));
    ck_assert_ptr_null(strstr(text.p, "rc -"));
}
END_TEST

/* No line of a page is wider than a terminal. */
START_TEST(lines_are_short)
{
    const char *name;

    for (size_t i = 0; (name = domctx_explained(i)); i++) {
        struct text text;

        explained(name, &text);
        for (const char *p = text.p; *p; p += strcspn(p, "\n") + 1)
            ck_assert_uint_le(strcspn(p, "\n"), 79);
    }
}
END_TEST

START_TEST(unknown_text)
{
    static const struct {
        const char *text, *near;
    } cases[] = {
        { "load-xsave-lenght", "load-xsave-length" },
        { "operation-not-permited", "operation-not-permitted" },
        { "hello", NULL },
        { "HVM restore: something else is refused at the load", NULL },
        { "", NULL },
        { "\001\377*%s", NULL },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        domctx_report *report = domctx_report_new();
        struct text text = { .size = 0 };

        ck_assert_int_eq(domctx_explain(cases[i].text, collect, &text,
                                        report), -1);
        expect_only(report, "explain-unknown");
        ck_assert_uint_eq(text.size, 0);
        if (cases[i].near)
            ck_assert_ptr_nonnull(strstr(domctx_report_get(report, 0)->text,
                                         cases[i].near));
        else
            ck_assert_ptr_null(strstr(domctx_report_get(report, 0)->text,
                                      "near"));
        domctx_report_free(report);
    }
}
END_TEST

/* A text of any length and kind. */
START_TEST(long_text)
{
    char *text = malloc(100001);
    domctx_report *report = domctx_report_new();
    struct text out = { .size = 0 };

    memset(text, 'x', 100000);
    text[100000] = '\0';
    ck_assert_int_eq(domctx_explain(text, collect, &out, report), -1);
    memcpy(text, "bad CR0 ", 8);
    ck_assert_int_eq(domctx_explain(text, collect, &out, report), 0);
    ck_assert(first_page_is(&out, "bad-cr0"));
    domctx_report_free(report);
    free(text);
}
END_TEST

static int refuse(void *arg, const char *p, size_t size)
{
    (void)arg;
    (void)p;
    (void)size;
    return -1;
}

START_TEST(a_sink_that_fails)
{
    domctx_report *report = domctx_report_new();

    ck_assert_int_eq(domctx_explain("load-cr0", refuse, NULL, report), -1);
    expect_only(report, "sink-failed");
    domctx_report_free(report);
}
END_TEST

static Suite *explain_suite(void)
{
    Suite *suite = suite_create("explain");
    TCase *tc = tcase_create("pages");

    tcase_set_timeout(tc, 60);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        add_named(tc, line_is_known, (int)i, "%s %zu", lines[i].page, i);
    tcase_add_test(tc, lines_of_releases);
    tcase_add_test(tc, every_page_is_reached);
    tcase_add_test(tc, every_message_is_explained);
    tcase_add_test(tc, a_rule_tells_its_releases);
    tcase_add_test(tc, an_entry_is_named);
    tcase_add_test(tc, lines_are_short);
    tcase_add_test(tc, unknown_text);
    tcase_add_test(tc, long_text);
    tcase_add_test(tc, a_sink_that_fails);
    suite_add_tcase(suite, tc);
    return suite;
}

int main(void)
{
    return run_suite(explain_suite());
}
