/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vCPUs side by side: a row for each field, with differences marked. */
#include "html/html.h"
#include "catalogue/codes.h"
#include "catalogue/value.h"

#include <inttypes.h>
#include <string.h>

/* The records that describe a vCPU best; the first is shown open. */
static const struct {
    uint32_t code;
    const char *title;
} groups[] = {
    { CODE_CPU, "Registers" },
    { CODE_LAPIC, "Local APIC" },
    { CODE_LAPIC_REGS, "Registers of the local APIC" },
    { CODE_VIRIDIAN_VCPU, "Viridian" },
};

/* Whether the field gets a row: a single value, or a bitmap as a list.  FPU
 * registers and those of old layouts would make the table too long. */
static bool is_shown(const struct cat_field *field,
                     const struct cat_layout *layout)
{
    return cat_field_in(field, layout) &&
           !(field->flags & (CAT_PAD | CAT_VIEW)) &&
           strncmp(field->name, "fpu_regs.", 9) != 0 &&
           (field->count == 1 || field->print == CAT_BITMAP);
}

/* How many values a row has: all elements of a bitmap, else one. */
static size_t values_of(const struct context_record *record,
                        const struct cat_field *field, uint64_t *values,
                        size_t room)
{
    size_t n = 0;

    while (n < room && n < field->count &&
           context_get(record, field, n, &values[n]))
        n++;
    return n;
}

#define ELEMENTS 32

static bool same(const struct context_record *a,
                 const struct context_record *b,
                 const struct cat_field *field)
{
    uint64_t x[ELEMENTS], y[ELEMENTS];
    size_t n = values_of(a, field, x, ELEMENTS);

    return n == values_of(b, field, y, ELEMENTS) &&
           memcmp(x, y, n * sizeof(*x)) == 0;
}

static void put_value(struct html *html, const struct context_record *record,
                      const struct cat_field *field)
{
    char number[VALUE_ROOM], words[VALUE_ROOM];
    uint64_t values[ELEMENTS];
    size_t n = values_of(record, field, values, ELEMENTS);
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        if (field->print == CAT_BITMAP && values[i] == 0)
            continue;
        value_number(field, i, values[i], number, sizeof(number));
        if (any)
            html_tag(html, " ");
        html_put(html, number);
        any = true;
        if (value_words(field, values[i], words, sizeof(words)) > 0) {
            html_tag(html, "<span class=\"dim\">");
            html_put(html, words);
            html_tag(html, "</span>");
        }
    }
    if (!any)
        html_tag(html, "<span class=\"dim\">none</span>");
}

struct group {
    const struct context_record *record[HTML_VCPUS];
    const struct html_vcpus *vcpus;
    uint32_t code;
};

static void put_row(struct html *html, const struct group *group,
                    const struct cat_field *field)
{
    const struct context_record *first = NULL;

    html_tag(html, "<tr><th scope=\"row\">");
    html_put(html, field->name);
    html_tag(html, "</th>");
    for (size_t i = 0; i < group->vcpus->n; i++) {
        const struct context_record *record = group->record[i];
        uint64_t value;

        if (!record || !context_get(record, field, 0, &value)) {
            html_tag(html, "<td class=\"dim\">not there</td>");
            continue;
        }
        if (!first)
            first = record;
        html_tag(html, same(first, record, field)
                           ? "<td>" : "<td class=\"differs\">");
        put_value(html, record, field);
        html_tag(html, "</td>");
    }
    html_tag(html, "</tr>\n");
}

static void put_table(struct html *html, const struct group *group,
                      const struct context_record *model)
{
    html_tag(html, "<div class=\"wide\"><table class=\"n\"><thead><tr>"
             "<th>field</th>");
    for (size_t i = 0; i < group->vcpus->n; i++)
        html_tag_f(html, "<th>vCPU %" PRIu32 "</th>",
                   group->vcpus->vcpu[i]);
    html_tag(html, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < model->known->n_fields; i++)
        if (is_shown(&model->known->fields[i], model->layout))
            put_row(html, group, &model->known->fields[i]);
    html_tag(html, "</tbody></table></div>\n");
}

/* Records with another layout than the first one's are left out. */
static void put_group(struct html *html, size_t which,
                      const struct html_vcpus *vcpus)
{
    struct group group = { .vcpus = vcpus, .code = groups[which].code };
    const struct context_record *model = NULL;

    for (size_t i = 0; i < vcpus->n; i++) {
        const struct context_record *record =
            html_record(html, group.code, vcpus->vcpu[i]);

        if (record && record->layout && !model)
            model = record;
        if (record && model && record->layout == model->layout)
            group.record[i] = record;
    }
    if (!model)
        return;
    html_tag_f(html, "<details%s><summary>%s</summary>\n",
               which == 0 ? " open=\"open\"" : "", groups[which].title);
    put_table(html, &group, model);
    html_tag(html, "</details>\n");
}

void html_beside(struct html *html)
{
    struct html_vcpus vcpus;

    html_vcpus(html, &vcpus);
    if (vcpus.n == 0)
        return;
    html_tag(html, "<section id=\"vcpus\"><h2>vCPUs side by side</h2>\n");
    if (vcpus.n > 1)
        html_tag_f(html, "<p class=\"dim\">What differs from vCPU %" PRIu32
                   " is marked.</p>\n", vcpus.vcpu[0]);
    if (vcpus.all > vcpus.n)
        html_tag_f(html, "<p>The first %zu of %zu are shown.</p>\n",
                   vcpus.n, vcpus.all);
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        put_group(html, i, &vcpus);
    html_tag(html, "</section>\n");
}
