/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The name that a user most likely meant. */
#ifndef XL_CMDS_GUESS_H
#define XL_CMDS_GUESS_H

#include <stddef.h>

#define GUESS_ROOM 64

/* A guess differs from the word in at most one of three letters, and if in
 * several not in the first, or the word is its beginning. */
struct guess {
    char asked[GUESS_ROOM];
    size_t length;        /* of asked */
    const char *name;     /* the nearest so far, or NULL */
    unsigned int changes;
};

/* Begin a guess for the first length bytes of asked. */
void guess_begin(struct guess *guess, const char *asked, size_t length);

/* Offer a name, which must live as long as the guess. */
void guess_offer(struct guess *guess, const char *name);

/* The name in a NULL-terminated list that the first length bytes of word most
 * likely mean; NULL if none is similar. */
const char *name_meant(const char *word, size_t length,
                       const char *const *names);

#endif /* XL_CMDS_GUESS_H */
