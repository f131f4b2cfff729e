/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finding records by (type, instance), and finding duplicates, in time that
 * does not depend on what the records' numbers are: no hash to flood, no
 * sort with a bad case.
 */
#ifndef CONVERT_BASE_KEYS_H
#define CONVERT_BASE_KEYS_H

#include <domctx.h>

struct keys {
    const struct domctx_record *records;
    size_t count;
    size_t *order;   /* records by key, equal keys in file order; NULL when
                      * the file order is that order */
    uint64_t steps;  /* elements looked at or moved, for the tests */
};

/* Index count records; false when memory is short. */
bool keys_build(struct keys *keys, const struct domctx_record *records,
                size_t count);
void keys_free(struct keys *keys);

/* The first record in file order of that type and instance, or NULL. */
const struct domctx_record *keys_find(const struct keys *keys, uint32_t type,
                                      uint32_t instance);

/* Number of the record that is i-th in key order. */
static inline size_t keys_nth(const struct keys *keys, size_t i)
{
    return keys->order ? keys->order[i] : i;
}

/* Whether the i-th record in key order has the key of the one before it. */
bool keys_repeats(const struct keys *keys, size_t i);

#endif /* CONVERT_BASE_KEYS_H */
