/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded: when the program looks at the first bytes of a file, this has got
 * hold of it.  It tries what the sandbox forbids, and writes on standard error
 * a line for each: its name, and "done" or the number of the error.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A descriptor or other number; what was made is ended at once. */
static long try_open(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static long try_openat2(void)
{
    uint64_t how[3] = { O_RDONLY, 0, 0 };

    return syscall(437, AT_FDCWD, "/etc/passwd", how, sizeof(how));
}

static long try_create(void)
{
    return open("made-inside", O_WRONLY | O_CREAT, 0600);
}

static long try_unlink(void)
{
    return unlink("victim");
}

static long try_rename(void)
{
    return rename("victim", "victim2");
}

static long try_chmod(void)
{
    return chmod("victim", 0777);
}

static long try_truncate(void)
{
    return truncate("victim", 0);
}

static long try_link(void)
{
    return link("victim", "victim3");
}

static long try_mkdir(void)
{
    return mkdir("made-folder", 0700);
}

static long try_chdir(void)
{
    return chdir("/");
}

static long try_stat(void)
{
    struct stat status;

    return stat("/etc/passwd", &status);
}

static long try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static long try_connect(void)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(name.sun_path, "listener", 9);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&name, sizeof(name));
}

static long try_exec(void)
{
    return execl("/bin/true", "true", (char *)NULL);
}

static long try_fork(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return child;
}

static long try_kill(void)
{
    return kill(getppid(), 0);
}

static long try_ptrace(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long try_read_other(void)
{
    char byte;
    struct { void *base; size_t size; } here = { &byte, 1 }, there = here;

    return syscall(SYS_process_vm_readv, getppid(), &here, 1ul, &there, 1ul,
                   0ul);
}

static long try_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

static long try_make_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

/* The number of the hypercall of /dev/xen/privcmd, on any descriptor. */
static long try_hypercall(void)
{
    return ioctl(0, 0x305000, NULL);
}

static long try_type_ahead(void)
{
    return ioctl(0, TIOCSTI, "x");
}

static long try_io_uring(void)
{
    char parameters[120] = { 0 };

    return syscall(425, 1u, parameters);
}

static long try_bpf(void)
{
    return syscall(SYS_bpf, 0, NULL, 0u);
}

static long try_userns(void)
{
    return syscall(SYS_unshare, 0x10000000);
}

static long try_root(void)
{
    return setuid(0);
}

static long try_core(void)
{
    const struct rlimit much = { 1 << 20, 1 << 20 };

    return setrlimit(RLIMIT_CORE, &much);
}

static long try_dumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 1);
}

static long try_inherited(void)
{
    return write(9, "written inside", 14);
}

/* The messages of the process that opens files (broker-talk.h): a file that is
 * called "-", where the first input of that name is standard input. */
static long try_dash(void)
{
    struct { int ask; size_t number; } question = { 0, 0 };
    struct { int result, error; char more[400]; } answer = { -1, EPERM, "" };
    struct iovec part = { &question, sizeof(question) };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    int fd = 3;

    errno = EPERM;
    if (!getenv("FORBIDDEN_DASH"))
        return -1;
    while (fd < 64 && sendmsg(fd, &message, MSG_NOSIGNAL) < 0)
        fd++;
    part = (struct iovec){ &answer, sizeof(answer) };
    if (fd == 64 || recvmsg(fd, &message, 0) < 0)
        return 0; /* it could not be tried */
    errno = answer.error;
    return answer.result;
}

#define TRY(name) { #name, try_##name }

static const struct {
    const char *name;
    long (*call)(void);
} tries[] = {
    TRY(open), TRY(openat2), TRY(create), TRY(unlink), TRY(rename),
    TRY(chmod), TRY(truncate), TRY(link), TRY(mkdir), TRY(chdir), TRY(stat),
    TRY(socket), TRY(connect), TRY(fork), TRY(kill), TRY(ptrace),
    TRY(read_other), TRY(code), TRY(make_code), TRY(hypercall),
    TRY(type_ahead), TRY(io_uring), TRY(bpf), TRY(userns), TRY(root),
    TRY(core), TRY(dumpable), TRY(inherited), TRY(exec),
    TRY(dash),
};

static void try_all(void)
{
    /* where nothing is forbidden, not all of it should be done */
    const char *only = getenv("FORBIDDEN_ONLY");
    char line[80];

    if (only && strcmp(only, "crash") == 0)
        raise(SIGSEGV);
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        long result;
        int length;

        if (only && !strstr(only, tries[i].name))
            continue;
        errno = 0;
        result = tries[i].call();
        length = result < 0
                     ? snprintf(line, sizeof(line), "TRY %s %d\n",
                                tries[i].name, errno)
                     : snprintf(line, sizeof(line), "TRY %s done\n",
                                tries[i].name);
        if (write(2, line, (size_t)length) != length)
            _exit(98);
    }
}

/* The function of that name in libdomctx, after the tries. */
static void *real_one(const char *name)
{
    static int tried;
    const char *at = getenv("FORBIDDEN_AT");

    if (!at)
        at = "domctx_detect domctx_explain_feed";
    if (strstr(at, name) && !tried++)
        try_all();
    return dlsym(RTLD_NEXT, name);
}

/* Each verb calls one of them with the head of a file, or, where FORBIDDEN_AT
 * names it, with something else from outside. */
int domctx_detect(const void *buf, size_t size);
void domctx_explain_feed(void *explainer, const void *buf, size_t size);
bool domctx_is_description(const void *text, size_t size);
int domctx_image_parse(const void *buf, size_t size, void *image,
                       void *report);
int domctx_diagnose(const void *looks, size_t n, void *diagnosis,
                    void *report);

/* FORBIDDEN_ONLY=stop: a file has taken over the worker that reads it, which
 * says in the header of its piece (struct piece of crew.c) that nothing is
 * wrong, and that no more is to come. */
static bool taken_over;

ssize_t write(int fd, const void *buf, size_t size)
{
    char header[4096];

    if (!taken_over || fd <= STDERR_FILENO || size < 64 ||
        size > sizeof(header))
        return syscall(SYS_write, fd, buf, size);
    memcpy(header, buf, size);
    memset(header + 24, 0, sizeof(int));
    header[28] = 1;
    return syscall(SYS_write, fd, header, size);
}

int domctx_detect(const void *buf, size_t size)
{
    int (*real)(const void *, size_t);
    const char *only = getenv("FORBIDDEN_ONLY");
    void *symbol;

    if (only && strcmp(only, "crash-some") == 0 && size >= 5 &&
        memcmp(buf, "CRASH", 5) == 0)
        raise(SIGSEGV);
    if (only && strcmp(only, "stop") == 0 && size >= 5 &&
        memcmp(buf, "CRASH", 5) == 0)
        taken_over = true;
    symbol = real_one("domctx_detect");

    memcpy(&real, &symbol, sizeof(real));
    return real(buf, size);
}

void domctx_explain_feed(void *explainer, const void *buf, size_t size)
{
    void (*real)(void *, const void *, size_t);
    void *symbol = real_one("domctx_explain_feed");

    memcpy(&real, &symbol, sizeof(real));
    real(explainer, buf, size);
}

bool domctx_is_description(const void *text, size_t size)
{
    bool (*real)(const void *, size_t);
    void *symbol = real_one("domctx_is_description");

    memcpy(&real, &symbol, sizeof(real));
    return real(text, size);
}

int domctx_image_parse(const void *buf, size_t size, void *image,
                       void *report)
{
    int (*real)(const void *, size_t, void *, void *);
    void *symbol = real_one("domctx_image_parse");

    memcpy(&real, &symbol, sizeof(real));
    return real(buf, size, image, report);
}

int domctx_diagnose(const void *looks, size_t n, void *diagnosis,
                    void *report)
{
    int (*real)(const void *, size_t, void *, void *);
    void *symbol = real_one("domctx_diagnose");

    memcpy(&real, &symbol, sizeof(real));
    return real(looks, n, diagnosis, report);
}
