/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "sandbox-calls.h"

#include <errno.h>

#ifdef HAVE_SECCOMP

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* As sandbox-filter.c made it. */
static const struct sock_filter made[] = {
#include "sandbox-filter.h"
};

int calls_apply(void)
{
    struct sock_filter filter[sizeof(made) / sizeof(made[0])];
    struct sock_fprog program = {
        .len = sizeof(made) / sizeof(made[0]), .filter = filter,
    };
    const unsigned int compare = BPF_JMP | BPF_JEQ | BPF_K;

    memcpy(filter, made, sizeof(made));
    for (size_t i = 0; i < program.len; i++)
        if (filter[i].code == compare && filter[i].k == CALLS_PID)
            filter[i].k = (unsigned int)getpid();
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

bool calls_built(void)
{
    return true;
}

#else

int calls_apply(void)
{
    errno = ENOTSUP;
    return -1;
}

bool calls_built(void)
{
    return false;
}

#endif
