/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program may hand in by mistake: nothing, too much, an object on which
 * a call failed.  It is refused, or means nothing; it reads no byte that is
 * not there. */
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int take(void *arg, const char *text, size_t size)
{
    (void)text;
    *(size_t *)arg += size;
    return 0;
}

static domctx_context *open_sample(struct bytes *b)
{
    domctx_context *context;

    load_sample(b, samples[0]);
    ck_assert_int_eq(domctx_open_memory(b->p, b->size, NULL, &context, NULL),
                     0);
    return context;
}

static void expect_refused(int result, domctx_report *report, const char *id)
{
    ck_assert_int_eq(result, -1);
    ck_assert_uint_eq(domctx_report_count(report), 1);
    ck_assert_str_eq(domctx_report_get(report, 0)->id, id);
    domctx_report_clear(report);
}

/* A walk that did not open has no bytes. */
START_TEST(a_walk_that_failed)
{
    static const struct {
        const char *bytes;
        size_t size;
        int status;
    } rows[] = {
        { NULL, 0, DOMCTX_CORE_CUT },
        { "\1", 1, DOMCTX_CORE_CUT },
        { "\1\0\0\0", 4, DOMCTX_CORE_CUT },
        { "no image", 8, DOMCTX_CORE_NO_IMAGE },
        { "no image, but a long text of forty bytes", 40,
          DOMCTX_CORE_NO_IMAGE },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t *exact = rows[i].bytes ? malloc(rows[i].size) : NULL;
        struct domctx_record record;
        struct domctx_walk walk;

        if (exact)
            memcpy(exact, rows[i].bytes, rows[i].size);
        ck_assert_int_eq(domctx_walk_open(&walk, exact, rows[i].size),
                         rows[i].status);
        ck_assert_int_eq(domctx_walk_next(&walk, &record), DOMCTX_CORE_CUT);
        ck_assert_int_eq(domctx_walk_find(&walk, DOMCTX_END, 0, &record),
                         DOMCTX_CORE_CUT);
        domctx_walk_rewind(&walk);
        ck_assert_int_eq(domctx_walk_next(&walk, &record), DOMCTX_CORE_CUT);
        free(exact);
    }
}
END_TEST

/* No options are those that are all zero. */
START_TEST(no_options)
{
    static const struct domctx_text_options all;
    static const struct domctx_diff_options plain;
    static const struct domctx_html_options page;
    struct bytes b = { 0 };
    domctx_context *context = open_sample(&b);
    uint64_t differences = 1;
    size_t without = 0, with = 0;

    ck_assert_int_eq(domctx_text(context, NULL, take, &without, NULL), 0);
    ck_assert_int_eq(domctx_json_show(context, NULL, take, &without, NULL),
                     0);
    ck_assert_int_eq(domctx_html(context, NULL, take, &without, NULL), 0);
    ck_assert_int_eq(domctx_diff(context, context, NULL, take, &without,
                                 &differences, NULL), 0);
    ck_assert_uint_eq(differences, 0);
    domctx_text(context, &all, take, &with, NULL);
    domctx_json_show(context, &all, take, &with, NULL);
    domctx_html(context, &page, take, &with, NULL);
    domctx_diff(context, context, &plain, take, &with, &differences, NULL);
    ck_assert_uint_eq(without, with);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

START_TEST(values_out_of_range)
{
    struct domctx_live *live = calloc(1, sizeof(*live));
    struct domctx_making how = { .to = (enum domctx_output)4 };
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context = open_sample(&b);
    struct domctx_look look = { .context = context, .live = live };
    domctx_diagnosis *diagnosis;
    size_t size = 0;
    uint8_t *buf;

    ck_assert(live && report);
    expect_refused(domctx_make(context, &how, &buf, &size, report), report,
                   "call-argument");
    ck_assert_ptr_null(buf);
    expect_refused(domctx_diagnose(NULL, 0, &diagnosis, report), report,
                   "call-argument");
    ck_assert_ptr_null(diagnosis);
    live->n_vcpus = UINT32_MAX;
    ck_assert_int_eq(domctx_diagnose(&look, 1, &diagnosis, NULL), 0);
    ck_assert_int_eq(domctx_diagnosis_text(diagnosis, take, &size, NULL), 0);
    domctx_diagnosis_free(diagnosis);
    ck_assert_ptr_null(domctx_message_find(NULL));
    ck_assert_ptr_nonnull(buf = (uint8_t *)domctx_provenance_convert(
                              NULL, NULL, "tool", NULL, "made", NULL));
    free(buf);
    domctx_explain_feed(NULL, "x", 1);
    expect_refused(domctx_explain_end(NULL, take, &size, report), report,
                   "no-memory");
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
    free(live);
}
END_TEST

/* Lists that say they are longer than their room. */
START_TEST(a_host_that_is_too_long)
{
    struct domctx_description *host = domctx_description_new(NULL);
    domctx_report *report = domctx_report_new();
    size_t *const lengths[] = {
        &host->processor.n, &host->hvm_max.n, &host->hvm_default.n,
        &host->max_policy.n_leaves, &host->max_policy.n_msrs,
        &host->default_policy.n_leaves, &host->default_policy.n_msrs,
    };
    static const size_t room[] = {
        DOMCTX_FEATURE_WORDS, DOMCTX_FEATURE_WORDS, DOMCTX_FEATURE_WORDS,
        DOMCTX_POLICY_LEAVES, DOMCTX_POLICY_MSRS,
        DOMCTX_POLICY_LEAVES, DOMCTX_POLICY_MSRS,
    };
    size_t size = 0;

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        *lengths[i] = room[i];
        ck_assert_int_eq(domctx_description_write(host, take, &size, NULL),
                         0);
        *lengths[i] = room[i] + 1;
        expect_refused(domctx_description_write(host, take, &size, report),
                       report, "host-member");
        *lengths[i] = SIZE_MAX;
        expect_refused(domctx_description_settle(host, report), report,
                       "host-member");
        *lengths[i] = 0;
    }
    domctx_description_free(host);
    domctx_report_free(report);
}
END_TEST

static int64_t no_bytes(void *arg, void *buf, size_t size)
{
    (void)arg;
    (void)buf;
    return size ? 0 : -1;
}

static int64_t no_way(void *arg, uint64_t size)
{
    (void)arg;
    return size ? 0 : -1;
}

/* Before it is walked, and where nothing was found. */
START_TEST(a_source_without_layers)
{
    static const struct domctx_reader reader = { no_bytes, no_way, NULL };
    static const struct domctx_release target = { 4, 17, 0 };
    domctx_source *source = domctx_source_new(&reader, NULL, 0);
    domctx_report *report = domctx_report_new();

    for (int walked = 0; walked < 2; walked++) {
        expect_refused(domctx_source_rewrite(source, NULL, NULL, 0, &target,
                                             NULL, report),
                       report, "container-rewrite");
        expect_refused(domctx_source_rewrite(source, NULL, NULL, 0, NULL,
                                             NULL, report),
                       report, "container-rewrite");
        expect_refused(domctx_source_plain(source, NULL, NULL, 0, NULL,
                                           report),
                       report, "container-plain");
        ck_assert_int_eq(domctx_source_walk(source, NULL), -1);
    }
    domctx_source_free(source);
    domctx_report_free(report);
}
END_TEST

static int64_t too_many(void *arg, void *buf, size_t size)
{
    (void)arg;
    memset(buf, 0, size);
    return (int64_t)size + 1;
}

static int64_t without_a_word(void *arg, void *buf, size_t size)
{
    (void)arg;
    (void)buf;
    (void)size;
    errno = 0;
    return -1;
}

/* It is the reader that is named, not a "Success". */
START_TEST(a_reader_that_errs)
{
    static const struct {
        struct domctx_reader reader;
        const char *text;
    } rows[] = {
        { { too_many, no_way, NULL }, "gave more than" },
        { { without_a_word, no_way, NULL }, "gave no reason" },
    };
    domctx_report *report = domctx_report_new();
    domctx_source *source = domctx_source_new(&rows[_i].reader, NULL, 0);
    size_t size;
    uint8_t *buf;

    ck_assert_int_eq(domctx_source_walk(source, report), -1);
    ck_assert_int_eq(domctx_read_whole(&rows[_i].reader, "", 0, 0, 99, &buf,
                                       &size, report), -1);
    ck_assert_uint_eq(domctx_report_count(report), 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_ptr_nonnull(strstr(domctx_report_get(report, i)->text,
                                     rows[_i].text));
    domctx_source_free(source);
    domctx_report_free(report);
}
END_TEST

/* A later version's flag, which this one cannot heed. */
START_TEST(flags_that_are_not_known)
{
    static const struct domctx_reader reader = { no_bytes, no_way, NULL };
    static const struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    struct domctx_making how = { .flags = ~0u };
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_context *context = open_sample(&b);
    domctx_source *source = domctx_source_new(&reader, NULL, 0);
    domctx_hvm *hvm;
    size_t size = 1;
    uint8_t *buf;

    expect_refused(domctx_make(context, &how, &buf, &size, report), report,
                   "call-argument");
    ck_assert(!buf && !size);
    expect_refused(domctx_convert_release(context, &target, 2, &buf, &size,
                                          report),
                   report, "call-argument");
    ck_assert(!buf && !size);
    expect_refused(domctx_convert_judged(context, &target, NULL, 4, &buf,
                                         &size, &hvm, report),
                   report, "call-argument");
    ck_assert(!buf && !size && !hvm);
    expect_refused(domctx_source_fit(source, &target, 2, report), report,
                   "call-argument");
    domctx_source_options(source, ~0u);
    expect_refused(domctx_source_walk(source, report), report,
                   "call-argument");
    how.flags = DOMCTX_ALLOW_LOSS | DOMCTX_LET_REFUSED | DOMCTX_BARE |
                DOMCTX_PART;
    ck_assert_int_eq(domctx_make(context, &how, &buf, &size, report), 0);
    free(buf);
    domctx_source_free(source);
    domctx_context_free(context);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* It was read, and for a target, but nothing came of it. */
START_TEST(a_check_without_a_verdict)
{
    static const struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    domctx_report *report = domctx_report_new();
    struct domctx_checked checked = { .name = "x", .report = report };
    size_t size = 0;

    ck_assert(!domctx_checked_as(&checked));
    checked.target = &target;
    ck_assert(!domctx_checked_as(&checked));
    ck_assert_int_eq(domctx_checked_json(&checked, take, &size, NULL), 0);
    domctx_report_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arguments");
    TCase *tc = tcase_create("arguments");

    tcase_add_test(tc, a_walk_that_failed);
    tcase_add_test(tc, no_options);
    tcase_add_test(tc, values_out_of_range);
    tcase_add_test(tc, a_host_that_is_too_long);
    tcase_add_test(tc, a_source_without_layers);
    tcase_add_loop_test(tc, a_reader_that_errs, 0, 2);
    tcase_add_test(tc, flags_that_are_not_known);
    tcase_add_test(tc, a_check_without_a_verdict);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
