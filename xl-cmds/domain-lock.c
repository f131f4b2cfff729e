/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "own-place.h"
#include "raise.h"

/* Where programs of root have what lasts until the next start of the host;
 * domains do not last longer. */
#define FOLDER "/run/xl-context"

/* A save or a look is done in milliseconds; a restore of many vCPUs, too. */
#define WAIT_MS 2000
#define STEP_MS 20

/* "PID VERB" in the file: who holds the lock. */
#define HOLDER_MAX 64

static const char *folder(void)
{
    const char *set = test_setting("XL_CONTEXT_TEST_LOCKS");

    return set ? set : FOLDER;
}

/* Ours alone: where others write, a lock could be taken or a file put. */
static int open_folder(void)
{
    struct stat status;
    int fd;

    if (mkdir(folder(), 0700) < 0 && errno != EEXIST)
        return -1;
    fd = open(folder(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
        (status.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return fd;
    close(fd);
    errno = EPERM;
    return -1;
}

static void put_holder(int fd, const char *verb)
{
    char line[HOLDER_MAX];
    int length = snprintf(line, sizeof(line), "%ld %s\n", (long)getpid(),
                          verb);

    /* Without it the next command only says less. */
    if (ftruncate(fd, 0) == 0 && length > 0 && length < HOLDER_MAX)
        (void)!pwrite(fd, line, (size_t)length, 0);
}

static int busy(domctx_report *report, uint32_t domid, int fd)
{
    char line[HOLDER_MAX] = "";
    ssize_t got = pread(fd, line, sizeof(line) - 1, 0);
    long pid = 0;
    char *verb = line;

    line[got > 0 ? got : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    pid = strtol(line, &verb, 10);
    if (pid <= 0 || *verb != ' ')
        return cmd_raise(report, MSG_LIVE_BUSY, NULL,
                         "another command works on domain %u", domid);
    return cmd_raise(report, MSG_LIVE_BUSY, NULL,
                     "'xl-context%s', process %ld, works on domain %u",
                     verb, pid, domid);
}

/* Take the lock, or wait for it a moment. */
static int try_lock(int fd)
{
    const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };

    for (int waited = 0; waited <= WAIT_MS; waited += STEP_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return -1;
        nanosleep(&step, NULL);
    }
    errno = EWOULDBLOCK;
    return -1;
}

/* A descriptor, or -1 with errno; with EWOULDBLOCK *holder is the open file,
 * which names the holder. */
static int take(uint32_t domid, const char *verb, int *holder)
{
    int dirfd = open_folder(), fd, error;
    char name[32];

    *holder = -1;
    if (dirfd < 0)
        return -1;
    snprintf(name, sizeof(name), "domain-%u", domid);
    fd = openat(dirfd, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                0600);
    error = errno;
    close(dirfd);
    if (fd >= 0 && try_lock(fd) == 0) {
        put_holder(fd, verb);
        return fd;
    }
    if (fd >= 0) {
        error = errno;
        *holder = fd;
    }
    errno = error;
    return -1;
}

int domain_lock(struct session *session, uint32_t domid, int *fd)
{
    int holder, result = 0;

    *fd = take(domid, session->verb, &holder);
    if (*fd < 0 && errno == EWOULDBLOCK)
        result = busy(session->report, domid, holder);
    else if (*fd < 0)
        cmd_raise(session->report, MSG_LIVE_UNLOCKED, NULL,
                  "no lock on domain %u, in %s: %s", domid, folder(),
                  strerror(errno));
    if (holder >= 0)
        close(holder);
    return result;
}

/* The file stays: its name could be somebody's lock by the time that we would
 * take it away. */
void domain_unlock(int fd)
{
    if (fd < 0)
        return;
    (void)!ftruncate(fd, 0);
    /* also where a child of ours has the descriptor */
    flock(fd, LOCK_UN);
    close(fd);
}
