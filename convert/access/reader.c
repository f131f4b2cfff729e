/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WASTE 65536
#define FIRST_ROOM 4096

/* -- making and freeing ----------------------------------------------- */

struct reader reader_of_memory(const void *buf, size_t size)
{
    return (struct reader){ .fd = -1, .bytes = buf, .left = size };
}

static int cannot_read(int error, domctx_report *report)
{
    char text[MSG_ERRNO_ROOM];

    return msg_raise(report, MSG_FILE_READ, NULL, "cannot read: %s",
                     msg_errno(error, text));
}

int reader_of_fd(struct reader *reader, int fd, domctx_report *report)
{
    struct stat status;
    off_t at;

    *reader = (struct reader){ .fd = fd };
    if (fstat(fd, &status) < 0)
        return cannot_read(errno, report);
    if (S_ISDIR(status.st_mode))
        return msg_raise(report, MSG_FILE_FOLDER, NULL, "is a folder");
    /* a file of /proc has no size */
    if (!S_ISREG(status.st_mode) || status.st_size == 0)
        return 0;
    at = lseek(fd, 0, SEEK_CUR);
    reader->sought = at >= 0 && at <= status.st_size;
    if (reader->sought)
        reader->size = (uint64_t)(status.st_size - at);
    return 0;
}

void reader_free(struct reader *reader)
{
    free(reader->waste);
}

/* -- reading ---------------------------------------------------------- */

/* Whether a read that failed is to be made again: a signal came, or what does
 * not block had nothing yet; then it has now. */
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

/* -- whole files ------------------------------------------------------ */

int64_t reader_take(struct reader *reader, void *buf, size_t size,
                    domctx_report *report)
{
    int64_t got = take(reader, buf, size);

    return got < 0 ? cannot_read(errno, report) : got;
}

static int too_large(size_t limit, domctx_report *report)
{
    return msg_raise(report, MSG_FILE_TOO_LARGE,
                     &(struct msg_at){ .expected = DEC(limit) },
                     "too large to be a context");
}

/* Room for what is known to come, and for a byte more, at which the end is
 * seen. */
static size_t first_room(const struct reader *reader, size_t head_size)
{
    uint64_t left = reader->fd < 0 ? reader->left : reader->size;

    return left > 0 ? head_size + (size_t)left + 1
                    : head_size + FIRST_ROOM;
}

int reader_rest(struct reader *reader, const void *head, size_t head_size,
                size_t limit, uint8_t **buf, size_t *size,
                domctx_report *report)
{
    size_t room, used = head_size;
    uint8_t *bytes, *more;
    int64_t got;

    if (reader->size > limit || reader->left > limit)
        return too_large(limit, report);
    room = first_room(reader, head_size);
    bytes = malloc(room);
    if (!bytes)
        return msg_no_memory(report, room);
    if (head_size > 0)
        memcpy(bytes, head, head_size);
    for (;;) {
        got = reader_take(reader, bytes + used, room - used, report);
        if (got < 0)
            break;
        used += (size_t)got;
        if (used > limit) {
            too_large(limit, report);
            break;
        }
        if (used < room) {
            *buf = bytes;
            *size = used;
            return 0;
        }
        more = realloc(bytes, 2 * room);
        if (!more) {
            msg_no_memory(report, 2 * room);
            break;
        }
        bytes = more;
        room *= 2;
    }
    free(bytes);
    return -1;
}
