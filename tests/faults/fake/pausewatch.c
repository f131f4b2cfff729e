/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: writes a line into the world's "violations" for each allocation
 * and each file operation between pausing and unpausing a domain.  The fake
 * libraries set pausewatch_paused, and pausewatch_exempt around their own
 * work.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern int pausewatch_paused, pausewatch_exempt;
int pausewatch_paused, pausewatch_exempt;

/* The C library's own names of its allocator. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void __libc_free(void *p);

static void watch(const char *what)
{
    char path[512];
    const char *folder = getenv("FAKE_XEN");
    if (!pausewatch_paused || pausewatch_exempt || folder == NULL ||
        strlen(folder) > 480) {
        return;
    }
    strcpy(path, folder);
    strcat(path, "/violations");
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path,
                          O_WRONLY | O_CREAT | O_APPEND, 0600);
    syscall(SYS_write, fd, what, strlen(what));
    syscall(SYS_write, fd, " in the pause window\n", 21);
    syscall(SYS_close, fd);
}

void *malloc(size_t size)
{
    watch("malloc");
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    watch("calloc");
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    watch("realloc");
    return __libc_realloc(p, size);
}

void free(void *p)
{
    if (p != NULL) {
        watch("free");
    }
    __libc_free(p);
}

static int open_at(int dir, const char *path, int flags, mode_t mode)
{
    watch("open");
    return (int)syscall(SYS_openat, dir, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return open_at(dir, path, flags, mode);
}

ssize_t write(int fd, const void *buf, size_t count)
{
    watch("write");
    return syscall(SYS_write, fd, buf, count);
}

ssize_t read(int fd, void *buf, size_t count)
{
    watch("read");
    return syscall(SYS_read, fd, buf, count);
}

int fsync(int fd)
{
    watch("fsync");
    return (int)syscall(SYS_fsync, fd);
}
