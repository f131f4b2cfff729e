/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parsing an assignment to a field, and its value. */
#ifndef CONVERT_ACCESS_ASSIGN_H
#define CONVERT_ACCESS_ASSIGN_H

#include "access/locate.h"

/* The operators: "=", "+=", "-=", "|=", "&=", "^=". */
enum assign_kind { ASSIGN_SET, ASSIGN_ADD, ASSIGN_REMOVE, ASSIGN_OR,
                   ASSIGN_AND, ASSIGN_FLIP };

/* One parsed assignment, such as "CPU/1.rip=5". */
#define ASSIGN_NAME_ROOM 80
#define ASSIGN_VALUE_ROOM 640  /* what show prints, VALUE_ROOM */
struct assign {
    char record[ASSIGN_NAME_ROOM];
    uint32_t instance;
    char field[ASSIGN_NAME_ROOM];
    enum assign_kind kind;
    char value[ASSIGN_VALUE_ROOM];
};

/* Parse an assignment; blanks around its parts are ignored. */
int assign_parse(const char *text, struct assign *assign,
                 domctx_report *report);

/* Apply the assignment: *value is the present value of the field, and then the
 * new one. */
int assign_value(const struct assign *assign, struct located *located,
                 uint64_t *value, domctx_report *report);

/* Whether the value, sign included, fits the field; if not, the reason is
 * reported. */
int assign_fits(const struct located *located, uint64_t value,
                domctx_report *report);

/* Whether the assignment is one of bits by their numbers: those of a bitmap
 * that is an array are counted through all its elements. */
bool assign_is_set(const struct assign *assign, const struct located *located);

/* Read such bits, "1 4-7", "none" or "all", into the elements of set. */
int assign_set(const struct assign *assign, const struct located *located,
               size_t count, uint64_t set[], domctx_report *report);

/* The value of an element to which these bits of it are assigned. */
uint64_t assign_set_to(enum assign_kind kind, uint64_t value, uint64_t set);

/* -- for assign_value() ------------------------------------------------ */

/* Raise "edit-assign"; -1. */
int assign_malformed(const char *text, const char *why,
                     domctx_report *report);

/* Read decimal digits only, up to limit. */
bool assign_decimal(const char *p, size_t size, uint64_t limit,
                    uint64_t *number);

/* Read "0x1f", "31" or "-1"; false for anything else and above 64 bits. */
bool assign_number(const char *text, uint64_t *number);

/* Read a bit or a range of bits, such as "48" or "32-47"; changes word. */
bool assign_range(char *word, uint64_t *from, uint64_t *to);

/* Step to the next word of "SMEP|SMAP"; commas and blanks separate, too. */
#define ASSIGN_WORD_ROOM 48
#define ASSIGN_SEPARATORS "|, "
const char *assign_next(const char *p, char word[ASSIGN_WORD_ROOM]);

/* Set, clear or flip bits and values by their names; &= keeps the named
 * ones. */
int assign_words(const char *words, enum assign_kind kind,
                 const struct located *located, uint64_t *value,
                 domctx_report *report);
int assign_keep(const char *words, const struct located *located,
                uint64_t *value, domctx_report *report);

/* Whether the RTC register can hold the value. */
int assign_clock(const struct assign *assign, const struct located *located,
                 uint64_t value, domctx_report *report);

/* Raise "edit-word": the field has no such name; -1. */
int assign_no_word(const struct located *located, const char *word,
                   domctx_report *report);

#endif /* CONVERT_ACCESS_ASSIGN_H */
