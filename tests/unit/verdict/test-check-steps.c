/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Point releases between which no table sees a difference: one judgement
 * stands for them. */
#include "verdict/check.h"
#include "verdict/judging.h"
#include "verdict/test-check-rows.h"

#include <stdlib.h>
#include <string.h>

#define N_ROWS (sizeof(value_rows) / sizeof(value_rows[0]))
#define N_SERIES 27

static bool same_finding(const struct domctx_finding *a,
                         const struct domctx_finding *b)
{
    return a->severity == b->severity && a->outcome == b->outcome &&
           a->offset == b->offset && strcmp(a->id, b->id) == 0 &&
           strcmp(a->error, b->error) == 0 &&
           strcmp(a->record, b->record) == 0 &&
           strcmp(a->field, b->field) == 0 &&
           strcmp(a->expected, b->expected) == 0 &&
           strcmp(a->found, b->found) == 0 &&
           strcmp(a->text, b->text) == 0 && strcmp(a->log, b->log) == 0 &&
           a->log_debug == b->log_debug;
}

static bool same_judgement(const struct judged *a, const struct judged *b)
{
    const struct domctx_finding *finding, *other;
    size_t i = 0;

    for (; (finding = domctx_report_get(a->report, i)); i++) {
        other = domctx_report_get(b->report, i);
        if (!other || !same_finding(finding, other))
            return false;
    }
    return !domctx_report_get(b->report, i) &&
           a->verdict.outcome == b->verdict.outcome &&
           strcmp(a->verdict.error, b->verdict.error) == 0 &&
           strcmp(a->verdict.older_error, b->verdict.older_error) == 0;
}

/* The same again, with what was found for releases before: all of it, where
 * nothing is new. */
static void expect_alike(const domctx_context *context,
                         const struct domctx_host *host,
                         struct release release, struct rule_memo *memo,
                         const struct judged *judged)
{
    struct judged again = { .report = domctx_report_new() };
    char name[RELEASE_ROOM];

    ck_assert_int_ge(check_one(context, release, host, memo, &again.verdict,
                               again.report), 0);
    ck_assert_msg(same_judgement(&again, judged), "%s, with a memory",
                  release_text(release, name));
    judged_free(&again);
}

/* How many point releases are judged otherwise than the one before; each of
 * them is a step. */
static size_t expect_steps(const domctx_context *context,
                           const struct domctx_host *host)
{
    struct rule_memo memo = {
        .silent = calloc(context->count * n_rules_load, sizeof(bool)) };
    char name[RELEASE_ROOM];
    size_t unlike = 0;

    /* the newest first: what it does not mind, an older one may */
    for (size_t i = N_SERIES; i-- > 0;) {
        struct release release = { release_series(i), 0 };
        uint32_t steps = rules_steps(release.series) |
                         steps_of(&own_errors, release.series) |
                         check_policy_steps(release.series);
        struct judged before = judge_context(context, release, host);

        expect_alike(context, host, release, &memo, &before);
        for (release.point = 1;
             release.point <= release_newest(i).point; release.point++) {
            struct judged judged = judge_context(context, release, host);
            bool same = same_judgement(&before, &judged);

            expect_alike(context, host, release, &memo, &judged);
            ck_assert_msg(same || steps >> release.point & 1,
                          "%s is no step", release_text(release, name));
            unlike += !same;
            judged_free(&before);
            before = judged;
        }
        judged_free(&before);
    }
    rule_memo_free(&memo);
    return unlike;
}

static size_t expect_steps_of(const struct bytes *b, struct release saver,
                              const struct domctx_host *host)
{
    struct viewed viewed = view_blob(b, saver.series >> 8,
                                     saver.series & 0xff);
    size_t unlike = expect_steps(viewed.context, host);

    viewed_free(&viewed);
    return unlike;
}

/* With a value that some release refuses. */
START_TEST(values_have_steps)
{
    const struct value_row *row = &value_rows[_i];
    const struct domctx_host host = { .vendor = row->vendor };
    struct bytes b = { 0 };

    put_saved(&b, row->with, EVERYTHING);
    for (size_t i = 0; i < 2; i++)
        set_field(&b, row->with, row->code, row->instance, &row->also[i]);
    set_field(&b, row->with, row->code, row->instance, &row->bad);
    expect_steps_of(&b, row->with, &host);
    bytes_free(&b);
}
END_TEST

/* A record of zeros, of any length. */
START_TEST(lengths_have_steps)
{
    static const uint32_t lengths[] = { 0, 4, 8, 15, 16, 24, 31, 33, 1016 };
    struct bytes b = { 0 };

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        put_hvm_header(&b);
        put_hvm_zeros(&b, (uint16_t)_i, 0, lengths[i]);
        put_zero(&b, 8); /* END */
        put_zero(&b, 2000);
        expect_steps_of(&b, SERIES(4, 17), NULL);
        bytes_free(&b);
        b = (struct bytes){ 0 };
    }
}
END_TEST

/* As each series saves them. */
START_TEST(savers_have_steps)
{
    struct release saver = release_newest((size_t)_i);
    struct bytes b = { 0 };

    put_saved(&b, saver, EVERYTHING | (_i % 2 ? SAVER_AMD : 0));
    expect_steps_of(&b, saver, NULL);
    bytes_free(&b);
}
END_TEST

/* That of 4.20.1, which has the registers of a LAPIC that 4.20.0 refuses, is
 * one; so the others can fail. */
START_TEST(some_are_steps)
{
    struct release saver = RELEASE(4, 20, 4);
    struct bytes b = { 0 };

    ck_assert(rules_steps(CAT_V(4, 20)) >> 1 & 1);
    ck_assert(!(rules_steps(CAT_V(4, 20)) & 1));
    put_saved(&b, saver, EVERYTHING);
    ck_assert_uint_gt(expect_steps_of(&b, saver, NULL), 0);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("steps");
    TCase *tc = tcase_create("steps");

    tcase_add_loop_test(tc, values_have_steps, 0, (int)N_ROWS);
    tcase_add_loop_test(tc, lengths_have_steps, CODE_CPU, CODE_COUNT);
    tcase_add_loop_test(tc, savers_have_steps, 0, N_SERIES);
    tcase_add_test(tc, some_are_steps);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
