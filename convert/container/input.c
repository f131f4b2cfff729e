/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading bytes of the container. */
#include "container/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The first allocation for a claimed length; more follows as bytes arrive. */
#define HOLD_FIRST (size_t)(1 << 20)

static int failed(struct domctx_source *source, int64_t got)
{
    struct msg_at at = { .has_offset = true, .offset = source->at };
    char why[MSG_ERRNO_ROOM];

    return msg_raise(source->report, MSG_SOURCE_READ, &at,
                     "reading failed: %s", msg_read_error(got, why));
}

/* Read into ahead until it has size bytes. */
static int fill(struct domctx_source *source, size_t size)
{
    while (size > 0 && !source->ended) {
        int64_t got = source->reader.read(source->reader.arg,
                                          source->ahead + source->last,
                                          size);

        if (got < 0 || (uint64_t)got > size)
            return failed(source, got);
        source->ended = (size_t)got < size;
        source->last += (size_t)got;
        size -= (size_t)got;
    }
    return 0;
}

int source_peek(struct domctx_source *source, size_t size,
                const uint8_t **p, size_t *got)
{
    size_t have = source->last - source->first;

    if (have < size && SOURCE_AHEAD - source->first < size) {
        memmove(source->ahead, source->ahead + source->first, have);
        source->first = 0;
        source->last = have;
    }
    if (have < size && fill(source, size - have) < 0)
        return -1;
    have = source->last - source->first;
    *p = source->ahead + source->first;
    *got = have < size ? have : size;
    return 0;
}

/* Report a cut: of size bytes, left are missing.  It tells how much of the
 * body there is; behind the body, how much of its padding. */
static int cut(struct domctx_source *source, uint64_t size, uint64_t left)
{
    source->cut.is = true;
    source->cut.at = source_here(source);
    source->cut.got = (size_t)(size - left);
    if (source->body_size > source->at - source->body_at) {
        size = source->body_size;
        left = size - (source->at - source->body_at);
    }
    source->cut.at.expected = (struct msg_value)DEC(size);
    source->cut.at.found = (struct msg_value)DEC(size - left);
    return -1;
}

/* Take at most size bytes from ahead; buf may be NULL. */
static size_t from_ahead(struct domctx_source *source, uint8_t *buf,
                         uint64_t size)
{
    size_t take = source->last - source->first;

    if (take > size)
        take = (size_t)size;
    if (buf && take)
        memcpy(buf, source->ahead + source->first, take);
    source->first += take;
    source->at += take;
    if (source->first == source->last)
        source->first = source->last = 0;
    return take;
}

int source_read(struct domctx_source *source, void *buf, size_t size)
{
    uint8_t *p = buf;
    size_t left = size;
    size_t take = from_ahead(source, p, left);

    while ((left -= take) > 0) {
        int64_t got;

        p += take;
        if (source->ended)
            return cut(source, size, left);
        got = source->reader.read(source->reader.arg, p, left);
        if (got < 0 || (uint64_t)got > left)
            return failed(source, got);
        take = (size_t)got;
        source->at += take;
        source->ended = take < left;
    }
    return 0;
}

int source_skip(struct domctx_source *source, uint64_t size)
{
    uint64_t left = size - from_ahead(source, NULL, size);

    while (left > 0) {
        uint64_t want = left > INT64_MAX ? INT64_MAX : left;
        int64_t got;

        if (source->ended)
            return cut(source, size, left);
        got = source->reader.skip(source->reader.arg, want);
        if (got < 0 || (uint64_t)got > want)
            return failed(source, got);
        source->at += (uint64_t)got;
        left -= (uint64_t)got;
        source->ended = (uint64_t)got < want;
    }
    return 0;
}

int source_drain(struct domctx_source *source)
{
    if (source_skip(source, UINT64_MAX) < 0 && !source->cut.is)
        return -1;
    source->cut.is = false;
    return 0;
}

static void let_go(struct held *held)
{
    free(held->p);
    *held = (struct held){ NULL, 0 };
}

static int hold(struct domctx_source *source, size_t size, struct held *held,
                bool part)
{
    size_t room = 0;

    if (source->body_size == 0)
        source_body(source, size);
    *held = (struct held){ NULL, 0 };
    while (held->size < size || !held->p) {
        uint8_t *more;

        room = room ? 2 * room : HOLD_FIRST;
        if (room > size)
            room = size;
        more = realloc(held->p, room + 1);
        if (!more) {
            let_go(held);
            return msg_no_memory(source->report, room + 1);
        }
        held->p = more;
        if (source_read(source, more + held->size, room - held->size) < 0) {
            if (part && source->cut.is)
                held->size += source->cut.got;
            else
                let_go(held);
            return -1;
        }
        held->size = room;
    }
    held->p[size] = 0;
    return 0;
}

int source_hold(struct domctx_source *source, size_t size,
                struct held *held)
{
    return hold(source, size, held, false);
}

int source_hold_part(struct domctx_source *source, size_t size,
                     struct held *held)
{
    return hold(source, size, held,
                source->options & DOMCTX_WALK_DAMAGED);
}
