/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing contexts: each kind of difference. */
#include "diff/test-diff.h"

/* A field that one release lacks: said, and a difference only where the
 * loader of the other would make another value of it. */
START_TEST(fields_of_one_side)
{
    uint8_t old[1024] = { 0 }, new[1032] = { 0 };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 6));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(2), 0, old, 1024);
    add_record(&b, HVM(2), 0, new, 1032);
    new[1024] = 1;
    EXPECT(a, b, 0, &text);
    expect_text(&text, "note: CPU/0: length 1024 -> 1032\n");
    expect_text(&text, "note: CPU/0 flags: only in B: 0x00000001 "
                       "FPU_INITIALISED; without it loads as the same\n");
    new[1024] = 0;
    EXPECT(a, b, 1, &text);
    expect_text(&text, "\nCPU/0 flags: only in B: 0x00000000; without it "
                       "loads as 0x00000001 FPU_INITIALISED\n");
    EXPECT(b, a, 1, &text);
    expect_text(&text, "\nCPU/0 flags: only in A: ");
    bytes_free(&text);
}
END_TEST

/* An array that the other side lacks is said in one line. */
START_TEST(arrays_of_one_side)
{
    uint8_t old[16] = { 0 }, new[216] = { 0 };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 12));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(17), 0, old, sizeof(old));
    add_record(&b, HVM(17), 0, new, sizeof(new));
    EXPECT(a, b, 0, &text);
    ck_assert_uint_eq(lines_with(&text, "note: VIRIDIAN_VCPU/0 sint_msr: "
                                        "only in B: "), 1);
    expect_text(&text, "in all 16; without it loads as the same\n");
    new[24 + 8 * 3] = 1;
    EXPECT(a, b, 1, &text);
    ck_assert_uint_eq(lines_with(&text, "VIRIDIAN_VCPU/0 sint_msr[3]: "
                                        "only in B: "), 1);
    expect_text(&text, "note: VIRIDIAN_VCPU/0 sint_msr[0-2]: only in B: "
                       "0x0000000000000000 in each; without it loads as the "
                       "same\nVIRIDIAN_VCPU/0 sint_msr[3]: ");
    expect_text(&text, "note: VIRIDIAN_VCPU/0 sint_msr[4-15]: ");
    ck_assert_uint_eq(lines_with(&text, "note: VIRIDIAN_VCPU/0 sint_msr["),
                      2);
    bytes_free(&text);
}
END_TEST

/* Of an array that has parts, the elements between them are told; a run ends
 * where a part is, and what is to be ignored is left out of it. */
START_TEST(arrays_with_parts)
{
    struct domctx_diff_options options = { 0 };
    static uint8_t whole[1024];
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(6), 0, whole, 0x20);
    add_record(&b, HVM(6), 0, whole, sizeof(whole));
    compared(&a.context, &b.context, &options, &text);
    ck_assert_uint_eq(lines_with(&text, "LAPIC_REGS/0 data: "), 0);
    ck_assert_uint_eq(lines_with(&text, "LAPIC_REGS/0 data[32-"), 0);
    expect_text(&text, "\nLAPIC_REGS/0 data[36-47]: only in B: 0x00 in "
                       "each\n");
    expect_text(&text, "\nLAPIC_REGS/0 data[52-127]: ");
    options.ignore = "data[60]";
    compared(&a.context, &b.context, &options, &text);
    expect_text(&text, "\nLAPIC_REGS/0 data[52-59]: ");
    expect_text(&text, "\nLAPIC_REGS/0 data[61-127]: ");
    expect_text(&text, ", 1 ignored\n");
    bytes_free(&text);
}
END_TEST

/* Another name for the same thing, and another thing in the same place. */
START_TEST(renamed_fields)
{
    uint8_t old[16] = { 0 }, new[16] = { 0 };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 8));
    begin_side(&b, CAT_V(4, 9));
    add_record(&a, HVM(17), 0, old, sizeof(old));
    add_record(&b, HVM(17), 0, new, sizeof(new));
    old[2] = new[2] = 7;
    old[8] = new[8] = 0xd1;
    EXPECT(a, b, 0, &text);
    ck_assert_uint_eq(lines_with(&text, "note: "), 0);

    begin_side(&b, CAT_V(4, 12));
    add_record(&b, HVM(17), 0, new, sizeof(new));
    new[8] = 1;
    EXPECT(a, b, 1, &text);
    expect_text(&text, "\nVIRIDIAN_VCPU/0 apic_assist_vector 0xd1 -> "
                       "apic_assist_pending 1 in its place\n");
    old[8] = 1; /* a loader takes one for the other */
    EXPECT(a, b, 0, &text);
    expect_text(&text, "\nnote: VIRIDIAN_VCPU/0 apic_assist_vector 0x01 -> "
                       "apic_assist_pending 1 in its place\n");
    bytes_free(&text);
}
END_TEST

/* What a loader of the younger release reads in an older record of 1016
 * bytes, whose TSC is where the younger has TSC_AUX. */
START_TEST(moved_fields)
{
    uint8_t old[1016] = { 0 }, new[1024] = { 0 };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(3, 4));
    begin_side(&b, CAT_V(4, 6));
    add_record(&a, HVM(2), 0, old, sizeof(old));
    add_record(&b, HVM(2), 0, new, sizeof(new));
    old[1000] = new[1008] = 9;     /* tsc */
    old[1012] = new[1020] = 5;     /* error_code */
    old[920] = new[920] = 0x10;    /* sysenter_cs, wider since */
    EXPECT(a, b, 0, &text);
    expect_text(&text, "note: CPU/0 msr_tsc_aux: only in B: "
                       "0x0000000000000000; without it loads as the same");
    new[924] = 1;
    EXPECT(a, b, 1, &text);
    ck_assert_uint_eq(lines_with(&text, "CPU/0 sysenter_cs: "), 1);
    bytes_free(&text);
}
END_TEST

START_TEST(records_of_one_side)
{
    static const uint8_t zeros[1032];
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(2), 0, zeros, 1032);
    add_record(&a, HVM(2), 1, zeros, 1032);
    add_record(&a, HVM(2), 1, zeros, 1032); /* twice */
    add_record(&b, HVM(13), 0, zeros, 8);
    add_record(&b, HVM(2), 1, zeros, 1032);
    add_record(&b, HVM(40), 7, zeros, 4);
    EXPECT(a, b, 4, &text);
    expect_text(&text, "\nCPU/0: only in A, 1032 bytes\n"
                       "CPU/1 (number 2 of it): only in A, 1032 bytes\n"
                       "PMTIMER/0: only in B, 8 bytes\n"
                       "typecode 40/7: only in B, 4 bytes\n");
    expect_text(&text, "\nCPU                        1       0       2       "
                       "0            2\n");
    expect_text(&text, "\n4 differences\n");
    bytes_free(&text);
}
END_TEST

/* Lengths that no layout has are a difference, and the bytes as well. */
START_TEST(odd_lengths)
{
    uint8_t long_one[40] = { 0 };
    static const uint8_t zeros[32];
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(18), 0, long_one, 40);
    add_record(&b, HVM(18), 0, zeros, 32);
    EXPECT(a, b, 2, &text);
    expect_text(&text, "\nVMCE_VCPU/0: length 40 -> 32\n"
                       "VMCE_VCPU/0 bytes 32-39: only in A: "
                       "0000000000000000\n");
    long_one[39] = 1;
    EXPECT(b, a, 2, &text);
    expect_text(&text, "\nVMCE_VCPU/0 bytes 32-39: only in B: "
                       "0000000000000001\n");
    a.context.count = 0;
    add_record(&a, HVM(18), 0, long_one, 5);
    EXPECT(a, b, 5, &text);
    expect_text(&text, "\nVMCE_VCPU/0 caps: only in B: "
                       "0x0000000000000000\n");
    ck_assert_uint_eq(lines_with(&text, "note: "), 0);
    bytes_free(&text);
}
END_TEST

/* What no loader takes is not said to load as anything. */
START_TEST(no_loader)
{
    static const uint8_t zeros[1032];
    static const uint8_t msrs[24] = { 1, [8] = 0x48 };
    struct domctx_diff_options json = { .json = true };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 7));
    begin_side(&b, CAT_V(4, 7));
    add_record(&a, HVM(2), 0, zeros, 900);
    add_record(&a, HVM(16), 0, zeros, 0);
    add_record(&a, HVM(20), 0, zeros, 11);
    add_record(&b, HVM(2), 0, zeros, 1032);
    add_record(&b, HVM(16), 0, zeros, 856);
    add_record(&b, HVM(20), 0, msrs, 24);
    ck_assert_uint_gt(compared(&a.context, &b.context, &plain, &text), 9);
    expect_text(&text, "\nCPU/0 msr_efer: only in B: 0x0000000000000000\n");
    expect_text(&text, "\nCPU_XSAVE/0: length 0 -> 856\n");
    expect_text(&text, "\nCPU_XSAVE/0 xcr0: only in B: 0x0000000000000000\n");
    expect_text(&text, "\nCPU_XSAVE/0 bytes 600-855: only in B: 0000");
    expect_text(&text, "\nCPU_MSR/0 msr[0x48].val: only in B: "
                       "0x0000000000000000\n");
    ck_assert_uint_eq(lines_with(&text, "note: "), 0);
    ck_assert_ptr_null(strstr((char *)text.p, "without it"));
    compared(&a.context, &b.context, &json, &text);
    ck_assert_ptr_null(strstr((char *)text.p, "assumed"));
    /* the longer one lacks nothing */
    compared(&b.context, &a.context, &plain, &text);
    ck_assert_ptr_null(strstr((char *)text.p, "without it"));
    bytes_free(&text);
}
END_TEST

START_TEST(unknown_records)
{
    uint8_t one[40] = { 1, 2, 3 }, other[40] = { 1, 3, 4 };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(40), 0, one, 40);
    add_record(&b, HVM(40), 0, other, 38);
    one[20] = 0xff;
    EXPECT(a, b, 3, &text);
    expect_text(&text, "\ntypecode 40/0 bytes 1-2: 0203 -> 0304\n"
                       "typecode 40/0 byte 20: ff -> 00\n"
                       "typecode 40/0 bytes 38-39: only in A: 0000\n");
    memset(one, 0xee, sizeof(one));
    EXPECT(a, b, 2, &text);
    expect_text(&text, " bytes 0-37: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee... -> "
                       "01030400000000000000000000000000...\n");
    bytes_free(&text);
}
END_TEST

/* A CPU_XSAVE that is longer by zeros loads as the shorter one does. */
START_TEST(tails)
{
    uint8_t one[632] = { 0 }, other[632] = { 0 };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(16), 0, one, 600);
    add_record(&b, HVM(16), 0, other, 632);
    EXPECT(a, b, 0, &text);
    expect_text(&text, "note: CPU_XSAVE/0 bytes 600-631: only in B: 0000");
    other[631] = 1;
    EXPECT(a, b, 1, &text);
    expect_text(&text, "\nCPU_XSAVE/0 bytes 600-631: only in B: 0000");
    bytes_free(&text);
}
END_TEST

/* A register is told whole, and bytes that are none have their offset. */
#define ZEROS_28 "0000000000000000000000000000"
#define ZEROS_32 ZEROS_28 "0000"
START_TEST(registers)
{
    static uint8_t one[24 + 960], other[24 + 960];
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    one[16] = other[16] = 7;
    one[24 + 512] = other[24 + 512] = 7;
    add_record(&a, HVM(16), 0, one, sizeof(one));
    add_record(&b, HVM(16), 0, other, sizeof(other));
    memset(one + 600 + 16 * 3 + 14, 0xff, 4);
    one[24 + 832] = 1;
    EXPECT(a, b, 3, &text);
    expect_text(&text, "\nCPU_XSAVE/0 ymm3: 0xffff" ZEROS_28 ZEROS_32
                       " -> 0x" ZEROS_32 ZEROS_32 "\n"
                       "CPU_XSAVE/0 ymm4: 0x" ZEROS_28 "ffff" ZEROS_32
                       " -> 0x" ZEROS_32 ZEROS_32 "\n"
                       "CPU_XSAVE/0 byte 856: 01 -> 00\n");
    /* one side has AVX alone, the other PKRU behind it */
    other[16] = 0x07;
    other[17] = 0x02;
    a.records[0].length = 24 + 960;
    b.records[0].length = 24 + 840;
    compared(&a.context, &b.context, &plain, &text);
    expect_text(&text, "\nCPU_XSAVE/0 ymm3: 0xffff");
    /* cut off in the legacy area: no components */
    b.records[0].length = 500;
    b.records[0].layout = NULL;
    compared(&a.context, &b.context, &plain, &text);
    ck_assert_ptr_null(strstr((char *)text.p, "ymm"));
    other[17] = 0;
    bytes_free(&text);
}
END_TEST

/* index, value, ... as the body of a CPU_MSR. */
static void put_msrs(struct bytes *body, size_t count, const uint64_t *pairs)
{
    body->size = 0;
    put32le(body, (uint32_t)count);
    put32le(body, 0);
    for (size_t i = 0; i < count; i++) {
        put32le(body, (uint32_t)pairs[2 * i]);
        put32le(body, 0);
        put32le(body, (uint32_t)pairs[2 * i + 1]);
        put32le(body, (uint32_t)(pairs[2 * i + 1] >> 32));
    }
}

static const struct {
    size_t n_a, n_b;
    uint64_t a[8], b[8];
    uint64_t differences;
    const char *text;
} msr_rows[] = {
    { 2, 2, { 0x48, 1, 0x140, 1 }, { 0x140, 1, 0x48, 1 }, 0, "0 diff" },
    { 2, 2, { 0x48, 1, 0x140, 1 }, { 0x140, 1, 0x48, 5 }, 1,
      "\nCPU_MSR/0 msr[0x48].val: 0x0000000000000001 -> "
      "0x0000000000000005\n" },
    { 2, 1, { 0x48, 7, 0x140, 1 }, { 0x140, 1 }, 1,
      "\nCPU_MSR/0 msr[0x48].val: only in A: 0x0000000000000007; without "
      "it loads as 0x0000000000000000\n" },
    { 1, 2, { 0x140, 1 }, { 0x140, 1, 0x48, 0 }, 0,
      "note: CPU_MSR/0 msr[0x48].val: only in B: " },
    { 1, 1, { 0x48, 1 }, { 0x49, 1 }, 1, "\nCPU_MSR/0 msr[0].index: " },
    { 1, 1, { 0x48, 1 }, { 0x49, 2 }, 2, "\nCPU_MSR/0 msr[0x49].val: only" },
    { 2, 1, { 0x48, 1, 0x48, 2 }, { 0x48, 1 }, 1,
      "\nCPU_MSR/0 msr[0x48].val: only in A: 0x0000000000000002" },
    { 0, 1, { 0 }, { 0x48, 1 }, 1, "length 8 -> 24\n" },
    { 0, 0, { 0 }, { 0 }, 0, "0 diff" },
};

START_TEST(msrs_by_index)
{
    struct bytes left = { 0 }, right = { 0 }, text = { 0 };
    struct side a, b;

    put_msrs(&left, msr_rows[_i].n_a, msr_rows[_i].a);
    put_msrs(&right, msr_rows[_i].n_b, msr_rows[_i].b);
    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, HVM(20), 0, left.p, left.size);
    add_record(&b, HVM(20), 0, right.p, right.size);
    EXPECT(a, b, msr_rows[_i].differences, &text);
    expect_text(&text, msr_rows[_i].text);
    bytes_free(&left);
    bytes_free(&right);
    bytes_free(&text);
}
END_TEST

/* Numbers of a big-endian image are the same numbers. */
START_TEST(byte_orders)
{
    uint8_t little[24] = { 1, 0, 0, 0, 0x10, 0x27 };
    uint8_t big[24] = { 0, 0, 0, 1, 0, 0, 0x27, 0x10 };
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, DOMCTX_TSC_INFO, 0, little, sizeof(little));
    add_record(&b, DOMCTX_TSC_INFO, 0, big, sizeof(big));
    b.records[0].big = true;
    EXPECT(a, b, 0, &text);
    big[7] = 0x11;
    EXPECT(a, b, 1, &text);
    expect_text(&text, "\nTSC_INFO/0 khz: 10000 -> 10001\n");
    bytes_free(&text);
}
END_TEST

/* The bits of a bitmap in each of several structures count from 0. */
START_TEST(selectors)
{
    static uint8_t one[3144], other[3144];
    struct bytes text = { 0 };
    struct side a, b;

    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    add_record(&a, DOMCTX_SHARED_INFO, 0, one, sizeof(one));
    add_record(&b, DOMCTX_SHARED_INFO, 0, other, sizeof(other));
    one[8 + 64 + 8] = 8;
    other[8 + 2048 + 8] = 2;
    EXPECT(a, b, 2, &text);
    expect_text(&text, "\nSHARED_INFO/0 vcpu_info[1].evtchn_pending_sel: "
                       "3 -> none\n");
    expect_text(&text, "\nSHARED_INFO/0 evtchn_pending[1]: none -> 65\n");
    bytes_free(&text);
}
END_TEST

/* Components that Intel and AMD have at other places (CPUID leaf 0xd), and the
 * length of a record with all up to each. */
static const struct vendor_row {
    uint16_t accum, intel, amd, size, intel_length, amd_length;
    const char *name;
} vendor_rows[] = {
    { 0x0e7, 1088, 832, 64, 24 + 2688, 24 + 2432, "k0: 0x5a" },
    { 0x0e7, 1152, 896, 512, 24 + 2688, 24 + 2432, "zmm0: 0x5a" },
    { 0x0e7, 1664, 1408, 1024, 24 + 2688, 24 + 2432, "zmm16: 0x5a" },
    { 0x207, 2688, 2432, 8, 24 + 2696, 24 + 2440, "pkru: 0x5a" },
    { 0x2e7, 2688, 2432, 8, 24 + 2696, 24 + 2440, "pkru: 0x5a" },
};

/* Each is compared where its own side has it. */
START_TEST(components_of_vendors)
{
    const struct vendor_row *row = &vendor_rows[_i];
    static uint8_t one[2720], other[2720];
    struct bytes text = { 0 };
    struct side a, b;

    memset(one, 0, sizeof(one));
    memset(other, 0, sizeof(other));
    begin_side(&a, CAT_V(4, 17));
    begin_side(&b, CAT_V(4, 17));
    for (int k = 0; k < 2; k++) {
        uint8_t *body = k ? other : one;

        body[0] = body[8] = body[16] = body[24 + 512] =
            (uint8_t)row->accum;
        body[1] = body[9] = body[17] = body[24 + 513] =
            (uint8_t)(row->accum >> 8);
        memset(body + 24 + (k ? row->amd : row->intel), 0x5a, row->size);
    }
    add_record(&a, HVM(16), 0, one, row->intel_length);
    add_record(&b, HVM(16), 0, other, row->amd_length);
    EXPECT(a, b, 0, &text);
    expect_text(&text, "note: CPU_XSAVE/0: length ");
    EXPECT(b, a, 0, &text);
    /* a byte that differs is one of a register, which is told whole */
    other[24 + row->amd] = 0x5b;
    EXPECT(a, b, 1, &text);
    expect_text(&text, row->name);
    expect_text(&text, "5a5b");
    other[24 + row->amd] = 0x5a;
    /* between the components there should be nothing */
    one[24 + 832] = row->accum & 8 ? 0 : 1;
    EXPECT(a, b, 1, &text);
    expect_text(&text, "\nCPU_XSAVE/0 byte 856: only in A: 01\n");
    /* two of one vendor: byte by byte, as ever */
    one[24 + 832] = 0;
    b.records[0].body = one;
    b.records[0].length = row->intel_length;
    EXPECT(a, b, 0, &text);
    bytes_free(&text);
}
END_TEST

TCase *diff_kinds(void)
{
    TCase *tcase = tcase_create("kinds");

    tcase_add_test(tcase, fields_of_one_side);
    tcase_add_test(tcase, arrays_of_one_side);
    tcase_add_test(tcase, arrays_with_parts);
    tcase_add_test(tcase, renamed_fields);
    tcase_add_test(tcase, moved_fields);
    tcase_add_test(tcase, records_of_one_side);
    tcase_add_test(tcase, odd_lengths);
    tcase_add_test(tcase, no_loader);
    tcase_add_test(tcase, unknown_records);
    tcase_add_test(tcase, tails);
    tcase_add_test(tcase, registers);
    tcase_add_loop_test(tcase, components_of_vendors, 0, N(vendor_rows));
    tcase_add_loop_test(tcase, msrs_by_index, 0, N(msr_rows));
    tcase_add_test(tcase, byte_orders);
    tcase_add_test(tcase, selectors);
    return tcase;
}
