/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found in a log, for its story. */
#ifndef CONVERT_EXPLAIN_EVENT_H
#define CONVERT_EXPLAIN_EVENT_H

#include "explain/find.h"

/* Count line ends of the buffer up to a place: its number. */
uint64_t line_number(struct scan *scan, size_t at);

/* A line that begins there: where it ends. */
size_t take(struct scan *scan, const struct found *found, size_t at);

/* An error of the toolstack that is not known is not passed over. */
void note_unknown(struct scan *scan, struct span line);

#endif /* CONVERT_EXPLAIN_EVENT_H */
