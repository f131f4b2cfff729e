/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judge the domain apart from its context, by the rows of rules/guest.c. */
#include "verdict/check.h"
#include "rules/guest.h"

#include <stdio.h>

/* As many subleaves of leaf 7. */
static void put_subleaves(struct check *check)
{
    const struct domctx_cpuid_leaf *leaf =
        guest_leaf(check->host->domain, 7, 0);
    char word[24];

    snprintf(word, sizeof(word), "leaf-7.%u", leaf ? leaf->a : 0);
    check_needs(check, word);
}

/* Add a requirement on the host to the headline. */
static void put_needs(struct check *check, const struct guest_rule *rule,
                      const struct guest_subject *subject)
{
    if (rule->needs)
        check_needs(check, rule->needs);
    else if (rule->id == MSG_GUEST_VENDOR_HOST)
        check_needs(check, subject->found);
    else if (rule->id == MSG_GUEST_LEAVES_HOST)
        put_subleaves(check);
}

static void apply(struct check *check, const struct guest_rule *rule)
{
    struct guest_subject subject = {
        .rule = rule, .domain = check->host->domain,
        .context = check->context, .target = check->target,
        .host = check->host,
    };

    if (!rule->met(&subject))
        return;
    if (*subject.found)
        subject.at.found = (struct msg_value)TEXT(subject.found);
    put_needs(check, rule, &subject);
    if (rule->typecode)
        check_raise(check, rule->id, rule->typecode, &subject.at,
                    &rule->outcome, true, "%s", rule->reason);
    else
        check_raise_early(check, rule->id, &subject.at, &rule->outcome,
                          "%s", rule->reason);
}

void check_guest(struct check *check)
{
    for (size_t i = 0; i < n_rules_guest; i++)
        if ((check->host->domain || rules_guest[i].of_image) &&
            guest_rule_holds(&rules_guest[i], check->target))
            apply(check, &rules_guest[i]);
}
