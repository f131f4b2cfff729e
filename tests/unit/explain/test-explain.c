/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* explain: names, numbers, symptoms and pages. */
#include "explain/test-explain.h"

#include "explain/lines.h"
#include "explain/pages.h"
#include "explain/refine.h"

#include <ctype.h>

void explained(const char *what, struct text *text)
{
    domctx_report *report = domctx_report_new();

    text->size = 0;
    ck_assert_msg(domctx_explain(what, collect, text, report) == 0, "%s",
                  what);
    expect_only(report, NULL);
    domctx_report_free(report);
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
        char *page, *line;
        struct text text;

        if (*row == '#')
            continue;
        page = row;
        line = strchr(row, '|');
        *line++ = '\0';
        line = strchr(line, '|') + 1;
        explained(line, &text);
        ck_assert_msg(first_page_is(&text, page), "%s: %s\n%s", page, line,
                      text.p);
        n++;
    }
    ck_assert_uint_ge(n, 60);
    bytes_free(&b);
}
END_TEST

/* Words of people, and the pages that must be among those told. */
static const struct {
    const char *page, *text;
} symptoms[] = {
    { "viridian-parameter", "EOI MSR writes ignored" },
    { "pat-before-4.2", "device memory is wrong" },
    { "stale-sysenter", "guest crashes at SYSENTER" },
    { "tsc-apart", "time goes backwards" },
    { "clocks-before-4.6", "Windows clock jumped by minutes after live "
                           "migration" },
    { "clock-jumps", "clock jumps" },
    { "clock-jumps", "clocksource: Marking clocksource tsc as unstable "
                     "because the skew is too large, after restore" },
    { "posted-interrupts", "lost interrupts after save and restore" },
    { "fpu-never-used", "FPU exceptions" },
    { "query-crash", "Xen BUG in hvm_save_one" },
    { "partial-get", "xc_domain_hvm_getcontext_partial gives other data" },
    { "syscall-registers", "guest SYSCALL crash" },
    { "operation-not-permitted", "Operation not permitted" },
    { "cpuid-faulting", "CPUID faulting is off" },
    { "rtc-offset", "the RTC is wrong" },
    { "hpet-32-bit", "console alive, no input after migrate" },
    { "viridian-time-sources", "reference time jump" },
    { "one-variable-mtrr", "only one variable MTRR left" },
    { "synthetic-timer", "XSA-504" },
    { "migration-hangs", "migrates but hangs at 0 %" },
    { "migration-hangs", "xl migrate stuck at 0%" },
    { "guest-crashes", "blue screen after restore" },
    { "guest-crashes", "CLOCK_WATCHDOG_TIMEOUT after xl restore with more "
                       "than one vCPU" },
    { "guest-hangs", "guest hangs after migration" },
    { "guest-hangs", "VM freezes after being restored" },
    { "guest-slow", "slow after migration" },
    { "device-model-died", "Restore successful and then device model died" },
    { "network-or-disk-gone", "no network after restore" },
    { "save-file-lost", "is my save file damaged" },
    /* the host, not the guest */
    { "synthetic-timer", "Xen crashed when restoring a guest" },
    { "viridian-page", "host rebooted during xl restore" },
    { "query-crash", "dom0 crashes during restore" },
    { "synthetic-timer", "hypervisor panics when I restore a guest" },
    { "guest-crashes", "my guest crashes after restore on Xen 4.17" },
    { "guest-crashes", "guest crashes after migration to another host" },
    { "restore-hangs", "xl restore is stuck" },
    { "restore-hangs", "restore hangs at 50 percent" },
    { "restore-hangs", "xl restore never finishes" },
    { "guest-hangs", "my vm after restore hangs" },
    { "guest-hangs", "my VM has only one CPU after restore" },
    { "host-memory", "cannot allocate memory during restore" },
    { "guest-slow", "TSC frequency differs between hosts" },
    { "clock-jumps", "my windows server shows wrong time after I restored it "
                     "from a snapshot" },
};

/* Words near those, which another page is for. */
static const struct {
    const char *page, *text;
} others[] = {
    { "guest-crashes", "Xen crashed when restoring a guest" },
    { "guest-crashes", "host rebooted during xl restore" },
    { "synthetic-timer", "guest crashes after migration to another host" },
    { "query-crash", "my guest crashes after restore on Xen 4.17" },
    { "guest-hangs", "xl restore is stuck" },
    { "restore-hangs", "my vm after restore hangs" },
    { "restore-hangs", "guest hangs after restore" },
};

START_TEST(words_for_another_page)
{
    struct text text;
    char page[60];

    explained(others[_i].text, &text);
    snprintf(page, sizeof(page), "%s\n", others[_i].page);
    ck_assert_msg(!strstr(text.p, page), "%s: %s\n%s", page, others[_i].text,
                  text.p);
}
END_TEST

START_TEST(words_of_people)
{
    for (size_t i = 0; i < sizeof(symptoms) / sizeof(symptoms[0]); i++) {
        struct text text;
        char page[60];

        explained(symptoms[i].text, &text);
        snprintf(page, sizeof(page), "%s\n", symptoms[i].page);
        ck_assert_msg(strstr(text.p, page), "%s: %s\n%s", page,
                      symptoms[i].text, text.p);
        ck_assert_ptr_nonnull(strstr(text.p, "not about a line"));
    }
}
END_TEST

/* A page without a line of its own is found by its own words. */
START_TEST(pages_are_found_by_their_words)
{
    const struct page *page;

    for (size_t i = 0; (page = page_at(i, NULL)); i++) {
        const char *when;
        struct text text;
        char name[60];
        bool has_line = refined_from(page->name, &when);

        for (size_t k = 0; k < n_lines && !has_line; k++)
            has_line = strcmp(lines[k].leads, page->name) == 0;
        if (has_line)
            continue;
        explained(page->symptom, &text);
        snprintf(name, sizeof(name), "%s\n", page->name);
        ck_assert_msg(strstr(text.p, name), "%s: %s", page->name, text.p);
    }
}
END_TEST

static const struct {
    const char *text, *says;
} said[] = {
    { "16/0", "CPU_XSAVE is the record with typecode 16" },
    { "16/0", "instance 0" },
    { "CPU_XSAVE:1", "typecode 16" },
    { "LAPIC_REGS", "typecode 6" },
    { "-22", "EINVAL, Invalid argument" },
    { "-22", "ERROR_ABORTED" },
    { "22", "EINVAL" },
    { "20", "typecode 20 is CPU_MSR" },
    { "9", "HVM_PARAM_VIRIDIAN" },
    { "EINVAL", "error 22: Invalid argument" },
    { "ERROR_FAIL", "error of libxl -3" },
    { "HVM_PARAM_VIRIDIAN", "HVM parameter 9" },
    { "param 13", "HVM_PARAM_DM_DOMAIN" },
    { "param 20", "HVM_PARAM_MEMORY_EVENT_CR0" },
    { "param 24", "HVM_PARAM_NESTEDHVM" },
    { "param 25", "HVM_PARAM_MEMORY_EVENT_SINGLE_STEP" },
    { "param 26", "HVM_PARAM_BUFIOREQ_EVTCHN" },
    { "param 27", "HVM_PARAM_PAGING_RING_PFN" },
    { "param 28", "HVM_PARAM_MONITOR_RING_PFN" },
    { "param 29", "HVM_PARAM_SHARING_RING_PFN" },
    { "param 30", "HVM_PARAM_MEMORY_EVENT_MSR" },
    { "param 31", "HVM_PARAM_TRIPLE_FAULT_REASON" },
    { "errno 36", "ENAMETOOLONG" },
    { "PAGE_DATA", "record of a libxc stream of type 1" },
    { "0x48", "MSR 0x48 is SPEC_CTRL" },
    { "msr 0xd90", "BNDCFGS" },
    { "param 9", "HVM_PARAM_VIRIDIAN" },
    { "leaf 7", "a2330b51df" },
    { "CR4 0x2000", "VMXE" },
    { "accum 0x21f", "BNDREGS BNDCSR PKRU" },
    { "CR4.SMEP", "SMEP is bit 20 of CR4, 0x100000" },
    { "cr4.vmxe", "VMXE is bit 13 of CR4" },
    { "EFER.SVME", "bit 12 of EFER" },
    { "XCR0.AVX", "bit 2 of XCR0" },
    { "PKRU", "PKRU is bit 9 of XCR0" },
    { "UMIP", "UMIP is bit 11 of CR4" },
    { "CR0.PE", "PE is bit 0 of CR0" },
    { "avx512f", "bit 16 of ebx in CPUID leaf 0x7, subleaf 0x0" },
    { "SMEP", "bit 7 of ebx in CPUID leaf 0x7" },
    { "SMEP", "bit 20 of CR4" },
    { "sse4_2", "bit 20 of ecx in CPUID leaf 0x1." },
    { "[load-cr4]", "load-cr4" },
    { "type 16/0", "CPU_XSAVE is the record with typecode 16" },
    { "entry 2/1", "instance 1" },
    { "HVM_CPU", "typecode 2" },
    { "HVM_PARAM 9", "HVM_PARAM_VIRIDIAN" },
    { "-EINVAL", "error 22: Invalid argument" },
    { "EINVAL (22)", "error 22: Invalid argument" },
    { "errno=22", "EINVAL" },
    { "errno: 22", "EINVAL" },
    { "rc=-3", "ERROR_FAIL" },
    { "rc: -22", "EINVAL" },
    { "msr=0x48", "SPEC_CTRL" },
    { "MSR_SPEC_CTRL", "MSR 0x48" },
    { "IA32_SPEC_CTRL", "MSR 0x48" },
    { "MSR_EFER", "MSR 0xc0000080" },
    { "0X48", "SPEC_CTRL" },
    { "cr4=0000000000002000", "VMXE" },
    { "CR4: 2000", "VMXE" },
    { "efer: 0000000000000d01", "SCE LME LMA NXE" },
    { "xcr0=0x7", "X87 SSE AVX" },
    { "xcr0_accum=0x7", "X87 SSE AVX" },
    { "leaf 00000007, subleaf 00000000", "a2330b51df" },
    { "CPUID leaf 7", "a2330b51df" },
    { "exit reason 0x80000021", "invalid guest state" },
    { "exit reason 48", "VMX exit reason 48 is an EPT violation" },
    { "exit reason 10", "CPUID" },
    { "exit reason 65", "PCONFIG" },
    { "vmexit 0x42", "SVM exit reason 0x42 is the exception of vector 2" },
    { "vmexit 0x42", "VMX exit reason 0x42 is an event of sub-page" },
    { "exit reason 7b", "SVM exit reason 0x7b is an I/O instruction" },
    { "SVM exit code 72", "SVM exit reason 0x72 is CPUID" },
    { "exit reason: 0x401 (AMD)", "AVIC" },
    { "AMD vmexit 0x90", "a write to CR0" },
    { "AMD vmexit 0xf", "a read of CR15" },
    { "AMD vmexit 0x19", "a write to CR9" },
    { "AMD vmexit 0x2f", "a read of DR15" },
    { "AMD vmexit 0x39", "a write to DR9" },
    { "AMD vmexit 0x4f", "vector 15, reserved" },
    { "AMD vmexit 0x54", "vector 20, Intel's #VE" },
    { "shutdown reason 3", "crash" },
    { "signal 9", "SIGKILL" },
    { "0x80000021", "VMX exit reason 0x80000021 is invalid guest state" },
    { "0x80000022", "MSR loading" },
    { "0x48560014", "the record HVM_CPU_MSR of a domain context image" },
    { "record 0x50560003", "the record HVM_PARAMS of" },
    { "record type 14", "CHECKPOINT" },
    { "record type 0x0000000e", "CHECKPOINT" },
};

/* A file may be called so. */
static const char *const lower[][2] = {
    { "einval", "error 22" }, { "cpu_xsave", "typecode 16" },
    { "lapic", "typecode 5" }, { "hvm_param_viridian", "parameter 9" },
};

static const char *const unsaid[] = {
    "exit code 1", "exitcode 1", "exit reason 200", "exit reason 0x", "exit 1",
    "exit reason 48 files", "vmx exit code 200",
    "error 404", "msr", "cr4", "type x", "CR4=", "signal 999",
    "EINVALID", "spec", "record of the year", "leaf, subleaf",
    "PE", "am", "CR4.PE", "CR4.", ".SMEP", "CR9.SMEP", "CR4.SMEP.UMIP",
    "avx512", "0x48569999", "record 0x48569999", "record type 9999",
};

START_TEST(numbers_and_names)
{
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct text text;

        ck_assert(domctx_explain_knows(said[i].text));
        explained(said[i].text, &text);
        ck_assert_msg(strstr(text.p, said[i].says), "%s: %s", said[i].text,
                      text.p);
    }
    for (size_t i = 0; i < sizeof(lower) / sizeof(lower[0]); i++) {
        struct text text;

        ck_assert(!domctx_explain_knows(lower[i][0]));
        explained(lower[i][0], &text);
        ck_assert_msg(strstr(text.p, lower[i][1]), "%s: %s", lower[i][0],
                      text.p);
    }
    for (size_t i = 0; i < sizeof(unsaid) / sizeof(unsaid[0]); i++)
        ck_assert_msg(!domctx_explain_knows(unsaid[i]), "%s", unsaid[i]);
    ck_assert(domctx_explain_knows("load-cr0"));
    ck_assert(domctx_explain_knows("spec-ctrl-bits"));
    ck_assert(!domctx_explain_knows("guest hangs after migration"));
    ck_assert(!domctx_explain_knows(""));
    ck_assert(!domctx_explain_knows("99999999999999999999999"));
}
END_TEST

/* Makers count apart: what only one of them has is told for that one. */
START_TEST(exits_of_one_maker)
{
    static const char *const rows[][2] = {
        { "exit reason 48", "SVM" }, { "exit reason 10", "SVM" },
        { "intel vmexit 0x30", "SVM" }, { "exit reason 0x33 on AMD", "VMX" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text text;

        explained(rows[i][0], &text);
        ck_assert_msg(!strstr(text.p, rows[i][1]), "%s: %s", rows[i][0],
                      text.p);
    }
}
END_TEST

/* What is in the holes of a line is named. */
START_TEST(holes_are_named)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "HVM3 restore: unknown entry typecode 20", "20 is CPU_MSR" },
        { "HVM restore mismatch: expected strict type 12 length 1048, saw "
          "type 12 length 1040.  2210 bytes remaining", "12 is HPET" },
        { "HVM3 restore: bad CR4 0x1526f0 (valid 0x1506ff, rejected 0x2000)",
          "CR4 0x2000 is VMXE" },
        { "HVM restore: bad CR4 0xd01", "it is EFER, not CR4" },
        { "HVM10.0 restore: inconsistent xsave state (feat=0x7 accum=0x21f "
          "xcr0=0x7 bv=0x3 err=-22)", "X87 SSE AVX BNDREGS BNDCSR PKRU" },
        { "HVM d3v0 load MSR 0xd90 with value 0x1 failed",
          "0xd90 is BNDCFGS" },
        { "HVM d3v0 load MSR 0xda0 with value 0x1 failed",
          "the value 0x1 is X87" },
        { "HVM d3v0 load MSR 0x48 with value 0x401 failed",
          "IBRS BHI_DIS_S" },
        { "HVM restore: unsupported MCA capabilities 0x1000c02 for d3v0 "
          "(supported: 0)", "CMCI_P TES_P SER_P" },
        { "failed to load\n  entry 18/1 rc -1",
          "Entry 18/1 is the record VMCE_VCPU, instance 1" },
        { "failed to load\n  entry 18/1 rc -1", "-1 is EPERM" },
        { "HVM restore d1: failed to check LAPIC_REGS:2 rc -61",
          "-61 is ENODATA" },
        { "Unable to restore HVM context (95 = Operation not supported)",
          "95 is EOPNOTSUPP" },
        { "xc: error: X (75 = Value too large for defined dat): Internal "
          "error\nxc: error: Restore failed (75 = Value too large for "
          "defined dat): Internal error", "75 is EOVERFLOW" },
        { "cannot (re-)build domain: -3", "ERROR_FAIL" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text text;

        explained(rows[i].text, &text);
        ck_assert_msg(strstr(text.p, rows[i].says), "%s: %s", rows[i].text,
                      text.p);
    }
}
END_TEST

/* A page is wrapped; its words are asked for. */
static void unwrap(char *p)
{
    char *begin = p, *to = p;

    for (; *p; p++) {
        char c = *p == '\n' ? ' ' : *p;

        if (c != ' ' || (to > begin && to[-1] != ' '))
            *to++ = c;
    }
    *to = '\0';
}

/* What check, restore and fix say of a finding is what its page says. */
START_TEST(every_message_is_explained)
{
    const struct domctx_message *message;

    for (size_t i = 0; (message = domctx_message_at(i)); i++) {
        struct domctx_page page;
        char own[200], mend[1000];
        struct text text;

        snprintf(own, sizeof(own), "%s (%s)\n", message->id,
                 domctx_severity_name(message->severity));
        snprintf(mend, sizeof(mend), "hat to do: %s.", message->mend);
        mend[11] = (char)toupper((unsigned char)mend[11]);
        explained(message->id, &text);
        ck_assert_ptr_eq(strstr(text.p, own), text.p);
        unwrap(text.p);
        ck_assert_msg(strstr(text.p, message->cause + 1), "%s", text.p);
        ck_assert_msg(strstr(text.p, mend), "%s: %s", text.p, mend);
        for (size_t k = 0; domctx_page_about(message->id, k, &page); k++) {
            struct text other;

            snprintf(own, sizeof(own), "See also: %s ", page.name);
            ck_assert_msg(strstr(text.p, own), "%s: %s", text.p, own);
            snprintf(own, sizeof(own), "See also: %s\n", message->id);
            explained(page.name, &other);
            ck_assert_msg(strstr(other.p, own), "%s: %s", other.p, own);
        }
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

/* What a command shows below its own words. */
START_TEST(in_a_few_lines)
{
    domctx_report *report = domctx_report_new();
    struct text text = { .size = 0 };
    struct domctx_page page;

    ck_assert_int_eq(domctx_explain_briefly(
                         "(XEN) HVM1 restore: bad CR4 0x2000\n"
                         "(XEN) HVM1 restore: failed to load entry 2/0 rc "
                         "-22\n", collect, &text, report), 0);
    ck_assert_ptr_eq(strstr(text.p, "    policy-of-cr4-and-efer: "), text.p);
    ck_assert_ptr_nonnull(strstr(text.p, "VMXE"));
    ck_assert_ptr_nonnull(strstr(text.p, "    What to do: "));
    ck_assert_ptr_nonnull(strstr(text.p, "xl context-explain policy-of-cr4"));
    expect_only(report, NULL);
    text.size = 0;
    ck_assert_int_eq(domctx_explain_briefly("xc: info: Restore successful\n",
                                            collect, &text, report), -1);
    ck_assert_uint_eq(text.size, 0);
    expect_only(report, "explain-unknown");
    ck_assert(domctx_explain_knows_line("(XEN) d0v1 bad flags value in CPU "
                                        "context: 0x2"));
    ck_assert(!domctx_explain_knows_line("(XEN) Scrubbing Free RAM"));
    ck_assert(domctx_page_about("load-debug-registers", 0, &page));
    ck_assert_str_eq(page.name, "debug-registers");
    ck_assert(!domctx_page_about("load-debug-registers", 9, &page));
    ck_assert(!domctx_page_about("nothing", 0, &page));
    domctx_report_free(report);
}
END_TEST

/* Pages: whole, no line wider than a terminal, all in the list. */
START_TEST(pages_are_whole)
{
    domctx_report *report = domctx_report_new();
    struct text list = { .size = 0 };
    const char *name;
    size_t i;

    ck_assert_int_eq(domctx_explain_list(collect, &list, report), 0);
    for (i = 0; (name = domctx_explained(i)); i++) {
        struct text text;
        char line[80];

        explained(name, &text);
        ck_assert(first_page_is(&text, name));
        ck_assert_ptr_nonnull(strstr(text.p, "Cause: "));
        ck_assert_ptr_nonnull(strstr(text.p, "Releases: "));
        ck_assert_ptr_nonnull(strstr(text.p, "What to do: "));
        for (const char *p = text.p; *p; p += strcspn(p, "\n") + 1)
            ck_assert_msg(strcspn(p, "\n") <= 79, "%s", name);
        snprintf(line, sizeof(line), "  %s\n", name);
        ck_assert_ptr_nonnull(strstr(list.p, line));
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(domctx_explained(k), name);
    }
    ck_assert_uint_ge(i, 100);
    domctx_report_free(report);
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
        { "{text}", NULL },
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

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, lines_of_releases);
    tcase_add_test(tc, words_of_people);
    tcase_add_loop_test(tc, words_for_another_page, 0,
                        (int)(sizeof(others) / sizeof(others[0])));
    tcase_add_test(tc, pages_are_found_by_their_words);
    tcase_add_test(tc, numbers_and_names);
    tcase_add_test(tc, exits_of_one_maker);
    tcase_add_test(tc, holes_are_named);
    tcase_add_test(tc, every_message_is_explained);
    tcase_add_test(tc, a_rule_tells_its_releases);
    tcase_add_test(tc, in_a_few_lines);
    tcase_add_test(tc, pages_are_whole);
    tcase_add_test(tc, unknown_text);
    tcase_add_test(tc, a_sink_that_fails);
    suite_add_tcase(suite, tc);
    suite_add_tcase(suite, lines_tests());
    suite_add_tcase(suite, numbers_tests());
    suite_add_tcase(suite, releases_tests());
    suite_add_tcase(suite, innocent_tests());
    suite_add_tcase(suite, words_tests());
    suite_add_tcase(suite, logs_tests());
    suite_add_tcase(suite, dress_tests());
    suite_add_tcase(suite, stories_tests());
    suite_add_tcase(suite, errors_tests());
    return suite;
}

int main(void)
{
    return run_suite(explain_suite());
}
