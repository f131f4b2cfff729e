/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sandbox.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "broker.h"
#include "raise.h"
#include "sandbox-calls.h"
#include "sanitized.h"

/* "nobody" of every Linux distribution, and the kernel's own for what has no
 * name (overflowuid). */
#define NOBODY 65534

/* The worst input of each kind takes less, two of them for diff, too.  An end
 * by [no-memory] is better than that of another process of dom0 by the
 * kernel. */
#define MEMORY_MAX (UINT64_C(256) << 20)
/* A walk over a terabyte on a pipe takes some ten minutes.  SIGXCPU lets the
 * process remove its temporary file; SIGKILL comes after the grace. */
#define CPU_MAX 3600
#define CPU_GRACE 60
#define FILES_MAX 64
/* Where the kernel cannot close a range, as far as RLIMIT_NOFILE usually
 * goes. */
#define FDS_MAX 1024u

/* Why a build or a run cannot have the layers; NULL: it can.  What looks at
 * the program from inside needs what the program gives up. */
static const char *observed(void)
{
#ifdef SANITIZED
    return "built with sanitizers";
#elif defined(WITH_GCOV)
    return "built to count coverage";
#else
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "/vgpreload_") ? "run by valgrind"
                                                     : NULL;
#endif
}

const char *sandbox_built(void)
{
#ifdef SANITIZED
    return "none, built with sanitizers";
#elif defined(WITH_GCOV)
    return "none, built to count coverage";
#else
    return calls_built() ? "seccomp, Landlock, user, limits"
                         : "Landlock, user, limits; built without seccomp";
#endif
}

/* -- the layers: 0, or -1 with errno -------------------------------------- */

/* One more descriptor that stays open; -1: none. */
static int kept = -1;

void sandbox_keep(int fd)
{
    kept = fd;
}

/* Close from to below end, to the highest there is if that is 0. */
static void close_some(unsigned int from, unsigned int end)
{
#ifdef SYS_close_range
    if (from == end || syscall(SYS_close_range, from, end - 1, 0u) == 0)
        return;
#endif
    /* Linux before 5.9 */
    for (unsigned int fd = from; fd < (end ? end : FDS_MAX); fd++)
        close((int)fd);
}

/* Descriptors that came from our caller, and of libraries. */
static int close_others(void)
{
    int keep[BROKER_FDS + 1], next;
    unsigned int from = 3;

    keep[BROKER_FDS] = kept;
    broker_descriptors(keep);
    do {
        next = -1; /* the lowest of those to come */
        for (int i = 0; i <= BROKER_FDS; i++)
            if (keep[i] >= (int)from && (next < 0 || keep[i] < next))
                next = keep[i];
        close_some(from, next < 0 ? 0 : (unsigned int)next);
        from = (unsigned int)next + 1;
    } while (next >= 0);
    return 0;
}

static int lower(__rlimit_resource_t resource, rlim_t most, rlim_t grace)
{
    struct rlimit limit;

    if (getrlimit(resource, &limit) < 0)
        return -1;
    if (limit.rlim_cur > most)
        limit.rlim_cur = most;
    if (limit.rlim_max > most + grace)
        limit.rlim_max = most + grace;
    return setrlimit(resource, &limit);
}

static int set_limits(void)
{
    return lower(RLIMIT_AS, MEMORY_MAX, 0) < 0 ||
                   lower(RLIMIT_CPU, CPU_MAX, CPU_GRACE) < 0 ||
                   lower(RLIMIT_NPROC, 0, 0) < 0 ||
                   lower(RLIMIT_NOFILE, FILES_MAX, 0) < 0
               ? -1 : 0;
}

static int change_user(void)
{
    if (geteuid() != 0)
        return 0;
    return setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
                   setresuid(NOBODY, NOBODY, NOBODY) < 0
               ? -1 : 0;
}

static pid_t parent; /* 0: it may outlive it */

/* Set anew behind a change of user, which clears it (prctl(2)).  A parent that
 * went before is not noticed by it. */
static int end_with_parent(void)
{
    if (parent == 0)
        return 0;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return -1;
    if (getppid() != parent)
        raise(SIGKILL);
    return 0;
}

void sandbox_end_with(pid_t pid)
{
    parent = pid;
    (void)end_with_parent(); /* without a sandbox, too */
}

static int no_new_privileges(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static const struct layer {
    const char *name;
    int (*apply)(void);
} layers[] = {
    { "descriptors of others", close_others },
    { "limits", set_limits },
    { "another user", change_user },
    { "an end with its parent", end_with_parent },
    { "no new privileges", no_new_privileges },
    { "Landlock", landlock_apply },
    { "seccomp", calls_apply },
};
#define N_LAYERS (sizeof(layers) / sizeof(layers[0]))
#define LANDLOCK (N_LAYERS - 2)
#define SECCOMP (N_LAYERS - 1)

/* ------------------------------------------------------------------------- */

/* What stands in for a layer that is missing needs -v to be told: seccomp for
 * Landlock, which kernels before 5.13 have not; Landlock in a build without
 * seccomp, which --version tells. */
static bool is_replaced(size_t i, const int *missing)
{
    return i == LANDLOCK ? !missing[SECCOMP]
                         : i == SECCOMP && !calls_built() &&
                               !missing[LANDLOCK];
}

static void apply(struct session *session)
{
    const char *why = observed();
    int missing[N_LAYERS] = { 0 }; /* an errno */

    if (why) {
        session_verbose(session, "sandbox: none, %s", why);
        return;
    }
    for (size_t i = 0; i < N_LAYERS; i++)
        if (layers[i].apply() < 0)
            missing[i] = errno;
    for (size_t i = 0; i < N_LAYERS; i++)
        if (missing[i] && (session->verbose || !is_replaced(i, missing)))
            fprintf(stderr, "xl-context: sandbox: without %s: %s\n",
                    layers[i].name, strerror(missing[i]));
}

void sandbox_alone(void)
{
    for (size_t i = 0; !observed() && i < N_LAYERS; i++)
        (void)layers[i].apply();
}

/* What the broker knows; it lasts as long as the process. */
static struct broker_names names;

/* wanted, and extra if it is not NULL, are what it opens for reading. */
static bool start_broker(struct session *session,
                         const struct broker_names *wanted, const char *extra)
{
    const char **in = calloc(wanted->n_in + 1, sizeof(*in));

    names = *wanted;
    names.in = in;
    for (size_t i = 0; in && i < wanted->n_in; i++)
        in[i] = wanted->in[i];
    if (in && extra)
        in[names.n_in++] = extra;
    if (!in || broker_start(&names) < 0) {
        cmd_raise(session->report, MSG_SANDBOX, NULL,
                  "the sandbox cannot be set up: %s", strerror(errno));
        session_tell(session, NULL);
        return false; /* sandbox_leave() frees the names */
    }
    return true;
}

static bool enter(struct session *session,
                  const struct arguments *arguments,
                  const struct broker_names *wanted, const char *extra)
{
    if (arguments->option[OPT_NO_SANDBOX]) {
        fputs("xl-context: no sandbox, as --no-sandbox says\n", stderr);
        return true;
    }
    if (!start_broker(session, wanted, extra))
        return false;
    tzset(); /* which reads a file, once */
    apply(session);
    return true;
}

bool sandbox_enter(struct session *session,
                   const struct arguments *arguments, int n,
                   const char *extra, const char *out)
{
    const struct broker_names wanted = {
        .in = (const char *const *)arguments->operand, .n_in = (size_t)n,
        .out = out,
    };

    return enter(session, arguments, &wanted, extra);
}

bool sandbox_enter_many(struct session *session,
                        const struct arguments *arguments,
                        const char *const *in, size_t n, const char *folder)
{
    const struct broker_names wanted = { .in = in, .n_in = n,
                                         .folder = folder };

    return enter(session, arguments, &wanted, NULL);
}

void sandbox_leave(void)
{
    broker_stop();
    free((void *)names.in);
    names.in = NULL;
}
