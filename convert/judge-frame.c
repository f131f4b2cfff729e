/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a loader wants of records before it looks into them. */
#include "judge.h"
#include "compat.h"
#include "hvm.h"
#include "types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SINCE(x, y) { { RELEASE(x, y, 0) } }
#define NEVER { { { CAT_EVER, 0 } } }

/* The records of fixed length: what a wrong one gives, and from when on a
 * shorter one is filled with zeros. */
static const struct framing {
    uint16_t typecode;
    int error;
    struct since extends;
    cat_version checked;   /* since when ENODATA instead: the first pass */
} framings[] = {
    { CODE_HEADER, ENODATA, NEVER, CAT_EVER },
    { CODE_CPU, EINVAL, SINCE(4, 7), CAT_EVER },
    { CODE_PIC, EINVAL, NEVER, CAT_V(4, 19) },
    { CODE_IOAPIC, ENODATA, NEVER, CAT_EVER },
    { CODE_LAPIC, EINVAL, SINCE(4, 1), CAT_V(4, 20) },
    { CODE_LAPIC_REGS, EINVAL, NEVER, CAT_V(4, 20) },
    { CODE_PCI_IRQ, EINVAL, NEVER, CAT_EVER },
    { CODE_ISA_IRQ, EINVAL, NEVER, CAT_EVER },
    { CODE_PCI_LINK, EINVAL, NEVER, CAT_V(4, 19) },
    { CODE_PIT, ENODATA, NEVER, CAT_EVER },
    { CODE_RTC, EINVAL, SINCE(4, 14), CAT_EVER },
    { CODE_HPET, EINVAL, NEVER, CAT_EVER },
    { CODE_PMTIMER, EINVAL, NEVER, CAT_EVER },
    { CODE_MTRR, EINVAL, NEVER, CAT_EVER },
    { CODE_VIRIDIAN_DOMAIN, EINVAL, SINCE(4, 5), CAT_EVER },
    { CODE_VIRIDIAN_VCPU, EINVAL, SINCE(4, 7), CAT_EVER },
    { CODE_VMCE_VCPU, EPERM, SINCE(4, 3), CAT_EVER },
    { CODE_TSC_ADJUST, EINVAL, NEVER, CAT_EVER },
};

static const struct framing *framing_of(uint32_t typecode)
{
    for (size_t i = 0; i < sizeof(framings) / sizeof(framings[0]); i++)
        if (framings[i].typecode == typecode)
            return &framings[i];
    return NULL;
}

static uint32_t code_of(const struct context_record *record)
{
    return type_to_hvm(record->type);
}

static const struct rule_outcome changed = OUTCOME(CHANGED, 0, NULL);

/* ------------------------------------------------------------------ */
/* Typecode and instance                                               */
/* ------------------------------------------------------------------ */

static bool is_first(const struct check *check,
                     const struct context_record *record)
{
    return context_find(check->context, record->type, record->instance) ==
           record;
}

/* HEADER is read before anything else and has no handler. */
static bool check_typecode(struct check *check,
                           const struct context_record *record)
{
    static const struct rule_outcome unknown = OUTCOME(
        REFUSED, EINVAL, "unknown entry typecode, and which");
    struct msg_at at = context_at(record);
    char release[RELEASE_ROOM];

    if (code_of(record) == CODE_HEADER) {
        if (is_first(check, record))
            return true;
        check_raise(check, MSG_LOAD_TYPECODE, CODE_HEADER, &at, &unknown,
                    true, "a second HEADER is an unknown typecode");
        return false;
    }
    if (record->known && record->known->from <= check->target.series)
        return true;
    at.found = (struct msg_value)DEC(code_of(record));
    check_raise(check, MSG_LOAD_TYPECODE, CODE_HEADER, &at, &unknown, true,
                "Xen %s does not know this typecode",
                release_text(check->target, release));
    return false;
}

static bool check_instance(struct check *check,
                           const struct context_record *record)
{
    static const struct rule_outcome no_vcpu = OUTCOME_IN(
        REFUSED, EINVAL, "no such vCPU", DEBUG);
    static const struct rule_outcome no_pic = OUTCOME(REFUSED, ENOENT, NULL);
    struct msg_at at = context_at(record);
    bool vcpu = record->known->flags & CAT_VCPU;
    uint32_t last = (vcpu ? VCPUS_MAX : record->known->instances) - 1;

    if (record->instance <= last)
        return true;
    at.field = "instance";
    at.expected = (struct msg_value)DEC(last);
    at.found = (struct msg_value)DEC(record->instance);
    if (vcpu || code_of(record) == CODE_PIC) {
        check_raise(check, MSG_LOAD_INSTANCE, code_of(record), &at,
                    vcpu ? &no_vcpu : &no_pic, true,
                    "no domain has that many of this record");
        return false;
    }
    check_raise(check, MSG_LOAD_INSTANCE_IGNORED, code_of(record), &at,
                &changed, true, "the instance is not looked at");
    return true;
}

static void check_duplicate(struct check *check,
                            const struct context_record *record)
{
    struct msg_at at = context_at(record);
    uint32_t code = code_of(record);
    bool lines = code >= CODE_PCI_IRQ && code <= CODE_PCI_LINK;

    if (!is_first(check, record))
        check_raise(check, lines ? MSG_LOAD_DUPLICATE_LINES
                                 : MSG_LOAD_DUPLICATE, code, &at, &changed,
                    true, "the record was there before");
}

/* ------------------------------------------------------------------ */
/* Length                                                              */
/* ------------------------------------------------------------------ */

/* Up to these releases the length left is compared with the loader's own
 * record (66d0c0aa1f). */
static const struct since short_ends = {
    { RELEASE(4, 3, 4), RELEASE(4, 4, 2), RELEASE(4, 5, 0) } };

/* A body without msr_tsc_aux is taken apart (620ce29a2d). */
#define CPU_COMPAT 1016
static const struct since takes_compat = {
    { RELEASE(4, 0, 2), RELEASE(4, 1, 1), RELEASE(4, 2, 0) } };

static void refuse_length(struct check *check, enum msg_id id,
                          const struct context_record *record, int error,
                          uint64_t expected, const char *words)
{
    struct msg_at at = context_at(record);

    at.field = "length";
    at.expected = (struct msg_value)DEC(expected);
    at.found = (struct msg_value)DEC(record->length);
    check_raise(check, id, code_of(record), &at,
                &(struct rule_outcome)OUTCOME(
                    REFUSED, error,
                    "mismatch of type and length, expected and found"),
                true, "%s", words);
}

static bool check_fixed_length(struct check *check,
                               const struct context_record *record,
                               const struct framing *framing)
{
    const struct cat_layout *own = compat_layout(record->known,
                                                 check->target);
    bool extends = since_all(&framing->extends, check->target);
    int error = check->target.series >= framing->checked ? ENODATA
                                                         : framing->error;

    if (!own || record->length == own->length ||
        (code_of(record) == CODE_CPU && record->length == CPU_COMPAT &&
         since_all(&takes_compat, check->target)))
        return true;
    if (record->length > own->length || !extends) {
        refuse_length(check, MSG_LOAD_LENGTH, record, error, own->length,
                      "the loader wants another length");
        return false;
    }
    if (!since_all(&short_ends, check->target) &&
        check->left - HVM_DESCRIPTOR < own->length) {
        refuse_length(check, MSG_LOAD_SHORT_RECORD, record, error,
                      own->length,
                      "short, and too near to the end of the blob");
        return false;
    }
    return true;
}

/* Of HEADER the magic number and the version are compared. */
static bool check_header(struct check *check,
                         const struct context_record *record)
{
    static const struct {
        const char *field;
        uint32_t value;
        const char *log;
    } wanted[] = {
        { "magic", HVM_MAGIC, "bad magic number" },
        { "version", HVM_FILE_VERSION, "unsupported version" },
    };

    for (size_t i = 0; i < 2; i++) {
        struct msg_at at = context_at(record);
        uint64_t value = 0;

        if (context_value(record, wanted[i].field, &value) &&
            value == wanted[i].value)
            continue;
        at.field = wanted[i].field;
        at.expected = (struct msg_value)HEX(wanted[i].value);
        at.found = (struct msg_value)HEX(value);
        check_raise(check, MSG_LOAD_HEADER, CODE_HEADER, &at,
                    &(struct rule_outcome)OUTCOME(REFUSED, EINVAL,
                                                  wanted[i].log),
                    true, "HEADER is not that of a context");
        return false;
    }
    return true;
}

/* The first of all records. */
static void check_beginning(struct check *check,
                            const struct context_record *record)
{
    struct msg_at at = context_at(record);

    if (code_of(record) != CODE_HEADER &&
        check->left == check->whole)
        check_raise(check, MSG_LOAD_HEADER, CODE_HEADER, &at,
                    &(struct rule_outcome)OUTCOME(
                        REFUSED, ENODATA,
                        "mismatch of type and length, expected and found"),
                    true, "the context does not begin with HEADER");
}

/* ------------------------------------------------------------------ */
/* Order                                                               */
/* ------------------------------------------------------------------ */

static void check_order(struct check *check,
                        const struct context_record *record)
{
    /* What must come first, and what then would follow too late. */
    static const struct {
        uint16_t code, later;
        const char *words;
    } orders[] = {
        { CODE_PCI_IRQ, CODE_ISA_IRQ, "clears the counts that ISA_IRQ made" },
        { CODE_PCI_IRQ, CODE_PCI_LINK,
          "clears the counts that PCI_LINK made" },
        { CODE_PCI_IRQ, CODE_PMTIMER, "clears the interrupt of PMTIMER" },
        { CODE_CPU, CODE_CPU_XSAVE,
          "loads FPU state over that of CPU_XSAVE" },
        { CODE_LAPIC, CODE_LAPIC_REGS,
          "has the divisor that arming the timer took" },
    };
    const struct context_record *later;
    struct msg_at at = context_at(record);

    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (orders[i].code != code_of(record))
            continue;
        later = context_find(check->context,
                             DOMCTX_HVM_RECORD(orders[i].later),
                             record->instance);
        if (later && later < record)
            check_raise(check, MSG_LOAD_ORDER, code_of(record), &at,
                        &changed, true, "comes too late: %s",
                        orders[i].words);
    }
}

/* ------------------------------------------------------------------ */
/* A record                                                            */
/* ------------------------------------------------------------------ */

bool check_frame(struct check *check, const struct context_record *record)
{
    const struct framing *framing;
    bool good;

    check_beginning(check, record);
    if (!check_typecode(check, record) || !check_instance(check, record))
        return false;
    framing = framing_of(code_of(record));
    good = framing ? check_fixed_length(check, record, framing)
                   : check_msr_length(check, record);
    if (good && code_of(record) == CODE_HEADER)
        good = check_header(check, record);
    check_duplicate(check, record);
    check_order(check, record);
    if (record->instance < VCPUS_MAX)
        check->has[record->instance][code_of(record)] = true;
    return good;
}

const struct context_record *check_see(const struct check *check,
                                       const struct context_record *record,
                                       struct check_seen *seen)
{
    const struct cat_layout *own = compat_layout(record->known,
                                                 check->target);

    if (record->layout || !own || own->tail ||
        own->length > sizeof(seen->body) || record->length > own->length)
        return record;
    seen->record = *record;
    memset(seen->body, 0, sizeof(seen->body));
    memcpy(seen->body, record->body, record->length);
    seen->record.body = seen->body;
    seen->record.length = own->length;
    seen->record.layout = own;
    return &seen->record;
}
