/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalogue/release-set.h"

#include <stdio.h>
#include <string.h>

/* Each series of the table: its number, and its newest point release. */
#define FOR_EACH_SERIES(i, newest) \
    for (size_t i = 0; \
         i < RELEASE_SET_SERIES && ((newest) = release_newest(i)).series; i++)

/* The newest known point release of a series. */
static uint8_t last_point(cat_version series)
{
    return (uint8_t)release_last_point(series);
}

/* A bit for each point release of a series from first to the one before
 * end. */
static uint16_t points(struct release newest, int first, int end)
{
    int all = newest.point + 1;

    if (end > all)
        end = all;
    return first < end ? (uint16_t)((1u << end) - (1u << first)) : 0;
}

struct domctx_releases set_all(void)
{
    struct domctx_releases set = { 0 };
    struct release newest;

    FOR_EACH_SERIES(i, newest)
        set.points[i] = points(newest, 0, RELEASE_ANY);
    return set;
}

struct domctx_releases set_between(const struct since *from,
                               const struct since *until)
{
    bool ends = until->points[0].series;
    struct domctx_releases set = { 0 };
    struct release newest;

    FOR_EACH_SERIES(i, newest)
        set.points[i] = points(newest, since_first(from, newest.series),
                               ends ? since_first(until, newest.series)
                                    : RELEASE_ANY);
    return set;
}

struct domctx_releases set_from_to(struct release first, struct release last)
{
    int from = first.point == RELEASE_ANY ? 0 : first.point;
    struct domctx_releases set = { 0 };
    struct release newest;

    FOR_EACH_SERIES(i, newest)
        if (newest.series >= first.series && newest.series <= last.series)
            set.points[i] =
                points(newest, newest.series == first.series ? from : 0,
                       newest.series == last.series ? last.point + 1
                                                    : RELEASE_ANY);
    return set;
}

struct domctx_releases set_of(struct release release)
{
    return set_from_to(release, release);
}

struct domctx_releases set_and(const struct domctx_releases *a,
                           const struct domctx_releases *b)
{
    struct domctx_releases both;

    for (size_t i = 0; i < RELEASE_SET_SERIES; i++)
        both.points[i] = a->points[i] & b->points[i];
    return both;
}

struct domctx_releases set_without(const struct domctx_releases *a,
                               const struct domctx_releases *b)
{
    struct domctx_releases rest;

    for (size_t i = 0; i < RELEASE_SET_SERIES; i++)
        rest.points[i] = (uint16_t)(a->points[i] & ~b->points[i]);
    return rest;
}

void set_or(struct domctx_releases *into, const struct domctx_releases *other)
{
    for (size_t i = 0; i < RELEASE_SET_SERIES; i++)
        into->points[i] |= other->points[i];
}

bool set_empty(const struct domctx_releases *set)
{
    for (size_t i = 0; i < RELEASE_SET_SERIES; i++)
        if (set->points[i])
            return false;
    return true;
}

bool set_same(const struct domctx_releases *a, const struct domctx_releases *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

bool set_has(const struct domctx_releases *set, struct release release)
{
    struct release newest;

    FOR_EACH_SERIES(i, newest)
        if (newest.series == release.series)
            return set->points[i] & (release.point == RELEASE_ANY
                                         ? UINT16_MAX
                                         : points(newest, release.point,
                                                  release.point + 1));
    return false;
}

/* A point release in the order of all of them. */
struct place {
    size_t series;
    int point;
};

static struct domctx_release as_public(struct place place)
{
    cat_version series = release_series(place.series);

    return (struct domctx_release){ series >> 8, series & 0xff,
                                    (uint32_t)place.point };
}

/* Advance *place to the first that is in the set, or to the first that is not
 * in it; false: none. */
static bool seek(const struct domctx_releases *set, bool in,
                 struct place *place)
{
    for (; place->series < RELEASE_SET_SERIES;
         place->series++, place->point = 0) {
        struct release newest = release_newest(place->series);
        unsigned int bits = set->points[place->series];

        if (!newest.series)
            return false;
        bits = (in ? bits : ~bits) >> place->point;
        for (; bits && place->point <= newest.point;
             bits >>= 1, place->point++)
            if (bits & 1)
                return true;
    }
    return false;
}

static struct place place_before(struct place place)
{
    if (place.point > 0)
        return (struct place){ place.series, place.point - 1 };
    return (struct place){ place.series - 1,
                           release_newest(place.series - 1).point };
}

/* Find the next range from *place on, and advance *place beyond it. */
static bool next_range(const struct domctx_releases *set,
                       struct place *place,
                       struct domctx_release_range *range)
{
    if (!seek(set, true, place))
        return false;
    range->first = as_public(*place);
    seek(set, false, place);
    range->last = as_public(place_before(*place));
    return true;
}

bool set_range(const struct domctx_releases *set, size_t i,
               struct domctx_release_range *range)
{
    struct place place = { 0, 0 };

    while (next_range(set, &place, range))
        if (i-- == 0)
            return true;
    return false;
}

/* One end of a range.  The point is left out if the range includes the first,
 * or the last, of the series. */
static void end_text(const struct domctx_release *end, bool first, bool alone,
                     char buf[RELEASE_ROOM])
{
    cat_version series = CAT_V(end->xen_major, end->xen_minor);
    uint32_t whole = first ? 0 : last_point(series);
    struct release release = { series, (uint8_t)end->point };

    if (!alone && end->point == whole)
        release.point = RELEASE_ANY;
    release_text(release, buf);
}

/* "3.1 to 3.4", or one end where both are the same. */
#define RANGE_ROOM (2 * RELEASE_ROOM + 8)
static size_t range_text(const struct domctx_release_range *range,
                         char buf[RANGE_ROOM])
{
    char first[RELEASE_ROOM], last[RELEASE_ROOM];
    cat_version a = CAT_V(range->first.xen_major, range->first.xen_minor);
    cat_version b = CAT_V(range->last.xen_major, range->last.xen_minor);
    bool whole = range->first.point == 0 &&
                 range->last.point == last_point(b);
    char *p;

    end_text(&range->first, true, a == b && !whole, first);
    end_text(&range->last, false, a == b && !whole, last);
    p = stpcpy(buf, first);
    if (strcmp(first, last) != 0)
        p = stpcpy(stpcpy(p, " to "), last);
    return (size_t)(p - buf);
}

void set_text(const struct domctx_releases *set, char *buf, size_t room)
{
    struct domctx_release_range range;
    struct place place = { 0, 0 };
    size_t used = 0;

    while (next_range(set, &place, &range)) {
        char text[2 + RANGE_ROOM] = ", ", *from = used ? text : text + 2;
        size_t length = range_text(&range, text + 2) + (used ? 2 : 0);

        if (used + length + sizeof(", ...") > room) {
            snprintf(buf + used, room - used, "%s...", used ? ", " : "");
            return;
        }
        memcpy(buf + used, from, length + 1);
        used += length;
    }
    if (!used)
        snprintf(buf, room, "none");
}

void set_words(const struct domctx_releases *set, char *buf, size_t room)
{
    struct domctx_release_range range, more;
    cat_version series;
    char text[DOMCTX_RELEASE_ROOM];

    set_text(set, buf, room);
    if (!set_range(set, 0, &range) || set_range(set, 1, &more) ||
        range.first.xen_major != range.last.xen_major ||
        range.first.xen_minor != range.last.xen_minor ||
        range.first.point == range.last.point)
        return;
    series = CAT_V(range.first.xen_major, range.first.xen_minor);
    if (range.first.point && range.last.point == last_point(series))
        snprintf(buf, room, "%s and later",
                 domctx_release_text(&range.first, text));
    else if (!range.first.point && range.last.point < last_point(series))
        snprintf(buf, room, "%s and earlier",
                 domctx_release_text(&range.last, text));
}

void domctx_releases_of(const struct domctx_release *release,
                        struct domctx_releases *releases)
{
    *releases = set_of(release_of(release));
}

bool domctx_releases_range(const struct domctx_releases *releases, size_t i,
                           struct domctx_release_range *range)
{
    return set_range(releases, i, range);
}

const char *domctx_releases_text(const struct domctx_releases *releases,
                                 char buf[DOMCTX_RELEASES_ROOM])
{
    set_text(releases, buf, DOMCTX_RELEASES_ROOM);
    return buf;
}
