/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MSR bits that the guest's CPUID policy does not offer on the target.  Bits
 * that the target's release does not know are the business of room compat.
 */
#include "access/shed.h"
#include "base/bytes.h"
#include "catalogue/types.h"
#include "format/hvm.h"
#include "verdict/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define FIXED 8    /* CPU_MSR: count and padding */
#define ENTRY 16   /* index, reserved word, value */
#define VALUE 8    /* offset of value in an entry */

struct shed {
    uint8_t *blob;
    const domctx_hvm *hvm;
    struct release target;
    const struct domctx_host *host;
    bool allow_loss, lost;
    domctx_report *report;
};

__attribute__((format(printf, 3, 4)))
static void raise(struct shed *shed, const struct msg_at *at,
                  const char *format, ...)
{
    va_list args;

    va_start(args, format);
    msg_add(shed->report, shed->allow_loss ? DOMCTX_WARNING : DOMCTX_ERROR,
            MSG_MSR_SPEC_CTRL_BITS_LOST, at, format, args);
    va_end(args);
    shed->lost = true;
}

static void lose(struct shed *shed, const struct context_record *record,
                 uint32_t index, uint64_t bits, const char *names)
{
    struct msg_at at = context_at(record);
    char target[RELEASE_ROOM], field[24];

    snprintf(field, sizeof(field), "MSR 0x%" PRIx32, index);
    at.field = field;
    at.has_offset = false; /* offsets in the result differ from the input's */
    at.found = (struct msg_value)HEX(bits);
    raise(shed, &at, "%s Xen %s: the domain does not get the feature there; "
          "%s would be off", shed->allow_loss ? "left out for"
                                              : "cannot go to",
          release_text(shed->target, target), names);
}

static void shed_record(struct shed *shed,
                        const struct context_record *record)
{
    char names[80];

    for (uint64_t at = FIXED; at + ENTRY <= record->length; at += ENTRY) {
        const uint8_t *entry = record->body + at;
        uint64_t value = le64(entry + VALUE);
        uint64_t lacks = check_msr_lacks(shed->target, shed->host,
                                         le32(entry), value, names,
                                         sizeof(names));

        if (!lacks)
            continue;
        lose(shed, record, le32(entry), lacks, names);
        if (shed->allow_loss)
            put_le64(shed->blob + (entry + VALUE - shed->hvm->buf),
                     value & ~lacks);
    }
}

int shed_bits(const domctx_hvm *hvm, uint8_t *blob,
              const struct domctx_release *target,
              const struct domctx_host *host, bool allow_loss,
              domctx_report *report)
{
    struct shed shed = { .blob = blob, .hvm = hvm, .host = host,
                         .target = release_of(target),
                         .allow_loss = allow_loss, .report = report };
    domctx_context *context;

    if (shed.target.series > CAT_NEWEST)
        shed.target = (struct release){ CAT_NEWEST, RELEASE_ANY };
    if (domctx_context_of_hvm(hvm, true, target->xen_major,
                              target->xen_minor, &context, report) < 0)
        return -1;
    for (size_t i = 0; i < context->count; i++)
        if (context->records[i].type == DOMCTX_HVM_RECORD(CODE_CPU_MSR))
            shed_record(&shed, &context->records[i]);
    domctx_context_free(context);
    return shed.lost && !allow_loss ? -1 : 0;
}
