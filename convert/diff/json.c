/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences as a JSON document; xl-context(1) describes it. */
#include "diff/diff.h"
#include "base/json.h"
#include "catalogue/value.h"

#include <inttypes.h>
#include <stdio.h>

#define SCHEMA "xl-context-diff-2"

static const char *const side_key[2] = { "a", "b" };
static const char *const kind_word[] = {
    [DIFF_VALUE] = "value",   [DIFF_PLACE] = "other-field",
    [DIFF_FIELD] = "field",   [DIFF_BYTES] = "bytes",
    [DIFF_LENGTH] = "length", [DIFF_RECORD] = "record",
    [DIFF_TEXT] = "provenance", [DIFF_CONFIG] = "config",
};

static void put_pair(struct json_writer *json, const char *key,
                     const char *text)
{
    json_put_key(json, key);
    if (text)
        json_put_string(json, text);
    else
        json_put_mark(json, JSON_NULL);
}

void diff_json_begin(struct diff *diff)
{
    struct json_writer *json = &diff->json;
    char xen[24];

    json_begin_out(json, &diff->out);
    json_open(json, NULL, JSON_OBJECT);
    put_pair(json, "schema", SCHEMA);
    for (int k = 0; k < 2; k++) {
        const domctx_context *context = diff->context[k];

        json_open(json, side_key[k], JSON_OBJECT);
        put_pair(json, "name", diff->options->name[k]);
        put_pair(json, "format", context->image ? "image" : "hvm");
        snprintf(xen, sizeof(xen), "%" PRIu32 ".%" PRIu32,
                 context->xen_major, context->xen_minor);
        put_pair(json, "xen", context->has_version ? xen : NULL);
        json_put_key(json, "inferred");
        json_put_mark(json, diff->options->inferred[k] ? JSON_TRUE
                                                       : JSON_FALSE);
        json_put_mark(json, JSON_OBJECT_END);
    }
    if (diff->options->summary)
        return;
    json_open(json, "differences", JSON_ARRAY);
}

/* --- one difference ----------------------------------------------------- */

static void put_side(struct json_writer *json,
                     const struct difference *difference, int k)
{
    const struct diff_side *side = &difference->side[k];
    char text[VALUE_ROOM], label[DIFF_LABEL_ROOM];
    char entry[DIFF_ENTRY_ROOM];

    json_put_key(json, side_key[k]);
    if (!side->has) {
        json_put_mark(json, JSON_NULL);
        return;
    }
    json_put_mark(json, JSON_OBJECT);
    if (difference->entry) {
        if (side->number)
            json_pair(json, "value", side->number);
        else
            json_pair_hex(json, "value", side->value);
        put_pair(json, "text", diff_entry_text(side, entry));
    } else if (side->field) {
        if (difference->kind == DIFF_PLACE)
            put_pair(json, "field", diff_label(difference, k, label));
        json_pair_hex(json, "value", side->value);
        value_text(side->field, side->index == DIFF_ALL ? 0 : side->index,
                   side->value, text, sizeof(text));
        put_pair(json, "text", text);
    } else if (side->bytes) {
        json_put_key(json, "hex");
        json_put_bytes(json, side->bytes, difference->size);
    } else if (side->text) {
        put_pair(json, "text", side->text);
    } else {
        json_pair_u64(json, "length", side->record->length);
    }
    json_put_mark(json, JSON_OBJECT_END);
}

/* Write the place in the record. */
static void put_place(struct json_writer *json,
                      const struct difference *difference)
{
    const struct diff_side *side = difference->side;
    const struct diff_side *which = side[0].has ? &side[0] : &side[1];
    char label[DIFF_LABEL_ROOM];

    if (difference->kind == DIFF_BYTES) {
        json_pair_u64(json, "offset", difference->offset);
        json_pair_u64(json, "size", difference->size);
        if (difference->part)
            put_pair(json, "part", difference->part);
    } else if (difference->kind == DIFF_TEXT ||
               difference->kind == DIFF_CONFIG) {
        put_pair(json, "member", difference->member);
    } else if (difference->entry || which->field) {
        put_pair(json, "field",
                 diff_label(difference, which == side ? 0 : 1, label));
        if (which->elements > 1)
            json_pair_u64(json, "elements", which->elements);
    }
}

void diff_json_put(struct diff *diff, const struct difference *difference)
{
    const struct context_record *record = diff_record(difference);
    struct json_writer *json = &diff->json;
    char name[CONTEXT_NAME_ROOM];

    json_open(json, NULL, JSON_OBJECT);
    put_pair(json, "record", context_name(record, name));
    json_pair_u64(json, "instance", record->instance);
    if (diff->nth)
        json_pair_u64(json, "number", diff->nth + 1);
    put_pair(json, "kind", kind_word[difference->kind]);
    json_put_key(json, "note");
    json_put_mark(json, difference->note ? JSON_TRUE : JSON_FALSE);
    put_place(json, difference);
    put_side(json, difference, 0);
    put_side(json, difference, 1);
    if (difference->kind == DIFF_FIELD && diff_says_assumed(difference))
        json_pair_hex(json, "assumed", difference->assumed);
    json_put_mark(json, JSON_OBJECT_END);
}

/* --- the summary -------------------------------------------------------- */

static void put_row(struct json_writer *json, const struct diff_row *row)
{
    char name[CONTEXT_NAME_ROOM];

    json_open(json, NULL, JSON_OBJECT);
    put_pair(json, "record", context_name(row->example, name));
    json_pair_u64(json, "same", row->same);
    json_pair_u64(json, "differ", row->differ);
    json_pair_u64(json, "only_a", row->only[0]);
    json_pair_u64(json, "only_b", row->only[1]);
    json_pair_u64(json, "differences", row->differences);
    json_put_mark(json, JSON_OBJECT_END);
}

void diff_json_end(struct diff *diff)
{
    struct json_writer *json = &diff->json;

    if (!diff->options->summary)
        json_put_mark(json, JSON_ARRAY_END);
    json_open(json, "summary", JSON_ARRAY);
    for (size_t i = 0; i < diff->n_rows; i++)
        if (!diff->options->only || diff->rows[i].differences)
            put_row(json, &diff->rows[i]);
    json_put_mark(json, JSON_ARRAY_END);
    json_pair_u64(json, "count", diff->counted);
    json_pair_u64(json, "ignored", diff->ignored);
    json_put_mark(json, JSON_OBJECT_END);
    out_text(&diff->out, "\n");
}
