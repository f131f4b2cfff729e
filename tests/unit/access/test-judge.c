/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was opened is judged with the container that it is in. */
#include "access/access-support.h"

static enum domctx_outcome judged(const struct bytes *b,
                                  const struct domctx_release *target,
                                  const char *id)
{
    domctx_report *report = domctx_report_new();
    struct domctx_judging how = { .target = target, .parsed = report };
    struct domctx_verdict verdict;
    domctx_context *context;

    ck_assert_int_eq(domctx_open_memory(b->p, b->size, NULL, &context,
                                        report), 0);
    ck_assert_int_eq(domctx_judge(context, &how, &verdict, report), 0);
    if (id)
        ck_assert_str_eq(domctx_report_get(report, verdict.finding)->id, id);
    domctx_context_free(context);
    domctx_report_free(report);
    return verdict.outcome;
}

/* Each kind of input loads where it was saved, and on a later release. */
START_TEST(sound)
{
    static const struct domctx_release later = { 4, 17, 3 };
    struct bytes b = { 0 };

    put_kind(&b, _i);
    ck_assert_int_eq(judged(&b, NULL, NULL), DOMCTX_NO_OUTCOME);
    ck_assert_int_eq(judged(&b, &later, NULL), DOMCTX_NO_OUTCOME);
    bytes_free(&b);
}
END_TEST

/* Xen 4.4 restores no libxl stream: the container decides, whatever there is
 * in it. */
START_TEST(container_first)
{
    static const struct domctx_release older = { 4, 4, DOMCTX_POINT_ANY };
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_report *report = domctx_report_new();
    struct domctx_judging how = { .target = &older };
    struct domctx_verdict verdict;
    const struct domctx_finding *finding;

    put_kind(&b, SAVE);
    context = opened(&b);
    ck_assert_int_eq(domctx_judge(context, &how, &verdict, report), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_REFUSED);
    finding = domctx_report_get(report, verdict.finding);
    ck_assert_msg(strncmp(finding->id, "container-", 10) == 0, "%s",
                  finding->id);
    /* a verdict that nobody wants, and no report */
    ck_assert_int_eq(domctx_judge(context, &how, NULL, NULL), 0);
    ck_assert_int_eq(domctx_judge(context, NULL, &verdict, NULL), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_NO_OUTCOME);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* A report that has no room left does not hide the container. */
START_TEST(container_behind_much)
{
    static const struct domctx_release older = { 4, 4, DOMCTX_POINT_ANY };
    const struct domctx_finding worse = { .id = "image-start-missing",
                                          .severity = DOMCTX_DAMAGED };
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_report *report = domctx_report_new();
    struct domctx_judging how = { .target = &older };
    struct domctx_verdict verdict;
    const struct domctx_finding *finding;

    for (size_t i = 0; i < 5000; i++)
        domctx_report_add(report, &worse);
    put_kind(&b, SAVE);
    context = opened(&b);
    ck_assert_int_eq(domctx_judge(context, &how, &verdict, report), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_REFUSED);
    finding = domctx_report_get(report, verdict.finding);
    ck_assert_msg(strncmp(finding->id, "container-", 10) == 0, "%s",
                  finding->id);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(refused_value)
{
    static const struct domctx_release same = { 4, 17, DOMCTX_POINT_ANY };
    struct bytes b = { 0 }, bad = { 0 };
    domctx_context *context;
    domctx_edit *edit;
    uint8_t *buf;
    size_t size;

    put_kind(&b, BLOB);
    context = opened(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, "CPU/0.cr0=0x80000000", NULL),
                     0);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &buf, &size, NULL), 0);
    put_raw(&bad, buf, size);
    ck_assert_int_eq(judged(&bad, &same, "load-cr0"), DOMCTX_REFUSED);
    free(buf);
    domctx_edit_free(edit);
    domctx_context_free(context);
    bytes_free(&b);
    bytes_free(&bad);
}
END_TEST

/* -- savers ------------------------------------------------------------ */

static bool has(const struct domctx_releases *set, uint32_t minor)
{
    struct domctx_release release = { 4, minor, DOMCTX_POINT_ANY };
    struct domctx_releases one;

    domctx_releases_of(&release, &one);
    for (size_t i = 0; i < DOMCTX_SERIES_ROOM; i++)
        if (set->points[i] & one.points[i])
            return true;
    return false;
}

/* START names 4.17; a blob by itself may be of later ones, too. */
START_TEST(savers)
{
    bool alone = _i == BLOB || _i == JSON_BLOB;
    struct domctx_releases set;
    struct bytes b = { 0 };
    domctx_context *context;

    put_kind(&b, _i);
    context = opened(&b);
    ck_assert_int_eq(domctx_context_savers(context, &set, NULL), 0);
    ck_assert(has(&set, 17));
    ck_assert_int_eq(has(&set, 18), alone);
    ck_assert(!has(&set, 4));
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* A view says nothing: its bytes do. */
START_TEST(savers_of_a_view)
{
    struct domctx_releases set;
    struct bytes b = { 0 };
    domctx_context *view;
    domctx_hvm *hvm;

    load_sample(&b, samples[0]);
    hvm = hvm_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &view, NULL), 0);
    ck_assert_int_eq(domctx_context_savers(view, &set, NULL), 0);
    ck_assert(has(&set, 17));
    ck_assert(!has(&set, 4));
    domctx_context_free(view);
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judge");
    TCase *tc = tcase_create("judge");

    tcase_add_loop_test(tc, sound, 0, KINDS);
    tcase_add_test(tc, container_first);
    tcase_add_test(tc, container_behind_much);
    tcase_add_test(tc, refused_value);
    tcase_add_loop_test(tc, savers, 0, KINDS);
    tcase_add_test(tc, savers_of_a_view);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
