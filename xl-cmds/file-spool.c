/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A pipe whose bytes are wanted twice goes into a file while it is walked
 * over, without a copy where the kernel can; and bytes that lie in a file at
 * the wrong place.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "broker.h"
#include "raise.h"
#include "unpack.h"

#define STEP (1 << 20)

int file_put(int fd, const void *buf, size_t size)
{
    const uint8_t *p = buf;

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

int file_spool_put(struct file_in *in, const void *buf, size_t size)
{
    if (file_put(in->sink, buf, size) == 0)
        return 0;
    in->spool_error = errno;
    return -1;
}

int file_open_nameless(void)
{
    const char *folder = secure_getenv("TMPDIR");

    /* The memory of a guest may go there: not into whatever folder we happen
     * to stand in. */
    if (!folder || *folder != '/')
        folder = "/var/tmp";
    return open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
}

int file_spool(struct file_in *in, struct file_out *out,
               domctx_report *report)
{
    if (out->replaces)
        in->sink = fcntl(out->fd, F_DUPFD_CLOEXEC, 3);
    else
        in->sink = broker_serves() ? broker_nameless()
                                   : file_open_nameless();
    in->spooling = in->sink >= 0;
    if (!in->spooling)
        in->spool_error = errno;
    if (!in->spooling || file_spool_put(in, in->head, in->head_size) < 0)
        return file_spooled(in, report);
    return 0;
}

int file_spooled(struct file_in *in, domctx_report *report)
{
    if (in->spool_error)
        return cmd_raise(report, MSG_FILE_TEMP, NULL,
                         "cannot keep the input for a second look: %s",
                         strerror(in->spool_error));
    if (!in->standard_input)
        close(in->fd);
    in->standard_input = false;
    unpack_free(in->unpack);
    in->unpack = NULL;
    in->fd = in->sink;
    in->sink = -1;
    in->spooling = false;
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
               : file_put(out->fd, buffer, size);
}

int file_shift(struct file_out *out, uint64_t from, uint64_t to,
               uint64_t size, domctx_report *report)
{
    uint8_t *buffer = malloc(STEP);
    int result = 0;

    if (!buffer) {
        file_discard(out);
        return cmd_no_memory(report, STEP);
    }
    for (uint64_t done = 0, part; result == 0 && done < size; done += part) {
        uint64_t at;

        part = size - done < STEP ? size - done : STEP;
        /* do not overwrite bytes before they are read */
        at = to > from ? size - done - part : done;
        result = shift_some(out, buffer, from + at, to + at, (size_t)part);
    }
    free(buffer);
    return result < 0 ? file_fail(out, report) : 0;
}
