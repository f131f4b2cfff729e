/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reports of a judgement: full, one for both, none. */
#include "verdict/judging.h"

/* More findings than a report holds: the verdict's own is there. */
START_TEST(the_deciding_finding_is_kept)
{
    struct bytes b = { 0 };
    struct judged judged;
    const struct domctx_finding *decides;

    put_hvm_header(&b);
    for (uint32_t i = 0; i < 10000; i++)
        put_hvm_zeros(&b, i & 1 ? CODE_LAPIC : CODE_CPU_MSR,
                      (uint16_t)(i / 2), 0);
    put_hvm_zeros(&b, CODE_PIT, 0, 1); /* is judged in an earlier pass */
    put_hvm_end(&b);
    judged = judge(&b, SERIES(4, 17), SERIES(4, 19), NULL);
    ck_assert_uint_gt(domctx_report_dropped(judged.report), 0);
    ck_assert_int_eq(domctx_report_dropped_worst(judged.report),
                     DOMCTX_ERROR);
    decides = domctx_report_get(judged.report, judged.verdict.finding);
    ck_assert_ptr_nonnull(decides);
    ck_assert_str_eq(decides->record, "PIT/0");
    ck_assert_int_eq(decides->outcome, judged.verdict.outcome);
    ck_assert_str_eq(decides->error, judged.verdict.error);
    judged_free(&judged);
    bytes_free(&b);
}
END_TEST

/* The blob of 4.17 with a field that 4.17 refuses, parsed and judged into:
 * 0 two reports, 1 one report for both, 2 none. */
START_TEST(reports_of_a_judgement)
{
    static const struct setting cr0 = { "cr0", 0, 0x80000000 };
    struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    domctx_report *parsed = _i < 2 ? domctx_report_new() : NULL;
    domctx_report *report = _i ? parsed : domctx_report_new();
    struct domctx_verdict verdict;
    domctx_context *context;
    struct bytes b = { 0 };
    domctx_hvm *hvm;

    put_saved(&b, SERIES(4, 17), 0);
    set_field(&b, SERIES(4, 17), CODE_CPU, 0, &cr0);
    for (int i = 0; i < 4; i++) /* more than a report holds by itself */
        put_zero(&b, 8);

    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, parsed), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context,
                                           parsed), 0);
    ck_assert_int_eq(domctx_check(context, &target, NULL, parsed, &verdict,
                                  report), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_REFUSED);
    if (report) {
        ck_assert_str_eq(domctx_report_get(report, verdict.finding)->id,
                         "load-cr0");
        ck_assert_uint_eq(count_id(report, "load-cr0"), 1);
        ck_assert_uint_eq(count_id(report, "hvm-after-end"), 1);
    }
    ck_assert_int_eq(domctx_check(context, &target, NULL, NULL, NULL, NULL),
                     0);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    if (report != parsed)
        domctx_report_free(report);
    domctx_report_free(parsed);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judge-reports");
    TCase *tc = tcase_create("reports");

    tcase_add_test(tc, the_deciding_finding_is_kept);
    tcase_add_loop_test(tc, reports_of_a_judgement, 0, 3);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
