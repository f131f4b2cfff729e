/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing two contexts: pairing records, and counting differences. */
#include "diff/diff.h"
#include "catalogue/types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- counting ----------------------------------------------------------- */

void diff_put(struct diff *diff, const struct difference *difference)
{
    if (!diff_wanted(diff, difference))
        return;
    if (diff_ignored(diff, difference)) {
        diff->ignored++;
        return;
    }
    if (!difference->note) {
        diff->counted++;
        diff->differs = true;
        diff->rows[diff->n_rows - 1].differences++;
    }
    if (diff->options->summary)
        return;
    diff->said = true;
    if (diff->options->json)
        diff_json_put(diff, difference);
    else
        diff_text_put(diff, difference);
}

const char *diff_label(const struct difference *difference, int side,
                       char buf[DIFF_LABEL_ROOM])
{
    const struct cat_field *field = difference->side[side].field;
    size_t index = difference->side[side].index;
    const char *units;

    if (difference->entry)
        return difference->entry;
    units = strstr(field->name, "[]");
    if (index == DIFF_ALL)
        return field->name;
    if (difference->side[side].elements > 1)
        return cat_label(field, index, difference->side[side].elements, buf);
    if (!difference->has_key || !units || field->flags & CAT_KEY)
        return cat_label(field, index, 1, buf);
    snprintf(buf, DIFF_LABEL_ROOM, "%.*s[0x%" PRIx64 "]%s",
             (int)(units - field->name), field->name, difference->key,
             units + 2);
    return buf;
}

/* Types are compared in ascending order. */
struct diff_row *diff_row_for(struct diff *diff,
                              const struct context_record *record)
{
    struct diff_row *more;
    size_t room = diff->rows_room * 2 + 32;

    if (diff->n_rows &&
        diff->rows[diff->n_rows - 1].example->type == record->type)
        return &diff->rows[diff->n_rows - 1];
    if (diff->n_rows == diff->rows_room) {
        more = realloc(diff->rows, room * sizeof(*more));
        if (!more)
            return NULL;
        diff->rows = more;
        diff->rows_room = room;
    }
    diff->rows[diff->n_rows] = (struct diff_row){ .example = record };
    return &diff->rows[diff->n_rows++];
}

/* --- the trailer -------------------------------------------------------- */

#define MEMBER(name, m) { name, offsetof(struct domctx_provenance, m) }

static const struct {
    const char *name;
    size_t offset;
} members[] = {
    MEMBER("tool", tool),
    MEMBER("host", host),
    MEMBER("time", time),
    MEMBER("domain", domain_name),
    MEMBER("uuid", uuid),
    MEMBER("xen version", xen_version),
    MEMBER("xen changeset", xen_changeset),
    MEMBER("source", source),
};

static void put_member(struct diff *diff,
                       const struct context_record *const pair[2],
                       const char *name, const char *a, const char *b)
{
    struct difference difference = {
        .kind = DIFF_TEXT, .note = true, .member = name,
        .side = { { .record = pair[0], .has = a, .text = a },
                  { .record = pair[1], .has = b, .text = b } },
    };

    if (!a || !b || strcmp(a, b) != 0)
        diff_put(diff, &difference);
}

/* PROVENANCE describes the file, not the domain: differences are notes. */
static void compare_provenance(struct diff *diff,
                               const struct context_record *const pair[2])
{
    struct domctx_provenance from[2];

    if (pair[0]->length == pair[1]->length &&
        memcmp(pair[0]->body, pair[1]->body, pair[0]->length) == 0)
        return;
    for (int k = 0; k < 2; k++)
        if (domctx_image_provenance(diff->context[k]->image, &from[k],
                                    NULL) != 1) {
            put_member(diff, pair, "text", NULL, NULL);
            return;
        }
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        put_member(diff, pair, members[i].name,
                   (const char *)&from[0] + members[i].offset,
                   (const char *)&from[1] + members[i].offset);
}

/* --- pairs -------------------------------------------------------------- */

static void compare_pair(struct diff *diff, struct diff_row *row,
                         const struct context_record *a,
                         const struct context_record *b)
{
    const struct context_record *const pair[2] = { a, b };

    diff->differs = false;
    /* DIGEST follows from the other records, and was verified */
    if (a->type == DOMCTX_PROVENANCE)
        compare_provenance(diff, pair);
    else if (a->type != DOMCTX_DIGEST)
        diff_records(diff, a, b);
    if (diff->differs)
        row->differ++;
    else
        row->same++;
}

static void put_only(struct diff *diff, struct diff_row *row,
                     const struct context_record *record, int side)
{
    const domctx_context *other = diff->context[!side];
    struct difference difference = { .kind = DIFF_RECORD };

    difference.side[side].record = record;
    difference.side[side].has = true;
    /* a blob cannot have such records */
    difference.note = type_in_trailer(record->type) ||
                      (!type_is_hvm(record->type) && other->blob);
    row->only[side]++;
    diff_put(diff, &difference);
}

/* Order by type, then instance, then place in the input. */
static int by_type(const void *left, const void *right)
{
    const struct context_record *a = *(const struct context_record *const *)
        left;
    const struct context_record *b = *(const struct context_record *const *)
        right;

    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->instance != b->instance)
        return a->instance < b->instance ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* END has no content. */
static const struct context_record **sorted(const domctx_context *context)
{
    const struct context_record **list =
        calloc(context->count + 1, sizeof(*list));
    size_t count = 0;

    if (!list)
        return NULL;
    for (size_t i = 0; i < context->count; i++)
        if (context->records[i].type != DOMCTX_END)
            list[count++] = &context->records[i];
    qsort(list, count, sizeof(*list), by_type);
    return list;
}

/* Order A's next record and B's next by type and instance: -1, 0 or 1. */
static int order(const struct context_record *a,
                 const struct context_record *b)
{
    if (!a || !b)
        return a ? -1 : 1;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return (a->instance > b->instance) - (a->instance < b->instance);
}

/* Merge the two lists, which end with NULL. */
static int merge(struct diff *diff, const struct context_record **a,
                 const struct context_record **b)
{
    const struct context_record *last = NULL;

    while (*a || *b) {
        int which = order(*a, *b);
        const struct context_record *next = which <= 0 ? *a : *b;
        struct diff_row *row = diff_row_for(diff, next);

        if (!row)
            return -1;
        diff->nth = last && order(last, next) == 0 ? diff->nth + 1 : 0;
        last = next;
        if (which == 0)
            compare_pair(diff, row, *a, *b);
        else
            put_only(diff, row, next, which > 0);
        a += which <= 0;
        b += which >= 0;
    }
    return 0;
}

static int compare(struct diff *diff, domctx_report *report)
{
    const struct context_record **a = sorted(diff->context[0]);
    const struct context_record **b = sorted(diff->context[1]);
    int rc = a && b ? merge(diff, a, b) : -1;

    if (rc == 0)
        rc = diff_guests(diff);
    if (rc == 0)
        diff_tell_left_out(diff, report);
    free(a);
    free(b);
    return rc < 0 || diff->no_memory
               ? msg_no_memory(report, diff->context[0]->count * sizeof(*a))
               : 0;
}

/* The options, with what the contexts know themselves of how they were
 * opened. */
static struct domctx_diff_options
fill_in(const struct domctx_diff_options *options, const domctx_context *a,
        const domctx_context *b)
{
    const domctx_context *const side[2] = { a, b };
    struct domctx_diff_options filled = { .json = false };

    if (options)
        filled = *options;
    for (int k = 0; k < 2; k++) {
        filled.inferred[k] = filled.inferred[k] || side[k]->inferred;
        if (!filled.guest[k])
            filled.guest[k] = side[k]->guest;
        if (!filled.kind[k] && side[k]->guest)
            filled.kind[k] = side[k]->guest->words;
    }
    return filled;
}

int domctx_diff(const domctx_context *a, const domctx_context *b,
                const struct domctx_diff_options *options,
                domctx_sink *sink, void *arg, uint64_t *differences,
                domctx_report *report)
{
    const struct domctx_diff_options filled = fill_in(options, a, b);
    struct diff diff = { .context = { a, b }, .options = &filled };
    int rc = diff_read_rules(&diff, report);

    options = &filled;
    if (rc == 0) {
        out_begin(&diff.out, sink, arg);
        if (options->json)
            diff_json_begin(&diff);
        else
            diff_text_begin(&diff);
        rc = compare(&diff, report);
        if (rc < 0)
            out_drop(&diff.out);
    }
    if (rc == 0) {
        if (options->json)
            diff_json_end(&diff);
        else
            diff_text_end(&diff);
        rc = out_end(&diff.out, report);
    }
    *differences = diff.counted;
    diff_free_rules(&diff);
    free(diff.rows);
    return rc;
}
