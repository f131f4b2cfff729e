/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An image that passes by in pieces is judged as one that is whole. */
#include "fuzz.h"

/* The length that the stream finds, or -1; the pieces are of the sizes that
 * the bytes themselves say. */
static int64_t follow(const uint8_t *data, size_t size, size_t piece)
{
    domctx_stream *stream = domctx_stream_new(size);
    int64_t length = -1, want = 1;
    size_t at = 0;

    if (!stream)
        return -1;
    while (at < size && want > 0) {
        size_t part = piece ? piece : 1u + data[at] % 64u;

        if (part > size - at)
            part = size - at;
        want = domctx_stream_feed(stream, data + at, part, NULL);
        at += part;
    }
    if (want >= 0)
        length = (int64_t)domctx_stream_length(stream);
    domctx_stream_free(stream);
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t whole = follow(data, size, size ? size : 1);
    domctx_image *image = NULL;

    HOLDS(follow(data, size, 0) == whole);
    HOLDS(follow(data, size, 1) == whole);
    if (domctx_image_parse(data, size, &image, NULL) == 0)
        HOLDS(whole >= (int64_t)domctx_image_consumed(image));
    domctx_image_free(image);
    return 0;
}
