/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Explaining message ids, lines of a log, whole logs, numbers and symptoms.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_EXPLAIN_H
#define DOMCTX_EXPLAIN_H

/*
 * Write what is known about text: a message id ("load-cr0"), a page
 * (domctx_explained()), a number or a name ("16/0", "EINVAL", "0x48",
 * "CPU_XSAVE"), a line or a whole log of Xen, its tools or programs that use
 * them, or a symptom in the reader's own words ("the clock jumps after a
 * migration").  For a log, the cause comes first, then its consequences.  text
 * is NUL-terminated.
 *
 * Returns 0, or -1, with "explain-unknown" and similar names if nothing is
 * known.  Since 0.1.
 * Ids: explain-unknown, sink-failed, no-memory.
 */
int domctx_explain(const char *text, domctx_sink *sink, void *arg,
                   domctx_report *report);

/* Whether name is a message id, page, number or name that domctx_explain()
 * knows; false for lines and symptoms.  Since 0.1. */
bool domctx_explain_knows(const char *name);

/* The name of page number i, or NULL past the last.  Since 0.1. */
const char *domctx_explained(size_t i);

/* Write the names of all pages, and the subject of each.  Since 0.1.
 * Ids: sink-failed, no-memory. */
int domctx_explain_list(domctx_sink *sink, void *arg, domctx_report *report);

/*
 * A log of any length, in pieces and in constant memory: begin, feed
 * repeatedly, end.  Lines may be quoted, wrapped or coloured, follow
 * timestamps and host names, and be mixed with other programs' lines.
 */
typedef struct domctx_explainer domctx_explainer;

/* Begin a log.  NULL with no-memory; the two functions below accept that, and
 * domctx_explain_end() reports it again.  Otherwise domctx_explain_end() frees
 * it.  Since 0.1.
 * Ids: no-memory. */
domctx_explainer *domctx_explain_begin(domctx_report *report);

/* Feed the next size bytes of the log; a piece may end inside a line.  Since
 * 0.1. */
void domctx_explain_feed(domctx_explainer *explainer, const void *bytes,
                         size_t size);

/* Write the explanation, and free the explainer.  Returns as domctx_explain().
 * Since 0.1.
 * Ids: those of domctx_explain(). */
int domctx_explain_end(domctx_explainer *explainer, domctx_sink *sink,
                       void *arg, domctx_report *report);
/*
 * Explain a few lines of log in a few lines, to print below a failure: what
 * the line with the cause means, the numbers in it by name, what to do.  log
 * is NUL-terminated.  Returns 0, or -1, with "explain-unknown" if no line is a
 * fault.  Since 0.1.
 * Ids: explain-unknown, sink-failed, no-memory.
 */
int domctx_explain_briefly(const char *log, domctx_sink *sink, void *arg,
                           domctx_report *report);

/* Whether a line with its prefix ("(XEN) ...") is one that save, restore or
 * migrate print.  False also when memory is short.  Since 0.1. */
bool domctx_explain_knows_line(const char *line);

/* A page of xl-context-messages(7): symptom, cause, releases and cure, each a
 * sentence without capital and full stop.  Constant. */
struct domctx_page {
    const char *name;
    const char *symptom;
    const char *cause;
    const char *releases;   /* which have it, and which fixed it */
    const char *mend;
    uint64_t reserved[3];   /* 0 */
};

/* Get page number i of those that mention a message id; false past the last.
 * The message's own page is not among them: domctx_explain() writes them all.
 * Since 0.1. */
bool domctx_page_about(const char *id, size_t i, struct domctx_page *page);

#endif /* DOMCTX_EXPLAIN_H */
