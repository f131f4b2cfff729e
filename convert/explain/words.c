/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words as people type them, also in haste. */
#include "explain/words.h"
#include "base/chars.h"

#include <domctx.h>

#include <string.h>

static bool is_gap(char c)
{
    return strchr(" \t\r\n.,;!?\"()*", c) != NULL;
}

/* The bytes of an apostrophe, 0 for none: "doesn't" is "doesnt". */
static size_t apostrophe(const char *text)
{
    return *text == '\'' ? 1
           : strncmp(text, "\342\200\231", 3) == 0 ? 3 : 0;
}

/* A capital letter of two bytes, as an umlaut or a Cyrillic one, as a small
 * one. */
static void lower(char *pair)
{
    unsigned char first = (unsigned char)pair[0];
    unsigned char second = (unsigned char)pair[1];

    if ((first == 0xc3 && second >= 0x80 && second <= 0x9e) ||
        (first == 0xd0 && second >= 0x90 && second <= 0x9f)) {
        pair[1] = (char)(second + 0x20);
    } else if (first == 0xd0 && second >= 0xa0 && second <= 0xaf) {
        pair[0] = (char)0xd1;
        pair[1] = (char)(second - 0x20);
    }
}

#define PERCENT " percent"

/* One word; behind it. */
static const char *put_word(const char *text, char *plain, size_t *n)
{
    if (*text != '%')
        plain[(*n)++] = ' ';
    while (*text && !is_gap(*text) && *n + strlen(PERCENT) + 2 < WORDS_ROOM) {
        size_t mark = apostrophe(text);

        if (mark) {
            text += mark;
        } else if (*text == '%') {
            memcpy(plain + *n, PERCENT, strlen(PERCENT));
            *n += strlen(PERCENT);
            text++;
        } else {
            plain[(*n)++] = char_lower(*text++);
            lower(plain + *n - 2); /* a blank stands before the first */
        }
    }
    return text;
}

size_t words_of(const char *text, char plain[WORDS_ROOM])
{
    size_t n = 0, words = 0;

    while (*text && n + strlen(PERCENT) + 4 < WORDS_ROOM) {
        if (is_gap(*text)) {
            text++;
            continue;
        }
        words++;
        text = put_word(text, plain, &n);
    }
    plain[n] = ' ';
    plain[n + 1] = '\0';
    return words;
}

static bool is_word(const char *word, size_t size, const char *head,
                    size_t length)
{
    if (head[length - 1] == '.')
        return size == length - 1 && memcmp(word, head, size) == 0;
    return size >= length && memcmp(word, head, length) == 0;
}

bool word_is_one(const char *word, size_t size, const char *words,
                 size_t length)
{
    const char *end = words + length;

    while (words < end) {
        const char *bar = memchr(words, '|', (size_t)(end - words));
        size_t one = (size_t)((bar ? bar : end) - words);

        if (one > 0 && is_word(word, size, words, one))
            return true;
        words += one + 1;
    }
    return false;
}

bool words_have(const char *plain, const char *words, size_t length)
{
    for (const char *p = plain; p[0] && p[1];) {
        size_t size = strcspn(p + 1, " ");

        if (word_is_one(p + 1, size, words, length))
            return true;
        p += 1 + size;
    }
    return false;
}

bool words_are(const char *plain, const char *words, size_t length)
{
    for (const char *p = plain; p[0] && p[1];) {
        size_t size = strcspn(p + 1, " ");

        if (!word_is_one(p + 1, size, words, length))
            return false;
        p += 1 + size;
    }
    return true;
}

/* Shorter words are one slip away from too many others. */
#define SLIP_LEAST 6

/* Whether two letters stand in each other's place, and nothing else. */
static bool is_turned(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return a[0] && a[1] && a[0] == b[1] && a[1] == b[0] &&
           strcmp(a + 2, b + 2) == 0;
}

static bool has_slip(const char *word, size_t size, const char *head,
                     size_t length)
{
    char a[NEAR_LONGEST], b[NEAR_LONGEST];

    if (length < SLIP_LEAST || length + 1 >= NEAR_LONGEST ||
        *word != *head)
        return false;
    memcpy(b, head, length);
    b[length] = '\0';
    for (size_t n = length - 1; n <= length + 1 && n <= size; n++) {
        memcpy(a, word, n);
        a[n] = '\0';
        if (domctx_name_distance(a, b) <= 1 || is_turned(a, b))
            return true;
    }
    return false;
}

const char *word_slip(const char *word, size_t size, const char *words,
                      size_t length, size_t *head)
{
    const char *end = words + length;

    while (words < end) {
        const char *bar = memchr(words, '|', (size_t)(end - words));
        size_t one = (size_t)((bar ? bar : end) - words);

        *head = one > 0 && words[one - 1] == '.' ? one - 1 : one;
        if (has_slip(word, size, words, *head))
            return words;
        words += one + 1;
    }
    return NULL;
}

#define TURNED_LEAST 4

bool word_turned(const char *word, size_t size, const char *words)
{
    while (size >= TURNED_LEAST && *words) {
        size_t length = strcspn(words, "|"), i = 0;

        while (i < size && length == size && word[i] == words[i])
            i++;
        if (length == size && i + 1 < size && word[i] == words[i + 1] &&
            word[i + 1] == words[i] &&
            memcmp(word + i + 2, words + i + 2, size - i - 2) == 0)
            return true;
        words += length;
        words += *words == '|';
    }
    return false;
}
