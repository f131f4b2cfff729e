/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/digits.h"
#include "base/bytes.h"
#include "base/chars.h"

#include <string.h>

char *digits_decimal(char *p, uint64_t value)
{
    char digits[20], *q = digits + sizeof(digits);
    size_t n;

    do {
        *--q = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    n = (size_t)(digits + sizeof(digits) - q);
    memcpy(p, q, n);
    return p + n;
}

/* Eight hexadecimal digits at once, each in a byte of a 64-bit word: most
 * digits of a text are these. */
static void hex8(char *p, uint32_t value)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x = value, letter;

    x = (x | x << 16) & UINT64_C(0x0000ffff0000ffff);
    x = (x | x << 8) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x | x << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    letter = (x + 6 * ones) >> 4 & ones;
    x += '0' * ones + ('a' - '0' - 10) * letter;
    /* written out so that the compiler makes it one store */
    p[0] = (char)(x >> 56);
    p[1] = (char)(x >> 48);
    p[2] = (char)(x >> 40);
    p[3] = (char)(x >> 32);
    p[4] = (char)(x >> 24);
    p[5] = (char)(x >> 16);
    p[6] = (char)(x >> 8);
    p[7] = (char)x;
}

char *digits_hex(char *p, uint64_t value, unsigned int digits)
{
    char all[16];
    unsigned int n = digits;

    if (n >= 16) {
        hex8(p, (uint32_t)(value >> 32));
        hex8(p + 8, (uint32_t)value);
        return p + 16;
    }
    while (n < 16 && value >> (4 * n))
        n++;
    hex8(all, (uint32_t)(value >> 32));
    hex8(all + 8, (uint32_t)value);
    memcpy(p, all + 16 - n, n);
    return p + n;
}

char *digits_wide(char *p, const uint8_t *bytes, size_t size)
{
    for (; size % 8; size--)
        p = digits_hex(p, bytes[size - 1], 2);
    for (; size > 0; size -= 8)
        p = digits_hex(p, le64(bytes + size - 8), 16);
    return p;
}

enum digits_read digits_read_wide(const char *text, size_t n, uint8_t *bytes,
                                  size_t size)
{
    memset(bytes, 0, size);
    if (n < 3 || text[0] != '0' || char_lower(text[1]) != 'x')
        return DIGITS_NONE;
    for (text += 2, n -= 2; n > 1 && *text == '0'; n--)
        text++;
    for (size_t i = 0; i < n; i++)
        if (!char_is_hex(text[i]))
            return DIGITS_NONE;
    if (n > 2 * size)
        return DIGITS_TOO_MANY;
    for (size_t i = 0; i < n; i++)
        bytes[i / 2] |= (uint8_t)(char_digit(text[n - 1 - i])
                                  << (i % 2 ? 4 : 0));
    return DIGITS_NUMBER;
}
