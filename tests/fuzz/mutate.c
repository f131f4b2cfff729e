/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What there is to change is asked of the library, whose catalogue knows the
 * records and the fields of an input: what is added there is fuzzed.
 */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#include <domctx.h>

static uint64_t state;

static size_t below(size_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return n ? (size_t)(state >> 11) % n : 0;
}

/* Values at the edge of what is checked somewhere. */
static uint64_t edge(uint64_t old)
{
    static const uint64_t edges[] = {
        0, 1, 2, 3, 4, 7, 8, 15, 16, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000,
        0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xffffffff,
        UINT64_C(0x100000000), UINT64_C(0x8000000000000000), UINT64_MAX,
    };
    size_t n = sizeof(edges) / sizeof(edges[0]), i = below(n + 3);

    if (i < n)
        return edges[i];
    return i == n ? old + 1 : i == n + 1 ? old - 1
                                         : old ^ UINT64_C(1) << below(64);
}

static void put(uint8_t *p, size_t width, uint64_t value)
{
    for (size_t i = 0; i < width; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *p, size_t width)
{
    uint64_t value = 0;

    while (width-- > 0)
        value = value << 8 | p[width];
    return value;
}

/* An input that can be read, and one of its records. */
struct picked {
    uint8_t *p;
    size_t size, max;
    domctx_context *context;
    size_t n, i;                 /* records; the one that was picked */
    struct domctx_entry entry;
    size_t head;                 /* bytes of its header */
};

/* Bytes that the record takes, header and padding with it. */
static size_t taken(const struct picked *it)
{
    size_t length = (size_t)it->entry.length;

    return it->head + (it->head == 16 ? (length + 7) & ~(size_t)7 : length);
}

/* -- the changes; each returns the new size ------------------------------- */

static size_t change_field(struct picked *it)
{
    struct domctx_value value, chosen = { .bits = 0 };
    uint64_t at = 0;
    size_t width, n = 0;

    while (domctx_context_value(it->context, it->i, &at, &value))
        if (!value.part && below(++n) == 0)
            chosen = value;
    width = (chosen.bits + 7) / 8;
    if (width == 0 || width > 8 || chosen.offset > it->entry.length ||
        width > it->entry.length - chosen.offset)
        return 0;
    at = it->entry.offset + chosen.offset;
    if (at > it->size || width > it->size - at)
        return 0;
    put(it->p + at, width, edge(get(it->p + at, width)));
    return it->size;
}

static size_t change_header(struct picked *it)
{
    uint8_t *head = it->p + it->entry.offset - it->head;
    size_t width = it->head == 16 ? 4 : 2, part = below(3) * width;

    put(head + part, width, part ? edge(get(head + part, width))
                                 : get(head, width) + below(5) - 2);
    return it->size;
}

static size_t drop(struct picked *it)
{
    uint8_t *head = it->p + it->entry.offset - it->head;
    size_t n = taken(it), behind;

    if (n > it->size - (size_t)(head - it->p))
        return 0;
    behind = it->size - (size_t)(head - it->p) - n;
    memmove(head, head + n, behind);
    return it->size - n;
}

static size_t again(struct picked *it)
{
    uint8_t *head = it->p + it->entry.offset - it->head;
    size_t n = taken(it), rest = it->size - (size_t)(head - it->p);

    if (n > rest || n > it->max - it->size)
        return 0;
    memmove(head + n, head, rest);
    return it->size + n;
}

/* The body longer or shorter, and its length with it. */
static size_t resize(struct picked *it)
{
    uint8_t *body = it->p + it->entry.offset, *length = body - it->head;
    size_t by = it->head == 16 ? 8 : 1 + below(16);
    size_t old = (size_t)it->entry.length;
    size_t rest = it->size - (size_t)it->entry.offset;

    length += it->head == 16 ? 8 : 4;
    if (below(2) && old >= by) {
        memmove(body + old - by, body + old, rest - old);
        put(length, 4, old - by);
        return it->size - by;
    }
    if (by > it->max - it->size || old > rest || (it->head == 16 && old % 8))
        return 0;
    memmove(body + old + by, body + old, rest - old);
    memset(body + old, below(2) ? 0 : 0xff, by);
    put(length, 4, old + by);
    return it->size + by;
}

/* Without what follows its END: a DIGEST would tell every other change. */
static size_t bare(struct picked *it)
{
    struct domctx_entry entry;

    for (size_t i = 0; domctx_context_entry(it->context, i, &entry); i++)
        if (strcmp(entry.name, "END") == 0 && entry.offset <= it->size)
            return (size_t)entry.offset;
    return 0;
}

static size_t (*const ways[])(struct picked *it) = {
    change_field, change_field, change_field, change_field, change_field,
    change_field, change_header, change_header, drop, again, resize, resize,
};

/* A save file keeps its framing, so there only values are changed. */
static size_t change(struct picked *it)
{
    enum domctx_format format = domctx_detect(it->p, it->size);
    const domctx_image *image = domctx_context_image(it->context);
    size_t n = sizeof(ways) / sizeof(ways[0]);

    while (domctx_context_entry(it->context, it->n, &it->entry))
        it->n++;
    it->i = below(it->n);
    if (!domctx_context_entry(it->context, it->i, &it->entry) ||
        format == DOMCTX_FORMAT_JSON)
        return 0;
    it->head = format == DOMCTX_FORMAT_HVM ? 8 : 16;
    if (it->entry.offset > it->size ||
        it->entry.length > it->size - it->entry.offset)
        return 0;
    if (format != DOMCTX_FORMAT_HVM && format != DOMCTX_FORMAT_IMAGE)
        return change_field(it);
    if (image && domctx_image_has_digest(image))
        return bare(it);
    /* a record of a wrapped image has a header of the blob's */
    if (it->entry.offset < it->head)
        return 0;
    return ways[below(n)](it);
}

size_t mutate(uint8_t *p, size_t size, size_t max, uint64_t seed)
{
    struct picked it = { .p = p, .size = size, .max = max };
    uint8_t *copy = malloc(size + !size);
    size_t changed = 0;

    state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    if (!copy)
        return 0;
    /* the context looks at the bytes while they are moved */
    memcpy(copy, p, size);
    if (domctx_open_memory(copy, size, NULL, &it.context, NULL) == 0)
        changed = change(&it);
    domctx_context_free(it.context);
    free(copy);
    return changed;
}
