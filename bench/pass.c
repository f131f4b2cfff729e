/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pass JOBS FOLDER [FILE...]: what reading and writing files costs, and no
 * more: by JOBS processes each file is read, and written in FOLDER under a
 * temporary name, flushed, named, and the folder flushed.  With "-" for FOLDER
 * it is read alone.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char room[1 << 20];

static void need(int good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(1);
}

static void put(const char *folder, const char *name, size_t size)
{
    const char *slash = strrchr(name, '/');
    int at = open(folder, O_RDONLY | O_DIRECTORY), fd;
    char temp[32];

    snprintf(temp, sizeof(temp), ".pass.%ld", (long)getpid());
    fd = openat(at, temp, O_WRONLY | O_CREAT | O_EXCL, 0600);
    need(fd >= 0, temp);
    need(write(fd, room, size) == (ssize_t)size && fsync(fd) == 0, temp);
    close(fd);
    need(renameat(at, temp, at, slash ? slash + 1 : name) == 0, name);
    need(fsync(at) == 0, folder);
    close(at);
}

static void pass(const char *folder, const char *name)
{
    int fd = open(name, O_RDONLY);
    ssize_t size = fd < 0 ? -1 : read(fd, room, sizeof(room));

    need(size >= 0, name);
    close(fd);
    if (strcmp(folder, "-") != 0)
        put(folder, name, (size_t)size);
}

int main(int argc, char **argv)
{
    int jobs = argc > 3 ? atoi(argv[1]) : 0, status, bad = jobs < 1;

    for (int k = 0; k < jobs; k++) {
        if (fork() != 0)
            continue;
        for (int i = 3 + k; i < argc; i += jobs)
            pass(argv[2], argv[i]);
        return 0;
    }
    while (wait(&status) > 0)
        bad |= status != 0;
    return bad;
}
