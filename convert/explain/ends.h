/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of libxl that are known by the function alone that prints them. */
#ifndef CONVERT_EXPLAIN_ENDS_H
#define CONVERT_EXPLAIN_ENDS_H

#include "explain/lines.h"

/* What a line is that a function prints which libxl comes by when something
 * else has failed, whatever its words are; NULL for every other line. */
const struct line *end_of(const char *text);

#endif /* CONVERT_EXPLAIN_ENDS_H */
