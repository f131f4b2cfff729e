/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world.h"

#define MAGIC 0x656b6146u   /* "Fake" */
#define MAX_DOMID 64

uint64_t fake_get(const uint8_t *p, size_t width)
{
    uint64_t value = 0;
    while (width-- > 0) {
        value = value << 8 | p[width];
    }
    return value;
}

void fake_put(uint8_t *p, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        p[i] = (uint8_t)(value >> (8 * i));
    }
}

__attribute__((noreturn))
static void die(const char *what)
{
    dprintf(2, "fake Xen: %s: %s\n", what, strerror(errno));
    _exit(99);
}

static void path_of(const char *file, char *out, size_t size)
{
    const char *folder = getenv("FAKE_XEN");
    if (folder == NULL || snprintf(out, size, "%s/%s", folder, file) >=
        (int)size) {
        errno = ENOENT;
        die("FAKE_XEN");
    }
}

static void *map_file(const char *file, size_t size, bool create)
{
    char path[512];
    path_of(file, path, sizeof(path));
    int fd = open(path, create ? O_RDWR | O_CREAT : O_RDWR, 0600);
    if (fd < 0 && errno == ENOENT && !create) {
        return NULL;
    }
    if (fd < 0 || (create && ftruncate(fd, (off_t)size) != 0)) {
        die(path);
    }
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (p == MAP_FAILED) {
        die(path);
    }
    return p;
}

struct fake_host *fake_host(void)
{
    static struct fake_host *host;
    if (host == NULL) {
        host = map_file("host", sizeof(*host), false);
        if (host == NULL) {
            host = map_file("host", sizeof(*host), true);
            host->magic = MAGIC;
            host->xen_major = 4;
            host->xen_minor = 17;
            strcpy(host->extra, ".7-fake");
            strcpy(host->changeset, "Thu Jan 1 00:00:00 1970 git:0123abcd");
            host->next_domid = 1;
        }
    }
    return host;
}

static void domain_file(uint32_t domid, char *out, size_t size)
{
    snprintf(out, size, "dom-%u", domid);
}

static struct fake_domain *domains[MAX_DOMID];

struct fake_domain *fake_domain(uint32_t domid)
{
    char file[32], path[512];
    if (domid >= MAX_DOMID) {
        return NULL;
    }
    domain_file(domid, file, sizeof(file));
    path_of(file, path, sizeof(path));
    if (access(path, F_OK) != 0) {
        return NULL;
    }
    if (domains[domid] == NULL) {
        domains[domid] = map_file(file, sizeof(struct fake_domain), false);
    }
    return domains[domid];
}

struct fake_domain *fake_domain_from(uint32_t domid)
{
    struct fake_domain *d = NULL;
    for (uint32_t i = domid; d == NULL && i < MAX_DOMID; i++) {
        d = fake_domain(i);
    }
    return d;
}

struct fake_domain *fake_domain_named(const char *name)
{
    for (uint32_t i = 0; i < MAX_DOMID; i++) {
        struct fake_domain *d = fake_domain(i);
        if (d != NULL && strcmp(d->name, name) == 0) {
            return d;
        }
    }
    return NULL;
}

struct fake_domain *fake_create(uint32_t domid)
{
    char file[32];
    domain_file(domid, file, sizeof(file));
    struct fake_domain *d = map_file(file, sizeof(*d), true);
    memset(d, 0, sizeof(*d));
    d->magic = MAGIC;
    d->domid = domid;
    domains[domid] = d;
    return d;
}

int fake_domain_fd(uint32_t domid)
{
    char file[32], path[512];
    domain_file(domid, file, sizeof(file));
    path_of(file, path, sizeof(path));
    return open(path, O_RDONLY);
}

void fake_append(const char *file, const char *text)
{
    char path[512];
    path_of(file, path, sizeof(path));
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) {
        die(path);
    }
    close(fd);
}

void fake_console(const char *format, ...)
{
    char line[256];
    va_list ap;
    va_start(ap, format);
    vsnprintf(line, sizeof(line) - 1, format, ap);
    va_end(ap);
    strcat(line, "\n");
    fake_append("console", line);
}

void fake_console_beside(void)
{
    char path[512], text[4096];
    path_of("beside", path, sizeof(path));
    int fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
    if (fd >= 0) {
        close(fd);
    }
    if (got > 0) {
        text[got] = '\0';
        fake_append("console", text);
    }
}

size_t fake_console_size(void)
{
    struct stat status;
    char path[512];
    path_of("console", path, sizeof(path));
    return stat(path, &status) == 0 ? (size_t)status.st_size : 0;
}

size_t fake_read_console(char *buffer, size_t size, size_t from)
{
    char path[512];
    path_of("console", path, sizeof(path));
    int fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? 0 : pread(fd, buffer, size, (off_t)from);
    if (fd >= 0) {
        close(fd);
    }
    return got < 0 ? 0 : (size_t)got;
}

/* -- the gate --------------------------------------------------------- */

/* errors that a call can give on a real host; libxl's own calls turn them
 * into its error codes.  A call that is not here cannot fail. */
static const struct {
    const char *name, *errnos;
} table[] = {
    { "libxl_ctx_alloc", "ENOMEM ENOENT EACCES" },
    { "libxl_name_to_domid", "EINVAL ENOMEM" },
    { "libxl_domain_info", "ESRCH EPERM ENOMEM" },
    { "libxl_domid_to_name", "ENOENT ENOMEM" },
    { "libxl_get_version_info", "EPERM ENOMEM" },
    { "libxl_get_physinfo", "EPERM ENOMEM" },
    { "libxl_get_scheduler", "EPERM" },
    { "libxl_retrieve_domain_configuration", "EPERM ENOENT ENOMEM" },
    { "libxl_domain_config_to_json", "ENOMEM" },
    { "xc_interface_open", "ENOENT EACCES ENOMEM" },
    { "xc_version", "EPERM EFAULT" },
    { "xc_domain_getinfolist", "EPERM EFAULT ENOMEM EINTR EAGAIN" },
    { "xc_domain_getinfo", "EPERM EFAULT ENOMEM EINTR EAGAIN" },
    { "xc_domain_getinfo_single", "EPERM EFAULT ESRCH EINTR EAGAIN" },
    { "xc_vcpu_getinfo", "EPERM ESRCH EINVAL EINTR" },
    /* EINVAL: there are no more */
    { "xc_evtchn_status", "EPERM EACCES EFAULT EINTR" },
    { "xc_gnttab_query_size", "EPERM ESRCH EFAULT EINTR" },
    { "xc_gnttab_get_version", "EPERM ESRCH EFAULT EINTR" },
    { "xc_domain_pause", "EPERM ESRCH EINVAL ENOMEM EINTR EAGAIN" },
    { "xc_domain_unpause", "EPERM ESRCH EINVAL ENOMEM EINTR EAGAIN" },
    { "xc_domain_hvm_getcontext",
      "EPERM ESRCH EINVAL ENOMEM EFAULT ENOSPC ENODATA EINTR EAGAIN EBUSY" },
    { "xc_domain_hvm_setcontext",
      "EPERM ESRCH EINVAL ENOMEM EFAULT ENODATA ENODEV ENXIO EOPNOTSUPP "
      "EINTR EAGAIN EBUSY" },
    { "xc_domain_get_guest_width", "EPERM ESRCH EFAULT EINTR EAGAIN" },
    { "xc_domain_get_tsc_info", "EPERM ESRCH EINVAL EFAULT EINTR EAGAIN" },
    { "xc_hvm_param_get", "EPERM ESRCH EINVAL ENOMEM EINTR EAGAIN" },
    { "xc_hvm_param_set", "EPERM ESRCH EINVAL ENOMEM EINTR EAGAIN" },
    { "xc_hvm_inject_msi", "EPERM ESRCH EINVAL ENOMEM EINTR EAGAIN" },
    { "xc_get_cpu_featureset", "EPERM EFAULT EINTR" },
    { "xc_cpu_policy_init", "ENOMEM" },
    { "xc_cpu_policy_get_system", "EPERM EOPNOTSUPP EINTR" },
    { "xc_cpu_policy_get_domain", "EPERM ESRCH EINTR" },
    { "xc_cpu_policy_serialise", "ENOBUFS" },
    { "xc_readconsolering", "EPERM ENOMEM EFAULT EINTR" },
    { "xenforeignmemory_open", "ENOENT EACCES ENOMEM" },
    { "xenforeignmemory_map", "EPERM EINVAL ENOMEM ESRCH EFAULT" },
    { "xenforeignmemory_unmap", "EINVAL" },
    { "xenforeignmemory_map_resource",
      "EPERM EINVAL ENOMEM ESRCH EOPNOTSUPP" },
    { "xenforeignmemory_unmap_resource", "EINVAL" },
};

/* A signal in the place of an errno is raised instead of failing. */
#define SIGNAL 4096
/* The call does not come back. */
#define HANG 8192
/* It comes back when the world has a file "late", and not before; it takes
 * that away. */
#define LATE 8193
#define LOOK_US 5000

static const struct {
    const char *word;
    int number;
} errnos[] = {
#define E(e) { #e, e }
    E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(EAGAIN),
    E(ENOMEM), E(EACCES), E(EFAULT), E(EBUSY), E(ENODEV), E(EINVAL),
    E(ENOSPC), E(ENOBUFS), E(E2BIG), E(ENODATA), E(EOPNOTSUPP), E(ENOSYS),
    { "SIGINT", SIGNAL + SIGINT }, { "SIGTERM", SIGNAL + SIGTERM },
    { "SIGHUP", SIGNAL + SIGHUP }, { "SIGKILL", SIGNAL + SIGKILL },
    { "HANG", HANG }, { "LATE", LATE },
};

int fake_errno_of(const char *word)
{
    size_t length = strcspn(word, ":,");
    for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
        if (strlen(errnos[i].word) == length &&
            strncmp(errnos[i].word, word, length) == 0) {
            return errnos[i].number;
        }
    }
    errno = EINVAL;
    die(word);
}

static const char *word_of(int number)
{
    size_t i = 0;
    while (errnos[i].number != number) {
        i++;
    }
    return errnos[i].word;
}

const char *fake_errnos(const char *name)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) {
            return table[i].errnos;
        }
    }
    return "";
}

#define MAX_NAMES 48
static struct {
    const char *name;
    unsigned long calls;
} seen[MAX_NAMES];

static unsigned long count_call(const char *name)
{
    for (size_t i = 0; i < MAX_NAMES; i++) {
        if (seen[i].name == NULL || strcmp(seen[i].name, name) == 0) {
            seen[i].name = name;
            return ++seen[i].calls;
        }
    }
    return 0;
}

/*
 * FAKE_XEN_FAIL: WHICH:ERRNO[:after],...  WHICH is N, the N-th call of the
 * process; N+, that and every later call; NAME#K, the K-th call of that
 * name; NAME#K+, from the K-th on.  ERRNO may be a signal's name: the call
 * works, and the process gets the signal during it.
 */
static bool selected(const char *which, const char *name, unsigned long total,
                     unsigned long of_name)
{
    size_t length = strcspn(which, "#:,");
    unsigned long now = total;
    if (which[length] == '#') {
        if (strlen(name) != length || strncmp(which, name, length) != 0) {
            return false;
        }
        now = of_name;
        which += length + 1;
    }
    char *end;
    unsigned long from = strtoul(which, &end, 10);
    return *end == '+' ? now >= from : now == from;
}

static struct fake_verdict judge(const char *name, unsigned long total,
                                 unsigned long of_name)
{
    struct fake_verdict verdict = { 0, false };
    const char *list = getenv("FAKE_XEN_FAIL");
    while (list != NULL && *list != '\0') {
        const char *colon = strchr(list, ':');
        if (colon == NULL) {
            errno = EINVAL;
            die("FAKE_XEN_FAIL");
        }
        if (selected(list, name, total, of_name)) {
            const char *how = strpbrk(colon + 1, ":,");
            verdict.error = fake_errno_of(colon + 1);
            verdict.after = how != NULL && strncmp(how, ":after", 6) == 0;
            return verdict;
        }
        list = strchr(list, ',');
        if (list != NULL) {
            list++;
        }
    }
    return verdict;
}

/* The watch on allocations, when it is preloaded: see pausewatch.c. */
extern int pausewatch_exempt __attribute__((weak));

static void watch(int inside)
{
    if (&pausewatch_exempt != NULL) {
        pausewatch_exempt += inside;
    }
}

/* The clock of the program, when it is preloaded: see tools/clock.c. */
extern int clock_over __attribute__((weak));

static void hang(void)
{
    if (&clock_over != NULL) {
        __atomic_store_n(&clock_over, 1, __ATOMIC_SEQ_CST);
    }
    while (1) {
        pause();
    }
}

static void wait_late(void)
{
    char path[512];
    path_of("late", path, sizeof(path));
    while (unlink(path) != 0) {
        usleep(LOOK_US);
    }
}

/* Somebody else's doings, after so many calls of ours. */
static void happen(uint32_t domid)
{
    struct fake_domain *d = fake_domain(domid);
    if (d != NULL && d->collapse != 0 && --d->collapse == 0) {
        d->crashed = 1;
    }
    if (d != NULL && d->turn != 0 && d->pauses == 0 && --d->turn == 0) {
        d->callback = d->turn_to ? d->turn_to : 0x0200000000000030;
    }
    if (d != NULL && d->rename != 0 && --d->rename == 0) {
        strcpy(d->name, "another");
    }
    if (d != NULL && d->resume != 0 && --d->resume == 0) {
        d->pauses = 0;
    }
    if (d != NULL && d->halt != 0 && --d->halt == 0) {
        d->pauses++;
    }
    if (d != NULL && d->heir != 0 && --d->heir == 0) {
        d->uuid[0] ^= 0xff;
        d->pauses = 1;
    }
    if (d != NULL && d->doom != 0 && --d->doom == 0) {
        d->dying = 2;
    }
    if (d != NULL && d->vanish != 0 && --d->vanish == 0) {
        char file[32], path[512];
        domain_file(domid, file, sizeof(file));
        path_of(file, path, sizeof(path));
        unlink(path);
    }
}

struct fake_verdict fake_gate(const char *name, uint32_t domid,
                              const char *detail)
{
    static unsigned long total;
    char line[1024];
    watch(1);
    total++;
    struct fake_verdict verdict = judge(name, total, count_call(name));
    snprintf(line, sizeof(line), "%lu %s %d %s%s%s\n", total, name,
             (int)domid, detail, verdict.error ? " FAILS " : "",
             verdict.error ? word_of(verdict.error) : "");
    fake_append("calls", line);
    if (verdict.error == HANG) {
        hang();
    }
    if (verdict.error == LATE) {
        wait_late();
        verdict.error = 0;
    }
    if (verdict.error >= SIGNAL) {
        raise(verdict.error - SIGNAL);
        verdict.error = 0;
    }
    if (domid != 0) {
        happen(domid);
    }
    return verdict;
}

void fake_leave(void)
{
    int keep = errno;
    watch(-1);
    errno = keep;
}
