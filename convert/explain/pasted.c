/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines out of a listing, a chat, a list, or the logs of several programs. */
#include "explain/pasted.h"

#include "explain/web.h"

#include <string.h>

#define TAG_LOOKED 256u   /* bytes in which a tag has to end */

const char *over_stream(const char *text)
{
    static const char *const streams[] = { "stderr F ", "stdout F " };

    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
        if (strncmp(text, streams[i], strlen(streams[i])) == 0)
            return text + strlen(streams[i]);
    return NULL;
}

/* The mark of a list, and what sets a line off as quoted; NULL for none. */
static const char *over_mark(const char *text)
{
    const char *p = text + strspn(text, "*-+#`\"");
    char c;

    if (*p == ' ' && p > text) {
        p++;   /* a quotation mark behind a '`' is the line's own */
        p += *p == '`' ? strspn(p, "`") : strspn(p, "\"");
    }
    if (p == text && *text == '<')
        p += web_at(text, strnlen(text, TAG_LOOKED), &c);
    return p > text ? p : NULL;
}

/* What grep, less or an editor puts before a line: "12:",
 * "  12  ", "xl-a.log:12:", "dir/a.log:"; NULL for none. */
static const char *over_listing(const char *text)
{
    const char *p = text + strcspn(text, " :");
    const char *digits = text + strspn(text, "0123456789");

    if (digits > text && digits == p)
        return *p ? p + 1 : NULL;
    if (*p != ':' || !memchr(text, '.', (size_t)(p - text)))
        return NULL;
    digits = p + 1 + strspn(p + 1, "0123456789");
    return digits > p + 1 && *digits == ':' ? digits + 1 : p + 1;
}

/* "<bob> " of a chat, "toolstack-1  | " of docker compose. */
static const char *over_speaker(const char *text)
{
    size_t length = strcspn(text, " ");
    const char *p = text + length;

    if (*text == '<' && length > 2 && text[length - 1] == '>' && *p)
        return p + 1;
    p += strspn(p, " ");
    return length > 0 && p[0] == '|' && p[1] == ' ' ? p + 2 : NULL;
}

const char *over_pasted(const char *text)
{
    const char *behind = over_listing(text);

    if (!behind)
        behind = over_mark(text);
    return behind ? behind : over_speaker(text);
}
