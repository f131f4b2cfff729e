/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must be so for every ordered pair of releases. */
#include "compat/matrix.h"

#include "catalogue/catalogue.h"
#include "context/context.h"

/* The first finding that is an error, but for that id; NULL: none. */
static const char *first_error(const domctx_report *report, const char *but)
{
    for (size_t i = 0; i < domctx_report_count(report); i++) {
        const struct domctx_finding *finding = domctx_report_get(report, i);

        if (finding->severity >= DOMCTX_ERROR &&
            (!but || strcmp(finding->id, but) != 0))
            return finding->id;
    }
    return NULL;
}

static const char *name(struct release release)
{
    static char names[4][RELEASE_ROOM];
    static int i;

    return release_text(release, names[i++ % 4]);
}

static bool equal(const struct bytes *a, const struct bytes *b)
{
    return a->size == b->size && memcmp(a->p, b->p, a->size) == 0;
}

/* ------------------------------------------------------------------ */
/* Twice is once                                                       */
/* ------------------------------------------------------------------ */

/* What was made for a target needs nothing done for it, not even told. */
static void check_twice(const struct bytes *made, struct release target)
{
    struct bytes again;
    domctx_report *report = domctx_report_new();
    int rc = matrix_convert(made, target, target, 0, &again, report);

    ck_assert_msg(rc == 0, "for %s again: %s", name(target),
                  first_error(report, NULL));
    ck_assert_msg(equal(made, &again), "for %s again: other bytes",
                  name(target));
    domctx_report_free(report);
    bytes_free(&again);
}

/* ------------------------------------------------------------------ */
/* What is made loads                                                  */
/* ------------------------------------------------------------------ */

static void check_loads(const struct bytes *made, struct release saver,
                        struct release target, const char *but)
{
    struct domctx_release release = release_public(target);
    domctx_report *report = domctx_report_new();
    struct viewed viewed = view_blob(made, release.xen_major,
                                     release.xen_minor);

    ck_assert_int_eq(domctx_check(viewed.context, &release, NULL, NULL, NULL,
                                  report), 0);
    ck_assert_msg(!first_error(report, but), "%s to %s: %s", name(saver),
                  name(target), first_error(report, but));
    viewed_free(&viewed);
    domctx_report_free(report);
}

/* ------------------------------------------------------------------ */
/* Up and down again                                                   */
/* ------------------------------------------------------------------ */

/* 4.1 to 4.2.3 and 4.3.0 wrote the largest XSAVE area of the host, which no
 * way back can know. */
static bool wrote_largest(struct release saver, uint32_t typecode)
{
    static const struct since sized = {
        { RELEASE(4, 2, 4), RELEASE(4, 3, 1), RELEASE(4, 4, 0) }
    };

    return typecode == CODE_CPU_XSAVE && !since_all(&sized, saver);
}

/* One record as it came back; what no loader looks at may differ, for it was
 * written for those that do. */
static void check_record(const struct domctx_record *was,
                         const struct domctx_record *is,
                         struct release saver, struct release target)
{
    const struct cat_record *known = cat_record(was->type);
    const struct cat_layout *layout =
        cat_layout(known, was->length, saver.series);
    const struct cat_field *field;
    uint64_t length = was->length;
    size_t i;

    ck_assert_msg(is != NULL, "%s to %s and back: no %s", name(saver),
                  name(target), known->name);
    if (wrote_largest(saver, was->type) && is->length < was->length)
        length = is->length;
    else
        ck_assert_msg(was->length == is->length,
                      "%s to %s and back: length of %s", name(saver),
                      name(target), known->name);
    field = cat_differs(known, layout, was->body, is->body, length,
                        CAT_IGNORED, &i);
    ck_assert_msg(!field, "%s to %s and back: %s %s[%zu]", name(saver),
                  name(target), known->name, field->name, i);
}

static void check_back(const struct bytes *blob, const struct bytes *made,
                       struct release saver, struct release target)
{
    const struct domctx_record *record;
    domctx_hvm *was, *is;
    struct bytes back;

    if (matrix_convert(made, target, saver, 0, &back, NULL) < 0)
        return;
    ck_assert_int_eq(domctx_hvm_parse(blob->p, blob->size, &was, NULL), 0);
    ck_assert_int_eq(domctx_hvm_parse(back.p, back.size, &is, NULL), 0);
    ck_assert_uint_eq(domctx_hvm_count(was), domctx_hvm_count(is));
    for (size_t i = 0; (record = domctx_hvm_get(was, i)); i++)
        if (record->type != DOMCTX_HVM_END)
            check_record(record, domctx_hvm_find(is, record->type,
                                                 record->instance),
                         saver, target);
    domctx_hvm_free(was);
    domctx_hvm_free(is);
    bytes_free(&back);
}

/* ------------------------------------------------------------------ */

static void check_pair(struct release saver, struct release target,
                       enum matrix_fill fill)
{
    struct bytes blob = { 0 }, made;
    bool upward = target.series > saver.series;

    matrix_blob(&blob, saver, fill);
    if (matrix_convert(&blob, saver, target, 0, &made, NULL) == 0) {
        if (upward)
            check_back(&blob, &made, saver, target);
    } else {
        ck_assert_int_eq(matrix_convert(&blob, saver, target,
                                        DOMCTX_ALLOW_LOSS, &made, NULL), 0);
    }
    check_twice(&made, target);
    check_loads(&made, saver, target, NULL);
    bytes_free(&made);
    bytes_free(&blob);
}

START_TEST(from_each)
{
    struct release saver = matrix_releases[(size_t)_i / MATRIX_FILLS];

    for (size_t i = 0; i < matrix_n; i += stride())
        check_pair(saver, matrix_releases[i],
                   (enum matrix_fill)(_i % MATRIX_FILLS));
}
END_TEST

/* A context that its own release loads is not touched for it: one saved on a
 * real Xen too. */
START_TEST(real_is_kept)
{
    struct bytes blob = { 0 }, made;
    domctx_report *report = domctx_report_new();

    load_sample(&blob, samples[_i]);
    ck_assert_int_eq(matrix_convert(&blob, SERIES(4, 17), SERIES(4, 17), 0,
                                    &made, report), 0);
    ck_assert_uint_eq(domctx_report_count(report), 0);
    ck_assert_uint_eq(made.size, blob.size);
    ck_assert_int_eq(memcmp(made.p, blob.p, made.size), 0);
    domctx_report_free(report);
    bytes_free(&made);
    bytes_free(&blob);
}
END_TEST

/* What a real guest held goes up and comes back.  Where its CR4 has bits
 * that the target does not know, no conversion helps. */
START_TEST(real_comes_back)
{
    struct bytes blob = { 0 }, made;

    load_sample(&blob, samples[_i]);
    for (size_t i = 0; i < matrix_n; i++) {
        struct release target = matrix_releases[i];

        if (matrix_convert(&blob, SERIES(4, 17), target, DOMCTX_ALLOW_LOSS,
                           &made, NULL) < 0)
            ck_abort_msg("4.17 to %s", name(target));
        if (target.series >= CAT_V(4, 17))
            check_back(&blob, &made, SERIES(4, 17), target);
        check_twice(&made, target);
        check_loads(&made, SERIES(4, 17), target, "load-cr4");
        bytes_free(&made);
    }
    bytes_free(&blob);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pairs");
    TCase *tcase = tcase_create("pairs");

    suite_add_tcase(suite, tcase);
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, from_each, 0,
                        (int)(matrix_n * MATRIX_FILLS));
    tcase_add_loop_test(tcase, real_is_kept, 0, (int)n_samples);
    tcase_add_loop_test(tcase, real_comes_back, 0, (int)n_samples);
    return run_suite(suite);
}
