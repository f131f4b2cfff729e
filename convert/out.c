/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "out.h"
#include "messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void out_begin(struct out *out, domctx_sink *sink, void *arg)
{
    out->sink = sink;
    out->arg = arg;
    out->failed = false;
    out->used = 0;
}

static void flush(struct out *out)
{
    if (out->used > 0 && !out->failed &&
        out->sink(out->arg, out->buf, out->used) != 0)
        out->failed = true;
    out->used = 0;
}

void out_put(struct out *out, const char *text, size_t size)
{
    while (size > 0) {
        size_t part = sizeof(out->buf) - out->used;

        if (part > size)
            part = size;
        memcpy(out->buf + out->used, text, part);
        out->used += part;
        text += part;
        size -= part;
        if (out->used == sizeof(out->buf))
            flush(out);
    }
}

void out_text(struct out *out, const char *text)
{
    out_put(out, text, strlen(text));
}

void out_fill(struct out *out, char c, size_t n)
{
    while (n-- > 0)
        out_put(out, &c, 1);
}

void out_f(struct out *out, const char *format, ...)
{
    char text[256];
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (size > 0)
        out_put(out, text,
                (size_t)size < sizeof(text) ? (size_t)size
                                            : sizeof(text) - 1);
}

void out_clean(struct out *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c < 0x20 || c == 0x7f)
            out_f(out, "\\x%02x", c);
        else
            out_put(out, text + i, 1);
    }
}

int out_end(struct out *out, domctx_report *report)
{
    flush(out);
    return out->failed ? msg_raise(report, MSG_SINK_FAILED, NULL,
                                   "the output was not taken")
                       : 0;
}
