/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of text. */
#include "text/text.h"
#include "base/digits.h"
#include "base/bytes.h"
#include "context/registers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cell: two blanks, name, blank, value.  Two cells share a line if names are
 * short. */
#define VALUE_WIDTH 19
#define CELL_WIDTH (2 + TEXT_NAME_WIDTH + 1 + VALUE_WIDTH)
#define CELLS 2

#define DUMP_LINE 16

void text_styled(struct text *text, enum text_style style, const char *words)
{
    /* bold; yellow */
    static const char *const on[] = { "\033[1m", "\033[33m" };

    if (text->colour)
        out_text(&text->out, on[style]);
    out_text(&text->out, words);
    if (text->colour)
        out_text(&text->out, "\033[0m");
}

void text_flush(struct text *text)
{
    if (text->cells > 0)
        out_put(&text->out, "\n", 1);
    text->cells = 0;
}

void text_widen(struct text *text, size_t width)
{
    text_flush(text);
    text->name_width = width > TEXT_NAME_WIDTH ? width : TEXT_NAME_WIDTH;
}

static size_t put_name(struct text *text, const char *name)
{
    size_t n = strlen(name), width = text->name_width;

    if (n > width)
        width = n;
    out_put(&text->out, "  ", 2);
    out_put(&text->out, name, n);
    out_fill(&text->out, ' ', width - n + 1);
    return 2 + width + 1;
}

void text_cell(struct text *text, const char *name, const char *value,
               size_t size)
{
    if (text->name_width > TEXT_NAME_WIDTH ||
        strlen(name) > TEXT_NAME_WIDTH || size > VALUE_WIDTH) {
        text_line(text, name, value, size);
        return;
    }
    if (text->cells > 0)
        out_fill(&text->out, ' ', CELL_WIDTH - text->used);
    text->used = put_name(text, name) + size;
    out_put(&text->out, value, size);
    if (++text->cells == CELLS)
        text_flush(text);
}

void text_begin(struct text *text, const char *name)
{
    text_flush(text);
    put_name(text, name);
}

void text_line(struct text *text, const char *name, const char *value,
               size_t size)
{
    text_begin(text, name);
    out_put(&text->out, value, size);
    out_put(&text->out, "\n", 1);
}

void text_words(struct text *text, const char *name, const char *words)
{
    text_line(text, name, words, strlen(words));
}

void text_line_f(struct text *text, const char *name, const char *format,
                 ...)
{
    char value[256];
    va_list args;

    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    text_words(text, name, value);
}

void text_mark(struct text *text, const char *format, ...)
{
    char words[256] = "** ";
    va_list args;

    va_start(args, format);
    vsnprintf(words + 3, sizeof(words) - 3, format, args);
    va_end(args);
    text_flush(text);
    out_put(&text->out, "  ", 2);
    text_styled(text, TEXT_WARNING, words);
    out_put(&text->out, "\n", 1);
}

static void put_bytes(struct text *text, const uint8_t *bytes, size_t size)
{
    char line[3 * DUMP_LINE + 1], *p = line;

    for (size_t i = 0; i < size; i++) {
        *p++ = ' ';
        p = digits_hex(p, bytes[i], 2);
    }
    *p++ = '\n';
    out_put(&text->out, line, (size_t)(p - line));
}

static size_t line_size(uint64_t left)
{
    return left < DUMP_LINE ? (size_t)left : DUMP_LINE;
}

/* How many bytes of whole lines are zero from bytes on. */
static uint64_t zero_lines(const uint8_t *bytes, uint64_t size)
{
    uint64_t done = 0;

    while (done < size && all_zero(bytes + done, line_size(size - done)))
        done += line_size(size - done);
    return done;
}

void text_dump(struct text *text, uint64_t at, const uint8_t *bytes,
               uint64_t size)
{
    text_flush(text);
    for (uint64_t i = 0; i < size;) {
        uint64_t zeros = zero_lines(bytes + i, size - i);

        out_put(&text->out, "    ", 4);
        out_hex(&text->out, at + i, 4);
        if (zeros > 0) {
            out_put(&text->out, "-", 1);
            out_hex(&text->out, at + i + zeros - 1, 4);
            out_text(&text->out, " all zero\n");
            i += zeros;
        } else {
            put_bytes(text, bytes + i, line_size(size - i));
            i += line_size(size - i);
        }
    }
}

void text_number_name(char buf[TEXT_NUMBER_ROOM], const char *name, size_t i,
                      size_t n)
{
    size_t size = strlen(name) < 24 ? strlen(name) : 24;
    char *p = buf + size;

    memcpy(buf, name, size);
    p = digits_decimal(p, i);
    if (n > 1) {
        *p++ = '-';
        p = digits_decimal(p, i + n - 1);
    }
    *p = '\0';
}

size_t text_whole(const struct cat_registers *which, uint64_t size)
{
    uint64_t whole;

    if (size < which->width || which->count == 0)
        return 0;
    whole = (size - which->width) / which->stride + 1;
    return whole < which->count ? (size_t)whole : which->count;
}

void text_registers(struct text *text, const struct cat_registers *which,
                    const uint8_t *bytes)
{
    for (size_t i = 0, n; i < which->count; i += n) {
        char name[TEXT_NUMBER_ROOM + 8], value[REGISTER_TEXT_ROOM];

        n = 0;
        while (i + n < which->count &&
               all_zero(bytes + (i + n) * which->stride, which->width))
            n++;
        text_number_name(name, which->name, which->first + i, n);
        strcat(name, which->suffix);
        if (n > 1) {
            text_line(text, name, "0", 1);
            continue;
        }
        n = 1;
        text_words(text, name,
                   register_text(bytes + i * which->stride, which->width,
                                 value));
    }
}
