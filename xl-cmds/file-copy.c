/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Copying the bulk of a save file, which is the guest's memory: shared where
 * the file system can share blocks, else copied by the kernel, or by the
 * server where there is one, and with its holes.
 */
#include "file.h"
#include "raise.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>


/* So much at once that neither a signal nor the progress waits; and then the
 * disk is told to begin: by itself the kernel waits for a tenth of the memory,
 * and the fsync() at the end for all of it. */
#define STEP (UINT64_C(16) << 20)
/* By hand, what stays in a processor's cache, as cp has it. */
#define BUFFER (UINT64_C(256) << 10)

struct copy {
    struct file_out *out;
    struct file_in *in;
    uint64_t at, end;   /* in the file itself */
    bool plain;         /* the kernel cannot do it: read and write */
    uint64_t behind;    /* bytes last written, which the disk was not yet
                         * told of */
    uint8_t *buffer;
    domctx_report *report;
};

static int cannot_read(const struct copy *copy, int number)
{
    struct cmd_at at = { .has_offset = true,
                         .offset = copy->at - copy->in->start };

    file_discard(copy->out);
    return cmd_raise(copy->report, MSG_FILE_READ, &at, "cannot read: %s",
                     number ? strerror(number) : "the file has become "
                                                 "shorter");
}

static void write_behind(struct copy *copy, uint64_t size)
{
    off_t end;

    copy->behind += size;
    if (copy->behind < STEP || !copy->out->replaces)
        return;
    end = lseek(copy->out->fd, 0, SEEK_CUR);
    if (end >= 0 && (uint64_t)end >= copy->behind)
        sync_file_range(copy->out->fd, end - (off_t)copy->behind,
                        (off_t)copy->behind, SYNC_FILE_RANGE_WRITE);
    copy->behind = 0;
}

/* One step by hand, which also tells reading from writing when it fails. */
static int copy_plainly(struct copy *copy, uint64_t size)
{
    ssize_t got;

    if (!copy->buffer)
        copy->buffer = malloc(BUFFER);
    if (!copy->buffer) {
        file_discard(copy->out);
        return cmd_no_memory(copy->report, BUFFER);
    }
    got = pread(copy->in->fd, copy->buffer, size < BUFFER ? size : BUFFER,
                (off_t)copy->at);
    if (got < 0 && errno == EINTR)
        return 0;
    if (got <= 0)
        return cannot_read(copy, got < 0 ? errno : 0);
    if (file_write(copy->out, copy->buffer, (size_t)got, copy->report) < 0)
        return -1;
    copy->at += (uint64_t)got;
    write_behind(copy, (uint64_t)got);
    return 0;
}

/* Copy up to end, no hole among it. */
static int copy_data(struct copy *copy, uint64_t end)
{
    while (copy->at < end) {
        uint64_t size = end - copy->at < STEP ? end - copy->at : STEP;
        off_t at = (off_t)copy->at;
        ssize_t done = copy->plain ? 0
                                   : copy_file_range(copy->in->fd, &at,
                                                     copy->out->fd, NULL,
                                                     size, 0);

        /* The kernel cannot copy between some file systems, from a device or
         * into a pipe.  Copying by hand shows any other error. */
        copy->plain = done <= 0;
        if (done > 0) {
            copy->at += (uint64_t)done;
            write_behind(copy, (uint64_t)done);
        } else if (copy_plainly(copy, size) < 0) {
            return -1;
        }
        progress_step(&copy->in->progress, copy->at - copy->in->start);
    }
    return 0;
}

/* Leave a hole up to end in a file that ends where it is written.  To lseek()
 * what somebody has cut off meanwhile is a hole, too. */
static int copy_hole(struct copy *copy, uint64_t end)
{
    off_t size = lseek(copy->in->fd, 0, SEEK_END);

    if (size < 0)
        return cannot_read(copy, errno);
    if ((uint64_t)size < end)
        return cannot_read(copy, 0);
    size = lseek(copy->out->fd, (off_t)(end - copy->at), SEEK_CUR);
    if (size < 0 || ftruncate(copy->out->fd, size) < 0)
        return file_fail(copy->out, copy->report);
    copy->at = end;
    return 0;
}

/* The next data (or hole) from copy->at on, or the end.  What a file system
 * cannot tell is data. */
static uint64_t next(const struct copy *copy, int what)
{
    off_t at = lseek(copy->in->fd, (off_t)copy->at, what);

    if (at < 0)
        return what == SEEK_DATA && errno != ENXIO ? copy->at : copy->end;
    return (uint64_t)at < copy->end ? (uint64_t)at : copy->end;
}

/* Share the blocks of the beginning; 0 bytes where that cannot be done. */
static uint64_t share(const struct copy *copy)
{
    const uint64_t block = (uint64_t)copy->in->status.st_blksize;
    struct file_clone_range range = { .src_fd = copy->in->fd };

    if (copy->at != 0 || lseek(copy->out->fd, 0, SEEK_CUR) != 0 ||
        block == 0)
        return 0;
    range.src_length = copy->end - copy->end % block;
    if (range.src_length == 0 ||
        ioctl(copy->out->fd, FICLONERANGE, &range) < 0 ||
        lseek(copy->out->fd, (off_t)range.src_length, SEEK_SET) < 0)
        return 0;
    return range.src_length;
}

int file_copy(struct file_out *out, struct file_in *in, uint64_t offset,
              uint64_t size, domctx_report *report)
{
    struct copy copy = { .out = out, .in = in, .at = in->start + offset,
                         .report = report };
    bool holes = out->replaces;
    int result = 0;

    copy.end = copy.at + size;
    /* the walk had asked for the opposite */
    posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (holes)
        copy.at += share(&copy);
    while (result == 0 && copy.at < copy.end) {
        uint64_t data = holes ? next(&copy, SEEK_DATA) : copy.at;

        if (data > copy.at)
            result = copy_hole(&copy, data);
        else
            result = copy_data(&copy, holes ? next(&copy, SEEK_HOLE)
                                            : copy.end);
    }
    free(copy.buffer);
    return result;
}
