/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about legacy records, in a blob or an image of either form. */
#include "format/content.h"
#include "base/bytes.h"
#include "catalogue/types.h"

/* Whether a layout has that length: in the saver's release, or, if that is not
 * known, in any. */
static bool has_layout(const struct cat_record *known, uint64_t length,
                       const cat_version *saver)
{
    return saver && *saver <= CAT_NEWEST
               ? cat_layout(known, length, *saver) != NULL
               : cat_some_layout(known, length) != NULL;
}

/* Every loader requires as many entries as count says, and at least one. */
static void check_msr(const struct domctx_record *record,
                      domctx_report *report)
{
    struct msg_at at = at_hvm(record);
    uint64_t count;

    if (record->length < 8)
        return; /* too short: reported by the length check */
    count = le32(record->body);
    if (count > 0 && record->length == 8 + 16 * count)
        return;
    if (count == 0) {
        at.field = "count";
        at.found = (struct msg_value)DEC(0);
        msg_raise(report, MSG_HVM_MSR_COUNT, &at, "there is no MSR in it");
        return;
    }
    at.field = "length";
    at.expected = (struct msg_value)DEC(8 + 16 * count);
    at.found = (struct msg_value)DEC(record->length);
    msg_raise(report, MSG_HVM_MSR_COUNT, &at,
              "the record has another length than its number of MSRs gives");
}

void content_check_hvm(const struct domctx_record *record,
                       const cat_version *saver, domctx_report *report)
{
    const struct cat_record *known = cat_record(record->type);
    struct msg_at at = at_hvm(record);

    if (!known) {
        at.found = (struct msg_value)DEC(record->type);
        msg_raise(report, MSG_HVM_TYPECODE, &at, "unknown typecode");
        return;
    }
    if (!(known->flags & CAT_VCPU) &&
        record->instance >= known->instances) {
        at.field = "instance";
        at.expected = (struct msg_value)DEC(known->instances - 1);
        at.found = (struct msg_value)DEC(record->instance);
        msg_raise(report, MSG_RECORD_INSTANCE, &at,
                  "no domain has that many of this record");
        at.field = NULL;
    }
    if (!has_layout(known, record->length, saver)) {
        at.field = "length";
        at.expected = (struct msg_value){ .kind = MSG_NONE };
        at.found = (struct msg_value)DEC(record->length);
        msg_raise(report, MSG_RECORD_LENGTH, &at,
                  saver ? "no layout of the release that saved it has this "
                          "length"
                        : "no layout of any release has this length");
    }
    if (record->type == HVM_CODE_MSR)
        check_msr(record, report);
}

/* Report a CPU_MSR whose descriptor claims another length than it has. */
static void tell_repaired(const struct domctx_record *record,
                          domctx_report *report)
{
    uint32_t claimed = le32(record->body - 4);
    struct msg_at at = at_hvm(record);

    if (record->type != HVM_CODE_MSR || claimed == record->length)
        return;
    at.field = "length";
    at.expected = (struct msg_value)DEC(record->length);
    at.found = (struct msg_value)DEC(claimed);
    msg_raise(report, MSG_HVM_MSR_LENGTH, &at,
              "the descriptor claims more than its MSRs take; read with the "
              "true length");
}

static void check_duplicates(const domctx_hvm *hvm, domctx_report *report)
{
    const struct domctx_record *record;
    size_t i = 0;

    while ((record = keys_repeat(&hvm->keys, &i))) {
        struct msg_at at = at_hvm(record);

        msg_raise(report, MSG_HVM_DUPLICATE, &at,
                  "a record of this type and instance came before");
    }
}

static void check_end(const domctx_hvm *hvm, domctx_report *report)
{
    const struct domctx_record *end = &hvm->records[hvm->count - 1];
    struct msg_at at = at_hvm(end);

    if (hvm->end_unusual) {
        at.found = (struct msg_value)DEC(hvm_claim(end));
        msg_raise(report, MSG_HVM_END_UNUSUAL, &at,
                  "END has an instance or a length");
    }
    if (hvm->consumed < hvm->size) {
        at.offset = hvm->base + hvm->consumed;
        at.expected = (struct msg_value)DEC(0);
        at.found = (struct msg_value)DEC(hvm->size - hvm->consumed);
        msg_raise(report, MSG_HVM_AFTER_END, &at,
                  "bytes after END, which are left out");
    }
}

void content_check_blob(const domctx_hvm *hvm, const cat_version *saver,
                        domctx_report *report)
{
    const struct domctx_record *record;

    for (size_t i = 0; i + 1 < hvm->count; i++) {
        record = &hvm->records[i];
        if (i > 0 && record->type == DOMCTX_HVM_HEADER) {
            struct msg_at at = at_hvm(record);

            msg_raise(report, MSG_HVM_HEADER_AGAIN, &at, "a second HEADER");
            continue;
        }
        content_check_hvm(record, saver, report);
        tell_repaired(record, report);
    }
    check_duplicates(hvm, report);
    check_end(hvm, report);
}
