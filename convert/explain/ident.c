/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first eight bytes of a stream, as a line prints them: a number of which
 * the first byte is the highest. */
#include "explain/numbers.h"

#include <inttypes.h>
#include <stdio.h>

#define GZIP 0x1f8b             /* has no p2m_size, though zeros behind it */
#define CHUNK_MIN (-32)         /* ids of chunks, and pages of a batch */
#define CHUNK_MAX 1024

static uint32_t other_way_round(uint32_t value)
{
    return __builtin_bswap32(value);
}

/* A p2m_size of 64 bits; or of 32 bits, with the first chunk behind it. */
bool ident_of_legacy(uint64_t value, uint64_t *p2m_size, unsigned int *width)
{
    uint32_t first = other_way_round((uint32_t)(value >> 32));
    int32_t second = (int32_t)other_way_round((uint32_t)value);

    *p2m_size = first;
    *width = second == 0 ? 64 : 32;
    return first != 0 && value >> 48 != GZIP && first < UINT32_C(1) << 28 &&
           second >= CHUNK_MIN && second <= CHUNK_MAX;
}

static bool of_text(uint64_t value, char *words, size_t room)
{
    char text[9] = "";
    size_t n = 0;

    for (; n < 8; n++) {
        text[n] = (char)(value >> (56 - 8 * n));
        if (text[n] < ' ' || text[n] > '~')
            break;
    }
    text[n] = '\0';
    if (n >= 4)
        snprintf(words, room, "the bytes are the text \"%s\": another kind of "
                 "file or stream stands there", text);
    return n >= 4;
}

bool ident_words(uint64_t value, char *words, size_t room)
{
    unsigned int width;
    uint64_t size;

    if (value == UINT64_MAX) {
        snprintf(words, room, "eight bytes 0xff are the mark of a libxc "
                 "stream, of Xen 4.6 or later: the head of the libxl stream "
                 "around it is missing");
        return true;
    }
    if (of_text(value, words, room))
        return true;
    if (!ident_of_legacy(value, &size, &width))
        return false;
    snprintf(words, room, "read the other way round it is 0x%" PRIx64 ", the "
             "p2m_size with which a legacy stream of a %u-bit toolstack "
             "begins: it was not converted", size, width);
    return true;
}
