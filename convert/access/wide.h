/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers of x87, SSE and an XSAVE area, most of them wider than a field. */
#ifndef CONVERT_ACCESS_WIDE_H
#define CONVERT_ACCESS_WIDE_H

#include "access/assign.h"

/* Write a located register into bytes, which the record is a view of; and set
 * the bits of XSTATE_BV without which a loader ignores it. */
void wide_put(const struct located *at, uint8_t *bytes,
              const uint8_t value[CAT_REGISTER_ROOM]);

/* The value that is assigned to it. */
int wide_value(const struct located *at, const struct assign *assign,
               uint8_t value[CAT_REGISTER_ROOM], domctx_report *report);

#endif /* CONVERT_ACCESS_WIDE_H */
