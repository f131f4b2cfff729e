/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The whole user space of a test guest: one static program, run as
 * /init from an initramfs.
 *
 * Each vCPU gets two processes pinned to it.  The first prints a
 * counter once a second, so that a vCPU that is never woken again is
 * seen as a counter that stands still while the other goes on.  The
 * second makes interrupts: it sleeps for a few milliseconds at a time
 * (timer) and wakes its peer on the next vCPU through a pipe (IPI).
 *
 * Lines on the console:
 *   ready NCPUS
 *   cpuN COUNT pat HEX sys HEX [mtrr LINE;LINE]
 * where pat is MSR 0x277 as vCPU N reads it, sys is MSR 0x176, a register
 * that no 64-bit AMD guest uses, and mtrr is /proc/mtrr without its spaces.
 * One line a second, because each write costs an emulated guest dearly.
 *
 * Kernel command line: pat=HEX|keep, load=MICROSECONDS (0: none).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAX_CPUS 8
#define MSR_SYSENTER_EIP 0x176
#define MSR_PAT 0x277

static int msr_fd[MAX_CPUS];

static void say(const char *fmt, ...)
{
    char line[512];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    if (n >= (int)sizeof(line))
        n = (int)sizeof(line) - 1;
    /* One write per line: lines of several processes do not mix. */
    if (n > 0 && write(1, line, (size_t)n) < 0)
        _exit(1);
}

static size_t slurp(const char *path, char *buf, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 0;

    if (fd >= 0) {
        n = read(fd, buf, size - 1);
        close(fd);
    }
    if (n < 0)
        n = 0;
    buf[n] = '\0';
    return (size_t)n;
}

static void spit(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        if (write(fd, text, strlen(text)) < 0)
            say("note %s: %s\n", path, strerror(errno));
        close(fd);
    }
}

static void load_module(const char *path, const char *args)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    if (syscall(SYS_finit_module, fd, args, 0) != 0)
        say("note %s: %s\n", path, strerror(errno));
    close(fd);
}

static int wrmsr(int cpu, uint32_t msr, uint64_t value)
{
    return pwrite(msr_fd[cpu], &value, sizeof(value), msr) == 8 ? 0 : -1;
}

static const char *show_msr(int cpu, uint32_t msr, char text[20])
{
    uint64_t value;

    if (pread(msr_fd[cpu], &value, sizeof(value), msr) == 8)
        snprintf(text, 20, "%016llx", (unsigned long long)value);
    else
        snprintf(text, 20, "none");
    return text;
}

static const char *show_mtrr(char *out, size_t size)
{
    char raw[1024];
    size_t i, o = 0, n = slurp("/proc/mtrr", raw, sizeof(raw));

    for (i = 0; i < n && o + 1 < size; i++) {
        if (raw[i] == '\n')
            out[o++] = ';';
        else if (raw[i] != ' ')
            out[o++] = raw[i];
    }
    out[o] = '\0';
    return o ? out : "none";
}

static void pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set) != 0)
        say("note pin to %d: %s\n", cpu, strerror(errno));
}

static void nap(long usec)
{
    struct timespec ts = { usec / 1000000, usec % 1000000 * 1000 };

    nanosleep(&ts, NULL);
}

static void counter(int cpu)
{
    char pat[20], sys[20], mtrr[400];
    unsigned long count;

    pin(cpu);
    for (count = 1;; count++) {
        show_msr(cpu, MSR_PAT, pat);
        show_msr(cpu, MSR_SYSENTER_EIP, sys);
        if (cpu == 0)
            say("cpu0 %lu pat %s sys %s mtrr %s\n", count, pat, sys,
                show_mtrr(mtrr, sizeof(mtrr)));
        else
            say("cpu%d %lu pat %s sys %s\n", cpu, count, pat, sys);
        nap(1000000);
    }
}

/* Wakes the next vCPU's process, then waits to be woken in its turn. */
static void load(int cpu, int in, int out, long usec)
{
    char token = 'x';

    pin(cpu);
    if (cpu == 0 && write(out, &token, 1) != 1)
        _exit(1);
    while (read(in, &token, 1) == 1) {
        nap(usec);
        if (write(out, &token, 1) != 1)
            break;
    }
    _exit(1);
}

/* Timer interrupts that wait for nobody. */
static void ticker(int cpu, long usec)
{
    pin(cpu);
    for (;;)
        nap(usec);
}

static void set_up(void)
{
    mkdir("/proc", 0755);
    mkdir("/sys", 0755);
    mkdir("/dev", 0755);
    mount("proc", "/proc", "proc", 0, NULL);
    mount("sysfs", "/sys", "sysfs", 0, NULL);
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    if (open("/dev/console", O_RDWR) >= 0) {
        dup2(open("/dev/console", O_RDWR), 0);
        dup2(0, 1);
        dup2(0, 2);
    }
    spit("/sys/devices/system/cpu/cpu1/online", "1");
    load_module("/msr.ko", "allow_writes=on");
}

static void set_pat(int cpus, const char *arg)
{
    /* Linux' own choice on bare hardware; not the reset value. */
    uint64_t pat = 0x0407050600070106u;
    int cpu;

    if (arg && strncmp(arg, "pat=keep", 8) == 0)
        return;
    if (arg)
        pat = strtoull(arg + 4, NULL, 16);
    for (cpu = 0; cpu < cpus; cpu++)
        if (wrmsr(cpu, MSR_PAT, pat) != 0)
            say("note pat%d: %s\n", cpu, strerror(errno));
}

static void start_load(int cpus, long usec)
{
    int pipes[MAX_CPUS][2];
    int cpu;

    for (cpu = 0; cpu < cpus; cpu++)
        if (pipe(pipes[cpu]) != 0)
            return;
    for (cpu = 0; cpu < cpus; cpu++) {
        if (fork() == 0)
            load(cpu, pipes[cpu][0], pipes[(cpu + 1) % cpus][1], usec);
        if (fork() == 0)
            ticker(cpu, usec * 3 / 2);
    }
}

int main(void)
{
    char cmdline[2048], path[64];
    const char *arg;
    long usec = 100000;
    int cpu, cpus;

    set_up();
    slurp("/proc/cmdline", cmdline, sizeof(cmdline));
    cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (cpus > MAX_CPUS)
        cpus = MAX_CPUS;
    for (cpu = 0; cpu < cpus; cpu++) {
        snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
        msr_fd[cpu] = open(path, O_RDWR | O_CLOEXEC);
    }
    set_pat(cpus, strstr(cmdline, "pat="));
    arg = strstr(cmdline, "load=");
    if (arg)
        usec = strtol(arg + 5, NULL, 10);
    say("\nready %d\n", cpus);
    if (usec > 0)
        start_load(cpus, usec);
    for (cpu = 0; cpu < cpus; cpu++)
        if (fork() == 0)
            counter(cpu);
    for (;;)
        pause();
}
