/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Releases, their point releases, and from when on something holds. */
#include "support.h"

#include <string.h>

#include "catalogue/release.h"

/* LAPIC with 32 bytes: 4.18.5, 4.19.2, 4.20.1, 4.21. */
static const struct since grown = {
    { RELEASE(4, 18, 5), RELEASE(4, 19, 2), RELEASE(4, 20, 1),
      RELEASE(4, 21, 0) }
};

static const struct {
    struct release release;
    bool all, some;
} holds[] = {
    { RELEASE(4, 18, 4), false, false },
    { RELEASE(4, 18, 5), true, true },
    { SERIES(4, 18), false, true },
    { RELEASE(4, 20, 0), false, false },
    { SERIES(4, 20), false, true },
    { SERIES(4, 17), false, false },
    { SERIES(4, 9), false, false },
    { SERIES(4, 21), true, true },
    { RELEASE(4, 22, 0), true, true },
    { SERIES(5, 0), true, true },
};

START_TEST(since_holds)
{
    ck_assert_int_eq(since_all(&grown, holds[_i].release), holds[_i].all);
    ck_assert_int_eq(since_some(&grown, holds[_i].release), holds[_i].some);
}
END_TEST

START_TEST(since_always)
{
    static const struct since always;

    ck_assert(since_all(&always, SERIES(3, 1)));
    ck_assert(since_some(&always, RELEASE(4, 22, 0)));
}
END_TEST

static const struct {
    const char *text;
    bool good;
    struct release release;
} texts[] = {
    { "4.17", true, SERIES(4, 17) },
    { "4.17.0", true, RELEASE(4, 17, 0) },
    { "3.1", true, SERIES(3, 1) },
    { "4.9.12", true, RELEASE(4, 9, 12) },
    { "4", false, { 0 } },
    { "4.", false, { 0 } },
    { ".4", false, { 0 } },
    { "4.17.", false, { 0 } },
    { "4.255", false, { 0 } },
    { "4.1234", false, { 0 } },
    { "4.17.1234", false, { 0 } },
    { "4.17x", false, { 0 } },
    { "4.17.3pre", false, { 0 } },
    { "4.17.3-", false, { 0 } },
    { "4.17.3 -pre", false, { 0 } },
    { "4.17.3 4.18", false, { 0 } },
    { "4.17.-pre", false, { 0 } },
    { "Xen", false, { 0 } },
    { "vv4.17", false, { 0 } },
    { "x4.17", false, { 0 } },
    { "-4.17", false, { 0 } },
    { "", false, { 0 } },
};

START_TEST(parse)
{
    struct release release = { 0 };
    char buf[RELEASE_ROOM];

    ck_assert_int_eq(release_parse(texts[_i].text, &release),
                     texts[_i].good);
    if (!texts[_i].good)
        return;
    ck_assert_int_eq(release.series, texts[_i].release.series);
    ck_assert_int_eq(release.point, texts[_i].release.point);
    ck_assert_str_eq(release_text(release, buf), texts[_i].text);
}
END_TEST

/* Other ways to write one. */
static const struct {
    const char *text;
    struct release release;
} versions[] = {
    /* xen_version of xl info: Debian, XCP-ng, SUSE, Fedora */
    { "4.14.5+94-ge49571868d", RELEASE(4, 14, 5) },
    { "4.13.4-9.24.1", RELEASE(4, 13, 4) },
    { "4.17.5-3", RELEASE(4, 17, 5) },
    { "4.17.2_02-lp154", RELEASE(4, 17, 2) },
    { "4.17.3+10-g091466ba55-1~deb12u1", RELEASE(4, 17, 3) },
    { "4.17.5-1.fc38", RELEASE(4, 17, 5) },
    { "4.1.6.1", RELEASE(4, 1, 6) },
    { "4.17-3", SERIES(4, 17) },
    { "4.4.1-xs12345", RELEASE(4, 4, 1) },
    /* before a point release, before the first */
    { "4.20.5-pre", RELEASE(4, 20, 4) },
    { "4.20.5-rc1", RELEASE(4, 20, 4) },
    { "4.20.5~rc1", RELEASE(4, 20, 4) },
    { "4.20.5-PRE", RELEASE(4, 20, 4) },
    { "4.20.1-pre", RELEASE(4, 20, 0) },
    { "4.20.0-pre", RELEASE(4, 20, 0) },
    { "4.19.0-rc2", RELEASE(4, 19, 0) },
    { "4.20-unstable", RELEASE(4, 20, 0) },
    { "4.20-rc", RELEASE(4, 20, 0) },
    { "4.20-rc.4", RELEASE(4, 20, 0) },
    { "4.20.0-unstable", RELEASE(4, 20, 0) },
    /* a builder's word that begins alike */
    { "4.20.5-preview", RELEASE(4, 20, 5) },
    { "4.20.5-rcpatched", RELEASE(4, 20, 5) },
    { "4.20.5-1-pre", RELEASE(4, 20, 5) },
    /* in front */
    { "Xen 4.17", SERIES(4, 17) },
    { "v4.17", SERIES(4, 17) },
    { "RELEASE-4.17.0", RELEASE(4, 17, 0) },
    { "stable-4.17", SERIES(4, 17) },
    { "staging-4.17", SERIES(4, 17) },
    { "4.17.X", SERIES(4, 17) },
    { "xen-4.17.5-3", RELEASE(4, 17, 5) },
    { "xen_version            : 4.17.5-3", RELEASE(4, 17, 5) },
    { " 4.17", SERIES(4, 17) },
    { "4.17.5 ", RELEASE(4, 17, 5) },
    { "4.17\n", SERIES(4, 17) },
};

START_TEST(parse_versions)
{
    struct release release = { 0 };

    ck_assert_msg(release_parse(versions[_i].text, &release), "%s",
                  versions[_i].text);
    ck_assert_int_eq(release.series, versions[_i].release.series);
    ck_assert_int_eq(release.point, versions[_i].release.point);
}
END_TEST

/* What the catalogue spans, each series once, in order. */
START_TEST(series_known)
{
    cat_version last = 0;
    size_t i;

    ck_assert_int_eq(release_series(0), CAT_OLDEST);
    for (i = 0; release_series(i); i++) {
        ck_assert_int_gt(release_series(i), last);
        last = release_series(i);
        ck_assert_int_ge(release_last_point(last), 0);
    }
    ck_assert_int_eq(last, CAT_NEWEST);
    ck_assert_int_eq(release_last_point(CAT_V(4, 23)), -1);
    ck_assert_int_eq(release_last_point(CAT_V(3, 5)), -1);
}
END_TEST

/* Of those in the table alone, and what is said of others. */
static const struct {
    const char *text, *id;
    int rc;
    struct domctx_release release;
} known[] = {
    { "3.1", NULL, 0, { 3, 1, DOMCTX_POINT_ANY } },
    { "4.9", NULL, 0, { 4, 9, DOMCTX_POINT_ANY } },
    { "4.10", NULL, 0, { 4, 10, DOMCTX_POINT_ANY } },
    { "4.18.0", NULL, 0, { 4, 18, 0 } },
    { "4.18.6", NULL, 0, { 4, 18, 6 } },
    { "4.18.7", "release-point-newer", 0, { 4, 18, 7 } },
    { "3.0", "release-unknown", -1, { 0 } },
    { "3.5", "release-unknown", -1, { 0 } },
    { "4.23", "release-unknown", -1, { 0 } },
    { "5.0.1", "release-unknown", -1, { 0 } },
    { "4.18.7-pre", "release-before", 0, { 4, 18, 6 } },
    { "4.22.0-pre", "release-before", 0, { 4, 22, 0 } },
    { "4.17.5-3", "release-extra", 0, { 4, 17, 5 } },
    { "4.14.5+94-ge3ef6a0f7e", "release-extra", 0, { 4, 14, 5 } },
    { "4.13.4-9.24.1", "release-extra", 0, { 4, 13, 4 } },
    { "4.17.3_01", "release-extra", 0, { 4, 17, 3 } },
    { "4.18.0-xcp", "release-extra", 0, { 4, 18, 0 } },
    { "4.17.x", NULL, 0, { 4, 17, DOMCTX_POINT_ANY } },
    { "4.17.5 ", NULL, 0, { 4, 17, 5 } },
    { "4.23.1-3", "release-unknown", -1, { 0 } },
    { "", "release-malformed", -1, { 0 } },
    { "4.17-", "release-malformed", -1, { 0 } },
    { "4.17.xy", "release-malformed", -1, { 0 } },
    { "4.17.", "release-malformed", -1, { 0 } },
    { "new", "release-malformed", -1, { 0 } },
};

/* Numbers and names of products, and what is none of them. */
static const struct {
    const char *text, *id, *words;
} of_products[] = {
    { "8.2", "release-unknown", "XenServer or XCP-ng 8.2 has Xen 4.13" },
    { "8.3", "release-unknown", "XenServer or XCP-ng 8.3 has Xen 4.17" },
    { "8.2.1", "release-unknown", "XCP-ng 8.2 has Xen 4.13" },
    { "XCP-ng 8.3", "release-malformed", "XCP-ng 8.3 has Xen 4.17" },
    { "xcp-ng-8.3.0", "release-malformed", "XCP-ng 8.3 has Xen 4.17" },
    { "xenserver8.2", "release-malformed", "XCP-ng 8.2 has Xen 4.13" },
    { "11", "release-malformed", "Debian 11 has Xen 4.14" },
    { "12", "release-malformed", "Debian 12 has Xen 4.17" },
    { "12.5", "release-unknown", "Debian 12 has Xen 4.17" },
    { "13", "release-malformed", "Debian 13 has Xen 4.20" },
    { "debian12", "release-malformed", "Debian 12 has Xen 4.17" },
    { "Debian 13", "release-malformed", "Debian 13 has Xen 4.20" },
    { "deb11", "release-malformed", "Debian 11 has Xen 4.14" },
    { "bookworm", "release-malformed", "Debian 12 has Xen 4.17" },
    { "Trixie", "release-malformed", "Debian 13 has Xen 4.20" },
    { "xcp-ng", "release-malformed", "has another for each" },
    { "debian 7", "release-malformed", "has another for each" },
    { "ubuntu24.04", "release-malformed", "has another for each" },
    { "8.30", "release-unknown", "rather a product's" },
    { "15.5", "release-unknown", "rather a product's" },
    { "121", "release-malformed", "no release of Xen is written like this" },
    { "book", "release-malformed", "no release of Xen is written like this" },
    { "4.23", "release-unknown", "newer than the newest" },
};

START_TEST(product)
{
    domctx_report *report = domctx_report_new();
    struct domctx_release release;

    ck_assert_int_eq(domctx_release_parse(of_products[_i].text, &release,
                                          report), -1);
    expect_only(report, of_products[_i].id);
    ck_assert_msg(strstr(domctx_report_get(report, 0)->text,
                         of_products[_i].words), "%s: %s",
                  of_products[_i].text, domctx_report_get(report, 0)->text);
    domctx_report_free(report);
}
END_TEST

START_TEST(only_known)
{
    domctx_report *report = domctx_report_new();
    struct domctx_release release;
    struct release inner;

    ck_assert_int_eq(domctx_release_parse(known[_i].text, &release, report),
                     known[_i].rc);
    expect_only(report, known[_i].id);
    if (known[_i].rc == 0) {
        ck_assert_uint_eq(release.xen_major, known[_i].release.xen_major);
        ck_assert_uint_eq(release.xen_minor, known[_i].release.xen_minor);
        ck_assert_uint_eq(release.point, known[_i].release.point);
        inner = release_of(&release);
        ck_assert_uint_eq(inner.series, CAT_V(release.xen_major,
                                              release.xen_minor));
        ck_assert_uint_eq(inner.point,
                          release.point == DOMCTX_POINT_ANY ? RELEASE_ANY
                                                            : release.point);
    }
    domctx_report_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("release");
    TCase *tcase = tcase_create("release");

    tcase_add_loop_test(tcase, since_holds, 0,
                        sizeof(holds) / sizeof(holds[0]));
    tcase_add_test(tcase, since_always);
    tcase_add_loop_test(tcase, parse, 0, sizeof(texts) / sizeof(texts[0]));
    tcase_add_loop_test(tcase, parse_versions, 0,
                        sizeof(versions) / sizeof(versions[0]));
    tcase_add_test(tcase, series_known);
    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, only_known, 0,
                        sizeof(known) / sizeof(known[0]));
    tcase_add_loop_test(tcase, product, 0,
                        sizeof(of_products) / sizeof(of_products[0]));
    return run_suite(suite);
}
