/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The value of a field as a person reads it: the number in the way that the
 * catalogue says, and what its bits or the value itself are called.
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
 * All three write at most room bytes with the final zero (room > 0), cut off
 * what does not fit, and return the length of what they wrote.
 *
 * value is as cat_get() returned it, element i of the field.
 */

/* The number, and after a blank the words if there are any. */
size_t value_text(const struct cat_field *field, size_t i, uint64_t value,
                  char *buf, size_t room);

/* The number alone.  Of a bitmap, the bits that are set as numbers and
 * ranges, those of element i counted on from the elements before it in its
 * structure; "none" when there are none. */
size_t value_number(const struct cat_field *field, size_t i, uint64_t value,
                    char *buf, size_t room);

/* The number of the lowest bit of element i of a bitmap.  Bits are counted on
 * through an array; but a bitmap in each of several structures is one of its
 * own. */
uint64_t value_first_bit(const struct cat_field *field, size_t i);

/* The words alone; "" when there are none. */
size_t value_words(const struct cat_field *field, uint64_t value, char *buf,
                   size_t room);

/* The words that a table has for a value.  Bits that no row accounts for
 * are added as "+0x..." when rest is true. */
size_t value_names(const struct cat_names *names, uint64_t value, bool rest,
                   char *buf, size_t room);

#endif /* CONVERT_CATALOGUE_VALUE_H */
