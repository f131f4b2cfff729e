/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Numbers as digits.  A context has tens of thousands of them, and printf()
 * would be half the cost of showing it.
 */
#ifndef CONVERT_BASE_DIGITS_H
#define CONVERT_BASE_DIGITS_H

#include <stdint.h>

/* Both write no final zero, and return the end of the digits. */

/* p has room for 20. */
char *digits_decimal(char *p, uint64_t value);

/* At least that many digits, without 0x; p has room for 16. */
char *digits_hex(char *p, uint64_t value, unsigned int digits);

#endif /* CONVERT_BASE_DIGITS_H */
