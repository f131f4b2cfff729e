/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CPUID and MSR policies.  Up to 4.15 libxenctrl hands over the entries; since
 * 4.16 they are objects of libxenguest, which are serialised.
 */
#include "xlcontext-internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xenguest.h>

/* The entries as Xen has them. */
struct entries {
    uint32_t n_leaves, n_msrs;  /* room, and then how many there are */
    xen_cpuid_leaf_t leaves[DOMCTX_POLICY_LEAVES];
    xen_msr_entry_t msrs[DOMCTX_POLICY_MSRS];
};

#ifdef HAVE_XC_CPU_POLICY_GET_SYSTEM
static int serialise(xlcontext *xlc, xc_cpu_policy_t *policy, int result,
                     struct entries *to)
{
    return result != 0 ? -1
           : xc_cpu_policy_serialise(xlc->xch, policy, to->leaves,
                                     &to->n_leaves, to->msrs, &to->n_msrs);
}

static int fetch(xlcontext *xlc, bool of_domain, uint32_t number,
                 struct entries *to)
{
    xc_cpu_policy_t *policy = xc_cpu_policy_init();
    int result, error;

    if (!policy)
        return -1;
    result = of_domain ? xc_cpu_policy_get_domain(xlc->xch, number, policy)
                       : xc_cpu_policy_get_system(xlc->xch, number, policy);
    result = serialise(xlc, policy, result, to);
    error = errno;
    xc_cpu_policy_destroy(policy);
    errno = error;
    return result;
}
#else
static int fetch(xlcontext *xlc, bool of_domain, uint32_t number,
                 struct entries *to)
{
    return of_domain
               ? xc_get_domain_cpu_policy(xlc->xch, number, &to->n_leaves,
                                          to->leaves, &to->n_msrs, to->msrs)
               : xc_get_system_cpu_policy(xlc->xch, number, &to->n_leaves,
                                          to->leaves, &to->n_msrs, to->msrs);
}
#endif

static void copy(const struct entries *from, struct domctx_policy *to)
{
    to->n_leaves = from->n_leaves;
    for (size_t i = 0; i < to->n_leaves; i++)
        to->leaves[i] = (struct domctx_cpuid_leaf){
            from->leaves[i].leaf, from->leaves[i].subleaf,
            from->leaves[i].a, from->leaves[i].b,
            from->leaves[i].c, from->leaves[i].d };
    to->n_msrs = from->n_msrs;
    for (size_t i = 0; i < to->n_msrs; i++)
        to->msrs[i] = (struct domctx_policy_msr){
            from->msrs[i].idx, from->msrs[i].flags, from->msrs[i].val };
}

static int policy_of(xlcontext *xlc, bool of_domain, uint32_t number,
                     struct domctx_policy *policy)
{
    struct entries *entries = calloc(1, sizeof(*entries));
    int result, error;

    policy->n_leaves = policy->n_msrs = 0;
    if (!entries)
        return -1;
    entries->n_leaves = DOMCTX_POLICY_LEAVES;
    entries->n_msrs = DOMCTX_POLICY_MSRS;
    result = fetch(xlc, of_domain, number, entries);
    error = errno;
    if (result == 0 && (entries->n_leaves > DOMCTX_POLICY_LEAVES ||
                        entries->n_msrs > DOMCTX_POLICY_MSRS)) {
        error = EPROTO;
        result = -1;
    }
    if (result == 0)
        copy(entries, policy);
    free(entries);
    errno = error;
    return result == 0 ? 0 : -1;
}

int call_system_policy(xlcontext *xlc, uint32_t index,
                       struct domctx_policy *policy)
{
    return policy_of(xlc, false, index, policy);
}

int call_domain_policy(xlcontext *xlc, uint32_t domid,
                       struct domctx_policy *policy)
{
    return policy_of(xlc, true, domid, policy);
}
