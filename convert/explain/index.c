/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pieces of all patterns, and finding them in a text. */
#include "explain/index.h"
#include "explain/index-piece.h"

#include "base/chars.h"
#include "catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILTER_BITS 19   /* 64 KiB: one place in forty is a chance hit */
#define HEAD_BITS 13     /* 16 KiB, which stay near, too */
#define POOR_MAX 64      /* rows of which too little is fixed */

struct entry {
    char text[GRAM + 1];
    struct index_row row;
};

struct index {
    uint64_t filter[(1u << FILTER_BITS) / 64];
    /* where those of a hash begin; sorted by text among themselves */
    uint16_t first[(1u << HEAD_BITS) + 1];
    uint64_t *grams;
    struct index_row *rows;
    struct index_poor poor[POOR_MAX];
    size_t n_poor;
};

/* GRAM characters, of which one more can be read. */
static inline uint64_t gram_at(const char *p)
{
    uint64_t gram;

    memcpy(&gram, p, sizeof(gram));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    gram <<= 8 * (sizeof(gram) - GRAM);
#else
    gram >>= 8 * (sizeof(gram) - GRAM);
#endif
    return gram;
}

static inline size_t head_of(uint64_t h)
{
    return h >> (64 - HEAD_BITS);
}

/* Where the filter has it. */
static inline size_t word_of(uint64_t h)
{
    return h >> (64 - FILTER_BITS + 6);
}

static inline unsigned int bit_of(uint64_t h)
{
    return h >> (64 - FILTER_BITS) & 63;
}

/* ------------------------------------------------------------------ */
/* Making it                                                           */
/* ------------------------------------------------------------------ */

struct entries {
    struct entry *entry;
    size_t n, room;
    struct index_poor poor[POOR_MAX];
    size_t n_poor;
    bool failed;
};

/* XAPI's errors are words of their own. */
static bool is_weak(size_t row)
{
    return row < n_lines && lines[row].component != LINE_XAPI &&
           line_is_weak(&lines[row]);
}

/* Holes, blanks, a last full stop and what a web page has entities for may be
 * met as something else. */
static char fixed(char c)
{
    return strchr("{} .\"'<>&", c) ? '\0' : c;
}

static void enter(struct entries *entries, const char *text, size_t row,
                  size_t offset, bool weak)
{
    struct entry *entry;

    if (entries->n == entries->room) {
        size_t room = entries->room ? 2 * entries->room : 4096;

        entry = realloc(entries->entry, room * sizeof(*entry));
        if (!entry) {
            entries->failed = true;
            return;
        }
        entries->entry = entry;
        entries->room = room;
    }
    entry = &entries->entry[entries->n++];
    memcpy(entry->text, text, GRAM);
    entry->row = (struct index_row){
        .row = (uint16_t)row, .offset = (uint16_t)offset, .weak = weak
    };
    if (offset != INDEX_NOWHERE && row != INDEX_HEAD) {
        const char *pattern = lines[row].pattern;

        entry->row.before = offset ? fixed(pattern[offset - 1]) : '\0';
        entry->row.after = fixed(pattern[offset + GRAM]);
    }
}

/* At the first of its places, whichever that is. */
static void enter_piece(struct entries *entries, const char *piece,
                        size_t row, size_t offset)
{
    bool weak = is_weak(row);

    for (size_t i = 0; i < STRIDE; i++)
        enter(entries, piece + i, row,
              offset == INDEX_NOWHERE ? offset : offset + i, weak);
}

/* The heads of lines of the toolstack: of errors, known or not, and of lines
 * of which too little is fixed. */
static const struct {
    enum component component;
    const char *text;
} heads[] = {
    { LINE_XC, "xc: error: " },
    { LINE_XC, "xc: info: " },
    { LINE_XC, "xc: detail: " },
    { LINE_XC, "Internal error: " },
    { LINE_LIBXL, "libxl: error: " },
    { LINE_LIBXL, "libxl: warning: " },
    { LINE_LIBXL, "libxl: info: " },
    { LINE_LIBXL, "libxl: detail: " },
    { LINE_LIBXL, "libxl: debug: " },
};
#define HEADS (sizeof(heads) / sizeof(heads[0]))

static bool has_head(enum component component)
{
    for (size_t i = 0; i < HEADS; i++)
        if (heads[i].component == component)
            return true;
    return false;
}

/* The offset of their rows says which head and where in it. */
static void enter_heads(struct entries *entries)
{
    for (size_t i = 0; i < HEADS; i++)
        for (size_t k = 0; k < STRIDE; k++)
            enter(entries, heads[i].text + k, INDEX_HEAD, i * STRIDE + k,
                  false);
}

static bool fits_head(size_t offset, const char *text, size_t at,
                      size_t size)
{
    const char *head = heads[offset / STRIDE].text;
    size_t before = offset % STRIDE, length = strlen(head);

    return at >= before && size - (at - before) >= length &&
           memcmp(text + at - before, head, length) == 0;
}

/* " save: " and the name of a record. */
static void enter_names(struct entries *entries, size_t row)
{
    const char *hole = strstr(lines[row].pattern, "{record}");
    const char *words = hole;
    const struct cat_record *record;
    char text[80];

    while (hole && words > lines[row].pattern && words[-1] != '}')
        words--;
    for (size_t i = 0; hole && (record = cat_record_at(i)); i++) {
        int length = snprintf(text, sizeof(text), "%.*s%s",
                              (int)(hole - words), words, record->name);

        if (length >= PIECE && length < (int)sizeof(text))
            enter_piece(entries, text, row, INDEX_NOWHERE);
    }
}

static void enter_row(struct entries *entries, size_t row,
                      const struct counts *counts)
{
    const char *pattern = lines[row].pattern;
    const char *piece = best_piece(pattern, counts);

    if (piece) {
        enter_piece(entries, piece, row, (size_t)(piece - pattern));
        return;
    }
    if (has_head(lines[row].component) && entries->n_poor < POOR_MAX)
        entries->poor[entries->n_poor++] = index_poor_row(row);
    else
        enter_names(entries, row);
}

bool index_has(const struct line *line)
{
    const char *pattern = line->pattern;

    if (strstr(pattern, "{record}"))
        return true;
    while (*pattern) {
        size_t length = strcspn(pattern, "{");

        if (length >= PIECE)
            return true;
        pattern += length;
        pattern += strcspn(pattern, "}");
        pattern += *pattern == '}';
    }
    return has_head(line->component);
}

static int by_text(const struct entry *x, const struct entry *y)
{
    int order = memcmp(x->text, y->text, GRAM);

    if (order == 0)
        order = (x->row.row > y->row.row) - (x->row.row < y->row.row);
    return order ? order : (x->row.offset > y->row.offset) -
                               (x->row.offset < y->row.offset);
}

/* Into order[first] to order[last - 1], before the larger ones. */
static void insert(const struct entry **order, size_t first, size_t last,
                   const struct entry *entry)
{
    while (last > first && by_text(order[last - 1], entry) > 0) {
        order[last] = order[last - 1];
        last--;
    }
    order[last] = entry;
}

/* Few have the same hash: each is put to its own, and sorted in there. */
static void sort_entries(struct index *index, const struct entries *entries,
                         const struct entry **order)
{
    uint16_t *first = index->first;

    for (size_t i = 0; i < entries->n; i++)
        first[head_of(hash(gram_at(entries->entry[i].text))) + 1]++;
    for (size_t i = 0; i < 1u << HEAD_BITS; i++)
        first[i + 1] = (uint16_t)(first[i + 1] + first[i]);
    for (size_t i = entries->n; i-- > 0;) {
        const struct entry *entry = &entries->entry[i];
        size_t head = head_of(hash(gram_at(entry->text)));
        size_t last = first[head];

        while (last < first[head + 1] && order[last])
            last++;
        insert(order, first[head], last, entry);
    }
}

static void fill(struct index *index, const struct entry *const *order,
                 size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t gram = gram_at(order[i]->text), h = hash(gram);

        index->filter[word_of(h)] |= UINT64_C(1) << bit_of(h);
        index->grams[i] = gram;
        index->rows[i] = order[i]->row;
    }
}

static void enter_all(struct entries *entries)
{
    struct counts *counts = counts_new();

    entries->failed |= !counts;
    for (size_t i = 0; counts && i < n_lines; i++)
        enter_row(entries, i, counts);
    free(counts);
    enter_heads(entries);
    if (entries->n > UINT16_MAX)
        entries->failed = true;
}

static struct index *make_index(const struct entries *entries)
{
    struct index *index = calloc(1, sizeof(*index));
    const struct entry **order = calloc(entries->n, sizeof(*order));

    if (index) {
        index->grams = calloc(entries->n, sizeof(*index->grams));
        index->rows = calloc(entries->n, sizeof(*index->rows));
    }
    if (index && order && index->grams && index->rows) {
        sort_entries(index, entries, order);
        fill(index, order, entries->n);
        memcpy(index->poor, entries->poor, sizeof(index->poor));
        index->n_poor = entries->n_poor;
    } else {
        index_free(index);
        index = NULL;
    }
    free(order);
    return index;
}

struct index *index_new(void)
{
    struct entries entries = { .failed = false };
    struct index *index = NULL;

    enter_all(&entries);
    if (!entries.failed)
        index = make_index(&entries);
    free(entries.entry);
    return index;
}

void index_free(struct index *index)
{
    if (index) {
        free(index->grams);
        free(index->rows);
    }
    free(index);
}

/* ------------------------------------------------------------------ */
/* Looking into it                                                     */
/* ------------------------------------------------------------------ */

/* How many rows have the characters, from *first on. */
static size_t rows_of(const struct index *index, uint64_t gram, uint64_t h,
                      size_t *first)
{
    size_t i = index->first[head_of(h)];
    size_t end = index->first[head_of(h) + 1];

    while (i < end && index->grams[i] != gram)
        i++;
    *first = i;
    while (i < end && index->grams[i] == gram)
        i++;
    return i - *first;
}

size_t index_find(const struct index *index, const char *text, size_t at,
                  size_t size, const struct index_row **rows, size_t *n)
{
    const char *last = text + size - GRAM;

    if (size < GRAM)
        return size;
    for (const char *p = text + at; p <= last; p += STRIDE) {
        uint64_t gram = gram_at(p), h = hash(gram);
        size_t first;

        if (!(index->filter[word_of(h)] >> bit_of(h) & 1))
            continue;
        *n = rows_of(index, gram, h, &first);
        if (*n > 0) {
            *rows = &index->rows[first];
            return (size_t)(p - text);
        }
    }
    return size;
}

static bool fits_behind(const char *pattern, const char *text, size_t at,
                        size_t size)
{
    for (; *pattern && *pattern != '{' && at < size &&
           !index_is_edge(text[at]); pattern++) {
        if (!char_is_blank(*pattern)) {
            if (text[at++] != *pattern)
                return pattern[0] == '.' && !pattern[1];
            continue;
        }
        if (!char_is_blank(text[at]))
            return false;
        while (at < size && char_is_blank(text[at]))
            at++;
    }
    return true;
}

/* Whether nothing but the marks of a mail stands before it in its line, or
 * what may be an entity or a tag of a web page. */
static bool is_quoted(const char *text, size_t at)
{
    if (at > 0 && (text[at - 1] == ';' || text[at - 1] == '>'))
        return true;
    while (at > 0 && text[at - 1] && strchr(" \t>|&gt;", text[at - 1]))
        at--;
    return at == 0 || index_is_edge(text[at - 1]);
}

static bool fits_before(const char *pattern, const char *p, const char *text,
                        size_t at)
{
    while (p > pattern && p[-1] != '}' && at > 0 &&
           !index_is_edge(text[at - 1])) {
        p--;
        if (!char_is_blank(*p)) {
            if (text[at - 1] != *p)
                return is_quoted(text, at);
            at--;
            continue;
        }
        if (!char_is_blank(text[at - 1]))
            return is_quoted(text, at);
        while (at > 0 && char_is_blank(text[at - 1]))
            at--;
    }
    return true;
}

bool index_fits(const struct index_row *row, const char *text, size_t at,
                size_t size)
{
    const char *pattern;

    if (row->row == INDEX_HEAD)
        return fits_head(row->offset, text, at, size);
    if (row->offset == INDEX_NOWHERE)
        return true;
    pattern = lines[row->row].pattern;
    return fits_behind(pattern + row->offset + GRAM, text, at + GRAM,
                       size) &&
           fits_before(pattern, pattern + row->offset, text, at);
}

const struct index_poor *index_poor(const struct index *index, size_t *n)
{
    *n = index->n_poor;
    return index->poor;
}

enum component index_head_of(const struct index_row *row)
{
    return heads[row->offset / STRIDE].component;
}

bool index_is_error(const struct index_row *row)
{
    return strstr(heads[row->offset / STRIDE].text, "error: ");
}
