/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages by the words that people use for what they saw. */
#ifndef CONVERT_EXPLAIN_SYMPTOMS_H
#define CONVERT_EXPLAIN_SYMPTOMS_H

#include <stdbool.h>
#include <stddef.h>

#define SYMPTOM_PAGES 3

/* The names of the pages that the words may be about, the best first; how
 * many there are.  A line of a log has none. */
size_t symptom_pages(const char *text, const char *pages[SYMPTOM_PAGES]);

/* Whether a word of it is one of Xen or of its guests. */
bool symptom_is_of_xen(const char *text);

#endif /* CONVERT_EXPLAIN_SYMPTOMS_H */
