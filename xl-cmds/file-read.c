/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker.h"
#include "raise.h"
#include "signals.h"
#include "unpack.h"

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

int64_t file_fill(struct file_in *in, file_getter *get, void *buf,
                  size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = get(in, (uint8_t *)buf + done, size - done);

        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (int64_t)done;
}

/* As a reader of domctx_read_whole(), from where the file stands. */
static int64_t get_all(void *arg, void *buf, size_t size)
{
    return file_fill(arg, file_get, buf, size);
}

int file_read(struct file_in *in, uint8_t **buf, size_t *size,
              domctx_report *report)
{
    struct domctx_reader reader = { .read = get_all, .arg = in };
    uint64_t left = in->sought && in->size > in->head_size
                        ? in->size - in->head_size : 0;

    if (in->most == FILE_MAX &&
        domctx_detect(in->head, in->head_size) == DOMCTX_FORMAT_JSON)
        in->most = DOMCTX_JSON_MAX;
    return domctx_read_whole(&reader, in->head, in->head_size, left,
                             in->most, buf, size, report);
}

static int read_error(domctx_report *report)
{
    return cmd_raise(report, MSG_FILE_READ, NULL, "cannot read: %s",
                     strerror(errno));
}

/* Whether it can be read at any place, and how much there is. */
static int look_at(struct file_in *in, domctx_report *report)
{
    const struct stat *status = &in->status;
    off_t start, end;

    if (S_ISDIR(status->st_mode))
        return cmd_raise(report, MSG_FILE_FOLDER, NULL,
                         "is a folder: name the files in it");
    /* a file of /proc has no size */
    if (!(S_ISREG(status->st_mode) && status->st_size > 0) &&
        !S_ISBLK(status->st_mode))
        return 0;
    start = lseek(in->fd, 0, SEEK_CUR);
    end = S_ISBLK(status->st_mode) ? lseek(in->fd, 0, SEEK_END)
                                   : status->st_size;
    in->sought = start >= 0 && end >= start;
    if (in->sought) {
        in->start = (uint64_t)start;
        in->size = (uint64_t)(end - start);
        if (S_ISBLK(status->st_mode))
            in->sought = lseek(in->fd, start, SEEK_SET) == start;
    }
    return 0;
}

static int read_head(struct file_in *in, domctx_report *report)
{
    int64_t got = get_all(in, in->head, FILE_HEAD);

    if (got < 0)
        return read_error(report);
    in->at = in->head_size = (size_t)got;
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
    return unpack_fault(in->unpack, in->lost, report);
}

int file_unknown(struct file_in *in, domctx_report *report)
{
    static uint8_t more[DOMCTX_UNKNOWN_HEAD];
    int64_t got;

    memcpy(more, in->head, in->head_size);
    got = get_all(in, more + in->head_size, sizeof(more) - in->head_size);
    if (got < 0)
        return read_error(report);
    return domctx_unknown(more, in->head_size + (size_t)got, report);
}

int file_open_name(const char *path, struct stat *status)
{
    int fd = signals_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), number;

    if (fd < 0 || fstat(fd, status) == 0)
        return fd;
    number = errno;
    close(fd);
    errno = number;
    return -1;
}

/* Standard input was opened by our caller: whom the file system does not tell
 * what it is, reads it like a pipe. */
static int look_at_input(struct file_in *in)
{
    if (fstat(in->fd, &in->status) == 0)
        return in->fd;
    if (errno != EACCES)
        return -1;
    in->status = (struct stat){ .st_mode = S_IFIFO };
    return in->fd;
}

static int open_in(struct file_in *in, const char *path)
{
    if (in->standard_input)
        return look_at_input(in);
    return broker_serves() ? broker_open(path, &in->status)
                           : file_open_name(path, &in->status);
}

/* Nothing else tells a user who has piped nothing in what is waited for. */
static void tell_terminal(void)
{
    if (isatty(STDIN_FILENO))
        fputs("xl-context: reading standard input from the terminal: paste "
              "the text, and end with\nCtrl-D on a line of its own, or leave "
              "with Ctrl-C\n", stderr);
}

int file_open(struct file_in *in, const char *path, domctx_report *report)
{
    *in = (struct file_in){ .fd = STDIN_FILENO, .sink = -1,
                            .most = FILE_MAX };
    in->standard_input = strcmp(path, "-") == 0;
    if (in->standard_input)
        tell_terminal();
    in->fd = open_in(in, path);
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
    if (in->fd < 0 || lseek(in->fd, 0, SEEK_SET) < 0 ||
        fstat(in->fd, &in->status) < 0) {
        read_error(report);
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
