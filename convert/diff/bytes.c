/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing bytes that no field covers: unassigned bits of the fixed part,
 * tails without units, records of unknown types.
 */
#include "base/bytes.h"
#include "catalogue/codes.h"
#include "diff/diff.h"
#include "context/xsave-area.h"

#include <string.h>

/* A run of differing bytes. */
struct run {
    struct diff *diff;
    const struct context_record *const *pair;
    uint64_t at[2];      /* its offset in each body */
    uint64_t size;
    unsigned int sides;  /* bit 0: A has the bytes, bit 1: B has them */
    bool note;
    const struct xsave_area *areas; /* of both records, or NULL */
    char part[XSAVE_NAME_ROOM];
    uint64_t part_end;   /* the run must not pass the end of its register */
};

static void end_run(struct run *run)
{
    struct difference difference = {
        .kind = DIFF_BYTES, .note = run->note, .size = run->size,
        .offset = run->at[run->sides & 1 ? 0 : 1],
        .part = run->part[0] ? run->part : NULL,
    };

    if (run->size == 0)
        return;
    for (int k = 0; k < 2; k++) {
        difference.side[k].record = run->pair[k];
        difference.side[k].has = run->sides >> k & 1;
        if (difference.side[k].has)
            difference.side[k].bytes = run->pair[k]->body + run->at[k];
    }
    diff_put(run->diff, &difference);
    run->size = 0;
}

/* Find the register at these offsets; empty if the two records differ in
 * it. */
static void find_part(struct run *run, uint64_t at_a, uint64_t at_b)
{
    char other[XSAVE_NAME_ROOM];
    uint64_t end;

    run->part_end = UINT64_MAX;
    if (!run->areas)
        return;
    xsave_name(&run->areas[0], at_a, run->part, &run->part_end);
    xsave_name(&run->areas[1], at_b, other, &end);
    if (end != UINT64_MAX && end - at_b + at_a < run->part_end)
        run->part_end = end - at_b + at_a;
    if (!run->part[0])
        memcpy(run->part, other, sizeof(other));
    else if (other[0] && strcmp(run->part, other) != 0)
        run->part[0] = '\0';
}

/* Add a byte at these offsets to the run; sides 0: the byte is equal. */
static void add_byte(struct run *run, unsigned int sides, uint64_t at_a,
                     uint64_t at_b)
{
    if (sides == 3 && diff_told(run->diff, 0, at_a))
        sides = 0;
    if (sides != run->sides || at_a >= run->part_end)
        end_run(run);
    run->sides = sides;
    if (!sides)
        return;
    if (run->size++ == 0) {
        run->at[0] = at_a;
        run->at[1] = at_b;
        find_part(run, at_a, at_b);
    }
}

/* --- the fixed part ----------------------------------------------------- */

/* The unassigned bits of a byte in the fixed part. */
static unsigned int spare_bits(const struct cat_record *record,
                               const struct cat_layout *layout,
                               uint64_t byte)
{
    unsigned int spare = 0xff;
    size_t index;

    for (size_t i = 0; i < record->n_fields && spare; i++) {
        const struct cat_field *field = &record->fields[i];

        if (!field->count || !cat_field_in(field, layout))
            continue;
        for (unsigned int bit = 0; bit < 8; bit++) {
            if (!cat_covers(field, byte, bit, &index))
                continue;
            spare &= field->bits ? ~(1u << bit) : 0;
        }
    }
    return spare;
}

static uint64_t fixed_end(const struct context_record *record,
                          const struct cat_layout *layout)
{
    return layout && layout->length < record->length ? layout->length
           : layout                                  ? record->length
                                                     : 0;
}

void diff_holes(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2])
{
    uint64_t end[2] = { fixed_end(pair[0], layout[0]),
                        fixed_end(pair[1], layout[1]) };
    struct run run = { .diff = diff, .pair = pair, .part_end = UINT64_MAX };

    for (uint64_t at = 0; at < end[0] || at < end[1]; at++) {
        unsigned int value[2] = { 0, 0 }, spare[2] = { 0, 0 };
        unsigned int both, sides = 0;

        for (int k = 0; k < 2; k++)
            value[k] = at < end[k] ? pair[k]->body[at] : 0;
        if (layout[0] == layout[1] ? value[0] != value[1]
                                   : value[0] || value[1])
            for (int k = 0; k < 2; k++)
                spare[k] = at < end[k] ? spare_bits(pair[k]->known,
                                                    layout[k], at)
                                       : 0;
        both = spare[0] & spare[1];
        if ((value[0] ^ value[1]) & both)
            sides = 3;
        for (unsigned int k = 0; k < 2; k++)
            if (value[k] & spare[k] & ~both)
                sides |= 1u << k;
        add_byte(&run, sides, at, at);
    }
    end_run(&run);
}

/* --- tails -------------------------------------------------------------- */

/* Report the bytes that only the longer tail has.  Loaders treat a shorter
 * record with fields as if zeros followed. */
static void put_excess(struct diff *diff,
                       const struct context_record *const pair[2],
                       const uint64_t at[2])
{
    struct run run = { .diff = diff, .pair = pair, .at = { at[0], at[1] } };
    unsigned int side = at[0] < pair[0]->length ? 0 : 1;
    const struct context_record *longer = pair[side];

    if (at[side] >= longer->length)
        return;
    run.sides = 1u << side;
    run.size = longer->length - at[side];
    run.note = longer->known && longer->known->n_fields &&
               diff_loads(pair[0]) && diff_loads(pair[1]) &&
               all_zero(longer->body + at[side], run.size);
    end_run(&run);
}

/* --- components of XSAVE ------------------------------------------------ */

/* Find part i of an area in its record; *size bytes of it are there. */
static bool find_component(const struct xsave_area *area, size_t i,
                           uint64_t *at, uint64_t *size)
{
    const struct xsave_part *part = &xsave_parts[i];

    if (!(area->present >> part->bit & 1) ||
        area->at[i] == XSAVE_NOWHERE || area->at[i] >= area->size)
        return false;
    *at = area->base + area->at[i];
    *size = area->size - area->at[i];
    if (*size > part->size)
        *size = part->size;
    return true;
}

/* Whether both areas have a component, at different places: for processors of
 * two vendors, or because one area is compacted. */
static bool places_differ(const struct xsave_area areas[2])
{
    uint64_t at[2], size;

    for (size_t i = 0; i < XSAVE_PARTS; i++)
        if (find_component(&areas[0], i, &at[0], &size) &&
            find_component(&areas[1], i, &at[1], &size) && at[0] != at[1])
            return true;
    return false;
}

static bool in_component(const struct xsave_area *area, uint64_t offset)
{
    uint64_t at, size;

    for (size_t i = 0; i < XSAVE_PARTS; i++)
        if (find_component(area, i, &at, &size) && offset >= at &&
            offset < at + size)
            return true;
    return false;
}

/* Compare a component at its place on each side; a missing one counts as zero,
 * which is its initial state. */
static void diff_component(struct run *run, size_t i)
{
    uint64_t at[2] = { 0, 0 }, size[2] = { 0, 0 };

    for (int k = 0; k < 2; k++)
        if (!find_component(&run->areas[k], i, &at[k], &size[k]))
            size[k] = 0;
    for (uint64_t k = 0; k < size[0] || k < size[1]; k++) {
        unsigned int a = k < size[0] ? run->pair[0]->body[at[0] + k] : 0;
        unsigned int b = k < size[1] ? run->pair[1]->body[at[1] + k] : 0;
        unsigned int sides = (k < size[0] ? 1u : 0) | (k < size[1] ? 2u : 0);

        add_byte(run, a == b ? 0 : sides, at[0] + k, at[1] + k);
    }
    end_run(run);
    run->sides = 0;
}

/* Compare bytes outside the components, which should be zero. */
static void diff_between(struct run *run, const uint64_t from[2])
{
    const struct xsave_area *areas = run->areas;

    run->areas = NULL; /* the other side's name does not apply here */
    run->part[0] = '\0';
    for (int k = 0; k < 2; k++) {
        const struct context_record *record = run->pair[k];

        for (uint64_t at = from[k]; at < record->length; at++)
            add_byte(run, record->body[at] &&
                              !in_component(&areas[k], at) ? 1u << k
                                                                : 0,
                     at, at);
        end_run(run);
        run->sides = 0;
    }
}

void diff_tails(struct diff *diff, const struct context_record *const pair[2],
                const struct cat_layout *const layout[2])
{
    uint64_t at[2] = { fixed_end(pair[0], layout[0]),
                       fixed_end(pair[1], layout[1]) };
    struct run run = { .diff = diff, .pair = pair, .part_end = UINT64_MAX };
    struct xsave_area areas[2];

    if (pair[0]->type == DOMCTX_HVM_RECORD(CODE_CPU_XSAVE) &&
        xsave_area(pair[0], layout[0], &areas[0]) &&
        xsave_area(pair[1], layout[1], &areas[1]))
        run.areas = areas;
    if (run.areas && places_differ(areas)) {
        for (size_t i = 0; i < XSAVE_PARTS; i++)
            diff_component(&run, i);
        diff_between(&run, at);
        return;
    }
    if (layout[0] && layout[1])
        diff_units(diff, pair, layout, at);
    for (; at[0] < pair[0]->length && at[1] < pair[1]->length;
         at[0]++, at[1]++)
        add_byte(&run, pair[0]->body[at[0]] != pair[1]->body[at[1]] ? 3 : 0,
                 at[0], at[1]);
    end_run(&run);
    put_excess(diff, pair, at);
}
