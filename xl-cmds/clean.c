/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Used by both programs, so it uses no library but the C library. */
#include "clean.h"

#include <string.h>

#include "base/utf8.h"

void put_clean(FILE *stream, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        size_t n = utf8_shown(text, left);

        if (n)
            fwrite(text, 1, n, stream);
        else
            fprintf(stream, "\\x%02x", (unsigned char)*text);
        text += n ? n : 1;
        left -= n ? n : 1;
    }
}
