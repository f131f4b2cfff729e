/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers of a line by name. */
#include "explain/numbers.h"

#include "catalogue/value.h"
#include "explain/page-text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NONE32 0xffffffffu   /* what libxc prints where there is no number */

/* What is reported so far: the place to write to, and what a later hole needs
 * of an earlier one. */
struct tell {
    struct out *out;
    const struct teller *teller;
    const struct hole *hole, *next;     /* next: NULL behind the last */
    uint64_t value;
    bool negative;
    uint64_t msr;        /* that a value belongs to */
    bool mpx;            /* its components are told already */
    bool said;           /* anything */
};

/* How a kind of hole is reported. */
struct teller {
    void (*tell)(struct tell *tell);
    const struct cat_names *names;      /* of its bits */
    const struct number_table *table;   /* of its numbers */
    const char *what;
};

__attribute__((format(printf, 2, 3)))
static void say(struct tell *tell, const char *format, ...)
{
    char text[700];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text) - 1, format, args);
    va_end(args);
    strcat(text, ".");
    put_wrapped(tell->out, text, 4);
    tell->said = true;
}

/* The number as the log has it. */
static const char *as_printed(const struct tell *tell, char text[40])
{
    snprintf(text, 40, "%.*s", (int)tell->hole->length, tell->hole->at);
    return text;
}

/* "failed to load entry 16/0", "CPU_XSAVE:0". */
static void say_record(struct tell *tell, const struct cat_record *record)
{
    const struct hole *next = tell->next;

    if (next && next->id == HOLE_INSTANCE)
        say(tell, "Entry %u/%.*s is the record %s, instance %.*s",
            (unsigned int)record->typecode, (int)next->length, next->at,
            record->name, (int)next->length, next->at);
    else
        say(tell, "typecode %u is %s", (unsigned int)record->typecode,
            record->name);
}

static void tell_typecode(struct tell *tell)
{
    const struct cat_record *record =
        tell->value <= UINT16_MAX ? cat_record((uint32_t)tell->value) : NULL;

    if (record)
        say_record(tell, record);
    else
        say(tell, "typecode %" PRIu64 " is none of a release of Xen (a "
            "downstream has more)", tell->value);
}

const struct cat_record *record_named(const char *name, size_t length)
{
    const struct cat_record *record;

    for (size_t i = 0; (record = cat_record_at(i)); i++)
        if (strlen(record->name) == length &&
            memcmp(record->name, name, length) == 0)
            return record;
    return NULL;
}

static void tell_record(struct tell *tell)
{
    const struct cat_record *record =
        record_named(tell->hole->at, tell->hole->length);

    if (record)
        say_record(tell, record);
}

static void tell_errno(struct tell *tell)
{
    const struct number_name *name;
    char text[40];
    int number = tell->hole->length && tell->value == 0
                     ? errno_of_text(tell->hole->at, tell->hole->length)
                     : -1;

    if (number >= 0)
        tell->value = (uint64_t)number;
    name = number_find(&numbers_errno, tell->value);
    if (name && tell->value == 0)
        say(tell, "0, Success: no error of the system: what was read ended, "
            "or the program itself found the fault");
    else if (name && number >= 0 &&
             strncmp(name->words, tell->hole->at, 4) != 0)
        say(tell, "that is %s, %u: %s", name->name, name->number,
            name->words);
    else if (name && number >= 0)
        say(tell, "that is %s, %u", name->name, name->number);
    else if (name)
        say(tell, "%s is %s, %s", as_printed(tell, text), name->name,
            name->words);
}

static void tell_rc(struct tell *tell)
{
    const struct number_name *name =
        number_find(&numbers_libxl_error, tell->value);

    if (name && tell->negative)
        say(tell, "-%u is libxl's %s: %s", name->number, name->name,
            name->words);
}

static void tell_msr(struct tell *tell)
{
    char words[VALUE_ROOM];

    tell->msr = tell->value;
    if (tell->value == NONE32)
        return;
    value_names(&names_msr, tell->value, false, words, sizeof(words));
    if (*words)
        say(tell, "MSR 0x%" PRIx64 " is %s", tell->value, words);
    else
        say(tell, "MSR 0x%" PRIx64 " is none that a context has",
            tell->value);
}

static void say_bits(struct tell *tell, const struct cat_names *names,
                     const char *what)
{
    char words[VALUE_ROOM];

    if (!names || tell->value == 0)
        return;
    value_names(names, tell->value, true, words, sizeof(words));
    if (*words)
        say(tell, "%s 0x%" PRIx64 " %s %s", what, tell->value,
            what[strlen(what) - 1] == 's' ? "are" : "is", words);
}

static void tell_bits(struct tell *tell)
{
    say_bits(tell, tell->teller->names, tell->teller->what);
}

static void tell_msr_value(struct tell *tell)
{
    say_bits(tell, tell->msr <= UINT32_MAX
                       ? names_of_msr((uint32_t)tell->msr) : NULL,
             "the value");
}

/* SCE, LME, LMA, NXE, and none of what CR0 and CR4 have with long mode: Xen
 * 3.2 printed EFER in these lines, mended in 3.3. */
static bool is_efer(uint64_t value)
{
    return (value & 0x500) != 0 && (value & ~UINT64_C(0x5d01)) == 0;
}

static void tell_cr(struct tell *tell)
{
    const char *what = tell->teller->what;

    if (!is_efer(tell->value)) {
        tell_bits(tell);
        return;
    }
    say_bits(tell, &names_efer, "as EFER");
    say(tell, "it is EFER, not %s: Xen 3.2 prints EFER in its lines about "
        "CR0 and CR4, and the %s that was refused is not in the log", what,
        what);
}

static void tell_xcr0(struct tell *tell)
{
    const uint64_t mpx = 3 << 3;

    tell_bits(tell);
    if (tell->value & mpx && !tell->mpx)
        say(tell, "BNDREGS and BNDCSR are MPX, which newer releases do not "
            "give by default");
    tell->mpx |= (tell->value & mpx) != 0;
}

static void tell_param(struct tell *tell)
{
    const struct number_name *name =
        number_find(&numbers_hvm_param, tell->value);

    if (name)
        say(tell, "HVM parameter %u is HVM_PARAM_%s, %s", name->number,
            name->name, name->words);
}

static void tell_leaf(struct tell *tell)
{
    const struct number_name *name = number_find(&numbers_cpuid, tell->value);

    if (tell->value == NONE32) {
        say(tell, "ffffffff stands for none");
        return;
    }
    if (name && *name->words)
        say(tell, "CPUID leaf 0x%" PRIx64 " is %s: %s", tell->value,
            name->name, name->words);
    else
        say(tell, "CPUID leaf 0x%" PRIx64 " is %s", tell->value,
            name ? name->name : "none that has a name here");
}

static void tell_rectype(struct tell *tell)
{
    const struct number_name *name =
        number_find(tell->teller->table, tell->value & 0x7fffffff);

    if (name)
        say(tell, "record 0x%" PRIx64 " of a %s stream is %s, %s",
            tell->value, tell->teller->what, name->name, name->words);
}

#define MIB 1048576u

static void tell_bytes(struct tell *tell)
{
    if (tell->value >= MIB && !tell->negative)
        say(tell, "%" PRIu64 " bytes are %" PRIu64 ".%u MiB", tell->value,
            tell->value / MIB,
            (unsigned int)(tell->value % MIB * 10 / MIB));
}

static void tell_xlflags(struct tell *tell)
{
    if (tell->value & 1)
        say(tell, "flag 0x1: the configuration is JSON, since xl 4.5");
    if (tell->value & 2)
        say(tell, "flag 0x2: a libxl stream follows, since xl 4.6");
    if (tell->value & ~UINT64_C(3))
        say(tell, "the other flags are of a newer xl than is known here");
}

/* The id of a chunk; or a number that is text: the reader went past the end
 * of its part. */
static void tell_batch(struct tell *tell)
{
    const struct number_name *chunk =
        tell->negative ? number_find(&numbers_chunk, tell->value) : NULL;
    char text[5] = "";

    if (chunk)
        say(tell, "-%" PRIu64 " is no number of pages, but the chunk %s, "
            "which streams have since %s", tell->value, chunk->name,
            chunk->words);
    if (tell->negative)
        return;
    for (size_t i = 0; i < 4; i++) {
        text[i] = (char)(tell->value >> (8 * i));
        if (text[i] < ' ' || text[i] > '~')
            return;
    }
    if (tell->value <= UINT32_MAX)
        say(tell, "%" PRIu64 " is 0x%" PRIx64 ", the text \"%s\": what is "
            "read is no list of pages any more", tell->value, tell->value,
            text);
}

/* What begins with those eight bytes. */
static void tell_ident(struct tell *tell)
{
    char words[200];

    if (ident_words(tell->value, words, sizeof(words)))
        say(tell, "%s", words);
}

/* libxc prints what it has read as a number of the host, which has the lowest
 * byte first. */
static void tell_marker(struct tell *tell)
{
    char words[200];

    if (ident_words(__builtin_bswap64(tell->value), words, sizeof(words)))
        say(tell, "%s", words);
}

/* Of a process: ssh and shells have numbers of their own. */
static void tell_status(struct tell *tell)
{
    if (tell->value == 255)
        say(tell, "255 is what ssh ends with when it cannot connect, or is "
            "not let in");
    else if (tell->value == 127)
        say(tell, "127 is what a shell ends with when there is no such "
            "program");
    else
        say(tell, "%" PRIu64 " is the status with which that program ended: "
            "its own lines say why", tell->value);
}

static void tell_pages(struct tell *tell)
{
    if (tell->value >= MIB / 4096 && !tell->negative)
        say(tell, "%" PRIu64 " pages are %" PRIu64 " MiB", tell->value,
            tell->value / (MIB / 4096));
}

static void tell_kib(struct tell *tell)
{
    if (tell->value >= 1024 && !tell->negative)
        say(tell, "%" PRIu64 " KiB are %" PRIu64 " MiB", tell->value,
            tell->value / 1024);
}

/* Of pages of 4 KiB. */
static void tell_frame(struct tell *tell)
{
    if (tell->value < UINT64_MAX >> 12 && tell->value != NONE32)
        say(tell, "page frame 0x%" PRIx64 " begins at address 0x%" PRIx64
            ", %" PRIu64 " MiB", tell->value, tell->value << 12,
            tell->value >> 8);
}

/* A number of a table: "shutdown 3 is crash". */
static void tell_named(struct tell *tell)
{
    const struct number_name *name =
        number_find(tell->teller->table, tell->value);
    char text[40];

    if (name)
        say(tell, "%s %s is %s%s%s", tell->teller->what,
            as_printed(tell, text), name->name, *name->words ? ": " : "",
            name->words);
}

/* "Segmentation fault". */
static void tell_signal_text(struct tell *tell)
{
    int number = signal_of_text(tell->hole->at, tell->hole->length);
    const struct number_name *signal =
        number > 0 ? number_find(&numbers_signal, (uint64_t)number) : NULL;

    if (signal)
        say(tell, "that is signal %u, %s: %s", signal->number, signal->name,
            signal->words);
}

/* The type is in bits 28 to 31, or alone. */
static void tell_page_type(struct tell *tell)
{
    if (tell->value > 0xf)
        tell->value = tell->value >> 28 & 0xf;
    tell_named(tell);
}

/* Bit 31: it is the entry that failed. */
static void tell_vmx_exit(struct tell *tell)
{
    tell->value &= 0xffff;
    tell_named(tell);
}

static void tell_svm_exit(struct tell *tell)
{
    tell->value &= UINT32_MAX;
    tell_named(tell);
}

static void tell_flags(struct tell *tell)
{
    const struct number_table *table = tell->teller->table;
    char words[200] = "", text[40];

    for (size_t i = 0; i < table->n; i++)
        if (tell->value >> table->rows[i].number & 1) {
            strcat(words, " ");
            strcat(words, table->rows[i].name);
        }
    if (*words)
        say(tell, "%s %s is%s", tell->teller->what, as_printed(tell, text),
            words);
}

/* EAX of CPUID leaf 1. */
static void tell_cpu_signature(struct tell *tell)
{
    uint64_t family = tell->value >> 8 & 0xf, model = tell->value >> 4 & 0xf;

    if (family == 6 || family == 15)
        model |= tell->value >> 12 & 0xf0;
    if (family == 15)
        family += tell->value >> 20 & 0xff;
    say(tell, "processor 0x%" PRIx64 " is family 0x%" PRIx64 ", model 0x%"
        PRIx64 ", stepping 0x%" PRIx64, tell->value, family, model,
        tell->value & 0xf);
}

/* A function returned it: -1, or an error with a minus. */
static void tell_returned(struct tell *tell)
{
    char text[40];

    if (tell->value == 1 && tell->negative)
        say(tell, "%s only says that it failed", as_printed(tell, text));
    else if (tell->negative)
        tell_errno(tell);
}

static const struct teller tellers[HOLE_COUNT] = {
    [HOLE_TYPECODE] = { .tell = tell_typecode },
    [HOLE_RECORD] = { .tell = tell_record },
    [HOLE_ERRNO] = { .tell = tell_errno },
    [HOLE_RC] = { .tell = tell_rc },
    [HOLE_MSR] = { .tell = tell_msr },
    [HOLE_MSR_VALUE] = { .tell = tell_msr_value },
    [HOLE_CR0] = { tell_cr, .names = &names_cr0, .what = "CR0" },
    [HOLE_CR4] = { tell_cr, .names = &names_cr4, .what = "CR4" },
    [HOLE_EFER] = { tell_bits, .names = &names_efer, .what = "EFER" },
    [HOLE_DR6] = { tell_bits, .names = &names_dr6, .what = "DR6" },
    [HOLE_DR7] = { tell_bits, .names = &names_dr7, .what = "DR7" },
    [HOLE_XCR0] = { tell_xcr0, .names = &names_xstate,
                    .what = "state components" },
    [HOLE_MCG_CAP] = { tell_bits, .names = &names_mcg_cap,
                       .what = "MCG_CAP" },
    [HOLE_EVENT] = { tell_bits, .names = &names_event,
                     .what = "the event" },
    [HOLE_PARAM] = { .tell = tell_param },
    [HOLE_LEAF] = { .tell = tell_leaf },
    [HOLE_RECTYPE] = { tell_rectype, .table = &numbers_libxc,
                       .what = "libxc" },
    [HOLE_LXRECTYPE] = { tell_rectype, .table = &numbers_libxl,
                         .what = "libxl" },
    [HOLE_BYTES] = { .tell = tell_bytes },
    [HOLE_XLFLAGS] = { .tell = tell_xlflags },
    [HOLE_BATCH] = { .tell = tell_batch },
    [HOLE_IDENT] = { .tell = tell_ident },
    [HOLE_MARKER] = { .tell = tell_marker },
    [HOLE_STATUS] = { .tell = tell_status },
    [HOLE_FRAME] = { .tell = tell_frame },
    [HOLE_PAGES] = { .tell = tell_pages },
    [HOLE_KIB] = { .tell = tell_kib },
    [HOLE_SIGNAL] = { tell_named, .table = &numbers_signal,
                      .what = "signal" },
    [HOLE_SIGNAL_TEXT] = { .tell = tell_signal_text },
    [HOLE_PAGE_TYPE] = { tell_page_type, .table = &numbers_page_type,
                         .what = "page type" },
    [HOLE_VMX_EXIT] = { tell_vmx_exit, .table = &numbers_vmx_exit,
                        .what = "VMX exit reason" },
    [HOLE_VMX_EXIT_DECIMAL] = { tell_vmx_exit, .table = &numbers_vmx_exit,
                                .what = "VMX exit reason" },
    [HOLE_SVM_EXIT] = { tell_svm_exit, .table = &numbers_svm_exit,
                        .what = "SVM exit reason" },
    [HOLE_SHUTDOWN] = { tell_named, .table = &numbers_shutdown,
                        .what = "shutdown" },
    [HOLE_CPU_SIGNATURE] = { .tell = tell_cpu_signature },
    [HOLE_IOREQ] = { tell_named, .table = &numbers_ioreq,
                     .what = "state" },
    [HOLE_EMULATION] = { tell_flags, .table = &numbers_emulation,
                         .what = "emulators" },
    [HOLE_POLL] = { tell_flags, .table = &numbers_poll, .what = "event" },
    [HOLE_CPU_FLAGS] = { tell_flags, .table = &numbers_cpu_flags,
                         .what = "flags" },
    [HOLE_RETURNED] = { .tell = tell_returned },
};

static bool same(const struct hole *a, const struct hole *b)
{
    return a->id == b->id && a->length == b->length &&
           memcmp(a->at, b->at, a->length) == 0;
}

bool put_holes(struct out *out, const struct hole *holes, size_t n)
{
    struct tell tell = { .out = out };

    for (size_t i = 0; i < n; i++) {
        bool again = false;

        for (size_t k = 0; k < i; k++)
            again |= same(&holes[k], &holes[i]);
        tell.hole = &holes[i];
        tell.next = i + 1 < n ? &holes[i + 1] : NULL;
        if (again || (!hole_number(&holes[i], &tell.value, &tell.negative) &&
                      holes[i].id != HOLE_RECORD &&
                      holes[i].id != HOLE_SIGNAL_TEXT &&
                      holes[i].id != HOLE_ERRNO))
            continue;
        tell.teller = &tellers[holes[i].id];
        if (tell.teller->tell)
            tell.teller->tell(&tell);
    }
    return tell.said;
}
