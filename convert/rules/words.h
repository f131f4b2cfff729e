/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule is about, in words for a reader: explain and the manual. */
#ifndef CONVERT_RULES_WORDS_H
#define CONVERT_RULES_WORDS_H

#include "catalogue/release-set.h"
#include "rules/rules.h"

#define RULE_TEXT_ROOM 400

/* The first letter of a sentence in the tables; of an identifier it stays as
 * it is. */
char text_capital(const char *text);

/* Those in which the row holds and the record is known. */
struct domctx_releases rule_releases(const struct rule *rule);

/* "LAPIC", or "any record". */
const char *rule_record_text(const struct rule *rule);

/* "MSR 0x48 SPEC_CTRL", "BNDREGS BNDCSR": what of the record the key names; ""
 * where there is no key, or a component stands for where a field is. */
const char *rule_key_text(const struct rule *rule, char *buf, size_t room);

/* " above 0xffffffff", " with bits of 0xc00 EXTD": which values of the field,
 * behind its name; "" for any, and for what a function decides. */
const char *rule_condition_text(const struct rule *rule, char *buf,
                                size_t room);

/* "OSXSAVE", "BNDREGS BNDCSR": what the bits of the rule's field are called,
 * or of its MSR; "" where they have no names. */
const char *rule_bits_text(const struct rule *rule, uint64_t bits, char *buf,
                           size_t room);

#endif /* CONVERT_RULES_WORDS_H */
