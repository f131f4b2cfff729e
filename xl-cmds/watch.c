/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "raise.h"
#include "signals.h"

/* A call takes milliseconds, on a host that swaps some seconds.  No guest is
 * to stand still longer than its watchdogs wait, which is minutes. */
#define LIMIT_S 60

static struct {
    pthread_t thread;
    bool runs;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* under the mutex */
    bool stop;
    bool done;                  /* nothing but the connection is left */
    const char *what;           /* the call; NULL: there is none */
    struct timespec until;
    /* not changed while the thread runs, but for the keeper under the mutex */
    struct session *session;
    const char *domain;
    const struct live *live;
    watch_keep *keep;
    void *keep_arg;
} watch = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static int tell(domctx_report *report, const struct xlcontext_held *held)
{
    if (!held->paused || watch.done)
        return cmd_raise(report, MSG_LIVE_NO_ANSWER, NULL,
                         "%s has had no answer for %d s", watch.what,
                         LIMIT_S);
    return cmd_raise(report, MSG_LIVE_NO_ANSWER_PAUSED, NULL,
                     "%s has had no answer for %d s, and domain %u stands "
                     "paused by it; when the host answers again, "
                     "'xl unpause %u'", watch.what, LIMIT_S, held->domid,
                     held->domid);
}

/* The mutex is held: if the call comes back after all, it waits here for the
 * end. */
__attribute__((noreturn))
static void give_up(void)
{
    struct xlcontext_held held = { .paused = false };
    struct session session;
    int status = EXIT_USAGE;

    if (watch.live->hold)
        watch.live->hold(watch.live->xlc, &held);
    if (watch.done) {
        /* the work is done: what came of it counts */
        session_tell(watch.session, watch.domain);
        tell(watch.session->report, &held);
        session_tell_as(watch.session, watch.domain, DOMCTX_NOTE);
        fflush(stdout);
        temp_remove();
        _exit(session_status(watch.session));
    }
    if (session_open(&session, watch.session->call)) {
        tell(session.report, &held);
        session_tell(&session, watch.domain);
        if (held.rollback && watch.keep)
            watch.keep(&session, watch.keep_arg, &held);
        status = session_status(&session);
    }
    temp_remove();
    _exit(status);
}

static void *look(void *arg)
{
    int result;

    pthread_mutex_lock(&watch.mutex);
    while (!watch.stop) {
        if (!watch.what) {
            pthread_cond_wait(&watch.changed, &watch.mutex);
            continue;
        }
        result = pthread_cond_timedwait(&watch.changed, &watch.mutex,
                                        &watch.until);
        if (result != 0 && watch.what && !watch.stop)
            give_up();
    }
    pthread_mutex_unlock(&watch.mutex);
    return arg;
}

/* Signals are for the thread that works. */
static int start_thread(void)
{
    pthread_condattr_t monotonic;
    sigset_t all, before;
    int error;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch.changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&watch.thread, NULL, look, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

void watch_start(struct session *session, const struct live *live,
                 const char *domain)
{
    int error;

    watch.stop = false;
    watch.what = NULL;
    watch.keep = NULL;
    watch.done = false;
    watch.session = session;
    watch.domain = domain;
    watch.live = live;
    error = start_thread();
    watch.runs = error == 0;
    if (error)
        session_verbose(session, "cannot limit the wait for an answer: %s",
                        strerror(error));
}

void watch_stop(void)
{
    if (!watch.runs)
        return;
    pthread_mutex_lock(&watch.mutex);
    watch.stop = true;
    pthread_cond_signal(&watch.changed);
    pthread_mutex_unlock(&watch.mutex);
    pthread_join(watch.thread, NULL);
    pthread_cond_destroy(&watch.changed);
    watch.runs = false;
}

void watch_keeper(watch_keep *keep, void *arg)
{
    pthread_mutex_lock(&watch.mutex);
    watch.keep = keep;
    watch.keep_arg = arg;
    pthread_mutex_unlock(&watch.mutex);
}

static void set_until(void)
{
    clock_gettime(CLOCK_MONOTONIC, &watch.until);
    watch.until.tv_sec += LIMIT_S;
}

void watch_done(void)
{
    pthread_mutex_lock(&watch.mutex);
    watch.done = true;
    pthread_mutex_unlock(&watch.mutex);
}

void watch_begin(const char *what)
{
    if (!watch.runs)
        return;
    pthread_mutex_lock(&watch.mutex);
    watch.what = what;
    set_until();
    pthread_cond_signal(&watch.changed);
    pthread_mutex_unlock(&watch.mutex);
}

void watch_end(void)
{
    if (!watch.runs)
        return;
    pthread_mutex_lock(&watch.mutex);
    watch.what = NULL;
    pthread_cond_signal(&watch.changed);
    pthread_mutex_unlock(&watch.mutex);
}
