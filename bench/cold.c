/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cold FILE COMMAND [ARGUMENT...]
 *
 * Run a command with nothing of FILE in the page cache, and print the bytes
 * that devices delivered to it.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define BLOCK 512   /* of ru_inblock, whatever the device has */

static int forget(const char *path)
{
    int fd = open(path, O_RDONLY);
    int result = fd < 0 || fsync(fd) ||
                 posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);

    if (fd >= 0)
        close(fd);
    return result;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    int status;
    pid_t pid;

    if (argc < 3) {
        fprintf(stderr, "usage: cold FILE COMMAND...\n");
        return 2;
    }
    if (forget(argv[1])) {
        perror(argv[1]);
        return 1;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[2], &actions, NULL, argv + 2, environ) ||
        wait4(pid, &status, 0, &usage) != pid || status) {
        fprintf(stderr, "cold: %s failed\n", argv[2]);
        return 1;
    }
    posix_spawn_file_actions_destroy(&actions);
    printf("%llu\n", (unsigned long long)usage.ru_inblock * BLOCK);
    return 0;
}
