/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CONVERT_AS_TEXT_H
#define CONVERT_AS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <domctx.h>

/* domctx_as_text() of the first size bytes of a file, or the whole of it. */
int as_text(const uint8_t *p, size_t size, bool whole, domctx_report *report);

#endif /* CONVERT_AS_TEXT_H */
