/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checking the framing of an image that arrives in pieces. */
#include "base/bytes.h"
#include "format/frame.h"
#include "catalogue/types.h"

#include <stdlib.h>
#include <string.h>

struct domctx_stream {
    struct frame frame;
    uint64_t fed;             /* bytes seen; frame.at more are skipped */
    uint64_t complete;        /* the image may end here: bytes from START to
                               * the end of such a record */
    uint8_t header[FRAME_SHAPE];
    size_t held;              /* bytes of the present header, and where its
                               * type is not of the trailer, of the body */
    bool failed, over;        /* over: the following bytes are not ours */
    bool odd;                 /* after END, with another type */
};

domctx_stream *domctx_stream_new(uint64_t max)
{
    domctx_stream *stream = calloc(1, sizeof(*stream));

    if (stream) {
        stream->frame.limit = max;
        stream->frame.limit_is_cap = true;
    }
    return stream;
}

void domctx_stream_free(domctx_stream *stream)
{
    free(stream);
}

uint64_t domctx_stream_length(const domctx_stream *stream)
{
    return stream->complete;
}

static int past_limit(const struct frame *frame, domctx_report *report)
{
    struct msg_at at = {
        .has_offset = true, .offset = frame->at,
        .expected = DEC(frame->limit),
    };

    return msg_raise(report, MSG_IMAGE_LIMIT, &at,
                     "the image passes the limit on its size");
}

/* What follows END has to be ours, or the image is over. */
static int judge_after(domctx_stream *stream, domctx_report *report)
{
    enum frame_after is = frame_after_end(&stream->frame, stream->header,
                                          stream->held);

    stream->odd = is == FRAME_UNTOLD;
    stream->over = is == FRAME_OVER;
    return is == FRAME_DAMAGED
               ? frame_damaged(&stream->frame, stream->header, report)
               : 0;
}

/* The type, in the first four bytes of a header, tells whether the image goes
 * on. */
static int judge_type(domctx_stream *stream, domctx_report *report)
{
    struct frame *frame = &stream->frame;

    if (frame->part == FRAME_START &&
        frame_order(frame, stream->header, report))
        return -1;
    if (frame->part == FRAME_TRAILER &&
        (judge_after(stream, report) || stream->odd || stream->over))
        return stream->odd || stream->over ? 0 : -1;
    if (frame->limit - frame->at < DOMCTX_HEADER_SIZE)
        return past_limit(frame, report);
    return 0;
}

static int judge_header(domctx_stream *stream, domctx_report *report)
{
    struct domctx_record record;
    size_t faults = 0;

    if (frame_header(&stream->frame, stream->header, &record, &faults,
                     report) || faults)
        return -1;
    stream->held = 0;
    return 0;
}

/* Collect up to want bytes of the header. */
static void hold(domctx_stream *stream, size_t want, const uint8_t **p,
                 size_t *size)
{
    size_t take = want - stream->held;

    if (take > *size)
        take = *size;
    memcpy(stream->header + stream->held, *p, take);
    stream->held += take;
    stream->fed += take;
    *p += take;
    *size -= take;
}

/* Skip bodies and padding. */
static void skip(domctx_stream *stream, const uint8_t **p, size_t *size)
{
    uint64_t left = stream->frame.at - stream->fed;
    size_t take = left < *size ? (size_t)left : *size;

    stream->fed += take;
    *p += take;
    *size -= take;
}

/* After END the image may end behind any record. */
static void mark_complete(domctx_stream *stream)
{
    if (stream->frame.part == FRAME_TRAILER && stream->held == 0 &&
        stream->fed == stream->frame.at)
        stream->complete = stream->fed;
}

/* Hold what is next of a header, and judge it. */
static int take_header(domctx_stream *stream, const uint8_t **p,
                       size_t *size, domctx_report *report)
{
    size_t want = stream->held < 4 ? 4
                  : stream->held < DOMCTX_HEADER_SIZE ? DOMCTX_HEADER_SIZE
                                                      : FRAME_SHAPE;

    hold(stream, want, p, size);
    if (stream->held < want)
        return 0;
    if (want == 4)
        return judge_type(stream, report);
    return stream->odd ? judge_after(stream, report)
                       : judge_header(stream, report);
}

static int follow(domctx_stream *stream, const uint8_t *p, size_t size,
                  domctx_report *report)
{
    while (size > 0 && !stream->over) {
        mark_complete(stream);
        if (stream->held == 0 && stream->fed < stream->frame.at) {
            skip(stream, &p, &size);
            continue;
        }
        if (take_header(stream, &p, &size, report))
            return -1;
    }
    return 0;
}

/* How many bytes must follow. */
static uint64_t wanted(const domctx_stream *stream)
{
    const struct frame *frame = &stream->frame;
    uint64_t want;

    if (stream->over)
        return 0;
    if (stream->held > 0)
        return (stream->held < DOMCTX_HEADER_SIZE ? DOMCTX_HEADER_SIZE
                                                  : FRAME_SHAPE) -
               stream->held;
    if (ADD_OVERFLOW(frame->at - stream->fed,
                     frame->seen_digest ? 0 : DOMCTX_HEADER_SIZE, &want))
        return UINT64_MAX;
    return want;
}

int64_t domctx_stream_feed(domctx_stream *stream, const void *buf,
                           size_t size, domctx_report *report)
{
    uint64_t want;

    if (stream->failed)
        return -1;
    if (follow(stream, buf, size, report)) {
        stream->failed = true;
        return -1;
    }
    mark_complete(stream);
    want = wanted(stream);
    return want > INT64_MAX ? INT64_MAX : (int64_t)want;
}
