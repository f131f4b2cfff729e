/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "sandbox-calls.h"

#include <errno.h>

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What strace shows of all verbs on files and pipes, and what the C library
 * may do in their place.  All by descriptors: nothing here takes a name. */
static const int plain[] = {
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write),
    SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(_llseek),
    SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(close), SCMP_SYS(dup),
    SCMP_SYS(splice), SCMP_SYS(copy_file_range), SCMP_SYS(ftruncate),
    SCMP_SYS(ftruncate64), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
    SCMP_SYS(sync_file_range), SCMP_SYS(sync_file_range2),
    SCMP_SYS(fadvise64), SCMP_SYS(fadvise64_64), SCMP_SYS(arm_fadvise64_64),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64),
    /* the broker: messages on its socket, and its end */
    SCMP_SYS(sendmsg), SCMP_SYS(recvmsg), SCMP_SYS(shutdown),
    SCMP_SYS(wait4), SCMP_SYS(waitid),
    /* memory, time, chance */
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    /* signals, and the end */
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigpending), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn),
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(restart_syscall),
    SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(rseq),
    SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Those of which an argument says the kind. */
static const struct {
    int call;
    struct scmp_arg_cmp when;
} some[] = {
    { SCMP_SYS(fcntl), { 1, SCMP_CMP_EQ, F_DUPFD_CLOEXEC, 0 } },
    { SCMP_SYS(fcntl), { 1, SCMP_CMP_EQ, F_GETFD, 0 } },
    { SCMP_SYS(fcntl), { 1, SCMP_CMP_EQ, F_GETFL, 0 } },
    { SCMP_SYS(fcntl), { 1, SCMP_CMP_EQ, F_SETPIPE_SZ, 0 } },
    { SCMP_SYS(ioctl), { 1, SCMP_CMP_EQ, TCGETS, 0 } },
    { SCMP_SYS(ioctl), { 1, SCMP_CMP_EQ, FICLONERANGE, 0 } },
    /* no code that came in as data */
    { SCMP_SYS(mmap), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
    { SCMP_SYS(mmap2), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
    { SCMP_SYS(mprotect), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
    /* fstat() of newer C libraries; of names it tells little, and nothing
     * where another user is what we are */
    { SCMP_SYS(newfstatat), { 3, SCMP_CMP_EQ, AT_EMPTY_PATH, 0 } },
};

#define N_PLAIN (sizeof(plain) / sizeof(plain[0]))
#define N_SOME (sizeof(some) / sizeof(some[0]))

/* raise(), for the signal to die of. */
static struct scmp_arg_cmp us(void)
{
    return (struct scmp_arg_cmp){ 0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0 };
}

/* An error, and not the end, for all else: a C library that tries something
 * new takes it for a kernel that has it not. */
#define REFUSAL EPERM

/* -- the filter, made here ------------------------------------------------ */

/* Where the words of an argument are known.  libseccomp takes as long for so
 * many rules as a whole command takes: it copies all it has for each one. */
#if defined(__x86_64__) && defined(__LP64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__LP64__) && !defined(__AARCH64EB__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_ARCH

#define STEPS_OF_ONE 9   /* for a call with an argument */
#define STEPS_MAX (5 + 2 * N_PLAIN + STEPS_OF_ONE * (N_SOME + 1))

struct filter {
    struct sock_filter step[STEPS_MAX];
    unsigned short n;
};

static void add(struct filter *filter, unsigned int code, uint32_t value,
                unsigned int yes, unsigned int no)
{
    filter->step[filter->n++] = (struct sock_filter){
        .code = (uint16_t)code, .jt = (uint8_t)yes, .jf = (uint8_t)no,
        .k = value,
    };
}

static void load(struct filter *filter, size_t offset)
{
    add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* If what was loaded is not the value, so many steps are left out. */
static void want(struct filter *filter, uint32_t value, unsigned int skip)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}

static void mask(struct filter *filter, uint64_t bits)
{
    add(filter, BPF_ALU | BPF_AND | BPF_K, (uint32_t)bits, 0, 0);
}

static void end(struct filter *filter, uint32_t action)
{
    add(filter, BPF_RET | BPF_K, action, 0, 0);
}

/* The number of the call is loaded, before and after. */
static void allow_when(struct filter *filter, int call,
                       const struct scmp_arg_cmp *when)
{
    const size_t word = sizeof(uint32_t);
    bool masked = when->op == SCMP_CMP_MASKED_EQ;
    uint64_t bits = masked ? when->datum_a : UINT64_MAX;
    uint64_t value = masked ? when->datum_b : when->datum_a;
    size_t at = offsetof(struct seccomp_data, args) + when->arg * 2 * word;

    if (call < 0)
        return; /* not of this architecture */
    want(filter, (uint32_t)call, STEPS_OF_ONE - 1);
    load(filter, at);
    mask(filter, bits);
    want(filter, (uint32_t)value, 4);
    load(filter, at + word);
    mask(filter, bits >> 32);
    want(filter, (uint32_t)(value >> 32), 1);
    end(filter, SECCOMP_RET_ALLOW);
    load(filter, offsetof(struct seccomp_data, nr));
}

static void make(struct filter *filter)
{
    const struct scmp_arg_cmp ours = us();

    load(filter, offsetof(struct seccomp_data, arch));
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
    end(filter, SECCOMP_RET_KILL);
    load(filter, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < N_PLAIN; i++) {
        if (plain[i] < 0)
            continue;
        want(filter, (uint32_t)plain[i], 1);
        end(filter, SECCOMP_RET_ALLOW);
    }
    allow_when(filter, SCMP_SYS(tgkill), &ours);
    for (size_t i = 0; i < N_SOME; i++)
        allow_when(filter, some[i].call, &some[i].when);
    end(filter, SECCOMP_RET_ERRNO | REFUSAL);
}

int calls_apply(void)
{
    struct filter filter = { .n = 0 };
    struct sock_fprog program = { .filter = filter.step };

    make(&filter);
    program.len = filter.n;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &program) < 0
               ? -1 : 0;
}

/* -- the filter, made by libseccomp --------------------------------------- */

#else

static int allow_some(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp ours = us();
    int bad = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
                                     SCMP_SYS(tgkill), 1, &ours);

    for (size_t i = 0; i < N_SOME; i++)
        bad |= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, some[i].call, 1,
                                      &some[i].when);
    return bad;
}

int calls_apply(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(REFUSAL));
    int bad = 0, result;

    if (!filter) {
        errno = ENOMEM;
        return -1;
    }
    for (size_t i = 0; i < N_PLAIN; i++)
        bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0);
    bad |= allow_some(filter);
    result = bad ? -EINVAL : seccomp_load(filter);
    seccomp_release(filter);
    errno = -result;
    return result < 0 ? -1 : 0;
}

#endif

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
