/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs in UTF-16, with a byte order mark or without. */
#include "explain/utf16.h"
#include "base/utf8.h"

#include <string.h>

/* Two bytes for each character, of which the other is zero in English text. */
static void ask(struct utf16 *utf16)
{
    const unsigned char *p = utf16->held;

    if (p[0] == 0xff && p[1] == 0xfe)
        utf16->kind = UTF16_LITTLE;
    else if (p[0] == 0xfe && p[1] == 0xff)
        utf16->kind = UTF16_BIG;
    else if (p[0] && !p[1] && p[2] && !p[3])
        utf16->kind = UTF16_LITTLE;
    else if (!p[0] && p[1] && !p[2] && p[3])
        utf16->kind = UTF16_BIG;
    else
        utf16->kind = UTF16_NONE;
}

/* In UTF-8; what has more than 16 bits, and the mark itself, is in no line. */
static size_t put_unit(char *to, unsigned int unit)
{
    if (unit == 0xfeff)
        return 0;
    return utf8_put(to, unit >= 0xd800 && unit < 0xe000 ? '?' : unit);
}

static void put_units(struct utf16 *utf16, struct scan *scan,
                      const unsigned char *bytes, size_t size)
{
    bool big = utf16->kind == UTF16_BIG;
    char text[3 * 1024];
    size_t n = 0;

    for (size_t i = 0; i < size; i++) {
        utf16->held[utf16->n++] = bytes[i];
        if (utf16->n < 2)
            continue;
        utf16->n = 0;
        n += put_unit(text + n, (unsigned int)utf16->held[!big] << 8 |
                                    utf16->held[big]);
        if (n + 3 > sizeof(text)) {
            scan_feed(scan, text, n);
            n = 0;
        }
    }
    scan_feed(scan, text, n);
}

static void put_head(struct utf16 *utf16, struct scan *scan)
{
    unsigned char head[UTF16_HEAD];
    size_t n = utf16->n;

    if (n == UTF16_HEAD)
        ask(utf16);
    else
        utf16->kind = UTF16_NONE;
    memcpy(head, utf16->held, n);
    utf16->n = 0;
    if (utf16->kind == UTF16_NONE)
        scan_feed(scan, (const char *)head, n);
    else
        put_units(utf16, scan, head, n);
}

void utf16_feed(struct utf16 *utf16, struct scan *scan, const char *bytes,
                size_t size)
{
    while (utf16->kind == UTF16_ASKED && size > 0) {
        utf16->held[utf16->n++] = (unsigned char)*bytes++;
        size--;
        if (utf16->n == UTF16_HEAD)
            put_head(utf16, scan);
    }
    if (utf16->kind == UTF16_NONE)
        scan_feed(scan, bytes, size);
    else if (utf16->kind != UTF16_ASKED)
        put_units(utf16, scan, (const unsigned char *)bytes, size);
}

void utf16_end(struct utf16 *utf16, struct scan *scan)
{
    if (utf16->kind == UTF16_ASKED)
        put_head(utf16, scan);
}
