/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A log in UTF-16, as PowerShell and the Notepad of Windows write it. */
#ifndef CONVERT_EXPLAIN_UTF16_H
#define CONVERT_EXPLAIN_UTF16_H

#include "explain/scan.h"

#define UTF16_HEAD 4u   /* bytes that tell it */

struct utf16 {
    enum { UTF16_ASKED, UTF16_NONE, UTF16_LITTLE, UTF16_BIG } kind;
    unsigned char held[UTF16_HEAD];     /* the head, or half of a unit */
    size_t n;
};

/* The next bytes of a log of any kind. */
void utf16_feed(struct utf16 *utf16, struct scan *scan, const char *bytes,
                size_t size);

/* There are no more. */
void utf16_end(struct utf16 *utf16, struct scan *scan);

#endif /* CONVERT_EXPLAIN_UTF16_H */
