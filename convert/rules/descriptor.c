/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read in xen/common/hvm/save.c, later xen/arch/x86/hvm/save.c, and in the
 * handlers of each record.
 */
#include "rules/descriptor.h"

#include <errno.h>

#undef PIC   /* libtool's, for shared objects */

#define SINCE(x, y) { { RELEASE(x, y, 0) } }
#define UNTIL(x, y) .until = { { RELEASE(x, y, 0) } }
#define EVER { { { 0, 0 } } }
#define NEVER { { { CAT_EVER, 0 } } }

const struct frame_length frame_lengths[] = {
    { CODE_HEADER, ENODATA, NEVER, NEVER },
    { CODE_CPU, EINVAL, SINCE(4, 7), NEVER },
    { CODE_PIC, EINVAL, NEVER, SINCE(4, 19) },
    { CODE_IOAPIC, ENODATA, NEVER, NEVER },
    { CODE_LAPIC, EINVAL, SINCE(4, 1), SINCE(4, 20) },
    { CODE_LAPIC_REGS, EINVAL, NEVER, SINCE(4, 20) },
    { CODE_PCI_IRQ, EINVAL, NEVER, NEVER },
    { CODE_ISA_IRQ, EINVAL, NEVER, NEVER },
    { CODE_PCI_LINK, EINVAL, NEVER, SINCE(4, 19) },
    { CODE_PIT, ENODATA, NEVER, NEVER },
    { CODE_RTC, EINVAL, SINCE(4, 14), NEVER },
    { CODE_HPET, EINVAL, NEVER, NEVER },
    { CODE_PMTIMER, EINVAL, NEVER, NEVER },
    { CODE_MTRR, EINVAL, NEVER, NEVER },
    { CODE_VIRIDIAN_DOMAIN, EINVAL, SINCE(4, 5), NEVER },
    { CODE_VIRIDIAN_VCPU, EINVAL, SINCE(4, 7), NEVER },
    { CODE_VMCE_VCPU, EPERM, SINCE(4, 3), NEVER },
    { CODE_TSC_ADJUST, EINVAL, NEVER, NEVER },
};
const size_t n_frame_lengths =
    sizeof(frame_lengths) / sizeof(frame_lengths[0]);

/* 66d0c0aa1f */
const struct since frame_short_ends = {
    { RELEASE(4, 3, 4), RELEASE(4, 4, 2), RELEASE(4, 5, 0) } };
/* 620ce29a2d */
const struct since frame_takes_compat = {
    { RELEASE(4, 0, 2), RELEASE(4, 1, 1), RELEASE(4, 2, 0) } };

#define LENGTHS "mismatch of type and length, expected and found"
#define TYPECODE "unknown entry typecode, and which"
#define ROW(id_, outcome_, reason_, ...) \
    { .id = id_, .outcome = outcome_, .reason = reason_, .since = __VA_ARGS__ }

const struct frame_row frame_rows[FRAME_COUNT] = {
    [FRAME_BEGINNING] = ROW(MSG_LOAD_HEADER,
        OUTCOME(REFUSED, ENODATA, LENGTHS),
        "the context does not begin with HEADER", EVER),
    [FRAME_MAGIC] = ROW(MSG_LOAD_HEADER,
        OUTCOME(REFUSED, EINVAL, "bad magic number"),
        "HEADER has another magic number than 0x54381286", EVER),
    [FRAME_VERSION] = ROW(MSG_LOAD_HEADER,
        OUTCOME(REFUSED, EINVAL, "unsupported version"),
        "HEADER has another version than 1", EVER),
    [FRAME_TYPECODE] = ROW(MSG_LOAD_TYPECODE,
        OUTCOME(REFUSED, EINVAL, TYPECODE),
        "the release does not know the typecode", EVER),
    [FRAME_HEADER_AGAIN] = ROW(MSG_LOAD_TYPECODE,
        OUTCOME(REFUSED, EINVAL, TYPECODE),
        "a second HEADER is an unknown typecode", EVER),
    [FRAME_NO_DEVICE] = ROW(MSG_LOAD_NO_DEVICE,
        OUTCOME(REFUSED, ENODEV, NULL),
        "the configuration makes a PVH domain, which does not have the "
        "device", SINCE(4, 7)),
    [FRAME_VCPU_CONFIG] = ROW(MSG_LOAD_VCPU_CONFIG,
        OUTCOME_IN(REFUSED, EINVAL, "no such vCPU", DEBUG),
        "the configuration gives the domain fewer vCPUs", EVER),
    [FRAME_VCPU] = ROW(MSG_LOAD_INSTANCE,
        OUTCOME_IN(REFUSED, EINVAL, "no such vCPU", DEBUG),
        "no domain has that many vCPUs", EVER),
    [FRAME_PIC] = ROW(MSG_LOAD_INSTANCE, OUTCOME(REFUSED, ENOENT, NULL),
        "no domain has that many PICs", EVER),
    [FRAME_IGNORED] = ROW(MSG_LOAD_INSTANCE_IGNORED,
        OUTCOME(CHANGED, 0, NULL),
        "the instance of such a record is not looked at", EVER),
    [FRAME_LENGTH] = ROW(MSG_LOAD_LENGTH, OUTCOME(REFUSED, EINVAL, LENGTHS),
        "the loader wants another length", EVER),
    [FRAME_SHORT] = ROW(MSG_LOAD_SHORT_RECORD,
        OUTCOME(REFUSED, EINVAL, LENGTHS),
        "a short record is too near to the end of the blob", SINCE(4, 1),
        .until = { { RELEASE(4, 3, 4), RELEASE(4, 4, 2),
                     RELEASE(4, 5, 0) } }),
    [FRAME_DUPLICATE] = ROW(MSG_LOAD_DUPLICATE, OUTCOME(CHANGED, 0, NULL),
        "the record was there before", EVER),
    [FRAME_LINES] = ROW(MSG_LOAD_DUPLICATE_LINES, OUTCOME(CHANGED, 0, NULL),
        "interrupt lines were there before", EVER),
    [FRAME_ORDER] = ROW(MSG_LOAD_ORDER, OUTCOME(CHANGED, 0, NULL),
        "the record comes too late", EVER),
    [FRAME_MSR] = ROW(MSG_LOAD_MSR_LENGTH,
        OUTCOME(REFUSED, EOPNOTSUPP, "MSR length, and the one expected"),
        "the descriptor of CPU_MSR claims more than its MSRs take",
        SINCE(4, 5)),
    [FRAME_MSR_CUT] = ROW(MSG_LOAD_MSR_LENGTH,
        OUTCOME(REFUSED, ENODATA, "not enough data left to read MSR bytes"),
        "the descriptor of CPU_MSR claims more than is left", SINCE(4, 5),
        UNTIL(4, 19)),
    /* the first pass of 4.19 after a false claim */
    [FRAME_STEP_CUT] = ROW(MSG_LOAD_MSR_LENGTH,
        OUTCOME(REFUSED, ENODATA, NULL),
        "what the descriptor of CPU_MSR claims leads behind the end",
        SINCE(4, 19)),
    [FRAME_STEP_END] = ROW(MSG_LOAD_MSR_LENGTH,
        OUTCOME(REFUSED, ENODATA, "save did not end with a null entry"),
        "what the descriptor of CPU_MSR claims leads past END", SINCE(4, 19)),
    [FRAME_STEP_TYPECODE] = ROW(MSG_LOAD_MSR_LENGTH,
        OUTCOME(REFUSED, EINVAL, TYPECODE),
        "what the descriptor of CPU_MSR claims leads into another record",
        SINCE(4, 19)),
    [FRAME_NOTHING] = ROW(MSG_LOAD_NO_HVM, OUTCOME(REFUSED, ENODATA, NULL),
        "there is no HVM state to load", EVER),
    [FRAME_MISSING] = ROW(MSG_LOAD_MISSING, OUTCOME(CHANGED, 0, NULL),
        "a record is missing beside others that come with it", EVER),
    [FRAME_NO_CPU] = ROW(MSG_LOAD_NO_CPU, OUTCOME(CHANGED, 0, NULL),
        "there is no CPU record: no vCPU will run", EVER),
    [FRAME_DOWN] = ROW(MSG_LOAD_VCPU_DOWN, OUTCOME(NO_OUTCOME, 0, NULL),
        "vCPUs without a CPU record stay down", EVER),
    [FRAME_VCPUS] = ROW(MSG_LOAD_VCPUS,
        OUTCOME_IN(DEPENDS, EINVAL, "no such vCPU", DEBUG),
        "the domain must have as many vCPUs", EVER),
    [FRAME_KIND_OLD] = ROW(MSG_LOAD_KIND, OUTCOME(DEPENDS, 0, NULL),
        "there is no PVH domain to load such a context into", EVER,
        UNTIL(4, 7)),
    [FRAME_KIND_HVM] = ROW(MSG_LOAD_KIND, OUTCOME(DEPENDS, ENODEV, NULL),
        "a PVH domain does not have the devices", SINCE(4, 7)),
    [FRAME_KIND_PVH] = ROW(MSG_LOAD_KIND, OUTCOME(DEPENDS, 0, NULL),
        "the context of a PVH domain has no devices", SINCE(4, 7)),
};

const struct frame_order frame_orders[] = {
    { CODE_PCI_IRQ, CODE_ISA_IRQ, "clears the counts that ISA_IRQ made" },
    { CODE_PCI_IRQ, CODE_PCI_LINK, "clears the counts that PCI_LINK made" },
    { CODE_PCI_IRQ, CODE_PMTIMER, "clears the interrupt of PMTIMER" },
    { CODE_CPU, CODE_CPU_XSAVE, "loads FPU state over that of CPU_XSAVE" },
    { CODE_LAPIC, CODE_LAPIC_REGS,
      "has the divisor that arming the timer took" },
};
const size_t n_frame_orders = sizeof(frame_orders) / sizeof(frame_orders[0]);
