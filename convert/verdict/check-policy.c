/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The policy that a domain gets: the file's, as the release trims it, or, if
 * the stream has none, the one that the toolstack makes; and the part of it
 * that the host provides.
 */
#include "verdict/check.h"
#include "verdict/host.h"
#include "rules/guest.h"

#include <string.h>

/* Between these and 28301682f4, the toolstack's own policy ends with subleaf 0
 * of leaf 7 and with leaf 0x8000001c. */
static const struct since made_up_short = {
    { RELEASE(4, 14, 5), RELEASE(4, 15, 3), RELEASE(4, 16, 0) } };
static const struct since made_up_whole = {
    { RELEASE(4, 18, 4), RELEASE(4, 19, 2), RELEASE(4, 20, 0) } };

static void trim_made_up(const struct check *check, struct cpuid_set *set)
{
    if (!since_some(&made_up_short, check->target) ||
        since_all(&made_up_whole, check->target))
        return;
    for (size_t i = 0; i < CPUID_WORDS; i++)
        if ((cpuid_places[i].leaf == 7 && cpuid_places[i].subleaf > 0) ||
            cpuid_places[i].leaf == 0x80000021)
            set->word[i] = 0;
}

/* Copy the policy from the file; leaves that it lacks keep their value. */
static void file_policy(const struct domctx_domain *domain,
                        struct cpuid_set *set)
{
    for (size_t i = 0; i < CPUID_WORDS; i++) {
        const struct cpuid_place *place = &cpuid_places[i];
        const struct domctx_cpuid_leaf *leaf;

        if (place->reg > CPUID_D)
            continue;
        leaf = guest_leaf(domain, place->leaf, place->subleaf);
        if (leaf)
            set->word[i] = place->reg == CPUID_A   ? leaf->a
                           : place->reg == CPUID_B ? leaf->b
                           : place->reg == CPUID_C ? leaf->c
                                                   : leaf->d;
    }
    for (size_t i = 0; i < domain->n_msrs; i++)
        if (domain->msrs[i].index == 0x10a) {
            set->word[16] = (uint32_t)domain->msrs[i].value;
            set->word[17] = (uint32_t)(domain->msrs[i].value >> 32);
        }
}

static void clear(struct cpuid_set *set, unsigned int word, unsigned int bit)
{
    set->word[word] &= ~(UINT32_C(1) << bit);
}

/* Clear the features that need hardware assisted paging. */
static void trim_paging(struct cpuid_set *set)
{
    clear(set, 1, 17);         /* pcid */
    clear(set, 2, 26);         /* page1gb */
    clear(set, 5, 10);         /* invpcid */
    clear(set, 6, 3);          /* pku */
    clear(set, 6, 31);         /* pks */
}

static bool has_policy(const struct check *check)
{
    return check->target.series >= CAT_V(4, 14) &&
           check->host->domain->leaves;
}

/* Clear what the configuration rules out: nested virtualisation, since
 * 345fd6d01e, features that need the paging it turns off, and in a policy that
 * the toolstack makes, since 4.14, address extension. */
static void trim_by_config(const struct check *check, struct cpuid_set *set)
{
    const struct domctx_keys *keys = &check->host->domain->keys;

    if (keys->known && keys->nested_hvm != DOMCTX_YES &&
        check->target.series >= CAT_V(4, 15)) {
        clear(set, 1, 5);      /* vmx */
        clear(set, 3, 2);      /* svm */
    }
    if (keys->hap == DOMCTX_NO)
        trim_paging(set);
    if (keys->pae == DOMCTX_NO && !has_policy(check) &&
        check->target.series >= CAT_V(4, 14))
        clear(set, 0, 6);      /* pae */
}

/* The toolstack's own policy is the host's default, plus some features that
 * the host can provide: those that older toolstacks added (057012d289,
 * 8fe24090d9), and those that the configuration asks for. */
static void made_up_policy(const struct check *check, struct cpuid_set *set)
{
    static const struct { unsigned int word, bit; } besides[] = {
        { 1, 30 }, { 5, 14 }, { 5, 4 }, { 5, 11 }, /* rdrand mpx hle rtm */
        { 7, 8 }, { 1, 5 }, { 3, 2 },              /* itsc vmx svm */
    };

    if (check->host->initial)
        for (size_t i = 0; i < sizeof(besides) / sizeof(besides[0]); i++)
            set->word[besides[i].word] |= UINT32_C(1) << besides[i].bit;
    trim_made_up(check, set);
}

/* The largest policy that a release provides. */
static void policy_of_release(struct release release, struct cpuid_set *set)
{
    memset(set, 0xff, sizeof(*set));
    if (cpuid_bound(release, set))
        for (size_t i = 0; i < CPUID_WORDS; i++)
            set->word[i] |= cpuid_special.word[i];
}

/* Intersect with what any host can provide. */
static void policy_anywhere(struct check *check)
{
    const struct domctx_domain *domain = check->host->domain;
    struct cpuid_set *set = &check->unconfigured;

    memset(&check->file, 0xff, sizeof(check->file));
    policy_of_release(check->target, set);
    check->policy = *set;
    if (!domain)
        return;
    if (has_policy(check))
        file_policy(domain, &check->file);
    else
        trim_made_up(check, set);
    for (size_t i = 0; i < CPUID_WORDS; i++)
        set->word[i] &= check->file.word[i];
    if (check->host->hap == DOMCTX_NO && domain->keys.hap != DOMCTX_YES)
        trim_paging(set);
    check->policy = *set;
    trim_by_config(check, &check->policy);
    cpuid_close(&check->policy);
    cpuid_close(set);
}

/* Intersect with what this host provides.  The host's own set is complete. */
static void policy_there(struct check *check)
{
    const struct domctx_host *host = check->host;
    struct cpuid_set *set = &check->gives;

    memset(set, 0xff, sizeof(*set));
    if (host->domain && host->initial)
        host_features_of(host->initial, set);
    if (host->domain && has_policy(check))
        file_policy(host->domain, set);
    else if (host->domain && check->target.series >= CAT_V(4, 14))
        made_up_policy(check, set);
    for (size_t i = 0; i < CPUID_WORDS; i++)
        set->word[i] &= i < host->n_features ? host->features[i] : 0;
    if (!host->domain)
        return;
    for (size_t i = 0; i < CPUID_WORDS; i++)
        set->word[i] &= check->policy.word[i] | cpuid_special.word[i];
    cpuid_close(set);
}

/* Whether the sets differ in a feature that a rule is about. */
static bool differ_in_rules(const struct cpuid_set *a,
                            const struct cpuid_set *b)
{
    const struct rule_feature *feature;
    uint32_t differ[CPUID_WORDS];

    for (size_t i = 0; i < CPUID_WORDS; i++)
        differ[i] = a->word[i] ^ b->word[i];
    for (size_t i = 0; i < n_rules_load; i++)
        for (feature = rules_load[i].features; feature && feature->bits;
             feature++)
            if (differ[feature->word] >> feature->bit & 1 ||
                differ[feature->word2] >> feature->bit2 & 1)
                return true;
    return false;
}

uint32_t check_policy_steps(cat_version series)
{
    struct release release = { series, 0 };
    struct cpuid_set before, set;
    uint32_t steps = 0;

    policy_of_release(release, &before);
    while (release.point < release_last_point(series)) {
        release.point++;
        policy_of_release(release, &set);
        if (memcmp(&before, &set, sizeof(set)) != 0 &&
            differ_in_rules(&before, &set))
            steps |= UINT32_C(1) << release.point;
        before = set;
    }
    return steps;
}

void check_policy(struct check *check)
{
    policy_anywhere(check);
    if (check->host->features)
        policy_there(check);
}
