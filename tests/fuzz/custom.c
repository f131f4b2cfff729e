/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For libFuzzer, two changes of three are those of mutate.c. */
#include "fuzz.h"
#include "mutate.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
                               unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
                               unsigned int seed)
{
    size_t changed = seed % 3 ? mutate(data, size, max, seed) : 0;

    return changed ? changed : LLVMFuzzerMutate(data, size, max);
}
