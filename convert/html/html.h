/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room html: a context as one page for a browser.
 *
 * Nothing is loaded by it and there is no script in it, so that it may be
 * attached to a report.  Whatever comes from a file goes through html_put().
 * It is XML, too: every element is ended.
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

/* Markup, as it is. */
void html_tag(struct html *html, const char *markup);
__attribute__((format(printf, 2, 3)))
void html_tag_f(struct html *html, const char *format, ...);

/* Text: markup is escaped, and bytes that are no text are made visible. */
void html_put(struct html *html, const char *text);
__attribute__((format(printf, 2, 3)))
void html_put_f(struct html *html, const char *format, ...);

/* A domctx_sink for text; arg is the struct html. */
int html_sink(void *arg, const char *text, size_t size);

/* A row of two cells; nothing where the text is "" or NULL. */
void html_row(struct html *html, const char *name, const char *text);

/* "8.5 KiB" */
#define HTML_SIZE_ROOM 32
const char *html_size(char room[HTML_SIZE_ROOM], uint64_t size);

/* A part of a bar, as wide as it is long. */
void html_part(struct html *html, const char *colour, uint64_t length,
               const char *title);

/* -- values ----------------------------------------------------------- */

/* The field of a legacy record by its name, and element i of it; false: it
 * is not there. */
bool html_get(const struct context_record *record, const char *field,
              size_t i, uint64_t *value);

/* The record of that typecode and instance, or NULL. */
const struct context_record *html_record(const struct html *html,
                                         uint32_t code, uint32_t instance);

/* As many columns or pins as a reader can look at. */
#define HTML_VCPUS 64
struct html_vcpus {
    uint32_t vcpu[HTML_VCPUS];
    size_t n, all;          /* those that are shown; how many there are */
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
