/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rows that have no piece: each line with the head of their component is
 * asked whether it has all pairs of characters of their fixed words.
 */
#include "explain/index.h"

#include <string.h>

static uint8_t pair_at(const char *text)
{
    return (uint8_t)((unsigned char)text[0] * 13u + (unsigned char)text[1]);
}

void index_pairs(const char *text, size_t size, struct pairs *pairs)
{
    memset(pairs, 0, sizeof(*pairs));
    for (const char *end = text + size; end - text > 1; text++)
        pairs->has[pair_at(text)] = true;
}

bool index_may_be(const struct index_poor *poor, const struct pairs *pairs)
{
    for (size_t i = 0; i < poor->n; i++)
        if (!pairs->has[poor->pairs[i]])
            return false;
    return true;
}

/* Of a pattern without its holes, and without the full stop at its end. */
struct index_poor index_poor_row(size_t row)
{
    struct index_poor poor = { .row = (uint16_t)row };

    for (const char *p = lines[row].pattern; *p;) {
        size_t length = strcspn(p, "{");
        const char *end = p + length;

        for (; end - p > 1 && strcmp(p + 1, ".") != 0; p++)
            if (poor.n < sizeof(poor.pairs))
                poor.pairs[poor.n++] = pair_at(p);
        p = end + strcspn(end, "}");
        p += *p == '}';
    }
    return poor;
}
