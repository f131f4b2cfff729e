/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A large file for a walk over its records: read where the walk wants, where
 * it can be sought; otherwise what is stepped over is thrown away by the
 * kernel, without a copy, as far as it can.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "broker.h"

#define DISCARD (1 << 20)   /* bytes at once; also asked of the pipe */

/* -- a file or disk ----------------------------------------------------- */

static int64_t sought_read(void *arg, void *buf, size_t size)
{
    struct file_in *in = arg;
    uint8_t *p = buf;
    size_t done = 0;

    while (done < size) {
        ssize_t got = pread(in->fd, p + done, size - done,
                            (off_t)(in->start + in->at));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
        in->at += (uint64_t)got;
    }
    progress_step(&in->progress, in->at);
    return (int64_t)done;
}

static int64_t sought_skip(void *arg, uint64_t size)
{
    struct file_in *in = arg;
    uint64_t left = in->at < in->size ? in->size - in->at : 0;

    if (size > left)
        size = left;
    in->at += size;
    return (int64_t)size;
}

/* -- a pipe, socket or other stream -------------------------------------- */

/* Up to size bytes; 0 at the end. */
static ssize_t read_some(struct file_in *in, void *buf, size_t size)
{
    ssize_t got = file_get(in, buf, size);

    if (got > 0)
        in->at += (uint64_t)got;
    progress_step(&in->progress, in->at);
    if (got > 0 && in->spooling && file_spool_put(in, buf, (size_t)got) < 0)
        return -1;
    return got;
}

static int64_t passing_read(void *arg, void *buf, size_t size)
{
    return file_fill(arg, read_some, buf, size);
}

/* By hand, which also tells reading from writing when it fails. */
static ssize_t discard_plainly(struct file_in *in, size_t size)
{
    if (!in->waste)
        in->waste = malloc(DISCARD);
    return in->waste ? read_some(in, in->waste, size) : -1;
}

/* Step over up to size bytes; 0 at the end. */
static ssize_t discard_some(struct file_in *in, size_t size)
{
    ssize_t gone;

    if (size > DISCARD)
        size = DISCARD;
    if (in->sink < 0 || in->plain)
        return discard_plainly(in, size);
    do
        gone = splice(in->fd, NULL, in->sink, NULL, size, SPLICE_F_MOVE);
    while (gone < 0 && file_again(in));
    if (gone >= 0) {
        in->at += (uint64_t)gone;
        return gone;
    }
    in->plain = true; /* no pipe; or the file is at fault */
    return discard_plainly(in, size);
}

static int64_t passing_skip(void *arg, uint64_t size)
{
    struct file_in *in = arg;
    uint64_t done = 0;

    while (done < size) {
        uint64_t want = size - done < DISCARD ? size - done : DISCARD;
        ssize_t gone = discard_some(in, (size_t)want);

        if (gone < 0)
            return -1;
        if (gone == 0)
            break;
        done += (uint64_t)gone;
        progress_step(&in->progress, in->at);
    }
    return (int64_t)done;
}

int file_open_null(void)
{
    return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

struct domctx_reader file_walk(struct file_in *in)
{
    if (in->sought) {
        /* what lies between the records is not wanted */
        posix_fadvise(in->fd, 0, 0, POSIX_FADV_RANDOM);
        return (struct domctx_reader){ .read = sought_read,
                                       .skip = sought_skip, .arg = in };
    }
    /* both only make it faster */
    if (!in->spooling && !in->unpack)
        in->sink = broker_serves() ? broker_null() : file_open_null();
    fcntl(in->fd, F_SETPIPE_SZ, DISCARD);
    return (struct domctx_reader){ .read = passing_read, .skip = passing_skip,
                                   .arg = in };
}
