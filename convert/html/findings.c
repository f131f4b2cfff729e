/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings, worst first, each with cause and cure. */
#include "html/html.h"

#include <inttypes.h>

static const char *class_of(enum domctx_severity severity)
{
    return severity >= DOMCTX_ERROR ? "bad"
           : severity == DOMCTX_WARNING ? "warning" : "note";
}

/* "LAPIC/1, field lvtt, at offset 0x2c8" */
static void put_place(struct html *html, const struct domctx_finding *finding)
{
    if (!*finding->record)
        return;
    html_tag(html, " <span class=\"dim\">");
    html_put(html, finding->record);
    if (*finding->field) {
        html_put(html, ", field ");
        html_put(html, finding->field);
    }
    if (finding->offset != DOMCTX_NO_OFFSET)
        html_put_f(html, ", at offset 0x%" PRIx64, finding->offset);
    html_tag(html, "</span>");
}

static void put_line(struct html *html, const char *what, const char *text)
{
    if (!text || !*text)
        return;
    html_tag(html, "<br/><span class=\"dim\">");
    html_put(html, what);
    html_tag(html, "</span> ");
    html_put(html, text);
}

static void put_finding(struct html *html,
                        const struct domctx_finding *finding)
{
    const struct domctx_message *message = domctx_message_find(finding->id);

    html_tag_f(html, "<li class=\"%s\"><strong>",
               class_of(finding->severity));
    html_put(html, domctx_severity_name(finding->severity));
    html_tag(html, "</strong> ");
    html_put(html, finding->text);
    put_place(html, finding);
    html_tag(html, " <code>[");
    html_put(html, finding->id);
    html_tag(html, "]</code>");
    put_line(html, "expected", finding->expected);
    put_line(html, "found", finding->found);
    put_line(html, "Xen's log:", finding->log);
    put_line(html, "why:", message ? message->cause : NULL);
    put_line(html, "to do:", message ? message->mend : NULL);
    html_tag(html, "</li>\n");
}

static size_t put_those(struct html *html, const domctx_report *report,
                        enum domctx_severity from, enum domctx_severity to)
{
    const struct domctx_finding *finding;
    size_t n = 0;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++) {
        if (finding->severity < from || finding->severity > to)
            continue;
        if (n++ == 0)
            html_tag(html, "<ol class=\"findings\">\n");
        put_finding(html, finding);
    }
    if (n > 0)
        html_tag(html, "</ol>\n");
    return n;
}

void html_findings(struct html *html)
{
    const struct domctx_checked *checked = html->options->checked;
    size_t notes;

    if (!checked)
        return;
    notes = domctx_report_total(checked->report, DOMCTX_NOTE);
    html_tag(html, "<section id=\"findings\"><h2>Findings</h2>\n");
    if (put_those(html, checked->report, DOMCTX_ERROR, DOMCTX_LOST) +
            put_those(html, checked->report, DOMCTX_WARNING,
                      DOMCTX_WARNING) == 0)
        html_tag(html, "<p>No error and no warning.</p>\n");
    if (notes > 0) {
        html_tag_f(html, "<details><summary>%zu note%s: what no file can "
                   "tell</summary>\n", notes, notes == 1 ? "" : "s");
        put_those(html, checked->report, DOMCTX_NOTE, DOMCTX_NOTE);
        html_tag(html, "</details>\n");
    }
    if (domctx_report_dropped(checked->report))
        html_tag_f(html, "<p>%zu more are not shown.</p>\n",
                   domctx_report_dropped(checked->report));
    html_tag(html, "</section>\n");
}
