/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An index of records: none if their keys ascend, else sorted pairs. */
#include "base/keys.h"
#include "base/bytes.h"

#include <stdlib.h>

struct key_pair {
    uint64_t key;
    size_t record;
};

static uint64_t key_of(uint32_t type, uint32_t instance)
{
    return (uint64_t)type << 32 | instance;
}

/* The key of the i-th record in key order. */
static uint64_t nth_key(const struct keys *keys, size_t i)
{
    return keys->pairs ? keys->pairs[i].key
                       : key_of(keys->records[i].type,
                                keys->records[i].instance);
}

static const struct domctx_record *nth(const struct keys *keys, size_t i)
{
    return &keys->records[keys->pairs ? keys->pairs[i].record : i];
}

static bool ascends(const struct keys *keys)
{
    for (size_t i = 1; i < keys->count; i++)
        if (nth_key(keys, i) <= nth_key(keys, i - 1))
            return false;
    return true;
}

/* Order by key, then by place in the file. */
static int compare(const void *a, const void *b)
{
    const struct key_pair *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

bool keys_build(struct keys *keys, const struct domctx_record *records,
                size_t count)
{
    struct key_pair *pairs;
    size_t bytes;

    *keys = (struct keys){ .records = records, .count = count };
    if (ascends(keys))
        return true;
    pairs = bytes_of(count, sizeof(*pairs), &bytes) ? malloc(bytes) : NULL;
    if (!pairs) {
        keys->count = 0;
        return false;
    }
    for (size_t i = 0; i < count; i++)
        pairs[i] = (struct key_pair){
            key_of(records[i].type, records[i].instance), i };
    qsort(pairs, count, sizeof(*pairs), compare);
    keys->pairs = pairs;
    return true;
}

void keys_free(struct keys *keys)
{
    free(keys->pairs);
    keys->pairs = NULL;
    keys->count = 0;
}

const struct domctx_record *keys_find(const struct keys *keys, uint32_t type,
                                      uint32_t instance)
{
    uint64_t key = key_of(type, instance);
    size_t low = 0, high = keys->count, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (nth_key(keys, middle) < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < keys->count && nth_key(keys, low) == key ? nth(keys, low)
                                                          : NULL;
}

const struct domctx_record *keys_repeat(const struct keys *keys, size_t *i)
{
    while (++*i < keys->count)
        if (nth_key(keys, *i) == nth_key(keys, *i - 1))
            return nth(keys, *i);
    return NULL;
}
