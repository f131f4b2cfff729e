/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A context or save file as text.  Each form is decoded as far as its first
 * bytes: what they begin decides, not what the text looks like.
 */
#include "coded.h"

#include "base/chars.h"

#include <stdio.h>
#include <string.h>

/* As many bytes as tell each format that is read. */
#define ENOUGH 32

struct text {
    const uint8_t *p;
    size_t size;
};

static void skip(struct text *text, size_t n)
{
    if (n > 0)
        text->p += n;
    text->size -= n;
}

static void skip_space(struct text *text)
{
    while (text->size && char_is_white((char)text->p[0]))
        skip(text, 1);
}

static void skip_line(struct text *text)
{
    const uint8_t *end = memchr(text->p, '\n', text->size);

    skip(text, end ? (size_t)(end - text->p) + 1 : text->size);
}

static bool skip_word(struct text *text, const char *word)
{
    size_t n = strlen(word);

    if (text->size < n || memcmp(text->p, word, n) != 0)
        return false;
    skip(text, n);
    return true;
}

/* Parse a number of 1 to most digits in that base. */
static bool number(struct text *text, unsigned int base, size_t most,
                   uint32_t *value)
{
    size_t n = 0;

    *value = 0;
    while (n < most && n < text->size &&
           char_digit((char)text->p[n]) < base)
        *value = *value * base + char_digit((char)text->p[n++]);
    skip(text, n);
    return n > 0;
}

/* -- the forms: each takes text and gives at most ENOUGH bytes ---------- */

/* Hexadecimal digits, white space between them or not. */
static size_t from_hex(struct text text, uint8_t *out)
{
    size_t n = 0;
    uint32_t byte;

    for (; n < ENOUGH; out[n++] = (uint8_t)byte) {
        const uint8_t *before;

        skip_space(&text);
        before = text.p;
        if (!number(&text, 16, 2, &byte) || text.p - before != 2)
            break;
    }
    return n;
}

/* The six bits that a character of base64 (RFC 4648) stands for, or
 * NO_BITS. */
#define NO_BITS 64

static uint32_t base64_bits(uint8_t c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (uint32_t)(at - digits) : NO_BITS;
}

/* The same of uuencode's older form (POSIX), in which ` is a blank. */
static uint32_t uuencode_bits(uint8_t c)
{
    return c >= ' ' && c <= '`' ? (c - (uint32_t)' ') & 0x3f : NO_BITS;
}

/* Groups of four characters, each of three bytes. */
static size_t from_groups(struct text text, uint32_t (*bits_of)(uint8_t c),
                          uint8_t *out)
{
    size_t n = 0;

    for (; text.size >= 4 && n + 3 <= ENOUGH; skip(&text, 4)) {
        uint32_t bits = 0;

        for (size_t i = 0; i < 4; i++) {
            uint32_t six = bits_of(text.p[i]);

            if (six == NO_BITS)
                return n;
            bits = bits << 6 | six;
        }
        out[n++] = (uint8_t)(bits >> 16);
        out[n++] = (uint8_t)(bits >> 8);
        out[n++] = (uint8_t)bits;
    }
    return n;
}

static size_t from_base64(struct text text, uint8_t *out)
{
    return from_groups(text, base64_bits, out);
}

/* A line with mode and name, then the lines. */
static size_t from_uuencode(struct text text, uint8_t *out)
{
    if (skip_word(&text, "begin-base64 ")) {
        skip_line(&text);
        return from_base64(text, out);
    }
    if (!skip_word(&text, "begin "))
        return 0;
    skip_line(&text);
    if (text.size)
        skip(&text, 1); /* the length of the line */
    return from_groups(text, uuencode_bits, out);
}

/* The groups of a dump's first line, behind the offset 0: digits of each,
 * in that base, and the bytes that they are, the lowest first. */
static size_t from_dump(struct text text, unsigned int base, size_t digits,
                        size_t bytes, uint8_t *out)
{
    size_t n = 0;
    uint32_t value;

    if (!number(&text, 16, 16, &value) || value != 0)
        return 0;
    while (n + bytes <= ENOUGH) {
        const uint8_t *before;

        while (text.size && text.p[0] == ' ')
            skip(&text, 1);
        before = text.p;
        if (!number(&text, base, digits, &value) ||
            (size_t)(text.p - before) != digits ||
            (text.size && !char_is_white((char)text.p[0])))
            break;
        for (size_t i = 0; i < bytes; i++)
            out[n++] = (uint8_t)(value >> 8 * i);
    }
    return n;
}

static size_t from_hex_bytes(struct text text, uint8_t *out)
{
    return from_dump(text, 16, 2, 1, out);
}

static size_t from_hex_words(struct text text, uint8_t *out)
{
    return from_dump(text, 16, 4, 2, out);
}

static size_t from_octal_words(struct text text, uint8_t *out)
{
    return from_dump(text, 8, 6, 2, out);
}

/* xxd's own: a colon behind the offset, groups of two bytes. */
static size_t from_xxd(struct text text, uint8_t *out)
{
    uint32_t value;

    if (!number(&text, 16, 16, &value) || value != 0 ||
        !skip_word(&text, ": "))
        return 0;
    return from_hex(text, out);
}

/* 0x01, 0x02 ...: an initializer of C, whatever stands in front. */
static size_t from_c(struct text text, uint8_t *out)
{
    size_t n = 0;
    uint32_t byte;

    while (text.size >= 2 && memcmp(text.p, "0x", 2) != 0)
        skip(&text, 1);
    while (n < ENOUGH && skip_word(&text, "0x") &&
           number(&text, 16, 2, &byte)) {
        out[n++] = (uint8_t)byte;
        while (text.size &&
               (char_is_white((char)text.p[0]) || text.p[0] == ','))
            skip(&text, 1);
    }
    return n;
}

/* b'\x01...': a literal of Python, with what it escapes otherwise. */
static size_t from_python(struct text text, uint8_t *out)
{
    static const char escapes[] = "n\nr\rt\t\\\\''\"\"";
    size_t n = 0;
    uint32_t byte;

    if (!skip_word(&text, "b'") && !skip_word(&text, "b\""))
        return 0;
    while (n < ENOUGH && text.size) {
        const char *is;

        if (!skip_word(&text, "\\")) {
            out[n++] = text.p[0];
            skip(&text, 1);
        } else if (skip_word(&text, "x")) {
            if (!number(&text, 16, 2, &byte))
                break;
            out[n++] = (uint8_t)byte;
        } else {
            is = text.size && text.p[0] ? strchr(escapes, text.p[0]) : NULL;
            if (!is || !is[1])
                break;
            out[n++] = (uint8_t)is[1];
            skip(&text, 1);
        }
    }
    return n;
}

/* Line ends of DOS in the place of all others; 0: there is none. */
static size_t from_dos(struct text text, uint8_t *out)
{
    size_t n = 0;
    bool any = false;

    while (n < ENOUGH && text.size) {
        if (skip_word(&text, "\r\n")) {
            out[n++] = '\n';
            any = true;
        } else {
            out[n++] = text.p[0];
            skip(&text, 1);
        }
    }
    return any ? n : 0;
}

/* Quoted-printable (RFC 2045, 6.7); 0: nothing is quoted. */
static size_t from_quoted(struct text text, uint8_t *out)
{
    size_t n = 0;
    uint32_t byte;

    if (!memchr(text.p, '=', text.size < 3 * ENOUGH ? text.size : 3 * ENOUGH))
        return 0;

    while (n < ENOUGH && text.size) {
        if (skip_word(&text, "=\r\n") || skip_word(&text, "=\n"))
            continue;
        if (skip_word(&text, "=")) {
            if (!number(&text, 16, 2, &byte))
                break;
            out[n++] = (uint8_t)byte;
        } else {
            out[n++] = text.p[0];
            skip(&text, 1);
        }
    }
    return n;
}

static const struct form {
    size_t (*decode)(struct text text, uint8_t *out);
    const char *command;    /* FILE is at its end where it is not said */
} forms[] = {
    { from_base64, "base64 -di" },
    { from_xxd, "xxd -r" },
    { from_hex_bytes, "sed 's/|.*//; s/^[0-9a-f]*//' FILE | xxd -r -p" },
    { from_hex, "xxd -r -p" },
    /* not below other lines; "-" is a file of that name to it */
    { from_uuencode, "cat FILE | uudecode -o /dev/stdout" },
    { from_hex_words,
      "perl -ne '@w = split; shift @w; print pack \"v*\", map hex, @w'" },
    { from_octal_words,
      "perl -ne '@w = split; shift @w; print pack \"v*\", map oct, @w'" },
    { from_c, "grep -o '0x[0-9a-fA-F]*' FILE | xxd -r -p" },
    { from_python,
      "python3 -c 'import ast, fileinput, sys; sys.stdout.buffer.write("
      "ast.literal_eval(\"\".join(fileinput.input())))'" },
    { from_quoted, "python3 -m quopri -d" },
    { from_dos, "LC_ALL=C sed 's/\\r$//'" },
};

/* As many of the forms as a mail has below its headers. */
#define IN_MAIL 4

static const char *command_of(struct text text, size_t n, coded_is *is)
{
    uint8_t bytes[ENOUGH];

    for (size_t i = 0; i < n; i++)
        if (is(bytes, forms[i].decode(text, bytes)))
            return forms[i].command;
    return NULL;
}

/* What a mail that is answered has in front of each line. */
static bool skip_quotes(struct text *text)
{
    const uint8_t *start = text->p;

    while (text->size && (text->p[0] == '>' || text->p[0] == ' '))
        skip(text, 1);
    return memchr(start, '>', (size_t)(text->p - start));
}

/* The command of a form, behind one that takes the lines from that one on, up
 * to the first that cannot be of the form. */
static void lines_from(size_t line, const char *command,
                       char whole[CODED_ROOM])
{
    const char *file = strstr(command, " FILE");
    size_t size = file ? (size_t)(file - command) : strlen(command);

    snprintf(whole, CODED_ROOM,
             "sed -n 's/^[> ]*//; %zu,${/^[0-9A-Za-z+/]/!q;p;}' FILE | %.*s%s",
             line, (int)size, command, file ? file + strlen(" FILE") : "");
}

bool coded_by(const uint8_t *p, size_t size, coded_is *is,
              char command[CODED_ROOM])
{
    struct text text = { p, size };
    const char *found = command_of(text, sizeof(forms) / sizeof(forms[0]),
                                   is);

    if (found)
        snprintf(command, CODED_ROOM, "%s", found);
    for (size_t line = 1; !found && text.size; line++) {
        struct text inner = text;

        if ((skip_quotes(&inner) || line > 1) && inner.size &&
            !char_is_white((char)inner.p[0]))
            found = command_of(inner, IN_MAIL, is);
        if (found)
            lines_from(line, found, command);
        skip_line(&text);
    }
    return found;
}
