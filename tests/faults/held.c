/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads a file into a domain, asks while a call does not come back what is
 * lost if it ends now, and lets the call come back; prints what is lost, and
 * whether the load has then come back and the copy is what it was. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlcontext.h>

static uint8_t image[1 << 20];
static size_t size;
static xlcontext *xlc;
static uint32_t domid;
static domctx_report *report;
static _Atomic int back;

static void no_log(void *arg, int level, const char *line)
{
    (void)arg;
    (void)level;
    (void)line;
}

static void *load(void *arg)
{
    struct xlcontext_restored restored;

    xlcontext_restore(xlc, domid, image, size, 0, &restored, report);
    back = 1;
    return arg;
}

/* A file of the fake world. */
static FILE *of_world(const char *name, const char *mode)
{
    const char *folder = getenv("FAKE_XEN");
    char path[512];

    if (!folder || (size_t)snprintf(path, sizeof(path), "%s/%s", folder,
                                    name) >= sizeof(path))
        return NULL;
    return fopen(path, mode);
}

static bool call_stands(void)
{
    char line[1024];
    bool stands = false;
    FILE *calls = of_world("calls", "r");

    while (calls && fgets(line, sizeof(line), calls))
        stands |= strstr(line, " FAILS LATE") != NULL;
    if (calls)
        fclose(calls);
    return stands;
}

/* The call takes the file away when it comes back. */
static bool let_come_back(void)
{
    FILE *late = of_world("late", "w");

    if (!late)
        return false;
    while (late) {
        fclose(late);
        usleep(5000);
        late = of_world("late", "r");
    }
    return true;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    struct xlcontext_held held;
    pthread_t thread;
    uint8_t *copy;

    size = file ? fread(image, 1, sizeof(image), file) : 0;
    report = domctx_report_new();
    if (!file || xlcontext_connect(&xlc, no_log, NULL, report) < 0 ||
        xlcontext_find(xlc, argv[1], &domid, report) < 0 ||
        pthread_create(&thread, NULL, load, NULL) != 0)
        return 99;
    while (!call_stands())
        usleep(5000);
    xlcontext_hold(xlc, &held);
    copy = malloc(held.rollback_size + 1);
    if (!copy)
        return 99;
    if (held.rollback)
        memcpy(copy, held.rollback, held.rollback_size);
    if (!let_come_back())
        return 99;
    /* for what it must not do */
    usleep(100000);
    printf("%s, %s, %s\n", held.paused ? "paused" : "not paused",
           !held.rollback ? "no copy" :
           memcmp(copy, held.rollback, held.rollback_size) == 0 ? "a copy"
                                                                 : "garbage",
           back ? "back" : "standing");
    fflush(stdout);
    _exit(0);
}
