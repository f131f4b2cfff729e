/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * core IMAGE
 *
 * Walk an image with domctx_walk_next(), and write it anew with
 * domctx_fill_reserve() and domctx_fill_commit(), beside a memcpy() of all of
 * it.  Prints the number of its records and bytes; nanoseconds a record of the
 * walk, MB/s and its time as a ratio to that of the copy; the same of writing;
 * and MB/s of the copy.  Medians.
 */
#include <domctx.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 21
#define BYTES_A_ROUND (64u << 20)
#define IMAGE_MAX (16u << 20)

static uint8_t image[IMAGE_MAX], copy[IMAGE_MAX];
static size_t image_size, records;
static volatile uint64_t first_bytes;

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* Every body is found, and its first byte looked at, as its reader would. */
static uint64_t walk_it(void)
{
    struct domctx_walk walk;
    struct domctx_record record;
    uint64_t count = 0;

    if (domctx_walk_open(&walk, image, image_size) < 0)
        return 0;
    for (; domctx_walk_next(&walk, &record) == 1; count++)
        if (record.length)
            first_bytes += record.body[0];
    return count;
}

static uint64_t write_it(void)
{
    struct domctx_walk walk;
    struct domctx_fill fill;
    struct domctx_record record;
    uint64_t size = 0;
    uint8_t *body;

    if (domctx_walk_open(&walk, image, image_size) < 0 ||
        domctx_fill_open(&fill, copy, sizeof(copy), walk.xen_major,
                         walk.xen_minor) < 0)
        return 0;
    while (domctx_walk_next(&walk, &record) == 1) {
        if (domctx_fill_reserve(&fill, record.type, record.instance,
                                record.length, &body) < 0)
            return 0;
        memcpy(body, record.body, (size_t)record.length);
        if (domctx_fill_commit(&fill, record.length) < 0)
            return 0;
    }
    return domctx_fill_close(&fill, &size) < 0 ? 0 : size;
}

static uint64_t copy_it(void)
{
    memcpy(copy, image, image_size);
    return copy[image_size / 2] + 1u;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

/* Seconds each takes, in turn, so that what else the machine does falls on
 * all. */
static void measure(uint64_t (*const what[3])(void), double seconds[3])
{
    static double taken[3][ROUNDS];
    size_t times = BYTES_A_ROUND / image_size + 1;
    volatile uint64_t sum = 0;

    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < 3; i++) {
            double from = now();

            for (size_t n = 0; n < times; n++)
                sum += what[i]();
            taken[i][round] = (now() - from) / (double)times;
        }
    for (size_t i = 0; i < 3; i++) {
        qsort(taken[i], ROUNDS, sizeof(double), by_size);
        seconds[i] = taken[i][ROUNDS / 2];
    }
}

int main(int argc, char **argv)
{
    uint64_t (*const what[3])(void) = { walk_it, write_it, copy_it };
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    double seconds[3];

    if (!file) {
        fputs("usage: core IMAGE\n", stderr);
        return 2;
    }
    image_size = fread(image, 1, sizeof(image), file);
    fclose(file);
    records = (size_t)walk_it();
    if (records == 0 || write_it() == 0 || memcmp(image, copy, write_it())) {
        fprintf(stderr, "%s: not written as it was\n", argv[1]);
        return 1;
    }
    measure(what, seconds);
    printf("%zu %zu", records, image_size);
    for (size_t i = 0; i < 2; i++)
        printf(" %.1f %.0f %.2f", seconds[i] * 1e9 / (double)records,
               (double)image_size / seconds[i] / 1e6,
               seconds[i] / seconds[2]);
    printf(" %.0f\n", (double)image_size / seconds[2] / 1e6);
    return 0;
}
