/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of point releases, and the ranges that a person reads. */
#ifndef CONVERT_CATALOGUE_RELEASE_SET_H
#define CONVERT_CATALOGUE_RELEASE_SET_H

#include <domctx.h>

#include "catalogue/release.h"

#define RELEASE_SET_SERIES DOMCTX_SERIES_ROOM

/* All point releases that this program knows. */
struct domctx_releases set_all(void);

/* The point releases since from and before until.  An until of zeros: no
 * end. */
struct domctx_releases set_between(const struct since *from,
                               const struct since *until);

/* From first to last, both included; RELEASE_ANY is the first or the last
 * point release of its series. */
struct domctx_releases set_from_to(struct release first, struct release last);

struct domctx_releases set_and(const struct domctx_releases *a,
                           const struct domctx_releases *b);
struct domctx_releases set_without(const struct domctx_releases *a,
                               const struct domctx_releases *b);
void set_or(struct domctx_releases *into, const struct domctx_releases *other);
bool set_empty(const struct domctx_releases *set);
bool set_same(const struct domctx_releases *a,
              const struct domctx_releases *b);

/* Range number i of the set, oldest first; false past the last.  A range may
 * extend over several series. */
bool set_range(const struct domctx_releases *set, size_t i,
               struct domctx_release_range *range);

/* The known point releases for which the release stands: none for an unknown
 * series. */
struct domctx_releases set_of(struct release release);

bool set_has(const struct domctx_releases *set, struct release release);

/* A set within one series in words: "4.20.1 and later", "4.17.6 and earlier",
 * "4.20.0"; other sets as set_text(). */
void set_words(const struct domctx_releases *set, char *buf, size_t room);

/* "3.1 to 3.4, 4.18.5 to 4.18.6", cut off with "..." where it does not fit;
 * "none" for the empty set. */
void set_text(const struct domctx_releases *set, char *buf, size_t room);

#endif /* CONVERT_CATALOGUE_RELEASE_SET_H */
