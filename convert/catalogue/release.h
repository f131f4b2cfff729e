/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Releases of Xen with their point releases, for rules: stable branches
 * differ among themselves, and a fix reaches several of them.
 */
#ifndef CONVERT_CATALOGUE_RELEASE_H
#define CONVERT_CATALOGUE_RELEASE_H

#include "catalogue/catalogue.h"

#include <domctx.h>

/* One release, or a whole series when the point release is not known. */
struct release {
    cat_version series;
    uint8_t point;          /* RELEASE_ANY: all of the series */
};
#define RELEASE_ANY 0xff

#define RELEASE(x, y, z) ((struct release){ CAT_V(x, y), (z) })
#define SERIES(x, y) ((struct release){ CAT_V(x, y), RELEASE_ANY })

/*
 * The releases since which something holds: all from the last of the points
 * on, and in the series of each other point those from it on.  A change of
 * 4.16 that was backported to 4.13.4 and 4.15.1 is
 * { RELEASE(4, 13, 4), RELEASE(4, 15, 1), RELEASE(4, 16, 0) }.
 * The unused rest is zero; wholly zero means always.
 */
#define SINCE_MAX 8
struct since {
    struct release points[SINCE_MAX];
};

/* The first point release of a series in which it holds: 0 for all of them,
 * SINCE_NEVER for none. */
#define SINCE_NEVER (RELEASE_ANY + 1)
int since_first(const struct since *since, cat_version version);

/* Whether it holds in all, or in at least one, of the point releases for
 * which the release stands.  For a single point release the two agree. */
bool since_all(const struct since *since, struct release release);
bool since_some(const struct since *since, struct release release);

/* Parse a release as domctx_release_parse() does, but accept unknown ones;
 * false for any other text. "4.17" has the point RELEASE_ANY. */
bool release_parse(const char *text, struct release *release);

/* The same release as this library's own type. */
struct release release_of(const struct domctx_release *release);

struct domctx_release release_public(struct release release);

/* "4.17" or "4.17.3". */
#define RELEASE_ROOM 16
const char *release_text(struct release release, char buf[RELEASE_ROOM]);

/* The newest point release of a series that this program knows; -1 for a
 * series that never was, or is newer. */
int release_last_point(cat_version series);

/* The newest point release of series number i of those known, oldest first
 * (3.1); all 0 past the last. */
struct release release_newest(size_t i);

/* Series number i; 0 past the last. */
cat_version release_series(size_t i);

#endif /* CONVERT_CATALOGUE_RELEASE_H */
