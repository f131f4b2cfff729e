/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context as text: whole samples, and single fields that show in words. */
#include "text/test-text.h"

#include "catalogue/codes.h"

/* -- the samples ------------------------------------------------------- */

/* Each sample has a text that was read by eye against what xen-hvmctx says
 * of it; written anew where TEXT_GOLDEN names a folder. */
START_TEST(sample)
{
    const char *folder = getenv("TEXT_GOLDEN");
    struct bytes blob = { 0 }, wanted = { 0 };
    char path[4096], name[64], *text;

    load_sample(&blob, samples[_i]);
    text = text_of_saver(&blob, 4, 17, NULL);
    snprintf(name, sizeof(name), "%.*s.txt",
             (int)strlen(samples[_i]) - 4, samples[_i]);
    if (folder) {
        FILE *file;

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
    }
    load_sample(&wanted, name);
    put_raw(&wanted, "", 1);
    expect_lines(text, (const char *)wanted.p);
    free(text);
    bytes_free(&wanted);
    bytes_free(&blob);
}
END_TEST

/* -- a field that is set ----------------------------------------------- */

/* In a record of zeros, which does not have the line, the field is set and
 * the line is there.  Blanks are squeezed. */
static const struct {
    uint32_t typecode, length;
    const char *field;
    size_t i;
    uint64_t value;
    const char *line;
} sets[] = {
    { CODE_CPU, 1032, "rip", 0, 0x1234,
      "rip 0x0000000000001234" },
    { CODE_CPU, 1032, "cr4", 0, 0x20, "cr4 0x0000000000000020 PAE" },
    { CODE_CPU, 1032, "cs_arbytes", 0, 0xa9b,
      "cs 0x0000 0x0000000000000000 0x00000000 0x00000a9b "
      "code-rx-accessed DPL0 L G" },
    { CODE_CPU, 1032, "ds_base", 0, 0x77,
      "ds 0x0000 0x0000000000000077 0x00000000 0x00000000 DPL0 "
      "not-present" },
    { CODE_CPU, 1032, "idtr_limit", 0, 0xfff,
      "idtr 0x0000000000000000 0x00000fff" },
    { CODE_CPU, 1032, "pending_event", 0, 0x80000b0e,
      "pending exception #PF" },
    { CODE_CPU, 1032, "error_code", 0, 5, "error_code 0x00000005" },
    { CODE_CPU, 1032, "fpu_regs.st_mantissa", 1, 0x8000000000000000,
      "st1 0x00008000000000000000" },
    { CODE_CPU, 1032, "fpu_regs.xmm", 31, 1,
      "xmm15 0x00000000000000010000000000000000" },
    { CODE_CPU, 1032, "fpu_regs.mxcsr", 0, 0x8000,
      "fpu_regs.mxcsr 0x00008000 FZ" },
    { CODE_PIC, 8, "irr", 0, 0x82, "irr 1 7" },
    { CODE_IOAPIC, 400, "redirtbl[].bits", 5, 0x10030,
      "pin 5 0x0000000000010030 vector 0x30 fixed masked" },
    { CODE_LAPIC_REGS, 1024, "lvtt", 0, 0x200ec,
      "lvtt 0x000200ec vector 0xec periodic" },
    { CODE_LAPIC_REGS, 1024, "irr", 7, 0x80000009,
      "irr 224 227 255" },
    { CODE_LAPIC_REGS, 1024, "isr", 1, 0xf, "isr 32-35" },
    { CODE_LAPIC_REGS, 1024, "tmr", 0, 0x10000, "tmr 16" },
    { CODE_PCI_IRQ, 16, "i", 0, 0x2000, "asserted device 3 INTB" },
    { CODE_PCI_IRQ, 16, "i", 1, 0x8003,
      "asserted device 16 INTA, 16 INTB, 19 INTD" },
    { CODE_ISA_IRQ, 8, "i", 0, 0x12, "i 1 4" },
    { CODE_PIT, 56, "channels[].mode", 2, 3,
      "channels[2].mode 3 square-wave" },
    { CODE_HPET, 1048, "timers[].config", 2, 4,
      "timers[2].config 0x0000000000000004 enabled" },
    { CODE_MTRR, 240, "msr_mtrr_fixed", 0, 0x0606060606060606,
      "fixed 0 0x0606060606060606 0x00000-0x7ffff WB" },
    { CODE_MTRR, 240, "msr_mtrr_fixed", 2, 0x0000000000010106,
      "fixed 2 0x0000000000010106 0xa0000-0xa3fff WB 0xa4000-0xabfff WC "
      "0xac000-0xbffff UC" },
    { CODE_MTRR, 240, "msr_mtrr_fixed", 10, 5,
      "fixed 10 0x0000000000000005 0xf8000-0xf8fff WP 0xf9000-0xfffff UC" },
    { CODE_VIRIDIAN_VCPU, 216, "sint_msr", 2, 0x10030,
      "sint_msr[2] 0x0000000000010030 vector 0x30 masked" },
    { CODE_VMCE_VCPU, 32, "mcg_ext_ctl", 0, 1,
      "mcg_ext_ctl 0x0000000000000001 LMCE_EN" },
    { CODE_TSC_ADJUST, 8, "tsc_adjust", 0, 5,
      "tsc_adjust 0x0000000000000005" },
};

START_TEST(set)
{
    const struct cat_record *record = cat_record(sets[_i].typecode);
    const struct cat_layout *layout =
        cat_layout(record, sets[_i].length, CAT_NEWEST);
    const struct cat_field *field =
        cat_field(record, layout, sets[_i].field);
    uint8_t body[1100] = { 0 };
    char *text;

    ck_assert_ptr_nonnull(field);
    text = text_of_record(sets[_i].typecode, body, sets[_i].length);
    expect_line(text, sets[_i].line, false);
    free(text);
    cat_set(field, body, sets[_i].i, sets[_i].value);
    text = text_of_record(sets[_i].typecode, body, sets[_i].length);
    expect_line(text, sets[_i].line, true);
    free(text);
}
END_TEST

/* -- event channels ---------------------------------------------------- */

/* The selector of a vCPU counts from 0, whichever vCPU it is; the channels
 * are counted through all words. */
START_TEST(selectors)
{
    static const struct domctx_text_options one = {
        .field = "vcpu_info[2].evtchn_pending_sel" };
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_image *image;
    char *text;

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
    set8(&b, 24 + 16 + 8 + 64 + 8, 8);        /* vCPU 1: bit 3 */
    set8(&b, 24 + 16 + 8 + 128 + 8, 1);       /* vCPU 2: bit 0 */
    set8(&b, 24 + 16 + 8 + 2048 + 8, 2);      /* channel 65 */
    put_end(&b);
    image = image_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    text = text_of_context(context, NULL);
    expect_line(text, "vcpu_info[1].evtchn_pending_sel 3", true);
    expect_line(text, "vcpu_info[2].evtchn_pending_sel 0", true);
    expect_line(text, "evtchn_pending 65", true);
    /* in a column, with room for the longest name */
    ck_assert_ptr_nonnull(strstr(
        text, "\n  vcpu_info[1].evtchn_pending_sel      3\n"));
    ck_assert_ptr_nonnull(strstr(
        text, "\n  vcpu_info[1].time.tsc_to_system_mul  0x00000000\n"));
    free(text);
    text = text_of_context(context, &one);
    ck_assert_str_eq(text,
                     "SHARED_INFO/0 vcpu_info[2].evtchn_pending_sel 0\n");
    free(text);
    domctx_context_free(context);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

/* -- the clock --------------------------------------------------------- */

static const struct {
    uint8_t reg_b, hours, minutes, day, month, year;
    const char *date;
} dates[] = {
    { 0x02, 0x23, 0x59, 0x31, 0x12, 0x26, "date 2026-12-31 23:59:00" },
    { 0x06, 23, 59, 31, 12, 26, "date 2026-12-31 23:59:00" },
    { 0x00, 0x92, 0x30, 0x01, 0x02, 0x03, "date 2003-02-01 12:30:00" },
    { 0x00, 0x12, 0x30, 0x01, 0x02, 0x03, "date 2003-02-01 00:30:00" },
    { 0x04, 0x81, 5, 1, 2, 3, "date 2003-02-01 13:05:00" },
    { 0x02, 0x24, 0x00, 0x01, 0x01, 0x00, NULL },
    { 0x02, 0x1a, 0x00, 0x01, 0x01, 0x00, NULL },
    { 0x02, 0x00, 0x00, 0x00, 0x01, 0x00, NULL },
    { 0x02, 0x00, 0x00, 0x01, 0x13, 0x00, NULL },
    { 0x00, 0x00, 0x00, 0x01, 0x01, 0x00, NULL },
    { 0x06, 0, 0, 1, 1, 100, NULL },
};

START_TEST(date)
{
    uint8_t body[24] = { 0 };
    char *text;

    body[2] = dates[_i].minutes;
    body[4] = dates[_i].hours;
    body[7] = dates[_i].day;
    body[8] = dates[_i].month;
    body[9] = dates[_i].year;
    body[11] = dates[_i].reg_b;
    text = text_of_record(CODE_RTC, body, sizeof(body));
    expect_line(text, dates[_i].date
                          ? dates[_i].date
                          : "date none: the registers hold no date", true);
    free(text);
}
END_TEST

/* -- MTRRs ------------------------------------------------------------- */

static const struct {
    uint64_t base, mask;
    const char *range;
} ranges[] = {
    { 0xf0000000, 0xff8000800, "0xf0000000-0xf7ffffff UC" },
    { 0x6, 0xf80000800, "0x00000-0x7fffffff WB" },
    { 0x100000006, 0xffff00000800, "0x100000000-0x1ffffffff WB" },
    { 0x1001, 0xfffff000, "off" },
    { 0x3, 0x800, "everything type 3" },
    { 0x5000f9, 0xff0ff0000800, "where (address & mask) is base unknown "
      "type" },
};

START_TEST(range)
{
    uint8_t body[240] = { 0 };
    char line[160], *text;

    for (size_t i = 0; i < 8; i++) {
        body[8 + 16 * 1 + i] = (uint8_t)(ranges[_i].base >> (8 * i));
        body[8 + 16 * 1 + 8 + i] = (uint8_t)(ranges[_i].mask >> (8 * i));
    }
    text = text_of_record(CODE_MTRR, body, sizeof(body));
    snprintf(line, sizeof(line),
             "variable 1 base 0x%016llx mask 0x%016llx %s",
             (unsigned long long)ranges[_i].base,
             (unsigned long long)ranges[_i].mask, ranges[_i].range);
    expect_line(text, line, true);
    ck_assert_ptr_null(strstr(text, "are unknown"));
    free(text);
}
END_TEST

/* Eight equal pairs are one pair and seven that are not known, unless the
 * saver is older than the fault. */
START_TEST(pairs_not_known)
{
    static const struct {
        unsigned int minor;
        bool unknown;
    } savers[] = { { 11, false }, { 12, true }, { 22, true } };
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_hvm_zeros(&b, CODE_MTRR, 0, 240);
    put_hvm_end(&b);
    for (size_t i = 0; i < sizeof(savers) / sizeof(savers[0]); i++) {
        char *text = text_of_saver(&b, 4, savers[i].minor, NULL);

        ck_assert_int_eq(strstr(text, "variable 1-7 are unknown") != NULL,
                         savers[i].unknown);
        ck_assert_int_eq(strstr(text, "variable 7 ") == NULL,
                         savers[i].unknown);
        free(text);
    }
    bytes_free(&b);
}
END_TEST

/* -- MSRs -------------------------------------------------------------- */

START_TEST(msrs)
{
    uint8_t body[8 + 3 * 16] = { 3 };
    char *text;

    body[8] = 0x48;
    body[16] = 5;
    body[24] = 0x27;
    body[25] = 0x10;
    body[26] = 0x01;
    body[27] = 0xc0;
    body[32] = 0xff;
    body[40] = 0x99;
    body[44] = 1; /* _rsvd */
    text = text_of_record(CODE_CPU_MSR, body, sizeof(body));
    expect_line(text, "0x00000048 SPEC_CTRL 0x0000000000000005 IBRS SSBD",
                true);
    expect_line(text, "0xc0011027 DR0_ADDRESS_MASK 0x00000000000000ff",
                true);
    expect_line(text, "0x00000099 0x0000000000000000", true);
    expect_line(text, "msr[2]._rsvd 0x00000001", true);
    ck_assert_ptr_null(strstr(text, "msr[0]"));
    ck_assert_ptr_null(strstr(text, "**"));
    free(text);
    body[0] = 4;
    text = text_of_record(CODE_CPU_MSR, body, sizeof(body));
    expect_line(text, "** the count does not agree with the length", true);
    free(text);
}
END_TEST

START_TEST(msr_counts)
{
    static const uint32_t counts[] = { 0, 1, 4096 };

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        uint32_t n = counts[i];
        size_t size = 8 + 16 * (size_t)n, lines = 0;
        uint8_t *body = calloc(1, size);
        char *text;

        body[0] = (uint8_t)n;
        body[1] = (uint8_t)(n >> 8);
        for (size_t k = 0; k < n; k++)
            body[8 + 16 * k] = 0x48;
        text = text_of_record(CODE_CPU_MSR, body, size);
        for (const char *p = text; (p = strstr(p, "SPEC_CTRL")); p++)
            lines++;
        ck_assert_uint_eq(lines, n);
        ck_assert_ptr_null(strstr(text, "**"));
        free(text);
        free(body);
    }
}
END_TEST

/* -- the summary of a vCPU --------------------------------------------- */

static const struct {
    uint64_t cr0, cr4, efer, rflags;
    uint32_t cs, ss, event;
    const char *line;
} vcpus[] = {
    { 0x80050033, 0x20, 0xd01, 0x202, 0xa9b, 0xc93, 0,
      "0 64-bit 0 0x0000000000000000 4-level on" },
    { 0x80050033, 0x1020, 0xd01, 0x2, 0xafb, 0xcf3, 0,
      "0 64-bit 3 0x0000000000000000 5-level off" },
    { 0x80050033, 0x20, 0xd01, 0x202, 0xcfb, 0xcf3, 0,
      "0 32-bit compat 3 0x0000000000000000 4-level on" },
    { 0x80050033, 0x20, 0xd01, 0x202, 0x0fb, 0x0f3, 0x80000030,
      "0 16-bit compat 3 0x0000000000000000 4-level on, an event is "
      "pending" },
    { 0x80000011, 0x20, 0, 0x2, 0xc9b, 0xc93, 0,
      "0 32-bit 0 0x0000000000000000 PAE off" },
    { 0x80000011, 0, 0, 0x20202, 0x9b, 0x93, 0,
      "0 virtual-8086 3 0x0000000000000000 2-level on" },
    { 0x11, 0, 0, 0x2, 0x9b, 0x93, 0,
      "0 16-bit 0 0x0000000000000000 none off" },
    { 0x10, 0, 0, 0x2, 0xf3, 0xf3, 0,
      "0 real 0 0x0000000000000000 none off" },
};

static void set_value(uint8_t *body, const char *name, uint64_t value)
{
    const struct cat_record *cpu = cat_record(CODE_CPU);

    cat_set(cat_field(cpu, cat_layout(cpu, 1032, CAT_NEWEST), name), body, 0,
            value);
}

START_TEST(vcpu)
{
    uint8_t body[1032] = { 0 };
    char *text;

    set_value(body, "cr0", vcpus[_i].cr0);
    set_value(body, "cr4", vcpus[_i].cr4);
    set_value(body, "msr_efer", vcpus[_i].efer);
    set_value(body, "rflags", vcpus[_i].rflags);
    set_value(body, "cs_arbytes", vcpus[_i].cs);
    set_value(body, "ss_arbytes", vcpus[_i].ss);
    set_value(body, "pending_event", vcpus[_i].event);
    text = text_of_record(CODE_CPU, body, sizeof(body));
    expect_line(text, vcpus[_i].line, true);
    expect_line(text, "vCPUs: 1, 1 up", true);
    free(text);
}
END_TEST

START_TEST(vcpus_not_up)
{
    struct bytes b = { 0 };
    char *text;

    put_hvm_header(&b);
    put_hvm_zeros(&b, CODE_CPU, 2, 1032);
    put_hvm_zeros(&b, CODE_LAPIC_REGS, 7, 1024);
    put_hvm_zeros(&b, CODE_LAPIC_REGS, 2, 1024);
    put_hvm_zeros(&b, CODE_CPU_XSAVE, 5, 0);
    put_hvm_end(&b);
    text = text_of_saver(&b, 4, 11, NULL);
    expect_line(text, "vCPUs: 3, 1 up", true);
    expect_line(text, "2 real 0 0x0000000000000000 none off", true);
    expect_line(text, "5 not up (no CPU record)", true);
    expect_line(text, "7 not up (no CPU record)", true);
    expect_line(text, "CPU_XSAVE/5 0 bytes at 0xc48, empty", true);
    ck_assert_ptr_null(strstr(text, "**"));
    free(text);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, sample, 0, (int)n_samples);
    tcase_add_loop_test(tcase, set, 0,
                        (int)(sizeof(sets) / sizeof(sets[0])));
    tcase_add_test(tcase, selectors);
    tcase_add_loop_test(tcase, date, 0,
                        (int)(sizeof(dates) / sizeof(dates[0])));
    tcase_add_loop_test(tcase, range, 0,
                        (int)(sizeof(ranges) / sizeof(ranges[0])));
    tcase_add_test(tcase, pairs_not_known);
    tcase_add_test(tcase, msrs);
    tcase_add_test(tcase, msr_counts);
    tcase_add_loop_test(tcase, vcpu, 0,
                        (int)(sizeof(vcpus) / sizeof(vcpus[0])));
    tcase_add_test(tcase, vcpus_not_up);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, tcase_xsave());
    suite_add_tcase(suite, tcase_pv());
    suite_add_tcase(suite, tcase_hostile());
    return run_suite(suite);
}
