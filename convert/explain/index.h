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
 * an error that is not known.  One byte more than size can be read.
 */
size_t index_find(const struct index *index, const char *text, size_t at,
                  size_t size, const struct index_row **rows, size_t *n);

/* Where a line may have been broken or changed, all is possible. */
static inline bool index_is_edge(char c)
{
    static const uint64_t edges =
        UINT64_C(1) << '\0' | UINT64_C(1) << '\n' | UINT64_C(1) << '\r' |
        UINT64_C(1) << '\033' | UINT64_C(1) << '=' | UINT64_C(1) << '&' |
        UINT64_C(1) << '<';

    return (unsigned char)c < 64 && edges >> c & 1;
}

/* What is seen without a look at the pattern. */
static inline bool index_may_fit(const struct index_row *row,
                                 const char *text, size_t at, size_t size)
{
    size_t end = at + GRAM;

    if (row->after && end < size && text[end] != row->after &&
        !index_is_edge(text[end]))
        return false;
    return !row->before || at == 0 || text[at - 1] == row->before ||
           text[at - 1] == '>' || text[at - 1] == ';' ||
           index_is_edge(text[at - 1]);
}

/* Whether what stands around the characters at that place is the rest of the
 * row's words, as far as its line and the next hole go. */
bool index_fits(const struct index_row *row, const char *text, size_t at,
                size_t size);

/* Which two characters follow each other somewhere in a text. */
struct pairs {
    bool has[256];
};
void index_pairs(const char *text, size_t size, struct pairs *pairs);

/* A row that has no piece, and pairs of its fixed words. */
struct index_poor {
    uint16_t row;
    uint8_t n, pairs[12];
};

struct index_poor index_poor_row(size_t row);

/* Without one of its pairs the row is not in a text. */
bool index_may_be(const struct index_poor *poor, const struct pairs *pairs);

const struct index_poor *index_poor(const struct index *index, size_t *n);

/* Whose head a row of INDEX_HEAD is. */
enum component index_head_of(const struct index_row *row);

/* Whether it is the head of an error, which is told of also when no row is
 * of it. */
bool index_is_error(const struct index_row *row);

/* Whether a line with that pattern can be found at all. */
bool index_has(const struct line *line);

#endif /* CONVERT_EXPLAIN_INDEX_H */
