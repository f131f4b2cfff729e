/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of lines.def that a line of a log may be, and which of them it
 * is, also when it was broken into several. */
#ifndef CONVERT_EXPLAIN_FIND_H
#define CONVERT_EXPLAIN_FIND_H

#include "explain/scan.h"

#define CANDIDATES_MAX 96

/* The rows of which a piece stands in the line. */
struct candidates {
    uint16_t row[CANDIDATES_MAX];
    size_t n;
};

struct found {
    const struct line *line;
    struct start start;
    struct match match;
};

/* Whether the fixed words of a pattern stand in the text one behind the
 * other. */
bool has_words(const char *pattern, const char *text, size_t size);

/* Whether a line has the words of a row that is known by its head alone. */
bool has_poor(const struct scan *scan, const struct index_row *head,
              const char *text, size_t size);

/* Those of a span of the text, behind those that are there. */
void find_candidates(const struct scan *scan, const char *text,
                     struct span line, struct candidates *candidates);

/* Those that may have been broken at the line end at that place of the
 * buffer; blank: where a blank was. */
void find_joined(const struct scan *scan, size_t end, bool blank,
                 struct candidates *candidates);

/* The line before one of the buffer; false where the buffer has none. */
bool line_before(const struct scan *scan, struct span line,
                 struct span *before);

/* The line itself; else the ones before it, as long as this one may be the
 * rest of them.  *at is where it begins; it is in the window then. */
bool find_broken(struct scan *scan, struct span line,
                 const struct candidates *candidates, struct found *found,
                 size_t *at);

/* The line with those that may be the rest of it, in which all pieces are
 * looked for. */
bool find_longer(struct scan *scan, struct span line, struct found *found);

#endif /* CONVERT_EXPLAIN_FIND_H */
