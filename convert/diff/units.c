/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing tails of units.  Units with a key, such as the MSRs of CPU_MSR,
 * are paired by it; others, such as entries of a grant table, by their index.
 */
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#define NO_MATE SIZE_MAX

struct unit {
    uint64_t key;
    size_t index;
};

/* The units of one side, and the partner of each. */
struct units {
    struct unit *sorted;
    size_t *mate;
    size_t count;
};

static int by_key(const void *left, const void *right)
{
    const struct unit *a = left, *b = right;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* A unit's key, or, if it has none, its index. */
static uint64_t key_of(const struct context_record *record,
                       const struct cat_field *key, size_t i)
{
    uint64_t value = i;

    if (key)
        context_get(record, key, i, &value);
    return value;
}

static bool read_units(struct units *units,
                       const struct context_record *record,
                       const struct cat_field *key, size_t count)
{
    units->count = count;
    units->sorted = calloc(count + 1, sizeof(*units->sorted));
    units->mate = calloc(count + 1, sizeof(*units->mate));
    if (!units->sorted || !units->mate)
        return false;
    for (size_t i = 0; i < count; i++) {
        units->sorted[i] = (struct unit){ key_of(record, key, i), i };
        units->mate[i] = NO_MATE;
    }
    qsort(units->sorted, count, sizeof(*units->sorted), by_key);
    return true;
}

static void free_units(struct units *units)
{
    free(units->sorted);
    free(units->mate);
}

/* A pair of records, and the rows of a unit. */
struct tail {
    struct diff *diff;
    const struct context_record *const *pair;
    const struct cat_record *known;
    const struct cat_layout *layout;
    const struct cat_field *key;         /* NULL: units have no key */
    bool second;                         /* of the second table */
    struct units units[2];
};

/* Whether the row is the key or inside it. */
static bool in_key(const struct tail *tail, const struct cat_field *row)
{
    size_t index;

    return tail->key && cat_covers(tail->key, row->offset, row->bit % 8u,
                                   &index);
}

/* Iterate over the rows of a unit except the key, and other names for parts of
 * a row; NULL after the last. */
static const struct cat_field *next_row(const struct tail *tail,
                                        const struct cat_field *row)
{
    const struct cat_field *end = tail->known->fields + tail->known->n_fields;

    for (row = row ? row + 1 : tail->known->fields; row < end; row++)
        if (!row->count && row->second == tail->second &&
            !(row->flags & CAT_PART) && cat_field_in(row, tail->layout) &&
            !in_key(tail, row))
            return row;
    return NULL;
}

static void set_side(const struct tail *tail, struct difference *difference,
                     int side, const struct cat_field *row, size_t i)
{
    struct diff_side *to = &difference->side[side];

    to->field = row;
    to->index = i;
    to->has = context_get(tail->pair[side], row, i, &to->value);
    if (!difference->has_key)
        difference->key = key_of(tail->pair[side], tail->key, i);
    difference->has_key = tail->key;
}

static struct difference about(const struct tail *tail, enum diff_kind kind)
{
    return (struct difference){
        .kind = kind,
        .side = { { .record = tail->pair[0] }, { .record = tail->pair[1] } },
    };
}

static void put_both(const struct tail *tail, const struct cat_field *row,
                     size_t a, size_t b)
{
    struct difference difference = about(tail, DIFF_VALUE);

    set_side(tail, &difference, 0, row, a);
    set_side(tail, &difference, 1, row, b);
    if (difference.side[0].value != difference.side[1].value)
        diff_put(tail->diff, &difference);
}

/* Whether two units differ in their keys only. */
static bool same_but_key(const struct tail *tail, size_t a, size_t b)
{
    for (const struct cat_field *row = NULL; (row = next_row(tail, row));)
        if (key_of(tail->pair[0], row, a) != key_of(tail->pair[1], row, b))
            return false;
    return true;
}

static void put_lone(const struct tail *tail, int side, size_t i)
{
    for (const struct cat_field *row = NULL; (row = next_row(tail, row));) {
        struct difference difference = about(tail, DIFF_FIELD);
        bool same;

        set_side(tail, &difference, side, row, i);
        same = difference.side[side].value == row->assumed;
        difference.assumes = diff_loads(tail->pair[!side]);
        difference.assumed = row->assumed;
        difference.note = same && difference.assumes;
        /* in a longer table, units at the end may be unused */
        if (!same || (tail->key && !(row->flags & CAT_PAD)))
            diff_put(tail->diff, &difference);
    }
}

static void find_mates(struct units *a, struct units *b)
{
    size_t i = 0, k = 0;

    while (i < a->count && k < b->count) {
        const struct unit *left = &a->sorted[i], *right = &b->sorted[k];

        if (left->key == right->key) {
            a->mate[left->index] = right->index;
            b->mate[right->index] = left->index;
        }
        i += left->key <= right->key;
        k += right->key <= left->key;
    }
}

static void put_units(struct tail *tail)
{
    struct units *a = &tail->units[0], *b = &tail->units[1];

    for (size_t i = 0; i < a->count; i++) {
        if (a->mate[i] != NO_MATE) {
            for (const struct cat_field *row = NULL;
                 (row = next_row(tail, row));)
                put_both(tail, row, i, a->mate[i]);
        } else if (i < b->count && b->mate[i] == NO_MATE &&
                   same_but_key(tail, i, i)) {
            b->mate[i] = i;
            put_both(tail, tail->key, i, i);
        } else {
            put_lone(tail, 0, i);
        }
    }
    for (size_t i = 0; i < b->count; i++)
        if (b->mate[i] == NO_MATE)
            put_lone(tail, 1, i);
}

/* The key of the units of a table, or, if they have none, any of their rows;
 * NULL if the tail has no such units. */
static const struct cat_field *unit_row(const struct cat_record *known,
                                        const struct cat_layout *layout,
                                        bool second)
{
    const struct cat_field *found = NULL;

    for (size_t i = 0; i < known->n_fields; i++) {
        const struct cat_field *field = &known->fields[i];

        if (!field->count && field->second == second &&
            cat_field_in(field, layout) &&
            (!found || field->flags & CAT_KEY))
            found = field;
    }
    return found;
}

/* Compare the units of one table, which begin at at. */
static void diff_table(struct tail tail, const struct cat_field *unit,
                       uint64_t at[2])
{
    struct diff *diff = tail.diff;
    bool read = true;

    tail.key = unit->flags & CAT_KEY ? unit : NULL;
    for (int k = 0; k < 2; k++) {
        const struct context_record *record = tail.pair[k];
        uint64_t end = record->second && !tail.second ? record->second
                                                      : record->length;
        size_t count = (size_t)(end - at[k]) / unit->stride;

        read = read &&
               read_units(&tail.units[k], record, tail.key, count);
        at[k] += (uint64_t)count * unit->stride;
    }
    if (read) {
        find_mates(&tail.units[0], &tail.units[1]);
        put_units(&tail);
    } else {
        diff->no_memory = true;
    }
    free_units(&tail.units[0]);
    free_units(&tail.units[1]);
}

void diff_units(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2], uint64_t at[2])
{
    struct tail tail = { .diff = diff, .pair = pair,
                         .known = pair[0]->known, .layout = layout[0] };

    for (int table = 0; layout[0] == layout[1] && table < 2; table++) {
        const struct cat_field *unit;

        tail.second = table == 1;
        unit = unit_row(tail.known, layout[0], tail.second);
        if (unit)
            diff_table(tail, unit, at);
    }
}
