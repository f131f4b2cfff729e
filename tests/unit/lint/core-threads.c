/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Several threads walk one image that is only read, and each fills one of its
 * own; for the thread sanitizer, with convert/format/core.c and nothing else.
 */
#include <domctx.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define THREADS 4
#define RECORDS 64

static uint8_t image[8192];
static uint64_t image_size;

static int fill(uint8_t *buf, uint64_t room, uint64_t *size)
{
    struct domctx_fill fill;
    uint8_t *body;
    int rc = domctx_fill_open(&fill, buf, room, 4, 17);

    for (uint32_t i = 0; rc == 0 && i < RECORDS; i++) {
        rc = domctx_fill_reserve(&fill, 0x48560002, i, 64, &body);
        if (rc == 0) {
            memset(body, (int)i, 64);
            rc = domctx_fill_commit(&fill, i);
        }
    }
    return rc == 0 ? domctx_fill_close(&fill, size) : rc;
}

static void *work(void *wrong)
{
    uint8_t own[sizeof(image)];
    uint64_t size = 0;

    for (int i = 0; i < 200; i++) {
        struct domctx_record record;
        struct domctx_walk walk;
        uint32_t n = 0;

        *(int *)wrong |= domctx_walk_open(&walk, image, image_size) != 0;
        while (domctx_walk_next(&walk, &record) == 1)
            n += record.length == n;
        *(int *)wrong |= n != RECORDS;
        *(int *)wrong |= fill(own, sizeof(own), &size) != 0 ||
                         size != image_size ||
                         memcmp(own, image, (size_t)size) != 0;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int wrong[THREADS] = { 0 }, rc = fill(image, sizeof(image), &image_size);

    for (int i = 0; rc == 0 && i < THREADS; i++)
        rc = pthread_create(&threads[i], NULL, work, &wrong[i]);
    for (int i = 0; rc == 0 && i < THREADS; i++)
        rc = pthread_join(threads[i], NULL) || wrong[i];
    puts(rc == 0 ? "good" : "wrong");
    return rc != 0;
}
