/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A number or a name alone: all that it may be. */
#include "explain/numbers.h"

#include "base/chars.h"
#include "catalogue/catalogue.h"
#include "catalogue/cpuid.h"
#include "catalogue/value.h"
#include "explain/page-text.h"
#include "explain/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_ROOM 80

static bool put_as(struct out *out, enum hole_id id, const char *text,
                   size_t length)
{
    struct hole hole = { id, text, length };

    return put_holes(out, &hole, 1);
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

        if (length == 0 || end != text + length || code > UINT16_MAX ||
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
        { &numbers_signal, "", "signal " },
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

static bool put_image_type(struct out *out, const char *text, size_t length,
                           uint64_t value)
{
    const char *name = value > DOMCTX_END && value <= UINT32_MAX
                           ? domctx_type_name((uint32_t)value) : NULL;

    /* the small ones are numbers of anything */
    if (!name || value < DOMCTX_HVM_CONTEXT)
        return false;
    out_f(out, "    %.*s is the record %s of a domain context image.\n",
          (int)length, text, name);
    return true;
}

/* Why an entry into a guest failed, as VMX has it: bit 31, and the reason. */
#define ENTRY_FAILED UINT64_C(0x80000000)
#define EXITS 0x100u

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
    if (value >= ENTRY_FAILED && value < ENTRY_FAILED + EXITS &&
        number_find(&numbers_vmx_exit, value - ENTRY_FAILED)) {
        put_as(out, HOLE_VMX_EXIT, text, hole.length);
        any = true;
    }
    any |= !negative && put_image_type(out, text, hole.length, value);
    value_names(&names_msr, value, false, words, sizeof(words));
    if (*words && char_lower(text[1]) == 'x') {
        put_as(out, HOLE_MSR, text, hole.length);
        any = true;
    }
    return any;
}

/* The words for what a number is, as lines and people have them. */
static const struct said {
    const char *word;       /* in lower case */
    enum hole_id id;
} said[] = {
    { "typecode", HOLE_TYPECODE },         { "type", HOLE_TYPECODE },
    { "entry", HOLE_TYPECODE },            { "load entry", HOLE_TYPECODE },
    { "errno", HOLE_ERRNO },               { "error", HOLE_ERRNO },
    { "err", HOLE_ERRNO },                 { "rc", HOLE_ERRNO },
    { "rc", HOLE_RC },                     { "msr", HOLE_MSR },
    { "msr index", HOLE_MSR },             { "param", HOLE_PARAM },
    { "parameter", HOLE_PARAM },           { "hvm_param", HOLE_PARAM },
    { "hvm param", HOLE_PARAM },           { "hvm parameter", HOLE_PARAM },
    { "leaf", HOLE_LEAF },                 { "cpuid leaf", HOLE_LEAF },
    { "cpuid", HOLE_LEAF },                { "subleaf", HOLE_SUBLEAF },
    { "record", HOLE_RECTYPE },            { "libxc record", HOLE_RECTYPE },
    { "record type", HOLE_RECTYPE },       { "rectype", HOLE_RECTYPE },
    { "libxl record", HOLE_LXRECTYPE },    { "cr0", HOLE_CR0 },
    { "cr4", HOLE_CR4 },                   { "efer", HOLE_EFER },
    { "dr6", HOLE_DR6 },                   { "dr7", HOLE_DR7 },
    { "xcr0", HOLE_XCR0 },                 { "accum", HOLE_XCR0 },
    { "xcr0_accum", HOLE_XCR0 },           { "mcg_cap", HOLE_MCG_CAP },
    { "shutdown reason", HOLE_SHUTDOWN },  { "signal", HOLE_SIGNAL },
    { "exit status", HOLE_STATUS },
};

/* Behind the word and what stands between it and its number: "CR4 0x20",
 * "cr4=0x20", "CR4: 0x20"; NULL. */
static const char *over_said(const char *text, const char *word)
{
    const char *end;

    for (; *word; word++, text++)
        if (char_lower(*text) != *word)
            return NULL;
    end = text + strspn(text, " =:");
    return end > text ? end : NULL;
}

static bool put_said_part(struct out *out, const char *text, size_t length)
{
    bool any = false;

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        const char *at = over_said(text, said[i].word);
        struct hole hole = { said[i].id, at, 0 };
        uint64_t value;
        bool negative;

        if (!at || at >= text + length)
            continue;
        hole.length = (size_t)(text + length - at);
        if (hole_number(&hole, &value, &negative) &&
            (hole.id != HOLE_RC || negative))
            any |= put_holes(out, &hole, 1) ||
                   (hole.id == HOLE_RECTYPE &&
                    put_image_type(out, at, hole.length, value));
        else if (hole.id == HOLE_TYPECODE && !text[length])
            any |= put_entry(out, at);
    }
    return any;
}

/* "msr 0x48", "leaf 0x7, subleaf 0x0": each part, or nothing of it. */
static bool put_said(struct out *out, const char *text)
{
    bool any = false;

    for (size_t length; *text; text += length + strspn(text + length, " ,;")) {
        length = strcspn(text, ",;");
        if (put_said_part(out, text, length))
            any = true;
        else if (!any)
            return false;
    }
    return any;
}

/* ------------------------------------------------------------------ */
/* Why a processor left a guest                                        */
/* ------------------------------------------------------------------ */

#define OF_VMX "vmx.|intel.|intels.|vt-x."
#define OF_SVM "svm.|amd.|amds.|amd-v."
#define OF_MAKER OF_VMX "|" OF_SVM
#define BEHIND_EXIT OF_MAKER "|on.|of.|by.|with.|an.|a.|cpu.|host.|processor."

/* Behind "exit reason" and the like, and behind the word for the maker that
 * may stand before them: "SVM exit code 0x72"; NULL. */
static const char *over_exit(const char *text)
{
    /* those from "exitcode" on are also what programs end with */
    static const char *const words[] = {
        "exit reason", "vmexit reason", "vm exit reason", "vmexit",
        "exitcode", "exit code", "exit",
    };
    size_t length = strcspn(text, " "), n = 4;
    const char *at = NULL;

    if (text[length] && word_is_one(text, length, OF_MAKER,
                                    strlen(OF_MAKER))) {
        text += length + 1;
        n = sizeof(words) / sizeof(words[0]);
    }
    for (size_t i = 0; i < n && !at; i++)
        at = over_said(text, words[i]);
    return at;
}

static bool put_exit_as(struct out *out, enum hole_id id, bool hex,
                        const char *digits, size_t length)
{
    char text[40];

    snprintf(text, sizeof(text), "%s%.*s", hex ? "0x" : "", (int)length,
             digits);
    return put_as(out, id, text, strlen(text));
}

/* "exit reason 48": Intel's manual and KVM count in decimal, AMD's in
 * hexadecimal; without "0x" it is AMD's only where the text says so. */
static bool put_exit(struct out *out, const char *text)
{
    const char *at, *digits;
    char plain[WORDS_ROOM], rest[WORDS_ROOM];
    size_t length = 0;
    bool hex, svm, vmx, any = false;

    words_of(text, plain);
    at = over_exit(plain + 1);
    if (!at)
        return false;
    hex = at[0] == '0' && at[1] == 'x';
    digits = at + (hex ? 2 : 0);
    for (; char_is_hex(digits[length]); length++)
        hex |= !char_is_digit(digits[length]);
    words_of(digits + length, rest);
    if (length == 0 || length > 16 || char_is_name(digits[length]) ||
        !words_are(rest, BEHIND_EXIT, strlen(BEHIND_EXIT)))
        return false;
    svm = words_have(plain, OF_SVM, strlen(OF_SVM));
    vmx = words_have(plain, OF_VMX, strlen(OF_VMX));
    if (vmx || !svm)
        any = put_exit_as(out, HOLE_VMX_EXIT_DECIMAL, hex, digits, length);
    if (svm || (hex && !vmx))
        any |= put_exit_as(out, HOLE_SVM_EXIT, true, digits, length);
    return any;
}

/* "einval", "-EINVAL", "EINVAL (22)", "HVM_CPU": as the tables have it. */
static const char *plain_name(const char *text, char name[NAME_ROOM])
{
    size_t n = 0;

    text += *text == '-' && !char_is_digit(text[1]);
    while (char_is_name(text[n]) && n + 1 < NAME_ROOM) {
        char low = char_lower(text[n]);

        name[n] = low >= 'a' && low <= 'z' ? (char)(low - 'a' + 'A') : low;
        n++;
    }
    name[n] = '\0';
    text += n;
    return n > 0 && !text[strspn(text, " ()=-0123456789")] ? name : NULL;
}

/* "IA32_SPEC_CTRL", "MSR_EFER". */
static bool put_msr_name(struct out *out, const char *name)
{
    static const char *const heads[] = { "MSR_IA32_", "IA32_", "MSR_", "" };

    for (size_t k = 0; k < sizeof(heads) / sizeof(heads[0]); k++) {
        size_t length = strlen(heads[k]);

        if (strncmp(name, heads[k], length) != 0)
            continue;
        for (size_t i = 0; i < names_msr.n; i++)
            if (names_msr.words[i].word &&
                strcmp(names_msr.words[i].word, name + length) == 0) {
                out_f(out, "    %s is the MSR 0x%" PRIx64 ".\n", name,
                      names_msr.words[i].value);
                return true;
            }
    }
    return false;
}

/* Whether the size characters at text are that name, in letters of any case,
 * and with '-' for '_'. */
static bool is_named(const char *text, size_t size, const char *name)
{
    if (size != strlen(name))
        return false;
    for (; *name; name++, text++)
        if (char_lower(*text) != char_lower(*name) &&
            !(*text == '_' && *name == '-') &&
            !(*text == '-' && *name == '_'))
            return false;
    return true;
}

/* The one bit of that name, or NULL. */
static const struct cat_word *find_bit(const struct cat_names *names,
                                       const char *name)
{
    for (size_t i = 0; i < names->n; i++) {
        const struct cat_word *word = &names->words[i];

        if (word->word && word->kind == CAT_IS &&
            word->mask == UINT64_C(1) << word->bit &&
            word->value == word->mask &&
            is_named(name, strlen(name), word->word))
            return word;
    }
    return NULL;
}

/* "CR4.SMEP", "efer.nxe", "VMXE": in the register, or in each. */
static bool put_bit(struct out *out, const char *text)
{
    static const struct {
        const char *name;
        const struct cat_names *names;
    } registers[] = {
        { "CR0", &names_cr0 }, { "CR4", &names_cr4 }, { "EFER", &names_efer },
        { "XCR0", &names_xstate },
    };
    const char *dot = strchr(text, '.');
    const char *name = dot ? dot + 1 : text;
    bool any = false;

    /* "AM" and "PE" are words of other things, too */
    if (!dot && strlen(text) < 3)
        return false;
    for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
        const struct cat_word *word = find_bit(registers[i].names, name);

        if (!word || (dot && !is_named(text, (size_t)(dot - text),
                                       registers[i].name)))
            continue;
        out_f(out, "    %s is bit %u of %s, 0x%" PRIx64 ".\n", word->word,
              (unsigned int)word->bit, registers[i].name, word->mask);
        any = true;
    }
    return any;
}

/* Where a feature stands. */
static void put_place(struct out *out, const struct cpuid_place *place,
                      unsigned int bit)
{
    static const char registers[] = "abcd";

    if (place->reg >= CPUID_LOW) {
        out_f(out, "bit %u of MSR 0x%" PRIx32,
              bit + (place->reg == CPUID_HIGH ? 32 : 0), place->leaf);
        return;
    }
    out_f(out, "bit %u of e%cx in CPUID leaf 0x%" PRIx32, bit,
          registers[place->reg], place->leaf);
    if (place->subleaf != CPUID_NO_SUBLEAF)
        out_f(out, ", subleaf 0x%" PRIx32, place->subleaf);
}

/* "avx512f", "SMEP": a feature of processors, as Xen calls it. */
static bool put_feature(struct out *out, const char *text)
{
    for (unsigned int at = 0; at < 32 * CPUID_WORDS; at++) {
        const char *name = cpuid_name(at / 32, at % 32);

        if (!name || !is_named(text, strlen(text), name))
            continue;
        out_f(out, "    %s is a feature of processors: ", name);
        put_place(out, &cpuid_places[at / 32], at % 32);
        out_text(out, ".\n");
        return true;
    }
    return false;
}

/* All that a name may be of. */
static bool put_names(struct out *out, const char *text)
{
    bool entry = put_entry(out, text);
    bool name = put_name(out, text);

    return entry || name;
}

bool put_number(struct out *out, const char *text)
{
    char buf[NAME_ROOM];
    const char *name = plain_name(text, buf);
    bool any = put_names(out, text);

    if (!any && name) {
        bool hvm = strncmp(name, "HVM_", 4) == 0;

        any = (hvm && put_entry(out, name + 4)) || put_names(out, name) ||
              put_msr_name(out, name);
    }
    if (any || put_said(out, text) || put_exit(out, text) ||
        put_bare_number(out, text))
        return true;
    any = put_bit(out, text);
    return (strlen(text) > 2 && put_feature(out, text)) || any;
}
