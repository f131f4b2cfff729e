/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever was opened is made into each format, and for another release. */
#include "access/access-support.h"

#define OUTPUTS 4

static domctx_context *kind_opened(struct bytes *b, int kind)
{
    domctx_context *context;

    put_kind(b, kind);
    ck_assert_int_eq(domctx_open_memory(b->p, b->size, NULL, &context, NULL),
                     0);
    return context;
}

static void make_as(const domctx_context *context,
                    const struct domctx_making *how, struct bytes *b)
{
    domctx_report *report = domctx_report_new();
    uint8_t *buf;
    size_t size;

    if (domctx_make(context, how, &buf, &size, report) < 0)
        ck_abort_msg("%s", domctx_report_get(report, 0)->text);
    b->size = 0;
    put_raw(b, buf, size);
    free(buf);
    domctx_report_free(report);
}

static void same_bytes(const struct bytes *a, const struct bytes *b)
{
    ck_assert_uint_eq(a->size, b->size);
    ck_assert_mem_eq(a->p, b->p, a->size);
}

/* From every kind to every output, and from there to the blob: the very blob
 * that it began with. */
START_TEST(any_to_any)
{
    int kind = _i / OUTPUTS, to = _i % OUTPUTS;
    struct bytes in = { 0 }, made = { 0 }, back = { 0 }, blob = { 0 };
    domctx_context *context = kind_opened(&in, kind), *again;
    struct domctx_making how = { .to = (enum domctx_output)to };
    const struct domctx_making to_hvm = { .to = DOMCTX_TO_HVM };

    load_sample(&blob, samples[0]);
    make_as(context, &how, &made);
    again = opened_417(&made);
    ck_assert_int_eq(domctx_context_format(again),
                     to == DOMCTX_TO_HVM    ? DOMCTX_FORMAT_HVM
                     : to == DOMCTX_TO_JSON ? DOMCTX_FORMAT_JSON
                                            : DOMCTX_FORMAT_IMAGE);
    if (to == DOMCTX_TO_WRAPPED || (to == DOMCTX_TO_IMAGE &&
                                    kind != JSON_IMAGE))
        ck_assert_int_eq(domctx_image_form(domctx_context_image(again)),
                         to == DOMCTX_TO_WRAPPED ? DOMCTX_FORM_WRAPPED
                                                 : DOMCTX_FORM_MIGRATED);
    make_as(again, &to_hvm, &back);
    same_bytes(&back, &blob);
    domctx_context_free(again);
    domctx_context_free(context);
    bytes_free(&in);
    bytes_free(&made);
    bytes_free(&back);
    bytes_free(&blob);
}
END_TEST

/* JSON gives the bytes it was made from, its trailer included. */
START_TEST(json_is_exact)
{
    struct bytes blob = { 0 }, image = { 0 }, json = { 0 }, made = { 0 };
    domctx_context *context;

    load_sample(&blob, samples[0]);
    put_image_of(&image, &blob, false);
    put_json_of(&json, &image);
    context = opened(&json);
    make_as(context, NULL, &made);
    same_bytes(&made, &image);
    domctx_context_free(context);
    bytes_free(&blob);
    bytes_free(&image);
    bytes_free(&json);
    bytes_free(&made);
}
END_TEST

/* -- what the caller says ---------------------------------------------- */

static bool has_text(const struct bytes *b, const char *text)
{
    size_t size = strlen(text);

    for (size_t i = 0; i + size <= b->size; i++)
        if (memcmp(b->p + i, text, size) == 0)
            return true;
    return false;
}

START_TEST(provenance_says_it)
{
    struct domctx_making how = { .tool = "backup 7", .input = "tape",
                                 .time = "2026-01-02T03:04:05Z" };
    struct bytes in = { 0 }, made = { 0 };
    domctx_context *context = kind_opened(&in, SAVE);

    make_as(context, &how, &made);
    ck_assert(has_text(&made, "backup 7"));
    ck_assert(has_text(&made, "2026-01-02T03:04:05Z"));
    ck_assert(has_text(&made, "tape to image"));
    ck_assert(!has_text(&made, "part of tape"));
    how.flags = DOMCTX_PART;
    make_as(context, &how, &made);
    ck_assert(has_text(&made, "part of tape to image"));
    make_as(context, NULL, &made);
    ck_assert(has_text(&made, "save file to image"));
    ck_assert(has_text(&made, "libdomctx " DOMCTX_VERSION));
    how.flags = DOMCTX_BARE;
    make_as(context, &how, &made);
    ck_assert(!has_text(&made, "backup 7"));
    domctx_context_free(context);
    bytes_free(&in);
    bytes_free(&made);
}
END_TEST

START_TEST(for_another_release)
{
    static const struct domctx_release target = { 4, 20, DOMCTX_POINT_ANY };
    struct domctx_making how = { .target = &target };
    struct domctx_judging judging = { .target = &target };
    struct bytes in = { 0 }, made = { 0 };
    domctx_context *context = kind_opened(&in, _i), *again;
    struct domctx_release release;
    struct domctx_verdict verdict;

    make_as(context, &how, &made);
    ck_assert_int_eq(domctx_open_memory(made.p, made.size, NULL, &again,
                                        NULL), 0);
    ck_assert(domctx_context_release(again, &release));
    ck_assert_uint_eq(release.xen_minor, 20);
    ck_assert(has_text(&made, ", for Xen 4.20"));
    ck_assert_int_eq(domctx_judge(again, &judging, &verdict, NULL), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_NO_OUTCOME);
    domctx_context_free(again);
    domctx_context_free(context);
    bytes_free(&in);
    bytes_free(&made);
}
END_TEST

/* -- refused ----------------------------------------------------------- */

static void make_refused(const domctx_context *context,
                         const struct domctx_making *how, const char *id)
{
    domctx_report *report = domctx_report_new();
    uint8_t *buf = (uint8_t *)report;
    size_t size = 1;

    ck_assert_int_eq(domctx_make(context, how, &buf, &size, report), -1);
    ck_assert_ptr_null(buf);
    ck_assert_uint_eq(size, 0);
    ck_assert_msg(count_id(report, id) > 0, "no %s", id);
    domctx_report_free(report);
}

/* CR0 without PE and with PG: each loader refuses it. */
START_TEST(what_is_refused)
{
    static const struct domctx_release target = { 4, 20, DOMCTX_POINT_ANY };
    struct domctx_making how = { .target = &target };
    struct bytes in = { 0 }, made = { 0 };
    domctx_context *context, *bad;
    domctx_edit *edit;
    uint8_t *buf;
    size_t size;

    context = kind_opened(&in, MIGRATED);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, "CPU/0.cr0=0x80000000", NULL),
                     0);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &buf, &size, NULL), 0);
    ck_assert_int_eq(domctx_open_memory(buf, size, NULL, &bad, NULL), 0);
    make_refused(bad, &how, "load-cr0");
    how.flags = DOMCTX_ALLOW_LOSS;
    make_refused(bad, &how, "load-cr0");
    how.flags = DOMCTX_LET_REFUSED;
    make_as(bad, &how, &made);
    domctx_context_free(bad);
    free(buf);
    domctx_edit_free(edit);
    domctx_context_free(context);
    bytes_free(&in);
    bytes_free(&made);
}
END_TEST

START_TEST(release_needed)
{
    struct domctx_making how = { .to = DOMCTX_TO_WRAPPED };
    struct bytes b = { 0 }, made = { 0 };
    domctx_context *view;
    domctx_hvm *hvm;

    load_sample(&b, samples[0]);
    hvm = hvm_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &view, NULL), 0);
    make_refused(view, &how, "convert-xen-needed");
    make_refused(view, NULL, "convert-xen-needed");
    how.to = DOMCTX_TO_HVM;
    make_as(view, &how, &made);
    same_bytes(&made, &b);
    how.to = DOMCTX_TO_JSON;
    make_as(view, &how, &made);
    domctx_context_free(view);
    domctx_hvm_free(hvm);
    bytes_free(&b);
    bytes_free(&made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("make");
    TCase *tc = tcase_create("make");

    tcase_add_loop_test(tc, any_to_any, 0, KINDS * OUTPUTS);
    tcase_add_test(tc, json_is_exact);
    tcase_add_test(tc, provenance_says_it);
    tcase_add_loop_test(tc, for_another_release, 0, KINDS);
    tcase_add_test(tc, what_is_refused);
    tcase_add_test(tc, release_needed);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
