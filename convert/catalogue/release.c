/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalogue/release.h"
#include "base/chars.h"
#include "base/digits.h"
#include "base/messages.h"
#include "catalogue/product.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Every series of the table and its newest point release, by the release
 * tags up to RELEASE-4.22.0. */
static const struct release series[] = {
    RELEASE(3, 1, 4),  RELEASE(3, 2, 3),  RELEASE(3, 3, 2),
    RELEASE(3, 4, 4),  RELEASE(4, 0, 4),  RELEASE(4, 1, 6),
    RELEASE(4, 2, 5),  RELEASE(4, 3, 4),  RELEASE(4, 4, 4),
    RELEASE(4, 5, 5),  RELEASE(4, 6, 6),  RELEASE(4, 7, 6),
    RELEASE(4, 8, 5),  RELEASE(4, 9, 4),  RELEASE(4, 10, 4),
    RELEASE(4, 11, 4), RELEASE(4, 12, 4), RELEASE(4, 13, 5),
    RELEASE(4, 14, 6), RELEASE(4, 15, 7), RELEASE(4, 16, 7),
    RELEASE(4, 17, 7), RELEASE(4, 18, 6), RELEASE(4, 19, 6),
    RELEASE(4, 20, 4), RELEASE(4, 21, 2), RELEASE(4, 22, 0),
};
#define N_SERIES (sizeof(series) / sizeof(series[0]))

int release_last_point(cat_version version)
{
    for (size_t i = 0; i < N_SERIES; i++)
        if (series[i].series == version)
            return series[i].point;
    return -1;
}

struct release release_newest(size_t i)
{
    return i < N_SERIES ? series[i] : (struct release){ 0, 0 };
}

cat_version release_series(size_t i)
{
    return release_newest(i).series;
}

/* Later point releases of a series keep a fix. */
int since_first(const struct since *since, cat_version version)
{
    const struct release *first = since->points;
    size_t n = 0;

    for (; n < SINCE_MAX && first[n].series; n++)
        if (first[n].series == version)
            return first[n].point;
    return n == 0 || version > first[n - 1].series ? 0 : SINCE_NEVER;
}

bool since_all(const struct since *since, struct release release)
{
    int point = release.point == RELEASE_ANY ? 0 : release.point;

    return point >= since_first(since, release.series);
}

bool since_some(const struct since *since, struct release release)
{
    return release.point >= since_first(since, release.series);
}

/* One to three digits: no release of Xen has had more. */
static const char *read_number(const char *p, unsigned int *number)
{
    const char *start = p;

    for (*number = 0; char_is_digit(*p) && p - start < 3; p++)
        *number = *number * 10 + (unsigned int)(*p - '0');
    return p > start && *number < RELEASE_ANY ? p : NULL;
}

/* Prefixes of the numbers: in `xl info`, release tags, branches, packages. */
static const char *skip_front(const char *text)
{
    static const char *const fronts[] = { "xen_version", "xen", "release",
                                          "stable", "staging", "version",
                                          "v" };

    while (char_is_blank(*text))
        text++;
    for (size_t i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
        size_t length = strlen(fronts[i]);

        if (strncasecmp(text, fronts[i], length) != 0)
            continue;
        text += length;
        while (char_is_blank(*text) || *text == ':' || *text == '-')
            text++;
        break;
    }
    return text;
}

/* Whether the rest is a builder's suffix: XEN_EXTRAVERSION with
 * XEN_VENDORVERSION, or the revision of a package. */
static bool is_extra(const char *rest)
{
    if (rest[strspn(rest, " \t\r\n")] == '\0')
        return true;
    return strchr("-+~_.", *rest) && isalnum((unsigned char)rest[1]);
}

/* Whether the suffix marks a state before the release. */
static bool is_before(const char *rest)
{
    static const char *const words[] = { "pre", "rc", "unstable" };

    if (*rest != '-' && *rest != '~')
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t length = strlen(words[i]);

        if (strncasecmp(rest + 1, words[i], length) == 0 &&
            !isalpha((unsigned char)rest[1 + length]))
            return true;
    }
    return false;
}

/* The point release, or "x" for any. */
static const char *read_point(const char *p, unsigned int *point)
{
    if ((p[1] == 'x' || p[1] == 'X') && !isalnum((unsigned char)p[2]))
        return p + 2;
    return read_number(p + 1, point);
}

/* The kind of suffix behind the numbers. */
enum behind {
    BEHIND_NOTHING,
    BEHIND_BEFORE,  /* a state before the release that they name */
    BEHIND_EXTRA,   /* the builder's own */
};

static bool parse(const char *text, struct release *release,
                  enum behind *behind)
{
    unsigned int xen_major, xen_minor, point = RELEASE_ANY;
    const char *p = read_number(skip_front(text), &xen_major);

    if (p)
        p = *p == '.' ? read_number(p + 1, &xen_minor) : NULL;
    if (p && *p == '.')
        p = read_point(p, &point);
    if (!p || !is_extra(p))
        return false;
    *behind = is_before(p)                   ? BEHIND_BEFORE
              : p[strspn(p, " \t\r\n")] ? BEHIND_EXTRA
                                             : BEHIND_NOTHING;
    if (*behind == BEHIND_BEFORE)
        point = point == RELEASE_ANY || point == 0 ? 0 : point - 1;
    release->series = CAT_V(xen_major, xen_minor);
    release->point = (uint8_t)point;
    return true;
}

bool release_parse(const char *text, struct release *release)
{
    enum behind behind;

    return parse(text, release, &behind);
}

struct release release_of(const struct domctx_release *release)
{
    return (struct release){
        .series = cat_version_of(release->xen_major, release->xen_minor),
        .point = release->point < RELEASE_ANY ? (uint8_t)release->point
                                              : RELEASE_ANY,
    };
}

struct domctx_release release_public(struct release release)
{
    return (struct domctx_release){
        .xen_major = release.series >> 8,
        .xen_minor = release.series & 0xff,
        .point = release.point == RELEASE_ANY ? DOMCTX_POINT_ANY
                                              : release.point,
    };
}

/* Report the version of a product, which users take for that of its Xen;
 * false: it is none. */
static bool is_product(enum msg_id id, const char *text,
                       domctx_report *report)
{
    char product[PRODUCT_ROOM];

    if (!product_text(text, product))
        return false;
    msg_raise(report, id, &(struct msg_at){ .found = TEXT(text) },
              "a product's release and not Xen's: %s; give that of Xen, which "
              "'xl info' prints as xen_version", product);
    return true;
}

/* Series and point release of those in the table. */
static int check_known(const char *text, struct release release,
                       domctx_report *report)
{
    int last = release_last_point(release.series);
    char newest[RELEASE_ROOM];
    struct msg_at at = { .found = TEXT(text) };

    if (last < 0 && is_product(MSG_RELEASE_UNKNOWN, text, report))
        return -1;
    if (last < 0) {
        bool far = release.series >= CAT_V(5, 0);

        release_text(SERIES(CAT_NEWEST >> 8, CAT_NEWEST & 0xff), newest);
        if (release.series > CAT_NEWEST)
            at.expected = (struct msg_value)TEXT(newest);
        return msg_raise(report, MSG_RELEASE_UNKNOWN, &at,
                         far ? "no release of Xen known here, rather a "
                               "product's: give what 'xl info' prints as "
                               "xen_version"
                         : release.series > CAT_NEWEST
                             ? "newer than the newest release of Xen known "
                               "here, which is to be given instead"
                             : "there is no such release of Xen: they begin "
                               "with 3.1");
    }
    if (release.point == RELEASE_ANY || release.point <= last)
        return 0;
    release_text((struct release){ release.series, (uint8_t)last }, newest);
    at.expected = (struct msg_value)TEXT(newest);
    return msg_raise(report, MSG_RELEASE_POINT_NEWER, &at,
                     "newer than the newest point release known here, whose "
                     "rules are applied");
}

int domctx_release_parse(const char *text, struct domctx_release *release,
                         domctx_report *report)
{
    struct release read;
    char taken[RELEASE_ROOM];
    enum behind behind;

    if (!parse(text, &read, &behind))
        return is_product(MSG_RELEASE_MALFORMED, text, report) ? -1
             : msg_raise(report, MSG_RELEASE_MALFORMED,
                         &(struct msg_at){ .found = TEXT(text) },
                         "no release of Xen is written like this: give X.Y "
                         "or X.Y.Z, such as 4.17 or 4.17.3, or what 'xl "
                         "info' prints as xen_version");
    *release = release_public(read);
    release_text(read, taken);
    if (check_known(text, read, report) < 0)
        return -1;
    if (behind == BEHIND_BEFORE)
        msg_raise(report, MSG_RELEASE_BEFORE,
                  &(struct msg_at){ .found = TEXT(text) },
                  "not yet that release: taken as %s", taken);
    if (behind == BEHIND_EXTRA)
        msg_raise(report, MSG_RELEASE_EXTRA,
                  &(struct msg_at){ .found = TEXT(text) },
                  "taken as %s: what its builder has added is not known here",
                  taken);
    return 0;
}

bool domctx_release_series(size_t i, struct domctx_release *release)
{
    struct release found = { release_series(i), RELEASE_ANY };

    if (found.series)
        *release = release_public(found);
    return found.series;
}

/* The numbers may be any of START's 32 bits, of no known release. */
const char *domctx_release_text(const struct domctx_release *release,
                                char buf[DOMCTX_RELEASE_ROOM])
{
    char point[16] = "";

    if (release->point != DOMCTX_POINT_ANY)
        snprintf(point, sizeof(point), ".%" PRIu32, release->point);
    snprintf(buf, DOMCTX_RELEASE_ROOM, "%" PRIu32 ".%" PRIu32 "%s",
             release->xen_major, release->xen_minor, point);
    return buf;
}

const char *release_text(struct release release, char buf[RELEASE_ROOM])
{
    char *p = digits_decimal(buf, release.series >> 8);

    *p++ = '.';
    p = digits_decimal(p, release.series & 0xff);
    if (release.point != RELEASE_ANY) {
        *p++ = '.';
        p = digits_decimal(p, release.point);
    }
    *p = '\0';
    return buf;
}
