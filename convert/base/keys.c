/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An index of records: nothing where they ascend, else a radix sort. */
#include "base/keys.h"
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

struct pair {
    uint64_t key;
    size_t record;
};

static uint64_t key_of(const struct domctx_record *record)
{
    return (uint64_t)record->type << 32 | record->instance;
}

static bool ascends(struct keys *keys)
{
    for (size_t i = 1; i < keys->count; i++) {
        keys->steps++;
        if (key_of(&keys->records[i]) <= key_of(&keys->records[i - 1]))
            return false;
    }
    return true;
}

/* One stable pass over the byte of the key at shift.  Returns whether it
 * moved the pairs to to; a byte that all keys share needs no pass. */
static bool sort_pass(struct keys *keys, const struct pair *from,
                      struct pair *to, unsigned int shift)
{
    size_t start[257] = { 0 };

    for (size_t i = 0; i < keys->count; i++)
        start[(from[i].key >> shift & 0xff) + 1]++;
    keys->steps += keys->count;
    if (start[(from[0].key >> shift & 0xff) + 1] == keys->count)
        return false;
    for (size_t i = 1; i < 257; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < keys->count; i++)
        to[start[from[i].key >> shift & 0xff]++] = from[i];
    keys->steps += keys->count;
    return true;
}

static void sort_pairs(struct keys *keys, struct pair *pairs,
                       struct pair *spare)
{
    struct pair *from = pairs, *to = spare, *swap;

    for (size_t i = 0; i < keys->count; i++) {
        from[i].key = key_of(&keys->records[i]);
        from[i].record = i;
    }
    for (unsigned int shift = 0; shift < 64; shift += 8) {
        if (sort_pass(keys, from, to, shift)) {
            swap = from;
            from = to;
            to = swap;
        }
    }
    for (size_t i = 0; i < keys->count; i++)
        keys->order[i] = from[i].record;
}

bool keys_build(struct keys *keys, const struct domctx_record *records,
                size_t count)
{
    struct pair *pairs;
    size_t bytes, order_bytes;

    memset(keys, 0, sizeof(*keys));
    keys->records = records;
    keys->count = count;
    if (ascends(keys))
        return true;
    if (!bytes_of(count, 2 * sizeof(*pairs), &bytes) ||
        !bytes_of(count, sizeof(*keys->order), &order_bytes))
        return false;
    keys->order = malloc(order_bytes);
    pairs = malloc(bytes);
    if (keys->order && pairs) {
        sort_pairs(keys, pairs, pairs + count);
        free(pairs);
        return true;
    }
    free(pairs);
    keys_free(keys);
    return false;
}

void keys_free(struct keys *keys)
{
    free(keys->order);
    keys->order = NULL;
    keys->count = 0;
}

const struct domctx_record *keys_find(const struct keys *keys, uint32_t type,
                                      uint32_t instance)
{
    uint64_t key = (uint64_t)type << 32 | instance;
    const struct domctx_record *record;
    size_t low = 0, high = keys->count, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (key_of(&keys->records[keys_nth(keys, middle)]) < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == keys->count)
        return NULL;
    record = &keys->records[keys_nth(keys, low)];
    return key_of(record) == key ? record : NULL;
}

bool keys_repeats(const struct keys *keys, size_t i)
{
    return i > 0 && key_of(&keys->records[keys_nth(keys, i)]) ==
                        key_of(&keys->records[keys_nth(keys, i - 1)]);
}
