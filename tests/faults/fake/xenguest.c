/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxenguest: what the processor gives to an HVM domain.  The policies have
 * the features of FAKE_XEN_FEATURES, or the hypervisor tells none; the
 * domain's own those of FAKE_XEN_POLICY, else the same. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xenctrl.h>
#include <xenguest.h>

#include "world.h"

/* FAKE_XEN_FEATURES: the words in hexadecimal, with commas between. */
int xc_get_cpu_featureset(xc_interface *xch, uint32_t index,
                          uint32_t *nr_features, uint32_t *featureset)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    const char *p = getenv("FAKE_XEN_FEATURES");
    uint32_t count = 0;

    (void)xch;
    fake_leave();
    errno = verdict.error;
    if (verdict.error)
        return -1;
    while (p && *p && count < *nr_features &&
           index == XEN_SYSCTL_cpu_featureset_hvm) {
        char *end;

        featureset[count++] = (uint32_t)strtoul(p, &end, 16);
        p = *end == ',' ? end + 1 : end;
    }
    *nr_features = count;
    return 0;
}

/* -- policies ---------------------------------------------------------------- */

struct xc_cpu_policy {
    uint32_t words[32];
};

static bool read_words(const char *p, uint32_t words[32])
{
    memset(words, 0, 32 * sizeof(words[0]));
    for (size_t i = 0; p && *p && i < 32; i++) {
        char *end;

        words[i] = (uint32_t)strtoul(p, &end, 16);
        p = *end == ',' ? end + 1 : end;
    }
    return p != NULL;
}

xc_cpu_policy_t *xc_cpu_policy_init(void)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");

    fake_leave();
    errno = verdict.error;
    return verdict.error ? NULL : calloc(1, sizeof(xc_cpu_policy_t));
}

void xc_cpu_policy_destroy(xc_cpu_policy_t *policy)
{
    free(policy);
}

int xc_cpu_policy_get_system(xc_interface *xch, unsigned int policy_idx,
                             xc_cpu_policy_t *policy)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    int error = verdict.error;

    (void)xch;
    (void)policy_idx;
    if (!error && !read_words(getenv("FAKE_XEN_FEATURES"), policy->words))
        error = EOPNOTSUPP;
    fake_leave();
    errno = error;
    return error ? -1 : 0;
}

int xc_cpu_policy_get_domain(xc_interface *xch, uint32_t domid,
                             xc_cpu_policy_t *policy)
{
    struct fake_verdict verdict = fake_gate(__func__, domid, "");
    const char *own = getenv("FAKE_XEN_POLICY");
    int error = verdict.error;

    (void)xch;
    if (!error && !read_words(own ? own : getenv("FAKE_XEN_FEATURES"),
                              policy->words))
        error = EOPNOTSUPP;
    fake_leave();
    errno = error;
    return error ? -1 : 0;
}

#define NO_SUBLEAF UINT32_MAX

/* Of an AMD processor; FAKE_XEN_LEAF_7: subleaves of leaf 7. */
int xc_cpu_policy_serialise(xc_interface *xch, const xc_cpu_policy_t *policy,
                            xen_cpuid_leaf_t *leaves, uint32_t *nr_leaves,
                            xen_msr_entry_t *msrs, uint32_t *nr_msrs)
{
    struct fake_verdict verdict = fake_gate(__func__, 0, "");
    const char *leaf_7 = getenv("FAKE_XEN_LEAF_7");
    const uint32_t *w = policy->words;
    const xen_cpuid_leaf_t all[] = {
        { 0, NO_SUBLEAF, 0xd, 0x68747541, 0x444d4163, 0x69746e65 },
        { 1, NO_SUBLEAF, 0x800f12, 0, w[1], w[0] },
        { 7, 0, leaf_7 ? (uint32_t)atoi(leaf_7) : 2, w[5], w[6], w[9] },
        { 7, 1, w[10], w[12], w[14], w[15] },
        { 7, 2, 0, 0, 0, w[13] },
        { 0xd, 0, w[1] >> 28 & 1 ? 7 : 3, 0, 0x340, 0 },
        { 0xd, 1, w[4], 0, 0, 0 },
        { 0x80000000, NO_SUBLEAF, 0x80000021, 0x68747541, 0x444d4163,
          0x69746e65 },
        { 0x80000001, NO_SUBLEAF, 0, 0, w[3], w[2] },
        { 0x80000007, NO_SUBLEAF, 0, 0, 0, w[7] },
        { 0x80000008, NO_SUBLEAF, 0x3030, w[8], 0, 0 },
        { 0x80000021, NO_SUBLEAF, w[11], 0, w[18], 0 },
    };
    const xen_msr_entry_t entries[] = {
        { .idx = 0xce, .val = 0x80000000 },
        { .idx = 0x10a, .val = (uint64_t)w[17] << 32 | w[16] },
    };

    (void)xch;
    fake_leave();
    errno = verdict.error;
    if (verdict.error)
        return -1;
    if (*nr_leaves < sizeof(all) / sizeof(all[0]) || *nr_msrs < 2) {
        errno = ENOBUFS;
        return -1;
    }
    memcpy(leaves, all, sizeof(all));
    *nr_leaves = sizeof(all) / sizeof(all[0]);
    memcpy(msrs, entries, sizeof(entries));
    *nr_msrs = 2;
    return 0;
}
