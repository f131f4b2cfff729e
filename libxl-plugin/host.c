/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host as the one that shall load a context. */
#include "xlcontext-internal.h"

#include <cpuid.h>
#include <stdio.h>
#include <string.h>
#include <xenguest.h>

int host_version(xlcontext *xlc, uint32_t *xen_major, uint32_t *xen_minor,
                 domctx_report *report)
{
    const libxl_version_info *version = libxl_get_version_info(xlc->ctx);

    if (!version)
        return msg_raise(report, MSG_LIVE_NO_XEN, NULL,
                         "the hypervisor does not tell its version");
    *xen_major = (uint32_t)version->xen_version_major;
    *xen_minor = (uint32_t)version->xen_version_minor;
    return 0;
}

enum domctx_vendor host_vendor(void)
{
    static const struct {
        char name[13];
        enum domctx_vendor vendor;
    } vendors[] = {
        { "GenuineIntel", DOMCTX_VENDOR_INTEL },
        { "AuthenticAMD", DOMCTX_VENDOR_AMD },
        { "HygonGenuine", DOMCTX_VENDOR_AMD },
    };
    unsigned int eax, ebx, ecx, edx;
    char name[12];

    if (!__get_cpuid(0, &eax, &ebx, &ecx, &edx))
        return DOMCTX_VENDOR_UNKNOWN;
    memcpy(name, &ebx, 4);
    memcpy(name + 4, &edx, 4);
    memcpy(name + 8, &ecx, 4);
    for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
        if (memcmp(name, vendors[i].name, sizeof(name)) == 0)
            return vendors[i].vendor;
    return DOMCTX_VENDOR_UNKNOWN;
}

/* Nothing a domain can have more of: Xen gives it as many at most. */
static unsigned int host_phys_bits(void)
{
    unsigned int eax, ebx, ecx, edx;

    return __get_cpuid(0x80000008, &eax, &ebx, &ecx, &edx) ? eax & 0xff : 0;
}

/* XENVER_extraversion is ".7" for 4.17.7, and anything a distribution puts
 * behind it.  ".8-pre" and ".8-rc1" are what comes after 4.17.7 and has not
 * become 4.17.8 yet; "-unstable" and its like tell no point release. */
static uint32_t point_of(const char *extra)
{
    unsigned int point;
    int used = 0;

    if (!extra || sscanf(extra, ".%3u%n", &point, &used) != 1)
        return DOMCTX_POINT_ANY;
    extra += used;
    if (point > 0 && (strncmp(extra, "-pre", 4) == 0 ||
                      strncmp(extra, "-rc", 3) == 0))
        point--;
    return point;
}

/* The hypervisor works out what an HVM domain can have at most.  One that
 * does not tell leaves the features unknown. */
static void put_features(xlcontext *xlc, struct xlcontext_host *host)
{
    uint32_t count = XLCONTEXT_FEATURES;

    if (xc_get_cpu_featureset(xlc->xch, XEN_SYSCTL_cpu_featureset_hvm,
                              &count, host->features) != 0 || count == 0)
        return;
    host->host.features = host->features;
    host->host.n_features = count < XLCONTEXT_FEATURES ? count
                                                       : XLCONTEXT_FEATURES;
}

int xlcontext_host(xlcontext *xlc, struct xlcontext_host *host,
                   domctx_report *report)
{
    const libxl_version_info *version;

    memset(host, 0, sizeof(*host));
    if (host_version(xlc, &host->release.xen_major, &host->release.xen_minor,
                     report) < 0)
        return -1;
    version = libxl_get_version_info(xlc->ctx);
    host->release.point = point_of(version ? version->xen_version_extra
                                           : NULL);
    host->host.vendor = host_vendor();
    host->host.phys_bits = host_phys_bits();
    put_features(xlc, host);
    return 0;
}
