/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging what depends on the domain's policy and on the host.  No host can
 * give the domain a feature that its policy lacks.
 */
#include "verdict/check.h"
#include "rules/guest.h"
#include "rules/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- names ------------------------------------------------------------- */

/* Append a word, unless the list has it; false if there is no room. */
static bool add_word(char *list, size_t room, const char *word)
{
    size_t size = strlen(word), used = strlen(list);

    for (const char *p = list; (p = strstr(p, word)); p += size)
        if ((p == list || p[-1] == ' ') && (!p[size] || p[size] == ' '))
            return true;
    if (used + size + 2 > room)
        return false;
    snprintf(list + used, room - used, "%s%s", used ? " " : "", word);
    return true;
}

static bool has_other(const struct rule_feature *feature)
{
    return feature->word2 || feature->bit2;
}

/* Append the feature's name, or both of its names: "ibrsb/ibrs". */
static void add_feature(char *list, size_t room,
                        const struct rule_feature *feature)
{
    char word[64];

    snprintf(word, sizeof(word), "%s%s%s",
             cpuid_name(feature->word, feature->bit),
             has_other(feature) ? "/" : "",
             has_other(feature) ? cpuid_name(feature->word2, feature->bit2)
                                : "");
    add_word(list, room, word);
}

/* -- features ---------------------------------------------------------- */

/* Find the rows whose bits are in the value and whose features the set lacks:
 * returns those bits, and the features' names. */
static uint64_t lacking(const uint32_t *words, size_t n,
                        const struct rule_feature *feature, uint64_t value,
                        char *names, size_t room)
{
    uint64_t lacks = 0;

    names[0] = '\0';
    for (; feature->bits; feature++) {
        bool has = feature->word < n &&
                   words[feature->word] >> feature->bit & 1;
        bool has2 = has_other(feature) && feature->word2 < n &&
                    words[feature->word2] >> feature->bit2 & 1;

        if (!(value & feature->bits) || has || has2)
            continue;
        lacks |= value & feature->bits;
        add_feature(names, room, feature);
    }
    return lacks;
}

/* Add the features that the host must have, except those that every host
 * has. */
static void add_needs(struct check *check, const struct rule *rule,
                      uint64_t value)
{
    char *needs = check->verdict->needs;

    for (const struct rule_feature *feature = rule->features;
         feature && feature->bits; feature++)
        if (value & feature->bits &&
            !cpuid_has(&cpuid_common, feature->word, feature->bit))
            add_feature(needs, sizeof(check->verdict->needs), feature);
}

void check_needs(struct check *check, const char *word)
{
    add_word(check->verdict->needs, sizeof(check->verdict->needs), word);
}

/* -- the pending rules ------------------------------------------------- */

static struct msg_at place_of(const struct rule *rule, uint64_t value)
{
    struct msg_at at = { .record = cat_record(rule->typecode)->name,
                         .field = rule->field, .found = HEX(value) };

    if (!rule->field) {
        at.field = "length";
        at.found = (struct msg_value)DEC(value);
    }
    return at;
}

/* Whether another configuration of the domain would give them. */
static bool is_configured(const struct check *check, const struct rule *rule,
                          uint64_t value)
{
    char names[16];

    return !lacking(check->unconfigured.word, CPUID_WORDS, rule->features,
                    value, names, sizeof(names));
}

/* The reason why the policy lacks the features. */
static const char *reason_of(const struct check *check,
                             const struct rule *rule, uint64_t value)
{
    const struct domctx_domain *domain = check->host->domain;
    char names[16];

    if (is_configured(check, rule, value))
        return "a domain made with this configuration gets no";
    if (domain && !domain->leaves &&
        check->target.series >= CAT_V(4, 14))
        return "the stream brings no CPUID policy, and the one that the "
               "toolstack makes up lacks";
    if (lacking(check->file.word, CPUID_WORDS, rule->features, value, names,
                sizeof(names)))
        return "the CPUID policy of the guest lacks";
    return "a domain made like this gets no";
}

/* False if the policy lacks the features: the load is refused. */
static bool policy_gives(struct check *check, const struct rule *rule,
                         uint64_t value)
{
    struct msg_at at = place_of(rule, value);
    struct rule_outcome refused = rule->outcome;
    char names[160], uses[80];
    uint64_t lacks = lacking(check->policy.word, CPUID_WORDS, rule->features,
                             value, names, sizeof(names));

    if (!lacks)
        return true;
    refused.verdict = DOMCTX_REFUSED;
    rule_bits_text(rule, lacks, uses, sizeof(uses));
    check_raise(check,
                is_configured(check, rule, lacks) ? MSG_LOAD_POLICY_CONFIG
                                                  : MSG_LOAD_POLICY,
                rule->typecode, &at, &refused, true,
                "%s %s%s%s", reason_of(check, rule, lacks), names,
                *uses ? ", and the guest uses " : "", uses);
    return false;
}

/* Report what has to be compared with the host. */
static void tell(struct check *check, const struct rule *rule,
                 uint64_t value)
{
    struct msg_at at = place_of(rule, value);
    char words[200] = "";

    if (rule->features)
        rule_bits_text(rule, value, words, sizeof(words));
    check_raise(check, rule->id, rule->typecode, &at, &rule->outcome, true,
                "%s%s%s", rule->reason, *words ? ": " : "", words);
}

/* The number of physical address bits in the file's policy; 0: it does not
 * say.  No host gives the domain more, and Xen counts fewer than 36 as 36:
 * recalculate_cpuid_policy(). */
static unsigned int own_bits(const struct check *check)
{
    const struct domctx_domain *domain = check->host->domain;
    const struct domctx_cpuid_leaf *leaf =
        domain && check->target.series >= CAT_V(4, 14)
            ? guest_leaf(domain, 0x80000008, CPUID_NO_SUBLEAF) : NULL;

    if (!leaf)
        return 0;
    return (leaf->a & 0xff) < 36 ? 36 : leaf->a & 0xff;
}

/* The bits of an address that are above that many; 0 bits: not known. */
static uint64_t beyond(uint64_t address, unsigned int bits)
{
    return bits && bits < 64 ? address >> bits << bits : 0;
}

/* Judge an address by the policy and by the host; false: nothing is known of
 * the host, and it decides. */
static bool settle_address(struct check *check, const struct rule *rule,
                           uint64_t value)
{
    struct rule_outcome refused = rule->outcome;
    unsigned int own = own_bits(check), there = check->host->phys_bits;
    bool by_policy = beyond(value, own);
    struct msg_at at = place_of(rule, beyond(value, by_policy ? own : there));

    refused.verdict = DOMCTX_REFUSED;
    if (by_policy)
        check_raise(check, MSG_LOAD_POLICY, rule->typecode, &at, &refused,
                    true, "the CPUID policy of the guest has %u physical "
                    "address bits, and this is more", own);
    else if (beyond(value, there))
        check_raise(check, MSG_LOAD_HOST_LACKS, rule->typecode, &at,
                    &refused, true, "the host has %u physical address bits, "
                    "and this is more", there);
    else
        return there && there < 64;
    return true;
}

/* Report features that the host gives to no domain, or to none with this
 * configuration. */
static void refuse_lacking(struct check *check, const struct rule *rule,
                           uint64_t lacks, const char *names)
{
    const struct domctx_host *host = check->host;
    struct msg_at at = place_of(rule, lacks);
    struct rule_outcome refused = rule->outcome;
    char room[16], uses[80];
    bool made_up = rule->features && host->domain && !host->domain->leaves &&
                   !lacking(host->features, host->n_features,
                            rule->features, lacks, room, sizeof(room));

    refused.verdict = DOMCTX_REFUSED;
    at.found = (struct msg_value)HEX(lacks);
    rule_bits_text(rule, lacks, uses, sizeof(uses));
    if (made_up)
        check_raise(check, MSG_LOAD_POLICY, rule->typecode, &at, &refused,
                    true, "the stream brings no CPUID policy, and the one "
                    "that the toolstack makes up on the host lacks %s",
                    names);
    else
        check_raise(check, MSG_LOAD_HOST_LACKS, rule->typecode, &at,
                    &refused, true, "the host does not have the features for "
                    "it%s%s%s%s", *names ? ": " : "", names,
                    *uses ? ", and the guest uses " : "", uses);
}

void check_settle(struct check *check, const struct rule *rule,
                  uint64_t value)
{
    const struct domctx_host *host = check->host;
    char names[160] = "";
    uint64_t lacks;

    if (rule->features && !policy_gives(check, rule, value))
        return;
    if (rule->address && settle_address(check, rule, value))
        return;
    if (rule->features && host->features) {
        lacks = lacking(check->gives.word, CPUID_WORDS, rule->features,
                        value, names, sizeof(names));
    } else if (rule->id == MSG_LOAD_HOST_XCR0 && host->xcr0) {
        lacks = lacking(NULL, 0, rule->features, value & ~host->xcr0, names,
                        sizeof(names));
    } else {
        add_needs(check, rule, value);
        tell(check, rule, value);
        return;
    }
    if (lacks)
        refuse_lacking(check, rule, lacks, names);
}

/* Whether the rule is about bits of the MSR's value; a rule about the whole
 * MSR has all bits set. */
static bool is_about_bits(const struct rule *rule, uint32_t index)
{
    return rule->typecode == CODE_CPU_MSR && rule->key == index &&
           rule->features && rule->features->bits != UINT64_MAX;
}

uint64_t check_msr_lacks(struct release release,
                         const struct domctx_host *host, uint32_t index,
                         uint64_t value, char *names, size_t room)
{
    static const struct release anyone;
    struct check *check = calloc(1, sizeof(*check));
    uint64_t lacks = 0;
    char features[16];

    *names = '\0';
    if (!check)
        return 0; /* unknown MSRs are refused by the judgement itself */
    check->target = release;
    check->host = host;
    check_policy(check);
    for (size_t i = 0; i < n_rules_load; i++) {
        const struct rule *rule = &rules_load[i];

        if (!is_about_bits(rule, index) ||
            !rule_holds(rule, anyone, release))
            continue;
        lacks |= lacking(check->policy.word, CPUID_WORDS, rule->features,
                         value, features, sizeof(features));
        if (host->features)
            lacks |= lacking(check->gives.word, CPUID_WORDS, rule->features,
                             value, features, sizeof(features));
        rule_bits_text(rule, lacks, names, room);
    }
    free(check);
    return lacks;
}

/* -- features that the guest loses ------------------------------------- */

/* List the features of a that b lacks, in the leaves that the file has;
 * returns their number.  *whole: the list has room for all.  On AMD word 2
 * repeats word 0; words 16 and 17 list vulnerabilities that the processor does
 * not have, so they are left out. */
static size_t list_lost(const struct check *check, const struct cpuid_set *a,
                        const struct cpuid_set *b, char *list, size_t room,
                        bool *whole)
{
    static const uint32_t repeated = 0x0183f3ff;
    size_t n = 0;

    *whole = true;
    for (unsigned int word = 0; word < CPUID_WORDS; word++) {
        const struct cpuid_place *place = &cpuid_places[word];
        uint32_t lost = a->word[word] & ~b->word[word] &
                        ~cpuid_special.word[word];

        if (place->reg > CPUID_D || !guest_leaf(check->host->domain,
                                                place->leaf, place->subleaf))
            continue;
        for (unsigned int bit = 0; bit < 32; bit++) {
            if (!(lost >> bit & 1) || !cpuid_name(word, bit) ||
                (word == 2 && repeated >> bit & 1))
                continue;
            n++;
            *whole = add_word(list, room, cpuid_name(word, bit)) && *whole;
        }
    }
    return n;
}

static void tell_lost(struct check *check, enum msg_id id,
                      const struct cpuid_set *a, const struct cpuid_set *b,
                      const char *words)
{
    uint64_t offset = check->host->domain->leaves_at.offset;
    struct msg_at at = { .record = "X86_CPUID_POLICY",
                         .has_offset = offset != 0, .offset = offset };
    struct rule_outcome outcome = { .verdict = DOMCTX_CHANGED };
    char names[200] = "";
    bool whole;
    size_t n = list_lost(check, a, b, names, sizeof(names), &whole);

    if (n)
        check_raise(check, id, CODE_HEADER, &at, &outcome, true,
                    "%s %zu feature%s: %s%s", words, n, n == 1 ? "" : "s",
                    names, whole ? "" : " ...");
}

/* Report features that the guest was started with and loses: because no host
 * gives them under this release, or because this host does not. */
void check_lost_features(struct check *check)
{
    const struct domctx_domain *domain = check->host->domain;

    if (!domain || !domain->leaves || check->target.series < CAT_V(4, 14))
        return;
    tell_lost(check, MSG_GUEST_FEATURES, &check->file, &check->policy,
              "the guest loses");
    if (check->host->features)
        tell_lost(check, MSG_HOST_FEATURES, &check->policy, &check->gives,
                  "the host does not give the guest");
}
