/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <messages.h>

#define FIRST_ROOM 4096
#define TRAILER_WAIT_MS 2000

/* What has been read so far. */
struct reader {
    int fd;
    uint8_t *buf;
    size_t size, room;
    bool end;
    domctx_report *report;
};

static int too_large(struct reader *reader)
{
    return msg_raise(reader->report, MSG_FILE_TOO_LARGE,
                     &(struct msg_at){ .expected = DEC(FILE_MAX) },
                     "too large to be a context");
}

/* Room for size bytes in all. */
static int make_room(struct reader *reader, size_t size)
{
    uint8_t *more;

    if (size <= reader->room)
        return 0;
    more = realloc(reader->buf, size);
    if (!more)
        return msg_no_memory(reader->report, size);
    reader->buf = more;
    reader->room = size;
    return 0;
}

/* Read want bytes, fewer only at the end. */
static int read_more(struct reader *reader, size_t want)
{
    while (want > 0 && !reader->end) {
        size_t left = reader->room - reader->size;
        ssize_t got;

        if (left == 0) {
            if (make_room(reader, reader->room ? 2 * reader->room
                                               : FIRST_ROOM) < 0)
                return -1;
            left = reader->room - reader->size;
        }
        got = read(reader->fd, reader->buf + reader->size,
                   want < left ? want : left);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return msg_raise(reader->report, MSG_FILE_READ, NULL,
                             "cannot read: %s", strerror(errno));
        reader->end = got == 0;
        reader->size += (size_t)got;
        want -= (size_t)got;
        if (reader->size > FILE_MAX)
            return too_large(reader);
    }
    return 0;
}

/* After END there may be a trailer or nothing: wait for it a little. */
static bool more_to_come(const struct reader *reader,
                         const domctx_stream *stream)
{
    struct pollfd poll_fd = { .fd = reader->fd, .events = POLLIN };

    return domctx_stream_length(stream) != reader->size ||
           poll(&poll_fd, 1, TRAILER_WAIT_MS) > 0;
}

/* Follow the framing of an image, so that a pipe that stays open after it
 * does not keep us waiting. */
static int follow_image(struct reader *reader, domctx_stream *stream)
{
    size_t fed = 0;

    while (!reader->end) {
        int64_t want = domctx_stream_feed(stream, reader->buf + fed,
                                          reader->size - fed,
                                          reader->report);

        fed = reader->size;
        if (want < 0)
            return -1;
        if (want == 0 || !more_to_come(reader, stream))
            return 0;
        if (read_more(reader, (size_t)want) < 0)
            return -1;
    }
    return 0;
}

static int read_image(struct reader *reader)
{
    domctx_stream *stream = domctx_stream_new(FILE_MAX);
    int result;

    if (!stream)
        return msg_no_memory(reader->report, 0);
    result = follow_image(reader, stream);
    domctx_stream_free(stream);
    return result;
}

/* To the end.  left: what a regular file still has, for one allocation that
 * also leaves room to see the end; 0: not known. */
static int read_rest(struct reader *reader, off_t left)
{
    if (left > 0 && (uint64_t)left > FILE_MAX)
        return too_large(reader);
    if (left > 0 && make_room(reader, reader->size + (size_t)left + 1) < 0)
        return -1;
    return read_more(reader, SIZE_MAX);
}

static int read_all(struct reader *reader)
{
    struct stat status;
    off_t at;

    if (fstat(reader->fd, &status) < 0)
        return msg_raise(reader->report, MSG_FILE_READ, NULL,
                         "cannot read: %s", strerror(errno));
    if (S_ISDIR(status.st_mode))
        return msg_raise(reader->report, MSG_FILE_FOLDER, NULL,
                         "is a folder");
    if (read_more(reader, FILE_HEAD) < 0)
        return -1;
    switch (domctx_detect(reader->buf, reader->size)) {
    case DOMCTX_FORMAT_UNKNOWN:
    case DOMCTX_FORMAT_SAVE:
        return 0;
    case DOMCTX_FORMAT_IMAGE:
        if (!S_ISREG(status.st_mode))
            return read_image(reader);
        break;
    case DOMCTX_FORMAT_HVM:
    default:
        break;
    }
    at = S_ISREG(status.st_mode) ? lseek(reader->fd, 0, SEEK_CUR) : -1;
    return read_rest(reader, at < 0 ? 0 : status.st_size - at);
}

int file_read(const char *path, uint8_t **buf, size_t *size,
              domctx_report *report)
{
    bool standard_input = strcmp(path, "-") == 0;
    struct reader reader = { .fd = STDIN_FILENO, .report = report };
    int result;

    if (!standard_input)
        reader.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (reader.fd < 0)
        return msg_raise(report, MSG_FILE_OPEN, NULL, "cannot open: %s",
                         strerror(errno));
    result = read_all(&reader);
    if (!standard_input)
        close(reader.fd);
    if (result < 0) {
        free(reader.buf);
        return -1;
    }
    *buf = reader.buf;
    *size = reader.size;
    return 0;
}
