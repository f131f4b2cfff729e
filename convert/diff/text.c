/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences as lines, for people and grep. */
#include "diff/diff.h"
#include "catalogue/value.h"

#include <inttypes.h>
#include <string.h>

/* The most bytes shown of a run; the rest is counted. */
#define BYTES_SHOWN 16

static void put_input(struct diff *diff, int side)
{
    const domctx_context *context = diff->context[side];
    const char *name = diff->options->name[side];

    out_f(&diff->out, "%c: ", 'A' + side);
    if (name) {
        out_clean(&diff->out, name, strlen(name));
        out_text(&diff->out, ", ");
    }
    if (diff->options->kind[side])
        out_text(&diff->out, diff->options->kind[side]);
    else
        out_text(&diff->out, context->image ? "domain context image"
                                            : "legacy HVM blob");
    if (context->has_version)
        out_f(&diff->out, ", Xen %" PRIu32 ".%" PRIu32 "%s\n",
              context->xen_major, context->xen_minor,
              diff->options->inferred[side] ? " by its content" : "");
    else
        out_text(&diff->out, ", Xen version not said\n");
}

void diff_text_begin(struct diff *diff)
{
    put_input(diff, 0);
    put_input(diff, 1);
    out_text(&diff->out, "\n");
}

/* --- one difference ----------------------------------------------------- */

static void put_record(struct diff *diff,
                       const struct context_record *record)
{
    char name[CONTEXT_NAME_ROOM];

    out_f(&diff->out, "%s/%" PRIu32, context_name(record, name),
          record->instance);
    if (diff->nth)
        out_f(&diff->out, " (number %zu of it)", diff->nth + 1);
}

static void put_label(struct diff *diff, const struct difference *difference,
                      int side)
{
    char label[DIFF_LABEL_ROOM];

    out_text(&diff->out, diff_label(difference, side, label));
}

static void put_value(struct diff *diff, const struct diff_side *side,
                      uint64_t value)
{
    char text[VALUE_ROOM];
    size_t index = side->index == DIFF_ALL ? 0 : side->index;

    if (!side->field || side->number) {
        char entry[DIFF_ENTRY_ROOM];

        out_text(&diff->out, diff_entry_text(side, entry));
        return;
    }
    out_put(&diff->out, text, value_text(side->field, index, value, text,
                                         sizeof(text)));
}

static void put_bytes(struct diff *diff, const uint8_t *bytes, uint64_t size)
{
    uint64_t shown = size > BYTES_SHOWN ? BYTES_SHOWN : size;

    for (uint64_t i = 0; i < shown; i++)
        out_f(&diff->out, "%02x", bytes[i]);
    if (shown < size)
        out_text(&diff->out, "...");
}

static void put_pair(struct diff *diff, const struct difference *difference)
{
    const struct diff_side *a = &difference->side[0];
    const struct diff_side *b = &difference->side[1];
    bool other = difference->kind == DIFF_PLACE;

    out_text(&diff->out, " ");
    put_label(diff, difference, 0);
    out_text(&diff->out, other ? " " : ": ");
    put_value(diff, a, a->value);
    out_text(&diff->out, " -> ");
    if (other) {
        put_label(diff, difference, 1);
        out_text(&diff->out, " ");
    }
    put_value(diff, b, b->value);
    if (other)
        out_text(&diff->out, " in its place");
}

static void put_only(struct diff *diff, const struct difference *difference)
{
    int which = difference->side[0].has ? 0 : 1;
    const struct diff_side *side = &difference->side[which];

    out_text(&diff->out, " ");
    put_label(diff, difference, which);
    out_f(&diff->out, ": only in %c: ", 'A' + which);
    put_value(diff, side, side->value);
    if (side->index == DIFF_ALL)
        out_f(&diff->out, " in all %zu", side->elements);
    else if (side->elements > 1)
        out_f(&diff->out, " in each");
    if (!diff_says_assumed(difference))
        return;
    out_text(&diff->out, "; without it loads as ");
    if (difference->note)
        out_text(&diff->out, "the same");
    else
        put_value(diff, side, difference->assumed);
}

static void put_byte_run(struct diff *diff,
                         const struct difference *difference)
{
    const struct diff_side *a = &difference->side[0];
    const struct diff_side *b = &difference->side[1];

    if (difference->size == 1)
        out_f(&diff->out, " byte %" PRIu64, difference->offset);
    else
        out_f(&diff->out, " bytes %" PRIu64 "-%" PRIu64, difference->offset,
              difference->offset + difference->size - 1);
    if (difference->part)
        out_f(&diff->out, " (%s)", difference->part);
    out_text(&diff->out, ": ");
    if (a->has != b->has)
        out_f(&diff->out, "only in %c: ", a->has ? 'A' : 'B');
    if (a->has)
        put_bytes(diff, a->bytes, difference->size);
    if (a->has && b->has)
        out_text(&diff->out, " -> ");
    if (b->has)
        put_bytes(diff, b->bytes, difference->size);
}

static void put_only_text(struct diff *diff, int which,
                          const struct difference *difference)
{
    const char *text = difference->side[which].text;

    out_f(&diff->out, "only in %c: '", 'A' + which);
    out_clean(&diff->out, text, strlen(text));
    out_text(&diff->out, "'");
}

static void put_text(struct diff *diff, const struct difference *difference)
{
    out_f(&diff->out, " %s: ", difference->member);
    if (!difference->side[0].has && !difference->side[1].has) {
        out_text(&diff->out, "not the same");
        return;
    }
    if (difference->side[0].has != difference->side[1].has) {
        put_only_text(diff, difference->side[0].has ? 0 : 1, difference);
        return;
    }
    for (int k = 0; k < 2; k++) {
        const char *text = difference->side[k].text;

        out_text(&diff->out, k ? "' -> '" : "'");
        out_clean(&diff->out, text, strlen(text));
    }
    out_text(&diff->out, "'");
}

void diff_text_put(struct diff *diff, const struct difference *difference)
{
    const struct context_record *a = difference->side[0].record;
    const struct context_record *b = difference->side[1].record;

    if (difference->note)
        out_text(&diff->out, "note: ");
    put_record(diff, diff_record(difference));
    switch (difference->kind) {
    case DIFF_VALUE:
    case DIFF_PLACE:
        put_pair(diff, difference);
        break;
    case DIFF_FIELD:
        put_only(diff, difference);
        break;
    case DIFF_BYTES:
        put_byte_run(diff, difference);
        break;
    case DIFF_LENGTH:
        out_f(&diff->out, ": length %" PRIu64 " -> %" PRIu64, a->length,
              b->length);
        break;
    case DIFF_TEXT:
    case DIFF_CONFIG:
        put_text(diff, difference);
        break;
    case DIFF_RECORD:
    default:
        out_f(&diff->out, ": only in %c, %" PRIu64 " bytes",
              a ? 'A' : 'B', diff_record(difference)->length);
    }
    out_text(&diff->out, "\n");
}

/* --- the summary -------------------------------------------------------- */

static void put_row(struct diff *diff, const struct diff_row *row)
{
    char name[CONTEXT_NAME_ROOM];

    out_f(&diff->out, "%-20s %7" PRIu64 " %7" PRIu64 " %7" PRIu64
          " %7" PRIu64 " %12" PRIu64 "\n",
          context_name(row->example, name), row->same, row->differ,
          row->only[0], row->only[1], row->differences);
}

/* Whether a row is printed; --summary prints all. */
static bool row_tells(const struct diff *diff, const struct diff_row *row)
{
    if (diff->options->only)
        return row->differences;
    return diff->options->summary || row->differences || row->only[0] ||
           row->only[1];
}

static void put_table(struct diff *diff)
{
    bool head = false;

    for (size_t i = 0; i < diff->n_rows; i++) {
        if (!row_tells(diff, &diff->rows[i]))
            continue;
        if (!head)
            out_f(&diff->out, "%-20s %7s %7s %7s %7s %12s\n", "record",
                  "same", "differ", "only A", "only B", "differences");
        head = true;
        put_row(diff, &diff->rows[i]);
    }
}

void diff_text_end(struct diff *diff)
{
    if (diff->options->lines)
        return;
    if (diff->said)
        out_text(&diff->out, "\n");
    put_table(diff);
    out_f(&diff->out, "%" PRIu64 " difference%s", diff->counted,
          diff->counted == 1 ? "" : "s");
    if (diff->ignored)
        out_f(&diff->out, ", %" PRIu64 " ignored", diff->ignored);
    out_text(&diff->out, "\n");
}
