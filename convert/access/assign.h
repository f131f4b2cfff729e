/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parsing an assignment to a field, and its value. */
#ifndef CONVERT_ACCESS_ASSIGN_H
#define CONVERT_ACCESS_ASSIGN_H

#include "access/locate.h"

/* How a value is changed: "=", "+=", "-=", "|=", "&=", "^=". */
enum assign_kind { ASSIGN_SET, ASSIGN_ADD, ASSIGN_REMOVE, ASSIGN_OR,
                   ASSIGN_AND, ASSIGN_FLIP };

/* One change in words, taken apart: "CPU/1.rip=5". */
#define ASSIGN_NAME_ROOM 80
#define ASSIGN_VALUE_ROOM 640  /* all that show prints, VALUE_ROOM */
struct assign {
    char record[ASSIGN_NAME_ROOM];
    uint32_t instance;
    char field[ASSIGN_NAME_ROOM];
    enum assign_kind kind;
    char value[ASSIGN_VALUE_ROOM];
};

/* Take text apart, less the blanks around each of its parts. */
int assign_parse(const char *text, struct assign *assign,
                 domctx_report *report);

/* Apply the assignment: *value is the present value of the field, and then the
 * new one.  A bit of a whole bitmap (located->element is SIZE_MAX) selects the
 * element first, and *value is read from that. */
int assign_value(const struct assign *assign, struct located *located,
                 uint64_t *value, domctx_report *report);

/* Whether the field has room for the value, a sign included; else why. */
int assign_fits(const struct located *located, uint64_t value,
                domctx_report *report);

/* -- for assign_value() ------------------------------------------------ */

/* "edit-assign", -1. */
int assign_malformed(const char *text, const char *why,
                     domctx_report *report);

/* Digits alone, up to limit. */
bool assign_decimal(const char *p, size_t size, uint64_t limit,
                    uint64_t *number);

/* "0x1f", "31", "-1"; false also for a number above 64 bits. */
bool assign_number(const char *text, uint64_t *number);

/* The next of "SMEP|SMAP", which commas and blanks separate as well. */
#define ASSIGN_WORD_ROOM 48
#define ASSIGN_SEPARATORS "|, "
const char *assign_next(const char *p, char word[ASSIGN_WORD_ROOM]);

/* Bits and values by their names: set, taken away or flipped; and with &=
 * those that stay. */
int assign_words(const char *words, enum assign_kind kind,
                 const struct located *located, uint64_t *value,
                 domctx_report *report);
int assign_keep(const char *words, const struct located *located,
                uint64_t *value, domctx_report *report);

/* Whether a register of the RTC that counts can hold the value. */
int assign_clock(const struct assign *assign, const struct located *located,
                 uint64_t value, domctx_report *report);

/* "edit-word": the field has no such name; -1. */
int assign_no_word(const struct located *located, const char *word,
                   domctx_report *report);

#endif /* CONVERT_ACCESS_ASSIGN_H */
