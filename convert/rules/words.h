/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule in words, for explain and the manual. */
#ifndef CONVERT_RULES_WORDS_H
#define CONVERT_RULES_WORDS_H

#include "catalogue/release-set.h"
#include "rules/rules.h"

#define RULE_TEXT_ROOM 400

/* The first letter of a sentence that begins with this text of a table: upper
 * case, but for an identifier, which stays as it is. */
char text_capital(const char *text);

/* The releases that know the record and in which the row holds. */
struct domctx_releases rule_releases(const struct rule *rule);

/* "LAPIC", or "any record". */
const char *rule_record_text(const struct rule *rule);

/* "MSR 0x48 SPEC_CTRL", "BNDREGS BNDCSR": the part of the record that the key
 * selects; "" without a key, and where the key only tells where a field is. */
const char *rule_key_text(const struct rule *rule, char *buf, size_t room);

/* " above 0xffffffff", " with bits of 0xc00 EXTD": the values that the row is
 * about, to follow the field's name; "" for any value, and where a function
 * decides. */
const char *rule_condition_text(const struct rule *rule, char *buf,
                                size_t room);

/* "OSXSAVE", "BNDREGS BNDCSR": the names of bits of the rule's field, or of
 * its MSR; "" if they have none. */
const char *rule_bits_text(const struct rule *rule, uint64_t bits, char *buf,
                           size_t room);

#endif /* CONVERT_RULES_WORDS_H */
