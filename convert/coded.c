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

/* The same as one number, or with colons between the bytes; 0: neither. */
static size_t from_marked_hex(struct text text, uint8_t *out)
{
    size_t n = 0;
    uint32_t byte;
    bool marked = skip_word(&text, "0x") || skip_word(&text, "0X");

    while (n < ENOUGH && number(&text, 16, 2, &byte)) {
        out[n++] = (uint8_t)byte;
        marked |= skip_word(&text, ":");
        skip_space(&text);
    }
    return marked ? n : 0;
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

static uint32_t url_bits(uint8_t c)
{
    return c == '-' ? base64_bits('+') : c == '_' ? base64_bits('/')
                                                  : base64_bits(c);
}

/* The alphabet for URLs and file names (RFC 4648, section 5), which `base64`
 * does not decode; 0: its two characters do not occur, or others do. */
static size_t from_base64_url(struct text text, uint8_t *out)
{
    struct text rest = text;
    bool any = false;

    for (; rest.size && rest.p[0] != '='; skip(&rest, 1)) {
        if (char_is_white((char)rest.p[0]))
            continue;
        if (url_bits(rest.p[0]) == NO_BITS || strchr("+/", rest.p[0]))
            return 0;
        any |= rest.p[0] == '-' || rest.p[0] == '_';
    }
    return any ? from_groups(text, url_bits, out) : 0;
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

/* The groups of a dump's lines: digits of each, in that base, and the bytes
 * that they are, the lowest first. */
struct dump {
    unsigned int digits, base, bytes;
};
static const struct dump hex_bytes = { 2, 16, 1 }, hex_words = { 4, 16, 2 },
                         octal_words = { 6, 8, 2 };

static bool group(struct text *text, const struct dump *dump,
                  uint32_t *value)
{
    const uint8_t *before;

    while (text->size && text->p[0] == ' ')
        skip(text, 1);
    before = text->p;
    return number(text, dump->base, dump->digits, value) &&
           (size_t)(text->p - before) == dump->digits &&
           (!text->size || char_is_white((char)text->p[0]));
}

/* What stands in the first line, behind the offset 0. */
static size_t from_dump(struct text text, const struct dump *dump,
                        uint8_t *out)
{
    size_t n = 0;
    uint32_t value;

    if (!number(&text, 16, 16, &value) || value != 0)
        return 0;
    while (n + dump->bytes <= ENOUGH && group(&text, dump, &value))
        for (size_t i = 0; i < dump->bytes; i++)
            out[n++] = (uint8_t)(value >> 8 * i);
    return n;
}

static size_t from_hex_bytes(struct text text, uint8_t *out)
{
    return from_dump(text, &hex_bytes, out);
}

static size_t from_hex_words(struct text text, uint8_t *out)
{
    return from_dump(text, &hex_words, out);
}

static size_t from_octal_words(struct text text, uint8_t *out)
{
    return from_dump(text, &octal_words, out);
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
    const char *command;    /* FILE is at its end where it is not said; of a
                             * dump it is made */
    const struct dump *dump;
} forms[] = {
    { from_base64_url, "cat FILE | tr '_-' '/+' | base64 -di", NULL },
    { from_base64, "base64 -di", NULL },
    { from_xxd, "xxd -r", NULL },
    { from_hex_bytes, NULL, &hex_bytes },
    { from_hex, "xxd -r -p", NULL },
    { from_marked_hex, "cat FILE | sed 's/0[xX]//; s/://g' | xxd -r -p",
      NULL },
    { from_hex_words, NULL, &hex_words },
    { from_octal_words, NULL, &octal_words },
    /* not below other lines; "-" is a file of that name to it */
    { from_uuencode, "cat FILE | uudecode -o /dev/stdout", NULL },
    { from_c, "grep -o '0x[0-9a-fA-F]*' FILE | xxd -r -p", NULL },
    { from_python,
      "python3 -c 'import ast, fileinput, sys; sys.stdout.buffer.write("
      "ast.literal_eval(\"\".join(fileinput.input())))'", NULL },
    { from_quoted, "python3 -m quopri -d", NULL },
    { from_dos, "LC_ALL=C sed 's/\\r$//'", NULL },
};

/* As many of the forms as a mail has below its headers. */
#define IN_MAIL 8

static const struct form *form_of(struct text text, size_t n, coded_is *is)
{
    uint8_t bytes[ENOUGH];

    for (size_t i = 0; i < n; i++)
        if (is(bytes, forms[i].decode(text, bytes)))
            return &forms[i];
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

/* How perl reads the offsets of a dump: the second is the number of bytes of
 * the first line. */
static const char *offsets_of(struct text text, const struct dump *dump)
{
    static const struct { unsigned int base; const char *perl; } bases[] = {
        { 16, "hex" }, { 8, "oct" }, { 10, "0+" },
    };
    struct text line = text;
    uint32_t value, n = 0;

    number(&line, 16, 16, &value);
    while (group(&line, dump, &value))
        n += dump->bytes;
    skip_line(&text);
    skip_quotes(&text);
    for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
        line = text;
        if (number(&line, bases[i].base, 16, &value) && value == n)
            return bases[i].perl;
    }
    return dump->base == 8 ? "oct" : "hex";
}

/* "*" stands for lines as the one before, up to the next offset; a line that
 * is missing otherwise ends it without a byte.  The last offset, alone in its
 * line, is the size.  Other lines, of a mail, do not look like that. */
static void dump_by(struct text text, const struct dump *dump,
                    char command[CODED_ROOM])
{
    snprintf(command, CODED_ROOM,
             "perl -ne '/^\\W*\\*/?$r=$l:"
             "/^\\W*(\\d\\w{5,7})((\\s+\\w{%u})*)\\s*([|>].*)?$/&&do{"
             "$o=%s$1;$s.=$r||die while$o>length$s;$r=0;"
             "$s.=$l=pack\"%s\",map %s,split\" \",$2;"
             "substr($s,$o)=\"\"if!$2}}{print$s'",
             dump->digits, offsets_of(text, dump),
             dump->bytes == 1 ? "C*" : "v*", dump->base == 8 ? "oct" : "hex");
}

/* The command of a form, behind one that takes the lines from that one on, up
 * to the first that cannot be of the form. */
static void lines_from(size_t line, const char *command,
                       char whole[CODED_ROOM])
{
    const char *file = strstr(command, " FILE");
    size_t size = file ? (size_t)(file - command) : strlen(command);

    snprintf(whole, CODED_ROOM,
             "sed -n 's/^[> ]*//; %zu,${/^[0-9A-Za-z+/*]/!q;p;}' FILE | "
             "%.*s%s", line, (int)size, command,
             file ? file + strlen(" FILE") : "");
}

/* line: the first of the form, 0 where all of it is. */
static void put_command(struct text text, const struct form *form,
                        size_t line, char command[CODED_ROOM])
{
    if (form->dump)
        dump_by(text, form->dump, command);
    else if (line == 0)
        snprintf(command, CODED_ROOM, "%s", form->command);
    else
        lines_from(line, form->command, command);
}

bool coded_by(const uint8_t *p, size_t size, coded_is *is,
              char command[CODED_ROOM])
{
    struct text text = { p, size };
    const struct form *found = form_of(text, sizeof(forms) / sizeof(forms[0]),
                                       is);

    if (found)
        put_command(text, found, 0, command);
    for (size_t line = 1; !found && text.size; line++) {
        struct text inner = text;
        bool quoted = skip_quotes(&inner);

        if ((quoted || line > 1) && inner.size &&
            !char_is_white((char)inner.p[0]))
            found = form_of(inner, IN_MAIL, is);
        if (found)
            put_command(inner, found, line, command);
        skip_line(&text);
    }
    return found;
}

/* -- JSON in wider units ----------------------------------------------- */

/* As many bytes of units as no stream has by chance: of a legacy one they
 * would be its number of pages and page frames. */
#define WIDE_BYTES 16

static const struct wide {
    const char *name;
    size_t unit;
    size_t low;         /* where in the unit an ASCII character stands */
    const char *mark;
} wides[] = {
    { "UTF-32LE", 4, 0, "\xff\xfe\0\0" },
    { "UTF-32BE", 4, 3, "\0\0\xfe\xff" },
    { "UTF-16LE", 2, 0, "\xff\xfe" },
    { "UTF-16BE", 2, 1, "\xfe\xff" },
};

/* The ASCII character of a unit; 0 if it is none. */
static char ascii_of(const struct wide *wide, const uint8_t *p)
{
    for (size_t i = 0; i < wide->unit; i++)
        if (i != wide->low && p[i])
            return 0;
    return p[wide->low] < 0x80 ? (char)p[wide->low] : 0;
}

/* A brace or bracket, and behind it printable characters or blanks. */
static bool is_wide(const struct wide *wide, const uint8_t *p, size_t size)
{
    size_t n = 0, at = 0, enough = WIDE_BYTES / wide->unit;
    char c;

    if (size >= wide->unit && memcmp(p, wide->mark, wide->unit) == 0)
        at = wide->unit;
    for (; n < enough && at + wide->unit <= size; at += wide->unit) {
        c = ascii_of(wide, p + at);
        if (n == 0 && char_is_white(c))
            continue;
        if (n == 0 ? c != '{' && c != '['
                   : (c < ' ' || c > '~') && !char_is_white(c))
            return false;
        n++;
    }
    return n == enough;
}

const char *coded_wide(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < sizeof(wides) / sizeof(wides[0]); i++)
        if (is_wide(&wides[i], p, size))
            return wides[i].name;
    return NULL;
}
