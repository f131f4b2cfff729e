/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of fields as a person reads them. */
#include "support.h"

#include "catalogue/value.h"

/* What is expected of a field's element, by its record and a length. */
static const struct {
    uint32_t type, length;
    const char *field;
    size_t i;
    uint64_t value;
    const char *text;
} values[] = {
#define HVM(c) DOMCTX_HVM_RECORD(c)
    { HVM(1), 24, "magic", 0, 0x54381286, "0x54381286" },
    { HVM(1), 24, "gtsc_khz", 0, 2000000, "2000000" },
    { HVM(1), 24, "cpuid", 0, 0x000906ea,
      "0x000906ea family 6 extended-model 9 model 14 stepping 10" },
    { HVM(2), 1032, "rip", 0, 0xffffffff81000000,
      "0xffffffff81000000" },
    { HVM(2), 1032, "cr0", 0, 0x80050033,
      "0x0000000080050033 PE MP ET NE WP AM PG" },
    { HVM(2), 1032, "cr0", 0, 0x8, "0x0000000000000008 TS" },
    { HVM(2), 1032, "cr0", 0, 0, "0x0000000000000000" },
    { HVM(2), 1032, "cr0", 0, UINT64_C(1) << 40 | 1,
      "0x0000010000000001 PE +0x10000000000" },
    { HVM(2), 1032, "cr4", 0, 0x3606f0,
      "0x00000000003606f0 PSE PAE MCE PGE OSFXSR OSXMMEXCPT PCIDE OSXSAVE "
      "SMEP SMAP" },
    { HVM(2), 1032, "cr4", 0, 0x1000, "0x0000000000001000 LA57" },
    { HVM(2), 1032, "msr_efer", 0, 0xd01,
      "0x0000000000000d01 SCE LME LMA NXE" },
    { HVM(2), 1032, "rflags", 0, 0x246, "0x0000000000000246 PF ZF IF" },
    { HVM(2), 1032, "rflags", 0, 0x3202,
      "0x0000000000003202 IF IOPL 3" },
    { HVM(2), 1032, "dr6", 0, 0xffff0ff0, "0x00000000ffff0ff0" },
    { HVM(2), 1032, "dr6", 0, 0xffff4ff1, "0x00000000ffff4ff1 B0 BS" },
    { HVM(2), 1032, "dr6", 0, 0xfffe07f0, "0x00000000fffe07f0 BLD RTM" },
    { HVM(2), 1032, "dr7", 0, 0x400, "0x0000000000000400" },
    { HVM(2), 1032, "dr7", 0, 0xd0402,
      "0x00000000000d0402 G0 BP0=write BP0=4bytes" },
    { HVM(2), 1032, "cs_sel", 0, 0x10, "0x0010 GDT 2" },
    { HVM(2), 1032, "cs_sel", 0, 0x33, "0x0033 GDT 6 RPL 3" },
    { HVM(2), 1032, "ldtr_sel", 0, 0xf, "0x000f LDT 1 RPL 3" },
    { HVM(2), 1032, "ds_sel", 0, 0, "0x0000 null" },
    { HVM(2), 1032, "ds_sel", 0, 0x12345, "0x12345" },
    { HVM(2), 1032, "cs_arbytes", 0, 0xa9b,
      "0x00000a9b code-rx-accessed DPL0 L G" },
    { HVM(2), 1032, "ds_arbytes", 0, 0xcf3,
      "0x00000cf3 data-rw-accessed DPL3 D/B G" },
    { HVM(2), 1032, "tr_arbytes", 0, 0x8b, "0x0000008b TSS-busy DPL0" },
    { HVM(2), 1032, "fs_arbytes", 0, 0x10000,
      "0x00010000 DPL0 not-present +0x10000" },
    { HVM(2), 1032, "fpu_regs.mxcsr", 0, 0x1f80,
      "0x00001f80 IM DM ZM OM UM PM" },
    { HVM(2), 1032, "fpu_regs.mxcsr", 0, 0x7f80,
      "0x00007f80 IM DM ZM OM UM PM RC=zero" },
    { HVM(2), 1032, "fpu_regs.fcw", 0, 0x37f,
      "0x037f IM DM ZM OM UM PM PC=extended" },
    { HVM(2), 1032, "fpu_regs.fsw", 0, 0x3800, "0x3800 TOP 7" },
    { HVM(2), 1032, "pending_event", 0, 0, "0x00000000 none" },
    { HVM(2), 1032, "pending_event", 0, 0x80000b0e,
      "0x80000b0e valid vector 0xe exception error-code" },
    { HVM(2), 1032, "pending_event", 0, 0x80000030,
      "0x80000030 valid vector 0x30" },
    { HVM(2), 1032, "pending_type", 0, 2, "2 NMI" },
    { HVM(2), 1032, "pending_type", 0, 0, "0 external-interrupt" },
    { HVM(2), 1032, "pending_type", 0, 1, "1" },
    { HVM(2), 1032, "flags", 0, 1, "0x00000001 FPU_INITIALISED" },
    { HVM(2), 1032, "flags", 0, 2, "0x00000002 +0x2" },
    { HVM(3), 8, "irr", 0, 0x8f, "0-3 7" },
    { HVM(3), 8, "irr", 0, 0, "none" },
    { HVM(3), 8, "init_state", 0, 0, "0 done" },
    { HVM(3), 8, "init_state", 0, 6, "6 ICW3-next" },
    { HVM(4), 400, "redirtbl[].bits", 47, 0x010000000001a931,
      "0x010000000001a931 vector 0x31 lowest-priority logical active-low "
      "level masked to 0x1" },
    { HVM(4), 400, "redirtbl[].fields.delivery_mode", 0, 7, "7 ExtINT" },
    { HVM(4), 400, "redirtbl[].fields.trig_mode", 0, 1, "1 level" },
    { HVM(5), 32, "apic_base_msr", 0, 0xfee00d00,
      "0x00000000fee00d00 BSP x2APIC enabled at 0xfee00000" },
    { HVM(5), 32, "disabled", 0, 2, "0x00000002 software" },
    { HVM(5), 32, "pending_esr", 0, 0x40,
      "0x00000040 received-illegal-vector" },
    { HVM(6), 1024, "svr", 0, 0x1ff, "0x000001ff vector 0xff enabled" },
    { HVM(6), 1024, "lvtt", 0, 0x400ec,
      "0x000400ec vector 0xec TSC-deadline" },
    { HVM(6), 1024, "lvtt", 0, 0x10000, "0x00010000 masked one-shot" },
    { HVM(6), 1024, "lvt0", 0, 0x8700, "0x00008700 ExtINT level" },
    { HVM(6), 1024, "lvt1", 0, 0x400, "0x00000400 NMI" },
    { HVM(6), 1024, "icr_low", 0, 0xc4608,
      "0x000c4608 vector 0x8 startup assert to-others" },
    { HVM(6), 1024, "dfr", 0, 0xffffffff, "0xffffffff flat" },
    { HVM(6), 1024, "dfr", 0, 0x0fffffff, "0x0fffffff cluster" },
    { HVM(6), 1024, "tdcr", 0, 0xb, "0x0000000b by-1" },
    { HVM(6), 1024, "version", 0, 0x01050014,
      "0x01050014 version 0x14 highest-LVT 5 EOI-broadcast-suppression" },
    { HVM(6), 1024, "irr", 0, 0x80000000, "31" },
    { HVM(6), 1024, "irr", 7, 0x80000001, "224 255" },
    { HVM(7), 16, "i", 1, 3, "64-65" },
    { HVM(10), 56, "channels[].mode", 2, 3, "3 square-wave" },
    { HVM(10), 56, "channels[].mode", 1, 255, "255 never-set" },
    { HVM(10), 56, "channels[].rw_mode", 2, 3, "3 word" },
    { HVM(10), 56, "channels[].read_state", 0, 4, "4 word-high" },
    { HVM(10), 56, "channels[].status", 0, 0xb6,
      "0xb6 output word square-wave" },
    { HVM(11), 24, "cmos_data.reg_b", 0, 0x02, "0x02 BCD 24h" },
    { HVM(11), 24, "cmos_data.reg_b", 0, 0x74,
      "0x74 PIE AIE UIE binary 12h" },
    { HVM(11), 24, "cmos_data.reg_a", 0, 0x26, "0x26 divider 2 rate 6" },
    { HVM(11), 24, "rtc_offset", 0, (uint64_t)-3600, "-3600" },
    { HVM(11), 24, "rtc_offset", 0, 3600, "3600" },
    { HVM(11), 24, "rtc_offset", 0, UINT64_C(1) << 63,
      "-9223372036854775808" },
    { HVM(12), 1048, "capability", 0, 0x0f42400080868201,
      "0x0f42400080868201 revision 0x1 highest-timer 2 legacy-capable "
      "vendor 0x8086 fs 256000000" },
    { HVM(12), 1048, "config", 0, 3, "0x0000000000000003 enabled legacy" },
    { HVM(12), 1048, "timers[].config", 1, 0xf0000000043c,
      "0x0000f0000000043c enabled periodic periodic-capable "
      "64-bit-capable to-pin 2 pins 0xf000" },
    { HVM(13), 8, "pm1a_en", 0, 0x120, "0x0120 GBL PWRBTN" },
    { HVM(13), 8, "pm1a_sts", 0, 0x8000, "0x8000 WAK" },
    { HVM(14), 240, "msr_pat_cr", 0, 0x0007040600070406,
      "0x0007040600070406 WB WT UC- UC WB WT UC- UC" },
    { HVM(14), 240, "msr_mtrr_cap", 0, 0x508,
      "0x0000000000000508 variable 8 fixed WC" },
    { HVM(14), 240, "msr_mtrr_def_type", 0, 0xc06,
      "0x0000000000000c06 enabled fixed WB" },
    { HVM(15), 32, "guest_os_id", 0, 0x0001040601001db1,
      "0x0001040601001db1 Windows-NT major 6 minor 1 build 7601" },
    { HVM(15), 32, "hypercall_gpa", 0, 0x7fff001,
      "0x0000000007fff001 enabled page 0x7fff000" },
    { HVM(16), 600, "xcr0", 0, 0x2e7,
      "0x00000000000002e7 X87 SSE AVX OPMASK ZMM_HI256 HI16_ZMM PKRU" },
    { HVM(16), 600, "save_area.xsave_hdr.xcomp_bv", 0,
      0x8000000000000007, "0x8000000000000007 X87 SSE AVX compacted" },
    { HVM(17), 216, "sint_msr", 3, 0x10000,
      "0x0000000000010000 masked" },
    { HVM(17), 216, "stimer_config_msr", 0, 0x3100f,
      "0x000000000003100f enabled periodic lazy auto-enable direct SINT 3" },
    { HVM(18), 32, "caps", 0, 0x9000802,
      "0x0000000009000802 banks 2 TES_P SER_P LMCE_P" },
    { HVM(20), 24, "msr[].index", 0, 0x48, "0x00000048 SPEC_CTRL" },
    { HVM(20), 24, "msr[].index", 0, 0xc0011027,
      "0xc0011027 DR0_ADDRESS_MASK" },
    { HVM(20), 24, "msr[].index", 0, 0xc0000123, "0xc0000123" },
    { DOMCTX_START, 8, "xen_minor", 0, 17, "17" },
    { DOMCTX_SHARED_INFO, 3144, "flags", 0, 1, "0x00000001 32-bit" },
    { DOMCTX_SHARED_INFO, 3144, "evtchn_pending", 63, 1, "4032" },
    { DOMCTX_SHARED_INFO, 2352, "evtchn_mask", 1, 3, "32-33" },
    /* each vCPU has a selector of its own */
    { DOMCTX_SHARED_INFO, 3144, "vcpu_info[].evtchn_pending_sel", 0, 9,
      "0 3" },
    { DOMCTX_SHARED_INFO, 3144, "vcpu_info[].evtchn_pending_sel", 1, 9,
      "0 3" },
    { DOMCTX_SHARED_INFO, 2352, "vcpu_info[].evtchn_pending_sel", 31,
      UINT64_C(1) << 31, "31" },
    { DOMCTX_SHARED_INFO, 3144, "vcpu_info[].time.tsc_shift", 0, 0xff,
      "-1" },
    { DOMCTX_SHARED_INFO, 3144, "vcpu_info[].time.flags", 0, 3,
      "0x03 TSC_STABLE GUEST_STOPPED" },
    { DOMCTX_TSC_INFO, 24, "mode", 0, 2, "2 never-emulate" },
    { DOMCTX_TSC_INFO, 24, "mode", 0, 3, "3" },
    { DOMCTX_DIGEST, 16, "algorithm", 0, 1, "1 CRC-64/XZ" },
};

static const struct cat_field *field_of(uint32_t type, uint64_t length,
                                        const char *name)
{
    const struct cat_record *record = cat_record_of_type(type);
    const struct cat_layout *layout =
        cat_layout(record, length, CAT_NEWEST);
    const struct cat_field *field;

    ck_assert_ptr_nonnull(layout);
    field = cat_field(record, layout, name);
    ck_assert_msg(field != NULL, "%s %s", record->name, name);
    return field;
}

START_TEST(text)
{
    const struct cat_field *field =
        field_of(values[_i].type, values[_i].length, values[_i].field);
    const char *wanted = values[_i].text;
    char whole[VALUE_ROOM], number[VALUE_ROOM], words[VALUE_ROOM];
    size_t n = value_text(field, values[_i].i, values[_i].value, whole,
                          sizeof(whole));

    ck_assert_str_eq(whole, wanted);
    ck_assert_uint_eq(n, strlen(wanted));
    /* the parts make the whole */
    n = value_number(field, values[_i].i, values[_i].value, number,
                     sizeof(number));
    ck_assert_uint_eq(n, strlen(number));
    n = value_words(field, values[_i].value, words, sizeof(words));
    ck_assert_uint_eq(n, strlen(words));
    ck_assert_msg(strncmp(wanted, number, strlen(number)) == 0, "%s", number);
    ck_assert_str_eq(wanted + strlen(number) + (n > 0), words);
    /* and in less room there is less of it, and nothing behind */
    for (size_t room = 1; room <= strlen(wanted) + 1; room++) {
        memset(whole, '#', sizeof(whole));
        n = value_text(field, values[_i].i, values[_i].value, whole, room);
        ck_assert_uint_lt(n, room);
        ck_assert_uint_eq(n, strlen(whole));
        ck_assert_int_eq(strncmp(whole, wanted, n), 0);
        ck_assert_int_eq(whole[room], '#');
    }
}
END_TEST

/* No value of any field needs more than the room. */
START_TEST(room)
{
    static const uint64_t worst[] = { UINT64_MAX, 0x5555555555555555,
                                      0xaaaaaaaaaaaaaaaa, 0 };
    const size_t i = (size_t)_i;
    const struct cat_record *record =
        i < cat_table_size ? &cat_table[i]
                           : &cat_image_table[i - cat_table_size];
    char buf[VALUE_ROOM];

    for (size_t k = 0; k < record->n_fields; k++)
        for (size_t w = 0; w < sizeof(worst) / sizeof(worst[0]); w++) {
            const struct cat_field *field = &record->fields[k];
            uint64_t value = worst[w];

            if (field->bits || field->width < 8)
                value &= (UINT64_C(1) << (field->bits ? field->bits
                                                      : 8 * field->width)) -
                         1;
            ck_assert_uint_lt(value_text(field, 65535, value, buf,
                                         sizeof(buf)), sizeof(buf) - 1);
        }
}
END_TEST

/* A row that is well-formed, within the bits of the field, and that an
 * earlier one does not hide. */
static void check_row(const struct cat_field *field,
                      const struct cat_word *row)
{
    unsigned int width =
        field->bits ? field->bits : 8u * field->width;

    ck_assert_msg(row->bit < 64 && row->mask >> row->bit & 1 &&
                      row->mask == row->mask >> row->bit << row->bit,
                  "%s %s", field->name, row->word);
    if (!row->word)
        return;
    ck_assert_msg(*row->word && !strpbrk(row->word, " \t\n+,"), "%s '%s'",
                  field->name, row->word);
    if (row->kind == CAT_IS)
        ck_assert_msg(!(row->value & ~row->mask), "%s %s", field->name,
                      row->word);
    /* Smaller tables serve wider fields, and one serves 32 and 64 bits. */
    ck_assert_msg(row->bit < width, "%s %s", field->name, row->word);
}

static void check_twice(const struct cat_field *field)
{
    const struct cat_names *names = field->names;

    for (size_t a = 0; a < names->n; a++)
        for (size_t b = a + 1; b < names->n; b++) {
            const struct cat_word *x = &names->words[a];
            const struct cat_word *y = &names->words[b];

            ck_assert_msg(x->kind != CAT_IS || y->kind != CAT_IS ||
                              x->mask != y->mask || x->value != y->value,
                          "%s: %s and %s", field->name, x->word, y->word);
        }
}

/* Who is printed as flags or as an enumeration has names for them. */
START_TEST(names_are_sound)
{
    const size_t i = (size_t)_i;
    const struct cat_record *record =
        i < cat_table_size ? &cat_table[i]
                           : &cat_image_table[i - cat_table_size];

    for (size_t k = 0; k < record->n_fields; k++) {
        const struct cat_field *field = &record->fields[k];

        ck_assert_msg(field->names || (field->print != CAT_FLAGS &&
                                       field->print != CAT_ENUM),
                      "%s %s", record->name, field->name);
        if (!field->names)
            continue;
        for (size_t r = 0; r < field->names->n; r++)
            check_row(field, &field->names->words[r]);
        check_twice(field);
    }
}
END_TEST

START_TEST(msr_bits)
{
    char buf[VALUE_ROOM];

    ck_assert_ptr_null(names_of_msr(0x49));
    value_names(names_of_msr(0x48), 5, true, buf, sizeof(buf));
    ck_assert_str_eq(buf, "IBRS SSBD");
    value_names(names_of_msr(0x140), 3, true, buf, sizeof(buf));
    ck_assert_str_eq(buf, "CPUID_FAULTING +0x2");
    value_names(names_of_msr(0xd90), 0x7f0001003, true, buf, sizeof(buf));
    ck_assert_str_eq(buf, "enabled preserve directory 0x7f0001000");
    value_names(names_of_msr(0xda0), 0, true, buf, sizeof(buf));
    ck_assert_str_eq(buf, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("value");
    TCase *tcase = tcase_create("value");
    const int records = (int)(cat_table_size + cat_image_table_size);

    tcase_add_loop_test(tcase, text, 0,
                        (int)(sizeof(values) / sizeof(values[0])));
    tcase_add_loop_test(tcase, room, 0, records);
    tcase_add_loop_test(tcase, names_are_sound, 0, records);
    tcase_add_test(tcase, msr_bits);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
