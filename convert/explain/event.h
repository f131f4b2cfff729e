/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was found in a log, for its story. */
#ifndef CONVERT_EXPLAIN_EVENT_H
#define CONVERT_EXPLAIN_EVENT_H

#include "explain/find.h"

/* Count line ends of the buffer up to a place: its number. */
uint64_t line_number(struct scan *scan, size_t at);

/* A line that begins there: where it ends. */
size_t take(struct scan *scan, const struct found *found, size_t at);

/* The event of a line in the window, which has that number. */
void make_event(struct scan *scan, const struct found *found, uint64_t at,
                struct event *event);

/* A line of which nothing was found: when it is the head of one that is known,
 * and of no other, that is taken. */
bool take_cut(struct scan *scan, struct span line);

/* One that is no error, in the first CUT_LINES of a log: nobody cuts those of
 * a long one. */
#define CUT_LINES 400u
void look_at_cut(struct scan *scan, struct span line);

/* Whether a line of the buffer is an error of the toolstack. */
bool is_error(const struct scan *scan, struct span line);

/* One that is not known: it is not passed over. */
void note_unknown(struct scan *scan, struct span line);

/* The first line, which may be the rest of one that was cut. */
void scan_top(struct scan *scan);

#endif /* CONVERT_EXPLAIN_EVENT_H */
