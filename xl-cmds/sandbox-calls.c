/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "sandbox-calls.h"

#include <errno.h>

#ifdef HAVE_SECCOMP

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The machine whose numbers of system calls SCMP_SYS() gives. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define MACHINE AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define MACHINE AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MACHINE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define MACHINE AUDIT_ARCH_S390X
#endif
#endif

#ifdef MACHINE

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

/* System calls that are allowed by an argument, if its bits in mask are those
 * of value. */
static const struct some {
    int call;
    unsigned int argument;
    uint32_t mask, value;
} some[] = {
    { SCMP_SYS(fcntl), 1, UINT32_MAX, F_DUPFD_CLOEXEC },
    { SCMP_SYS(fcntl), 1, UINT32_MAX, F_GETFD },
    { SCMP_SYS(fcntl), 1, UINT32_MAX, F_GETFL },
    { SCMP_SYS(fcntl), 1, UINT32_MAX, F_SETPIPE_SZ },
    { SCMP_SYS(ioctl), 1, UINT32_MAX, TCGETS },
    { SCMP_SYS(ioctl), 1, UINT32_MAX, FICLONERANGE },
    /* no code that came in as data */
    { SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
    { SCMP_SYS(mmap2), 2, PROT_EXEC, 0 },
    { SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
    /* fstat() of newer C libraries; of names it tells little, and nothing
     * where another user is what we are */
    { SCMP_SYS(newfstatat), 3, UINT32_MAX, AT_EMPTY_PATH },
    /* the broker's messages, where all of a socket is one call */
    { SCMP_SYS(socketcall), 0, UINT32_MAX, SYS_SENDMSG },
    { SCMP_SYS(socketcall), 0, UINT32_MAX, SYS_RECVMSG },
    { SCMP_SYS(socketcall), 0, UINT32_MAX, SYS_SHUTDOWN },
};

/* ------------------------------------------------------------------------- */

/*
 * The filter.  libseccomp's own takes half as many instructions to be made as
 * the whole program to convert a context, so it is only asked for the numbers
 * of the calls.
 */
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define CODE_MAX (2 * LENGTH(plain) + 9 * (LENGTH(some) + 1) + 6)

struct filter {
    struct sock_filter code[CODE_MAX];
    unsigned short n;
};

static void put(struct filter *filter, uint16_t code, uint32_t k,
                uint8_t if_true, uint8_t if_false)
{
    filter->code[filter->n++] = (struct sock_filter){ code, if_true,
                                                      if_false, k };
}

/* Load the word of struct seccomp_data at that offset. */
static void put_load(struct filter *filter, size_t offset)
{
    put(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void put_end(struct filter *filter, uint32_t action)
{
    put(filter, BPF_RET | BPF_K, action, 0, 0);
}

/* Skip so many instructions unless the word is k. */
static void put_unless(struct filter *filter, uint32_t k, uint8_t skipped)
{
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, k, 0, skipped);
}

/* Those that the machine has not have numbers below 0. */
static void put_plain(struct filter *filter, int call)
{
    if (call < 0)
        return;
    put_unless(filter, (uint32_t)call, 1);
    put_end(filter, SECCOMP_RET_ALLOW);
}

/* Arguments have 64 bits; the bits above a mask of 32 bits must be 0, unless
 * few bits are looked at. */
static void put_some(struct filter *filter, const struct some *row)
{
    const bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    size_t at = offsetof(struct seccomp_data, args) + 8 * row->argument;
    uint32_t upper = row->mask == UINT32_MAX ? UINT32_MAX : 0;

    if (row->call < 0)
        return;
    put_unless(filter, (uint32_t)row->call, 8);
    put_load(filter, at + (big ? 4 : 0));
    put(filter, BPF_ALU | BPF_AND | BPF_K, row->mask, 0, 0);
    put_unless(filter, row->value, 4);
    put_load(filter, at + (big ? 0 : 4));
    put(filter, BPF_ALU | BPF_AND | BPF_K, upper, 0, 0);
    put_unless(filter, 0, 1);
    put_end(filter, SECCOMP_RET_ALLOW);
    put_load(filter, offsetof(struct seccomp_data, nr));
}

static void put_all(struct filter *filter)
{
    /* raise(), for the signal to die of */
    const struct some us = { SCMP_SYS(tgkill), 0, UINT32_MAX,
                             (uint32_t)getpid() };

    put_load(filter, offsetof(struct seccomp_data, arch));
    put_unless(filter, MACHINE, 1);
    put(filter, BPF_JMP | BPF_JA, 1, 0, 0);
    put_end(filter, SECCOMP_RET_KILL);
    put_load(filter, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < LENGTH(plain); i++)
        put_plain(filter, plain[i]);
    put_some(filter, &us);
    for (size_t i = 0; i < LENGTH(some); i++)
        put_some(filter, &some[i]);
    /* An error, and not the end, for all else: a C library that tries
     * something new takes it for a kernel that has it not.  So are calls of
     * x32, whose numbers have a bit of their own. */
    put_end(filter, SECCOMP_RET_ERRNO | EPERM);
}

int calls_apply(void)
{
    struct filter filter = { .n = 0 };
    struct sock_fprog program = { .filter = filter.code };

    put_all(&filter);
    program.len = filter.n;
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
