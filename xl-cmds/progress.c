/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "session.h"

#define SECOND INT64_C(1000000000)
#define FIRST_AFTER (SECOND / 2)
#define THEN_EVERY (SECOND / 5)

/* Nothing takes longer, in seconds. */
#define MOST_LEFT 359999

/* Takes the rest of a line away, as ECMA-48 terminals do. */
#define ERASE "\033[K"

static bool everywhere;

void progress_everywhere(void)
{
    everywhere = true;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

void progress_begin(struct progress *progress, const char *name,
                    uint64_t total)
{
    *progress = (struct progress){ .name = name, .total = total };
    if (!everywhere && !isatty(STDERR_FILENO))
        return;
    progress->began = now();
    progress->next = progress->began + FIRST_AFTER;
}

/* Bytes as one number below 1000 and a unit. */
static void put_bytes(uint64_t bytes)
{
    static const char *const units[] = { "B",   "KiB", "MiB", "GiB",
                                         "TiB", "PiB", "EiB" };
    double value = (double)bytes;
    size_t unit = 0;

    for (; value >= 1000 && unit < 6; unit++)
        value /= 1024;
    fprintf(stderr, "%.*f %s", unit > 1, value, units[unit]);
}

/* What is left takes as long a byte as what is done. */
static void put_left(const struct progress *progress, uint64_t done,
                     int64_t taken)
{
    double rest = (double)(progress->total - done);
    double left = (double)taken * rest / (double)done / SECOND;
    int seconds = left < MOST_LEFT ? (int)left : MOST_LEFT;

    fputs(" of ", stderr);
    put_bytes(progress->total);
    fprintf(stderr, ", %d:%02d left", seconds / 60, seconds % 60);
}

void progress_step(struct progress *progress, uint64_t done)
{
    int64_t time;

    if (!progress->began || (time = now()) < progress->next)
        return;
    progress->next = time + THEN_EVERY;
    progress->shown = true;
    fputs("\r", stderr);
    put_clean(stderr, progress->name);
    fputs(": ", stderr);
    put_bytes(done);
    if (done > 0 && done <= progress->total)
        put_left(progress, done, time - progress->began);
    fputs(ERASE, stderr);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r" ERASE, stderr);
    progress->began = 0;
    progress->shown = false;
}
