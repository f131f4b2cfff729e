/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * raw_set DOMID GOOD FILE...: load each blob into the domain as it is, with
 * no check of ours, and say what the hypervisor made of it, a line each:
 *
 *   FILE OUTCOME     loaded, crashed, or the name of the errno
 *
 * GOOD is loaded after each, so that one blob does not meddle with the next.
 * Ends with status 3 after a blob that crashed the domain: what is left of
 * the list needs a new one.  For a domain that never runs.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>

#define CONTEXT_MAX (1024 * 1024)

static uint8_t context[CONTEXT_MAX];

static uint32_t slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    size = fread(context, 1, sizeof(context), file);
    fclose(file);
    return (uint32_t)size;
}

static int set(xc_interface *xch, uint32_t domid, const char *path)
{
    uint32_t size = slurp(path);

    errno = 0;
    return xc_domain_hvm_setcontext(xch, domid, context, size) == 0 ? 0
                                                                    : errno;
}

static bool crashed(xc_interface *xch, uint32_t domid)
{
    xc_domaininfo_t info;

    if (xc_domain_getinfolist(xch, domid, 1, &info) != 1 ||
        info.domain != domid) {
        fprintf(stderr, "raw_set: domain %u is gone\n", domid);
        exit(2);
    }
    return (info.flags & XEN_DOMINF_shutdown) &&
           (info.flags >> XEN_DOMINF_shutdownshift &
            XEN_DOMINF_shutdownmask) == SHUTDOWN_crash;
}

static const char *name_of(int error)
{
    static const struct {
        int error;
        const char *name;
    } names[] = {
        { 0, "loaded" }, { EPERM, "EPERM" }, { ENOENT, "ENOENT" },
        { EIO, "EIO" }, { ENXIO, "ENXIO" }, { E2BIG, "E2BIG" },
        { ENOMEM, "ENOMEM" }, { EFAULT, "EFAULT" }, { EBUSY, "EBUSY" },
        { EEXIST, "EEXIST" }, { ENODEV, "ENODEV" }, { EINVAL, "EINVAL" },
        { ENOSPC, "ENOSPC" }, { EDOM, "EDOM" }, { ERANGE, "ERANGE" },
        { ENODATA, "ENODATA" }, { EOPNOTSUPP, "EOPNOTSUPP" },
    };
    static char number[16];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].error == error)
            return names[i].name;
    snprintf(number, sizeof(number), "%d", error);
    return number;
}

int main(int argc, char **argv)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    uint32_t domid;

    if (argc < 4 || xch == NULL) {
        fputs("usage: raw_set DOMID GOOD FILE...\n", stderr);
        return 2;
    }
    domid = (uint32_t)strtoul(argv[1], NULL, 10);
    for (int i = 3; i < argc; i++) {
        int error = set(xch, domid, argv[i]);

        if (crashed(xch, domid)) {
            printf("%s crashed\n", argv[i]);
            return 3;
        }
        printf("%s %s\n", argv[i], name_of(error));
        fflush(stdout);
        error = set(xch, domid, argv[2]);
        if (error != 0) {
            fprintf(stderr, "raw_set: %s after %s: %s\n", argv[2], argv[i],
                    strerror(error));
            return 2;
        }
    }
    xc_interface_close(xch);
    return 0;
}
