/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a loader checks of records before it reads their bodies, as data:
 * typecodes, lengths, instances, order, presence.  verdict/check-frame.c,
 * verdict/check-msr.c and verdict/check-presence.c do the checks; these rows
 * say what the loader does when one fails.
 */
#ifndef CONVERT_RULES_DESCRIPTOR_H
#define CONVERT_RULES_DESCRIPTOR_H

#include "rules/rules.h"

/* The records of fixed length: the error for another length, and the release
 * since which a shorter record is filled with zeros. */
struct frame_length {
    uint16_t typecode;
    int error;
    struct since extends;
    struct since checked;  /* since when ENODATA instead: the first pass */
};
extern const struct frame_length frame_lengths[];
extern const size_t n_frame_lengths;

/* Older releases compare the bytes left in the blob with the length of their
 * own structure. */
extern const struct since frame_short_ends;
/* Since these releases, loaders accept a CPU body without msr_tsc_aux. */
extern const struct since frame_takes_compat;

/* The other checks. */
enum frame_check {
    FRAME_BEGINNING, FRAME_MAGIC, FRAME_VERSION, FRAME_TYPECODE,
    FRAME_HEADER_AGAIN, FRAME_NO_DEVICE, FRAME_VCPU_CONFIG, FRAME_VCPU,
    FRAME_PIC, FRAME_IGNORED, FRAME_LENGTH,
    FRAME_SHORT, FRAME_DUPLICATE, FRAME_LINES, FRAME_ORDER, FRAME_MSR,
    FRAME_MSR_CUT, FRAME_STEP_CUT, FRAME_STEP_END, FRAME_STEP_TYPECODE,
    FRAME_NOTHING, FRAME_MISSING, FRAME_NO_CPU, FRAME_DOWN, FRAME_VCPUS,
    FRAME_KIND_OLD, FRAME_KIND_HVM, FRAME_KIND_PVH, FRAME_COUNT
};
struct frame_row {
    enum msg_id id;
    struct since since, until;
    struct rule_outcome outcome;
    const char *reason;    /* one sentence, for a reader */
};
extern const struct frame_row frame_rows[FRAME_COUNT];

/* The records of which the first must come before the second. */
struct frame_order {
    uint16_t code, later;
    const char *reason;    /* what it does when it comes too late */
};
extern const struct frame_order frame_orders[];
extern const size_t n_frame_orders;

#endif /* CONVERT_RULES_DESCRIPTOR_H */
