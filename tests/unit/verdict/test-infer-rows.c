/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each row of the evidence: where it is seen, and where it is not. */
#include "verdict/test-infer.h"

/* Each id: a blob in which it is seen.  Then one edit, typecode and field or
 * (NULL) the record left out, in a blob where it was not seen. */
static const struct row {
    const char *id;
    struct release release;
    unsigned int what;
    uint32_t typecode;
    const char *field;
    size_t i;
    uint64_t value;
} rows[] = {
    { "length", RELEASE(4, 17, 7), 0 },
    { "lapic-32", RELEASE(4, 18, 5), 0 },
    { "lapic-24", RELEASE(4, 18, 4), 0 },
    { "mtrr-absent", RELEASE(3, 1, 0), 0 },
    { "mtrr-absent", RELEASE(3, 4, 0), 0, 14 },
    { "vmce-absent", RELEASE(4, 1, 0), 0 },
    { "vmce-absent", RELEASE(4, 17, 0), 0, 18 },
    { "tsc-adjust-absent", RELEASE(4, 2, 0), 0 },
    { "tsc-adjust-absent", RELEASE(4, 17, 0), 0, 19 },
    { "viridian-vcpu-absent", RELEASE(4, 1, 0), SAVER_VIRIDIAN },
    { "viridian-vcpu-absent", RELEASE(4, 2, 0), SAVER_VIRIDIAN, 17 },
    { "pic-absent", RELEASE(4, 12, 0), SAVER_PVH },
    { "pic-absent", RELEASE(4, 12, 0), 0, 3 },
    { "lapic-absent", RELEASE(4, 12, 0), SAVER_PVH, 5 },
    { "gtsc-khz", RELEASE(4, 0, 0), 0 },
    { "gtsc-khz", RELEASE(3, 4, 0), 0, 1, "pad0", 0, 1 },
    { "gtsc-khz-0", RELEASE(3, 4, 0), 0 },
    { "gtsc-khz-0", RELEASE(4, 0, 0), 0, 1, "gtsc_khz", 0, 0 },
    { "hpet-16ns", RELEASE(3, 3, 0), 0 },
    { "hpet-tsc", RELEASE(3, 2, 0), 0 },
    { "hpet-tsc", RELEASE(4, 17, 0), 0, 12, "capability", 0, 0x8086a201 },
    { "xsave-excess", RELEASE(4, 3, 0), SAVER_XSAVE | SAVER_AMD },
    { "xsave-excess", RELEASE(4, 17, 0), SAVER_XSAVE, 16, "xcr0_accum", 0,
      3 },
    { "xsave-fitted", RELEASE(4, 4, 0), SAVER_XSAVE | SAVER_AMD },
    { "xsave-fitted", RELEASE(4, 2, 0), SAVER_XSAVE, 16, "xfeature_mask", 0,
      UINT64_C(0x4000000000000007) },
    { "xsave-lwp", RELEASE(4, 12, 0), SAVER_XSAVE | SAVER_AMD },
    { "xsave-avx512", RELEASE(4, 5, 0), SAVER_XSAVE },
    { "xsave-pkru", RELEASE(4, 7, 0), SAVER_XSAVE },
    { "xsave-pkru", RELEASE(4, 6, 0), SAVER_XSAVE, 16, "xcr0_accum", 0,
      0x207 },
    { "xsave-amx", RELEASE(4, 20, 0), SAVER_XSAVE },
    { "msr-length", RELEASE(4, 6, 0), SAVER_MSR | SAVER_AMD },
    { "msr-length", RELEASE(4, 9, 1), SAVER_MSR },
    { "msr-length-2", RELEASE(4, 7, 0), SAVER_MSR },
    { "msr-length-right", RELEASE(4, 9, 2), SAVER_MSR | SAVER_AMD },
    { "msr-length-right", RELEASE(4, 5, 0), SAVER_MSR, 20, "msr[].index", 0,
      0xc0011019 },
    { "msr-xss", RELEASE(4, 7, 0), SAVER_MSR },
    { "load-msr-unknown", RELEASE(4, 10, 0), SAVER_MSR },
    { "load-msr-unknown", RELEASE(4, 7, 5), SAVER_MSR },
    { "load-msr-unknown", RELEASE(4, 17, 0), SAVER_MSR },
    { "load-msr-unknown", RELEASE(4, 18, 0), SAVER_MSR },
    { "msr-flags", RELEASE(4, 8, 0), SAVER_AMD },
    { "msr-flags", RELEASE(4, 9, 0), 0, 2, "msr_flags", 0, 7 },
    { "msr-flags-0", RELEASE(4, 8, 1), SAVER_SYSCALL },
    { "fpu-unused", RELEASE(4, 21, 0), SAVER_FPU_UNUSED },
    { "fpu-unused", RELEASE(4, 22, 0), 0, 2, "flags", 0, 0 },
    { "mtrr-same", RELEASE(4, 12, 0), 0 },
    { "mtrr-differ", RELEASE(4, 11, 0), 0 },
    { "mtrr-differ", RELEASE(4, 12, 0), 0, 14, "msr_mtrr_var", 15, 1 },
    { "viridian-vector", RELEASE(4, 10, 0), SAVER_VIRIDIAN },
    { "viridian-pending", RELEASE(4, 11, 0), SAVER_VIRIDIAN },
    { "x2apic-ldr-1", RELEASE(4, 4, 0), SAVER_X2APIC },
    { "x2apic-ldr-vcpu", RELEASE(4, 18, 0), SAVER_X2APIC },
    { "x2apic-ldr-id", RELEASE(4, 17, 3), SAVER_X2APIC },
    { "load-cr4", RELEASE(4, 9, 0), 0, 2, "cr4", 0, 0xe20 },
    { "load-cr4", RELEASE(4, 6, 0), 0, 2, "cr4", 0, 0x400620 },
    { "load-cr4", RELEASE(4, 15, 0), 0, 2, "cr4", 0, 0x800620 },
    { "load-cr4", RELEASE(4, 17, 0), 0, 2, "cr4", 0, 0x1000620 },
    { "load-cr4", RELEASE(4, 21, 0), 0, 2, "cr4", 0, 0x8000620 },
    { "load-efer", RELEASE(4, 17, 0), 0, 2, "msr_efer", 0, 0x200d01 },
    { "load-xsave-component", RELEASE(4, 5, 0), SAVER_XSAVE, 16,
      "xcr0_accum", 0, 0x207 },
    { "tsc-at-once", RELEASE(4, 5, 0), 0 },
};

static bool sees(const struct row *row, bool edited)
{
    struct bytes b = { 0 };
    struct inferred result;
    bool found;

    put_saved(&b, row->release, row->what);
    if (edited && row->field)
        edit(&b, row->typecode, row->field, row->i, row->value);
    else if (edited)
        leave_out(&b, row->typecode);
    result = infer(&b);
    found = evidence_of(result.inference, row->id);
    inferred_free(&result);
    bytes_free(&b);
    return found;
}

static void row_is_seen(int i)
{
    const struct row *row = &rows[i];
    bool edited = row->typecode != 0;

    ck_assert(sees(row, edited));
    if (edited)
        ck_assert(!sees(row, false));
}

/* No row that is never seen, and none that is always. */
START_TEST(every_row_is_tried)
{
    for (size_t i = 0; i < evidence_count; i++) {
        const char *id = evidence_table[i].id;
        bool tried = strcmp(id, "after-end") == 0 ||
                     strcmp(id, "xsave-blank") == 0;
        size_t without = 0;

        for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
            struct row other = rows[n];

            if (strcmp(rows[n].id, id) == 0) {
                tried = true;
                continue;
            }
            other.id = id;
            without += !sees(&other, false);
        }
        ck_assert_msg(tried, "no test sees %s", id);
        ck_assert_msg(without > 0, "%s is in every blob", id);
    }
}
END_TEST

/* What two rows need more than an edit of a field for. */
START_TEST(blank_xsave)
{
    struct bytes b = { 0 };
    const struct domctx_record *record;
    struct inferred result;
    domctx_hvm *hvm;

    put_saved(&b, RELEASE(4, 2, 0), SAVER_XSAVE);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
    record = domctx_hvm_find(hvm, 16, 1);
    memset(b.p + (record->body - b.p) + 24, 0, record->length - 24);
    domctx_hvm_free(hvm);
    result = infer(&b);
    ck_assert_str_eq(evidence_of(result.inference, "xsave-blank")->record,
                     "CPU_XSAVE/1");
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

/* Stale bytes narrow, zeros say nothing, and a release that is known to
 * leave none is not ruled out by them. */
START_TEST(bytes_after_end)
{
    static const struct {
        struct release release;
        uint8_t byte;
        bool seen, followed;
    } tails[] = {
        { RELEASE(4, 10, 0), 1, true, true },
        { RELEASE(4, 10, 0), 0, false, false },
        { RELEASE(4, 22, 0), 1, true, false },
    };
    const struct domctx_evidence *found;
    struct bytes b = { 0 };
    struct inferred result;

    put_saved(&b, tails[_i].release, 0);
    put_raw(&b, &tails[_i].byte, 1);
    result = infer(&b);
    found = evidence_of(result.inference, "after-end");
    ck_assert_int_eq(found != NULL, tails[_i].seen);
    if (found)
        ck_assert_int_eq(found->followed, tails[_i].followed);
    ck_assert(contains(result.inference, tails[_i].release));
    expect_only(result.report, NULL);
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

/* Parts of a context say nothing of what is missing. */
START_TEST(part_of_a_context)
{
    struct bytes b = { 0 };
    struct inferred result;

    put_saved(&b, RELEASE(4, 17, 0), 0);
    leave_out(&b, 7);
    leave_out(&b, 14);
    leave_out(&b, 18);
    result = infer(&b);
    ck_assert_ptr_null(evidence_of(result.inference, "mtrr-absent"));
    ck_assert_ptr_null(evidence_of(result.inference, "vmce-absent"));
    ck_assert(contains(result.inference, RELEASE(4, 17, 0)));
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

START_TEST(nothing_but_a_frame)
{
    struct bytes b = { 0 };
    struct inferred result;

    put_hvm_header(&b);
    put_hvm_end(&b);
    result = infer(&b);
    /* a HEADER of zeros hints at 3.x, and nothing speaks against it */
    ck_assert_str_eq(domctx_inference_text(result.inference), "3.1 to 3.4");
    expect_only(result.report, NULL);
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

int main(void)
{
    Suite *suite = suite_create("infer-rows");
    TCase *tcase = tcase_create("infer-rows");

    for (int i = 0; i < COUNT(rows); i++)
        add_named(tcase, row_is_seen, i, "%s of %d.%d", rows[i].id,
                  rows[i].release.series >> 8,
                  rows[i].release.series & 0xff);
    tcase_add_test(tcase, every_row_is_tried);
    tcase_add_test(tcase, blank_xsave);
    tcase_add_loop_test(tcase, bytes_after_end, 0, 3);
    tcase_add_test(tcase, part_of_a_context);
    tcase_add_test(tcase, nothing_but_a_frame);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
