/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields with other values: what was set is there, nothing else has changed,
 * and the old value makes the old bytes. */
#include <stdbool.h>

#include "fuzz.h"

/* The context of an edit as bytes, opened. */
struct taken {
    uint8_t *p;
    size_t size;
    domctx_context *context;
};

static void drop(struct taken *taken)
{
    domctx_context_free(taken->context);
    free(taken->p);
}

/* Bytes that nobody opens are none. */
static int take(const domctx_edit *edit, struct taken *taken)
{
    *taken = (struct taken){ .p = NULL };
    if (domctx_edit_take(edit, NULL, &taken->p, &taken->size, NULL) == 0 &&
        domctx_open_memory(taken->p, taken->size, NULL, &taken->context,
                           NULL) == 0)
        return 0;
    drop(taken);
    *taken = (struct taken){ .p = NULL };
    return -1;
}

/* A record of that name and instance comes before: it would be edited. */
static bool is_second(const domctx_context *context, size_t i)
{
    struct domctx_entry entry, earlier;

    HOLDS(domctx_context_entry(context, i, &entry));
    while (i-- > 0 && domctx_context_entry(context, i, &earlier))
        if (earlier.type == entry.type && earlier.instance == entry.instance)
            return true;
    return false;
}

/* One field of record i, chosen by number. */
static void set(const domctx_context *context, domctx_edit *edit, size_t i,
                uint64_t number)
{
    struct domctx_value value, last = { .bits = 0 };
    struct domctx_entry entry;
    struct taken before, after, back;
    uint64_t at = 0, found = 0;

    HOLDS(domctx_context_entry(context, i, &entry));
    if (is_second(context, i))
        return;
    for (uint64_t n = number % 97;
         domctx_context_value(context, i, &at, &value); n--) {
        last = value;
        if (n == 0)
            break;
    }
    if (last.bits == 0 || take(edit, &before) < 0)
        return;
    if (domctx_edit_set(edit, entry.name, entry.instance, last.name,
                        number >> 7, NULL) == 0 &&
        take(edit, &after) == 0) {
        HOLDS(after.size == before.size);
        if (domctx_field(after.context, entry.name, entry.instance, last.name,
                         &found, NULL) == 0)
            HOLDS(found == number >> 7 || last.has_sign);
        HOLDS(domctx_edit_set(edit, entry.name, entry.instance, last.name,
                              last.value, NULL) == 0);
        if (take(edit, &back) == 0)
            HOLDS(back.size == before.size &&
                  memcmp(back.p, before.p, back.size) == 0);
        drop(&back);
        drop(&after);
    }
    drop(&before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    domctx_context *context = NULL;
    domctx_edit *edit = NULL;
    struct domctx_entry entry;
    size_t n = 0;

    if (domctx_open_memory(data, size, NULL, &context, NULL) < 0)
        return 0;
    while (domctx_context_entry(context, n, &entry))
        n++;
    if (n && domctx_edit_begin(context, &edit, NULL) == 0)
        for (uint64_t i = 0; i < 8; i++)
            set(context, edit, (size_t)(i * 7 + size) % n,
                (uint64_t)data[(size / 9 * i) % size] * 0x10001 + size);
    domctx_edit_free(edit);
    domctx_context_free(context);
    return 0;
}
