/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pieces of all patterns, and finding them in a text. */
#include "explain/index.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 3          /* characters that are looked at together */
#define HASHES 32768u
#define STEP_MAX (PIECE - BLOCK + 1)

struct piece {
    char text[PIECE];
    uint16_t first, n;   /* of rows */
    uint16_t next;       /* piece of the same hash, from 1; 0: none */
};

struct index {
    uint8_t step[HASHES];    /* how far no piece can end */
    uint16_t head[HASHES];   /* of those where one may */
    struct piece *pieces;    /* from 1 */
    size_t n_pieces;
    struct index_row *rows;
};

static unsigned int hash(const char *p)
{
    return ((unsigned int)(unsigned char)p[0] * 0x1f3du ^
            (unsigned int)(unsigned char)p[1] << 5 ^
            (unsigned int)(unsigned char)p[2] << 9 ^
            (unsigned int)(unsigned char)p[2]) % HASHES;
}

/* How common it is in logs of any kind; small is good.  The letters after
 * their frequency in English text, words of the trade dearer. */
static unsigned int commonness(const char *p, unsigned int limit)
{
    static const char letters[] = "zqxjkvbpgwyfmculdrhsnioate";
    static const char *const words[] = {
        "failed", "Failed", "nable", "annot", "device", "domain", "memory",
        "error", "status", "system", "rror", "nvalid", "unning", "start",
        "equest", "ocket", "expected", "read", "write", "reading", "config",
        "allocat", "register", "found", "not", "able to", "migration",
        "file", "process", "connection",
    };
    unsigned int sum = 0;

    for (size_t i = 0; i < PIECE; i++) {
        const char *letter = memchr(letters, p[i], sizeof(letters) - 1);

        sum += p[i] == ' ' ? 100 : letter ? (unsigned int)(letter - letters)
                                         : 4;
    }
    if (sum > limit)
        return sum;
    for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
        size_t length = strlen(words[w]);

        for (size_t i = 0; i + (length < PIECE ? length : PIECE) <= PIECE;
             i++)
            if (strncmp(p + i, words[w],
                        length < PIECE ? length : PIECE) == 0)
                sum += 60;
    }
    return sum;
}

/* The best piece of a pattern; NULL where each is too short. */
static const char *best_piece(const char *pattern)
{
    const char *best = NULL;
    unsigned int least = 0;

    while (*pattern) {
        size_t length = strcspn(pattern, "{");

        for (size_t i = 0; i + PIECE <= length; i++) {
            unsigned int sum =
                commonness(pattern + i, best ? least : UINT_MAX);

            if (!best || sum < least) {
                best = pattern + i;
                least = sum;
            }
        }
        pattern += length;
        pattern += strcspn(pattern, "}");
        pattern += *pattern == '}';
    }
    return best;
}

struct row_piece {
    const char *piece;
    uint16_t row;
};

static int by_piece(const void *a, const void *b)
{
    const struct row_piece *x = a, *y = b;
    int order = memcmp(x->piece, y->piece, PIECE);

    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static void enter(struct index *index, size_t number)
{
    struct piece *piece = &index->pieces[number];
    unsigned int last = hash(piece->text + PIECE - BLOCK);

    for (unsigned int i = 0; i + BLOCK <= PIECE; i++) {
        unsigned int h = hash(piece->text + i);
        uint8_t step = (uint8_t)(PIECE - BLOCK - i);

        if (step < index->step[h])
            index->step[h] = step;
    }
    piece->next = index->head[last];
    index->head[last] = (uint16_t)number;
}

/* Errors of the toolstack, known or not: pieces without rows. */
static void enter_errors(struct index *index)
{
    static const char *const errors[] = { "xc: er", "xl: er" };

    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        memcpy(index->pieces[++index->n_pieces].text, errors[i], PIECE);
}
#define ERRORS 2

static void fill(struct index *index, struct row_piece *order, size_t n)
{
    qsort(order, n, sizeof(*order), by_piece);
    memset(index->step, STEP_MAX, sizeof(index->step));
    for (size_t i = 0; i < n; i++) {
        struct piece *piece = &index->pieces[index->n_pieces];

        index->rows[i] = (struct index_row){
            order[i].row,
            (uint16_t)(order[i].piece - lines[order[i].row].pattern)
        };
        if (index->n_pieces > 0 &&
            memcmp(piece->text, order[i].piece, PIECE) == 0) {
            piece->n++;
            continue;
        }
        piece = &index->pieces[++index->n_pieces];
        memcpy(piece->text, order[i].piece, PIECE);
        piece->first = (uint16_t)i;
        piece->n = 1;
    }
    enter_errors(index);
    for (size_t i = 1; i <= index->n_pieces; i++)
        enter(index, i);
}

struct index *index_new(void)
{
    struct index *index = calloc(1, sizeof(*index));
    struct row_piece *order = calloc(n_lines, sizeof(*order));
    size_t n = 0;

    if (index) {
        index->pieces = calloc(n_lines + 1 + ERRORS, sizeof(*index->pieces));
        index->rows = calloc(n_lines, sizeof(*index->rows));
    }
    if (!index || !order || !index->pieces || !index->rows) {
        free(order);
        index_free(index);
        return NULL;
    }
    for (size_t i = 0; i < n_lines; i++) {
        const char *piece = best_piece(lines[i].pattern);

        if (piece)
            order[n++] = (struct row_piece){ piece, (uint16_t)i };
    }
    fill(index, order, n);
    free(order);
    return index;
}

void index_free(struct index *index)
{
    if (index) {
        free(index->pieces);
        free(index->rows);
    }
    free(index);
}

size_t index_find(const struct index *index, const char *text, size_t at,
                  size_t size, const struct index_row **rows, size_t *n)
{
    for (size_t end = at + PIECE; end <= size;) {
        unsigned int h = hash(text + end - BLOCK);
        const struct piece *piece;

        if (index->step[h]) {
            end += index->step[h];
            continue;
        }
        for (size_t i = index->head[h]; i; i = piece->next) {
            piece = &index->pieces[i];
            if (memcmp(piece->text, text + end - PIECE, PIECE) == 0) {
                *rows = &index->rows[piece->first];
                *n = piece->n;
                return end - PIECE;
            }
        }
        end++;
    }
    return size;
}

/* Where a line may have been broken or changed, all is possible. */
static bool is_edge(char c)
{
    return strchr("\n\r=\033", c) != NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool fits_behind(const char *pattern, const char *text, size_t at,
                        size_t size)
{
    for (; *pattern && *pattern != '{' && at < size && !is_edge(text[at]);
         pattern++) {
        if (!is_blank(*pattern)) {
            if (text[at++] != *pattern)
                return pattern[0] == '.' && !pattern[1];
            continue;
        }
        if (!is_blank(text[at]))
            return false;
        while (at < size && is_blank(text[at]))
            at++;
    }
    return true;
}

static bool fits_before(const char *pattern, const char *p, const char *text,
                        size_t at)
{
    while (p > pattern && p[-1] != '}' && at > 0 && !is_edge(text[at - 1])) {
        p--;
        if (!is_blank(*p)) {
            if (text[--at] != *p)
                return false;
            continue;
        }
        if (!is_blank(text[at - 1]))
            return false;
        while (at > 0 && is_blank(text[at - 1]))
            at--;
    }
    return true;
}

bool index_fits(const struct index_row *row, const char *text, size_t at,
                size_t size)
{
    const char *pattern = lines[row->row].pattern;

    return fits_behind(pattern + row->offset + PIECE, text, at + PIECE,
                       size) &&
           fits_before(pattern, pattern + row->offset, text, at);
}
