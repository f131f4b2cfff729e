/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A save file in memory: read as a file is, or as a pipe, which gives some
 * bytes at a time. */
#ifndef TESTS_FUZZ_MEMORY_H
#define TESTS_FUZZ_MEMORY_H

#include "fuzz.h"

struct memory {
    const uint8_t *p;
    size_t size, at;
};

static inline int64_t memory_read(void *arg, void *buf, size_t size)
{
    struct memory *memory = arg;
    size_t left = memory->size - memory->at;

    if (size > left)
        size = left;
    if (size)
        memcpy(buf, memory->p + memory->at, size);
    memory->at += size;
    return (int64_t)size;
}

static inline int64_t memory_skip(void *arg, uint64_t size)
{
    struct memory *memory = arg;
    size_t left = memory->size - memory->at;

    if (size > left)
        size = left;
    memory->at += (size_t)size;
    return (int64_t)size;
}

/* A source over it that stands behind as many bytes as head. */
static inline domctx_source *memory_source(struct memory *memory, size_t head)
{
    const struct domctx_reader reader = { memory_read, memory_skip, memory,
                                          { NULL } };

    if (head > memory->size)
        head = memory->size;
    memory->at = head;
    return domctx_source_new(&reader, memory->p, head);
}

#endif /* TESTS_FUZZ_MEMORY_H */
