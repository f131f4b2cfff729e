/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions of guest.c about policies. */
#include "rules/guest.h"
#include "base/bytes.h"
#include "catalogue/cpuid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* -- policies ---------------------------------------------------------- */

void guest_at_record(struct guest_subject *subject, const char *record,
                     const struct domctx_record_place *place)
{
    /* for a live domain there is no file, and no offset */
    subject->at = (struct msg_at){ .record = record,
                                   .has_offset = place->offset != 0,
                                   .offset = place->offset };
}

/* The same for entry i of the record; its header has 8 bytes. */
static void at_leaf(struct guest_subject *subject,
                    const struct domctx_cpuid_leaf *leaf)
{
    const struct domctx_domain *domain = subject->domain;
    size_t i = (size_t)(leaf - domain->leaves);
    char text[CPUID_LEAF_ROOM];

    guest_at_record(subject, "X86_CPUID_POLICY", &domain->leaves_at);
    subject->at.offset += subject->at.has_offset
                              ? 8 + CPUID_LEAF_SIZE * i : 0;
    cpuid_leaf_text(leaf->leaf, leaf->subleaf, text);
    snprintf(subject->found, sizeof(subject->found), "%s", text);
}

void guest_at_msr(struct guest_subject *subject,
                  const struct domctx_policy_msr *msr)
{
    const struct domctx_domain *domain = subject->domain;
    size_t i = (size_t)(msr - domain->msrs);

    guest_at_record(subject, "X86_MSR_POLICY", &domain->msrs_at);
    subject->at.offset += subject->at.has_offset
                              ? 8 + MSR_ENTRY_SIZE * i : 0;
    snprintf(subject->found, sizeof(subject->found),
             "MSR 0x%" PRIx32 " flags 0x%" PRIx32 " value 0x%" PRIx64,
             msr->index, msr->flags, msr->value);
}

static struct policy_limits limits_of(const struct guest_subject *subject)
{
    struct policy_limits limits = { 0, 0, 0, 0 };

    policy_limits(subject->target, &limits);
    return limits;
}

/* Whether the policy has more entries than most, and at most least: above
 * that another row applies. */
static bool too_many(struct guest_subject *subject, const char *record,
                     const struct domctx_record_place *place, uint32_t most,
                     uint32_t least)
{
    guest_at_record(subject, record, place);
    subject->at.expected = (struct msg_value)DEC(most);
    snprintf(subject->found, sizeof(subject->found), "%" PRIu64 " entries",
             place->entries);
    return place->entries > most && place->entries <= least;
}

bool guest_leaf_count(struct guest_subject *subject)
{
    return too_many(subject, "X86_CPUID_POLICY",
                    &subject->domain->leaves_at, policy_limits_of_all().leaves,
                    UINT32_MAX);
}

bool guest_leaf_count_newer(struct guest_subject *subject)
{
    return too_many(subject, "X86_CPUID_POLICY",
                    &subject->domain->leaves_at, limits_of(subject).leaves,
                    policy_limits_of_all().leaves);
}

bool guest_msr_count(struct guest_subject *subject)
{
    return too_many(subject, "X86_MSR_POLICY", &subject->domain->msrs_at,
                    policy_limits_of_all().msrs, UINT32_MAX);
}

bool guest_msr_count_newer(struct guest_subject *subject)
{
    return too_many(subject, "X86_MSR_POLICY", &subject->domain->msrs_at,
                    limits_of(subject).msrs, policy_limits_of_all().msrs);
}

/* Find the first leaf for which one set of limits has no place, but the other
 * has. */
static bool leaf_without_place(struct guest_subject *subject,
                               const struct policy_limits *in,
                               const struct policy_limits *but)
{
    const struct domctx_domain *domain = subject->domain;

    for (size_t i = 0; i < domain->n_leaves; i++) {
        const struct domctx_cpuid_leaf *leaf = &domain->leaves[i];

        if (policy_has_leaf(in, leaf->leaf, leaf->subleaf) ||
            (but && !policy_has_leaf(but, leaf->leaf, leaf->subleaf)))
            continue;
        at_leaf(subject, leaf);
        return true;
    }
    return false;
}

bool guest_leaf_place(struct guest_subject *subject)
{
    struct policy_limits most = policy_limits_of_all();

    return leaf_without_place(subject, &most, NULL);
}

bool guest_leaf_newer(struct guest_subject *subject)
{
    struct policy_limits limits = limits_of(subject);
    struct policy_limits most = policy_limits_of_all();

    return leaf_without_place(subject, &limits, &most);
}

/* Find the first MSR for which test holds. */
static bool some_msr(struct guest_subject *subject,
                     bool (*is)(const struct domctx_policy_msr *msr))
{
    const struct domctx_domain *domain = subject->domain;

    for (size_t i = 0; i < domain->n_msrs; i++)
        if (is(&domain->msrs[i])) {
            guest_at_msr(subject, &domain->msrs[i]);
            return true;
        }
    return false;
}

static bool has_flags(const struct domctx_policy_msr *msr)
{
    return msr->flags != 0;
}

static bool is_unknown(const struct domctx_policy_msr *msr)
{
    return !policy_has_msr(msr->index);
}

#define PLATFORM_INFO 0xce
#define CPUID_FAULTING (UINT64_C(1) << 31)

static bool is_wide(const struct domctx_policy_msr *msr)
{
    return msr->index == PLATFORM_INFO && msr->value > UINT32_MAX;
}

static bool has_other_bits(const struct domctx_policy_msr *msr)
{
    return msr->index == PLATFORM_INFO && msr->value <= UINT32_MAX &&
           msr->value & ~CPUID_FAULTING;
}

static bool lacks_faulting(const struct domctx_policy_msr *msr)
{
    return msr->index == PLATFORM_INFO && !(msr->value & CPUID_FAULTING);
}

bool guest_msr_flags(struct guest_subject *subject)
{
    return some_msr(subject, has_flags);
}

bool guest_msr_unknown(struct guest_subject *subject)
{
    return some_msr(subject, is_unknown);
}

bool guest_msr_wide(struct guest_subject *subject)
{
    return some_msr(subject, is_wide);
}

bool guest_msr_bits(struct guest_subject *subject)
{
    return some_msr(subject, has_other_bits);
}

const struct domctx_cpuid_leaf *guest_leaf(const struct domctx_domain *domain,
                                           uint32_t leaf, uint32_t subleaf)
{
    for (size_t i = domain->n_leaves; i > 0; i--)
        if (domain->leaves[i - 1].leaf == leaf &&
            domain->leaves[i - 1].subleaf == subleaf)
            return &domain->leaves[i - 1];
    return NULL;
}

/* EAX of these leaves is the number of the last one. */
bool guest_leaf_above(struct guest_subject *subject, uint32_t leaf,
                      uint32_t subleaf, uint32_t most)
{
    const struct domctx_cpuid_leaf *found =
        guest_leaf(subject->domain, leaf, subleaf);

    if (!found || found->a <= most)
        return false;
    at_leaf(subject, found);
    subject->at.field = "EAX";
    subject->at.expected = (struct msg_value)HEX(most);
    snprintf(subject->found, sizeof(subject->found), "0x%" PRIx32, found->a);
    return true;
}

bool guest_max_leaf(struct guest_subject *subject)
{
    return guest_leaf_above(subject, 0, CPUID_NO_SUBLEAF, 0xd);
}

bool guest_max_subleaf(struct guest_subject *subject)
{
    return guest_leaf_above(subject, 7, 0, policy_limits_of_all().leaf_7);
}

bool guest_max_subleaf_newer(struct guest_subject *subject)
{
    return !guest_max_subleaf(subject) &&
           guest_leaf_above(subject, 7, 0, limits_of(subject).leaf_7);
}

bool guest_has_subleaves(struct guest_subject *subject)
{
    return !subject->host->max && !guest_max_subleaf(subject) &&
           !guest_max_subleaf_newer(subject) &&
           guest_leaf_above(subject, 7, 0, 0);
}

bool guest_max_extended(struct guest_subject *subject)
{
    return guest_leaf_above(subject, 0x80000000, CPUID_NO_SUBLEAF,
                            policy_limits_of_all().extended);
}

bool guest_max_extended_newer(struct guest_subject *subject)
{
    return !guest_max_extended(subject) &&
           guest_leaf_above(subject, 0x80000000, CPUID_NO_SUBLEAF,
                            limits_of(subject).extended);
}

/* Find leaf 0, and set subject->found to the vendor's name: without the spaces
 * around Zhaoxin's, and without unprintable bytes. */
static const struct domctx_cpuid_leaf *vendor_leaf(
    struct guest_subject *subject)
{
    const struct domctx_cpuid_leaf *leaf =
        guest_leaf(subject->domain, 0, CPUID_NO_SUBLEAF);
    char text[CPUID_VENDOR];
    size_t n = 0;

    if (!leaf)
        return NULL;
    at_leaf(subject, leaf);
    cpuid_vendor_text(leaf->b, leaf->c, leaf->d, text);
    for (size_t i = 0; i < sizeof(text); i++)
        if (text[i] > ' ' && text[i] < 0x7f)
            subject->found[n++] = text[i];
    subject->found[n] = '\0';
    return leaf;
}

/* cpuid_vendor() counts Hygon as AMD, and Centaur and Zhaoxin as one: that
 * the vendors are equal proves equal names for these two only. */
static bool is_first_of_its_kind(const char name[CPUID_VENDOR])
{
    return memcmp(name, "GenuineIntel", CPUID_VENDOR) == 0 ||
           memcmp(name, "AuthenticAMD", CPUID_VENDOR) == 0;
}

/* Without the host's policy or name: Xen makes HVM guests on processors of
 * the vendors alone that cpuid_vendor() knows. */
static enum domctx_answer is_vendor_of_host(
    const struct domctx_host *host, const struct domctx_cpuid_leaf *leaf)
{
    const struct domctx_policy *max = host->max;
    const char *there = host->vendor_name;
    enum domctx_vendor vendor = cpuid_vendor(leaf->b, leaf->c, leaf->d);
    char name[CPUID_VENDOR];

    for (size_t i = 0; max && i < max->n_leaves; i++)
        if (max->leaves[i].leaf == 0)
            return leaf->b == max->leaves[i].b &&
                           leaf->c == max->leaves[i].c &&
                           leaf->d == max->leaves[i].d
                       ? DOMCTX_YES : DOMCTX_NO;
    cpuid_vendor_text(leaf->b, leaf->c, leaf->d, name);
    if (there && *there)
        return strlen(there) == sizeof(name) &&
                       memcmp(there, name, sizeof(name)) == 0
                   ? DOMCTX_YES : DOMCTX_NO;
    if (vendor == DOMCTX_VENDOR_UNKNOWN)
        return DOMCTX_NO;
    if (!host->vendor)
        return DOMCTX_UNSAID;
    if (vendor != host->vendor)
        return DOMCTX_NO;
    return is_first_of_its_kind(name) ? DOMCTX_YES : DOMCTX_UNSAID;
}

static bool is_vendor(struct guest_subject *subject, bool known,
                      enum domctx_answer answer)
{
    const struct domctx_cpuid_leaf *leaf = vendor_leaf(subject);

    return leaf && is_vendor_of_host(subject->host, leaf) == answer &&
           known == (cpuid_vendor(leaf->b, leaf->c, leaf->d) !=
                     DOMCTX_VENDOR_UNKNOWN);
}

/* Xen compares the names themselves: Hygon is not AMD. */
bool guest_other_vendor(struct guest_subject *subject)
{
    return is_vendor(subject, true, DOMCTX_NO);
}

bool guest_some_vendor(struct guest_subject *subject)
{
    return is_vendor(subject, true, DOMCTX_UNSAID);
}

/* A name that no processor has, or none. */
bool guest_no_vendor(struct guest_subject *subject)
{
    return is_vendor(subject, false, DOMCTX_NO);
}

/* CPU_MSR has CPUID faulting enabled, and the policy does not offer it. */
bool guest_no_faulting(struct guest_subject *subject)
{
    for (size_t i = 0; i < subject->context->count; i++) {
        const struct context_record *record = &subject->context->records[i];
        uint32_t n = record->length < 8 ? 0 : le32(record->body);

        if (record->type != DOMCTX_HVM_RECORD(CODE_CPU_MSR))
            continue;
        for (size_t k = 0; k < n && 24 + 16 * k <= record->length; k++) {
            const uint8_t *entry = record->body + 8 + 16 * k;

            if (le32(entry) != 0x140 || !(le64(entry + 8) & 1))
                continue;
            return some_msr(subject, lacks_faulting);
        }
    }
    return false;
}
