/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging for sets of point releases: a series, and those that can have saved
 * a context. */
#include "verdict/judging.h"

#include "catalogue/release-set.h"
#include "format/hvm.h"

#include <string.h>

static const unsigned int kinds[] = {
    0, EVERYTHING, EVERYTHING | SAVER_AMD, SAVER_PVH | SAVER_XSAVE,
    SAVER_SYSCALL | SAVER_X2APIC,
};
#define MTRR_LENGTH 240
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* A blob as it is when its saver is not known, or known as far as START
 * tells. */
struct view {
    domctx_hvm *hvm;
    domctx_context *context;
    struct domctx_releases savers;
};

static void view(const struct bytes *b, const struct domctx_release *start,
                 struct view *view)
{
    domctx_inference *inference;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &view->hvm, NULL), 0);
    ck_assert_int_eq(
        domctx_context_of_hvm(view->hvm, start, start ? start->xen_major : 0,
                              start ? start->xen_minor : 0, &view->context,
                              NULL), 0);
    ck_assert_int_eq(domctx_infer(view->context, start, start, &inference,
                                  NULL), 0);
    domctx_inference_releases(inference, &view->savers);
    domctx_inference_free(inference);
}

static void view_free(struct view *view)
{
    domctx_context_free(view->context);
    domctx_hvm_free(view->hvm);
}

/* The descriptor of CPU_MSR that savers of 4.5 to 4.9.1 wrote, they refuse
 * themselves. */
static bool has_defect(const domctx_report *report)
{
    return count_id(report, "load-msr-length") > 0;
}

static void expect_loads(const struct bytes *b, struct release release,
                         const struct domctx_release *start)
{
    domctx_report *report = domctx_report_new();
    struct domctx_verdict verdict;
    struct view seen;
    char name[RELEASE_ROOM];

    view(b, start, &seen);
    ck_assert_msg(set_has(&seen.savers, release), "%s",
                  release_text(release, name));
    ck_assert_int_eq(domctx_check_savers(seen.context, &seen.savers, NULL,
                                         NULL, &verdict, report), 0);
    if (!has_defect(report)) {
        if (domctx_report_worst(report) > DOMCTX_NOTE)
            show_judged(release_text(release, name), report);
        ck_assert_int_eq(verdict.outcome, DOMCTX_NO_OUTCOME);
        ck_assert_int_eq(domctx_report_worst(report), DOMCTX_NOTE);
        ck_assert(set_has(&verdict.loads, release));
    }
    domctx_report_free(report);
    view_free(&seen);
}

/* Of every point release, with its series known and not. */
START_TEST(own_file_loads)
{
    cat_version series = release_series((size_t)_i);

    for (int point = 0; point <= release_last_point(series); point++) {
        struct release release = { series, (uint8_t)point };
        struct domctx_release start = { series >> 8, series & 0xff,
                                        DOMCTX_POINT_ANY };

        for (size_t k = 0; k < N_KINDS; k++) {
            struct bytes b = { 0 };

            if (kinds[k] & SAVER_PVH && series < CAT_V(4, 12))
                continue;
            put_saved(&b, release, kinds[k]);
            expect_loads(&b, release, NULL);
            expect_loads(&b, release, &start);
            bytes_free(&b);
        }
    }
}
END_TEST

/* What the savers' own guard refuses is refused. */
START_TEST(broken_file_is_refused)
{
    cat_version series = release_series((size_t)_i);
    struct release release = release_newest((size_t)_i);
    struct domctx_release start = { series >> 8, series & 0xff,
                                    DOMCTX_POINT_ANY };
    const struct setting cr0 = { "cr0", 0, 0 };
    domctx_report *report = domctx_report_new();
    struct domctx_verdict verdict;
    struct bytes b = { 0 };
    struct view seen;

    put_saved(&b, release, 0);
    ck_assert(set_field(&b, release, CODE_CPU, 1, &cr0));
    view(&b, &start, &seen);
    ck_assert_int_eq(domctx_check_savers(seen.context, &seen.savers, NULL,
                                         NULL, &verdict, report), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_REFUSED);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_ERROR);
    ck_assert_str_eq(domctx_report_get(report, verdict.finding)->id,
                     "load-cr0");
    ck_assert(set_empty(&verdict.loads));
    ck_assert(set_same(&verdict.refuses, &seen.savers));
    view_free(&seen);
    bytes_free(&b);
    domctx_report_free(report);
}
END_TEST

/* Of what an Intel host saved; MCG_CAP tells. */
#define IF_INTEL ", if the host has: GenuineIntel"
#define AND_INTEL "; the host must have: GenuineIntel"

/* A series as a target: what the line says, and how bad it is. */
static const struct {
    struct release saver, target;
    unsigned int what;
    enum code code;
    struct setting set;
    const char *text;
    enum domctx_severity worst;
} series_rows[] = {
    /* LAPIC of 32 bytes */
    { R(4, 21, 0), SERIES(4, 18), 0, 0, { 0 },
      "loads on 4.18.5 and later; 4.18.4 and earlier refuse, EINVAL" AND_INTEL,
      DOMCTX_WARNING },
    { R(4, 21, 0), SERIES(4, 19), 0, 0, { 0 },
      "loads on 4.19.2 and later; 4.19.1 and earlier refuse, EINVAL" AND_INTEL,
      DOMCTX_WARNING },
    { R(4, 21, 0), SERIES(4, 20), 0, 0, { 0 },
      "loads on 4.20.1 and later; 4.20.0 refuses, ENODATA" AND_INTEL,
      DOMCTX_WARNING },
    { R(4, 21, 0), SERIES(4, 21), 0, 0, { 0 }, "loads" IF_INTEL,
      DOMCTX_NOTE },
    { R(4, 21, 0), SERIES(4, 17), 0, 0, { 0 }, "refused, EINVAL",
      DOMCTX_ERROR },
    { R(4, 21, 0), SERIES(4, 15), 0, 0, { 0 },
      "refused, EINVAL or EPERM before 4.15.1", DOMCTX_ERROR },
    { R(4, 21, 0), R(4, 20, 0), 0, 0, { 0 }, "refused, ENODATA",
      DOMCTX_ERROR },
    { R(4, 21, 0), R(4, 20, 1), 0, 0, { 0 }, "loads" IF_INTEL, DOMCTX_NOTE },
    /* the newest refuses: an unknown bit of EFER */
    { R(4, 7, 0), SERIES(4, 8), 0, CODE_CPU,
      { "msr_efer", 0, 0xd01 | 1 << 16 },
      "loads on 4.8.4 and earlier; 4.8.5 refuses, EPERM" AND_INTEL,
      DOMCTX_ERROR },
    /* XSA-504 */
    { R(4, 17, 0), SERIES(4, 17), SAVER_VIRIDIAN, CODE_VIRIDIAN_VCPU,
      { "stimer_config_msr", 0, 0x30003 },
      "loads on 4.17.7; 4.17.6 and earlier crash the host" AND_INTEL,
      DOMCTX_ERROR },
    { R(4, 17, 0), SERIES(4, 22), SAVER_VIRIDIAN, CODE_VIRIDIAN_VCPU,
      { "stimer_config_msr", 0, 0x30003 }, "loads" IF_INTEL,
      DOMCTX_WARNING },
    { R(4, 17, 0), SERIES(4, 16), SAVER_VIRIDIAN, CODE_VIRIDIAN_VCPU,
      { "stimer_config_msr", 0, 0x30003 }, "crashes the host",
      DOMCTX_ERROR },
    /* none loads it, and not for one reason */
    { R(4, 2, 5), SERIES(4, 3), 0, CODE_PIC, { "is_master", 0, 0 },
      "4.3.3 and earlier refuse; 4.3.4 crashes the host", DOMCTX_ERROR },
    { R(4, 2, 5), SERIES(4, 4), 0, CODE_PIC, { "is_master", 0, 0 },
      "4.4.1 and earlier refuse; 4.4.2 and later crash the host",
      DOMCTX_ERROR },
    { R(4, 2, 5), SERIES(4, 5), 0, CODE_PIC, { "is_master", 0, 0 },
      "crashes the host", DOMCTX_ERROR },
    /* a series that is not known is judged as the newest */
    { R(4, 21, 0), SERIES(4, 23), 0, 0, { 0 }, "loads" IF_INTEL,
      DOMCTX_NOTE },
};

START_TEST(series_is_told)
{
    struct release saver = series_rows[_i].saver;
    struct domctx_release target = release_public(series_rows[_i].target);
    domctx_report *report = domctx_report_new();
    struct domctx_verdict verdict;
    struct domctx_checked checked = { .target = &target,
                                      .verdict = &verdict,
                                      .report = report };
    char text[DOMCTX_CHECKED_ROOM];
    struct domctx_release start = { saver.series >> 8, saver.series & 0xff,
                                    DOMCTX_POINT_ANY };
    struct bytes b = { 0 };
    struct view seen;

    put_saved(&b, saver, series_rows[_i].what);
    ck_assert(set_field(&b, saver, series_rows[_i].code, 0,
                        &series_rows[_i].set));
    view(&b, &start, &seen);
    ck_assert_int_eq(domctx_check_series(seen.context, &target, NULL, NULL,
                                         &verdict, report), 0);
    ck_assert_str_eq(domctx_checked_text(&checked, text),
                     series_rows[_i].text);
    ck_assert_int_eq(domctx_report_worst(report), series_rows[_i].worst);
    if (verdict.outcome >= DOMCTX_REFUSED)
        ck_assert_int_eq(domctx_report_get(report, verdict.finding)->outcome,
                         verdict.outcome);
    view_free(&seen);
    bytes_free(&b);
    domctx_report_free(report);
}
END_TEST

/* Every series for every other: what is said of the points is what each of
 * them says alone. */
START_TEST(series_is_its_points)
{
    struct release saver = release_newest((size_t)_i);
    struct bytes b = { 0 };
    struct view seen;

    put_saved(&b, saver, kinds[(size_t)_i % 3]);
    view(&b, NULL, &seen);
    for (size_t i = 0; release_series(i); i++) {
        struct domctx_release target = release_public(
            (struct release){ release_series(i), RELEASE_ANY });
        domctx_report *report = domctx_report_new();
        struct domctx_verdict verdict, alone;
        struct domctx_releases all = set_of(release_of(&target)), told;

        ck_assert_int_eq(domctx_check_series(seen.context, &target, NULL,
                                             NULL, &verdict, report), 0);
        told = verdict.loads;
        set_or(&told, &verdict.refuses);
        set_or(&told, &verdict.crashes);
        ck_assert(set_same(&told, &all));
        for (target.point = 0; target.point <= release_newest(i).point;
             target.point++) {
            ck_assert_int_eq(domctx_check(seen.context, &target, NULL, NULL,
                                          &alone, report), 0);
            ck_assert_int_eq(set_has(&verdict.loads, release_of(&target)),
                             alone.outcome == DOMCTX_NO_OUTCOME);
            ck_assert_int_eq(set_has(&verdict.refuses, release_of(&target)),
                             alone.outcome == DOMCTX_REFUSED);
        }
        domctx_report_free(report);
    }
    view_free(&seen);
    bytes_free(&b);
}
END_TEST

/* More than any report keeps, of a hundred thousand records. */
START_TEST(too_much_to_compare)
{
    struct domctx_release target = { 4, 20, DOMCTX_POINT_ANY };
    domctx_report *report = domctx_report_new();
    struct domctx_verdict verdict;
    struct bytes b = { 0 };
    struct view seen;

    put_hvm_header(&b);
    for (uint32_t i = 0; i < 100000; i++)
        put_hvm_zeros(&b, CODE_CPU_MSR, (uint16_t)i, 0);
    put_hvm_end(&b);
    view(&b, NULL, &seen);
    ck_assert_int_eq(domctx_check_series(seen.context, &target, NULL, NULL,
                                         &verdict, report), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_REFUSED);
    ck_assert_uint_gt(domctx_report_dropped(report), 0);
    ck_assert_int_eq(domctx_check_savers(seen.context, &seen.savers, NULL,
                                         NULL, &verdict, report), 0);
    ck_assert_int_eq(verdict.outcome, DOMCTX_REFUSED);
    view_free(&seen);
    bytes_free(&b);
    domctx_report_free(report);
}
END_TEST

/* However much there is to warn of, what only some refuse is refused by no
 * others. */
START_TEST(many_warnings)
{
    struct domctx_release target = { 4, 20, DOMCTX_POINT_ANY };
    struct domctx_release start = { 4, 21, DOMCTX_POINT_ANY };
    domctx_report *report = domctx_report_new();
    struct domctx_verdict verdict;
    struct bytes b = { 0 };
    struct view seen;

    put_saved(&b, R(4, 21, 0), 0);
    b.size -= HVM_DESCRIPTOR; /* END */
    for (uint16_t i = 0; i < 128 * _i; i++) {
        put_hvm_zeros(&b, CODE_MTRR, i % 128, MTRR_LENGTH);
        memset(b.p + b.size - MTRR_LENGTH, 3, MTRR_LENGTH);
    }
    put_hvm_end(&b);
    view(&b, &start, &seen);
    ck_assert_int_eq(domctx_check_series(seen.context, &target, NULL, NULL,
                                         &verdict, report), 0);
    ck_assert_int_eq(domctx_report_dropped(report) > 0, _i > 1);
    ck_assert_int_eq(verdict.outcome, DOMCTX_NO_OUTCOME);
    ck_assert(set_has(&verdict.loads, R(4, 20, 1)));
    ck_assert(set_has(&verdict.refuses, R(4, 20, 0)));
    ck_assert(!set_has(&verdict.loads, R(4, 20, 0)));
    ck_assert_str_eq(verdict.error, "ENODATA");
    ck_assert_uint_gt(count_id(report, "load-length"), 0);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_WARNING);
    ck_assert_int_eq(domctx_report_dropped_worst(report),
                     _i > 1 ? DOMCTX_WARNING : DOMCTX_NOTE);
    view_free(&seen);
    bytes_free(&b);
    domctx_report_free(report);
}
END_TEST

/* -- what a release saved, and each later one ----------------------------- */

/* What a later release refuses all the same, from the sources: nothing else
 * may be refused. */
static const struct refusal {
    const char *id;
    cat_version saved_from, saved_until, refused_from, refused_until;
    enum domctx_vendor vendor; /* of both hosts; 0: any */
} refusals[] = {
    /* 4.2 gives TES and SER to every guest, and no AMD host takes them */
    { "load-mce-caps", CAT_V(4, 2), CAT_V(4, 2), CAT_V(4, 3), CAT_V(4, 22),
      DOMCTX_VENDOR_AMD },
    /* the largest area of the host, up to 4.2.3; 4.2.5 has no mercy */
    { "load-xsave-length", CAT_V(4, 1), CAT_V(4, 2), CAT_V(4, 2),
      CAT_V(4, 2), DOMCTX_VENDOR_AMD },
    /* the descriptor of CPU_MSR claims room for more MSRs than there are */
    { "load-msr-length", CAT_V(4, 5), CAT_V(4, 9), CAT_V(4, 5),
      CAT_V(4, 22), DOMCTX_VENDOR_UNKNOWN },
    /* of the model: BNDCFGS without the components of MPX, and an XSS that no
     * guest can have */
    { "load-msr-order", CAT_V(4, 5), CAT_V(4, 6), CAT_V(4, 13),
      CAT_V(4, 22), DOMCTX_VENDOR_INTEL },
    { "load-msr-value", CAT_V(4, 7), CAT_V(4, 8), CAT_V(4, 13),
      CAT_V(4, 22), DOMCTX_VENDOR_INTEL },
};
#define N_REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

static bool is_known(const char *id, cat_version saver, cat_version target,
                     enum domctx_vendor vendor)
{
    for (size_t i = 0; i < N_REFUSALS; i++) {
        const struct refusal *row = &refusals[i];

        if (strcmp(id, row->id) == 0 && saver >= row->saved_from &&
            saver <= row->saved_until && target >= row->refused_from &&
            target <= row->refused_until &&
            (!row->vendor || row->vendor == vendor))
            return true;
    }
    return false;
}

/* Whatever refuses it must be known. */
static void loads_later(const struct bytes *b, struct release saver,
                        struct release target, enum domctx_vendor vendor)
{
    struct domctx_host host = { .vendor = vendor };
    struct judged judged = judge(b, saver, target, &host);
    const struct domctx_finding *finding;
    char from[RELEASE_ROOM], to[RELEASE_ROOM];

    for (size_t i = 0; (finding = domctx_report_get(judged.report, i)); i++)
        ck_assert_msg(finding->severity < DOMCTX_ERROR ||
                          is_known(finding->id, saver.series, target.series,
                                   vendor),
                      "%s on %s: %s %s: %s", release_text(saver, from),
                      release_text(target, to), finding->record,
                      finding->id, finding->text);
    judged_free(&judged);
}

/* Guests, with the oldest series that the model has them of. */
static const struct {
    unsigned int what;
    cat_version from;
} guests[] = {
    { 0, 0 }, { SAVER_XSAVE, 0 }, { SAVER_VIRIDIAN, 0 }, { EVERYTHING, 0 },
    { SAVER_PVH | SAVER_XSAVE, CAT_V(4, 12) },
    { EVERYTHING | SAVER_SYSCALL | SAVER_X2APIC, 0 },
    { SAVER_FPU_UNUSED, 0 },
};
#define N_GUESTS (sizeof(guests) / sizeof(guests[0]))
#define N_SERIES 27

/* Of each kind of guest, on a host of each vendor, on the newest point release
 * of each later series: that is what Xen promises, for a point release may be
 * younger than one of the series behind it. */
START_TEST(later_releases_load)
{
    size_t first = (size_t)_i % N_SERIES, k = (size_t)_i / N_SERIES;
    cat_version series = release_series(first), later;
    enum domctx_vendor vendor = k % 2 ? DOMCTX_VENDOR_AMD
                                      : DOMCTX_VENDOR_INTEL;

    for (int point = 0; series >= guests[k / 2].from &&
                        point <= release_last_point(series); point++) {
        struct release saver = { series, (uint8_t)point };
        struct bytes b = { 0 };

        put_saved(&b, saver, guests[k / 2].what | (k % 2 ? SAVER_AMD : 0));
        for (size_t i = first; (later = release_series(i)); i++)
            loads_later(&b, saver,
                        (struct release){
                            later, (uint8_t)release_last_point(later) },
                        vendor);
        bytes_free(&b);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("points");
    TCase *tc = tcase_create("points");

    tcase_add_loop_test(tc, own_file_loads, 0, 27);
    tcase_add_loop_test(tc, broken_file_is_refused, 0, 27);
    tcase_add_loop_test(tc, later_releases_load, 0,
                        2 * N_GUESTS * N_SERIES);
    tcase_add_loop_test(tc, series_is_told, 0,
                        sizeof(series_rows) / sizeof(series_rows[0]));
    tcase_add_loop_test(tc, series_is_its_points, 0, 27);
    tcase_add_test(tc, too_much_to_compare);
    tcase_add_loop_test(tc, many_warnings, 0, 3);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
