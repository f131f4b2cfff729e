/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The distance of a typed name from an existing one. */
#include "base/chars.h"

#include <domctx.h>

#include <string.h>

static unsigned int least_of(unsigned int a, unsigned int b, unsigned int c)
{
    unsigned int least = a < b ? a : b;

    return least < c ? least : c;
}

/* The Levenshtein distance, ignoring case. */
unsigned int domctx_name_distance(const char *a, const char *b)
{
    unsigned int row[NEAR_LONGEST + 1];
    size_t n = strnlen(a, NEAR_LONGEST), m = strnlen(b, NEAR_LONGEST);

    for (unsigned int k = 0; k <= m; k++)
        row[k] = k;
    for (size_t i = 1; i <= n; i++) {
        unsigned int corner = row[0];

        row[0] = (unsigned int)i;
        for (size_t k = 1; k <= m; k++) {
            unsigned int above = row[k];
            unsigned int change =
                corner + (char_lower(a[i - 1]) != char_lower(b[k - 1]));

            row[k] = least_of(above + 1, row[k - 1] + 1, change);
            corner = above;
        }
    }
    return row[m];
}
