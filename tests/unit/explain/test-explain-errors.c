/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors and signals in words and numbers, wherever a text has them. */
#include "explain/test-explain.h"

struct row {
    const char *text, *says;
};

static const char *told(const char *words, bool *known)
{
    static struct text text;
    domctx_report *report = domctx_report_new();

    text.size = 0;
    text.p[0] = '\0';
    *known = domctx_explain(words, collect, &text, report) == 0;
    domctx_report_free(report);
    return text.p;
}

/* Of which page a value in the line makes another. */
static const struct row refined[] = {
    { "xc: error: Max batch size exceeded (-7). Giving up.: Internal error",
      "legacy-chunk-newer\n" },
    { "xc: error: Max batch size exceeded (-21). Giving up.: Internal error",
      "legacy-chunk-newer\n" },
    { "xc: error: Max batch size exceeded (-22). Giving up.: Internal error",
      "legacy-chunk (damaged)" },
    { "xc: error: Max batch size exceeded (18). Giving up.: Internal error",
      "legacy-chunk (damaged)" },
    { "xc: error: Invalid marker: Got 0x0000000000100000: Internal error",
      "libxc-legacy\n" },
    { "xc: error: Invalid marker: Got 0x6173206e65582073: Internal error",
      "libxc-other\n" },
    { "xc: error: Failed to set CPUID policy: leaf a5a5a5a5, subleaf "
      "a5a5a5a5, msr ffffffff (34 = Numerical result out of range): Internal "
      "error", "policy-damaged\n" },
    { "xc: error: Failed to set CPUID policy: leaf 00000024, subleaf "
      "ffffffff, msr ffffffff (34 = Numerical result out of range): Internal "
      "error", "policy-damaged\n" },
    { "xc: error: Failed to set CPUID policy: leaf ffffffff, subleaf "
      "ffffffff, msr 00000048 (34 = Numerical result out of range): Internal "
      "error", "policy-damaged\n" },
    { "xc: error: Failed to set CPUID policy: leaf 00000007, subleaf "
      "00000002, msr ffffffff (34 = Numerical result out of range): Internal "
      "error", "policy-no-place\n" },
    { "xc: error: Failed to set CPUID policy: leaf 8000001d, subleaf "
      "ffffffff, msr ffffffff (34 = Numerical result out of range): Internal "
      "error", "policy-no-place\n" },
    { "xc: error: Failed to set CPUID policy: leaf ffffffff, subleaf "
      "ffffffff, msr 0000010a (34 = Numerical result out of range): Internal "
      "error", "policy-no-place\n" },
    { "xc: error: Missing leaf 0x14, subleaf 0: Internal error",
      "policy-not-made\n" },
    { "libxl: error: libxl_json.c:950:libxl__object_from_json: unable to "
      "convert libxl__json_object to libxl_domain_config. (rc=-3)",
      "configuration-word\n" },
    { "xc: error: set HVM param 9 = 0x0000000000000065 (19 = No such "
      "device): Internal error", "parameter-no-viridian\n" },
    { "xc: error: set HVM param 9 = 0x0000000000001865 (22 = Invalid "
      "argument): Internal error", "parameter-viridian-group\n" },
    { "xc: error: set HVM param 9 = 0x0000000000000065 (17 = File exists): "
      "Internal error", "parameter-viridian\n" },
    { "xc: error: set HVM param 19 = 0x0000000000000001 (19 = No such "
      "device): Internal error", "parameter-of-hvm\n" },
    { "xc: error: set HVM param 37 = 0x00000080fee00000 (22 = Invalid "
      "argument): Internal error", "parameter-newer\n" },
    { "xc: error: set HVM param 38 = 0x0000000000000001 (17 = File exists): "
      "Internal error", "parameter-mca\n" },
    { "xc: error: set HVM param 99 = 0x0000000000000001 (22 = Invalid "
      "argument): Internal error", "parameter-damaged\n" },
    { "xc: error: set HVM param 33 = 0x0000000000000000 (22 = Invalid "
      "argument): Internal error", "parameter-refused\n" },
};

static const struct row named[] = {
    { "HVM context (28", "28 is ENOSPC" },
    { "Unable to restore HVM context (28", "28 is ENOSPC" },
    { "(12 = Cannot allocate memory)", "12 is ENOMEM" },
    { "rc = -22", "-22 is EINVAL" },
    { "errno 0x16", "0x16 is EINVAL" },
    { "-EINVAL", "the error 22" },
    { "SIGSEGV", "the signal 11" },
    { "xc: error: Failed to get HVM context (12 = Cannot allocate "
      "memory)", "12 is ENOMEM" },
    { "xc: error: Unable to restore HVM context (28 = No spa",
      "28 is ENOSPC" },
    { "HVM context (22 = Invalid argument): Internal error",
      "context-refused" },
    { "VM = 5cf; domid = 17; emu-manager failed: \"xenguest restore: "
      "errno 22, EINVAL\"", "22 is EINVAL" },
    { "Emu_manager_failure(\"xenguest died: SIGABRT\")",
      "SIGABRT is the signal 6" },
    { "libxl: error: libxl_exec.c:129:libxl_report_child_exitstatus: "
      "Domain 7:domain 7 device model [911] died due to fatal signal "
      "Segmentation fault", "that is signal 11, SIGSEGV" },
    { "libxl: error: libxl_exec.c:129:libxl_report_child_exitstatus: "
      "Domain 7:domain 7 device model [911] died due to fatal signal "
      "Aborted", "helper-crashed" },
    { "vmexit 0x33", "VMX exit reason 0x33 is RDTSCP" },
    { "vmexit 0x33", "SVM exit reason 0x33 is a write to DR3" },
    { "SR_BACKEND_FAILURE_46", "pool-storage" },
    { "VDI_IN_USE", "pool-storage" },
    { "INTERNAL_ERROR", "xapi-internal" },
    { "VM_MIGRATE_FAILED", "xapi-migrate-failed" },
    { "libxl: error: libxl_exec.c:129:libxl_report_child_exitstatus: "
      "Domain 7:domain 7 save/restore helper [911] died due to fatal "
      "signal Segmentation fault (core dumped)", "signal 11, SIGSEGV" },
    { "libxl: error: libxl_exec.c:129:libxl_report_child_exitstatus: "
      "Domain 7:domain 7 save/restore helper [911] died due to fatal "
      "signal Segmentation fault (core dumped)", "helper-crashed" },
    { "libxl: error: libxl_exec.c:129:libxl_report_child_exitstatus: "
      "conversion helper [1] died due to fatal signal Segmentation fault",
      "helper-crashed" },
    { "libxl: error: libxl_exec.c:129:libxl_report_child_exitstatus: "
      "conversion helper [1] died due to fatal signal Killed",
      "container-converter" },
    { "xl restore: libxl call failed, rc: -3", "libxl's ERROR_FAIL" },
    { "xl migrate says rc -8", "ERROR_GUEST_TIMEDOUT" },
    { "the guest does not come back, errno: 22", "22 is EINVAL" },
    { "kernel: xl[812]: segfault at 0 ip 00007f12 sp 00007ffd error 4 in "
      "libxl.so.4.17[7f1+2]", "dom0's kernel" },
    { "xl[812]: segfault", "helper-crashed" },
    { "kernel: traps: xenguest[812] general protection fault ip:7f12 "
      "sp:7ffd error:0 in libc.so.6[7f1+2]", "helper-crashed" },
    { "Out of memory: Killed process 812 (qemu-system-i38)",
      "dom0's kernel" },
    { "Out of memory: Killed process 9 (xl) total-vm:1kB", "dom0-memory" },
    { "Error: VDI_READONLY", "pool-storage" },
    { "Server_error(INTERNAL_ERROR, [ no such thing ])",
      "xapi-internal" },
    { "xapi: INTERNAL_ERROR([ no such thing ])", "xapi-internal" },
    { "libxl: error: libxl_create.c:723:libxl__domain_make: Domain "
      "4:domain creation fail: Cannot allocate memory", "host-memory" },
    { "libxl: error: libxl_create.c:723:libxl__domain_make: Domain "
      "4:domain creation fail: Invalid argument",
      "configuration-refused" },
};

START_TEST(errors_are_named)
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        bool known;
        const char *text = told(named[i].text, &known);

        ck_assert_msg(known && strstr(text, named[i].says),
                      "%s: lacks %s\n%s", named[i].text, named[i].says, text);
    }
}
END_TEST

START_TEST(numbers_choose_the_page)
{
    for (size_t i = 0; i < sizeof(refined) / sizeof(refined[0]); i++) {
        bool known;
        const char *text = told(refined[i].text, &known);
        const char *at = strstr(text, refined[i].says);

        ck_assert_msg(known && at && (at == text || at[-1] == '\n'),
                      "%s: lacks %s\n%s", refined[i].text, refined[i].says,
                      text);
    }
}
END_TEST

/* Numbers and capitals of others. */
START_TEST(others_are_not)
{
    static const char *const rows[] = {
        "see the manual (28", "mount: /srv: can't read (22 = x)",
        "SIGNAL", "ECHO", "SR_BACKEND", "VDI", "INTERNAL",
        "exit rc=-3 of the build",
        "HTTP/2 stream 3 was reset: INTERNAL_ERROR",
        "{\"error\": {\"code\": \"INTERNAL_ERROR\", \"status\": 500}}",
        "net::ERR_HTTP2_PROTOCOL INTERNAL_ERROR([1])",
        "VBoxManage: error: VDI_READONLY", "qemu-img: VDI_TOO_SMALL: 3",
        "qemu-system-i386: migration: channel closed, rc -19",
        "xen guest: how do I use err: 3 in bash",
        "libxl: debug: libxl_event.c:1:libxl__ao_complete: done, rc: -3",
        "bash[812]: segfault at 0 ip 00007f12 sp 00007ffd error 4 in bash[1]",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool known;
        const char *text = told(rows[i], &known);

        ck_assert_msg(!known, "%s\n%s", rows[i], text);
    }
}
END_TEST

/* Nothing behind the end of a text is looked at, wherever it ends. */
START_TEST(texts_end_anywhere)
{
    static const char *const rows[] = { "libxl: rc = -22", "xl says errno=22",
                                        "xc: err -12", "HVM context (28 =" };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t n = 1; n <= strlen(rows[i]); n++) {
            char *text = strndup(rows[i], n);
            bool known;

            ck_assert_ptr_nonnull(text);
            ck_assert_ptr_nonnull(told(text, &known));
            ck_assert_ptr_nonnull(told(text + n - 1, &known));
            free(text);
        }
}
END_TEST

/* What strerror() says in another language is the same error. */
START_TEST(errors_of_other_languages)
{
    static const struct row rows[] = {
        { "Nicht gen\303\274gend Hauptspeicher verf\303\274gbar", "ENOMEM" },
        { "Das Argument ist ung\303\274ltig", "EINVAL" },
        { "Argument invalide", "EINVAL" },
        { "Le fichier existe", "EEXIST" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[300];
        bool known;
        const char *text;

        sprintf(line, "libxl: libxl_stream_read.c:852:"
                      "libxl__xc_domain_restore_done: Domain 7:restoring "
                      "domain: %s", rows[i].text);
        text = told(line, &known);
        ck_assert_msg(known && strstr(text, rows[i].says) &&
                          strstr(text, "restore-ended"), "%s\n%s", line,
                      text);
    }
}
END_TEST

TCase *errors_tests(void)
{
    TCase *tc = tcase_create("errors");

    tcase_add_test(tc, errors_are_named);
    tcase_add_test(tc, numbers_choose_the_page);
    tcase_add_test(tc, others_are_not);
    tcase_add_test(tc, texts_end_anywhere);
    tcase_add_test(tc, errors_of_other_languages);
    return tc;
}
