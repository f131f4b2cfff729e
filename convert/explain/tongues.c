/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What words of other languages mean, by the table of meanings.def. */
#include "explain/words.h"

#include <string.h>

enum tongue { ANY, GERMAN, FRENCH, SPANISH, ITALIAN };

static const struct {
    enum tongue tongue;
    bool english;       /* it is an English word, too */
    const char *typed, *meant;
} meanings[] = {
#define M(tongue, typed, meant) { tongue, false, typed, meant },
#define W(tongue, typed, meant) { tongue, true, typed, meant },
#include "explain/meanings.def"
#undef M
#undef W
};
#define MEANINGS (sizeof(meanings) / sizeof(meanings[0]))

static bool is_typed(size_t i, const char *word, size_t size)
{
    return strlen(meanings[i].typed) == size &&
           memcmp(meanings[i].typed, word, size) == 0;
}

unsigned int tongues_of(const char *plain)
{
    unsigned int tongues = 1u << ANY;

    for (const char *p = plain; p[0] && p[1];) {
        size_t size = strcspn(p + 1, " ");

        for (size_t i = 0; i < MEANINGS; i++)
            if (!meanings[i].english && is_typed(i, p + 1, size))
                tongues |= 1u << meanings[i].tongue;
        p += 1 + size;
    }
    return tongues;
}

const char *meaning_of(const char *word, size_t *size, unsigned int tongues)
{
    for (size_t i = 0; i < MEANINGS; i++)
        if (tongues >> meanings[i].tongue & 1 && is_typed(i, word, *size)) {
            *size = strlen(meanings[i].meant);
            return meanings[i].meant;
        }
    return word;
}
