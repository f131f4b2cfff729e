/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which lines of a log may be one of lines.def: each pattern has a piece of
 * a few characters that few other lines have, and all pieces are looked for
 * at once, most places of the text being stepped over (Wu and Manber, "A
 * fast algorithm for multi-pattern searching", 1994).
 */
#ifndef CONVERT_EXPLAIN_INDEX_H
#define CONVERT_EXPLAIN_INDEX_H

#include "explain/lines.h"

#include <stdint.h>

#define PIECE 6   /* characters; the lint of lines.def asks for so many */

/* A row that has the piece, and where in its pattern. */
struct index_row {
    uint16_t row, offset;
};

struct index;

struct index *index_new(void);   /* NULL: no memory */
void index_free(struct index *index);

/*
 * The first place from at on where one of the pieces stands, size for none.
 * Its rows are rows[0] to rows[*n - 1]; an error of the toolstack has none.
 */
size_t index_find(const struct index *index, const char *text, size_t at,
                  size_t size, const struct index_row **rows, size_t *n);

/* Whether what stands around the piece at that place is the rest of the
 * row's words, as far as its line and the next hole go. */
bool index_fits(const struct index_row *row, const char *text, size_t at,
                size_t size);

#endif /* CONVERT_EXPLAIN_INDEX_H */
