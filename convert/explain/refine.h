/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page for a line by what its holes hold. */
#ifndef CONVERT_EXPLAIN_REFINE_H
#define CONVERT_EXPLAIN_REFINE_H

#include "explain/story.h"

/* Where the line leads to: the name of a page or a message. */
const char *event_leads(const struct event *event);

/* For an example of a page that only values lead to: where a line with them
 * leads by its words, and the values, "typecode=5 errno=22".  NULL when there
 * is none. */
const char *refined_from(const char *page, const char **when);

#endif /* CONVERT_EXPLAIN_REFINE_H */
