/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Telling UTF-8 from other bytes. */
#ifndef CONVERT_BASE_UTF8_H
#define CONVERT_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Length of the UTF-8 sequence at text, where size > 0 bytes are, or 0 when
 * there is none: overlong forms, surrogates and what passes U+10FFFF are none
 * (Unicode 15, table 3-7).
 */
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

/* Offset of the first byte that is not UTF-8, or size.  Most of it is ASCII,
 * so eight bytes are looked at together where they may be. */
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

/* Bytes of a byte order mark at the beginning, or 0. */
static inline size_t utf8_mark(const void *text, size_t size)
{
    return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

#endif /* CONVERT_BASE_UTF8_H */
