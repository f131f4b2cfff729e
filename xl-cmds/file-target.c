/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "file-target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "raise.h"
#include "sandbox.h"
#include "signals.h"

#define LINKS_MAX 40 /* as the kernel follows */

static bool replaces_saves;

void file_replace_saves(void)
{
    replaces_saves = true;
}

/* Whether the file has the memory of a guest, by its head.  Outputs are looked
 * at before the sandbox is entered, so a process of its own, without rights,
 * makes out what the bytes are.  One that does not answer counts as a yes. */
static bool is_save(const char *path)
{
    uint8_t head[FILE_HEAD];
    struct stat seen;
    int fd = file_open_name(path, &seen), status;
    ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof(head));
    pid_t child;

    if (fd >= 0)
        close(fd);
    if (got <= 0)
        return false;
    fflush(NULL);
    child = child_fork();
    if (child == 0) {
        sandbox_alone();
        _exit(domctx_detect(head, (size_t)got) == DOMCTX_FORMAT_SAVE);
    }
    status = child < 0 ? -1 : child_end(child, false);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static int refuse(domctx_report *report)
{
    return cmd_raise(report, MSG_FILE_WRITE, NULL, "cannot write: %s",
                     strerror(errno));
}

static int is_folder(domctx_report *report)
{
    return cmd_raise(report, MSG_FILE_FOLDER, NULL, "is a folder");
}

/* Replace the link in path by its target. */
static int follow(char path[PATH_MAX], int link)
{
    char content[PATH_MAX];
    char *slash = strrchr(path, '/');
    ssize_t length = readlinkat(link, "", content, sizeof(content));
    size_t folder;

    if (length < 0)
        return -1;
    folder = content[0] == '/' || !slash ? 0 : (size_t)(slash - path + 1);
    if ((size_t)length >= PATH_MAX - folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(path + folder, content, (size_t)length);
    path[folder + (size_t)length] = '\0';
    return 0;
}

/* The folder of what has that path. */
static int stat_folder(const char *path, struct stat *status)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) + 1 : 0;

    memcpy(folder, path, length);
    folder[length] = '\0';
    return stat(slash ? folder : ".", status);
}

/* As the kernel with fs.protected_symlinks (proc(5)): in a folder where all
 * may create and each may remove only his own, a link is followed by its owner
 * alone, or if the folder's owner made it.  The kernel itself is asked only
 * with the link still there. */
static bool may_follow(const char *path, const struct stat *link)
{
    const mode_t shared = S_ISVTX | S_IWOTH;
    struct stat folder;

    if (link->st_uid == geteuid())
        return true;
    if (stat_folder(path, &folder) < 0)
        return false;
    if ((folder.st_mode & shared) != shared ||
        folder.st_uid == link->st_uid)
        return true;
    errno = EACCES;
    return false;
}

/* Returns 1 when a link was followed, 0 where there is none, or -1 with
 * errno. */
static int follow_one(char path[PATH_MAX])
{
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    int result, number;

    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    result = fstat(fd, &status);
    if (result == 0 && S_ISLNK(status.st_mode))
        result = may_follow(path, &status) && follow(path, fd) == 0 ? 1 : -1;
    number = errno;
    close(fd);
    errno = number;
    return result;
}

/* Follow links to where the last one points, there or not.  Returns how
 * many there were, or -1 with errno. */
static int follow_all(char path[PATH_MAX])
{
    for (int links = 0; links <= LINKS_MAX; links++) {
        int followed = follow_one(path);

        if (followed <= 0)
            return followed < 0 ? -1 : links;
    }
    errno = ELOOP;
    return -1;
}

/* A device may have several nodes. */
static bool same_file(const struct stat *a, const struct stat *b)
{
    if (S_ISBLK(a->st_mode) && S_ISBLK(b->st_mode))
        return a->st_rdev == b->st_rdev;
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Cut the path in target->folder in two. */
static int split(struct file_target *target, domctx_report *report)
{
    char *slash = strrchr(target->folder, '/');
    const char *name = slash ? slash + 1 : target->folder;

    if (!*name)
        return is_folder(report);
    if (strlen(name) > NAME_MAX) {
        errno = ENAMETOOLONG;
        return refuse(report);
    }
    strcpy(target->name, name);
    if (!slash)
        strcpy(target->folder, ".");
    else
        target->folder[slash == target->folder ? 1 : slash - target->folder] =
            '\0';
    return 0;
}

int file_target_fifo(const struct stat *status, domctx_report *report)
{
    if (!S_ISFIFO(status->st_mode) || status->st_uid == 0 ||
        status->st_uid == geteuid())
        return 0;
    return cmd_raise(report, MSG_FILE_FIFO, NULL,
                     "will not write to a FIFO of another user");
}

/* The kind of what exists: status is that of the name with links followed,
 * real is where the links lead by their words. */
static int judge(struct file_target *target, const struct stat *status,
                 const char *real, bool link, domctx_report *report)
{
    struct stat other;
    bool named = lstat(real, &other) == 0 && same_file(status, &other);

    if (S_ISDIR(status->st_mode))
        return is_folder(report);
    target->named = named;
    /* /dev/stdout and its like: a rename would not reach our own output. */
    if (link && fstat(STDOUT_FILENO, &other) == 0 &&
        same_file(status, &other))
        target->kind = TARGET_STDOUT;
    else if (!S_ISREG(status->st_mode) || !named)
        /* The last: a link of /proc to a file that has no name. */
        target->kind = TARGET_DIRECT;
    else if (faccessat(AT_FDCWD, real, W_OK, AT_EACCESS) < 0)
        /* A rename would replace a protected file all the same. */
        return refuse(report);
    else if (!replaces_saves && is_save(real))
        return cmd_raise(report, MSG_FILE_IS_SAVE, NULL,
                         "not written: it is a save file, and would be lost");
    return target->kind == TARGET_DIRECT && named
               ? file_target_fifo(status, report) : 0;
}

int file_target_find(const char *path, struct file_target *target,
                     domctx_report *report)
{
    char *real = target->folder;
    struct stat status;
    int links;

    memset(target, 0, sizeof(*target));
    if (strcmp(path, "-") == 0) {
        target->kind = TARGET_STDOUT;
        return 0;
    }
    errno = *path ? ENAMETOOLONG : ENOENT;
    if (!*path || strlen(path) >= sizeof(target->folder))
        return refuse(report);
    strcpy(real, path);
    links = follow_all(real);
    if (links < 0)
        return refuse(report);
    if (stat(path, &status) == 0) {
        if (judge(target, &status, real, links > 0, report) < 0)
            return -1;
    } else if (errno != ENOENT) {
        return refuse(report);
    }
    return target->kind == TARGET_REPLACE ? split(target, report) : 0;
}

static bool stat_name(const char *path, int standard, struct stat *status)
{
    return (strcmp(path, "-") == 0 ? fstat(standard, status)
                                   : stat(path, status)) == 0;
}

bool file_is_same(const char *in, const char *out)
{
    struct stat of_in, of_out;

    /* a terminal or a socket is both without harm */
    return stat_name(in, STDIN_FILENO, &of_in) &&
           stat_name(out, STDOUT_FILENO, &of_out) &&
           (S_ISREG(of_in.st_mode) || S_ISBLK(of_in.st_mode)) &&
           same_file(&of_in, &of_out);
}

int file_refuse_same(const char *in, domctx_report *report)
{
    return cmd_raise(report, MSG_FILE_IS_INPUT, NULL,
                     "not written: it is the file to be read, %.200s, itself",
                     input_name(in));
}

int file_check_apart(const char *in, const char *out, domctx_report *report)
{
    return file_is_same(in, out) ? file_refuse_same(in, report) : 0;
}

int file_check_place(const char *in, const char *out, domctx_report *report)
{
    struct file_target target;

    /* what cannot be found is told when it is created */
    if (file_target_find(out, &target, NULL) < 0 ||
        target.kind == TARGET_REPLACE)
        return 0;
    return file_check_apart(in, out, report);
}
