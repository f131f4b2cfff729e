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
    ck_assert_uint_eq(domctx_report_count(NULL), 0);
    ck_assert_uint_eq(domctx_report_dropped(NULL), 0);
    ck_assert_uint_eq(domctx_report_total(NULL, DOMCTX_NOTE), 0);
    ck_assert_int_eq(domctx_report_worst(NULL), DOMCTX_NOTE);
    ck_assert_ptr_null(domctx_report_get(NULL, 0));
    ck_assert_int_eq(domctx_report_forward(NULL, NULL, NULL, NULL), 0);
    domctx_report_clear(NULL);
    domctx_report_free(NULL);
}
END_TEST

/* Notes without end; what is worse comes last and is there all the same. */
START_TEST(a_full_report_keeps_the_worst)
{
    domctx_report *report = domctx_report_new();
    const struct msg_at crash = { .outcome = DOMCTX_CRASHES_HOST };

    for (int i = 0; i < 5000; i++)
        msg_raise(report, MSG_HVM_AFTER_END, NULL, "%d", i);
    ck_assert_uint_eq(domctx_report_count(report), 4096);
    ck_assert_uint_eq(domctx_report_dropped(report), 904);
    ck_assert_str_eq(domctx_report_get(report, 4095)->text, "4095");
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_NOTE);
    msg_raise(report, MSG_RECORD_LENGTH, NULL, "error");
    msg_raise(report, MSG_IMAGE_DUPLICATE, NULL, "damage");
    msg_raise(report, MSG_RECORD_LENGTH, &crash, "crash");
    ck_assert_uint_eq(domctx_report_count(report), 4096);
    ck_assert_uint_eq(domctx_report_dropped(report), 907);
    ck_assert_int_eq(domctx_report_dropped_worst(report), DOMCTX_NOTE);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_DAMAGED);
    ck_assert_str_eq(domctx_report_get(report, 4092)->text, "4092");
    ck_assert_str_eq(domctx_report_get(report, 4093)->text, "error");
    ck_assert_str_eq(domctx_report_get(report, 4094)->text, "damage");
    ck_assert_str_eq(domctx_report_get(report, 4095)->text, "crash");
    ck_assert_uint_eq(domctx_report_total(report, DOMCTX_NOTE), 5000);
    ck_assert_uint_eq(domctx_report_total(report, DOMCTX_ERROR), 2);
    domctx_report_free(report);
}
END_TEST

/* Each worse kind in its turn drives out the lesser ones, and none is driven
 * out by its equals. */
START_TEST(each_rank_gives_way_to_the_next)
{
    static const struct {
        enum domctx_severity severity;
        enum domctx_outcome outcome;
    } ranks[] = {
        { DOMCTX_NOTE, DOMCTX_NO_OUTCOME }, { DOMCTX_NOTE, DOMCTX_CHANGED },
        { DOMCTX_WARNING, DOMCTX_NO_OUTCOME },
        { DOMCTX_ERROR, DOMCTX_REFUSED },
        { DOMCTX_ERROR, DOMCTX_CRASHES_DOMAIN },
        { DOMCTX_ERROR, DOMCTX_CRASHES_HOST },
        { DOMCTX_DAMAGED, DOMCTX_NO_OUTCOME },
        { DOMCTX_LOST, DOMCTX_NO_OUTCOME },
    };
    domctx_report *report = domctx_report_new();

    for (size_t k = 0; k < sizeof(ranks) / sizeof(ranks[0]); k++) {
        struct domctx_finding finding = {
            .id = "x", .severity = ranks[k].severity,
            .outcome = ranks[k].outcome, .error = "", .log = "",
        };

        for (int i = 0; i < 4097; i++) {
            snprintf(finding.text, sizeof(finding.text), "%d", i);
            domctx_report_add(report, &finding);
        }
        ck_assert_uint_eq(domctx_report_count(report), 4096);
        for (size_t i = 0; i < 4096; i++) {
            const struct domctx_finding *got = domctx_report_get(report, i);

            ck_assert_int_eq(got->severity, ranks[k].severity);
            ck_assert_int_eq(got->outcome, ranks[k].outcome);
            ck_assert_int_eq(atoi(got->text), (int)i);
        }
        ck_assert_int_eq(domctx_report_dropped_worst(report),
                         ranks[k].severity);
    }
    domctx_report_free(report);
}
END_TEST

/* Notes are left out, errors become warnings. */
static bool lower(struct domctx_finding *finding, void *arg)
{
    size_t *asked = arg;

    ++*asked;
    if (finding->severity == DOMCTX_ERROR)
        finding->severity = DOMCTX_WARNING;
    return finding->severity > DOMCTX_NOTE;
}

/* _i: 1: one report for both. */
START_TEST(what_was_dropped_is_forwarded_too)
{
    domctx_report *from = domctx_report_new();
    domctx_report *to = _i ? from : domctx_report_new();
    size_t asked = 0;

    for (int i = 0; i < 5000; i++)
        msg_raise(from, MSG_HVM_AFTER_END, NULL, "%d", i);
    for (int i = 0; i < 5000; i++)
        msg_raise(from, MSG_RECORD_LENGTH, NULL, "%d", i);
    ck_assert_int_eq(domctx_report_forward(to, from, lower, &asked), 0);
    ck_assert_uint_eq(asked, 4096 + 2);
    ck_assert_uint_eq(domctx_report_count(to), 4096);
    ck_assert_uint_eq(domctx_report_dropped(to), 904);
    ck_assert_int_eq(domctx_report_worst(to), DOMCTX_WARNING);
    ck_assert_uint_eq(domctx_report_total(to, DOMCTX_WARNING), 5000);
    ck_assert_str_eq(domctx_report_get(to, 4095)->text, "4095");
    if (to != from)
        domctx_report_free(to);
    domctx_report_free(from);
}
END_TEST

START_TEST(a_report_is_cleared)
{
    domctx_report *report = domctx_report_new();

    for (int i = 0; i < 5000; i++)
        msg_raise(report, MSG_RECORD_LENGTH, NULL, "%d", i);
    domctx_report_clear(report);
    ck_assert_uint_eq(domctx_report_count(report), 0);
    ck_assert_uint_eq(domctx_report_dropped(report), 0);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_NOTE);
    msg_raise(report, MSG_HVM_AFTER_END, NULL, "again");
    ck_assert_str_eq(domctx_report_get(report, 0)->text, "again");
    domctx_report_free(report);
}
END_TEST

/* A caller's own finding of no known severity or outcome. */
START_TEST(a_finding_out_of_range)
{
    domctx_report *report = domctx_report_new();
    struct domctx_finding finding = {
        .id = "x", .severity = (enum domctx_severity)1000,
        .outcome = (enum domctx_outcome)1000, .error = "", .log = "",
    };

    domctx_report_add(report, &finding);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_LOST);
    ck_assert_uint_eq(domctx_report_total(report, finding.severity), 0);
    domctx_report_free(report);
}
END_TEST

START_TEST(a_finding_passed_on)
{
    domctx_report *one = domctx_report_new(), *two = domctx_report_new();
    struct msg_at at = { .record = "RTC" };

    msg_raise(one, MSG_IMAGE_DUPLICATE, &at, "x");
    domctx_report_forward(two, one, NULL, NULL);
    ck_assert_int_eq(domctx_report_worst(two), DOMCTX_DAMAGED);
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

/* The header, the library and configure.ac have one version. */
START_TEST(the_version_is_one)
{
    char numbers[32];

    snprintf(numbers, sizeof(numbers), "%d.%d.%d", DOMCTX_VERSION_MAJOR,
             DOMCTX_VERSION_MINOR, DOMCTX_VERSION_MICRO);
    ck_assert_str_eq(numbers, PACKAGE_VERSION);
    ck_assert_str_eq(DOMCTX_VERSION, PACKAGE_VERSION);
    ck_assert_str_eq(domctx_version(), PACKAGE_VERSION);
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
    tcase_add_test(tc, a_full_report_keeps_the_worst);
    tcase_add_test(tc, each_rank_gives_way_to_the_next);
    tcase_add_loop_test(tc, what_was_dropped_is_forwarded_too, 0, 2);
    tcase_add_test(tc, a_report_is_cleared);
    tcase_add_test(tc, a_finding_out_of_range);
    tcase_add_test(tc, a_finding_passed_on);
    tcase_add_test(tc, the_table_of_messages);
    tcase_add_test(tc, severities_have_names);
    tcase_add_test(tc, releases_compare_part_by_part);
    tcase_add_test(tc, types_have_names);
    tcase_add_test(tc, the_version_is_one);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
