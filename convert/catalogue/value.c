/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/digits.h"
#include "catalogue/value.h"

#include <string.h>
#include <strings.h>

/* Text in a buffer; the excess is cut off. */
struct line {
    char *p, *end; /* end: of the room, less the final zero */
};

static void put(struct line *line, const char *text, size_t size)
{
    size_t room = (size_t)(line->end - line->p);

    if (size > room)
        size = room;
    memcpy(line->p, text, size);
    line->p += size;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

static void put_dec(struct line *line, uint64_t value)
{
    char digits[20];

    put(line, digits, (size_t)(digits_decimal(digits, value) - digits));
}

static void put_hex(struct line *line, uint64_t value, unsigned int digits)
{
    char text[18] = "0x";

    put(line, text, (size_t)(digits_hex(text + 2, value, digits) - text));
}

static size_t ended(const struct line *line, const char *buf)
{
    *line->p = '\0';
    return (size_t)(line->p - buf);
}

static void put_signed(struct line *line, const struct cat_field *field,
                       uint64_t value)
{
    unsigned int width = cat_bits(field);

    if (value >> (width - 1) & 1) {
        put(line, "-", 1);
        value = -value & (UINT64_MAX >> (64 - width));
    }
    put_dec(line, value);
}

/* "2 4-7 31": the numbers of the bits that are set; bit 0 has number first. */
static void put_bits(struct line *line, uint64_t value, uint64_t first)
{
    const char *blank = "";

    if (!value)
        put_text(line, "none");
    for (unsigned int bit = 0; bit < 64 && value >> bit; bit++) {
        unsigned int start = bit;

        if (!(value >> bit & 1))
            continue;
        while (bit < 63 && value >> (bit + 1) & 1)
            bit++;
        put_text(line, blank);
        put_dec(line, first + start);
        if (bit > start) {
            put(line, "-", 1);
            put_dec(line, first + bit);
        }
        blank = " ";
    }
}

uint64_t value_first_bit(const struct cat_field *field, size_t i)
{
    if (strstr(field->name, "[]"))
        i %= field->run;
    return (uint64_t)i * cat_bits(field);
}

static void put_number(struct line *line, const struct cat_field *field,
                       size_t i, uint64_t value)
{
    switch ((enum cat_print)field->print) {
    case CAT_DEC:
    case CAT_ENUM:
        put_dec(line, value);
        break;
    case CAT_SIGNED:
        put_signed(line, field, value);
        break;
    case CAT_BITMAP:
        put_bits(line, value, value_first_bit(field, i));
        break;
    case CAT_SELECTOR: /* 16 bits are what it has */
        put_hex(line, value, 4);
        break;
    case CAT_HEX:
    case CAT_FLAGS:
    default:
        put_hex(line, value, (cat_bits(field) + 3) / 4);
        break;
    }
}

/* Whether the row has a word for the value. */
static bool applies(const struct cat_word *row, uint64_t value)
{
    uint64_t bits = value & row->mask;

    return row->kind == CAT_IS ? bits == row->value : bits != 0;
}

static void put_word(struct line *line, const struct cat_word *row,
                     uint64_t number)
{
    put_text(line, row->word);
    if (row->kind == CAT_IS)
        return;
    put(line, " ", 1);
    if (row->kind == CAT_NUMBER)
        put_dec(line, number);
    else
        put_hex(line, row->kind == CAT_PLACE ? number << row->bit : number,
                1);
}

/* Write the words, separated by blanks. */
static void put_names(struct line *line, const struct cat_names *names,
                      uint64_t value, bool rest, const char *begin)
{
    const struct cat_word *row = names->words, *end = row + names->n;
    uint64_t known = 0;

    for (; row < end; row++) {
        if (!applies(row, value))
            continue;
        known |= row->mask;
        if (!row->word)
            continue;
        if (line->p != begin)
            put(line, " ", 1);
        put_word(line, row, (value & row->mask) >> row->bit);
    }
    if (!rest || !(value & ~known))
        return;
    put_text(line, line->p != begin ? " +" : "+");
    put_hex(line, value & ~known, 1);
}

/* Write the table and the privilege level of a selector. */
static void put_selector(struct line *line, uint64_t value)
{
    if (value > 0xffff)
        return;
    if (value < 4) {
        put_text(line, "null");
        return;
    }
    put_text(line, value & 4 ? "LDT " : "GDT ");
    put_dec(line, value >> 3);
    if (value & 3) {
        put_text(line, " RPL ");
        put_dec(line, value & 3);
    }
}

static void put_words(struct line *line, const struct cat_field *field,
                      uint64_t value, const char *begin)
{
    if (field->print == CAT_SELECTOR)
        put_selector(line, value);
    else if (field->names)
        put_names(line, field->names, value, field->print == CAT_FLAGS,
                  begin);
}

const struct cat_word *names_find(const struct cat_names *names,
                                  const char *word)
{
    for (size_t i = 0; i < names->n; i++) {
        const struct cat_word *row = &names->words[i];

        if (row->word && row->kind == CAT_IS &&
            strcasecmp(row->word, word) == 0)
            return row;
    }
    return NULL;
}

size_t value_names(const struct cat_names *names, uint64_t value, bool rest,
                   char *buf, size_t room)
{
    struct line line = { buf, buf + room - 1 };

    put_names(&line, names, value, rest, buf);
    return ended(&line, buf);
}

size_t value_number(const struct cat_field *field, size_t i, uint64_t value,
                    char *buf, size_t room)
{
    struct line line = { buf, buf + room - 1 };

    put_number(&line, field, i, value);
    return ended(&line, buf);
}

size_t value_words(const struct cat_field *field, uint64_t value, char *buf,
                   size_t room)
{
    struct line line = { buf, buf + room - 1 };

    put_words(&line, field, value, buf);
    return ended(&line, buf);
}

size_t value_text(const struct cat_field *field, size_t i, uint64_t value,
                  char *buf, size_t room)
{
    size_t n = value_number(field, i, value, buf, room);

    if (n + 2 >= room)
        return n;
    buf[n] = ' ';
    room = value_words(field, value, buf + n + 1, room - n - 1);
    if (room > 0)
        return n + 1 + room;
    buf[n] = '\0';
    return n;
}
