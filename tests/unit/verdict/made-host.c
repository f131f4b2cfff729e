/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict/made-host.h"

static uint32_t word4(const char *text)
{
    return (uint32_t)(uint8_t)text[0] | (uint32_t)(uint8_t)text[1] << 8 |
           (uint32_t)(uint8_t)text[2] << 16 | (uint32_t)(uint8_t)text[3] << 24;
}

/* The leaf of a policy, added where it is not there. */
static struct domctx_cpuid_leaf *leaf_at(struct domctx_policy *policy,
                                         uint32_t leaf, uint32_t subleaf)
{
    for (size_t i = 0; i < policy->n_leaves; i++)
        if (policy->leaves[i].leaf == leaf &&
            policy->leaves[i].subleaf == subleaf)
            return &policy->leaves[i];
    policy->leaves[policy->n_leaves] = (struct domctx_cpuid_leaf){
        leaf, subleaf, 0, 0, 0, 0 };
    return &policy->leaves[policy->n_leaves++];
}

void made_policy(struct domctx_policy *policy, const char *vendor,
                 const struct cpuid_set *set)
{
    struct domctx_cpuid_leaf *leaf;

    memset(policy, 0, sizeof(*policy));
    *leaf_at(policy, 0, CPUID_NO_SUBLEAF) = (struct domctx_cpuid_leaf){
        0, CPUID_NO_SUBLEAF, 0xd, word4(vendor), word4(vendor + 8),
        word4(vendor + 4) };
    leaf_at(policy, 0x80000000, CPUID_NO_SUBLEAF)->a = 0x80000021;
    leaf_at(policy, 7, 0)->a = 2;
    leaf_at(policy, 0xd, 0)->a = 7;
    policy->n_msrs = 2;
    policy->msrs[0] = (struct domctx_policy_msr){ 0xce, 0, 0x80000000 };
    policy->msrs[1] = (struct domctx_policy_msr){
        0x10a, 0, (uint64_t)set->word[17] << 32 | set->word[16] };
    for (size_t i = 0; i < CPUID_WORDS; i++) {
        const struct cpuid_place *place = &cpuid_places[i];

        if (place->reg > CPUID_D)
            continue;
        leaf = leaf_at(policy, place->leaf, place->subleaf);
        *(place->reg == CPUID_A   ? &leaf->a
          : place->reg == CPUID_B ? &leaf->b
          : place->reg == CPUID_C ? &leaf->c
                                  : &leaf->d) = set->word[i];
    }
    leaf_at(policy, 0x80000008, CPUID_NO_SUBLEAF)->a = 0x3030;
}

struct domctx_description *made_host(struct release release,
                                     const char *vendor,
                                     const struct cpuid_set *set)
{
    struct domctx_description *host = domctx_description_new(NULL);
    domctx_report *report = domctx_report_new();

    ck_assert_ptr_nonnull(host);
    strcpy(host->tool, "a test");
    strcpy(host->name, "j\xc3\xb6rmungand");
    release_text(release, host->xen_version);
    strcpy(host->xen_changeset, "Mon Jan 1 2024 git:0123456789ab");
    strcpy(host->scheduler, "credit2");
    host->hvm = host->hap = DOMCTX_YES;
    host->shadow = DOMCTX_NO;
    made_policy(&host->max_policy, vendor, set);
    made_policy(&host->default_policy, vendor, set);
    host->processor.n = 3;
    host->processor.word[1] = UINT32_C(1) << 26;
    if (domctx_description_settle(host, report) < 0)
        ck_abort_msg("%s", domctx_report_get(report, 0)->text);
    domctx_report_free(report);
    return host;
}

static int put(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

void made_text(const struct domctx_description *host, struct bytes *b)
{
    *b = (struct bytes){ .p = NULL };
    ck_assert_int_eq(domctx_description_write(host, put, b, NULL), 0);
    put_raw(b, "", 1);
    b->size--;
}
