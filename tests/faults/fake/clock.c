/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: the limits of a wait are over once a call of the fake libraries
 * hangs, and never before, however slow the machine is.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

extern int clock_over;
int clock_over;                 /* set by the fake libraries */

#define LIMIT_S 60              /* as xl-cmds/watch.c has it */
#define SLICE_NS 5000000
#define SECOND_NS 1000000000

typedef int wait_until(pthread_cond_t *changed, pthread_mutex_t *mutex,
                       const struct timespec *until);

int pthread_cond_timedwait(pthread_cond_t *changed, pthread_mutex_t *mutex,
                           const struct timespec *until)
{
    void *next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    wait_until *wait = *(wait_until **)&next;
    struct timespec slice;
    int result;

    clock_gettime(CLOCK_MONOTONIC, &slice);
    if (until->tv_sec < slice.tv_sec + LIMIT_S / 2 ||
        until->tv_sec > slice.tv_sec + LIMIT_S)
        abort();
    do {
        slice.tv_nsec += SLICE_NS;
        slice.tv_sec += slice.tv_nsec / SECOND_NS;
        slice.tv_nsec %= SECOND_NS;
        result = wait(changed, mutex, &slice);
        clock_gettime(CLOCK_MONOTONIC, &slice);
    } while (result == ETIMEDOUT &&
             !__atomic_load_n(&clock_over, __ATOMIC_SEQ_CST));
    return result;
}
