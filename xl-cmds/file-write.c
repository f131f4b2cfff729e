/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "broker.h"
#include "file-target.h"
#include "raise.h"
#include "signals.h"

/* With two dots and 16 digits still below NAME_MAX. */
#define BASE_MAX 200
#define ATTEMPTS 16

static bool never_replace;

void file_never_replace(void)
{
    never_replace = true;
}

/* Close what is open; for every way out. */
static int close_all(struct file_out *out)
{
    int result = 0;

    if (out->fd >= 0 && !out->standard_output)
        result = close(out->fd);
    if (out->dirfd >= 0)
        close(out->dirfd);
    out->fd = out->dirfd = -1;
    return result;
}

void file_discard(struct file_out *out)
{
    if (out->brokered) {
        broker_discard();
        out->brokered = false;
    }
    if (out->temp[0]) {
        unlinkat(out->dirfd, out->temp, 0);
        temp_forget();
        out->temp[0] = '\0';
    }
    close_all(out);
}

static int exists(domctx_report *report)
{
    return cmd_raise(report, MSG_FILE_EXISTS, NULL,
                     "not written: there is a file of that name");
}

static int fail(struct file_out *out, const char *id, domctx_report *report)
{
    int number = errno;

    file_discard(out);
    if (signals_caught())
        return cmd_raise(report, MSG_INTERRUPTED, NULL,
                         "interrupted, nothing written");
    if (number == EEXIST && never_replace)
        return exists(report);
    if (number == EPIPE && out->standard_output)
        return cmd_raise(report, MSG_READER_GONE, NULL,
                         "the reader of the output has gone");
    return cmd_raise(report, id, NULL, "cannot write: %s",
                     strerror(number));
}

int file_fail(struct file_out *out, domctx_report *report)
{
    return fail(out, MSG_FILE_WRITE, report);
}

/* ".name.16 digits": a name that no file has. */
static int temp_name(struct file_out *out)
{
    size_t length = strlen(out->name);
    uint64_t number;

    if (getrandom(&number, sizeof(number), 0) != sizeof(number))
        return -1;
    if (length > BASE_MAX) {
        length = BASE_MAX;
        /* Not in the middle of a character of UTF-8. */
        while (length > 0 &&
               ((unsigned char)out->name[length] & 0xc0) == 0x80)
            length--;
    }
    snprintf(out->temp, sizeof(out->temp), ".%.*s.%016" PRIx64, (int)length,
             out->name, number);
    return 0;
}

static int create_temp(struct file_out *out)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        if (temp_name(out) < 0)
            break;
        out->fd = temp_create(out->dirfd, out->temp);
        if (out->fd >= 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    out->temp[0] = '\0'; /* not ours to remove */
    return -1;
}

/* -1 with errno. */
static int open_in(struct file_out *out, const char *folder)
{
    out->replaces = true;
    out->dirfd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* A folder that can be written but not listed cannot be flushed. */
    if (out->dirfd < 0 && errno == EACCES)
        out->dirfd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return out->dirfd < 0 ? -1 : create_temp(out);
}

static int open_replace(struct file_out *out, const struct file_target *target,
                        domctx_report *report)
{
    memcpy(out->name, target->name, sizeof(out->name));
    return open_in(out, target->folder) < 0
               ? fail(out, MSG_FILE_TEMP, report) : 0;
}

static int open_stdout(struct file_out *out, bool text,
                       domctx_report *report)
{
    if (!text && isatty(STDOUT_FILENO))
        return cmd_raise(report, MSG_FILE_TERMINAL, NULL,
                         "will not write binary data to a terminal");
    out->fd = STDOUT_FILENO;
    out->standard_output = true;
    return 0;
}

/* What the name stands for may be another thing than when it was judged. */
static int open_direct(struct file_out *out, const char *path,
                       const struct file_target *target, domctx_report *report)
{
    struct stat status;

    out->fd = signals_open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (out->fd < 0 || fstat(out->fd, &status) < 0)
        return fail(out, MSG_FILE_WRITE, report);
    if (target->named &&
        (S_ISREG(status.st_mode)
             ? cmd_raise(report, MSG_FILE_WRITE, NULL,
                         "it has become another file meanwhile")
             : file_target_fifo(&status, report)) < 0) {
        file_discard(out);
        return -1;
    }
    if (S_ISREG(status.st_mode) && ftruncate(out->fd, 0) < 0)
        return fail(out, MSG_FILE_WRITE, report);
    return 0;
}

/* Whether it may be written as far as the name goes. */
static int judge_name(const char *path, domctx_report *report)
{
    struct stat status;

    return never_replace && lstat(path, &status) == 0 ? exists(report) : 0;
}

static int create(struct file_out *out, const char *path, bool text,
                  domctx_report *report)
{
    struct file_target target;

    if (broker_serves())
        return broker_create(out, path, text, report);
    memset(out, 0, sizeof(*out));
    out->fd = out->dirfd = -1;
    if (judge_name(path, report) < 0 ||
        file_target_find(path, &target, report) < 0)
        return -1;
    switch (target.kind) {
    case TARGET_STDOUT:
        return open_stdout(out, text, report);
    case TARGET_DIRECT:
        return open_direct(out, path, &target, report);
    case TARGET_REPLACE:
    default:
        return open_replace(out, &target, report);
    }
}

int file_create(struct file_out *out, const char *path,
                domctx_report *report)
{
    return create(out, path, false, report);
}

int file_create_text(struct file_out *out, const char *path,
                     domctx_report *report)
{
    return create(out, path, true, report);
}

/* Owner before mode, or the new owner would have none of its rights. */
static int copy_owner(int fd, const struct stat *from)
{
    mode_t mode = from->st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);

    if (fchown(fd, from->st_uid, from->st_gid) < 0 &&
        fchown(fd, (uid_t)-1, from->st_gid) < 0)
        mode &= ~(mode_t)S_IRWXG;
    return fchmod(fd, mode);
}

int file_keep_owner(struct file_out *out, domctx_report *report)
{
    struct stat status;

    if (!out->replaces)
        return 0;
    if (out->brokered)
        return broker_keep_owner(out, report);
    if (fstatat(out->dirfd, out->name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
        copy_owner(out->fd, &status) < 0)
        return fail(out, MSG_FILE_WRITE, report);
    return 0;
}

int file_check(const char *path, domctx_report *report)
{
    struct file_target target;

    if (broker_serves())
        return broker_check(path, report);
    if (judge_name(path, report) < 0 ||
        file_target_find(path, &target, report) < 0)
        return -1;
    if (target.kind == TARGET_REPLACE && access(target.folder, W_OK) < 0)
        return cmd_raise(report, MSG_FILE_TEMP, NULL, "cannot write: %s",
                         strerror(errno));
    return 0;
}

/* Whether a write that failed is to be tried again, once the reader of a pipe
 * that does not block has made room. */
static bool again(int fd)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

    if (errno == EAGAIN && poll(&poll_fd, 1, -1) >= 0)
        return true;
    return errno == EINTR && !signals_caught();
}

static int write_all(int fd, const uint8_t *from, size_t size, bool waits)
{
    while (size > 0) {
        size_t part = waits ? signals_wait_writable(fd, size) : size;
        ssize_t done = part > 0 ? write(fd, from, part) : -1;

        if (part == 0)
            errno = EINTR;
        if (done < 0 && !again(fd))
            return -1;
        if (done > 0) {
            from += done;
            size -= (size_t)done;
        }
    }
    return 0;
}

int file_fits(uint64_t size, domctx_report *report)
{
    if (size <= FILE_MAX)
        return 0;
    return cmd_raise(report, MSG_RESULT_TOO_LARGE, NULL,
                     "the context would have %" PRIu64 " bytes, more than "
                     "the %" PRIu64 " that can be read again: nothing written",
                     size, FILE_MAX);
}

int file_write(struct file_out *out, const void *buf, size_t size,
               domctx_report *report)
{
    if (write_all(out->fd, buf, size, !out->replaces) < 0)
        return fail(out, MSG_FILE_WRITE, report);
    return 0;
}

int file_sink_put(void *arg, const char *text, size_t size)
{
    struct file_sink *sink = arg;

    return file_write(sink->out, text, size, sink->report);
}

/* Pipes, terminals and some file systems have nothing to flush. */
static int flush(int fd)
{
    while (fsync(fd) < 0) {
        if (errno == EINVAL || errno == ENOTSUP)
            break;
        if (errno != EINTR || signals_caught())
            return -1;
    }
    return 0;
}

/* A link is refused where the name is taken; some file systems have none. */
static int give_new_name(const struct file_out *out)
{
    if (linkat(out->dirfd, out->temp, out->dirfd, out->name, 0) == 0)
        return unlinkat(out->dirfd, out->temp, 0);
    if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS)
        return -1;
    return syscall(SYS_renameat2, out->dirfd, out->temp, out->dirfd,
                   out->name, 1u /* RENAME_NOREPLACE */) < 0 ? -1 : 0;
}

static int give_name(const struct file_out *out)
{
    if (signals_caught())
        return -1;
    return never_replace ? give_new_name(out)
                         : renameat(out->dirfd, out->temp, out->dirfd,
                                    out->name);
}

/* Make the temporary file the file: on the disk first, then its name. */
static int put_in_place(struct file_out *out,
                        int (*name)(const struct file_out *out))
{
    int fd = out->fd;

    if (flush(fd) < 0)
        return -1;
    out->fd = -1;
    /* Some file systems tell of a full disk only when it is closed. */
    if (close(fd) < 0 || name(out) < 0)
        return -1;
    temp_forget();
    out->temp[0] = '\0';
    return 0;
}

/* The name, too, is on the disk.  EBADF: a folder that open_in() could not
 * open for reading. */
static int flush_name(const struct file_out *out)
{
    return flush(out->dirfd) < 0 && errno != EBADF ? -1 : 0;
}

/* Another descriptor of the file is the broker's, who flushes it. */
static int commit_brokered(struct file_out *out, domctx_report *report)
{
    if (close_all(out) < 0)
        return fail(out, MSG_FILE_WRITE, report);
    return broker_commit(out, report);
}

int file_commit(struct file_out *out, domctx_report *report)
{
    bool replaces = out->replaces;
    int result;

    if (out->brokered)
        return commit_brokered(out, report);
    result = replaces ? put_in_place(out, give_name) : flush(out->fd);
    if (result < 0)
        return fail(out, MSG_FILE_WRITE, report);
    if (replaces && flush_name(out) < 0) {
        cmd_raise(report, MSG_FILE_WRITE, NULL,
                  "written, but perhaps not on the disk yet: %s",
                  strerror(errno));
        result = FILE_UNFLUSHED;
    }
    if (close_all(out) < 0)
        return fail(out, MSG_FILE_WRITE, report);
    return result;
}

/* The name is wanted as it is: a link in its place is another's file. */
static int open_new(struct file_out *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = slash ? (size_t)(name - path) : 0;
    char folder[PATH_MAX] = ".";

    *out = (struct file_out){ .fd = -1, .dirfd = -1 };
    if (length >= sizeof(folder) || strlen(name) > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (length > 0) {
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    strcpy(out->name, name);
    return open_in(out, folder);
}

/* A signal that is held does not end it: it may be the last copy of what is
 * written. */
int file_write_new(const char *path, const void *buf, size_t size)
{
    struct file_out out;
    int number;

    bool named = false;

    if (open_new(&out, path) == 0 &&
        write_all(out.fd, buf, size, false) == 0 &&
        put_in_place(&out, give_new_name) == 0) {
        named = true;
        if (flush_name(&out) == 0)
            return close_all(&out);
    }
    number = errno;
    if (named)
        unlinkat(out.dirfd, out.name, 0);
    file_discard(&out);
    errno = number;
    return -1;
}
