/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What words of other languages mean, by the table of meanings.def. */
#include "explain/words.h"

#include <string.h>

enum tongue {
    ANY, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, POLISH, RUSSIAN
};

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

/* -- without blanks ------------------------------------------------------- */

static const struct { const char *typed, *meant; } glyphs[] = {
#define G(typed, meant) { typed, meant },
#include "explain/glyphs.def"
#undef G
};
#define GLYPHS (sizeof(glyphs) / sizeof(glyphs[0]))

/* From U+3000 to U+DFFF, and the wide forms of ASCII from U+FF00 on: three
 * bytes each. */
static bool is_glyph(const char *text)
{
    unsigned char first = (unsigned char)*text;

    return ((first >= 0xe3 && first <= 0xed) ||
            (first == 0xef && (unsigned char)text[1] >= 0xbc)) &&
           text[1] && text[2];
}

/* The longest that begins there; GLYPHS: none. */
static size_t glyph_at(const char *text)
{
    size_t longest = 0, at = GLYPHS;

    for (size_t i = 0; i < GLYPHS; i++) {
        size_t size = strlen(glyphs[i].typed);

        if (size > longest && strncmp(text, glyphs[i].typed, size) == 0) {
            longest = size;
            at = i;
        }
    }
    return at;
}

void meanings_of(const char *text, char *plain, size_t room)
{
    size_t n = 0;

    while (*text && n + 1 < room) {
        const char *meant = " ";
        size_t i, size;

        if (!is_glyph(text)) {
            plain[n++] = *text++;
            continue;
        }
        i = glyph_at(text);
        text += i < GLYPHS ? strlen(glyphs[i].typed) : 3;
        if (i < GLYPHS)
            meant = glyphs[i].meant;
        size = strlen(meant);
        if (n + size + 3 > room)
            break;
        plain[n++] = ' ';
        memcpy(plain + n, meant, size);
        n += size;
        plain[n++] = ' ';
    }
    plain[n] = '\0';
}
