/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which lines of a log may be one of lines.def.  Of each pattern a piece of
 * PIECE characters that few other lines have is known; whatever place of
 * the text they stand at, one of the GRAM characters at every STRIDE-th
 * place falls into them.  So most of the text is met at one place in STRIDE,
 * by one look into a table of bits.
 */
#ifndef CONVERT_EXPLAIN_INDEX_H
#define CONVERT_EXPLAIN_INDEX_H

#include "explain/lines.h"

#include <stdint.h>

#define GRAM 7
#define STRIDE 4
#define PIECE (GRAM + STRIDE - 1)

/* A row that has the characters, and where in its pattern. */
struct index_row {
    uint16_t row, offset;
    bool weak;           /* it holds only behind its component's prefix */
    char before, after;  /* what stands around them; '\0': anything may */
};
#define INDEX_NOWHERE UINT16_MAX   /* they are not in the pattern itself */
#define INDEX_HEAD UINT16_MAX      /* the head of a line, no row */

struct index;

struct index *index_new(void);   /* NULL: no memory */
void index_free(struct index *index);

/*
 * The first of the places at, at + STRIDE, ... where characters of a piece
 * stand, size for none.  Its rows are rows[0] to rows[*n - 1]; INDEX_HEAD is
 * the head of a line of the toolstack, which may be one of index_poor(), or
 * an error that is not known.
 */
size_t index_find(const struct index *index, const char *text, size_t at,
                  size_t size, const struct index_row **rows, size_t *n);

/* Whether what stands around the characters at that place is the rest of the
 * row's words, as far as its line and the next hole go. */
bool index_fits(const struct index_row *row, const char *text, size_t at,
                size_t size);

/* A row that has no piece, and the letters of its fixed words. */
struct index_poor {
    uint16_t row;
    uint64_t letters;
};
const struct index_poor *index_poor(const struct index *index, size_t *n);

/* A bit for each kind of character of a text: without one of those that the
 * words of a row have, the row is not in it. */
uint64_t index_letters(const char *text, size_t size);

/* Whose head a row of INDEX_HEAD is. */
enum component index_head_of(const struct index_row *row);

/* Whether a line with that pattern can be found at all. */
bool index_has(const struct line *line);

#endif /* CONVERT_EXPLAIN_INDEX_H */
