/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/digits.h"
#include "base/out.h"
#include "base/messages.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Half of what a Linux pipe holds. */
#define ROOM 32768

void out_nowhere(struct out *out)
{
    out->used = 0;
    out->buf = out->spare;
    out->room = sizeof(out->spare);
    out->failed = true;
}

void out_begin(struct out *out, domctx_sink *sink, void *arg)
{
    out->sink = sink;
    out->arg = arg;
    out->failed = false;
    out->used = 0;
    out->room = ROOM;
    out->buf = malloc(out->room);
    if (!out->buf)
        out_nowhere(out);
}

static void flush(struct out *out)
{
    if (out->used > 0 && !out->failed &&
        out->sink(out->arg, out->buf, out->used) != 0)
        out->failed = true;
    out->used = 0;
}

void out_large(struct out *out, const char *text, size_t size)
{
    while (size > 0) {
        size_t part = out->room - out->used;

        if (part > size)
            part = size;
        memcpy(out->buf + out->used, text, part);
        out->used += part;
        text += part;
        size -= part;
        if (out->used == out->room)
            flush(out);
    }
}

void out_text(struct out *out, const char *text)
{
    out_put(out, text, strlen(text));
}

void out_fill(struct out *out, char c, size_t n)
{
    while (n > 0) {
        size_t part = out->room - out->used;

        if (part > n)
            part = n;
        memset(out->buf + out->used, c, part);
        out->used += part;
        n -= part;
        if (out->used == out->room)
            flush(out);
    }
}

void out_dec(struct out *out, uint64_t value)
{
    char digits[20];

    out_put(out, digits, (size_t)(digits_decimal(digits, value) - digits));
}

void out_hex(struct out *out, uint64_t value, unsigned int digits)
{
    char text[18] = "0x";

    out_put(out, text, (size_t)(digits_hex(text + 2, value, digits) - text));
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
    for (size_t i = 0; i < size;) {
        size_t n = utf8_shown(text + i, size - i);

        if (n == 0)
            out_f(out, "\\x%02x", (unsigned char)text[i++]);
        else
            out_put(out, text + i, n);
        i += n;
    }
}

void out_drop(struct out *out)
{
    if (out->buf != out->spare)
        free(out->buf);
    out->buf = NULL;
}

int out_end(struct out *out, domctx_report *report)
{
    bool no_memory = out->buf == out->spare;

    flush(out);
    out_drop(out);
    if (no_memory)
        return msg_no_memory(report, ROOM);
    return out->failed ? msg_raise(report, MSG_SINK_FAILED, NULL,
                                   "the output was not taken")
                       : 0;
}
