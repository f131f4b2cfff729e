/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers of an XSAVE area, which are wider than a field. */
#ifndef CONVERT_ACCESS_WIDE_H
#define CONVERT_ACCESS_WIDE_H

#include "access/assign.h"

/* Whether it is xmm0 to xmm15 or ymm0 to ymm15 of a CPU_XSAVE that is to
 * change. */
bool wide_named(const struct assign *assign);

/* Change it in bytes, of which context is the view: the register, and the bit
 * of XSTATE_BV without which a loader puts the initial value in its place. */
int wide_assign(const domctx_context *context, uint8_t *bytes,
                const struct assign *assign, domctx_report *report);

#endif /* CONVERT_ACCESS_WIDE_H */
