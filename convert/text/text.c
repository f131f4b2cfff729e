/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context as text: the selection of records and fields, and how each is
 * shown. */
#include "base/digits.h"
#include "text/text.h"
#include "context/select.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct text_view *const views[] = {
    &text_view_cpu,     &text_view_ioapic,      &text_view_pci_irq,
    &text_view_rtc,     &text_view_mtrr,        &text_view_xsave,
    &text_view_msr,     &text_view_shared_info, &text_view_provenance,
    &text_view_evtchn,  &text_view_grants,      &text_view_params,
    &text_view_cpuid,   &text_view_msrs,
};

static const struct text_view *view_of(uint32_t type)
{
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
        if (views[i]->type == type)
            return views[i];
    return NULL;
}

/* Write the record's title, "CPU/0". */
static void put_title(struct text *text, const struct context_record *record,
                      bool heading)
{
    char buf[CONTEXT_NAME_ROOM], title[CONTEXT_NAME_ROOM + 24], *p = title;
    const char *name = context_name(record, buf);
    size_t n = strnlen(name, CONTEXT_NAME_ROOM);

    memcpy(p, name, n);
    p += n;
    *p++ = '/';
    *digits_decimal(p, record->instance) = '\0';
    if (heading)
        text_styled(text, TEXT_HEADING, title);
    else
        out_text(&text->out, title);
}

/* -- a record ---------------------------------------------------------- */

/* Say that a record is read in a layout of another length. */
static void mark_length(struct text *text)
{
    const domctx_context *context = text->context;

    if (!context->has_version)
        text_mark(text, "no release has this record with that length: shown "
                  "as far as it goes");
    else
        text_mark(text, "Xen %" PRIu32 ".%" PRIu32 " has no such record "
                  "with that length: shown as far as it goes",
                  context->xen_major, context->xen_minor);
}

static void put_record(struct text *text,
                       const struct context_record *record)
{
    const struct text_plan *plan;

    out_put(&text->out, "\n", 1);
    put_title(text, record, true);
    out_put(&text->out, "  ", 2);
    out_dec(&text->out, record->length);
    out_text(&text->out, " bytes at ");
    out_hex(&text->out, record->offset, 1);
    if (record->length == 0 && record->layout && record->known->n_fields > 0)
        out_text(&text->out, ", empty");
    out_put(&text->out, "\n", 1);
    if (!record->known) {
        text_mark(text, "not known here");
        text_dump(text, 0, record->body, record->length);
        return;
    }
    if (!record->layout)
        mark_length(text);
    plan = text_plan(text, record, view_of(record->type));
    if (plan)
        text_fields(text, record, plan);
}

/* -- one field --------------------------------------------------------- */

/* Write "CPU/0 cr0 0x80050033 PE MP ET NE WP AM PG". */
static void put_element(struct text *text,
                        const struct context_record *record,
                        const struct cat_field *field, size_t i)
{
    char name[CAT_LABEL_ROOM], value[VALUE_ROOM];
    uint64_t number;

    if (!text_get(record, field, i, &number))
        return;
    put_title(text, record, false);
    cat_label(field, i, 1, name);
    out_put(&text->out, " ", 1);
    out_text(&text->out, name);
    out_put(&text->out, " ", 1);
    out_put(&text->out, value,
            value_text(field, i, number, value, sizeof(value)));
    out_put(&text->out, "\n", 1);
}

/* The first selected row of a layout, kept because records of one layout
 * follow each other. */
struct chosen {
    const struct select *select;
    const struct cat_record *known;
    const struct cat_layout *layout;
    size_t first;
};

static bool is_chosen(const struct chosen *chosen, size_t i, size_t *element)
{
    const struct cat_field *field = &chosen->known->fields[i];

    return cat_field_in(field, chosen->layout) &&
           select_field(chosen->select, field, element);
}

static void choose(struct text *text, struct chosen *chosen,
                   const struct context_record *record)
{
    const struct cat_layout *layout =
        context_nearest_layout(text->context, record);
    size_t element;

    if (chosen->known == record->known && chosen->layout == layout)
        return;
    chosen->known = record->known;
    chosen->layout = layout;
    chosen->first = 0;
    while (chosen->first < record->known->n_fields &&
           !is_chosen(chosen, chosen->first, &element))
        chosen->first++;
}

/* Write "CPU_XSAVE/0 ymm3 0x...". */
static void put_register(struct text *text, const struct select *select,
                         const struct context_record *record)
{
    uint8_t value[CAT_REGISTER_ROOM];
    char number[REGISTER_TEXT_ROOM];
    struct cpu_register found;

    if (!select_register(select, text->context, record, &found))
        return;
    register_get(record, &found, value);
    put_title(text, record, false);
    out_put(&text->out, " ", 1);
    out_text(&text->out, found.name);
    out_put(&text->out, " ", 1);
    out_text(&text->out, register_text(value, found.size, number));
    out_put(&text->out, "\n", 1);
}

static void put_chosen(struct text *text, struct chosen *chosen,
                       const struct context_record *record)
{
    struct entry entry;

    if (!record->known)
        return;
    if (chosen->select->is_register) {
        put_register(text, chosen->select, record);
        return;
    }
    if (chosen->select->is_entry) {
        if (select_entry(chosen->select, text->context, record, &entry))
            put_element(text, record, entry.field, entry.element);
        return;
    }
    choose(text, chosen, record);
    for (size_t i = chosen->first; i < record->known->n_fields; i++) {
        const struct cat_field *field = &record->known->fields[i];
        size_t element, count = context_count(record, field);

        if (!is_chosen(chosen, i, &element))
            continue;
        if (element != SIZE_MAX)
            put_element(text, record, field, element);
        else
            for (size_t k = 0; k < count; k++)
                put_element(text, record, field, k);
    }
}

/* -- all --------------------------------------------------------------- */

static void put_all(struct text *text, const struct select *select)
{
    const domctx_context *context = text->context;
    struct chosen chosen = { .select = select };

    if (!select->record && !select->has_instance && !select->field)
        text_head(text);
    for (size_t i = 0; i < context->count && !text->out.failed; i++) {
        const struct context_record *record = &context->records[i];

        if (!select_record(select, record))
            continue;
        if (select->field)
            put_chosen(text, &chosen, record);
        else
            put_record(text, record);
    }
}

int domctx_text(const domctx_context *context,
                const struct domctx_text_options *options, domctx_sink *sink,
                void *arg, domctx_report *report)
{
    static const struct domctx_text_options all;
    struct text text = { .context = context, .report = report };
    struct select select;
    int result;

    if (!options)
        options = &all;
    text.colour = options->colour;
    text.each = options->each || !options->summary;
    select = select_of(options);
    if (!options->list && !options->summary &&
        select_check(context, &select, report) < 0)
        return -1;
    out_begin(&text.out, sink, arg);
    text_widen(&text, 0);
    if (options->list)
        text_list(&text);
    else if (options->summary)
        text_summary(&text);
    else
        put_all(&text, &select);
    result = out_end(&text.out, report);
    text_plans_free(&text);
    if (text.no_memory)
        return msg_no_memory(report, 0);
    return text.failed ? -1 : result;
}
