/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Maps, to scale, of the save file and of the context. */
#include "html/html.h"

#include <inttypes.h>
#include <stdio.h>

/* A part of a file; empty parts are left out. */
struct part {
    const char *colour, *what;
    uint64_t from, to;
};

static void put_bar(struct html *html, const struct part *parts, size_t n)
{
    char title[160], room[HTML_SIZE_ROOM];

    html_tag(html, "<div class=\"bar\" role=\"img\" "
             "aria-label=\"a map of the file, to scale\">");
    for (size_t i = 0; i < n; i++) {
        if (parts[i].to <= parts[i].from)
            continue;
        snprintf(title, sizeof(title), "%s: %s", parts[i].what,
                 html_size(room, parts[i].to - parts[i].from));
        html_part(html, parts[i].colour, parts[i].to - parts[i].from, title);
    }
    html_tag(html, "</div>\n");
}

static void put_row(struct html *html, const struct part *part,
                    uint64_t whole)
{
    char room[HTML_SIZE_ROOM];

    html_tag_f(html, "<tr><th scope=\"row\"><span class=\"key %s\"></span>",
               part->colour);
    html_put(html, part->what);
    html_tag_f(html, "</th><td>0x%" PRIx64 "</td><td>", part->from);
    html_put(html, html_size(room, part->to - part->from));
    html_tag_f(html, "</td><td>%.2f %%</td></tr>\n",
               whole ? 100.0 * (double)(part->to - part->from) /
                           (double)whole : 0.0);
}

static void put_table(struct html *html, const struct part *parts, size_t n,
                      uint64_t whole)
{
    html_tag(html, "<div class=\"wide\"><table class=\"n\"><thead><tr>"
             "<th>part</th><th>from</th><th>size</th><th>share</th></tr>"
             "</thead><tbody>\n");
    for (size_t i = 0; i < n; i++)
        if (parts[i].to > parts[i].from)
            put_row(html, &parts[i], whole);
    html_tag(html, "</tbody></table></div>\n");
}

/* The last layer has the memory and then the context.  What the toolstack
 * keeps of the device model follows, or lies between the two. */
static void put_file(struct html *html, const struct domctx_source_info *info)
{
    const struct domctx_layer *last =
        info->n_layers ? &info->layer[info->n_layers - 1] : NULL;
    const struct domctx_place *place =
        info->n_places ? &info->place[info->last] : NULL;
    uint64_t memory = last ? last->offset : 0;
    uint64_t context = place ? place->offset : info->size;
    uint64_t behind = place ? place->offset + place->length : info->size;
    bool cut = behind > info->size;
    const struct part parts[] = {
        { "ce", "headers and configuration", 0, memory },
        { "ca", "memory of the guest", memory, context },
        { "cb", cut ? "context, of which the end is missing" : "context",
          context, cut ? info->size : behind },
        { "cc", "behind it: parameters, emulator, ends", behind,
          info->size },
        { "cf", "after the save file", info->size,
          info->size + info->trailing },
    };
    const size_t n = sizeof(parts) / sizeof(parts[0]);
    char room[HTML_SIZE_ROOM];

    html_tag(html, "<section id=\"map\"><h2>Map of the save file</h2>\n<p>");
    html_put(html, info->words);
    html_put_f(html, ", %s", html_size(room, info->size + info->trailing));
    if (info->n_contexts > 1)
        html_put_f(html, ", %" PRIu64 " contexts, of which a restore loads "
                   "the last", info->n_contexts);
    html_tag(html, "</p>\n");
    put_bar(html, parts, n);
    put_table(html, parts, n, info->size + info->trailing);
    html_tag(html, "</section>\n");
}

/* -- the context ------------------------------------------------------ */

static const char *const colours[] = { "ca", "cb", "cc", "cd", "ce", "cf" };

/* Count the records of one kind in a row: they make one part. */
static size_t run_of(const domctx_context *context, size_t i)
{
    size_t n = 1;

    while (i + n < context->count &&
           context->records[i + n].type == context->records[i].type)
        n++;
    return n;
}

static uint64_t length_of(const domctx_context *context, size_t i, size_t n)
{
    uint64_t length = 0;

    for (size_t k = i; k < i + n; k++)
        length += context->records[k].length;
    return length;
}

static void put_records(struct html *html)
{
    const domctx_context *context = html->context;
    char name[CONTEXT_NAME_ROOM], title[96], room[HTML_SIZE_ROOM];
    size_t k = 0;

    html_tag(html, "<div class=\"bar\" role=\"img\" "
             "aria-label=\"a map of the context, to scale\">");
    for (size_t i = 0, n; i < context->count; i += n) {
        uint64_t length;

        n = run_of(context, i);
        length = length_of(context, i, n);
        snprintf(title, sizeof(title), "%zu %s: %s", n,
                 context_name(&context->records[i], name),
                 html_size(room, length));
        if (length > 0)
            html_part(html, colours[k++ % 6], length, title);
    }
    html_tag(html, "</div>\n");
}

static void put_record_table(struct html *html)
{
    const domctx_context *context = html->context;
    char name[CONTEXT_NAME_ROOM], room[HTML_SIZE_ROOM];
    size_t k = 0;

    html_tag(html, "<details><summary>Its records</summary>"
             "<div class=\"wide\"><table class=\"n\"><thead><tr>"
             "<th>record</th><th>instances</th><th>bytes</th></tr></thead>"
             "<tbody>\n");
    for (size_t i = 0, n; i < context->count; i += n) {
        uint64_t length;

        n = run_of(context, i);
        length = length_of(context, i, n);
        html_tag_f(html, "<tr><th scope=\"row\"><span class=\"key %s\">"
                   "</span>", length > 0 ? colours[k++ % 6] : "");
        html_put(html, context_name(&context->records[i], name));
        html_tag_f(html, "</th><td>%zu</td><td>", n);
        html_put(html, html_size(room, length));
        html_tag(html, "</td></tr>\n");
    }
    html_tag(html, "</tbody></table></div></details>\n");
}

void html_map(struct html *html)
{
    if (html->options->guest)
        put_file(html, html->options->guest);
    html_tag(html, "<section id=\"records\"><h2>Map of the context</h2>\n");
    put_records(html);
    put_record_table(html);
    html_tag(html, "</section>\n");
}
