/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room html: a context as one page for a browser.
 *
 * The page loads nothing and has no script, so it can be attached to a bug
 * report.  Everything that comes from a file goes through html_put().  It is
 * well-formed XML, too: every element is closed.
 */
#ifndef CONVERT_HTML_HTML_H
#define CONVERT_HTML_HTML_H

#include "base/out.h"
#include "context/context.h"

struct html {
    struct out out;
    const domctx_context *context;
    const struct domctx_html_options *options;
};

/* -- put.c ------------------------------------------------------------ */

/* Write markup unchanged. */
void html_tag(struct html *html, const char *markup);
__attribute__((format(printf, 2, 3)))
void html_tag_f(struct html *html, const char *format, ...);

/* Write text: escape markup, and make bytes that are not text visible. */
void html_put(struct html *html, const char *text);
__attribute__((format(printf, 2, 3)))
void html_put_f(struct html *html, const char *format, ...);

/* A domctx_sink for text; arg is the struct html. */
int html_sink(void *arg, const char *text, size_t size);

/* Write a row of two cells; nothing if text is "" or NULL. */
void html_row(struct html *html, const char *name, const char *text);

/* "8.5 KiB" */
#define HTML_SIZE_ROOM 32
const char *html_size(char room[HTML_SIZE_ROOM], uint64_t size);

/* Write a part of a bar, its width in proportion to length. */
void html_part(struct html *html, const char *colour, uint64_t length,
               const char *title);

/* -- values ----------------------------------------------------------- */

/* Read element i of a legacy record's field by name; false if the record has
 * no such field. */
bool html_get(const struct context_record *record, const char *field,
              size_t i, uint64_t *value);

/* The record of that typecode and instance, or NULL. */
const struct context_record *html_record(const struct html *html,
                                         uint32_t code, uint32_t instance);

/* The most columns or pins that a table stays readable with. */
#define HTML_VCPUS 64
struct html_vcpus {
    uint32_t vcpu[HTML_VCPUS];
    size_t n, all;          /* shown; in all */
};
void html_vcpus(const struct html *html, struct html_vcpus *vcpus);

/* -- the chapters ----------------------------------------------------- */

void html_map(struct html *html);        /* map.c */
void html_findings(struct html *html);   /* findings.c */
void html_beside(struct html *html);     /* beside.c: vCPUs */
void html_memory(struct html *html);     /* memory.c: MTRRs */
void html_interrupts(struct html *html); /* interrupts.c */

extern const char html_style[];          /* style.c */

#endif /* CONVERT_HTML_HTML_H */
