/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of the table and of others, with whatever stands in and around
 * them. */
#ifndef MAKE_LINES_H
#define MAKE_LINES_H

#include "explain/scan.h"
#include "explain/test-explain.h"

/* The next of a row of numbers that is the same in each run. */
unsigned int any_below(unsigned int below);

/* A pattern of lines.def with random values in its holes. */
void fill_pattern(const char *pattern, char *to);

/* A format as in printf, also the hypervisor's %pv and %pd; record: what
 * stands for %s is a record's name. */
void fill_format(const char *format, char *to, bool record);

/* What the program's own logger puts around a line. */
void dress(enum component component, const char *line, char *to);

/* What others put around that, mail, journals, terminals: any of them, and
 * the one of that number. */
void surround(const char *line, bool wrap, char *to);
extern const size_t n_surroundings;
void surround_with(const char *line, size_t i, char *to);

/* What a text is read as; valid up to the next call. */
struct scan *scanned(const char *text);

#endif /* MAKE_LINES_H */
