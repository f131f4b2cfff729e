/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WASTE 65536

/* -- making and freeing ----------------------------------------------- */

struct reader reader_of_memory(const void *buf, size_t size)
{
    return (struct reader){ .fd = -1, .bytes = buf, .left = size };
}

int reader_fault(int64_t got, domctx_report *report)
{
    char text[MSG_ERRNO_ROOM];

    return msg_raise(report, MSG_FILE_READ, NULL, "cannot read: %s",
                     msg_read_error(got, text));
}

int reader_of_fd(struct reader *reader, int fd, domctx_report *report)
{
    struct stat status;
    off_t at, end;

    *reader = (struct reader){ .fd = fd };
    if (fstat(fd, &status) < 0)
        return reader_fault(-1, report);
    if (S_ISDIR(status.st_mode))
        return msg_raise(report, MSG_FILE_FOLDER, NULL, "is a folder");
    /* files in /proc have size 0 */
    if (!(S_ISREG(status.st_mode) && status.st_size > 0) &&
        !S_ISBLK(status.st_mode))
        return 0;
    at = lseek(fd, 0, SEEK_CUR);
    end = S_ISBLK(status.st_mode) ? lseek(fd, 0, SEEK_END) : status.st_size;
    reader->sought = at >= 0 && end >= at && lseek(fd, at, SEEK_SET) == at;
    if (reader->sought)
        reader->size = (uint64_t)(end - at);
    return 0;
}

void reader_free(struct reader *reader)
{
    free(reader->waste);
}

/* -- reading ---------------------------------------------------------- */

/* Whether to retry a failed read: after a signal, or, for a descriptor that
 * does not block, once poll() says that there is input. */
static bool again(int fd)
{
    struct pollfd one = { .fd = fd, .events = POLLIN };

    if (errno == EINTR)
        return true;
    return (errno == EAGAIN || errno == EWOULDBLOCK) &&
           (poll(&one, 1, -1) > 0 || errno == EINTR);
}

static int64_t take_fd(struct reader *reader, uint8_t *buf, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = read(reader->fd, buf + done, size - done);

        if (got < 0 && again(reader->fd))
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    reader->size -= done < reader->size ? done : reader->size;
    return (int64_t)done;
}

static int64_t take(void *arg, void *buf, size_t size)
{
    struct reader *reader = arg;

    if (reader->fd >= 0)
        return take_fd(reader, buf, size);
    if (size > reader->left)
        size = reader->left;
    if (size > 0)
        memcpy(buf, reader->bytes, size);
    reader->bytes = size > 0 ? reader->bytes + size : reader->bytes;
    reader->left -= size;
    return (int64_t)size;
}

/* -- stepping over ---------------------------------------------------- */

static int64_t read_over(struct reader *reader, uint64_t size)
{
    uint64_t done = 0;

    if (!reader->waste)
        reader->waste = malloc(WASTE);
    if (!reader->waste)
        return -1;
    while (done < size) {
        size_t want = size - done < WASTE ? (size_t)(size - done) : WASTE;
        int64_t got = take_fd(reader, reader->waste, want);

        if (got < 0)
            return -1;
        done += (uint64_t)got;
        if ((uint64_t)got < want)
            break;
    }
    return (int64_t)done;
}

static int64_t skip(void *arg, uint64_t size)
{
    struct reader *reader = arg;

    if (reader->fd < 0) {
        size = size < reader->left ? size : reader->left;
        if (size > 0)
            reader->bytes += size;
        reader->left -= (size_t)size;
        return (int64_t)size;
    }
    if (!reader->sought)
        return read_over(reader, size);
    size = size < reader->size ? size : reader->size;
    if (lseek(reader->fd, (off_t)size, SEEK_CUR) < 0)
        return -1;
    reader->size -= size;
    return (int64_t)size;
}

struct domctx_reader reader_public(struct reader *reader)
{
    return (struct domctx_reader){ .read = take, .skip = skip,
                                   .arg = reader };
}

/* -- the head --------------------------------------------------------- */

int64_t reader_take(struct reader *reader, void *buf, size_t size,
                    domctx_report *report)
{
    int64_t got = take(reader, buf, size);

    return got < 0 ? reader_fault(got, report) : got;
}
