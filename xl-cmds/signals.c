/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sanitized.h"

/* Signals that are sent to end the program; the last one by the kernel, for
 * the limit of processor time. */
static const int deadly[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU };
/* Signals that would stop it while a domain waits. */
static const int stopping[] = { SIGTSTP, SIGTTIN, SIGTTOU };

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* All that a handler reads: written only while the signals are blocked. */
static struct {
    volatile sig_atomic_t active;
    int dirfd;
    char name[NAME_MAX + 1];
    volatile sig_atomic_t elsewhere; /* the socket, or 0 */
} temp;
static volatile sig_atomic_t held, caught;
static volatile pid_t children[CHILDREN_MAX]; /* 0: none */
static sigset_t outside; /* the mask that signals_hold() replaced */

static void deadly_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < LENGTH(deadly); i++)
        sigaddset(set, deadly[i]);
}

/* How long another process is waited for: a stopped one, or one whose disk
 * does not answer, must not make this one live forever. */
#define NAP_MS 10
#define NAPS 100

/* Wait until the process that holds the temporary file has removed it and is
 * gone; it does so in any case. */
static void let_go(int fd)
{
    struct pollfd end = { .fd = fd, .events = POLLIN };
    char byte;

    shutdown(fd, SHUT_WR);
    while (poll(&end, 1, NAPS * NAP_MS) > 0 && read(fd, &byte, 1) > 0)
        ;
}

void temp_remove(void)
{
    if (temp.active)
        unlinkat(temp.dirfd, temp.name, 0);
    if (temp.elsewhere)
        let_go(temp.elsewhere);
}

/* Wait for a process that was told to end, and kill it when no naps are left:
 * its wait status. */
static int see_end(pid_t pid, int *naps)
{
    const struct timespec nap = { 0, NAP_MS * 1000000L };
    int status = 0;
    pid_t seen;

    for (;;) {
        if (*naps == 0)
            kill(pid, SIGKILL);
        seen = waitpid(pid, &status, *naps > 0 ? WNOHANG : 0);
        if (seen > 0 || (seen < 0 && errno != EINTR))
            return status;
        if (seen == 0) {
            nanosleep(&nap, NULL);
            --*naps;
        }
    }
}

/* They have temporary files of their own. */
static void end_children(void)
{
    int naps = NAPS;

    for (int i = 0; i < CHILDREN_MAX; i++)
        if (children[i])
            kill(children[i], SIGTERM);
    for (int i = 0; i < CHILDREN_MAX; i++)
        if (children[i])
            see_end(children[i], &naps);
}

static void on_deadly(int number)
{
    int saved = errno;

    if (held) {
        caught = number;
        errno = saved;
        return;
    }
    temp_remove();
    end_children();
    /* Die of the signal itself, so that the parent sees it.  It is blocked
     * until this handler returns. */
    signal(number, SIG_DFL);
    raise(number);
}

/* What does not fit into a pipe that does not block is lost to stdio.  That is
 * a flag of the pipe's end, which others have, too: another end of our own. */
static void let_wait(int fd, int flags)
{
    char name[sizeof("/proc/self/fd/1")];
    struct stat status;
    int own;

    if (fstat(fd, &status) < 0 ||
        !(S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)))
        return;
    snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    /* does not wait for a reader to come */
    own = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (own < 0)
        return;
    if (fcntl(own, F_SETFL, flags & ~O_NONBLOCK) == 0)
        dup2(own, fd);
    close(own);
}

/* A closed descriptor 0, 1 or 2 would be handed to the first file opened,
 * and our words would go into it.  The opposite direction of /dev/null makes
 * using it an error. */
static void hold_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        int flags = fcntl(fd, F_GETFL);

        if (flags < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        else if (flags >= 0 && flags & O_NONBLOCK && fd != 0)
            let_wait(fd, flags);
    }
}

/* The state of a guest, or its memory, is nothing for a core dump, nor for
 * another process of the same user.  The leak sanitizer is one. */
static void keep_memory_private(void)
{
    const struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_CORE, &none);
#ifndef SANITIZED
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

void program_start(void)
{
    struct sigaction action = { .sa_handler = on_deadly };
    struct sigaction before;

    hold_standard_descriptors();
    keep_memory_private();
    /* One write a line, also where lines mix with another program's. */
    setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
    /* A reader that has gone is an error of write(), not our end. */
    signal(SIGPIPE, SIG_IGN);
    /* So is a file that has become as long as it may. */
    signal(SIGXFSZ, SIG_IGN);
    deadly_set(&action.sa_mask);
    for (size_t i = 0; i < LENGTH(deadly); i++)
        if (sigaction(deadly[i], NULL, &before) == 0 &&
            before.sa_handler != SIG_IGN)
            sigaction(deadly[i], &action, NULL);
}

int temp_create(int dirfd, const char *name)
{
    sigset_t set, old;
    int fd, saved;

    deadly_set(&set);
    sigprocmask(SIG_BLOCK, &set, &old);
    fd = openat(dirfd, name,
                O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    saved = errno;
    if (fd >= 0) {
        temp.dirfd = dirfd;
        snprintf(temp.name, sizeof(temp.name), "%s", name);
        temp.active = 1;
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    errno = saved;
    return fd;
}

void temp_forget(void)
{
    temp.active = 0;
}

void temp_elsewhere(int fd)
{
    temp.elsewhere = fd;
}

static void put_child(pid_t from, pid_t to)
{
    for (int i = 0; i < CHILDREN_MAX; i++)
        if (children[i] == from) {
            children[i] = to;
            return;
        }
}

pid_t child_fork(void)
{
    sigset_t set, old;
    pid_t pid;

    deadly_set(&set);
    sigprocmask(SIG_BLOCK, &set, &old);
    pid = fork();
    if (pid > 0)
        put_child(0, pid);
    for (int i = 0; pid == 0 && i < CHILDREN_MAX; i++)
        children[i] = 0;
    sigprocmask(SIG_SETMASK, &old, NULL);
    return pid;
}

int child_end(pid_t pid, bool now)
{
    int status = 0, naps = NAPS;

    if (now) {
        kill(pid, SIGTERM);
        status = see_end(pid, &naps);
    } else {
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
    }
    put_child(pid, 0);
    return status;
}

static int other_side = -1; /* the socket of signals_ignore() */

static void on_alarm(int number)
{
    (void)number; /* open() ends with EINTR, that is all */
}

void signals_ignore(int socket)
{
    const struct sigaction action = { .sa_handler = on_alarm };

    for (size_t i = 0; i < LENGTH(deadly); i++)
        signal(deadly[i], SIG_IGN);
    sigaction(SIGALRM, &action, NULL);
    other_side = socket;
}

static bool other_side_is_gone(void)
{
    struct pollfd ask = { .fd = other_side, .events = POLLRDHUP };

    return poll(&ask, 1, 0) > 0 &&
           ask.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

/* Whoever waits for us to let go of a temporary file has no other way to end
 * such an open(): a timer that fires again and again leaves no moment in which
 * it could be missed. */
static int open_asking(const char *path, int flags)
{
    const struct itimerval often = { { 0, 100000 }, { 0, 100000 } };
    const struct itimerval never = { { 0, 0 }, { 0, 0 } };
    int fd, number;

    setitimer(ITIMER_REAL, &often, NULL);
    do
        fd = open(path, flags);
    while (fd < 0 && errno == EINTR && !other_side_is_gone());
    number = errno;
    setitimer(ITIMER_REAL, &never, NULL);
    errno = number;
    return fd;
}

int signals_open(const char *path, int flags)
{
    struct stat status;

    return other_side >= 0 && stat(path, &status) == 0 &&
                   !S_ISREG(status.st_mode)
               ? open_asking(path, flags)
               : open(path, flags);
}

void signals_hold(void)
{
    sigset_t set;

    deadly_set(&set);
    for (size_t i = 0; i < LENGTH(stopping); i++)
        sigaddset(&set, stopping[i]);
    caught = 0;
    sigprocmask(SIG_BLOCK, &set, &outside);
    held = 1;
}

void signals_release(void)
{
    int number = caught;

    if (!held)
        return;
    held = 0;
    if (number) {
        signal(number, SIG_DFL);
        raise(number);
    }
    sigprocmask(SIG_SETMASK, &outside, NULL);
}

bool signals_caught(void)
{
    sigset_t pending;

    if (!held)
        return false;
    if (caught)
        return true;
    sigemptyset(&pending);
    sigpending(&pending);
    for (size_t i = 0; i < LENGTH(deadly); i++)
        if (sigismember(&pending, deadly[i]))
            return true;
    return false;
}

size_t signals_wait_writable(int fd, size_t size)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

    if (!held)
        return size;
    /* The mask of ppoll() lets the signals through just while it waits. */
    while (ppoll(&poll_fd, 1, NULL, &outside) < 0)
        if (errno != EINTR || caught)
            break;
    if (caught)
        return 0;
    /* POLLOUT of a pipe promises PIPE_BUF bytes, no more. */
    return size < PIPE_BUF ? size : PIPE_BUF;
}
