/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings, the table of messages, and the order of releases. */
#include "support.h"

#include "catalogue/catalogue.h"
#include "base/messages.h"

START_TEST(a_finding_says_what_was_put_in)
{
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *f;
    struct msg_at at = {
        .record = "CPU", .has_instance = true, .instance = 3,
        .field = "cr0", .has_offset = true, .offset = 77,
        .expected = HEX(0x11), .found = DEC(12),
    };

    ck_assert_int_eq(msg_raise(report, MSG_RECORD_LENGTH, &at, "%d words",
                               2), -1);
    f = domctx_report_get(report, 0);
    ck_assert_str_eq(f->id, "record-length");
    ck_assert_int_eq(f->severity, DOMCTX_ERROR);
    ck_assert_str_eq(f->record, "CPU/3");
    ck_assert_str_eq(f->field, "cr0");
    ck_assert_uint_eq(f->offset, 77);
    ck_assert_str_eq(f->expected, "0x11");
    ck_assert_str_eq(f->found, "12");
    ck_assert_str_eq(f->text, "2 words");
    ck_assert_ptr_null(domctx_report_get(report, 1));
    domctx_report_free(report);
}
END_TEST

START_TEST(a_finding_without_a_place)
{
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *f;

    ck_assert_int_eq(msg_raise(report, MSG_HVM_AFTER_END, NULL, "x"), 0);
    f = domctx_report_get(report, 0);
    ck_assert_str_eq(f->record, "");
    ck_assert_str_eq(f->field, "");
    ck_assert(f->offset == DOMCTX_NO_OFFSET);
    ck_assert_str_eq(f->expected, "");
    ck_assert_str_eq(f->found, "");
    domctx_report_free(report);
}
END_TEST

START_TEST(long_words_are_cut)
{
    domctx_report *report = domctx_report_new();
    char words[1000];
    struct msg_at at = { .record = words, .field = words,
                         .expected = TEXT(words), .found = TEXT(words) };

    memset(words, 'w', sizeof(words));
    words[sizeof(words) - 1] = '\0';
    msg_raise(report, MSG_RECORD_LENGTH, &at, "%s", words);
    ck_assert_uint_eq(strlen(domctx_report_get(report, 0)->text), 239);
    ck_assert_uint_eq(strlen(domctx_report_get(report, 0)->record), 39);
    domctx_report_free(report);
}
END_TEST

START_TEST(no_report_is_fine)
{
    ck_assert_int_eq(msg_raise(NULL, MSG_RECORD_LENGTH, NULL, "x"), -1);
    ck_assert_int_eq(msg_raise(NULL, MSG_HVM_AFTER_END, NULL, "x"), 0);
    ck_assert_int_eq(msg_no_memory(NULL, 1), -1);
    domctx_report_free(NULL);
}
END_TEST

START_TEST(at_most_4096_are_kept)
{
    domctx_report *report = domctx_report_new();

    for (int i = 0; i < 5000; i++)
        msg_raise(report, MSG_HVM_AFTER_END, NULL, "%d", i);
    ck_assert_uint_eq(domctx_report_count(report), 4096);
    ck_assert_uint_eq(domctx_report_dropped(report), 904);
    ck_assert_str_eq(domctx_report_get(report, 4095)->text, "4095");
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_NOTE);
    msg_raise(report, MSG_IMAGE_DUPLICATE, NULL, "x");
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_DAMAGED);
    domctx_report_free(report);
}
END_TEST

START_TEST(a_finding_passed_on)
{
    domctx_report *one = domctx_report_new(), *two = domctx_report_new();
    struct msg_at at = { .record = "RTC" };

    msg_raise(one, MSG_IMAGE_DUPLICATE, &at, "x");
    msg_forward(two, domctx_report_get(one, 0), DOMCTX_LIVE);
    ck_assert_int_eq(domctx_report_worst(two), DOMCTX_LIVE);
    expect_only(two, "image-duplicate");
    ck_assert_str_eq(domctx_report_get(two, 0)->record, "RTC");
    domctx_report_free(one);
    domctx_report_free(two);
}
END_TEST

START_TEST(the_table_of_messages)
{
    const struct domctx_message *m;
    size_t n = 0;

    for (; (m = domctx_message_at(n)); n++) {
        ck_assert_uint_gt(strlen(m->cause), 10);
        ck_assert_uint_gt(strlen(m->mend), 3);
        ck_assert_str_ne(domctx_severity_name(m->severity), "unknown");
    }
    ck_assert_uint_eq(n, MSG_COUNT);
}
END_TEST

START_TEST(severities_have_names)
{
    ck_assert_str_eq(domctx_severity_name(DOMCTX_NOTE), "note");
    ck_assert_str_eq(domctx_severity_name(DOMCTX_LOST), "lost");
    ck_assert_str_eq(domctx_severity_name((enum domctx_severity)99),
                     "unknown");
}
END_TEST

START_TEST(releases_compare_part_by_part)
{
    ck_assert_uint_lt(cat_version_of(4, 9), cat_version_of(4, 10));
    ck_assert_uint_lt(cat_version_of(4, 20), cat_version_of(5, 0));
    ck_assert_uint_lt(cat_version_of(3, 99), cat_version_of(4, 0));
    ck_assert_uint_lt(cat_version_of(4, 22), cat_version_of(4, 300));
    ck_assert_uint_lt(cat_version_of(4, 300), cat_version_of(5, 0));
    ck_assert_uint_gt(cat_version_of(256, 0), cat_version_of(4, 22));
    ck_assert_uint_gt(cat_version_of(UINT32_MAX, UINT32_MAX), CAT_NEWEST);
}
END_TEST

START_TEST(types_have_names)
{
    ck_assert_str_eq(domctx_type_name(DOMCTX_START), "START");
    ck_assert_str_eq(domctx_type_name(DOMCTX_HVM_RECORD(2)), "HVM_CPU");
    ck_assert_str_eq(domctx_type_name(DOMCTX_DIGEST), "DIGEST");
    ck_assert_ptr_null(domctx_type_name(4));
    ck_assert_ptr_null(domctx_type_name(DOMCTX_HVM_RECORD(21)));
    ck_assert_str_eq(domctx_hvm_name(2), "CPU");
    ck_assert_str_eq(domctx_hvm_name(0), "END");
    ck_assert_ptr_null(domctx_hvm_name(21));
    ck_assert_ptr_null(domctx_hvm_name(0x10002));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tc = tcase_create("report");

    tcase_add_test(tc, a_finding_says_what_was_put_in);
    tcase_add_test(tc, a_finding_without_a_place);
    tcase_add_test(tc, long_words_are_cut);
    tcase_add_test(tc, no_report_is_fine);
    tcase_add_test(tc, at_most_4096_are_kept);
    tcase_add_test(tc, a_finding_passed_on);
    tcase_add_test(tc, the_table_of_messages);
    tcase_add_test(tc, severities_have_names);
    tcase_add_test(tc, releases_compare_part_by_part);
    tcase_add_test(tc, types_have_names);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
