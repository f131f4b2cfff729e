/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host as the one that shall load a context, and its description. */
#include "catalogue/cpuid.h"
#include "save.h"

#include <cpuid.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xenguest.h>

/* NULL, reported, where it is not told. */
static const libxl_version_info *ask_version(xlcontext *xlc,
                                             domctx_report *report)
{
    const libxl_version_info *version = libxl_get_version_info(xlc->ctx);

    if (!version)
        msg_raise(report, MSG_LIVE_NO_XEN, NULL,
                  "the hypervisor does not tell its version");
    return version;
}

int host_version(xlcontext *xlc, uint32_t *xen_major, uint32_t *xen_minor,
                 domctx_report *report)
{
    const libxl_version_info *version = ask_version(xlc, report);

    if (!version)
        return -1;
    *xen_major = (uint32_t)version->xen_version_major;
    *xen_minor = (uint32_t)version->xen_version_minor;
    return 0;
}

/* Leaf 0 of the processor, which is the same for domain 0. */
enum domctx_vendor host_vendor(void)
{
    unsigned int eax, ebx, ecx, edx;

    return __get_cpuid(0, &eax, &ebx, &ecx, &edx)
               ? cpuid_vendor(ebx, ecx, edx) : DOMCTX_VENDOR_UNKNOWN;
}

/* -- what is described ---------------------------------------------------- */

static int untold(domctx_report *report, const char *what, int error)
{
    struct msg_at at = { .found = TEXT(ERROR_TEXT(error)) };

    return msg_raise(report, MSG_HOST_UNTOLD, &at,
                     "this host does not tell %s", what);
}

static void put_version(const libxl_version_info *version,
                        struct domctx_description *to)
{
    snprintf(to->xen_version, sizeof(to->xen_version), "%d.%d%s",
             version->xen_version_major, version->xen_version_minor,
             version->xen_version_extra ? version->xen_version_extra : "");
    snprintf(to->xen_changeset, sizeof(to->xen_changeset), "%s",
             version->changeset ? version->changeset : "");
}

/* libxl has no call for its own version: the library's name has it. */
static int find_library(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct domctx_description *to = arg;
    const char *slash = strrchr(info->dlpi_name, '/');
    const char *name = slash ? slash + 1 : info->dlpi_name;

    (void)size;
    if (strncmp(name, "libxenlight.so", 14) != 0)
        return 0;
    snprintf(to->toolstack, sizeof(to->toolstack), "%s", name);
    return 1;
}

static void put_toolstack(xlcontext *xlc, struct domctx_description *to,
                          domctx_report *report)
{
    int scheduler = libxl_get_scheduler(xlc->ctx);
    const char *name = scheduler > 0
                           ? libxl_scheduler_to_string(
                                 (libxl_scheduler)scheduler)
                           : NULL;

    dl_iterate_phdr(find_library, to);
    if (name)
        snprintf(to->scheduler, sizeof(to->scheduler), "%s", name);
    else
        untold(report, "its scheduler", errno);
}

static enum domctx_answer answer(bool yes)
{
    return yes ? DOMCTX_YES : DOMCTX_NO;
}

static void put_capabilities(xlcontext *xlc, struct domctx_description *to,
                             domctx_report *report)
{
    libxl_physinfo info;

    libxl_physinfo_init(&info);
    if (libxl_get_physinfo(xlc->ctx, &info) == 0) {
        to->hvm = answer(info.cap_hvm);
        to->hap = answer(info.cap_hap);
        to->shadow = answer(info.cap_shadow);
    } else {
        untold(report, "which domains it makes", errno);
    }
    libxl_physinfo_dispose(&info);
}

static int put_set(xlcontext *xlc, uint32_t index,
                   struct domctx_features *to)
{
    uint32_t count = DOMCTX_FEATURE_WORDS;
    int result = xc_get_cpu_featureset(xlc->xch, index, &count, to->word);

    /* a longer one is cut, and its words are valid */
    if (result != 0 && errno != ENOBUFS)
        return -1;
    to->n = count < DOMCTX_FEATURE_WORDS ? count : DOMCTX_FEATURE_WORDS;
    return 0;
}

/* Up to 4.13 the HVM featureset is the most that a domain can have, since
 * then what it gets unasked. */
static void put_features(xlcontext *xlc, struct domctx_description *to,
                         domctx_report *report)
{
    uint32_t xen_major, xen_minor;
    bool is_max = host_version(xlc, &xen_major, &xen_minor, NULL) == 0 &&
                  cat_version_of(xen_major, xen_minor) < CAT_V(4, 14);

    if (put_set(xlc, XEN_SYSCTL_cpu_featureset_host, &to->processor) < 0)
        untold(report, "the features of its processor", errno);
    if (call_system_policy(xlc, XEN_SYSCTL_cpu_policy_hvm_default,
                           &to->default_policy) < 0)
        untold(report, "the policy that domains get unasked", errno);
    if (call_system_policy(xlc, XEN_SYSCTL_cpu_policy_hvm_max,
                           &to->max_policy) == 0)
        return;
    untold(report, "the most that it gives to domains", errno);
    if (is_max)
        put_set(xlc, XEN_SYSCTL_cpu_featureset_hvm, &to->hvm_max);
}

/* What the processor says to domain 0, for a hypervisor without policies:
 * nothing that an HVM domain can have more of. */
static void put_processor(struct domctx_description *to)
{
    unsigned int eax, ebx, ecx, edx;

    if (to->max_policy.n_leaves)
        return;
    if (host_vendor() != DOMCTX_VENDOR_UNKNOWN &&
        __get_cpuid(0, &eax, &ebx, &ecx, &edx)) {
        memcpy(to->vendor, &ebx, 4);
        memcpy(to->vendor + 4, &edx, 4);
        memcpy(to->vendor + 8, &ecx, 4);
    }
    if (__get_cpuid(0x80000008, &eax, &ebx, &ecx, &edx) &&
        (eax & 0xff) <= 64)
        to->phys_bits = eax & 0xff;
}

int xlcontext_describe(xlcontext *xlc,
                       struct domctx_description **description,
                       domctx_report *report)
{
    const libxl_version_info *version = ask_version(xlc, report);
    struct domctx_description *to;

    *description = NULL;
    if (!version)
        return -1;
    to = domctx_description_new(report);
    if (!to)
        return -1;
    put_version(version, to);
    snprintf(to->tool, sizeof(to->tool), "xl-context " PACKAGE_VERSION);
    if (gethostname(to->name, sizeof(to->name)) < 0)
        to->name[0] = '\0';
    to->name[sizeof(to->name) - 1] = '\0';
    live_time(to->time, sizeof(to->time));
    put_toolstack(xlc, to, report);
    put_capabilities(xlc, to, report);
    put_features(xlc, to, report);
    put_processor(to);
    if (domctx_description_settle(to, report) < 0) {
        domctx_description_free(to);
        return -1;
    }
    *description = to;
    return 0;
}
