/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The limit for the tokens of a record, checked before a document is
 * written. */
#include "document/fill.h"

#include <string.h>

/* Shorter bodies are always below the limit: a byte takes at most some eighty
 * bytes of tokens. */
#define SHORT 65536

/* The size of tokens, as json_keep() stores and json_put_number() writes them:
 * the kind, and for a text its size and bytes. */
#define MARK 1u
#define TOKEN(size) (2u + (uint64_t)(size))
#define WIDE TOKEN(sizeof("0xffffffffffffffff") - 1)
#define LONG_TEXT (TOKEN(2 * sizeof(uint64_t)) + 256)

struct extent {
    const struct shape *shape;
    uint64_t length, second;
};

static uint64_t of_node(const struct extent *extent,
                        const struct shape_node *node);

static uint64_t of_children(const struct extent *extent,
                            const struct shape_node *parent)
{
    const struct shape_node *nodes = extent->shape->nodes;
    uint64_t size = 2 * MARK;

    for (size_t at = parent->first; at; at = nodes[at].next)
        size += TOKEN(nodes[at].size) + of_node(extent, &nodes[at]);
    return size;
}

/* Digits of the largest number of so many bits: log10(2) is about 1233 /
 * 4096. */
static uint64_t of_number(const struct cat_field *field)
{
    return shape_is_wide(field)
               ? WIDE
               : TOKEN(shape_is_signed(field) +
                       (cat_bits(field) * 1233u >> 12) + 1);
}

static uint64_t of_registers(const struct cat_registers *registers)
{
    return 2 * MARK + registers->count * TOKEN(2 + 2 * registers->width);
}

static uint64_t of_node(const struct extent *extent,
                        const struct shape_node *node)
{
    uint64_t count;

    if (node->kind == SHAPE_OBJECT)
        return of_children(extent, node);
    if (node->kind == SHAPE_REGISTERS)
        return of_registers(node->field->registers);
    if (node->kind == SHAPE_BYTES)
        return LONG_TEXT;
    count = shape_elements(node, extent->length, extent->second);
    if (node->kind == SHAPE_LIST)
        return 2 * MARK + count * of_children(extent, node);
    return node->kind == SHAPE_NUMBERS
               ? 2 * MARK + count * of_number(node->field)
               : of_number(node->field);
}

/* The tokens of "rest", where each unassigned byte may be a run of its own. */
static uint64_t of_rest(const struct shape *shape, uint64_t length)
{
    const uint64_t one = TOKEN(sizeof("16777216") - 1) + TOKEN(2);
    uint64_t fixed = shape->layout->length, size = 0;
    uint64_t units = shape->has_tail ? 0
                                     : (length - fixed) /
                                           shape->layout->tail;

    for (uint64_t i = 0; i < fixed; i++)
        size += shape_free_bits(shape, i) ? one : 0;
    for (uint64_t i = 0; units && i < shape->layout->tail; i++)
        size += shape_free_bits(shape, fixed + i) ? units * one : 0;
    return size;
}

bool json_keeps(const struct shape *shape, uint64_t length, uint64_t second)
{
    struct extent extent = { shape, length, second };

    if (length < SHORT || !shape->layout->tail)
        return true;
    return of_children(&extent, &shape->nodes[0]) +
               of_rest(shape, length) + SHORT <= JSON_KEPT_MAX;
}
