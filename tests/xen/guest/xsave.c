/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The user space of a guest that has something in its AVX registers: each
 * vCPU's process keeps a value in ymm7 and prints what it finds there, so
 * that a value which a restore brings in is seen.
 *
 * Lines on the console, as guest/init.c has them:
 *   ready NCPUS
 *   cpuN COUNT ymm HEX
 * HEX is the register's number: its highest octet comes first.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define YMM_SIZE 32
/* A second or so in emulation: nearly all of a vCPU's time passes in it. */
#define ROUNDS (1ul << 27)

static void say(const char *line, int length)
{
    if (write(1, line, (size_t)length) != length)
        _exit(1);
}

static void say_ready(int cpus)
{
    char line[32];

    say(line, snprintf(line, sizeof(line), "\nready %d\n", cpus));
}

static void say_ymm(int cpu, unsigned long count, const uint8_t *ymm)
{
    char line[128];
    int i, n = snprintf(line, sizeof(line), "cpu%d %lu ymm ", cpu, count);

    for (i = YMM_SIZE - 1; i >= 0; i--)
        n += snprintf(line + n, sizeof(line) - (size_t)n, "%02x", ymm[i]);
    n += snprintf(line + n, sizeof(line) - (size_t)n, "\n");
    say(line, n);
}

/* In no other place than the register, as long as it lasts. */
static void hold_in_ymm7(uint8_t *ymm)
{
    unsigned long rounds = ROUNDS;

    __asm__ volatile("vmovdqu (%1), %%ymm7\n\t"
                     "1: dec %0\n\t"
                     "jnz 1b\n\t"
                     "vmovdqu %%ymm7, (%1)\n\t"
                     "vzeroupper"
                     : "+r"(rounds)
                     : "r"(ymm)
                     : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3",
                       "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                       "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

static void keep(int cpu)
{
    uint8_t ymm[YMM_SIZE];
    unsigned long count;
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set) != 0)
        _exit(1);
    /* the same octet in both halves would hide that one is lost */
    memset(ymm, 0xa0 + cpu, YMM_SIZE / 2);
    memset(ymm + YMM_SIZE / 2, 0xc0 + cpu, YMM_SIZE / 2);
    for (count = 1;; count++) {
        hold_in_ymm7(ymm);
        say_ymm(cpu, count, ymm);
    }
}

int main(void)
{
    int cpu, cpus;

    mkdir("/dev", 0755);
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    dup2(open("/dev/console", O_RDWR), 1);
    cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    say_ready(cpus);
    for (cpu = 0; cpu < cpus; cpu++)
        if (fork() == 0)
            keep(cpu);
    for (;;)
        pause();
}
