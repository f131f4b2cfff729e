/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Numbers as digits.  A context has tens of thousands of them, and printf()
 * would be half the cost of showing it.
 */
#ifndef CONVERT_BASE_DIGITS_H
#define CONVERT_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>

/* Neither writes a final NUL; both return the end of the digits. */

/* p has room for 20. */
char *digits_decimal(char *p, uint64_t value);

/* At least so many digits, without 0x; p has room for 16. */
char *digits_hex(char *p, uint64_t value, unsigned int digits);

/* All digits of a number of size bytes, stored lowest byte first. */
char *digits_wide(char *p, const uint8_t *bytes, size_t size);

/* Read n characters, "0x" and digits, as such a number; leading zeros do not
 * count. */
enum digits_read { DIGITS_NUMBER, DIGITS_NONE, DIGITS_TOO_MANY };
enum digits_read digits_read_wide(const char *text, size_t n, uint8_t *bytes,
                                  size_t size);

#endif /* CONVERT_BASE_DIGITS_H */
