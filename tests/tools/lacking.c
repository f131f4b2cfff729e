/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lacking LAYER... -- COMMAND...: run it as on a kernel that lacks layers of
 * the sandbox: landlock, seccomp, user.  A filter of system calls refuses
 * those that make them.  Exit status 77 where there can be no such filter.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SYS_LANDLOCK 444u /* landlock_create_ruleset(), on all of them */
#define ANY 0u            /* whatever its first argument is */

static const struct refused {
    const char *layer;
    unsigned int call, first, error;
} refused[] = {
    { "landlock", SYS_LANDLOCK, ANY, ENOSYS },
    { "seccomp", SYS_seccomp, ANY, ENOSYS },
    { "seccomp", SYS_prctl, PR_SET_SECCOMP, EINVAL },
    { "user", SYS_setresuid, ANY, EPERM },
};
#define N_REFUSED (sizeof(refused) / sizeof(refused[0]))

#define LOAD(member) \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
             (unsigned int)offsetof(struct seccomp_data, member))
#define SKIP_UNLESS(value, n) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, n)
#define END(what) BPF_STMT(BPF_RET | BPF_K, what)

/* Statements that refuse it; the low half of an argument is the first on
 * machines of little end. */
#define STATEMENTS 5
static void refuse(const struct refused *it, struct sock_filter *to)
{
    const struct sock_filter made[STATEMENTS] = {
        LOAD(nr), SKIP_UNLESS(it->call, 3), LOAD(args[0]),
        SKIP_UNLESS(it->first, 1), END(SECCOMP_RET_ERRNO | it->error),
    };

    memcpy(to, made, sizeof(made));
    if (it->first == ANY) /* the same number of statements */
        to[3] = (struct sock_filter)BPF_STMT(BPF_MISC | BPF_TAX, 0);
}

static int filter(const struct sock_filter *first, size_t n)
{
    const struct sock_fprog program = {
        .len = (unsigned short)n, .filter = (struct sock_filter *)first };

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
                   prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0
               ? -1 : 0;
}

int main(int argc, char **argv)
{
    struct sock_filter all[N_REFUSED * STATEMENTS + 1];
    size_t n = 0;
    int i = 1;

    for (; i < argc && strcmp(argv[i], "--") != 0; i++)
        for (size_t k = 0; k < N_REFUSED; k++)
            if (strcmp(argv[i], refused[k].layer) == 0 &&
                n < N_REFUSED * STATEMENTS) {
                refuse(&refused[k], all + n);
                n += STATEMENTS;
            }
    if (n == 0 || i + 1 >= argc) {
        fprintf(stderr, "usage: lacking LAYER... -- COMMAND...\n");
        return 2;
    }
    all[n++] = (struct sock_filter)END(SECCOMP_RET_ALLOW);
    if (filter(all, n) < 0) {
        perror("lacking");
        return 77;
    }
    execv(argv[i + 1], argv + i + 1);
    perror(argv[i + 1]);
    return 2;
}
