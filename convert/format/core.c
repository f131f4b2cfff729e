/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing an image without allocating: include/domctx/core.h.
 * lint-core.sh checks that the object needs nothing that a hypervisor
 * lacks. */
#include "format/core.h"

#include <string.h>

#define START_LENGTH 8u

/* -- walking -------------------------------------------------------------- */

/* Read the record at walk->at, which must lie whole in the input. */
static int read_record(const struct domctx_walk *walk,
                       struct domctx_record *record, uint64_t *next)
{
    uint64_t left, padded;

    if (SUB_OVERFLOW(walk->size, walk->at, &left) ||
        left < DOMCTX_HEADER_SIZE)
        return DOMCTX_CORE_CUT;
    core_decode(walk->buf + walk->at, walk->big, walk->at, record);
    left -= DOMCTX_HEADER_SIZE;
    if (!round_up_8(record->length, &padded) || padded > left)
        return DOMCTX_CORE_LENGTH;
    record->body = walk->buf + walk->at + DOMCTX_HEADER_SIZE;
    if (!all_zero(record->body + record->length, padded - record->length))
        return DOMCTX_CORE_PADDING;
    *next = walk->at + DOMCTX_HEADER_SIZE + padded;
    return 0;
}

static int read_start(struct domctx_walk *walk)
{
    struct domctx_record start;
    uint64_t next;
    int rc;

    if (walk->size < sizeof(uint32_t))
        return DOMCTX_CORE_CUT;
    walk->big = be32(walk->buf) == DOMCTX_START;
    if (!walk->big && le32(walk->buf) != DOMCTX_START)
        return DOMCTX_CORE_NO_IMAGE;
    rc = read_record(walk, &start, &next);
    if (rc < 0)
        return rc;
    if (start.instance != 0 || start.length != START_LENGTH)
        return DOMCTX_CORE_START;
    walk->xen_major = get32(start.body, walk->big);
    walk->xen_minor = get32(start.body + 4, walk->big);
    walk->at = next;
    return 0;
}

int domctx_walk_open(struct domctx_walk *walk, const void *buf, uint64_t size)
{
    int rc;

    memset(walk, 0, sizeof(*walk));
    walk->buf = buf;
    walk->size = size;
    rc = read_start(walk);
    if (rc < 0)
        walk->size = 0;
    return rc;
}

int domctx_walk_next(struct domctx_walk *walk, struct domctx_record *record)
{
    uint64_t next;
    int rc;

    if (walk->done)
        return DOMCTX_CORE_ORDER;
    rc = read_record(walk, record, &next);
    if (rc < 0)
        return rc;
    if (record->type == DOMCTX_START)
        return DOMCTX_CORE_START;
    if (record->type == DOMCTX_END && (record->instance || record->length))
        return DOMCTX_CORE_END;
    walk->at = next;
    walk->done = record->type == DOMCTX_END;
    return !walk->done;
}

void domctx_walk_rewind(struct domctx_walk *walk)
{
    walk->at = DOMCTX_HEADER_SIZE + START_LENGTH;
    walk->done = false;
}

uint64_t domctx_walk_consumed(const struct domctx_walk *walk)
{
    return walk->at;
}

int domctx_walk_find(const struct domctx_walk *walk, uint32_t type,
                     uint32_t instance, struct domctx_record *record)
{
    struct domctx_walk search = *walk;
    int rc;

    domctx_walk_rewind(&search);
    while ((rc = domctx_walk_next(&search, record)) > 0)
        if (record->type == type && record->instance == instance)
            return 1;
    return rc;
}

/* -- filling -------------------------------------------------------------- */

/* Whether a record with a body of that length still fits. */
static bool has_room(const struct domctx_fill *fill, uint64_t length)
{
    uint64_t left = fill->room - fill->used, padded;

    return left >= DOMCTX_HEADER_SIZE && round_up_8(length, &padded) &&
           padded <= left - DOMCTX_HEADER_SIZE;
}

static void put_header(uint8_t *header, uint32_t type, uint32_t instance)
{
    put_le32(header, type);
    put_le32(header + 4, instance);
    put_le64(header + 8, 0);
}

int domctx_fill_reserve(struct domctx_fill *fill, uint32_t type,
                        uint32_t instance, uint64_t most, uint8_t **body)
{
    *body = NULL;
    fill->reserved = false;
    if (fill->done || fill->used == 0 || type == DOMCTX_START ||
        type == DOMCTX_END)
        return DOMCTX_CORE_ORDER;
    if (!has_room(fill, most))
        return DOMCTX_CORE_ROOM;
    put_header(fill->buf + fill->used, type, instance);
    fill->most = most;
    fill->reserved = true;
    *body = fill->buf + fill->used + DOMCTX_HEADER_SIZE;
    return 0;
}

/* Write the record's length and padding, and advance past it. */
static void finish(struct domctx_fill *fill, uint64_t length)
{
    uint8_t *header = fill->buf + fill->used;
    uint64_t padded = (length + 7) & ~UINT64_C(7);

    put_le64(header + 8, length);
    for (uint64_t i = length; i < padded; i++)
        header[DOMCTX_HEADER_SIZE + i] = 0;
    fill->used += DOMCTX_HEADER_SIZE + padded;
}

int domctx_fill_commit(struct domctx_fill *fill, uint64_t length)
{
    if (!fill->reserved)
        return DOMCTX_CORE_ORDER;
    if (length > fill->most)
        return DOMCTX_CORE_ROOM;
    fill->reserved = false;
    finish(fill, length);
    return 0;
}

int domctx_fill_open(struct domctx_fill *fill, void *buf, uint64_t room,
                     uint32_t xen_major, uint32_t xen_minor)
{
    memset(fill, 0, sizeof(*fill));
    fill->buf = buf;
    fill->room = room;
    if (!has_room(fill, START_LENGTH))
        return DOMCTX_CORE_ROOM;
    put_header(fill->buf, DOMCTX_START, 0);
    put_le32(fill->buf + DOMCTX_HEADER_SIZE, xen_major);
    put_le32(fill->buf + DOMCTX_HEADER_SIZE + 4, xen_minor);
    finish(fill, START_LENGTH);
    return 0;
}

int domctx_fill_close(struct domctx_fill *fill, uint64_t *size)
{
    *size = 0;
    if (fill->done || fill->used == 0)
        return DOMCTX_CORE_ORDER;
    if (!has_room(fill, 0))
        return DOMCTX_CORE_ROOM;
    put_header(fill->buf + fill->used, DOMCTX_END, 0);
    finish(fill, 0);
    fill->reserved = false;
    fill->done = true;
    *size = fill->used;
    return 0;
}
