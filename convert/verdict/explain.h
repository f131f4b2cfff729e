/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pages that explain: what goes wrong between saving and loading a context,
 * and what of it stands in a log.
 */
#ifndef CONVERT_VERDICT_EXPLAIN_H
#define CONVERT_VERDICT_EXPLAIN_H

#include "base/messages.h"

#define EXPLAIN_PATTERNS 6
#define EXPLAIN_IDS 6

/*
 * A page.  A pattern is what of a log line tells it from others: pieces in
 * lower case that occur in this order, with '*' between them.  Of several
 * pages the one with the longest pattern fits best.
 */
struct explain_page {
    const char *name;      /* stable, like a message id */
    const char *patterns[EXPLAIN_PATTERNS];
    const char *symptom;   /* what is seen */
    const char *cause;
    const char *releases;  /* which have it, and where it was mended */
    const char *mend;
    enum msg_id ids[EXPLAIN_IDS]; /* findings about it, EXPLAIN_NO_ID where
                                   * there is no more */
};
#define EXPLAIN_NO_ID MSG_NO_MEMORY   /* row 0 of the table: no page has it */

extern const struct explain_page explain_pages[];
extern const size_t n_explain_pages;

#endif /* CONVERT_VERDICT_EXPLAIN_H */
