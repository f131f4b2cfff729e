/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a domain's configuration whose value is a word of a list. */
#ifndef CONVERT_CATALOGUE_CONFIG_WORDS_H
#define CONVERT_CATALOGUE_CONFIG_WORDS_H

#include "catalogue/release.h"

/* Where libxl has come when it reads the key, and so what it misses if it
 * stops there. */
enum config_part {
    CONFIG_BEFORE_TYPE,  /* the kind of guest */
    CONFIG_BEHIND_TYPE,  /* all devices */
    CONFIG_DEVICES,      /* the devices from this one on */
    CONFIG_TEXT,         /* a key of xl's own language: xl ends */
};

struct config_word {
    const char *word;        /* in lower case */
    cat_version since, until; /* the first release with it, and the first
                              * without it again; 0: none */
};

struct config_key {
    const char *path;        /* in JSON, an element of a list without a name;
                              * in xl's language the key */
    const char *name;        /* as findings have it */
    enum config_part part;
    cat_version since;       /* likewise */
    bool begins;             /* the beginning of a word is enough */
    const struct config_word *words;
};

/* In the order in which libxl reads them. */
extern const struct config_key config_keys[];
extern const size_t n_config_keys;

/* Whether the release reads the key; else it does not look at the word. */
bool config_key_read(const struct config_key *key, cat_version release);

/* Whether the release knows the word, in lower case; release 0: whether all
 * that read the key do. */
bool config_word_known(const struct config_key *key, const char *word,
                       cat_version release);

#endif /* CONVERT_CATALOGUE_CONFIG_WORDS_H */
