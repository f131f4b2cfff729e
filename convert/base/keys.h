/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finding records by (type, instance), and finding duplicates, in time that
 * does not depend on what the records' numbers are.
 */
#ifndef CONVERT_BASE_KEYS_H
#define CONVERT_BASE_KEYS_H

#include <domctx.h>

struct keys {
    const struct domctx_record *records;
    size_t count;
    struct key_pair *pairs;  /* by key, equal keys in file order; NULL when
                              * the file order is that order */
};

/* Index count records; false when memory is short. */
bool keys_build(struct keys *keys, const struct domctx_record *records,
                size_t count);
void keys_free(struct keys *keys);

/* The first record in file order of that type and instance, or NULL. */
const struct domctx_record *keys_find(const struct keys *keys, uint32_t type,
                                      uint32_t instance);

/* The next record, by type and instance, that has both from one before it in
 * the file; *i is 0 at first.  NULL after the last. */
const struct domctx_record *keys_repeat(const struct keys *keys, size_t *i);

#endif /* CONVERT_BASE_KEYS_H */
