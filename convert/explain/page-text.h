/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages and messages in words. */
#ifndef CONVERT_EXPLAIN_PAGE_TEXT_H
#define CONVERT_EXPLAIN_PAGE_TEXT_H

#include "base/out.h"
#include "explain/pages.h"

/* Words, broken into lines of a terminal, each behind indent blanks. */
void put_wrapped(struct out *out, const char *text, size_t indent);

/* The page or the message of that name, or both; false for none. */
bool put_named(struct out *out, const char *name);

/* What a page or message is about, in one line without its full stop; NULL
 * when there is none of that name. */
const char *named_symptom(const char *name);

/* The same of its cause. */
const char *named_cause(const char *name);

/* All pages: a line each. */
void put_page_list(struct out *out);

#endif /* CONVERT_EXPLAIN_PAGE_TEXT_H */
