/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page, and its head: what the file is. */
#include "html/html.h"
#include "catalogue/codes.h"

#include <inttypes.h>
#include <stdio.h>

static const char *name_of(const struct html *html)
{
    return html->options->name ? html->options->name : "context";
}

static void put_head(struct html *html)
{
    html_tag(html,
             "<!DOCTYPE html>\n"
             "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n"
             "<head>\n<meta charset=\"utf-8\"/>\n"
             "<meta name=\"viewport\" "
             "content=\"width=device-width,initial-scale=1\"/>\n"
             "<meta http-equiv=\"Content-Security-Policy\" "
             "content=\"default-src 'none';style-src 'unsafe-inline'\"/>\n"
             "<title>");
    html_put(html, name_of(html));
    html_tag(html, ": Xen domain context</title>\n<style>\n");
    html_tag(html, html_style);
    html_tag(html, "</style>\n</head>\n<body>\n<main>\n");
}

/* Write the verdict, coloured by its severity. */
static void put_verdict(struct html *html,
                        const struct domctx_checked *checked)
{
    enum domctx_severity worst = domctx_report_worst(checked->report);
    char room[DOMCTX_CHECKED_ROOM], release[DOMCTX_RELEASE_ROOM];
    char savers[DOMCTX_RELEASES_ROOM];

    html_tag_f(html, "<p class=\"verdict %s\">",
               worst >= DOMCTX_ERROR     ? "bad"
               : worst == DOMCTX_WARNING ? "warning" : "good");
    if (checked->savers)
        html_put_f(html, "Xen %s: ",
                   domctx_releases_text(checked->savers, savers));
    else if (checked->target)
        html_put_f(html, "Xen %s: ",
                   domctx_release_text(checked->target, release));
    html_put(html, domctx_checked_text(checked, room));
    html_tag(html, "</p>\n");
}

static void put_kind(struct html *html)
{
    const struct domctx_source_info *guest = html->options->guest;
    const domctx_image *image = html->context->image;

    html_row(html, "What it is",
             guest ? guest->words
             : !image ? "legacy HVM blob"
             : domctx_image_form(image) == DOMCTX_FORM_WRAPPED
                 ? "domain context image, wrapped" : "domain context image");
    if (!guest)
        return;
    html_row(html, "Domain", guest->name);
    html_row(html, "uuid", guest->uuid);
}

static void put_facts(struct html *html)
{
    const domctx_context *context = html->context;
    struct html_vcpus vcpus;
    char text[64];

    html_vcpus(html, &vcpus);
    html_tag(html, "<div class=\"wide\"><table class=\"facts\"><tbody>\n");
    put_kind(html);
    if (context->has_version) {
        snprintf(text, sizeof(text), "Xen %" PRIu32 ".%" PRIu32,
                 context->xen_major, context->xen_minor);
        html_row(html, "Read as saved by", text);
    }
    snprintf(text, sizeof(text), "%zu", vcpus.all);
    html_row(html, "vCPUs that are up", text);
    snprintf(text, sizeof(text), "%zu", context->count);
    html_row(html, "Records", text);
    html_tag(html, "</tbody></table></div>\n");
}

static int put_summary(struct html *html, domctx_report *report)
{
    const struct domctx_text_options options = { .summary = true };
    int result;

    html_tag(html, "<section id=\"summary\"><h2>In words</h2>\n<pre>");
    result = domctx_text(html->context, &options, html_sink, html, report);
    html_tag(html, "</pre></section>\n");
    return result;
}

int domctx_html(const domctx_context *context,
                const struct domctx_html_options *options, domctx_sink *sink,
                void *arg, domctx_report *report)
{
    static const struct domctx_html_options plain;
    struct html html = { .context = context, .options = options };
    int said, written;

    if (!options)
        html.options = options = &plain;
    out_begin(&html.out, sink, arg);
    put_head(&html);
    html_tag(&html, "<header><h1>");
    html_put(&html, name_of(&html));
    html_tag(&html, "</h1>\n");
    if (options->checked)
        put_verdict(&html, options->checked);
    put_facts(&html);
    html_tag(&html, "</header>\n");
    html_map(&html);
    html_findings(&html);
    html_beside(&html);
    html_memory(&html);
    html_interrupts(&html);
    said = put_summary(&html, report);
    html_tag(&html, "</main>\n</body>\n</html>\n");
    written = out_end(&html.out, report);
    return said < 0 ? said : written;
}
