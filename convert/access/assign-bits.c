/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bitmap that is an array, as the interrupts of a LAPIC: a set of bits that
 * are counted through all its elements. */
#include "access/assign.h"
#include "base/chars.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

bool assign_range(char *word, uint64_t *from, uint64_t *to)
{
    char *dash = strchr(word, '-');
    const char *last = dash ? dash + 1 : word;

    if (dash)
        *dash = '\0';
    return assign_decimal(word, strlen(word), UINT64_MAX, from) &&
           assign_decimal(last, strlen(last), UINT64_MAX, to) &&
           *from <= *to;
}

static void set_bits(uint64_t *set, unsigned int width, uint64_t from,
                     uint64_t to)
{
    for (uint64_t bit = from; bit <= to; bit++)
        set[bit / width] |= UINT64_C(1) << bit % width;
}

/* "&=~" takes bits away. */
static const char *bits_of(const struct assign *assign)
{
    return assign->value +
           (assign->kind == ASSIGN_AND && *assign->value == '~');
}

static bool is_hex(const char *text)
{
    return text[0] == '0' && char_lower(text[1]) == 'x';
}

bool assign_is_set(const struct assign *assign, const struct located *located)
{
    const char *text = bits_of(assign);

    return located->field->print == CAT_BITMAP && !is_hex(text) &&
           (assign->kind != ASSIGN_AND || text > assign->value);
}

int assign_set(const struct assign *assign, const struct located *located,
               size_t count, uint64_t set[], domctx_report *report)
{
    const char *text = bits_of(assign);
    unsigned int width = cat_bits(located->field);
    uint64_t bits = (uint64_t)count * width, from, to;
    struct msg_at at = context_at(located->record);
    char word[ASSIGN_WORD_ROOM];

    at.field = located->field->name;
    memset(set, 0, count * sizeof(set[0]));
    if (assign->kind == ASSIGN_SET && strcasecmp(text, "none") == 0)
        return 0;
    if (assign->kind == ASSIGN_SET && strcasecmp(text, "all") == 0) {
        set_bits(set, width, 0, bits - 1);
        return 0;
    }
    for (const char *p = assign_next(text, word); *word;
         p = assign_next(p, word)) {
        if (!assign_range(word, &from, &to))
            return assign_no_word(located, text, report);
        if (to >= bits)
            return msg_raise(report, MSG_EDIT_RANGE, &at,
                             "the bitmap has bits 0 to %" PRIu64 ", not "
                             "%" PRIu64, bits - 1, to);
        set_bits(set, width, from, to);
    }
    return 0;
}

uint64_t assign_set_to(enum assign_kind kind, uint64_t value, uint64_t set)
{
    switch (kind) {
    case ASSIGN_ADD:
    case ASSIGN_OR:
        return value | set;
    case ASSIGN_REMOVE:
    case ASSIGN_AND:
        return value & ~set;
    case ASSIGN_FLIP:
        return value ^ set;
    case ASSIGN_SET:
    default:
        return set;
    }
}
