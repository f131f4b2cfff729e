/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Telling UTF-8 from other bytes. */
#ifndef CONVERT_BASE_UTF8_H
#define CONVERT_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Length of the UTF-8 sequence at text (size > 0 bytes); 0 if it is invalid:
 * overlong, a surrogate, or above U+10FFFF (Unicode 15, table 3-7). */
static inline size_t utf8_length(const void *text, size_t size)
{
    const unsigned char *b = text;
    unsigned char low = 0x80, high = 0xbf;
    size_t length;

    if (b[0] < 0x80)
        return 1;
    if (b[0] < 0xc2 || b[0] > 0xf4)
        return 0;
    length = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
    if (length > size)
        return 0;
    if (b[0] == 0xe0)
        low = 0xa0;
    else if (b[0] == 0xed)
        high = 0x9f;
    else if (b[0] == 0xf0)
        low = 0x90;
    else if (b[0] == 0xf4)
        high = 0x8f;
    if (b[1] < low || b[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (b[i] < 0x80 || b[i] > 0xbf)
            return 0;
    return length;
}

/* Decode a sequence whose length utf8_length() returned. */
static inline uint32_t utf8_decode(const void *text, size_t length)
{
    static const unsigned char first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    const unsigned char *b = text;
    uint32_t c = b[0] & first[length];

    for (size_t i = 1; i < length; i++)
        c = c << 6 | (b[i] & 0x3f);
    return c;
}

/*
 * Whether a terminal would interpret the character, or a reader not see it:
 * control characters, and Unicode 15's direction marks, invisible characters,
 * line separators and tags.  No output copies these from the input: text,
 * findings and JSON escape them.
 */
static inline bool utf8_hidden(uint32_t c)
{
    static const struct { uint32_t first, last; } ranges[] = {
        { 0x00, 0x1f }, { 0x7f, 0x9f },        /* C0, DEL, C1 */
        { 0xad, 0xad }, { 0x61c, 0x61c },      /* SHY, ALM */
        { 0x180e, 0x180e },                    /* MVS */
        { 0x200b, 0x200f },                    /* ZWSP to RLM */
        { 0x2028, 0x202e },                    /* LS, PS, LRE to RLO */
        { 0x2060, 0x206f },                    /* WJ to NODS, isolates */
        { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
        { 0xe0000, 0xe007f },                  /* tags */
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

/* Length of the character at text (size > 0 bytes) if it may be written to a
 * terminal; 0 if it is hidden or invalid. */
static inline size_t utf8_shown(const void *text, size_t size)
{
    size_t length = utf8_length(text, size);

    return length && !utf8_hidden(utf8_decode(text, length)) ? length : 0;
}

/* The longest prefix of at most max bytes that ends with a whole character. */
static inline size_t utf8_cut(const void *text, size_t size, size_t max)
{
    const unsigned char *b = text;

    if (size <= max)
        return size;
    while (max > 0 && (b[max] & 0xc0) == 0x80)
        max--;
    return max;
}

/* Remove an incomplete character from the end of a string that was cut. */
static inline void utf8_trim(char *text)
{
    size_t size = strlen(text), back = 0;

    while (back < 3 && back < size &&
           ((unsigned char)text[size - 1 - back] & 0xc0) == 0x80)
        back++;
    if (back == size)
        return;
    back++;
    if ((unsigned char)text[size - back] >= 0xc2 &&
        utf8_length(text + size - back, back) == 0)
        text[size - back] = '\0';
}

/* Offset of the first byte that is not UTF-8, or size.  Most text is ASCII, so
 * eight bytes are tested at once where possible. */
static inline size_t utf8_valid(const void *text, size_t size)
{
    const unsigned char *b = text;
    size_t at = 0, length;
    uint64_t eight;

    while (at < size) {
        if (size - at >= sizeof(eight)) {
            memcpy(&eight, b + at, sizeof(eight));
            if (!(eight & UINT64_C(0x8080808080808080))) {
                at += sizeof(eight);
                continue;
            }
        }
        length = utf8_length(b + at, size - at);
        if (length == 0)
            break;
        at += length;
    }
    return at;
}

/* Encode a character of up to 21 bits; returns the number of bytes, at most
 * 4. */
static inline size_t utf8_put(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Length of a byte order mark at the beginning, or 0. */
static inline size_t utf8_mark(const void *text, size_t size)
{
    return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

#endif /* CONVERT_BASE_UTF8_H */
