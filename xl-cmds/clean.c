/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Used by both programs, so it uses no library but the C library. */
#include "clean.h"

#include <stdbool.h>

void put_clean(FILE *stream, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    for (; *p; p++) {
        /* C0 and DEL; and C1, which UTF-8 writes as c2 80 to c2 9f. */
        bool c1 = p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f;

        if (*p < 0x20 || *p == 0x7f || c1) {
            fprintf(stream, "\\x%02x", c1 ? p[1] : *p);
            p += c1;
        } else {
            putc(*p, stream);
        }
    }
}
