/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: the link that VANISHING names is removed by its owner just behind
 * the reading of where it leads.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void vanish(void)
{
    const char *name = getenv("VANISHING");

    if (name && *name)
        unlink(name);
}

ssize_t readlink(const char *path, char *content, size_t size)
{
    ssize_t (*next)(const char *, char *, size_t);
    void *found = dlsym(RTLD_NEXT, "readlink");
    ssize_t length;

    memcpy(&next, &found, sizeof(next));
    length = next(path, content, size);
    if (getenv("VANISHING") && strcmp(path, getenv("VANISHING")) == 0)
        vanish();
    return length;
}

ssize_t readlinkat(int folder, const char *path, char *content, size_t size)
{
    ssize_t (*next)(int, const char *, char *, size_t);
    void *found = dlsym(RTLD_NEXT, "readlinkat");
    ssize_t length;

    memcpy(&next, &found, sizeof(next));
    length = next(folder, path, content, size);
    vanish();
    return length;
}
