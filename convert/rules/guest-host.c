/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of guest.c that compare the policies in a file with the most that
 * a host gives: what x86_cpu_policies_are_compatible() does. */
#include "rules/guest.h"
#include "catalogue/cpuid.h"

/* EAX of these leaves is the number of the last one.  A host that lacks the
 * leaf gives 0. */
static bool more_than_host(struct guest_subject *subject, uint32_t leaf,
                           uint32_t subleaf)
{
    const struct domctx_policy *max = subject->host->max;
    uint32_t most = 0;

    if (!max)
        return false;
    for (size_t i = 0; i < max->n_leaves; i++)
        if (max->leaves[i].leaf == leaf && max->leaves[i].subleaf == subleaf)
            most = max->leaves[i].a;
    return guest_leaf_above(subject, leaf, subleaf, most);
}

/* Leaves that no host gives have rules of their own (guest-policy.c). */
bool guest_host_leaves(struct guest_subject *subject)
{
    return !guest_max_leaf(subject) &&
           more_than_host(subject, 0, CPUID_NO_SUBLEAF);
}

bool guest_host_subleaves(struct guest_subject *subject)
{
    return !guest_max_subleaf(subject) &&
           !guest_max_subleaf_newer(subject) && more_than_host(subject, 7, 0);
}

bool guest_host_extended(struct guest_subject *subject)
{
    return !guest_max_extended(subject) &&
           !guest_max_extended_newer(subject) &&
           more_than_host(subject, 0x80000000, CPUID_NO_SUBLEAF);
}

#define PLATFORM_INFO 0xce

bool guest_host_msr(struct guest_subject *subject)
{
    const struct domctx_policy *max = subject->host->max;
    const struct domctx_domain *domain = subject->domain;
    uint64_t has = 0;

    if (!max || guest_msr_bits(subject))
        return false;
    for (size_t i = 0; i < max->n_msrs; i++)
        if (max->msrs[i].index == PLATFORM_INFO)
            has = max->msrs[i].value;
    for (size_t i = 0; i < domain->n_msrs; i++)
        if (domain->msrs[i].index == PLATFORM_INFO &&
            domain->msrs[i].value & ~has) {
            guest_at_msr(subject, &domain->msrs[i]);
            subject->at.expected = (struct msg_value)HEX(has);
            return true;
        }
    return false;
}
