/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bits and values by their names. */
#include "access/assign.h"
#include "base/digits.h"
#include "catalogue/names.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The words of one assignment, as far as they were read. */
struct said {
    uint64_t mask, value;   /* the bits that were set, and to which value */
    bool in_turn;           /* a word was resolved by its position */
};

/* Find the row of a word.  If the word occurs in several places, as the types
 * of the eight PAT entries do, take the first place above those already set,
 * and set *several. */
static const struct cat_word *find_word(const struct cat_names *names,
                                        const char *word,
                                        const struct said *said,
                                        bool *several)
{
    const struct cat_word *first = NULL, *next = NULL;

    *several = false;
    for (size_t i = 0; names && i < names->n; i++) {
        const struct cat_word *row = &names->words[i];

        if (!row->word || row->kind != CAT_IS ||
            strcasecmp(row->word, word) != 0)
            continue;
        *several |= first != NULL;
        if (!first)
            first = row;
        if (!next && row->mask > said->mask)
            next = row;
    }
    return *several && next ? next : first;
}

/* List the field's names: those near word, or else as many as fit. */
static void list_words(const struct cat_names *names, const char *word,
                       unsigned int most, char *list, size_t room)
{
    size_t used = 0;
    int n;

    list[0] = '\0';
    for (size_t i = 0; names && i < names->n; i++) {
        const struct cat_word *row = &names->words[i];

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

int assign_no_word(const struct located *located, const char *word,
                   domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    const char *lead = "near it:";
    uint8_t bytes[sizeof(uint64_t)];
    size_t length = strlen(word);
    char list[120];

    at.field = located->field->name;
    if (digits_read_wide(word, length, bytes, sizeof(bytes)) ==
        DIGITS_TOO_MANY)
        return msg_raise(report, MSG_EDIT_RANGE, &at,
                         "the field has %u bits, too few for %.40s",
                         cat_bits(located->field), word);
    if (length <= 2 * sizeof(bytes) && strpbrk(word, "0123456789") &&
        strspn(word, "0123456789abcdefABCDEF") == length)
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "'%s' is no decimal number: write 0x%s if it is a "
                         "hexadecimal one", word, word);
    list_words(located->names, word, length > 3 ? 2 : 1, list,
               sizeof(list));
    if (!*list) {
        lead = "there are";
        list_words(located->names, word, UINT_MAX, list, sizeof(list));
    }
    if (!*list)
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "'%.40s' is no number, and the field has no names",
                         word);
    return msg_raise(report, MSG_EDIT_WORD, &at,
                     "no number, and no bit or value of the field is called "
                     "'%.40s'; %s %s", word, lead, list);
}

/* Apply the row of one word; false if the operation has no meaning for it. */
static bool apply_word(const struct cat_word *row, enum assign_kind kind,
                       uint64_t *value)
{
    bool one_bit = (row->mask & (row->mask - 1)) == 0;

    if (kind == ASSIGN_REMOVE || kind == ASSIGN_FLIP) {
        if (!one_bit)
            return false;
        if (kind == ASSIGN_FLIP)
            *value ^= row->mask;
        else
            *value = (*value & ~row->mask) | (row->value ^ row->mask);
    } else {
        *value = (*value & ~row->mask) | row->value;
    }
    return true;
}

/* All bits that have names. */
static uint64_t all_bits(const struct cat_names *names)
{
    uint64_t all = 0;

    for (size_t i = 0; i < names->n; i++)
        all |= names->words[i].mask;
    return all;
}

static int refuse_word(const struct located *located, const char *word,
                       const char *why, domctx_report *report)
{
    struct msg_at at = context_at(located->record);

    at.field = located->field->name;
    return msg_raise(report, MSG_EDIT_WORD, &at, "'%.40s' %s", word, why);
}

static int apply_next(const char *word, enum assign_kind kind,
                      const struct located *located, struct said *said,
                      uint64_t *value, domctx_report *report)
{
    bool several;
    const struct cat_word *row = find_word(located->names, word, said,
                                           &several);

    if (!row)
        return assign_no_word(located, word, report);
    if (several && kind != ASSIGN_SET)
        return refuse_word(located, word, "is a word that several of its "
                           "bits have: write them as 0x...", report);
    if (row->mask & said->mask &&
        ((row->value ^ said->value) & row->mask & said->mask || several))
        return refuse_word(located, word, "contradicts a word before it: the "
                           "same bits can have one value only", report);
    if ((row->mask & said->mask) == row->mask)
        return 0;
    said->mask |= row->mask;
    said->value |= row->value;
    said->in_turn |= several;
    if (apply_word(row, kind, value))
        return 0;
    return refuse_word(located, word, "is a value of several bits, which has "
                       "no opposite: set another one with '='", report);
}

/* Step to the next word of "SMEP|SMAP"; commas and blanks separate, too. */
const char *assign_next(const char *p, char word[ASSIGN_WORD_ROOM])
{
    size_t n;

    p += strspn(p, ASSIGN_SEPARATORS);
    n = strcspn(p, ASSIGN_SEPARATORS);
    snprintf(word, ASSIGN_WORD_ROOM, "%.*s",
             (int)(n < ASSIGN_WORD_ROOM ? n : ASSIGN_WORD_ROOM), p);
    return p + n;
}

int assign_words(const char *words, enum assign_kind kind,
                 const struct located *located, uint64_t *value,
                 domctx_report *report)
{
    struct said said = { 0 };
    const char *p = words;
    char word[ASSIGN_WORD_ROOM];

    if (!p[strspn(p, ASSIGN_SEPARATORS)])
        return assign_malformed(p, "no value behind the operator", report);
    for (p = assign_next(p, word); *word; p = assign_next(p, word))
        if (apply_next(word, kind, located, &said, value, report) < 0)
            return -1;
    if (!said.in_turn || said.mask == all_bits(located->names))
        return 0;
    return refuse_word(located, words, "does not say all of them: as many "
                       "words as show prints, or the number as 0x...",
                       report);
}

/* &=: "~SMEP" clears a bit, as in C; "SMEP|SMAP" keeps only those two. */
int assign_keep(const char *words, const struct located *located,
                      uint64_t *value, domctx_report *report)
{
    struct msg_at at = context_at(located->record);
    uint64_t kept = 0;

    if (*words == '~' && !words[1 + strcspn(words + 1, ASSIGN_SEPARATORS)])
        return assign_words(words + 1, ASSIGN_REMOVE, located, value, report);
    at.field = located->field->name;
    if (strchr(words, '~'))
        return msg_raise(report, MSG_EDIT_WORD, &at,
                         "one bit alone is taken away with &=~; for several "
                         "write -=");
    if (assign_words(words, ASSIGN_OR, located, &kept, report) < 0)
        return -1;
    *value &= kept;
    return 0;
}
