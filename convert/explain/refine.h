/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page for a line by what its holes hold. */
#ifndef CONVERT_EXPLAIN_REFINE_H
#define CONVERT_EXPLAIN_REFINE_H

#include "explain/story.h"

/* Where the line leads to: the name of a page or a message. */
const char *event_leads(const struct event *event);

#endif /* CONVERT_EXPLAIN_REFINE_H */
