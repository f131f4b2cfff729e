/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inputs changed where it matters: a field of a record, a length, a record
 * more or less. */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Change size bytes at p, with room for max; the same seed makes the same
 * change.  Returns the new size; 0: nothing was done. */
size_t mutate(uint8_t *p, size_t size, size_t max, uint64_t seed);

#endif /* TESTS_FUZZ_MUTATE_H */
