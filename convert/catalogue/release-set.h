/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of point releases, and the ranges that a person reads. */
#ifndef CONVERT_RELEASE_SET_H
#define CONVERT_RELEASE_SET_H

#include <domctx.h>

#include "catalogue/release.h"

/* Bit z of points[i]: point release z of series number i. */
#define RELEASE_SET_SERIES 48
struct release_set {
    uint16_t points[RELEASE_SET_SERIES];
};

/* Every point release that this program knows. */
struct release_set set_all(void);

/* From when on, and before when: those are in the set.  A wholly zero until
 * stands for no end. */
struct release_set set_between(const struct since *from,
                               const struct since *until);

/* From first to last, both included; RELEASE_ANY is the first or the last
 * point release of its series. */
struct release_set set_from_to(struct release first, struct release last);

struct release_set set_and(const struct release_set *a,
                           const struct release_set *b);
struct release_set set_without(const struct release_set *a,
                               const struct release_set *b);
void set_or(struct release_set *into, const struct release_set *other);
bool set_empty(const struct release_set *set);
bool set_same(const struct release_set *a, const struct release_set *b);

/* Range number i of the set, oldest first; false past the last.  A range
 * goes on over the last point release of a series. */
bool set_range(const struct release_set *set, size_t i,
               struct domctx_release_range *range);

/* "3.1 to 3.4, 4.18.5 to 4.18.6", cut off with "..." where it does not fit;
 * "none" for the empty set. */
void set_text(const struct release_set *set, char *buf, size_t room);

#endif /* CONVERT_RELEASE_SET_H */
