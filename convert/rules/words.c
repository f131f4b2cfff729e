/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules/words.h"
#include "catalogue/names.h"
#include "catalogue/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *rule_record_text(const struct rule *rule)
{
    const struct cat_record *record = cat_record(rule->typecode);

    return record ? record->name : "any record";
}

/* Names of programs and libraries, which never begin with a capital. */
static bool is_small_name(const char *text)
{
    return strncmp(text, "lib", 3) == 0 || strncmp(text, "xl ", 3) == 0 ||
           strncmp(text, "xen", 3) == 0;
}

char text_capital(const char *text)
{
    if (is_small_name(text))
        return *text;
    for (const char *p = text; *p && *p != ' '; p++)
        if (*p == '_' || (*p >= '0' && *p <= '9') ||
            (p > text && *p >= 'A' && *p <= 'Z'))
            return *text;
    return *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
}

struct domctx_releases rule_releases(const struct rule *rule)
{
    const struct cat_record *record = cat_record(rule->typecode);
    struct domctx_releases set = set_between(&rule->since, &rule->until);
    struct since from = { { { 0, 0 } } }, open = { { { 0, 0 } } };
    struct domctx_releases with;

    if (!record)
        return set;
    from.points[0] = (struct release){ record->from, 0 };
    with = set_between(&from, &open);
    return set_and(&set, &with);
}

/* The names of the bits of the rule's field, or NULL. */
static const struct cat_names *names_of(const struct rule *rule)
{
    const struct cat_record *record = cat_record(rule->typecode);

    if (rule->typecode == CODE_CPU_MSR && rule->field)
        return rule->key ? names_of_msr((uint32_t)rule->key) : &names_msr;
    for (size_t i = 0; record && rule->field && i < record->n_fields; i++)
        if (strcmp(record->fields[i].name, rule->field) == 0)
            return record->fields[i].names;
    return NULL;
}

const char *rule_bits_text(const struct rule *rule, uint64_t bits, char *buf,
                           size_t room)
{
    const struct cat_names *names = names_of(rule);

    buf[0] = '\0';
    if (names)
        value_names(names, bits, false, buf, room);
    return buf;
}

/* A number, and its names behind it if there are any. */
static void put_named(char *buf, size_t room, const char *lead,
                      const struct cat_names *names, uint64_t value)
{
    char words[200] = "";

    if (names)
        value_names(names, value, false, words, sizeof(words));
    snprintf(buf, room, "%s0x%" PRIx64 "%s%s", lead, value,
             *words ? " " : "", words);
}

static void put_number(char *buf, size_t room, const char *lead,
                       uint64_t value)
{
    snprintf(buf, room, "%s%s%" PRIx64, lead, value ? "0x" : "", value);
}

const char *rule_key_text(const struct rule *rule, char *buf, size_t room)
{
    buf[0] = '\0';
    if (!rule->key)
        return buf;
    if (rule->typecode == CODE_CPU_MSR)
        put_named(buf, room, "MSR ", &names_msr, rule->key);
    else if (rule->typecode == CODE_CPU_XSAVE && rule->key >> 63)
        put_named(buf, room, "all but ", &names_xstate, ~rule->key);
    else if (rule->typecode == CODE_CPU_XSAVE)
        value_names(&names_xstate, rule->key, false, buf, room);
    return buf;
}

/* Whether the mask is the complement of the bits that are allowed, which are
 * then told instead.  Such a mask contains bit 63. */
static bool is_allowed_set(const struct rule_cond *cond)
{
    return cond->test == RULE_UNEQUAL && cond->operand == 0 &&
           cond->mask >> 63 && ~cond->mask;
}

/* " with 0x400 in the bits 0xc00 EXTD" */
static void put_bits(char *buf, size_t room, const struct cat_names *names,
                     const struct rule_cond *cond)
{
    char of[100];

    put_named(of, sizeof(of), "", NULL, cond->operand);
    snprintf(buf, room, " with %s in the bits ", of);
    put_named(buf + strlen(buf), room - strlen(buf), "", names, cond->mask);
}

const char *rule_condition_text(const struct rule *rule, char *buf,
                                size_t room)
{
    const struct rule_cond *cond = &rule->cond;
    const struct cat_names *names = names_of(rule);
    bool whole = cond->mask == UINT64_MAX;

    buf[0] = '\0';
    if (!rule->field)
        return buf;
    if (is_allowed_set(cond))
        put_named(buf, room, " with other bits than ", names, ~cond->mask);
    else if (rule->direction == RULE_LOAD && rule->key &&
             rule->typecode == CODE_CPU_MSR && !rule->mask)
        put_number(buf, room, " not ", 0);
    else if (rule->direction == RULE_LOAD && rule->key &&
             rule->typecode == CODE_CPU_MSR)
        put_named(buf, room, " with other bits than ", names, rule->mask);
    else if (cond->test == RULE_ABOVE)
        put_named(buf, room, " above ", NULL, cond->operand);
    else if (cond->test == RULE_UNEQUAL && whole)
        put_number(buf, room, " not ", cond->operand);
    else if (cond->test == RULE_UNEQUAL && cond->operand)
        put_named(buf, room, " without ", names, cond->operand);
    else if (cond->test == RULE_UNEQUAL)
        put_named(buf, room, " with bits of ", names, cond->mask);
    else if (cond->test == RULE_EQUAL && whole && !cond->operand)
        put_number(buf, room, " ", 0);
    else if (cond->test == RULE_EQUAL && whole)
        put_named(buf, room, " ", names, cond->operand);
    else if (cond->test == RULE_EQUAL && cond->mask && !cond->operand)
        put_named(buf, room, " without ", names, cond->mask);
    else if (cond->test == RULE_EQUAL && cond->mask)
        put_bits(buf, room, names, cond);
    return buf;
}
