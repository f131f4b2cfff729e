/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sandbox-calls.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same numbers on every architecture; older headers have them not. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif
#define RULESET_VERSION 1u

/* What include/uapi/linux/landlock.h has at version 6 of the interface; an
 * older kernel is given the first members alone. */
struct ruleset {
    uint64_t access_fs, access_net, scoped;
};

#define BITS(n) ((UINT64_C(1) << (n)) - 1)

/* Every right that each version of the interface knows of, the first ones
 * again where a kernel is newer. */
static const struct {
    struct ruleset all;
    size_t size;
} versions[] = {
    { { BITS(13), 0, 0 }, 8 },                /* 1: Linux 5.13 */
    { { BITS(14), 0, 0 }, 8 },                /* 2: refer, 5.19 */
    { { BITS(15), 0, 0 }, 8 },                /* 3: truncate, 6.2 */
    { { BITS(15), BITS(2), 0 }, 16 },         /* 4: TCP, 6.7 */
    { { BITS(16), BITS(2), 0 }, 16 },         /* 5: ioctl, 6.10 */
    { { BITS(16), BITS(2), BITS(2) }, 24 },   /* 6: scopes, 6.12 */
};
#define N_VERSIONS (long)(sizeof(versions) / sizeof(versions[0]))

int landlock_apply(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
                           RULESET_VERSION);
    long fd, result;

    if (version < 1) {
        errno = version < 0 ? errno : ENOSYS;
        return -1;
    }
    if (version > N_VERSIONS)
        version = N_VERSIONS;
    fd = syscall(SYS_landlock_create_ruleset, &versions[version - 1].all,
                 versions[version - 1].size, 0u);
    if (fd < 0)
        return -1;
    result = syscall(SYS_landlock_restrict_self, (int)fd, 0u);
    close((int)fd);
    return result < 0 ? -1 : 0;
}
