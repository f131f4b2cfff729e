/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines of which many are the same but for the number of their vCPU, written
 * once for all of those.  Where they still do not fit on a screen, some of
 * what they say is left out.
 */
#ifndef CONVERT_TEXT_GROUPS_H
#define CONVERT_TEXT_GROUPS_H

#include "text/text.h"

/* The words of a line; longer ones, lists of vectors, are cut. */
#define WORDS_ROOM 2048

struct words {
    char buf[WORDS_ROOM];
    size_t used;
};

void words_add(struct words *words, const char *text, size_t size);
void words_text(struct words *words, const char *text);
void words_number(struct words *words, uint64_t number);

/* Append so many times a character. */
void words_fill(struct words *words, char c, size_t n);

/* How much a line says: all, less and least. */
enum { LEVEL_ALL, LEVEL_LESS, LEVEL_LEAST, LEVELS };

struct groups;

/* For the lines of count vCPUs; NULL where each has a line of its own, since
 * they are few or the text has each, or memory is short. */
struct groups *groups_new(struct text *text, size_t count);

/* The lines of the next vCPU, one in each level, without its number: to be
 * filled by the caller and added.  The numbers come in ascending order, or
 * else they are many ranges. */
struct words *groups_lines(struct groups *groups);
void groups_add(struct groups *groups, uint32_t vcpu);

/* Write them in the first level that fits; false: none does. */
bool groups_put(struct text *text, const struct groups *groups);

/* Begin a line of one vCPU. */
void groups_begin(struct text *text, uint32_t vcpu);

#endif /* CONVERT_TEXT_GROUPS_H */
