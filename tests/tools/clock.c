/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: the program's time, which is counted, so that a slow machine
 * changes nothing.  A look at the clock takes CLOCK_LOOK nanoseconds, a
 * microsecond unless given; a nap takes what it is to take, and is over
 * - after a look whether a child has ended: once it has;
 * - while the fake Xen's world has a file "stand": once that is taken away;
 *   the world's file "naps" has a line for each that stood;
 * - else at once.
 * The limit of a wait for an answer is over once a call of the fake libraries
 * hangs, and never before; that of a wait for a file never.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern int clock_over;
int clock_over;                 /* set by the fake libraries */

#define LIMIT_S 60              /* as xl-cmds/watch.c has it */
#define SLICE_NS 5000000
#define SLICE_US (SLICE_NS / 1000)
#define SECOND_NS 1000000000
#define LOOK_NS 1000
#define NAP_US 1000             /* others may do something meanwhile */

static uint64_t passed = 1000 * (uint64_t)SECOND_NS;

static uint64_t pass(uint64_t ns)
{
    return __atomic_add_fetch(&passed, ns, __ATOMIC_SEQ_CST);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const char *look = getenv("CLOCK_LOOK");
    uint64_t ns;

    if (clock != CLOCK_MONOTONIC)
        return (int)syscall(SYS_clock_gettime, clock, now);
    ns = pass(look ? strtoul(look, NULL, 10) : LOOK_NS);
    *now = (struct timespec){ .tv_sec = (time_t)(ns / SECOND_NS),
                              .tv_nsec = (long)(ns % SECOND_NS) };
    return 0;
}

static int of_world(const char *name, int flags)
{
    const char *folder = getenv("FAKE_XEN");
    char path[512];

    if (!folder || (size_t)snprintf(path, sizeof(path), "%s/%s", folder,
                                    name) >= sizeof(path))
        return -1;
    return open(path, flags | O_CLOEXEC, 0600);
}

static int stands(void)
{
    int fd = of_world("stand", O_RDONLY);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void stand(void)
{
    int fd = of_world("naps", O_WRONLY | O_CREAT | O_APPEND);

    if (fd < 0 || write(fd, "nap\n", 4) != 4)
        abort();
    close(fd);
    while (stands())
        usleep(SLICE_US);
}

static pid_t looked_for;

pid_t waitpid(pid_t child, int *status, int options)
{
    if (options & WNOHANG)
        looked_for = child;
    return wait4(child, status, options, NULL);
}

int nanosleep(const struct timespec *nap, struct timespec *left)
{
    siginfo_t info;

    (void)left;
    usleep(NAP_US);
    if (looked_for > 0)
        while (waitid(P_PID, (id_t)looked_for, &info, WEXITED | WNOWAIT) < 0 &&
               errno == EINTR)
            ;
    looked_for = 0;
    if (stands())
        stand();
    pass((uint64_t)nap->tv_sec * SECOND_NS + (uint64_t)nap->tv_nsec);
    return 0;
}

int poll(struct pollfd *files, nfds_t n, int limit)
{
    const struct timespec none = { 0, 0 };

    return ppoll(files, n, limit == 0 ? &none : NULL, NULL);
}

typedef int wait_until(pthread_cond_t *changed, pthread_mutex_t *mutex,
                       const struct timespec *until);

int pthread_cond_timedwait(pthread_cond_t *changed, pthread_mutex_t *mutex,
                           const struct timespec *until)
{
    void *next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    wait_until *wait = *(wait_until **)&next;
    time_t now = (time_t)(pass(0) / SECOND_NS);
    struct timespec slice;
    int result;

    if (until->tv_sec < now + LIMIT_S / 2 || until->tv_sec > now + LIMIT_S)
        abort();
    do {
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &slice);
        slice.tv_nsec += SLICE_NS;
        slice.tv_sec += slice.tv_nsec / SECOND_NS;
        slice.tv_nsec %= SECOND_NS;
        result = wait(changed, mutex, &slice);
    } while (result == ETIMEDOUT &&
             !__atomic_load_n(&clock_over, __ATOMIC_SEQ_CST));
    return result;
}
