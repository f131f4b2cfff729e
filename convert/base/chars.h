/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kinds of ASCII characters, whatever the locale is; words in a text. */
#ifndef CONVERT_BASE_CHARS_H
#define CONVERT_BASE_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* How many letters of a name domctx_name_distance() looks at. */
#define NEAR_LONGEST 40

static inline bool char_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline char char_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The value of a hexadecimal digit; 16 for any other character. */
static inline unsigned int char_digit(char c)
{
    char low = char_lower(c);

    if (char_is_digit(c))
        return (unsigned int)(c - '0');
    return low >= 'a' && low <= 'f' ? (unsigned int)(low - 'a') + 10 : 16;
}

static inline bool char_is_hex(char c)
{
    return char_digit(c) < 16;
}

/* Blanks between the words of a line. */
static inline bool char_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Blanks and line ends: JSON's white space (RFC 8259, section 2). */
static inline bool char_is_white(char c)
{
    return char_is_blank(c) || c == '\n' || c == '\r';
}

/* isspace() in the C locale. */
static inline bool char_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A character of a C identifier. */
static inline bool char_is_name(char c)
{
    char low = char_lower(c);

    return char_is_digit(c) || c == '_' || (low >= 'a' && low <= 'z');
}

/* Whether text, of size characters, is exactly that word. */
static inline bool text_is(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

#endif /* CONVERT_BASE_CHARS_H */
