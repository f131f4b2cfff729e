/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalogue/product.h"
#include "base/chars.h"

#include <stdio.h>
#include <string.h>

/* The words that people write for a product, in lower case, each followed by
 * a blank; and its name. */
static const struct product {
    const char *words, *name;
} products[] = {
    { "xenserver xcp-ng xcp ", "XenServer or XCP-ng" },
    { "debian deb ", "Debian" },
    { "ubuntu ", "Ubuntu" },
    { "qubes ", "Qubes OS" },
};
enum { XENSERVER, DEBIAN, UBUNTU, QUBES, N_PRODUCTS };

/* The release notes of XCP-ng (docs.xcp-ng.org/releases), and the package xen
 * of each Debian (tracker.debian.org/pkg/xen).  The others have a number of
 * Xen in none that is known here. */
static const struct {
    unsigned int product;
    const char *number, *codename, *xen;
} rows[] = {
    { XENSERVER, "8.2", NULL, "4.13" },
    { XENSERVER, "8.3", NULL, "4.17" },
    { DEBIAN, "11", "bullseye", "4.14" },
    { DEBIAN, "12", "bookworm", "4.17" },
    { DEBIAN, "13", "trixie", "4.20" },
};

/* No product has a longer word. */
#define WORD_ROOM 32

/* Whether one of the words is this one. */
static bool has_word(const char *words, const char *word, size_t size)
{
    for (; *words; words += strcspn(words, " ") + 1)
        if (strncmp(words, word, size) == 0 && words[size] == ' ')
            return true;
    return false;
}

/* Whether the text is that number, or a point release of it. */
static bool is_number(const char *text, const char *number)
{
    size_t size = strlen(number);

    return strncmp(text, number, size) == 0 &&
           (!text[size] || strchr(".-+~ ", text[size]));
}

/* Read the words at the start of the text, in lower case: all up to the first
 * digit, less the separator in front of it.  Returns their length; *at is the
 * rest of the text. */
static size_t read_word(const char *text, char word[WORD_ROOM],
                        const char **at)
{
    size_t size = 0, behind;

    while (size < WORD_ROOM - 1 && text[size] && !char_is_digit(text[size])) {
        word[size] = char_lower(text[size]);
        size++;
    }
    behind = size;
    while (size > 0 && strchr(" -_:/", word[size - 1]))
        size--;
    word[size] = '\0';
    *at = text + behind;
    return size;
}

bool product_text(const char *text, char buf[PRODUCT_ROOM])
{
    char word[WORD_ROOM];
    const char *number;
    size_t size = read_word(text, word, &number);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct product *product = &products[rows[i].product];
        bool named = size == 0 || has_word(product->words, word, size);

        if ((named && is_number(number, rows[i].number)) ||
            (rows[i].codename && strcmp(word, rows[i].codename) == 0)) {
            snprintf(buf, PRODUCT_ROOM, "%s %s has Xen %s", product->name,
                     rows[i].number, rows[i].xen);
            return true;
        }
    }
    for (size_t i = 0; size && i < N_PRODUCTS; i++)
        if (has_word(products[i].words, word, size)) {
            snprintf(buf, PRODUCT_ROOM, "%s has another for each of its own",
                     products[i].name);
            return true;
        }
    return false;
}
