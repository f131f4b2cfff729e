/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The piece that a pattern is found by: the one that other patterns, and
 * English text, have least.
 */
#include "explain/index-piece.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_BITS 15

/* What makes a piece common. */
struct counts {
    uint16_t of[1u << COUNT_BITS];   /* patterns that have a gram, by hash */
    uint8_t letter[256];
};

static size_t count_at(const char *gram)
{
    uint32_t low, high;

    memcpy(&low, gram, sizeof(low));
    memcpy(&high, gram + GRAM - sizeof(high), sizeof(high));
    return hash((uint64_t)high << 32 | low) >> (64 - COUNT_BITS);
}

static unsigned int count_of(const struct counts *counts, const char *gram)
{
    return counts->of[count_at(gram)];
}

/* The letters after their frequency in English text. */
static void count_all(struct counts *counts)
{
    static const char letters[] = "zqxjkvbpgwyfmculdrhsnioate";

    memset(counts->letter, 4, sizeof(counts->letter));
    for (uint8_t i = 0; letters[i]; i++)
        counts->letter[(unsigned char)letters[i]] = i;
    counts->letter[' '] = 200;
    for (const char *p = "<>&\"'"; *p; p++)   /* entities on a web page */
        counts->letter[(unsigned char)*p] = 250;
    for (size_t i = 0; i < n_lines; i++) {
        const char *end = lines[i].pattern + strlen(lines[i].pattern);

        for (const char *p = lines[i].pattern; end - p >= GRAM; p++)
            counts->of[count_at(p)]++;
    }
}

/* How common a piece is in logs of any kind; small is good.  What many
 * patterns have is dearer. */
static unsigned int commonness(const char *p, const struct counts *counts)
{
    unsigned int sum = 0;

    for (size_t i = 0; i < PIECE; i++)
        sum += counts->letter[(unsigned char)p[i]];
    for (size_t i = 0; i < STRIDE; i++)
        sum += 10u * count_of(counts, p + i);
    return sum;
}

/* Of the piece one place further. */
static unsigned int next_commonness(unsigned int sum, const char *p,
                                    const struct counts *counts)
{
    return sum - counts->letter[(unsigned char)p[0]] +
           counts->letter[(unsigned char)p[PIECE]] -
           10u * count_of(counts, p) + 10u * count_of(counts, p + STRIDE);
}

size_t piece_words(const char *pattern)
{
    size_t length = strcspn(pattern, "{");

    return length - (length > 0 && !pattern[length] &&
                     pattern[length - 1] == '.');
}

/* A last full stop that a logger does not keep, against entities on a web
 * page. */
#define STOP 240u

const char *best_piece(const char *pattern, const struct counts *counts)
{
    const char *best = NULL;
    unsigned int least = 0;

    while (*pattern) {
        size_t length = strcspn(pattern, "{");
        const char *p = pattern, *end = pattern + length;
        const char *stop = pattern + piece_words(pattern);
        unsigned int sum = length >= PIECE ? commonness(p, counts) : 0;

        for (; end - p >= PIECE; p++) {
            unsigned int one = sum + (p + PIECE > stop ? STOP : 0);

            if (!best || one < least) {
                best = p;
                least = one;
            }
            if (end - p > PIECE)
                sum = next_commonness(sum, p, counts);
        }
        pattern += length;
        pattern += strcspn(pattern, "}");
        pattern += *pattern == '}';
    }
    return best;
}

struct counts *counts_new(void)
{
    struct counts *counts = calloc(1, sizeof(*counts));

    if (counts)
        count_all(counts);
    return counts;
}
