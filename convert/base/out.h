/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Output in small pieces, collected for the caller's sink.  The first failure
 * sticks; only the result of out_end() needs to be checked.
 */
#ifndef CONVERT_BASE_OUT_H
#define CONVERT_BASE_OUT_H

#include <domctx.h>
#include <string.h>

struct out {
    domctx_sink *sink;
    void *arg;
    bool failed;
    size_t used, room;
    char *buf;
    char spare[256];     /* buf when memory is short; never written out */
};

/* Begin; out_end() or out_drop() must follow. */
void out_begin(struct out *out, domctx_sink *sink, void *arg);

/* Begin an output that is discarded and needs no end. */
void out_nowhere(struct out *out);

/* Append bytes that may fill the buffer. */
void out_large(struct out *out, const char *text, size_t size);

/* Append bytes; a string; a byte n times. */
static inline void out_put(struct out *out, const char *text, size_t size)
{
    if (size >= out->room - out->used) {
        out_large(out, text, size);
        return;
    }
    memcpy(out->buf + out->used, text, size);
    out->used += size;
}
void out_text(struct out *out, const char *text);
void out_fill(struct out *out, char c, size_t n);

/* Append a number: decimal, or hexadecimal with 0x and at least so many
 * digits.  Both are much faster than out_f(). */
void out_dec(struct out *out, uint64_t value);
void out_hex(struct out *out, uint64_t value, unsigned int digits);

/* Append as printf() would, at most 255 characters. */
__attribute__((format(printf, 2, 3)))
void out_f(struct out *out, const char *format, ...);

/* Append text from outside: hidden characters and invalid UTF-8 become
 * \xNN. */
void out_clean(struct out *out, const char *text, size_t size);

/* Flush and free the buffer: 0, or -1 with the finding. */
int out_end(struct out *out, domctx_report *report);

/* Free the buffer without writing it. */
void out_drop(struct out *out);

#endif /* CONVERT_BASE_OUT_H */
