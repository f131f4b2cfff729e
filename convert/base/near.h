/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How near a typed name is to one that exists. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

/* A capital letter of ASCII as a small one, whatever the locale. */
static inline int near_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Letters of a name that count. */
#define NEAR_LONGEST 40

/* Letters to change, add or take away, whatever their case: Levenshtein's
 * distance, on the first letters of what is long. */
unsigned int near_distance(const char *a, const char *b);

#endif /* BASE_NEAR_H */
