/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A pipe whose bytes are wanted twice goes into a file first, without a copy
 * where the kernel can; and bytes that lie in a file at the wrong place.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/messages.h"

#define STEP (1 << 20)

static int cannot_write(domctx_report *report)
{
    return msg_raise(report, MSG_FILE_TEMP, NULL,
                     "cannot keep the input for a second look: %s",
                     strerror(errno));
}

static int put(int fd, const uint8_t *p, size_t size)
{
    while (size > 0) {
        ssize_t done = write(fd, p, size);

        if (done < 0 && errno != EINTR)
            return -1;
        if (done > 0) {
            p += done;
            size -= (size_t)done;
        }
    }
    return 0;
}

/* Move what the pipe has: number of bytes, 0 at its end, -1 with errno.
 * *writes: it was the file that failed. */
static ssize_t some(struct file_in *in, int to, uint8_t *buffer,
                    bool *writes)
{
    ssize_t got;

    *writes = false;
    if (in->null >= 0) {
        do
            got = splice(in->fd, NULL, to, NULL, STEP, SPLICE_F_MOVE);
        while (got < 0 && file_again(in));
        if (got >= 0)
            return got;
        /* no pipe; or the file is at fault, which shows below */
        close(in->null);
        in->null = -1;
    }
    do
        got = read(in->fd, buffer, STEP);
    while (got < 0 && file_again(in));
    *writes = got > 0;
    return got > 0 && put(to, buffer, (size_t)got) < 0 ? -1 : got;
}

static int all(struct file_in *in, int to, uint8_t *buffer,
               domctx_report *report)
{
    bool writes;
    ssize_t got;

    if (put(to, in->head, in->head_size) < 0)
        return cannot_write(report);
    do {
        got = some(in, to, buffer, &writes);
        if (got > 0)
            in->at += (uint64_t)got;
        progress_step(&in->progress, in->at);
    } while (got > 0);
    if (got < 0)
        return writes ? cannot_write(report)
                      : msg_raise(report, MSG_FILE_READ, NULL,
                                  "cannot read: %s", strerror(errno));
    return 0;
}

/* A file without a name, for what is written to a pipe in the end. */
static int nameless(void)
{
    const char *folder = getenv("TMPDIR");

    return open(folder && *folder ? folder : "/var/tmp",
                O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
}

int file_spool(struct file_in *in, struct file_out *out,
               domctx_report *report)
{
    int to = out->dirfd >= 0 ? fcntl(out->fd, F_DUPFD_CLOEXEC, 3)
                             : nameless();
    uint8_t *buffer = malloc(STEP);
    int result;

    if (to < 0 || !buffer) {
        result = to < 0 ? cannot_write(report) : msg_no_memory(report, STEP);
    } else {
        file_walk(in); /* which makes the pipe wide */
        result = all(in, to, buffer, report);
    }
    free(buffer);
    if (result < 0) {
        if (to >= 0)
            close(to);
        return -1;
    }
    if (!in->standard_input)
        close(in->fd);
    in->standard_input = false;
    in->fd = to;
    in->sought = true;
    in->start = 0;
    in->size = in->at;
    in->at = in->head_size;
    return 0;
}

int file_write_at(struct file_out *out, uint64_t at, const void *buf,
                  size_t size, domctx_report *report)
{
    if (lseek(out->fd, (off_t)at, SEEK_SET) < 0)
        return file_fail(out, report);
    return file_write(out, buf, size, report);
}

int file_resize(struct file_out *out, uint64_t size, domctx_report *report)
{
    return ftruncate(out->fd, (off_t)size) < 0 ? file_fail(out, report) : 0;
}

/* Move size bytes, which fit into buffer. */
static int shift_some(struct file_out *out, uint8_t *buffer, uint64_t from,
                      uint64_t to, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(out->fd, buffer + done, size - done,
                            (off_t)(from + done));

        if (got == 0)
            errno = EIO;
        if (got == 0 || (got < 0 && errno != EINTR))
            return -1;
        done += got > 0 ? (size_t)got : 0;
    }
    return lseek(out->fd, (off_t)to, SEEK_SET) < 0
               ? -1
               : put(out->fd, buffer, size);
}

int file_shift(struct file_out *out, uint64_t from, uint64_t to,
               uint64_t size, domctx_report *report)
{
    uint8_t *buffer = malloc(STEP);
    int result = 0;

    if (!buffer) {
        file_discard(out);
        return msg_no_memory(report, STEP);
    }
    for (uint64_t done = 0, part; result == 0 && done < size; done += part) {
        uint64_t at;

        part = size - done < STEP ? size - done : STEP;
        /* what is not read yet must not be written over */
        at = to > from ? size - done - part : done;
        result = shift_some(out, buffer, from + at, to + at, (size_t)part);
    }
    free(buffer);
    return result < 0 ? file_fail(out, report) : 0;
}
