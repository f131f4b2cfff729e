/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What show prints is what an assignment takes; and other names of fields. */
#include "access/access-support.h"
#include "catalogue/also.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The releases whose layouts differ. */
static const struct domctx_release releases[] = {
    { 3, 1, DOMCTX_POINT_ANY }, { 3, 4, DOMCTX_POINT_ANY },
    { 4, 0, DOMCTX_POINT_ANY }, { 4, 4, DOMCTX_POINT_ANY },
    { 4, 9, DOMCTX_POINT_ANY }, { 4, 17, DOMCTX_POINT_ANY },
    { 4, 22, DOMCTX_POINT_ANY },
};
#define RELEASES (int)(sizeof(releases) / sizeof(releases[0]))

/* Whether the bytes of the edit are those of b. */
static bool is_same(domctx_edit *edit, const struct bytes *b)
{
    uint8_t *buf;
    size_t size;
    bool same;

    ck_assert_int_eq(domctx_edit_take(edit, NULL, &buf, &size, NULL), 0);
    same = size == b->size && memcmp(buf, b->p, size) == 0;
    free(buf);
    return same;
}

/* One bit of a bitmap: "4" could be the value, too, and is refused. */
static bool is_one_bit(const domctx_context *context,
                       const struct domctx_entry *entry, const char *name,
                       const char *shown)
{
    uint64_t value;

    ck_assert_int_eq(domctx_field(context, entry->name, entry->instance, name,
                                  &value, NULL), 0);
    return value && !(value & (value - 1)) &&
           strspn(shown, "0123456789") == strlen(shown) &&
           strtoull(shown, NULL, 10) != value;
}

/* A field is assigned to under its name what it is shown to have. */
static void assign_shown(domctx_edit *edit, const domctx_context *context,
                         const struct domctx_entry *entry,
                         const char *name, const struct bytes *b)
{
    char text[600], value[400];

    ck_assert_int_eq(domctx_field_text(context, entry->name, entry->instance,
                                       name, value, sizeof(value), NULL), 0);
    snprintf(text, sizeof(text), "%s/%u.%s=%s", entry->name, entry->instance,
             name, value);
    if (is_one_bit(context, entry, name, value))
        ck_assert_msg(domctx_edit_assign(edit, text, NULL) < 0, "%s", text);
    else
        ck_assert_msg(domctx_edit_assign(edit, text, NULL) == 0, "%s", text);
    ck_assert_msg(is_same(edit, b), "changes something: %s", text);
}

START_TEST(shown_is_taken)
{
    struct bytes b = { 0 };
    domctx_context *context = opened_release(&b, &releases[_i]);
    domctx_edit *edit;
    struct domctx_entry entry;
    struct domctx_value value;
    size_t n = 0;

    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    for (size_t i = 0; domctx_context_entry(context, i, &entry); i++)
        for (uint64_t at = 0; domctx_context_value(context, i, &at, &value);)
            /* what counts entries is fixed; of bytes in a row a few do */
            if (strcmp(value.name, "count") != 0 &&
                (value.bits > 8 || n % 7 == 0 || value.part) && ++n)
                assign_shown(edit, context, &entry, value.name, &b);
    ck_assert_uint_gt(n, 300);
    domctx_edit_free(edit);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* Every other name that has a record here is that of a field of it. */
START_TEST(other_names)
{
    struct bytes b = { 0 };
    domctx_context *context = opened_release(&b, &releases[RELEASES - 1]);
    const struct cat_also *also;
    char text[100];
    uint64_t one, other;
    size_t n = 0;

    for (size_t i = 0; (also = cat_also_at(i)); i++) {
        if (domctx_field(context, also->record, 0, also->field, &one,
                         NULL) < 0) {
            ck_assert_msg(strncmp(also->record, "VIRIDIAN", 8) == 0, "%s.%s",
                          also->record, also->field);
            continue;
        }
        ck_assert_int_eq(domctx_field(context, also->record, 0, also->name,
                                      &other, NULL), 0);
        ck_assert_uint_eq(one, other);
        /* what is no MSR has no name of one */
        snprintf(text, sizeof(text), "MSR_IA32_%s", also->name);
        ck_assert_int_eq(domctx_field(context, also->record, 0, text, &other,
                                      NULL), also->is_msr ? 0 : -1);
        ck_assert_uint_eq(other, also->is_msr ? one : 0);
        n++;
    }
    ck_assert_uint_gt(n, 60);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* A sample's vCPU by the name of another of its records, or in parts. */
static const struct { const char *asked, *record, *field; } elsewhere[] = {
    { "CPU/1.PAT", "MTRR", "msr_pat_cr" },
    { "CPU/1.IA32_APIC_BASE", "LAPIC", "apic_base_msr" },
    { "LAPIC/1.lstar", "CPU", "msr_lstar" },
    { "MTRR/1.MTRRfix4K_C8000", "MTRR", "msr_mtrr_fixed[4]" },
    { "CPU/1.MTRR_PHYSMASK7", "MTRR", "msr_mtrr_var[15]" },
    { "CPU/1.tscaux", "CPU", "msr_tsc_aux" },
    { "CPU/1.eflags", "CPU", "rflags" },
    { "CPU/1.mxcsr", "CPU", "fpu_regs.mxcsr" },
    { "CPU_XSAVE/1.save_area.mxcsr", "CPU_XSAVE", "save_area.fpu_sse.mxcsr" },
};

START_TEST(of_the_same_vcpu)
{
    const char *asked = elsewhere[_i].asked;
    char record[20], *slash;
    struct bytes b = { 0 };
    domctx_context *context;
    uint64_t value;

    load_sample(&b, samples[0]);
    context = opened_417(&b);
    snprintf(record, sizeof(record), "%s", asked);
    slash = strchr(record, '/');
    ck_assert_ptr_nonnull(slash);
    *slash = '\0';
    ck_assert_int_eq(domctx_field(context, record, 1, strchr(asked, '.') + 1,
                                  &value, NULL), 0);
    ck_assert_uint_eq(value, value_of(context, elsewhere[_i].record, 1,
                                      elsewhere[_i].field));
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

START_TEST(registers_of_the_same_vcpu)
{
    uint8_t here[DOMCTX_WIDE_ROOM], there[DOMCTX_WIDE_ROOM];
    struct bytes b = { 0 };
    domctx_context *context;
    size_t size;

    load_sample(&b, samples[0]);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_field_wide(context, "CPU", 1, "ymm3", here, &size,
                                       NULL), 0);
    ck_assert_uint_eq(size, 32);
    ck_assert_int_eq(domctx_field_wide(context, "CPU_XSAVE", 1, "ymm3", there,
                                       &size, NULL), 0);
    ck_assert_mem_eq(here, there, 32);
    ck_assert_int_eq(domctx_field_wide(context, "CPU", 1, "mm5", here, &size,
                                       NULL), 0);
    ck_assert_uint_eq(size, 8);
    ck_assert_int_eq(domctx_field_wide(context, "CPU", 1, "st5", there, &size,
                                       NULL), 0);
    ck_assert_uint_eq(size, 10);
    ck_assert_mem_eq(here, there, 8);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* What is refused, and what it says. */
static const struct { const char *text, *id, *says; } refused[] = {
    { "CPU/0.IA32_LSTR=1", "select-field", "lstar" },
    { "CPU/0.tpr=1", "select-field", "LAPIC_REGS has" },
    { "PIC/0.lstar=1", "select-field", "no field" },
    { "CPU/0.zmm1=0x1", "select-field", "CPU_XSAVE" },
    { "CPU/0.cr4+=0x800", "edit-word", "|=" },
    { "CPU/0.cr4-=2048", "edit-word", "&=~" },
    { "CPU/0.cr4&=~UMIP|PAE", "edit-word", "-=" },
    { "CPU/0.cr4^=X", "edit-word", "X" },
    { "CPU/0.cr4*=UMIP", "select-field", "cr4*" },
    { "CPU/0.cs_limit|=0x100000000", "edit-range", "32 bits" },
    { "CPU/0.rip-=0xffffffffffffffff", "edit-range", "sum" },
    { "CPU/0.rip+=0xffffffffffffffff", "edit-range", "sum" },
    { "LAPIC_REGS/0.irr[1]|=96", "edit-range", "32 to 63" },
    { "LAPIC_REGS/0.irr[1]+=0x10", "edit-word", "|=" },
    { "PIC/0.imr=1-9", "edit-range", "0 to 7" },
    { "PIC/0.imr=0", "edit-word", "0x1 for bit 0, 0x0 for the value" },
    { "PIC/0.imr=7", "edit-word", "0x80 for bit 7, 0x7 for the value" },
    { "PIC/0.imr=256", "edit-range", "" },
    { "LAPIC_REGS/0.irr[1]=40", "edit-word", "0x100 for bit 40" },
    { "PIC/0.imr=4-1", "edit-word", "4-1" },
    { "PIC/0.imr&=3", "edit-word", "&=~5" },
    { "RTC.seconds=30", "edit-range", "0x30" },
    { "RTC.hours_alarm=0x9a", "edit-range", "0x30" },
    { "RTC.seconds=20", "edit-range", "0x20" },
    { "RTC.seconds=0xa5", "edit-range", "0x59" },
    { "RTC.seconds=0x75", "edit-range", "0x59" },
    { "RTC.seconds=0xcf", "edit-range", "0x59" },
    { "RTC.seconds=0x85", "edit-range", "0x59" },
    { "RTC.hours=0xc0", "edit-range", "0x23" },
    { "RTC.hours=0x92", "edit-range", "0x23" },
    { "PIT.count=3", "select-field", "channels[0].count" },
    { "CPU/0.cr4.umip=1", "select-field", "+=UMIP" },
    { "CPU/0.eflags.IF=1", "select-field", "+=IF" },
    { "CPU/0.SPEC_CTRL=1", "select-field", "0x48" },
    { "RTC.month=0x13", "edit-range", "0x12" },
    { "CPU/0.cr4=0x20 PGE", "edit-word", "0x20" },
    /* words that contradict, or do not say which bits */
    { "MTRR/0.msr_pat_cr=WB", "edit-word", "0x..." },
    { "MTRR/0.PAT=WB WC UC- UC WB WP UC-", "edit-word", "0x..." },
    { "MTRR/0.PAT=WB WC UC- UC WB WP UC- WT WB", "edit-word", "before it" },
    { "MTRR/0.PAT|=WB", "edit-word", "several" },
    { "CPU/0.cs_arbytes=DPL0|DPL3", "edit-word", "DPL3" },
    { "LAPIC_REGS/0.lvt0=NMI|ExtINT", "edit-word", "ExtINT" },
    { "RTC.reg_b=binary|BCD", "edit-word", "BCD" },
    { "LAPIC_REGS/0.irr[7]=|", "edit-assign", "no value" },
    { "LAPIC_REGS/0.irr[7]= ", "edit-assign", "no value" },
    { "CPU/0.cs_sel=0x10000", "edit-range", "16 bits" },
    { "CPU/0.cs_sel|=0x10000", "edit-range", "16 bits" },
    { "RTC.rtc_offset-=-9223372036854775808", "edit-range", "sum" },
    /* brackets stand behind a part, and say which of several */
    { "CPU/0.r[0]ip=1", "select-field", "" },
    { "CPU/0.[0]rip=1", "select-field", "" },
    { "IOAPIC/0.redi[5]rtbl.mask=1", "select-field", "" },
    { "IOAPIC/0.redirtbl[5].fields[0].mask=1", "select-field", "" },
    { "IOAPIC/0.reserved[2]=1", "select-field", "" },
    { "IOAPIC/0.redirtbl.mask=1", "select-field", "say which" },
    { "CPU/0.xmm[1]=0x1", "select-field", "" },
    { "CPU/0.MSR_CS=5", "select-field", "" },
};

START_TEST(what_is_refused)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_edit *edit;

    load_sample(&b, samples[0]);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_msg(domctx_edit_assign(edit, refused[_i].text, report) == -1,
                  "%s", refused[_i].text);
    expect_only(report, refused[_i].id);
    ck_assert_msg(strcasestr(domctx_report_get(report, 0)->text,
                             refused[_i].says) ||
                  strstr(domctx_report_get(report, 0)->record,
                         refused[_i].says),
                  "%s: %s", refused[_i].text,
                  domctx_report_get(report, 0)->text);
    ck_assert(is_same(edit, &b));
    domctx_edit_free(edit);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* In turn, each from what the one before left. */
static const struct { const char *text, *record, *field; uint64_t after; }
steps[] = {
    { "CPU/0.cr4=PAE|PGE", "CPU", "cr4", 0xa0 },
    { "CPU/0.cr4|=UMIP", "CPU", "cr4", 0x8a0 },
    { "CPU/0.cr4&=~PGE", "CPU", "cr4", 0x820 },
    { "CPU/0.cr4^=UMIP|PGE", "CPU", "cr4", 0xa0 },
    { "CPU/0.cr4&=PAE|UMIP", "CPU", "cr4", 0x20 },
    { "CPU/0.cr4|=0x800", "CPU", "cr4", 0x820 },
    { "CPU/0.cr4^=0x820", "CPU", "cr4", 0 },
    { "CPU/0.cr4=0x20 PAE", "CPU", "cr4", 0x20 },
    { "CPU/0.cr4&=~0x20", "CPU", "cr4", 0 },
    { "CPU/0.rip=0x10", "CPU", "rip", 0x10 },
    { "CPU/0.rip+=8", "CPU", "rip", 0x18 },
    { "CPU/0.rip-=0x10", "CPU", "rip", 8 },
    { "CPU/0.rip&=0", "CPU", "rip", 0 },
    { "PIC/0.imr=254", "PIC", "imr", 0xfe },
    { "PIC/0.imr=none", "PIC", "imr", 0 },
    { "PIC/0.imr=0-2 5", "PIC", "imr", 0x27 },
    { "PIC/0.imr|=3", "PIC", "imr", 0x2f },
    { "PIC/0.imr^=0xff", "PIC", "imr", 0xd0 },
    { "PIC/0.imr&=~7", "PIC", "imr", 0x50 },
    { "PIC/0.imr&=0x40", "PIC", "imr", 0x40 },
    { "LAPIC_REGS/0.irr[1]=40-41", "LAPIC_REGS", "irr[1]", 0x300 },
    { "LAPIC_REGS/0.irr[1]+=16", "LAPIC_REGS", "irr[1]", 0x10300 },
    { "LAPIC_REGS/0.irr[1]-=48", "LAPIC_REGS", "irr[1]", 0x300 },
    { "IOAPIC.redirtbl[2].mask=1", "IOAPIC", "redirtbl[2].fields.mask", 1 },
    { "IOAPIC.redirtbl[2].mask^=1", "IOAPIC", "redirtbl[2].fields.mask", 0 },
    { "RTC.seconds=0x59", "RTC", "cmos_data.seconds", 0x59 },
    { "RTC.seconds=7", "RTC", "cmos_data.seconds", 7 },
    { "RTC.hours=0x23", "RTC", "cmos_data.hours", 0x23 },
    { "RTC.reg_b&=~2", "RTC", "cmos_data.reg_b", 0 },
    { "RTC.hours=0x92", "RTC", "cmos_data.hours", 0x92 },
    { "RTC.reg_b|=2", "RTC", "cmos_data.reg_b", 2 },
    { "MTRR/0.PAT=WB WC UC- UC WB WP UC- WT", "MTRR", "msr_pat_cr",
      UINT64_C(0x0407050600070106) },
    { "CPU/0.cs_arbytes=code-rx|DPL3|code-rx", "CPU", "cs_arbytes", 0x7a },
    { "LAPIC_REGS/0.irr[7]=0x180000", "LAPIC_REGS", "irr[7]", 0x180000 },
    { "LAPIC_REGS/0.irr[7]&=~0x80000", "LAPIC_REGS", "irr[7]", 0x100000 },
    { "LAPIC_REGS/0.irr&=~244", "LAPIC_REGS", "irr[7]", 0 },
    { " CPU/0.rip = 0x10 ", "CPU", "rip", 0x10 },
    { "CPU/0.rip += -1", "CPU", "rip", 0xf },
    { "CPU/0.rip -= -1", "CPU", "rip", 0x10 },
    { "RTC.rtc_offset=-5", "RTC", "rtc_offset", -UINT64_C(5) },
    { "RTC.rtc_offset+=6", "RTC", "rtc_offset", 1 },
    { "RTC.rtc_offset-=3", "RTC", "rtc_offset", -UINT64_C(2) },
    { "RTC.seconds_alarm=0xff", "RTC", "cmos_data.seconds_alarm", 0xff },
    { "RTC.reg_b|=4", "RTC", "cmos_data.reg_b", 6 },
    { "RTC.seconds=0x1e", "RTC", "cmos_data.seconds", 0x1e },
};

START_TEST(one_after_the_other)
{
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_edit *edit;

    load_sample(&b, samples[0]);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct bytes made = { 0 };
        domctx_context *after;
        uint64_t value;

        ck_assert_msg(domctx_edit_assign(edit, steps[i].text, NULL) == 0,
                      "%s", steps[i].text);
        ck_assert_int_eq(domctx_edit_take(edit, NULL, &made.p, &made.size,
                                          NULL), 0);
        after = opened_417(&made);
        value = value_of(after, steps[i].record, 0, steps[i].field);
        ck_assert_msg(value == steps[i].after, "%s: 0x%llx", steps[i].text,
                      (unsigned long long)value);
        domctx_context_free(after);
        free(made.p);
    }
    domctx_edit_free(edit);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("names");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, shown_is_taken, 0, RELEASES);
    tcase_add_test(tcase, other_names);
    tcase_add_loop_test(tcase, of_the_same_vcpu, 0, ROWS(elsewhere));
    tcase_add_test(tcase, registers_of_the_same_vcpu);
    tcase_add_loop_test(tcase, what_is_refused, 0, ROWS(refused));
    tcase_add_test(tcase, one_after_the_other);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
