/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What depends on the policy that the domain gets, and on the host.  The
 * policy is that of the file as the release trims it; in a stream without one
 * that which the toolstack makes up.  What is not in it, no host can give.
 */
#include "verdict/check.h"
#include "rules/guest.h"
#include "rules/words.h"

#include <stdio.h>
#include <string.h>

/* -- the policy -------------------------------------------------------- */

/* Since these, up to 28301682f4, a policy that is made up ends with subleaf 0
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

/* What the file has; where it lacks a leaf the default stays. */
static void file_policy(const struct domctx_domain *domain,
                        struct cpuid_set *set)
{
    memset(set, 0xff, sizeof(*set));
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

/* Nested virtualisation, since 345fd6d01e, and paging that the domain is made
 * without. */
static void trim_by_config(const struct check *check, struct cpuid_set *set)
{
    const struct domctx_keys *keys = &check->host->domain->keys;

    if (keys->known && keys->nested_hvm != DOMCTX_YES &&
        check->target.series >= CAT_V(4, 15)) {
        clear(set, 1, 5);      /* vmx */
        clear(set, 3, 2);      /* svm */
    }
    if (keys->hap != DOMCTX_NO)
        return;
    clear(set, 1, 17);         /* pcid */
    clear(set, 2, 26);         /* page1gb */
    clear(set, 5, 10);         /* invpcid */
    clear(set, 6, 3);          /* pku */
    clear(set, 6, 31);         /* pks */
}

void check_policy(struct check *check)
{
    const struct domctx_domain *domain = check->host->domain;
    struct cpuid_set *set = &check->policy;

    memset(&check->file, 0xff, sizeof(check->file));
    memset(set, 0xff, sizeof(*set));
    if (cpuid_bound(check->target, set))
        for (size_t i = 0; i < CPUID_WORDS; i++)
            set->word[i] |= cpuid_special.word[i];
    if (!domain)
        return;
    if (check->target.series >= CAT_V(4, 14) && domain->leaves)
        file_policy(domain, &check->file);
    else
        trim_made_up(check, set);
    for (size_t i = 0; i < CPUID_WORDS; i++)
        set->word[i] &= check->file.word[i];
    trim_by_config(check, set);
    cpuid_close(set);
}

/* -- names ------------------------------------------------------------- */

/* Append a word to a list that lacks it; false where there is no room. */
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

/* "ibrsb", "ibrsb/ibrs" */
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

/* The rows of which the value has bits that need what the set lacks: their
 * bits, and the names of the features. */
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

/* What a host must have beside what all have. */
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

/* Why the policy lacks them. */
static const char *reason_of(const struct check *check,
                             const struct rule *rule, uint64_t value)
{
    const struct domctx_domain *domain = check->host->domain;
    char names[16];

    if (domain && !domain->leaves &&
        check->target.series >= CAT_V(4, 14))
        return "the stream brings no CPUID policy, and the one that the "
               "toolstack makes up lacks";
    if (lacking(check->file.word, CPUID_WORDS, rule->features, value, names,
                sizeof(names)))
        return "the CPUID policy in the file lacks";
    return "a domain made like this gets no";
}

/* False: the policy refuses them. */
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
    at.found = (struct msg_value)HEX(lacks);
    rule_bits_text(rule, lacks, uses, sizeof(uses));
    check_raise(check, MSG_LOAD_POLICY, rule->typecode, &at, &refused, true,
                "%s %s%s%s", reason_of(check, rule, lacks), names,
                *uses ? ", and the guest uses " : "", uses);
    return false;
}

/* What is to be compared, by name. */
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

void check_settle(struct check *check, const struct rule *rule,
                  uint64_t value)
{
    const struct domctx_host *host = check->host;
    struct msg_at at = place_of(rule, value);
    struct rule_outcome refused = rule->outcome;
    char names[160] = "", uses[80];
    uint64_t lacks;

    if (rule->features && !policy_gives(check, rule, value))
        return;
    if (rule->address && host->phys_bits && host->phys_bits < 64) {
        lacks = value >> host->phys_bits << host->phys_bits;
    } else if (rule->features && host->features) {
        lacks = lacking(host->features, host->n_features, rule->features,
                        value, names, sizeof(names));
    } else {
        add_needs(check, rule, value);
        tell(check, rule, value);
        return;
    }
    if (!lacks)
        return;
    refused.verdict = DOMCTX_REFUSED;
    at.found = (struct msg_value)HEX(lacks);
    rule_bits_text(rule, lacks, uses, sizeof(uses));
    check_raise(check, MSG_LOAD_HOST_LACKS, rule->typecode, &at, &refused,
                true, "this host does not have the features for it%s%s%s%s",
                *names ? ": " : "", names,
                *uses ? ", and the guest uses " : "", uses);
}

/* -- features that the guest loses ------------------------------------- */

/* Of the features for which the guest was started, those that the release
 * gives on no host.  Word 2 repeats word 0 on AMD, words 16 and 17 hold what
 * the processor is not in danger of. */
void check_lost_features(struct check *check)
{
    static const uint32_t repeated = 0x0183f3ff;
    const struct domctx_domain *domain = check->host->domain;
    struct msg_at at = { .record = "X86_CPUID_POLICY" };
    struct rule_outcome outcome = { .verdict = DOMCTX_CHANGED };
    char names[240] = "";
    bool whole = true;
    size_t n = 0;

    if (!domain || !domain->leaves || check->target.series < CAT_V(4, 14))
        return;
    for (unsigned int word = 0; word < CPUID_WORDS; word++) {
        uint32_t lost = check->file.word[word] & ~check->policy.word[word] &
                        ~cpuid_special.word[word];
        const struct cpuid_place *place = &cpuid_places[word];

        if (place->reg > CPUID_D ||
            !guest_leaf(domain, place->leaf, place->subleaf))
            continue;
        for (unsigned int bit = 0; bit < 32; bit++) {
            if (!(lost >> bit & 1) || !cpuid_name(word, bit) ||
                (word == 2 && repeated >> bit & 1))
                continue;
            n++;
            whole = add_word(names, sizeof(names), cpuid_name(word, bit)) &&
                    whole;
        }
    }
    at.has_offset = true;
    at.offset = domain->leaves_at.offset;
    at.found = (struct msg_value)DEC(n);
    if (n)
        check_raise(check, MSG_GUEST_FEATURES, CODE_HEADER, &at, &outcome,
                    true, "features that the guest was started with and loses:"
                    " %s%s", names, whole ? "" : " ...");
}
