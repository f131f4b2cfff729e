/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CONVERT_ACCESS_SHED_H
#define CONVERT_ACCESS_SHED_H

#include "access/access.h"

/*
 * Clear MSR bits that the host's domain does not get on the target, in a
 * converted blob (hvm: the same, parsed), and report each as a loss.  Without
 * allow_loss nothing is cleared, and -1 means that something would be lost; -1
 * also when memory is short.
 */
int shed_bits(const domctx_hvm *hvm, uint8_t *blob,
              const struct domctx_release *target,
              const struct domctx_host *host, bool allow_loss,
              domctx_report *report);

#endif /* CONVERT_ACCESS_SHED_H */
