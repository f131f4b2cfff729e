/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of a text that a person typed. */
#ifndef CONVERT_EXPLAIN_WORDS_H
#define CONVERT_EXPLAIN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define WORDS_ROOM 400

/* The text in lower case, without apostrophes, with one blank in front of
 * each word and behind the last, "0 %" as "0 percent"; how many words.  What
 * is longer than the room is left out. */
size_t words_of(const char *text, char plain[WORDS_ROOM]);

/* Whether a word is one of "a|b.": a is the head of words, b. a whole one. */
bool word_is_one(const char *word, size_t size, const char *words,
                 size_t length);

/* Whether one of "a|b." is a word of the text that words_of() made. */
bool words_have(const char *plain, const char *words, size_t length);

/* Whether each word of such a text is one of them; true for none. */
bool words_are(const char *plain, const char *words, size_t length);

/* The one of "a|b." that a word is one slip away from: another letter, one
 * missing, one too many or two in each other's place; NULL for none, and
 * where it is too short to tell.  *head is its length. */
const char *word_slip(const char *word, size_t size, const char *words,
                      size_t length, size_t *head);

/* Whether the word is one of those between '|', but for two letters that
 * stand in each other's place. */
bool word_turned(const char *word, size_t size, const char *words);

/* The languages, a bit each, of which words are in a text that words_of()
 * made. */
unsigned int tongues_of(const char *plain);

/* What a word of those languages means, and its length; the word itself where
 * it is none. */
const char *meaning_of(const char *word, size_t *size, unsigned int tongues);

/* The text with the words of languages without blanks as they are meant. */
void meanings_of(const char *text, char *plain, size_t room);

#endif /* CONVERT_EXPLAIN_WORDS_H */
