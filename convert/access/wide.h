/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing registers of x87, SSE and an XSAVE area; most are wider than a
 * field. */
#ifndef CONVERT_ACCESS_WIDE_H
#define CONVERT_ACCESS_WIDE_H

#include "access/assign.h"

/* Write a register into bytes, which the record is a view of, and set the
 * XSTATE_BV bits without which a loader ignores it. */
void wide_put(const struct located *at, uint8_t *bytes,
              const uint8_t value[CAT_REGISTER_ROOM]);

/* Read the assigned value. */
int wide_value(const struct located *at, const struct assign *assign,
               uint8_t value[CAT_REGISTER_ROOM], domctx_report *report);

#endif /* CONVERT_ACCESS_WIDE_H */
