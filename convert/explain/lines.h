/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room explain: what a line, a log, a number or a symptom means.
 *
 * lines.def has the lines that are known, match.c holds one against a text,
 * index*.c, window.c, find.c and scan.c find them in a log, pasted.c, web.c,
 * utf16.c and cut.c in what a log went through on its way; event.c, story.c,
 * both-ends.c, cause.c and refine.c make of them what happened; tell.c,
 * brief.c and page-text.c write it.  pages-*.c are the pages; numbers*.c,
 * holes.c, errors.c and alone.c the numbers; symptoms.c the words of people,
 * and tongues.c those of other languages; other.c knows another hypervisor.
 */
#ifndef CONVERT_EXPLAIN_LINES_H
#define CONVERT_EXPLAIN_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* Who prints it; the order is that of the names in lines.c. */
enum component {
    LINE_HV, LINE_XC, LINE_LIBXL, LINE_XL, LINE_QEMU, LINE_XAPI,
    LINE_LIBVIRT, LINE_XEND, LINE_GUEST, LINE_DOM0,
    LINE_SCRIPT,
    LINE_UNNAMED,    /* nothing in front of the words says who */
};

enum line_kind {
    LINE_CAUSE, LINE_CONSEQUENCE, LINE_INFORMATION, LINE_HARMLESS,
    LINE_BEGINS, LINE_DONE, LINE_EXCUSE,
};

struct line {
    enum component component;
    const char *first, *last;
    enum line_kind kind;
    const char *leads;      /* the name of a page or of a message */
    const char *pattern;
};

extern const struct line lines[];
extern const size_t n_lines;

/* "libxc", for a reader. */
const char *component_name(enum component component);

/* A pattern that begins with any words. */
bool line_is_open(const struct line *line);

/* A pattern that says too little by its words alone: it holds only behind
 * the prefix of its component. */
bool line_is_weak(const struct line *line);

/* How much of a pattern is fixed: of two that match the larger is right. */
size_t line_weight(const struct line *line);

#endif /* CONVERT_EXPLAIN_LINES_H */
