/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The new value of an assignment, made from the present one. */
#include "access/assign.h"
#include "base/chars.h"
#include "catalogue/value.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* -- numbers onto numbers ---------------------------------------------- */

static int no_sum(const struct located *located, domctx_report *report)
{
    struct msg_at at = context_at(located->record);

    at.field = located->field->name;
    return msg_raise(report, MSG_EDIT_WORD, &at,
                     "+= and -= take the names of bits here: a number sets "
                     "bits with |=, and takes them away with &=~");
}

/* Add or subtract numbers of so many bits with a sign; false if the result
 * needs more bits. */
static bool signed_sum(bool add, unsigned int bits, uint64_t value,
                       uint64_t number, uint64_t *sum)
{
    const uint64_t sign = UINT64_C(1) << 63;

    if (bits < 64 && value >> (bits - 1) & 1)
        value |= UINT64_MAX << bits;
    *sum = add ? value + number : value - number;
    /* the sign shows that the sum overflowed 64 bits */
    if ((value ^ *sum) & (value ^ number ^ (add ? sign : 0)) & sign)
        return false;
    return bits >= 64 || (*sum + (sign >> (64 - bits))) >> bits == 0;
}

/* Add or subtract; a result out of range is refused. */
static int add_number(bool add, const struct located *located, uint64_t number,
                      uint64_t *value, domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    const struct cat_field *field = located->field;
    uint64_t sum = add ? *value + number : *value - number;

    if (located->names && field->print != CAT_DEC)
        return no_sum(located, report);
    if (field->print == CAT_SIGNED
            ? !signed_sum(add, cat_bits(field), *value, number, &sum)
            : (add ? sum < *value : *value < number)) {
        at.field = field->name;
        return msg_raise(report, MSG_EDIT_RANGE, &at,
                         "the sum would pass the end of what the field can "
                         "hold");
    }
    *value = sum;
    return assign_fits(located, sum, report);
}

static int apply_number(enum assign_kind kind, const struct located *located,
                        uint64_t number, uint64_t *value,
                        domctx_report *report)
{
    unsigned int bits = cat_bits(located->field);

    switch (kind) {
    case ASSIGN_ADD:
    case ASSIGN_REMOVE:
        return add_number(kind == ASSIGN_ADD, located, number, value, report);
    case ASSIGN_OR:
        *value |= number;
        break;
    case ASSIGN_AND:
        *value &= number;
        break;
    case ASSIGN_FLIP:
        *value ^= number;
        break;
    case ASSIGN_SET:
    default:
        *value = number;
        return assign_fits(located, number, report);
    }
    /* bits above the mask are kept */
    return kind == ASSIGN_AND || number >> (bits - 1) >> 1 == 0
               ? 0 : assign_fits(located, number, report);
}

/* -- bits by their numbers --------------------------------------------- */

/* The number of the element's first bit, counted through the whole array. */
static uint64_t first_bit(const struct located *located)
{
    return located->element == SIZE_MAX
               ? 0 : value_first_bit(located->field, located->element);
}

/* Turn a bit number, counted through the array or from the element, into one
 * counted from the element. */
static uint64_t own_bit(const struct located *located, uint64_t bit)
{
    uint64_t first = first_bit(located);

    return bit >= first && bit - first < cat_bits(located->field)
               ? bit - first : bit;
}

/* Change one bit of a bitmap's element, given by its number. */
static int apply_bit(enum assign_kind kind, const struct located *located,
                     uint64_t bit, uint64_t *value, domctx_report *report)
{
    unsigned int width = cat_bits(located->field);
    struct msg_at at = context_at(located->record);
    uint64_t first = first_bit(located);

    bit = own_bit(located, bit);
    if (bit >= width) {
        at.field = located->field->name;
        return msg_raise(report, MSG_EDIT_RANGE, &at,
                         "the bitmap has bits %" PRIu64 " to %" PRIu64 ", "
                         "not %" PRIu64, first, first + width - 1, bit);
    }
    *value = assign_set_to(kind == ASSIGN_SET ? ASSIGN_OR : kind, *value,
                           UINT64_C(1) << bit);
    return 0;
}

/* A number alone may be a bit number, as show prints, or a value, as in JSON.
 * It is accepted only where it cannot be a bit number. */
static int apply_alone(const struct located *located, uint64_t number,
                       uint64_t *value, domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    uint64_t bit = own_bit(located, number);

    if (bit >= cat_bits(located->field))
        return apply_number(ASSIGN_SET, located, number, value, report);
    at.field = located->field->name;
    return msg_raise(report, MSG_EDIT_WORD, &at,
                     "a number alone could be that of a bit or the value: "
                     "write 0x%" PRIx64 " for bit %" PRIu64 ", 0x%" PRIx64
                     " for the value",
                     UINT64_C(1) << bit, number, number);
}

/* Assign a list of bits such as "1 4-7", "none" or "all". */
static int apply_bits(enum assign_kind kind, const char *p,
                      const struct located *located, uint64_t *value,
                      domctx_report *report)
{
    const char *list = p;
    char word[ASSIGN_WORD_ROOM];

    if (kind == ASSIGN_SET) {
        bool all = strcasecmp(p, "all") == 0;

        *value = all ? UINT64_MAX >> (64 - cat_bits(located->field)) : 0;
        if (all || strcasecmp(p, "none") == 0)
            return 0;
    }
    for (p = assign_next(p, word); *word; p = assign_next(p, word)) {
        uint64_t from, to;

        if (!assign_range(word, &from, &to) || to - from > 63)
            return assign_no_word(located, list, report);
        for (uint64_t bit = from; bit <= to; bit++)
            if (apply_bit(kind, located, bit, value, report) < 0)
                return -1;
    }
    return 0;
}

/* -- any of them -------------------------------------------------------- */

/* Read a number followed by the words that show prints after it. */
static bool read_shown(const char *text, const struct located *located,
                       uint64_t *number)
{
    const struct cat_field *field = located->field;
    size_t n = strcspn(text, " ");
    char first[ASSIGN_WORD_ROOM], words[VALUE_ROOM];

    if (!text[n] || n >= sizeof(first))
        return false;
    memcpy(first, text, n);
    first[n] = '\0';
    if (!assign_number(first, number))
        return false;
    if (located->names != field->names) /* names of the entry's own bits */
        value_names(located->names, *number, true, words, sizeof(words));
    else
        value_words(field, *number, words, sizeof(words));
    return strcmp(text + n + 1, words) == 0;
}

/* Assign to a bitmap: bit numbers, or the whole value as 0x... */
static int bitmap_value(const struct assign *assign, struct located *located,
                        uint64_t *value, domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    const char *text = assign->value;
    bool inverted = assign->kind == ASSIGN_AND && *text == '~';
    const char *digits = text + inverted;
    uint64_t number;

    at.field = located->field->name;
    if (digits[0] == '0' && char_lower(digits[1]) == 'x') {
        if (!assign_number(digits, &number))
            return assign_no_word(located, text, report);
        if (assign->kind != ASSIGN_ADD && assign->kind != ASSIGN_REMOVE)
            return apply_number(assign->kind, located,
                                inverted ? ~number : number, value, report);
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "+= and -= take the number of a bit; bits in "
                         "hexadecimal are for =, |=, &= and ^=");
    }
    if (assign->kind == ASSIGN_SET &&
        assign_decimal(text, strlen(text), UINT64_MAX, &number))
        return apply_alone(located, number, value, report);
    if (assign->kind == ASSIGN_SET)
        return apply_bits(ASSIGN_SET, text, located, value, report);
    if (assign->kind == ASSIGN_AND && *text++ != '~')
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "&= takes a bit away as &=~5, or all but those of a "
                         "number that begins with 0x");
    return apply_bits(assign->kind, text, located, value, report);
}

static int any_value(const struct assign *assign, struct located *located,
                 uint64_t *value, domctx_report *report)
{
    const char *text = assign->value;
    bool inverted = assign->kind == ASSIGN_AND && *text == '~';
    enum assign_kind kind = assign->kind;
    uint64_t number;

    if (located->field->print == CAT_BITMAP)
        return bitmap_value(assign, located, value, report);
    if (assign_number(text + inverted, &number) ||
        (kind == ASSIGN_SET && read_shown(text, located, &number))) {
        /* adding -1 subtracts 1 */
        if (*text == '-' && located->field->print != CAT_SIGNED &&
            (kind == ASSIGN_ADD || kind == ASSIGN_REMOVE)) {
            kind = kind == ASSIGN_ADD ? ASSIGN_REMOVE : ASSIGN_ADD;
            number = -number;
        }
        return apply_number(kind, located, inverted ? ~number : number, value,
                            report);
    }
    if (assign->kind == ASSIGN_AND)
        return assign_keep(text, located, value, report);
    if (assign->kind == ASSIGN_SET)
        *value = 0;
    return assign_words(text, assign->kind, located, value, report);
}

/* -- limits that the width does not show --------------------------------- */

/* Refuse a selector above 16 bits, although the field has 32. */
static int check_selector(const struct located *located, uint64_t value,
                          domctx_report *report)
{
    struct msg_at at = context_at(located->record);

    if (value <= 0xffff)
        return 0;
    at.field = located->field->name;
    at.expected = (struct msg_value)MOST(0xffff);
    at.found = (struct msg_value)HEX(value);
    return msg_raise(report, MSG_EDIT_RANGE, &at, "a selector has 16 bits");
}

int assign_value(const struct assign *assign, struct located *located,
                 uint64_t *value, domctx_report *report)
{
    uint64_t before = *value;

    if (any_value(assign, located, value, report) < 0)
        return -1;
    /* the present value is always allowed */
    if (*value == before)
        return 0;
    if (located->field->print == CAT_SELECTOR)
        return check_selector(located, *value, report);
    return assign_clock(assign, located, *value, report);
}
