/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which Xen saved this context?  The set of all point releases is reduced by
 * one piece of evidence after the other.
 */
#include "verdict/infer.h"
#include "rules/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct domctx_inference {
    struct domctx_releases all, set;   /* before any evidence; and now */
    size_t count;
    bool contradicts;
    char text[160];
    struct domctx_evidence evidence[];
};

static void tell(const domctx_inference *inference,
                 const struct domctx_evidence *evidence,
                 const struct context_record *where, domctx_report *report)
{
    struct msg_at at = { 0 };
    char fits[64];

    if (where)
        at = context_at(where);
    set_text(&inference->set, fits, sizeof(fits));
    at.expected = (struct msg_value)TEXT(fits);
    at.found = (struct msg_value)TEXT(evidence->releases);
    msg_raise(report, MSG_INFER_CONTRADICTION, &at,
              "%s, which no release saves that fits the rest",
              evidence->seen);
}

/* Add a piece of evidence, unless it fits every release. */
static void add(domctx_inference *inference, struct domctx_evidence *found,
                const struct domctx_releases *set, bool hint,
                const struct context_record *where, domctx_report *report)
{
    struct domctx_releases both;

    if (set_same(set, &inference->all))
        return;
    set_text(set, found->releases, sizeof(found->releases));
    if (where)
        snprintf(found->record, sizeof(found->record), "%s/%" PRIu32,
                 where->known->name, where->instance);
    both = set_and(&inference->set, set);
    found->followed = !set_empty(&both);
    if (found->followed) {
        inference->set = both;
    } else if (!hint) {
        inference->contradicts = true;
        tell(inference, found, where, report);
    }
    inference->evidence[inference->count++] = *found;
}

static void add_bounds(domctx_inference *inference,
                       const struct domctx_release *oldest,
                       const struct domctx_release *newest,
                       domctx_report *report)
{
    struct release first = SERIES(0, 0), last = { CAT_EVER, RELEASE_ANY };
    struct domctx_evidence found = { .id = "bounds" };
    struct domctx_releases set;

    if (oldest)
        first = release_of(oldest);
    if (newest)
        last = release_of(newest);
    set = set_from_to(first, last);
    snprintf(found.seen, sizeof(found.seen), "what is known from outside");
    add(inference, &found, &set, false, NULL, report);
}

/* The releases that save this layout.  The compat layout of CPU is only
 * loaded, never saved. */
static struct domctx_releases savers(const struct cat_layout *layout)
{
    cat_version from =
        layout->backported ? layout->backported : layout->from;

    if (layout->fields == CAT_CPU_COMPAT)
        return (struct domctx_releases){ 0 };
    return set_from_to((struct release){ from, 0 },
                       (struct release){ layout->to, RELEASE_ANY });
}

/* Add the length of each record as evidence; a length that records of one type
 * share counts once. */
static void add_length(domctx_inference *inference,
                       const struct context_record *record,
                       domctx_report *report)
{
    struct domctx_evidence found = { .id = "length", .certain = true };
    struct domctx_releases set = { 0 };

    for (size_t i = 0; i < record->known->n_layouts; i++) {
        const struct cat_layout *layout = &record->known->layouts[i];
        struct domctx_releases these = savers(layout);

        if (cat_layout_has(layout, record->length))
            set_or(&set, &these);
    }
    /* no layout has the length: the parse has reported it */
    if (set_empty(&set))
        return;
    snprintf(found.seen, sizeof(found.seen), "has %" PRIu64 " bytes",
             record->length);
    add(inference, &found, &set, false, record, report);
}

/* The layouts with that length, one bit each. */
static uint32_t layouts_of(const struct context_record *record)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < record->known->n_layouts; i++)
        if (cat_layout_has(&record->known->layouts[i], record->length))
            bits |= UINT32_C(1) << i;
    return bits;
}

static void add_lengths(domctx_inference *inference,
                        const domctx_context *context, domctx_report *report)
{
    const struct cat_record *known;

    for (size_t n = 0; (known = cat_record_at(n)); n++) {
        uint32_t seen = 0;

        for (size_t i = 0; i < context->count; i++) {
            const struct context_record *record = &context->records[i];
            uint32_t bits;

            if (record->known != known)
                continue;
            bits = layouts_of(record);
            if (bits & ~seen)
                add_length(inference, record, report);
            seen |= bits;
        }
    }
}

static void add_table(domctx_inference *inference,
                      const domctx_context *context, domctx_report *report)
{
    struct infer_input input;

    infer_input_of(context, &input);
    for (size_t i = 0; i < evidence_count; i++) {
        const struct evidence *row = &evidence_table[i];
        const struct context_record *where = NULL;
        struct domctx_evidence found = { .id = row->id,
                                         .certain = row->certain };
        struct domctx_releases set;

        if (!row->seen(&input, row->arg, &where))
            continue;
        set = set_between(&row->from, &row->until);
        snprintf(found.seen, sizeof(found.seen), "%s", row->what);
        add(inference, &found, &set, row->hint, where, report);
    }
}

/* Values that a release's loader refuses because no guest can have them there:
 * so that release did not save them. */
static const enum msg_id own_values[] = { MSG_LOAD_CR4, MSG_LOAD_EFER,
                                          MSG_LOAD_XSAVE_COMPONENT,
                                          MSG_LOAD_XSAVE_FEATURES,
                                          MSG_LOAD_MSR_UNKNOWN };
#define N_OWN_VALUES (sizeof(own_values) / sizeof(own_values[0]))

/* The first record with a value that meets the rule, or NULL. */
static const struct context_record *
record_that_meets(const struct rule *rule, const domctx_context *context)
{
    const struct cat_layout *layout = NULL; /* the layout that field belongs
                                             * to */
    const struct cat_field *field = NULL;

    for (size_t i = 0; i < context->count; i++) {
        const struct context_record *record = &context->records[i];
        struct rule_subject subject = { .context = context,
                                        .record = record };

        if (record->type != DOMCTX_HVM_RECORD(rule->typecode) ||
            !record->layout)
            continue;
        if (record->layout != layout) {
            layout = record->layout;
            field = rule_field(record->known, layout, rule->field);
        }
        if (rule_find_in(rule, field, &subject))
            return record;
    }
    return NULL;
}

static void add_own_value(domctx_inference *inference,
                          const domctx_context *context, enum msg_id id,
                          domctx_report *report)
{
    struct domctx_evidence found = {
        .id = domctx_message_at((size_t)id)->id, .certain = true,
    };
    struct domctx_releases savers = inference->all, none = { 0 };
    const struct context_record *where = NULL;

    for (size_t i = 0; i < n_rules_load; i++) {
        const struct rule *rule = &rules_load[i];
        const struct context_record *record =
            rule->id == id ? record_that_meets(rule, context) : NULL;
        struct domctx_releases refuses;

        if (!record)
            continue;
        where = record;
        refuses = set_between(&rule->since, &rule->until);
        savers = set_without(&savers, &refuses);
        snprintf(found.seen, sizeof(found.seen), "%s: %s", rule->field,
                 rule->reason);
    }
    /* a value that no release saves is no evidence; check reports it */
    if (where && !set_same(&savers, &none))
        add(inference, &found, &savers, false, where, report);
}

/* The most pieces of evidence: the bounds, each layout once, values, and the
 * table. */
static size_t most(void)
{
    size_t n = 1 + N_OWN_VALUES + evidence_count;

    for (size_t i = 0; i < cat_table_size; i++)
        n += cat_table[i].n_layouts;
    return n;
}

int domctx_infer(const domctx_context *context,
                 const struct domctx_release *oldest,
                 const struct domctx_release *newest,
                 domctx_inference **inference, domctx_report *report)
{
    size_t size = sizeof(**inference) +
                  most() * sizeof(struct domctx_evidence);

    *inference = malloc(size);
    if (!*inference)
        return msg_no_memory(report, size);
    **inference = (domctx_inference){ .all = set_all(), .set = set_all() };
    add_bounds(*inference, oldest, newest, report);
    add_lengths(*inference, context, report);
    for (size_t i = 0; i < N_OWN_VALUES; i++)
        add_own_value(*inference, context, own_values[i], report);
    add_table(*inference, context, report);
    set_text(&(*inference)->set, (*inference)->text,
             sizeof((*inference)->text));
    return 0;
}

void domctx_inference_free(domctx_inference *inference)
{
    free(inference);
}

void domctx_inference_releases(const domctx_inference *inference,
                               struct domctx_releases *releases)
{
    *releases = inference->set;
}

bool domctx_inference_range(const domctx_inference *inference, size_t i,
                            struct domctx_release_range *range)
{
    return set_range(&inference->set, i, range);
}

const char *domctx_inference_text(const domctx_inference *inference)
{
    return inference->text;
}

bool domctx_inference_contradicts(const domctx_inference *inference)
{
    return inference->contradicts;
}

const struct domctx_evidence *
domctx_inference_evidence(const domctx_inference *inference, size_t i)
{
    return i < inference->count ? &inference->evidence[i] : NULL;
}
