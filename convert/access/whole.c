/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a whole input: an image on a pipe or disk ends where its framing
 * says, anything else at the end of the input. */
#include "access/reader.h"
#include "base/bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 4096

struct whole {
    const struct domctx_reader *reader;
    uint64_t most;
    uint8_t *buf;
    size_t size, room;
    bool end;              /* the reader is at its end */
    domctx_report *report;
};

static int too_large(const struct whole *whole)
{
    return msg_raise(whole->report, MSG_FILE_TOO_LARGE,
                     &(struct msg_at){ .expected = DEC(whole->most) },
                     "too large to be a context");
}

/* Grow the buffer to size bytes. */
static int make_room(struct whole *whole, size_t size)
{
    uint8_t *more;

    if (size <= whole->room)
        return 0;
    more = realloc(whole->buf, size);
    if (!more)
        return msg_no_memory(whole->report, size);
    whole->buf = more;
    whole->room = size;
    return 0;
}

/* Read up to want bytes; fewer only at the end. */
static int read_more(struct whole *whole, size_t want)
{
    while (want > 0 && !whole->end) {
        size_t left = whole->room - whole->size, size;
        int64_t got;

        if (left == 0) {
            if (ADD_OVERFLOW(whole->room, whole->room, &size))
                return msg_no_memory(whole->report, SIZE_MAX);
            if (make_room(whole, size) < 0)
                return -1;
            continue;
        }
        size = want < left ? want : left;
        got = whole->reader->read(whole->reader->arg,
                                  whole->buf + whole->size, size);
        if (got < 0 || (uint64_t)got > size)
            return reader_fault(got, whole->report);
        whole->end = (uint64_t)got < size;
        whole->size += (size_t)got;
        want -= (size_t)got;
        if (whole->size > whole->most)
            return too_large(whole);
    }
    return 0;
}

/* Stop after DIGEST, or after an END without a trailer.  Wait for a slow
 * trailer: it has the checksum. */
static int follow_image(struct whole *whole, domctx_stream *stream)
{
    size_t fed = 0;

    while (!whole->end) {
        int64_t want = domctx_stream_feed(stream, whole->buf + fed,
                                          whole->size - fed, whole->report);

        fed = whole->size;
        if (want <= 0)
            return (int)want;
        if (read_more(whole, (size_t)want) < 0)
            return -1;
    }
    return 0;
}

static int read_image(struct whole *whole)
{
    domctx_stream *stream = domctx_stream_new(whole->most);
    int result;

    if (!stream)
        return msg_no_memory(whole->report, 0);
    result = follow_image(whole, stream);
    domctx_stream_free(stream);
    return result;
}

/* Read the rest; if its size is known, allocate once, with a byte to spare
 * that lets read_more() see the end. */
static int read_rest(struct whole *whole, uint64_t left)
{
    if (left > whole->most)
        return too_large(whole);
    if (left > 0 && make_room(whole, whole->size + (size_t)left + 1) < 0)
        return -1;
    return read_more(whole, SIZE_MAX);
}

int domctx_read_whole(const struct domctx_reader *reader, const void *head,
                      size_t head_size, uint64_t left, uint64_t most,
                      uint8_t **buf, size_t *size, domctx_report *report)
{
    struct whole whole = {
        .reader = reader, .most = most, .size = head_size, .report = report,
    };
    bool is_image = domctx_detect(head, head_size) == DOMCTX_FORMAT_IMAGE;
    int result = make_room(&whole, head_size + FIRST_ROOM);

    *buf = NULL;
    *size = 0;
    if (result == 0) {
        if (head_size > 0)
            memcpy(whole.buf, head, head_size);
        result = is_image && (left == 0 || left > most)
                     ? read_image(&whole)
                     : read_rest(&whole, left);
    }
    if (result < 0) {
        free(whole.buf);
        return -1;
    }
    *buf = whole.buf;
    *size = whole.size;
    return 0;
}
