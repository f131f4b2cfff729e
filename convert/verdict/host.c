/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of a host, and what it implies. */
#include "verdict/host.h"
#include "base/messages.h"
#include "catalogue/product.h"

#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct domctx_description, member), \
                   sizeof(((struct domctx_description *)0)->member)

const struct host_member host_members[] = {
    { ".tool", HOST_TEXT, AT(tool) },
    { ".name", HOST_TEXT, AT(name) },
    { ".time", HOST_TEXT, AT(time) },
    { ".xen_version", HOST_TEXT, AT(xen_version) },
    { ".xen_changeset", HOST_TEXT, AT(xen_changeset) },
    { ".toolstack", HOST_TEXT, AT(toolstack) },
    { ".scheduler", HOST_TEXT, AT(scheduler) },
    { ".vendor", HOST_TEXT, AT(vendor) },
    { ".phys_bits", HOST_U32, AT(phys_bits) },
    { ".xcr0", HOST_U64, AT(xcr0) },
    { ".domains.hvm", HOST_ANSWER, AT(hvm) },
    { ".domains.pvh", HOST_ANSWER, AT(pvh) },
    { ".domains.hap", HOST_ANSWER, AT(hap) },
    { ".domains.shadow", HOST_ANSWER, AT(shadow) },
    { ".domains.nested_hvm", HOST_ANSWER, AT(nested_hvm) },
    { ".domains.altp2m", HOST_ANSWER, AT(altp2m) },
};
const size_t n_host_members = sizeof(host_members) / sizeof(host_members[0]);

#define PART(member) offsetof(struct domctx_description, member)
const struct host_part host_features[N_HOST_FEATURES] = {
    { ".features.processor", PART(processor) },
    { ".features.hvm_max", PART(hvm_max) },
    { ".features.hvm_default", PART(hvm_default) },
};
const struct host_part host_policies[N_HOST_POLICIES] = {
    { ".policies.hvm_max", PART(max_policy) },
    { ".policies.hvm_default", PART(default_policy) },
};

#define CELL(type, key, member) \
    { key, offsetof(struct type, member), \
      sizeof(((struct type *)0)->member) }
const struct host_cell host_leaf[N_HOST_LEAF] = {
    CELL(domctx_cpuid_leaf, "leaf", leaf),
    CELL(domctx_cpuid_leaf, "subleaf", subleaf),
    CELL(domctx_cpuid_leaf, "a", a),
    CELL(domctx_cpuid_leaf, "b", b),
    CELL(domctx_cpuid_leaf, "c", c),
    CELL(domctx_cpuid_leaf, "d", d),
};
const struct host_cell host_msr[N_HOST_MSR] = {
    CELL(domctx_policy_msr, "idx", index),
    CELL(domctx_policy_msr, "flags", flags),
    CELL(domctx_policy_msr, "val", value),
};

struct domctx_description *domctx_description_new(domctx_report *report)
{
    struct domctx_description *made = calloc(1, sizeof(*made));

    if (!made)
        msg_no_memory(report, sizeof(*made));
    else
        made->release.point = DOMCTX_POINT_ANY;
    return made;
}

void domctx_description_free(struct domctx_description *description)
{
    free(description);
}

/* -- consequences of a policy ------------------------------------------- */

/* The leaf in a policy, or NULL. */
static const struct domctx_cpuid_leaf *leaf_of(
    const struct domctx_policy *policy, uint32_t leaf, uint32_t subleaf)
{
    for (size_t i = policy->n_leaves; i > 0; i--)
        if (policy->leaves[i - 1].leaf == leaf &&
            policy->leaves[i - 1].subleaf == subleaf)
            return &policy->leaves[i - 1];
    return NULL;
}

static uint32_t msr_word(const struct domctx_policy *policy, uint32_t index,
                         bool high)
{
    for (size_t i = policy->n_msrs; i > 0; i--)
        if (policy->msrs[i - 1].index == index)
            return (uint32_t)(policy->msrs[i - 1].value >> (high ? 32 : 0));
    return 0;
}

void host_features_of(const struct domctx_policy *policy,
                      struct cpuid_set *set)
{
    for (size_t i = 0; i < CPUID_WORDS; i++) {
        const struct cpuid_place *place = &cpuid_places[i];
        const struct domctx_cpuid_leaf *leaf =
            leaf_of(policy, place->leaf, place->subleaf);

        if (place->reg == CPUID_LOW || place->reg == CPUID_HIGH)
            set->word[i] = msr_word(policy, place->leaf,
                                    place->reg == CPUID_HIGH);
        else
            set->word[i] = !leaf                     ? 0
                           : place->reg == CPUID_A   ? leaf->a
                           : place->reg == CPUID_B   ? leaf->b
                           : place->reg == CPUID_C   ? leaf->c
                                                     : leaf->d;
    }
}

/* The vendor's name in leaf 0: EBX, EDX, ECX. */
static void vendor_text(const struct domctx_cpuid_leaf *leaf, char text[13])
{
    const uint32_t words[3] = { leaf->b, leaf->d, leaf->c };

    for (size_t i = 0; i < 12; i++)
        text[i] = (char)(words[i / 4] >> 8 * (i % 4));
    text[12] = '\0';
}

static enum domctx_vendor vendor_of(const char *text)
{
    uint32_t words[3] = { 0, 0, 0 };

    if (strlen(text) != 12)
        return DOMCTX_VENDOR_UNKNOWN;
    for (size_t i = 0; i < 12; i++)
        words[i / 4] |= (uint32_t)(uint8_t)text[i] << 8 * (i % 4);
    return cpuid_vendor(words[0], words[2], words[1]);
}

/* -- settling ------------------------------------------------------------ */

static int contradicts(const char *member, struct msg_value expected,
                       struct msg_value found, domctx_report *report)
{
    struct msg_at at = { .field = member, .expected = expected,
                         .found = found };

    return msg_raise(report, MSG_HOST_CONTRADICTS, &at,
                     "the description of the host contradicts its own "
                     "policy");
}

/* Fill in a number, or refuse it if it contradicts the policy. */
static int settle_number(const char *member, uint64_t *value, uint64_t is,
                         domctx_report *report)
{
    if (*value && *value != is)
        return contradicts(member, (struct msg_value)HEX(is),
                           (struct msg_value)HEX(*value), report);
    *value = is;
    return 0;
}

/* Without a policy the vendor is what somebody typed.  An unknown one is
 * refused: it would leave open what the file is meant to decide. */
static int settle_vendor(struct domctx_description *to, domctx_report *report)
{
    const struct domctx_cpuid_leaf *leaf =
        leaf_of(&to->max_policy, 0, CPUID_NO_SUBLEAF);
    struct msg_at at = { .field = "vendor", .found = TEXT(to->vendor),
                         .expected = TEXT("12 letters, as GenuineIntel") };
    char text[13];

    if (leaf) {
        vendor_text(leaf, text);
        if (*to->vendor && strcmp(to->vendor, text) != 0)
            return contradicts("vendor", (struct msg_value)TEXT(text),
                               (struct msg_value)TEXT(to->vendor), report);
        memcpy(to->vendor, text, sizeof(text));
    }
    to->host.vendor = vendor_of(to->vendor);
    to->host.vendor_name = to->vendor;
    if (!leaf && *to->vendor && to->host.vendor == DOMCTX_VENDOR_UNKNOWN)
        return msg_raise(report, MSG_HOST_MEMBER, &at,
                         "the description of the host names no vendor of "
                         "processors that Xen knows");
    return 0;
}

/* Leaf 0xd has the components in EAX and EDX. */
static int settle_numbers(struct domctx_description *to,
                          domctx_report *report)
{
    const struct domctx_cpuid_leaf *leaf =
        leaf_of(&to->max_policy, 0x80000008, CPUID_NO_SUBLEAF);
    uint64_t bits = to->phys_bits;

    if (leaf && (leaf->a & 0xff) &&
        settle_number("phys_bits", &bits, leaf->a & 0xff, report) < 0)
        return -1;
    to->phys_bits = (uint32_t)bits;
    to->host.phys_bits = to->phys_bits;
    leaf = leaf_of(&to->max_policy, 0xd, 0);
    if (leaf && settle_number("xcr0", &to->xcr0,
                              (uint64_t)leaf->d << 32 | leaf->a, report) < 0)
        return -1;
    to->host.xcr0 = to->xcr0;
    return 0;
}

/* Fill in features from the policy, or refuse those that contradict it. */
static int settle_features(const char *member,
                           struct domctx_features *features,
                           const struct domctx_policy *policy,
                           domctx_report *report)
{
    struct cpuid_set set;

    if (policy->n_leaves == 0)
        return 0;
    host_features_of(policy, &set);
    for (size_t i = 0; i < features->n && i < CPUID_WORDS; i++)
        if (features->word[i] != set.word[i])
            return contradicts(member, (struct msg_value)HEX(set.word[i]),
                               (struct msg_value)HEX(features->word[i]),
                               report);
    for (size_t i = features->n; i < CPUID_WORDS; i++)
        features->word[i] = set.word[i];
    if (features->n < CPUID_WORDS)
        features->n = CPUID_WORDS;
    return 0;
}

/* Answer questions that follow from others.  No interface tells whether nested
 * virtualisation is available. */
static void settle_answers(struct domctx_description *to)
{
    const struct domctx_features *max = &to->hvm_max;
    bool vmx = max->n > 1 && max->word[1] >> 5 & 1;
    bool svm = max->n > 3 && max->word[3] >> 2 & 1;

    if (to->pvh == DOMCTX_UNSAID)
        to->pvh = to->hvm;
    if (to->nested_hvm == DOMCTX_UNSAID &&
        (to->hap == DOMCTX_NO || (max->n > 3 && !vmx && !svm)))
        to->nested_hvm = DOMCTX_NO;
    /* Xen supports altp2m on Intel's EPT only */
    if (to->altp2m == DOMCTX_UNSAID &&
        (to->hap == DOMCTX_NO || to->host.vendor == DOMCTX_VENDOR_AMD))
        to->altp2m = DOMCTX_NO;
    to->host.hvm = to->hvm;
    to->host.hap = to->hap;
    to->host.shadow = to->shadow;
    to->host.nested_hvm = to->nested_hvm;
}

/* Find the release; a builder's text in XEN_EXTRAVERSION names no point
 * release. */
static bool settle_release(struct domctx_description *to)
{
    struct release release;
    char series[sizeof(to->xen_version)];
    size_t size = strspn(to->xen_version, "0123456789");

    if (!release_parse(to->xen_version, &release)) {
        if (to->xen_version[size] == '.')
            size += 1 + strspn(to->xen_version + size + 1, "0123456789");
        memcpy(series, to->xen_version, size);
        series[size] = '\0';
        if (!release_parse(series, &release))
            return false;
    }
    to->release = release_public(release);
    return true;
}

static int too_many(const char *path, size_t n, size_t most,
                    domctx_report *report)
{
    struct msg_at at = { .field = path + 1, .expected = DEC(most),
                         .found = DEC(n) };

    return msg_raise(report, MSG_HOST_MEMBER, &at,
                     "the description of the host has more than there is "
                     "room for");
}

int host_fits(const struct domctx_description *description,
              domctx_report *report)
{
    for (size_t i = 0; i < N_HOST_FEATURES; i++) {
        const struct domctx_features *features =
            (const void *)((const char *)description + host_features[i].at);

        if (features->n > DOMCTX_FEATURE_WORDS)
            return too_many(host_features[i].path, features->n,
                            DOMCTX_FEATURE_WORDS, report);
    }
    for (size_t i = 0; i < N_HOST_POLICIES; i++) {
        const struct domctx_policy *policy =
            (const void *)((const char *)description + host_policies[i].at);

        if (policy->n_leaves > DOMCTX_POLICY_LEAVES)
            return too_many(host_policies[i].path, policy->n_leaves,
                            DOMCTX_POLICY_LEAVES, report);
        if (policy->n_msrs > DOMCTX_POLICY_MSRS)
            return too_many(host_policies[i].path, policy->n_msrs,
                            DOMCTX_POLICY_MSRS, report);
    }
    return 0;
}

int domctx_description_settle(struct domctx_description *to,
                              domctx_report *report)
{
    struct msg_at at = { .field = "xen_version",
                         .found = TEXT(to->xen_version) };
    char product[PRODUCT_ROOM];

    if (host_fits(to, report) < 0)
        return -1;
    if (product_text(to->xen_version, product))
        return msg_raise(report, MSG_HOST_MEMBER, &at,
                         "a product's release and not Xen's: %s; 'xl info' "
                         "prints that of Xen as xen_version", product);
    if (!settle_release(to))
        return msg_raise(report, MSG_HOST_MEMBER, &at,
                         "the description of the host names no release of "
                         "Xen");
    if (settle_vendor(to, report) < 0 || settle_numbers(to, report) < 0 ||
        settle_features("features.hvm_max", &to->hvm_max, &to->max_policy,
                        report) < 0 ||
        settle_features("features.hvm_default", &to->hvm_default,
                        &to->default_policy, report) < 0)
        return -1;
    settle_answers(to);
    if (to->hvm_max.n) {
        to->host.features = to->hvm_max.word;
        to->host.n_features = to->hvm_max.n;
    }
    if (to->max_policy.n_leaves)
        to->host.max = &to->max_policy;
    if (to->default_policy.n_leaves)
        to->host.initial = &to->default_policy;
    return 0;
}
