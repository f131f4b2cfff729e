/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The structs of the public headers keep their size, so that a program works
 * with a newer library of the same soname: new members take the place of
 * reserved words.  lint/lint-structs.sh wants every struct here.
 */
#include "support.h"

#include <xlcontext.h>

#include <stdint.h>

#define STRUCT(name, bytes) { #name, sizeof(struct name), bytes }

static const struct {
    const char *name;
    size_t is, was;
} structs[] = {
    STRUCT(domctx_walk, 64),
    STRUCT(domctx_fill, 40),
    STRUCT(domctx_finding, 536),
    STRUCT(domctx_gathered, 48),
    STRUCT(domctx_message, 32),
    STRUCT(domctx_record, 32),
    STRUCT(domctx_release, 12),
    STRUCT(domctx_release_range, 24),
    STRUCT(domctx_releases, 96),
    STRUCT(domctx_evidence, 296),
    STRUCT(domctx_cpuid_leaf, 24),
    STRUCT(domctx_policy_msr, 16),
    STRUCT(domctx_hvm_param, 16),
    STRUCT(domctx_record_place, 16),
    STRUCT(domctx_policy, 7184),
    STRUCT(domctx_odd_word, 40),
    STRUCT(domctx_keys, 336),
    STRUCT(domctx_domain, 520),
    STRUCT(domctx_reader, 56),
    STRUCT(domctx_layer, 16),
    STRUCT(domctx_place, 80),
    STRUCT(domctx_source_info, 1208),
    STRUCT(domctx_piece, 24),
    STRUCT(domctx_splice, 296),
    STRUCT(domctx_writer, 56),
    STRUCT(domctx_text_options, 104),
    STRUCT(domctx_diff_options, 104),
    STRUCT(domctx_html_options, 64),
    STRUCT(domctx_host, 136),
    STRUCT(domctx_features, 136),
    STRUCT(domctx_description, 15576),
    STRUCT(domctx_verdict, 688),
    STRUCT(domctx_checked, 104),
    STRUCT(domctx_cure, 88),
    STRUCT(domctx_live_vcpu, 32),
    STRUCT(domctx_live, 4520),
    STRUCT(domctx_look, 80),
    STRUCT(domctx_provenance, 1008),
    STRUCT(domctx_open_options, 56),
    STRUCT(domctx_port, 32),
    STRUCT(domctx_evtchn, 88),
    STRUCT(domctx_grant_table, 72),
    STRUCT(domctx_vcpu_state, 56),
    STRUCT(domctx_entry, 96),
    STRUCT(domctx_kind, 48),
    STRUCT(domctx_page, 64),
    STRUCT(domctx_value, 144),
    STRUCT(domctx_judging, 112),
    STRUCT(domctx_making, 136),
    STRUCT(xlcontext_cured, 40),
    STRUCT(xlcontext_looked, 4608),
    STRUCT(xlcontext_held, 88),
    STRUCT(xlcontext_saved, 96),
    STRUCT(xlcontext_restored, 120),
};

START_TEST(sizes)
{
    if (sizeof(void *) != 8 || sizeof(long) != 8)
        return; /* these are the sizes of 64-bit systems */
    for (size_t i = 0; i < sizeof(structs) / sizeof(*structs); i++)
        ck_assert_msg(structs[i].is == structs[i].was,
                      "struct %s has %zu bytes, had %zu", structs[i].name,
                      structs[i].is, structs[i].was);
}
END_TEST

/* The library writes zeros there, so that a later version can tell. */
#define ASSERT_ZERO(words) \
    do { \
        for (size_t w = 0; w < sizeof(words) / sizeof(*(words)); w++) \
            ck_assert_uint_eq((words)[w], 0); \
    } while (0)

static void judge(domctx_report *report)
{
    struct bytes b = { 0 };
    struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    struct domctx_verdict verdict;
    struct viewed viewed;

    load_sample(&b, samples[0]);
    viewed = view_blob(&b, 4, 17);
    memset(&verdict, 0xff, sizeof(verdict));
    ck_assert_int_eq(domctx_check(viewed.context, &target, NULL, NULL,
                                  &verdict, report), 0);
    ASSERT_ZERO(verdict.reserved);
    memset(&verdict, 0xff, sizeof(verdict));
    ck_assert_int_eq(domctx_check_series(viewed.context, &target, NULL,
                                         NULL, &verdict, report), 0);
    ASSERT_ZERO(verdict.reserved);
    viewed_free(&viewed);
    bytes_free(&b);
}

START_TEST(reserved_words_of_results)
{
    domctx_report *report = domctx_report_new();

    judge(report);
    ck_assert_uint_gt(domctx_report_count(report), 0);
    for (size_t i = 0; i < domctx_report_count(report); i++)
        ASSERT_ZERO(domctx_report_get(report, i)->reserved);
    domctx_report_free(report);
}
END_TEST

START_TEST(reserved_words_of_provenance)
{
    struct bytes b = { 0 };
    struct domctx_provenance provenance;
    domctx_image *image;

    put_start(&b, 4, 17);
    put_end(&b);
    put_record(&b, DOMCTX_PROVENANCE, 0, "{}", 2);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    memset(&provenance, 0xff, sizeof(provenance));
    ck_assert_int_eq(domctx_image_provenance(image, &provenance, NULL), 1);
    ASSERT_ZERO(provenance.reserved);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("abi");
    TCase *tc = tcase_create("abi");

    tcase_add_test(tc, sizes);
    tcase_add_test(tc, reserved_words_of_results);
    tcase_add_test(tc, reserved_words_of_provenance);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
