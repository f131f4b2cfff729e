/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks that a loader makes on records before it reads their content. */
#include "verdict/check.h"
#include "format/hvm.h"
#include "rules/descriptor.h"
#include "rules/guest.h"
#include "catalogue/types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct frame_length *length_of(uint32_t typecode)
{
    for (size_t i = 0; i < n_frame_lengths; i++)
        if (frame_lengths[i].typecode == typecode)
            return &frame_lengths[i];
    return NULL;
}

static uint32_t code_of(const struct context_record *record)
{
    return type_to_hvm(record->type);
}

/* Raise a row of the table about a record, in the row's own words. */
static void raise_plain(struct check *check, enum frame_check row,
                        const struct context_record *record,
                        const char *words)
{
    struct msg_at at = context_at(record);

    check_raise(check, frame_rows[row].id, code_of(record), &at,
                &frame_rows[row].outcome, true, "%s", words);
}

/* Raise a row about a record, with details of the place. */
static void raise_row(struct check *check, enum frame_check row,
                      uint32_t typecode, struct msg_at *at,
                      const char *words)
{
    check_raise(check, frame_rows[row].id, typecode, at,
                &frame_rows[row].outcome, true, "%s", words);
}

/* ------------------------------------------------------------------ */
/* Typecode and instance                                               */
/* ------------------------------------------------------------------ */

/* HEADER is read before anything else, whatever its instance, and has no
 * handler. */
static bool check_typecode(struct check *check,
                           const struct context_record *record)
{
    struct release series = { check->target.series, RELEASE_ANY };
    char release[RELEASE_ROOM];
    struct msg_at at;

    if (code_of(record) == CODE_HEADER) {
        if (check->left == check->whole)
            return true;
        raise_plain(check, FRAME_HEADER_AGAIN, record,
                    frame_rows[FRAME_HEADER_AGAIN].reason);
        return false;
    }
    if (record->known && record->known->from <= check->target.series)
        return true;
    at = context_at(record);
    at.found = (struct msg_value)DEC(code_of(record));
    check_raise(check, MSG_LOAD_TYPECODE, CODE_HEADER, &at,
                &frame_rows[FRAME_TYPECODE].outcome, true,
                "Xen %s does not know this typecode",
                release_text(series, release));
    return false;
}

/* Whether loaders look at the instance: handlers of vCPU records look the vCPU
 * up, PIC's accepts 0 and 1, all others ignore it. */
static bool has_instances(const struct context_record *record)
{
    return record->known->flags & CAT_VCPU || code_of(record) == CODE_PIC;
}

/* The index into check->has: 0 for all instances if loaders ignore them. */
static uint32_t place_of(const struct context_record *record)
{
    return has_instances(record) ? record->instance : 0;
}

/* How many vCPUs the context has records of. */
static uint32_t vcpus_of(const domctx_context *context)
{
    uint32_t count = 0;

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];

        if (record->known && record->known->flags & CAT_VCPU &&
            record->instance >= count && record->instance < VCPUS_MAX)
            count = record->instance + 1;
    }
    return count;
}

/* Check that the domain has the record's vCPU; the first record of a missing
 * one ends the load. */
static bool check_vcpu_config(struct check *check,
                              const struct context_record *record)
{
    uint32_t vcpus = guest_vcpus_of(check->host->domain);
    struct msg_at at;

    if (!vcpus || record->instance < vcpus)
        return true;
    at = context_at(record);
    at.field = "instance";
    at.expected = (struct msg_value)DEC(vcpus - 1);
    at.found = (struct msg_value)DEC(record->instance);
    if (!check->told_vcpus)
        check_raise(check, frame_rows[FRAME_VCPU_CONFIG].id, code_of(record),
                    &at, &frame_rows[FRAME_VCPU_CONFIG].outcome, true,
                    "%s: maxvcpus is %u, and has to be %u at least",
                    frame_rows[FRAME_VCPU_CONFIG].reason, vcpus,
                    vcpus_of(check->context));
    check->told_vcpus = true;
    return false;
}

static bool check_instance(struct check *check,
                           const struct context_record *record)
{
    bool vcpu = record->known->flags & CAT_VCPU;
    uint32_t last = (vcpu ? VCPUS_MAX : record->known->instances) - 1;
    struct msg_at at;

    if (vcpu && record->instance <= last &&
        !check_vcpu_config(check, record))
        return false;
    if (record->instance <= last)
        return true;
    at = context_at(record);
    at.field = "instance";
    at.expected = (struct msg_value)DEC(last);
    at.found = (struct msg_value)DEC(record->instance);
    if (has_instances(record)) {
        raise_row(check, vcpu ? FRAME_VCPU : FRAME_PIC, code_of(record), &at,
                  "no domain has that many of this record");
        return false;
    }
    raise_row(check, FRAME_IGNORED, code_of(record), &at,
              "the instance is not looked at");
    return true;
}

static void check_duplicate(struct check *check,
                            const struct context_record *record)
{
    uint32_t code = code_of(record);
    bool lines = code >= CODE_PCI_IRQ && code <= CODE_PCI_LINK;

    if (check->has[place_of(record)][code])
        raise_plain(check, lines ? FRAME_LINES : FRAME_DUPLICATE, record,
                    "the record was there before");
}

/* ------------------------------------------------------------------ */
/* Length                                                              */
/* ------------------------------------------------------------------ */

/* The length of a CPU record without msr_tsc_aux. */
#define CPU_COMPAT 1016

static void refuse_length(struct check *check, enum frame_check row,
                          const struct context_record *record, int error,
                          uint64_t expected, const char *words)
{
    struct msg_at at = context_at(record);
    struct rule_outcome outcome = frame_rows[row].outcome;

    at.field = "length";
    at.expected = (struct msg_value)DEC(expected);
    at.found = (struct msg_value)DEC(record->length);
    outcome.error = error;
    check_raise(check, frame_rows[row].id, code_of(record), &at, &outcome,
                true, "%s", words);
}

/* Room for "8 bytes longer than the release takes". */
#define LENGTH_ROOM 64
static const char *length_words(uint64_t is, uint64_t wanted,
                                char words[LENGTH_ROOM])
{
    uint64_t by = is > wanted ? is - wanted : wanted - is;

    snprintf(words, LENGTH_ROOM, "%" PRIu64 " byte%s %s than the release "
             "takes", by, by == 1 ? "" : "s",
             is > wanted ? "longer" : "shorter");
    return words;
}

/* Whether all layouts have the record's length, so that the release does not
 * matter. */
static bool has_only_length(const struct context_record *record)
{
    for (size_t i = 0; i < record->known->n_layouts; i++)
        if (record->known->layouts[i].length != record->length)
            return false;
    return true;
}

static bool check_fixed_length(struct check *check,
                               const struct context_record *record,
                               const struct frame_length *framing)
{
    const struct cat_layout *own =
        has_only_length(record) ? NULL
                                : rules_layout(record->known, check->target);
    bool extends = since_all(&framing->extends, check->target);
    int error = since_all(&framing->checked, check->target)
                    ? ENODATA : framing->error;
    char words[LENGTH_ROOM];

    if (!own || record->length == own->length ||
        (code_of(record) == CODE_CPU && record->length == CPU_COMPAT &&
         since_all(&frame_takes_compat, check->target)))
        return true;
    if (record->length > own->length || !extends) {
        refuse_length(check, FRAME_LENGTH, record, error, own->length,
                      length_words(record->length, own->length, words));
        return false;
    }
    if (!since_all(&frame_short_ends, check->target) &&
        check->left - HVM_DESCRIPTOR < own->length) {
        refuse_length(check, FRAME_SHORT, record, error,
                      own->length,
                      "short, and too near to the end of the blob");
        return false;
    }
    return true;
}

/* Check the magic number and the version in HEADER. */
static bool check_header(struct check *check,
                         const struct context_record *record)
{
    static const struct {
        const char *field;
        uint32_t value;
        enum frame_check row;
    } wanted[] = {
        { "magic", HVM_MAGIC, FRAME_MAGIC },
        { "version", HVM_FILE_VERSION, FRAME_VERSION },
    };

    struct check_seen seen;
    const struct context_record *view = check_see(check, record, &seen);

    for (size_t i = 0; i < 2; i++) {
        struct msg_at at = context_at(record);
        uint64_t value = 0;

        if (context_value(view, wanted[i].field, &value) &&
            value == wanted[i].value)
            continue;
        at.field = wanted[i].field;
        at.expected = (struct msg_value)HEX(wanted[i].value);
        at.found = (struct msg_value)HEX(value);
        raise_row(check, wanted[i].row, CODE_HEADER, &at,
                  "HEADER is not that of a context");
        return false;
    }
    return true;
}

/* Check that HEADER is the first record. */
static void check_beginning(struct check *check,
                            const struct context_record *record)
{
    struct msg_at at;

    if (code_of(record) == CODE_HEADER || check->left != check->whole)
        return;
    at = context_at(record);
    raise_row(check, FRAME_BEGINNING, CODE_HEADER, &at,
              frame_rows[FRAME_BEGINNING].reason);
}

/* ------------------------------------------------------------------ */
/* Order                                                               */
/* ------------------------------------------------------------------ */

static void check_order(struct check *check,
                        const struct context_record *record)
{
    for (size_t i = 0; i < n_frame_orders; i++) {
        const struct frame_order *order = &frame_orders[i];
        struct msg_at at;

        if (order->code != code_of(record) ||
            !check->has[place_of(record)][order->later])
            continue;
        at = context_at(record);
        check_raise(check, MSG_LOAD_ORDER, code_of(record), &at,
                    &frame_rows[FRAME_ORDER].outcome, true,
                    "comes too late: %s", order->reason);
    }
}

/* ------------------------------------------------------------------ */
/* A record                                                            */
/* ------------------------------------------------------------------ */

/* Report the first record of a device that the domain of the configuration
 * lacks. */
static void check_device(struct check *check,
                         const struct context_record *record)
{
    const struct frame_row *row = &frame_rows[FRAME_NO_DEVICE];

    if (!check_is_device(code_of(record)))
        return;
    if (!check->has_device && check_is_pvh(check) &&
        since_some(&row->since, check->target))
        raise_plain(check, FRAME_NO_DEVICE, record, row->reason);
    check->has_device = true;
}

bool check_frame(struct check *check, const struct context_record *record)
{
    const struct frame_length *framing;
    bool good;

    check_beginning(check, record);
    if (!check_typecode(check, record))
        return false;
    check_device(check, record);
    if (!check_instance(check, record))
        return false;
    framing = length_of(code_of(record));
    good = framing ? check_fixed_length(check, record, framing)
                   : check_msr_length(check, record);
    if (good && code_of(record) == CODE_HEADER)
        good = check_header(check, record);
    check_duplicate(check, record);
    check_order(check, record);
    check->has[place_of(record)][code_of(record)] = true;
    if (record->known->flags & CAT_VCPU)
        check->has_vcpu[record->instance] = true;
    return good;
}

const struct context_record *check_see(const struct check *check,
                                       const struct context_record *record,
                                       struct check_seen *seen)
{
    const struct cat_layout *own;

    if (record->layout)
        return record;
    own = rules_layout(record->known, check->target);
    if (own && own->tail && cat_layout_has(own, record->length)) {
        seen->record = *record;
        seen->record.layout = own;
        return &seen->record;
    }
    if (!own || own->tail || own->length > sizeof(seen->body) ||
        record->length > own->length)
        return record;
    seen->record = *record;
    memset(seen->body, 0, sizeof(seen->body));
    memcpy(seen->body, record->body, record->length);
    seen->record.body = seen->body;
    seen->record.length = own->length;
    seen->record.layout = own;
    return &seen->record;
}
