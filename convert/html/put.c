/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "html/html.h"
#include "catalogue/codes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void html_tag(struct html *html, const char *markup)
{
    out_text(&html->out, markup);
}

/* An element that does not fit is left out whole: half of one would break the
 * markup. */
void html_tag_f(struct html *html, const char *format, ...)
{
    char room[512];
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(room, sizeof(room), format, args);
    va_end(args);
    if (size > 0 && (size_t)size < sizeof(room))
        out_put(&html->out, room, (size_t)size);
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
        return "\n";
    default:
        return NULL;
    }
}

/* The escaped characters are ASCII, so none is part of a longer UTF-8
 * sequence. */
int html_sink(void *arg, const char *text, size_t size)
{
    struct html *html = arg;
    size_t from = 0;

    for (size_t i = 0; i < size; i++) {
        const char *instead = entity(text[i]);

        if (!instead)
            continue;
        out_clean(&html->out, text + from, i - from);
        out_text(&html->out, instead);
        from = i + 1;
    }
    out_clean(&html->out, text + from, size - from);
    return 0;
}

void html_put(struct html *html, const char *text)
{
    html_sink(html, text, strlen(text));
}

void html_put_f(struct html *html, const char *format, ...)
{
    char room[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(room, sizeof(room), format, args);
    va_end(args);
    html_put(html, room);
}

void html_row(struct html *html, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    html_tag(html, "<tr><th scope=\"row\">");
    html_put(html, name);
    html_tag(html, "</th><td>");
    html_put(html, text);
    html_tag(html, "</td></tr>\n");
}

const char *html_size(char room[HTML_SIZE_ROOM], uint64_t size)
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB",
                                         "TiB", "PiB", "EiB" };
    double number = (double)size;
    size_t i = 0;

    for (; number >= 1024 && i + 1 < sizeof(units) / sizeof(units[0]); i++)
        number /= 1024;
    snprintf(room, HTML_SIZE_ROOM, "%.*f %s", i > 0 && number < 100, number,
             units[i]);
    return room;
}

void html_part(struct html *html, const char *colour, uint64_t length,
               const char *title)
{
    html_tag_f(html, "<i class=\"%s\" style=\"flex-grow:%" PRIu64
               "\" title=\"", colour, length);
    html_put(html, title);
    html_tag(html, "\"></i>");
}

/* -- values --------------------------------------------------------------- */

bool html_get(const struct context_record *record, const char *field,
              size_t i, uint64_t *value)
{
    const struct cat_field *found =
        record && record->layout
            ? cat_field(record->known, record->layout, field) : NULL;

    return found && i < context_count(record, found) &&
           context_get(record, found, i, value);
}

const struct context_record *html_record(const struct html *html,
                                         uint32_t code, uint32_t instance)
{
    return context_find(html->context, DOMCTX_HVM_RECORD(code), instance);
}

static bool has(const struct html_vcpus *vcpus, uint32_t vcpu)
{
    for (size_t i = 0; i < vcpus->n; i++)
        if (vcpus->vcpu[i] == vcpu)
            return true;
    return false;
}

/* Find the vCPUs that are up: those with a CPU record. */
void html_vcpus(const struct html *html, struct html_vcpus *vcpus)
{
    *vcpus = (struct html_vcpus){ .n = 0 };
    for (size_t i = 0; i < html->context->count; i++) {
        const struct context_record *record = &html->context->records[i];

        if (record->type != DOMCTX_HVM_RECORD(CODE_CPU) ||
            has(vcpus, record->instance))
            continue;
        vcpus->all++;
        if (vcpus->n < HTML_VCPUS)
            vcpus->vcpu[vcpus->n++] = record->instance;
    }
}
