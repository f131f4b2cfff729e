/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Explaining what was seen: message ids, lines of a log, whole logs, numbers,
 * symptoms.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_EXPLAIN_H
#define DOMCTX_EXPLAIN_H

/*
 * Write what is known about a message id ("load-cr0"), a page
 * (domctx_explained()), a number or a name ("16/0", "EINVAL", "0x48",
 * "CPU_XSAVE"), a line or a whole log of Xen, of its tools or of what is
 * built on them, or a symptom in the reader's own words ("the clock
 * jumps after a migration").  Of a log the cause comes first, then what
 * followed from it.  text ends with a zero.
 *
 * 0, or -1: with "explain-unknown", which names similar names, when nothing is
 * known.  Since 0.1.
 * Ids: explain-unknown, sink-failed, no-memory.
 */
int domctx_explain(const char *text, domctx_sink *sink, void *arg,
                   domctx_report *report);

/* Whether it is a message id, a page, a number or a name that
 * domctx_explain() knows: no line and no symptom.  Since 0.1. */
bool domctx_explain_knows(const char *name);

/* The name of page number i, or NULL past the last.  Since 0.1. */
const char *domctx_explained(size_t i);

/* Write the names of all pages, with what each is about.  0, or -1 with
 * sink-failed.  Since 0.1.
 * Ids: sink-failed, no-memory. */
int domctx_explain_list(domctx_sink *sink, void *arg, domctx_report *report);

/*
 * A log of any length, piece by piece, in constant memory: begin, feed as
 * often as there is something, end.  Lines may be quoted, wrapped, coloured,
 * behind times and names of hosts, and between those of other programs.
 */
typedef struct domctx_explainer domctx_explainer;

/* NULL with no-memory, which the two functions below take, and the second one
 * says again; otherwise domctx_explain_end() frees it.  Since 0.1.
 * Ids: no-memory. */
domctx_explainer *domctx_explain_begin(domctx_report *report);

/* The next size bytes of the log; lines may be cut anywhere.  Since 0.1. */
void domctx_explain_feed(domctx_explainer *explainer, const void *bytes,
                         size_t size);

/* Write what the log tells, and free the explainer.  0, or -1 as of
 * domctx_explain().  Since 0.1.
 * Ids: those of domctx_explain(). */
int domctx_explain_end(domctx_explainer *explainer, domctx_sink *sink,
                       void *arg, domctx_report *report);
/*
 * The same of a few lines and in a few lines, to be put below a failure: what
 * the line of the cause means, the numbers in it by name, what to do.  log
 * ends with a zero.  0, or -1: with "explain-unknown" when there is no fault
 * in it.  Since 0.1.
 * Ids: explain-unknown, sink-failed, no-memory.
 */
int domctx_explain_briefly(const char *log, domctx_sink *sink, void *arg,
                           domctx_report *report);

/* Whether a line with its prefix ("(XEN) ...") is one that is printed on the
 * ways of save, restore and migrate.  False without memory, too.  Since
 * 0.1. */
bool domctx_explain_knows_line(const char *line);

/* A page of xl-context-messages(7): what is seen, why, where, and what to do,
 * each a sentence without its capital and its full stop.  Constant. */
struct domctx_page {
    const char *name;
    const char *symptom;
    const char *cause;
    const char *releases;   /* which have it, and where it was mended */
    const char *mend;
};

/* Page number i of those that a message id stands on; false past the last.
 * The message has a page of its own besides: domctx_explain() shows all of
 * it.  Since 0.1. */
bool domctx_page_about(const char *id, size_t i, struct domctx_page *page);

#endif /* DOMCTX_EXPLAIN_H */
