/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A number or a name alone: all that it may be. */
#include "explain/numbers.h"

#include "catalogue/catalogue.h"
#include "catalogue/value.h"
#include "explain/page-text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_as(struct out *out, enum hole_id id, const char *text,
                   size_t length)
{
    struct hole hole = { id, text, length };

    put_holes(out, &hole, 1);
}

/* "16/0", "CPU_XSAVE", "CPU_XSAVE:0". */
static bool put_entry(struct out *out, const char *text)
{
    size_t length = strcspn(text, "/:");
    const char *instance = text + length + (text[length] != '\0');
    const struct cat_record *record = record_named(text, length);
    char *end;

    if (!record && text[length]) {
        unsigned long code = strtoul(text, &end, 0);

        if (end != text + length || code > UINT16_MAX ||
            !(record = cat_record((uint32_t)code)))
            return false;
    }
    if (!record || instance[strspn(instance, "0123456789")])
        return false;
    out_f(out, "    %s is the record with typecode %u of the HVM context",
          record->name, (unsigned int)record->typecode);
    if (*instance)
        out_f(out, ", instance %.20s", instance);
    out_text(out, ".\n");
    return true;
}

/* "EINVAL", "HVM_PARAM_VIRIDIAN", "PAGE_DATA", "ERROR_FAIL". */
static bool put_name(struct out *out, const char *text)
{
    static const struct {
        const struct number_table *table;
        const char *prefix, *words;
    } kinds[] = {
        { &numbers_errno, "", "error " },
        { &numbers_libxl_error, "", "error of libxl -" },
        { &numbers_hvm_param, "HVM_PARAM_", "HVM parameter " },
        { &numbers_hvm_param, "", "HVM parameter " },
        { &numbers_libxc, "", "record of a libxc stream of type " },
        { &numbers_libxl, "", "record of a libxl stream of type " },
    };
    bool any = false;
    char words[300];

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t length = strlen(kinds[i].prefix);
        const struct number_name *name;

        if (strncmp(text, kinds[i].prefix, length) != 0)
            continue;
        name = number_named(kinds[i].table, text + length);
        if (!name)
            continue;
        snprintf(words, sizeof(words), "%s is the %s%u: %s.", text,
                 kinds[i].words, name->number, name->words);
        put_wrapped(out, words, 4);
        any = true;
    }
    return any;
}

/* The number may be of several kinds: each that it can be. */
static bool put_bare_number(struct out *out, const char *text)
{
    static const struct {
        const struct number_table *table;
        enum hole_id id;
    } kinds[] = {
        { &numbers_errno, HOLE_ERRNO },
        { &numbers_libxl_error, HOLE_RC },
        { &numbers_hvm_param, HOLE_PARAM },
        { &numbers_libxc, HOLE_RECTYPE },
        { &numbers_cpuid, HOLE_LEAF },
    };
    struct hole hole = { HOLE_N, text, strlen(text) };
    uint64_t value;
    bool negative, any = false;
    char words[VALUE_ROOM];

    if (!text[strspn(text, "-")] || !hole_number(&hole, &value, &negative))
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!number_find(kinds[i].table, value) || (negative && i > 1) ||
            (!negative && i == 1) || (hole.length < 3 && i == 4))
            continue;
        put_as(out, kinds[i].id, text, hole.length);
        any = true;
    }
    if (!negative && value <= UINT16_MAX && cat_record((uint32_t)value)) {
        put_as(out, HOLE_TYPECODE, text, hole.length);
        any = true;
    }
    value_names(&names_msr, value, false, words, sizeof(words));
    if (*words && text[1] == 'x') {
        put_as(out, HOLE_MSR, text, hole.length);
        any = true;
    }
    return any;
}

/* "msr 0x48", "param 9". */
static bool put_said(struct out *out, const char *text)
{
    static const struct {
        const char *word;
        enum hole_id id;
    } kinds[] = {
        { "typecode ", HOLE_TYPECODE }, { "type ", HOLE_TYPECODE },
        { "errno ", HOLE_ERRNO },       { "error ", HOLE_ERRNO },
        { "rc ", HOLE_ERRNO },          { "msr ", HOLE_MSR },
        { "MSR ", HOLE_MSR },           { "param ", HOLE_PARAM },
        { "parameter ", HOLE_PARAM },   { "leaf ", HOLE_LEAF },
        { "record ", HOLE_RECTYPE },    { "CR0 ", HOLE_CR0 },
        { "CR4 ", HOLE_CR4 },           { "EFER ", HOLE_EFER },
        { "XCR0 ", HOLE_XCR0 },         { "xcr0 ", HOLE_XCR0 },
        { "accum ", HOLE_XCR0 },
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t length = strlen(kinds[i].word);
        struct hole hole = { kinds[i].id, text + length, strlen(text) };
        uint64_t value;
        bool negative;

        if (strncmp(text, kinds[i].word, length) != 0)
            continue;
        hole.length -= length;
        if (!hole.length || !hole_number(&hole, &value, &negative))
            return false;
        put_holes(out, &hole, 1);
        return true;
    }
    return false;
}

bool put_number(struct out *out, const char *text)
{
    bool entry = put_entry(out, text);
    bool name = put_name(out, text);

    return entry || name || put_said(out, text) ||
           put_bare_number(out, text);
}
