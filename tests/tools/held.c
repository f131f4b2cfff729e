/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * held OUT PROGRAM [ARGUMENT]...: runs the program, ends with its status, and
 * writes into OUT how many KiB of memory the largest of its processes had at
 * once.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct rusage usage;
    int status;
    FILE *out;
    pid_t pid;

    if (argc < 3)
        return 99;
    pid = fork();
    if (pid == 0) {
        execv(argv[2], argv + 2);
        _exit(99);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
        return 99;
    out = fopen(argv[1], "w");
    if (!out || fprintf(out, "%ld\n", usage.ru_maxrss) < 0 ||
        fclose(out) != 0)
        return 99;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
