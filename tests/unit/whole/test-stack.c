/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library's work in a thread of 128 KiB, as musl makes them. */
#include "support.h"

#include <pthread.h>

#define STACK (128 * 1024)

static int count(void *arg, const char *text, size_t size)
{
    (void)text;
    *(size_t *)arg += size;
    return 0;
}

/* A JSON document in memory. */
static int keep(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

static void views(const domctx_context *context, domctx_report *report)
{
    static const struct domctx_text_options options = { .record = NULL };
    static const struct domctx_diff_options text, json = { .json = true };
    uint64_t differences;
    size_t size = 0;

    ck_assert_int_eq(domctx_text(context, &options, count, &size, report), 0);
    ck_assert_int_eq(domctx_json_show(context, &options, count, &size,
                                      report), 0);
    ck_assert_int_eq(domctx_diff(context, context, &text, count, &size,
                                 &differences, report), 0);
    ck_assert_int_eq(domctx_diff(context, context, &json, count, &size,
                                 &differences, report), 0);
    ck_assert_int_eq(domctx_json_schema(count, &size, report), 0);
    ck_assert_int_eq(domctx_explain("load-cr0", count, &size, report), 0);
    ck_assert_int_eq(domctx_explain_list(count, &size, report), 0);
    ck_assert_uint_gt(size, 0);
}

static void diagnosed(const domctx_context *context, domctx_report *report)
{
    static const struct domctx_live live = { .shut_down = true };
    const struct domctx_look look = { .context = context, .live = &live };
    domctx_diagnosis *diagnosis;
    size_t size = 0;

    ck_assert_int_eq(domctx_diagnose(&look, 1, &diagnosis, report), 0);
    ck_assert_int_eq(domctx_diagnosis_text(diagnosis, count, &size, report),
                     0);
    ck_assert_int_eq(domctx_diagnosis_json(diagnosis, "x", count, &size,
                                           report), 0);
    domctx_diagnosis_free(diagnosis);
}

static void judged(const domctx_context *context, domctx_report *report)
{
    struct domctx_release target = { 4, 20, DOMCTX_POINT_ANY };
    struct domctx_verdict verdict;
    struct domctx_checked checked = {
        .name = "x", .target = &target, .verdict = &verdict,
        .report = report,
    };
    domctx_inference *inference;
    size_t size = 0;

    ck_assert_int_eq(domctx_check(context, &target, NULL, NULL, &verdict,
                                  report), 0);
    ck_assert_int_eq(domctx_checked_json(&checked, count, &size, report), 0);
    ck_assert_int_eq(domctx_infer(context, NULL, NULL, &inference, report),
                     0);
    domctx_inference_free(inference);
}

static void converted(const domctx_context *context, domctx_report *report)
{
    struct domctx_release target = { 4, 14, DOMCTX_POINT_ANY };
    size_t size;
    uint8_t *blob;

    ck_assert_int_eq(domctx_convert_release(context, &target,
                                            DOMCTX_ALLOW_LOSS, &blob, &size,
                                            report), 0);
    free(blob);
}

/* To an image and to JSON, and back. */
static void carried(const domctx_hvm *hvm, domctx_report *report)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    struct domctx_provenance origin = { .domain_name = "x" };
    struct bytes json = { 0 };
    domctx_context *context;
    domctx_image *image;
    uint8_t *made, *again;
    char *provenance = domctx_provenance_convert(NULL, &origin, "t", "now",
                                                 "what", report);
    size_t size, size_again;

    ck_assert_int_eq(domctx_migrate(builder, hvm, report), 0);
    ck_assert_int_eq(domctx_builder_take(builder, provenance, true, &made,
                                         &size, report), 0);
    domctx_builder_free(builder);
    ck_assert_int_eq(domctx_image_parse(made, size, &image, report), 0);
    ck_assert_int_eq(domctx_context_of_image(image, &context, report), 0);
    ck_assert_int_eq(domctx_json_write(context, keep, &json, report), 0);
    domctx_context_free(context);
    ck_assert_int_eq(domctx_json_read(json.p, json.size, &again, &size_again,
                                      report), 0);
    ck_assert_uint_eq(size_again, size);
    free(again);
    free(provenance);
    provenance = domctx_provenance_convert(image, NULL, "t", "now", "what",
                                           report);
    free(provenance);
    domctx_image_free(image);
    free(made);
    bytes_free(&json);
}

static void *work(void *arg)
{
    const struct bytes *b = arg;
    domctx_report *report = domctx_report_new();
    domctx_context *context;
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, report), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context,
                                           report), 0);
    views(context, report);
    judged(context, report);
    diagnosed(context, report);
    converted(context, report);
    carried(hvm, report);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    return NULL;
}

START_TEST(a_small_stack)
{
    struct bytes b = { 0 };
    pthread_attr_t attr;
    pthread_t thread;

    load_sample(&b, samples[_i]);
    ck_assert_int_eq(pthread_attr_init(&attr), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attr, STACK), 0);
    ck_assert_int_eq(pthread_create(&thread, &attr, work, &b), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attr);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stack");
    TCase *tc = tcase_create("stack");

    tcase_add_loop_test(tc, a_small_stack, 0, (int)n_samples);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
