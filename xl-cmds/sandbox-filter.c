/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write the sandbox's filter of system calls as instructions in C.
 *
 * It runs when the project is built: libseccomp makes the filter in 585,000
 * instructions, and a whole conversion without it takes 1,230,000.
 */
#include <config.h>

#include "sandbox-calls.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

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

/* System calls that are allowed by an argument. */
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

static int allow_some(scmp_filter_ctx filter)
{
    /* raise(), for the signal to die of */
    const struct scmp_arg_cmp us = { 0, SCMP_CMP_EQ, CALLS_PID, 0 };
    int bad = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
                                     SCMP_SYS(tgkill), 1, &us);

    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
        bad |= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, some[i].call, 1,
                                      &some[i].when);
    return bad;
}

/* An error, and not the end, for all else: a C library that tries something
 * new takes it for a kernel that has it not. */
static int make(FILE *to)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int bad = filter ? 0 : -1;

    for (size_t i = 0; filter && i < sizeof(plain) / sizeof(plain[0]); i++)
        bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0);
    if (filter)
        bad |= allow_some(filter);
    if (bad == 0)
        bad = seccomp_export_bpf(filter, fileno(to));
    seccomp_release(filter);
    return bad;
}

int main(void)
{
    FILE *made = tmpfile();
    struct sock_filter code;

    if (!made || make(made) != 0 || fseek(made, 0, SEEK_SET) != 0)
        return 1;
    while (fread(&code, sizeof(code), 1, made) == 1)
        printf("{ 0x%" PRIx16 ", %" PRIu8 ", %" PRIu8 ", 0x%" PRIx32 " },\n",
               code.code, code.jt, code.jf, code.k);
    return ferror(made) || fclose(made) != 0 || fclose(stdout) != 0;
}
