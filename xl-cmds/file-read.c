/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker.h"
#include "raise.h"
#include "unpack.h"

#define FIRST_ROOM 4096

/* What has been read so far. */
struct reader {
    struct file_in *in;
    uint8_t *buf;
    size_t size, room;
    bool end;
    domctx_report *report;
};

static int too_large(struct reader *reader)
{
    char most[24];

    snprintf(most, sizeof(most), "%" PRIu64, reader->in->most);
    return cmd_raise(reader->report, MSG_FILE_TOO_LARGE,
                     &(struct cmd_at){ .expected = most },
                     "too large to be a context");
}

bool file_again(const struct file_in *in)
{
    struct pollfd poll_fd = { .fd = in->fd, .events = POLLIN };

    if (errno == EINTR)
        return true;
    return errno == EAGAIN &&
           (poll(&poll_fd, 1, -1) > 0 || errno == EINTR);
}

static ssize_t get_plainly(void *arg, void *buf, size_t size)
{
    struct file_in *in = arg;
    ssize_t got;

    do
        got = read(in->fd, buf, size);
    while (got < 0 && file_again(in));
    return got;
}

ssize_t file_get(struct file_in *in, void *buf, size_t size)
{
    return in->unpack ? unpack_read(in->unpack, buf, size)
                      : get_plainly(in, buf, size);
}

/* Room for size bytes in all. */
static int make_room(struct reader *reader, size_t size)
{
    uint8_t *more;

    if (size <= reader->room)
        return 0;
    more = realloc(reader->buf, size);
    if (!more)
        return cmd_no_memory(reader->report, size);
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
        got = file_get(reader->in, reader->buf + reader->size,
                       want < left ? want : left);
        if (got < 0)
            return cmd_raise(reader->report, MSG_FILE_READ, NULL,
                             "cannot read: %s", strerror(errno));
        reader->end = got == 0;
        reader->size += (size_t)got;
        want -= (size_t)got;
        if (reader->size > reader->in->most)
            return too_large(reader);
    }
    return 0;
}

/* Follow the framing of an image: what follows a DIGEST, or END and no
 * trailer, is not waited for.  A trailer is, however slowly it comes: with it
 * comes the checksum. */
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
        if (want == 0)
            return 0;
        if (read_more(reader, (size_t)want) < 0)
            return -1;
    }
    return 0;
}

static int read_image(struct reader *reader)
{
    domctx_stream *stream = domctx_stream_new((size_t)reader->in->most);
    int result;

    if (!stream)
        return cmd_no_memory(reader->report, 0);
    result = follow_image(reader, stream);
    domctx_stream_free(stream);
    return result;
}

/* To the end.  left: what a regular file still has, for one allocation that
 * also leaves room to see the end; 0: not known. */
static int read_rest(struct reader *reader, uint64_t left)
{
    if (left > reader->in->most)
        return too_large(reader);
    if (left > 0 && make_room(reader, reader->size + (size_t)left + 1) < 0)
        return -1;
    return read_more(reader, SIZE_MAX);
}

static uint64_t bytes_left(const struct file_in *in)
{
    return in->size > in->head_size ? in->size - in->head_size : 0;
}

/* Bytes after an image on a pipe, or on a disk or in a file that is larger
 * than any image, belong to another program: the framing tells the end. */
static bool is_followed(const struct file_in *in)
{
    return domctx_detect(in->head, in->head_size) == DOMCTX_FORMAT_IMAGE &&
           (!in->sought || bytes_left(in) > in->most);
}

int file_read(struct file_in *in, uint8_t **buf, size_t *size,
              domctx_report *report)
{
    struct reader reader = { .in = in, .report = report };
    int result = make_room(&reader, FIRST_ROOM);

    if (result == 0) {
        memcpy(reader.buf, in->head, in->head_size);
        reader.size = in->head_size;
        reader.end = in->head_size < FILE_HEAD;
        result = is_followed(in) ? read_image(&reader)
                                 : read_rest(&reader, bytes_left(in));
    }
    if (result < 0) {
        free(reader.buf);
        return -1;
    }
    *buf = reader.buf;
    *size = reader.size;
    return 0;
}

/* Whether it can be read at any place, and how much there is. */
static int look_at(struct file_in *in, domctx_report *report)
{
    struct stat status;
    off_t start, end;

    if (fstat(in->fd, &status) < 0)
        return cmd_raise(report, MSG_FILE_READ, NULL, "cannot read: %s",
                         strerror(errno));
    if (S_ISDIR(status.st_mode))
        return cmd_raise(report, MSG_FILE_FOLDER, NULL,
                         "is a folder: name the files in it");
    /* a file of /proc has no size */
    if (!(S_ISREG(status.st_mode) && status.st_size > 0) &&
        !S_ISBLK(status.st_mode))
        return 0;
    start = lseek(in->fd, 0, SEEK_CUR);
    end = S_ISBLK(status.st_mode) ? lseek(in->fd, 0, SEEK_END)
                                  : status.st_size;
    in->sought = start >= 0 && end >= start;
    if (in->sought) {
        in->start = (uint64_t)start;
        in->size = (uint64_t)(end - start);
        if (S_ISBLK(status.st_mode))
            in->sought = lseek(in->fd, start, SEEK_SET) == start;
    }
    return 0;
}

/* Have size bytes in buf, of which *got are there; fewer only at the end. */
static int fill(struct file_in *in, uint8_t *buf, size_t *got, size_t size,
                domctx_report *report)
{
    while (*got < size) {
        ssize_t n = file_get(in, buf + *got, size - *got);

        if (n < 0)
            return cmd_raise(report, MSG_FILE_READ, NULL,
                             "cannot read: %s", strerror(errno));
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return 0;
}

static int read_head(struct file_in *in, domctx_report *report)
{
    if (fill(in, in->head, &in->head_size, FILE_HEAD, report) < 0)
        return -1;
    in->at = in->head_size;
    return 0;
}

int file_unpack(struct file_in *in, domctx_report *report)
{
    if (!unpack_name(in->head, in->head_size))
        return 0;
    in->unpack = unpack_new(in->head, in->head_size, get_plainly, in);
    if (!in->unpack)
        return cmd_no_memory(report, 0);
    in->sought = false;
    in->size = 0;
    in->head_size = 0;
    in->plain = true;   /* the kernel does not have the bytes */
    in->progress.total = 0;
    return read_head(in, report);
}

#define BEHIND 65536   /* bytes in which the end may come */

int file_unpacked(struct file_in *in, domctx_report *report)
{
    static uint8_t behind[BEHIND];

    if (!in->unpack)
        return 0;
    for (size_t left = BEHIND; left > 0;) {
        ssize_t got = unpack_read(in->unpack, behind, left);

        if (got <= 0)
            break;
        left -= (size_t)got;
    }
    return unpack_fault(in->unpack, report);
}

int file_unknown(struct file_in *in, domctx_report *report)
{
    static uint8_t more[DOMCTX_UNKNOWN_HEAD];
    size_t got = in->head_size;

    memcpy(more, in->head, got);
    return fill(in, more, &got, sizeof(more), report) < 0
               ? -1 : domctx_unknown(more, got, report);
}

int file_open_name(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

int file_open(struct file_in *in, const char *path, domctx_report *report)
{
    *in = (struct file_in){ .fd = STDIN_FILENO, .sink = -1,
                            .most = FILE_MAX };
    in->standard_input = strcmp(path, "-") == 0;
    if (!in->standard_input)
        in->fd = broker_serves() ? broker_open(path) : file_open_name(path);
    if (in->fd < 0)
        return cmd_raise(report, MSG_FILE_OPEN, NULL, "cannot open: %s",
                         strerror(errno));
    if (look_at(in, report) < 0 || read_head(in, report) < 0) {
        file_close(in);
        return -1;
    }
    progress_begin(&in->progress, input_name(path), in->size);
    return 0;
}

int file_read_back(struct file_in *in, const struct file_out *out,
                   domctx_report *report)
{
    *in = (struct file_in){ .sink = -1, .most = FILE_MAX };
    in->fd = fcntl(out->fd, F_DUPFD_CLOEXEC, 3);
    if (in->fd < 0 || lseek(in->fd, 0, SEEK_SET) < 0) {
        cmd_raise(report, MSG_FILE_READ, NULL, "cannot read: %s",
                  strerror(errno));
        if (in->fd >= 0)
            close(in->fd);
        return -1;
    }
    if (look_at(in, report) < 0 || read_head(in, report) < 0) {
        file_close(in);
        return -1;
    }
    progress_begin(&in->progress, out->name, in->size);
    return 0;
}

void file_close(struct file_in *in)
{
    progress_end(&in->progress);
    if (!in->standard_input)
        close(in->fd);
    if (in->sink >= 0)
        close(in->sink);
    unpack_free(in->unpack);
    free(in->waste);
}
