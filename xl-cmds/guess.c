/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guess.h"

#include <stdio.h>
#include <string.h>

#include <domctx.h>

void guess_begin(struct guess *guess, const char *asked, size_t length)
{
    *guess = (struct guess){ .changes = 1 + (unsigned int)length / 3 };
    snprintf(guess->asked, sizeof(guess->asked), "%.*s",
             (int)(length < GUESS_ROOM ? length : GUESS_ROOM), asked);
    guess->length = strlen(guess->asked);
}

void guess_offer(struct guess *guess, const char *name)
{
    unsigned int changes = domctx_name_distance(guess->asked, name);

    if (guess->length > 1 &&
        strncmp(guess->asked, name, guess->length) == 0)
        changes = 1;
    /* Who slips twice in a word still begins it right: "list" is no "host". */
    if (changes > 1 && guess->asked[0] != name[0])
        return;
    if (changes < guess->changes ||
        (changes == guess->changes && !guess->name)) {
        guess->changes = changes;
        guess->name = name;
    }
}

const char *name_meant(const char *word, size_t length,
                       const char *const *names)
{
    struct guess guess;

    guess_begin(&guess, word, length);
    for (; *names; names++)
        guess_offer(&guess, *names);
    return guess.name;
}
