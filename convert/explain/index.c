/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pieces of all patterns, and finding them in a text. */
#include "explain/index.h"

#include "base/chars.h"
#include "catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILTER_BITS 19   /* 64 KiB: one place in forty is a chance hit */
#define HEAD_BITS 15
#define POOR_MAX 64         /* rows of which too little is fixed */

struct gram {
    char text[GRAM];
    uint16_t next;       /* gram of the same hash, from 1; 0: none */
    uint32_t first, n;   /* of rows */
};

struct index {
    uint8_t filter[(1u << FILTER_BITS) / 8];
    uint16_t head[1u << HEAD_BITS];
    struct gram *grams;          /* from 1 */
    size_t n_grams;
    struct index_row *rows;
    uint16_t poor[POOR_MAX];
    size_t n_poor;
};

/* The upper bits are the good ones. */
static inline uint64_t hash(const char *p)
{
    uint32_t low, high;

    memcpy(&low, p, sizeof(low));
    memcpy(&high, p + GRAM - sizeof(high), sizeof(high));
    return ((uint64_t)high << 32 | low) * UINT64_C(0x9e3779b97f4a7c15);
}

/* How many patterns have these characters, by their hash. */
struct counts {
    uint16_t of[1u << HEAD_BITS];
};

static void count_grams(struct counts *counts)
{
    for (size_t i = 0; i < n_lines; i++)
        for (const char *p = lines[i].pattern; strlen(p) >= GRAM; p++)
            counts->of[hash(p) >> (64 - HEAD_BITS)]++;
}

/* How common it is in logs of any kind; small is good.  The letters after
 * their frequency in English text, and what many patterns have, dearer. */
static unsigned int commonness(const char *p, const struct counts *counts)
{
    static const char letters[] = "zqxjkvbpgwyfmculdrhsnioate";
    unsigned int sum = 0;

    for (size_t i = 0; i < PIECE; i++) {
        const char *letter = memchr(letters, p[i], sizeof(letters) - 1);

        sum += p[i] == ' ' ? 200 : letter ? (unsigned int)(letter - letters)
                                         : 4;
    }
    for (size_t i = 0; i < STRIDE; i++)
        sum += 10u * counts->of[hash(p + i) >> (64 - HEAD_BITS)];
    return sum;
}

/* The best piece of a pattern that does not overlap with another one; NULL
 * where each is too short. */
static const char *best_piece(const char *pattern, const char *other,
                              const struct counts *counts)
{
    const char *best = NULL;
    unsigned int least = 0;

    while (*pattern) {
        size_t length = strcspn(pattern, "{");

        for (const char *p = pattern; p + PIECE <= pattern + length; p++) {
            unsigned int sum;

            if (other && p < other + PIECE && p + PIECE > other)
                continue;
            sum = commonness(p, counts);
            if (!best || sum < least) {
                best = p;
                least = sum;
            }
        }
        pattern += length;
        pattern += strcspn(pattern, "}");
        pattern += *pattern == '}';
    }
    return best;
}

/* ------------------------------------------------------------------ */
/* Making it                                                           */
/* ------------------------------------------------------------------ */

struct entry {
    char text[GRAM];
    struct index_row row;
};

struct entries {
    struct entry *entry;
    size_t n, room;
    uint16_t poor[POOR_MAX];
    size_t n_poor;
    bool failed;
};

/* XAPI's errors are words of their own. */
static bool is_weak(size_t row)
{
    return row < n_lines && lines[row].component != LINE_XAPI &&
           line_is_weak(&lines[row]);
}

/* Holes, blanks and a last full stop may be met as something else. */
static char fixed(char c)
{
    return c == '{' || c == '}' || c == ' ' || c == '.' ? '\0' : c;
}

static void enter(struct entries *entries, const char *text, size_t row,
                  size_t offset)
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
        .row = (uint16_t)row, .offset = (uint16_t)offset,
        .weak = is_weak(row)
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
    for (size_t i = 0; i < STRIDE; i++)
        enter(entries, piece + i, row,
              offset == INDEX_NOWHERE ? offset : offset + i);
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
            enter(entries, heads[i].text + k, INDEX_HEAD, i * STRIDE + k);
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
    const char *first = best_piece(pattern, NULL, counts);
    /* mail is broken at blanks */
    const char *second = first && memchr(first, ' ', PIECE)
                             ? best_piece(pattern, first, counts) : NULL;

    if (first)
        enter_piece(entries, first, row, (size_t)(first - pattern));
    if (second)
        enter_piece(entries, second, row, (size_t)(second - pattern));
    if (first)
        return;
    if (has_head(lines[row].component) && entries->n_poor < POOR_MAX)
        entries->poor[entries->n_poor++] = (uint16_t)row;
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

static int by_text(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = memcmp(x->text, y->text, GRAM);

    if (order == 0)
        order = (x->row.row > y->row.row) - (x->row.row < y->row.row);
    return order ? order : (x->row.offset > y->row.offset) -
                               (x->row.offset < y->row.offset);
}

static void link_gram(struct index *index, size_t number)
{
    uint64_t h = hash(index->grams[number].text);
    uint64_t bit = h >> (64 - FILTER_BITS);
    uint16_t *head = &index->head[h >> (64 - HEAD_BITS)];

    index->filter[bit / 8] |= (uint8_t)(1u << bit % 8);
    index->grams[number].next = *head;
    *head = (uint16_t)number;
}

static void fill(struct index *index, const struct entries *entries)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct entry *entry = &entries->entry[i];
        struct gram *gram = &index->grams[index->n_grams];

        index->rows[i] = entry->row;
        if (i == 0 || memcmp(gram->text, entry->text, GRAM) != 0) {
            gram = &index->grams[++index->n_grams];
            memcpy(gram->text, entry->text, GRAM);
            gram->first = (uint32_t)i;
        }
        gram->n++;
    }
    for (size_t i = 1; i <= index->n_grams; i++)
        link_gram(index, i);
}

static void enter_all(struct entries *entries)
{
    struct counts *counts = calloc(1, sizeof(*counts));

    entries->failed |= !counts;
    if (counts)
        count_grams(counts);
    for (size_t i = 0; counts && i < n_lines; i++)
        enter_row(entries, i, counts);
    free(counts);
    enter_heads(entries);
    if (entries->n > UINT16_MAX)
        entries->failed = true;
    if (!entries->failed)
        qsort(entries->entry, entries->n, sizeof(*entries->entry), by_text);
}

struct index *index_new(void)
{
    struct index *index = calloc(1, sizeof(*index));
    struct entries entries = { .failed = false };

    enter_all(&entries);
    if (index && !entries.failed) {
        index->grams = calloc(entries.n + 1, sizeof(*index->grams));
        index->rows = calloc(entries.n, sizeof(*index->rows));
    }
    if (index && index->grams && index->rows) {
        fill(index, &entries);
        memcpy(index->poor, entries.poor, sizeof(index->poor));
        index->n_poor = entries.n_poor;
    } else {
        index_free(index);
        index = NULL;
    }
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

static const struct gram *gram_at(const struct index *index, uint64_t h,
                                  const char *text)
{
    const struct gram *gram;

    for (size_t i = index->head[h >> (64 - HEAD_BITS)]; i; i = gram->next) {
        gram = &index->grams[i];
        if (memcmp(gram->text, text, GRAM) == 0)
            return gram;
    }
    return NULL;
}

size_t index_find(const struct index *index, const char *text, size_t at,
                  size_t size, const struct index_row **rows, size_t *n)
{
    for (; at + GRAM <= size; at += STRIDE) {
        uint64_t h = hash(text + at);
        uint64_t bit = h >> (64 - FILTER_BITS);
        const struct gram *gram;

        if (!(index->filter[bit / 8] >> bit % 8 & 1))
            continue;
        gram = gram_at(index, h, text + at);
        if (gram) {
            *rows = &index->rows[gram->first];
            *n = gram->n;
            return at;
        }
    }
    return size;
}

/* Where a line may have been broken or changed, all is possible. */
static bool is_edge(char c)
{
    return c == '\n' || c == '\r' || c == '=' || c == '\033' || !c;
}

static bool fits_behind(const char *pattern, const char *text, size_t at,
                        size_t size)
{
    for (; *pattern && *pattern != '{' && at < size && !is_edge(text[at]);
         pattern++) {
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

static bool fits_before(const char *pattern, const char *p, const char *text,
                        size_t at)
{
    while (p > pattern && p[-1] != '}' && at > 0 && !is_edge(text[at - 1])) {
        p--;
        if (!char_is_blank(*p)) {
            if (text[--at] != *p)
                return false;
            continue;
        }
        if (!char_is_blank(text[at - 1]))
            return false;
        while (at > 0 && char_is_blank(text[at - 1]))
            at--;
    }
    return true;
}

/* What is seen without a look at the pattern. */
static bool fits_next_to(const struct index_row *row, const char *text,
                         size_t at, size_t size)
{
    size_t end = at + GRAM;

    if (row->after && end < size && text[end] != row->after &&
        !is_edge(text[end]))
        return false;
    return !row->before || at == 0 || text[at - 1] == row->before ||
           is_edge(text[at - 1]);
}

bool index_fits(const struct index_row *row, const char *text, size_t at,
                size_t size)
{
    const char *pattern;

    if (!fits_next_to(row, text, at, size))
        return false;

    if (row->row == INDEX_HEAD)
        return fits_head(row->offset, text, at, size);
    if (row->offset == INDEX_NOWHERE)
        return true;
    pattern = lines[row->row].pattern;
    return fits_behind(pattern + row->offset + GRAM, text, at + GRAM,
                       size) &&
           fits_before(pattern, pattern + row->offset, text, at);
}

const uint16_t *index_poor(const struct index *index, size_t *n)
{
    *n = index->n_poor;
    return index->poor;
}

enum component index_head_of(const struct index_row *row)
{
    return heads[row->offset / STRIDE].component;
}
