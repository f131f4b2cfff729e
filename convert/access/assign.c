/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/assign.h"
#include "base/chars.h"
#include "catalogue/names.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WORD_ROOM 48
#define SEPARATORS "|, "   /* between words */

/* -- taking it apart -------------------------------------------------- */

static int malformed(const char *text, const char *why,
                     domctx_report *report)
{
    return msg_raise(report, MSG_EDIT_ASSIGN, NULL,
                     "'%.80s' is no change of a field: %s", text, why);
}

static bool copy(char *to, const char *from, size_t size)
{
    if (size == 0 || size >= ASSIGN_NAME_ROOM)
        return false;
    memcpy(to, from, size);
    to[size] = '\0';
    return true;
}

/* Digits alone, up to limit. */
static bool read_decimal(const char *p, size_t size, uint64_t limit,
                         uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned int digit = (unsigned int)(unsigned char)p[i] - '0';

        if (digit > 9 || *number > (limit - digit) / 10)
            return false;
        *number = 10 * *number + digit;
    }
    return size > 0;
}

/* "CPU/1", "CPU" */
static bool parse_record(const char *text, size_t size,
                         struct assign *assign)
{
    const char *slash = memchr(text, '/', size);
    size_t name = slash ? (size_t)(slash - text) : size;
    uint64_t instance = 0;

    if (!copy(assign->record, text, name) ||
        (slash && !read_decimal(slash + 1, size - name - 1, UINT32_MAX,
                                &instance)))
        return false;
    assign->instance = (uint32_t)instance;
    return true;
}

int assign_parse(const char *text, struct assign *assign,
                 domctx_report *report)
{
    size_t left = strcspn(text, "="), record = strcspn(text, ".=");
    size_t end = left;

    if (!text[left])
        return malformed(text, "no '=' in it", report);
    if (record >= left)
        return malformed(text, "no '.' between record and field", report);
    assign->kind = ASSIGN_SET;
    if (text[left - 1] == '+' || text[left - 1] == '-') {
        assign->kind = text[left - 1] == '+' ? ASSIGN_ADD : ASSIGN_REMOVE;
        end--;
    }
    assign->value = text + left + 1;
    if (!parse_record(text, record, assign))
        return malformed(text, "no record, as in CPU/0, in front of the '.'",
                         report);
    if (end <= record + 1 ||
        !copy(assign->field, text + record + 1, end - record - 1))
        return malformed(text, "no field behind the '.'", report);
    if (!*assign->value)
        return malformed(text, "no value behind the '='", report);
    return 0;
}

/* -- numbers ---------------------------------------------------------- */

static bool read_hex(const char *p, uint64_t *number)
{
    size_t digits = strspn(p, "0123456789abcdefABCDEF");

    *number = 0;
    if (digits == 0 || p[digits] || digits > 16)
        return false;
    for (; *p; p++)
        *number = *number << 4 | char_digit(*p);
    return true;
}

/* "0x1f", "31", "-1"; false also for a number above 64 bits. */
static bool read_number(const char *text, uint64_t *number)
{
    bool minus = *text == '-';
    const char *p = text + minus;

    if (!minus && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
        return read_hex(p + 2, number);
    if (!read_decimal(p, strlen(p), minus ? (uint64_t)INT64_MAX + 1
                                          : UINT64_MAX, number))
        return false;
    if (minus)
        *number = -*number;
    return true;
}

int assign_fits(const struct located *located, uint64_t value,
                domctx_report *report)
{
    const struct cat_field *field = located->field;
    unsigned int bits = field ? cat_bits(field)
                              : (unsigned int)located->reg.size * 8;
    struct msg_at at = context_at(located->record);
    char room[40];
    bool negative = field && field->print == CAT_SIGNED && bits < 64 &&
                    value >> (bits - 1) == UINT64_MAX >> (bits - 1);

    if (bits >= 64 || value >> bits == 0 || negative)
        return 0;
    snprintf(room, sizeof(room), "at most 0x%" PRIx64,
             UINT64_MAX >> (64 - bits));
    at.field = field ? field->name : located->reg.name;
    at.expected = (struct msg_value)TEXT(room);
    at.found = (struct msg_value)HEX(value);
    return msg_raise(report, MSG_EDIT_RANGE, &at,
                     "the field has %u bits, too few for the value", bits);
}

/* -- words ------------------------------------------------------------ */

/* The row of a word, which stands for bits or a value. */
static const struct cat_word *find_word(const struct cat_field *field,
                                        const char *word)
{
    for (size_t i = 0; field->names && i < field->names->n; i++) {
        const struct cat_word *row = &field->names->words[i];

        if (row->word && row->kind == CAT_IS &&
            strcasecmp(row->word, word) == 0)
            return row;
    }
    return NULL;
}

/* The names that a field has, those that are near word or else as many as
 * fit. */
static void list_words(const struct cat_field *field, const char *word,
                       unsigned int most, char *list, size_t room)
{
    size_t used = 0;
    int n;

    list[0] = '\0';
    for (size_t i = 0; field->names && i < field->names->n; i++) {
        const struct cat_word *row = &field->names->words[i];

        if (!row->word || row->kind != CAT_IS ||
            domctx_name_distance(word, row->word) > most)
            continue;
        n = snprintf(list + used, room - used, "%s%s", used ? ", " : "",
                     row->word);
        if (n < 0 || (size_t)n + sizeof(", ...") > room - used) {
            snprintf(list + used, room - used, ", ...");
            return;
        }
        used += (size_t)n;
    }
}

static int no_word(const struct located *located, const char *word,
                   domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    const char *lead = "near it:";
    char list[120];

    at.field = located->field->name;
    list_words(located->field, word, strlen(word) > 3 ? 2 : 1, list,
               sizeof(list));
    if (!*list) {
        lead = "there are";
        list_words(located->field, word, UINT_MAX, list, sizeof(list));
    }
    if (!*list)
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "'%.40s' is no number, and the field has no names",
                         word);
    return msg_raise(report, MSG_EDIT_WORD, &at,
                     "no number, and no bit or value of the field is called "
                     "'%.40s'; %s %s", word, lead, list);
}

/* One bit or value by its row. */
static bool apply_word(const struct cat_word *row, enum assign_kind kind,
                       uint64_t *value)
{
    bool one_bit = (row->mask & (row->mask - 1)) == 0;

    if (kind == ASSIGN_REMOVE) {
        if (!one_bit)
            return false;
        *value = (*value & ~row->mask) | (row->value ^ row->mask);
    } else {
        *value = (*value & ~row->mask) | row->value;
    }
    return true;
}

/* The next of "SMEP|SMAP", which commas and blanks separate as well. */
static const char *next_word(const char *p, char word[WORD_ROOM])
{
    size_t n;

    p += strspn(p, SEPARATORS);
    n = strcspn(p, SEPARATORS);
    snprintf(word, WORD_ROOM, "%.*s", (int)(n < WORD_ROOM ? n : WORD_ROOM),
             p);
    return p + n;
}

static int apply_words(const struct assign *assign,
                       const struct located *located, uint64_t *value,
                       domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    const char *p = assign->value;
    char word[WORD_ROOM];

    if (!p[strspn(p, SEPARATORS)])
        return malformed(p, "no value behind the '='", report);
    for (p = next_word(p, word); *word; p = next_word(p, word)) {
        const struct cat_word *row = find_word(located->field, word);

        if (!row)
            return no_word(located, word, report);
        if (apply_word(row, assign->kind, value))
            continue;
        at.field = located->field->name;
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "'%s' is a value of several bits, which -= cannot "
                         "take away: set another one with '='", word);
    }
    return 0;
}

/* A bit of a bitmap by its number, counted through the whole array. */
static int apply_bit(const struct assign *assign, struct located *located,
                     uint64_t bit, uint64_t *value, domctx_report *report)
{
    const struct cat_field *field = located->field;
    unsigned int width = cat_bits(field);
    bool whole = located->element == SIZE_MAX;
    size_t count = whole ? cat_count(field, located->record->length) : 1;
    struct msg_at at = context_at(located->record);
    uint64_t mask;

    if (bit >= (uint64_t)count * width) {
        at.field = field->name;
        return msg_raise(report, MSG_EDIT_RANGE, &at,
                         "the bitmap has bits 0 to %zu, not %" PRIu64,
                         count * width - 1, bit);
    }
    if (whole) {
        located->element = (size_t)(bit / width);
        if (!context_get(located->record, field, located->element, value))
            return msg_raise(report, MSG_SELECT_FIELD, &at,
                             "the record ends before that bit");
    }
    mask = UINT64_C(1) << bit % width;
    *value = assign->kind == ASSIGN_ADD ? *value | mask : *value & ~mask;
    return 0;
}

int assign_value(const struct assign *assign, struct located *located,
                 uint64_t *value, domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    uint64_t number;
    bool is_number = read_number(assign->value, &number);

    if (is_number && assign->kind == ASSIGN_SET) {
        *value = number;
        return assign_fits(located, number, report);
    }
    if (is_number && located->field->print == CAT_BITMAP)
        return apply_bit(assign, located, number, value, report);
    at.field = located->field->name;
    if (is_number)
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "+= and -= take the names of bits; set a number with "
                         "'='");
    if (assign->kind == ASSIGN_SET)
        *value = 0;
    return apply_words(assign, located, value, report);
}
