/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The length defect of CPU_MSR (hvm-msr.c).  Our parser repairs it; a loader
 * does not.  Up to 4.18 the handler gets the length that the descriptor
 * claims; since 4.19 a first pass steps over the records by their claimed
 * lengths, and loses its way.
 */
#include "verdict/check.h"
#include "base/bytes.h"
#include "format/hvm.h"
#include "rules/descriptor.h"
#include "catalogue/types.h"

static bool is_known(const struct check *check, uint32_t typecode)
{
    const struct cat_record *record = cat_record(typecode);

    return record && typecode != CODE_HEADER &&
           record->from <= check->target.series;
}

/* Follow the descriptors as that pass does, from p with left bytes;
 * FRAME_COUNT if it reaches an END. */
static enum frame_check walk(const struct check *check,
                             const uint8_t *p, uint64_t left)
{
    while (left >= HVM_DESCRIPTOR) {
        uint64_t whole = HVM_DESCRIPTOR + (uint64_t)le32(p + 4);

        if (le16(p) == CODE_END)
            return FRAME_COUNT;
        if (!is_known(check, le16(p)))
            return FRAME_STEP_TYPECODE;
        if (whole > left)
            return FRAME_STEP_CUT;
        p += whole;
        left -= whole;
    }
    return FRAME_STEP_END;
}

static bool is_claim_false(const struct context_record *record)
{
    return record->type == DOMCTX_HVM_RECORD(CODE_CPU_MSR) &&
           le32(record->body - 4) != record->length;
}

bool check_msr_length(struct check *check,
                      const struct context_record *record)
{
    bool in_blob = check->context->blob || check->context->wrapped;
    struct msg_at at = context_at(record);
    enum frame_check row = FRAME_COUNT;
    uint32_t claimed, pass = CODE_HEADER; /* pass: the first, see phase_of() */

    if (!in_blob || !is_claim_false(record))
        return true;
    claimed = le32(record->body - 4);
    at.field = "length";
    at.expected = (struct msg_value)DEC(record->length);
    at.found = (struct msg_value)DEC(claimed);
    if (check->target.series >= CAT_V(4, 19) && !check->out_of_step)
        row = walk(check, record->body - HVM_DESCRIPTOR, check->left);
    check->out_of_step = true;
    if (row == FRAME_COUNT) {
        pass = CODE_CPU_MSR;
        row = claimed > check->left - HVM_DESCRIPTOR ? FRAME_MSR_CUT
                                                     : FRAME_MSR;
    }
    check_raise(check, MSG_LOAD_MSR_LENGTH, pass, &at,
                &frame_rows[row].outcome, true,
                "the descriptor claims more than its MSRs take");
    return false;
}
