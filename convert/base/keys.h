/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finding records by (type, instance), and finding duplicates, in time that
 * does not depend on the input's choice of numbers.
 */
#ifndef CONVERT_BASE_KEYS_H
#define CONVERT_BASE_KEYS_H

#include <domctx.h>

struct keys {
    const struct domctx_record *records;
    size_t count;
    struct key_pair *pairs;  /* by key, then file order; NULL if the file is in
                              * that order */
};

/* Index count records; false when memory is short. */
bool keys_build(struct keys *keys, const struct domctx_record *records,
                size_t count);
void keys_free(struct keys *keys);

/* The first record in the file with that type and instance, or NULL. */
const struct domctx_record *keys_find(const struct keys *keys, uint32_t type,
                                      uint32_t instance);

/* Iterate over the duplicates, by type and instance: records that have both in
 * common with an earlier one.  *i starts at 0; NULL after the last. */
const struct domctx_record *keys_repeat(const struct keys *keys, size_t *i);

#endif /* CONVERT_BASE_KEYS_H */
