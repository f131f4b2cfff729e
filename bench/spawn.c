/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn ROUNDS BASE COMMAND [ARGUMENT...]
 *
 * Run a base command (words in one argument) and another in turn, and print
 * the median of the ratios of their times and the difference of their peak
 * memory in KiB; then of the command alone the median of its user time in
 * milliseconds and its peak memory.  The ratio is taken within a round and
 * the order alternates, so that what else the machine does falls on both.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define WORDS_MAX 8

struct cost {
    double seconds, user_ms;
    long peak_kib;
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct cost run(char **argv)
{
    posix_spawn_file_actions_t actions;
    struct cost cost;
    struct rusage usage;
    int status;
    pid_t pid;

    sync(); /* what the one before has left to write is not this one's */
    cost.seconds = now();
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0 ||
        wait4(pid, &status, 0, &usage) != pid || status != 0) {
        fprintf(stderr, "spawn: %s failed\n", argv[0]);
        exit(1);
    }
    posix_spawn_file_actions_destroy(&actions);
    cost.seconds = now() - cost.seconds;
    cost.user_ms = (double)usage.ru_utime.tv_sec * 1e3 +
                   (double)usage.ru_utime.tv_usec / 1e3;
    cost.peak_kib = usage.ru_maxrss;
    return cost;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* Split text at its blanks, in place. */
static void words(char *text, char *to[WORDS_MAX + 1])
{
    size_t count = 0;

    for (char *word = strtok(text, " "); word && count < WORDS_MAX;
         word = strtok(NULL, " "))
        to[count++] = word;
}

int main(int argc, char **argv)
{
    int rounds = argc > 3 ? atoi(argv[1]) : 0;
    char *base[WORDS_MAX + 1] = { NULL };
    double *ratio, *user_ms;
    long above = 0, peak = 0;

    if (rounds < 1) {
        fprintf(stderr, "usage: spawn ROUNDS BASE COMMAND...\n");
        return 2;
    }
    words(argv[2], base);
    ratio = calloc((size_t)rounds, sizeof(*ratio));
    user_ms = calloc((size_t)rounds, sizeof(*user_ms));
    if (!ratio || !user_ms)
        return 1;
    for (int i = 0; i < rounds; i++) {
        struct cost first = run(i % 2 ? argv + 3 : base);
        struct cost second = run(i % 2 ? base : argv + 3);
        struct cost *of = i % 2 ? &first : &second;
        struct cost *than = i % 2 ? &second : &first;

        ratio[i] = of->seconds / than->seconds;
        user_ms[i] = of->user_ms;
        if (of->peak_kib > peak)
            peak = of->peak_kib;
        if (of->peak_kib - than->peak_kib > above)
            above = of->peak_kib - than->peak_kib;
    }
    qsort(ratio, (size_t)rounds, sizeof(*ratio), ascending);
    qsort(user_ms, (size_t)rounds, sizeof(*user_ms), ascending);
    printf("%.2f %ld %.1f %ld\n", ratio[rounds / 2], above,
           user_ms[rounds / 2], peak);
    free(ratio);
    free(user_ms);
    return 0;
}
