/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The value of a field as text: the number in the format that the catalogue
 * gives, and the names of its bits or of the value itself.
 *
 *   0x80050033 PE MP ET NE WP AM PG     3 word     -5     0x0018 GDT 3
 */
#ifndef CONVERT_CATALOGUE_VALUE_H
#define CONVERT_CATALOGUE_VALUE_H

#include "catalogue/catalogue.h"
#include "catalogue/names.h"

/* Room for any value, the final zero included: 64 bits as a list. */
#define VALUE_ROOM 512

/*
 * All of them write at most room bytes with the final zero (room > 0), cut off
 * the excess, and return the length of the text.
 *
 * value is as cat_get() returned it, element i of the field.
 */

/* The number; and a blank and the words, if there are any. */
size_t value_text(const struct cat_field *field, size_t i, uint64_t value,
                  char *buf, size_t room);

/* The number alone.  For a bitmap, the numbers and ranges of the bits that are
 * set, where those of element i go on from the element before it in the same
 * structure; "none" for 0. */
size_t value_number(const struct cat_field *field, size_t i, uint64_t value,
                    char *buf, size_t room);

/* The number of the lowest bit of element i of a bitmap.  The numbers go on
 * through an array, and start again in each structure of an array of
 * structures. */
uint64_t value_first_bit(const struct cat_field *field, size_t i);

/* The words alone; "" when there are none. */
size_t value_words(const struct cat_field *field, uint64_t value, char *buf,
                   size_t room);

/* The words that a table has for a value.  If rest is true, bits without a row
 * follow as "+0x...". */
size_t value_names(const struct cat_names *names, uint64_t value, bool rest,
                   char *buf, size_t room);

#endif /* CONVERT_CATALOGUE_VALUE_H */
