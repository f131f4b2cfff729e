/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The length defect of CPU_MSR (hvm-msr.c).  Reading undid it; a loader does
 * not.  Up to 4.18 the handler meets the claimed length; since 4.19 a first
 * pass goes over the records by what they claim and comes out of step.
 */
#include "judge.h"
#include "bytes.h"
#include "hvm.h"
#include "types.h"

#include <errno.h>

/* What the handler says to a length that the count does not make. */
static const struct rule_outcome mismatch = OUTCOME(
    REFUSED, EOPNOTSUPP, "MSR length, and the one expected");
static const struct rule_outcome cut = OUTCOME(
    REFUSED, ENODATA, "not enough data left to read MSR bytes");
/* The first pass. */
static const struct rule_outcome cut_silently = OUTCOME(
    REFUSED, ENODATA, NULL);
static const struct rule_outcome no_end = OUTCOME(
    REFUSED, ENODATA, "save did not end with a null entry");
static const struct rule_outcome unknown = OUTCOME(
    REFUSED, EINVAL, "unknown entry typecode, and which");

static bool is_known(const struct check *check, uint32_t typecode)
{
    const struct cat_record *record = cat_record(typecode);

    return record && typecode != CODE_HEADER &&
           record->from <= check->target.series;
}

/* The walk from a descriptor on, with what is left from there; NULL where it
 * comes to an END. */
static const struct rule_outcome *walk(const struct check *check,
                                       const uint8_t *p, uint64_t left)
{
    while (left >= HVM_DESCRIPTOR) {
        uint64_t whole = HVM_DESCRIPTOR + (uint64_t)le32(p + 4);

        if (le16(p) == CODE_END)
            return NULL;
        if (!is_known(check, le16(p)))
            return &unknown;
        if (whole > left)
            return &cut_silently;
        p += whole;
        left -= whole;
    }
    return &no_end;
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
    const struct rule_outcome *outcome = NULL;
    uint32_t claimed, pass = CODE_HEADER; /* the first, see phase_of() */

    if (!in_blob || !is_claim_false(record))
        return true;
    claimed = le32(record->body - 4);
    at.field = "length";
    at.expected = (struct msg_value)DEC(record->length);
    at.found = (struct msg_value)DEC(claimed);
    if (check->target.series >= CAT_V(4, 19) && !check->out_of_step)
        outcome = walk(check, record->body - HVM_DESCRIPTOR, check->left);
    check->out_of_step = true;
    if (!outcome) {
        pass = CODE_CPU_MSR;
        outcome = claimed > check->left - HVM_DESCRIPTOR ? &cut : &mismatch;
    }
    check_raise(check, MSG_LOAD_MSR_LENGTH, pass, &at, outcome, true,
                "the descriptor claims more than its MSRs take");
    return false;
}
