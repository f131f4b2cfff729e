/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which piece of a pattern few other texts have. */
#ifndef CONVERT_EXPLAIN_INDEX_PIECE_H
#define CONVERT_EXPLAIN_INDEX_PIECE_H

#include "explain/index.h"

/* The upper bits are the good ones. */
static inline uint64_t hash(uint64_t gram)
{
    return gram * UINT64_C(0x9e3779b97f4a7c15);
}

/* How often the patterns have what; free() gives it back. */
struct counts;
struct counts *counts_new(void);   /* NULL: no memory */

/* How many octets of fixed words a pattern begins with, without a last full
 * stop: not every logger keeps it. */
size_t piece_words(const char *pattern);

/* The best piece of a pattern; NULL where each is too short. */
const char *best_piece(const char *pattern, const struct counts *counts);

#endif /* CONVERT_EXPLAIN_INDEX_PIECE_H */
