/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing two records field by field.  A field's partner in the other layout
 * has the same name, or the later name; padding is compared by its place.
 */
#include "diff/diff.h"

#include <string.h>

/* --- partners ----------------------------------------------------------- */

/* A pair of records, from the view of one side. */
struct view {
    struct diff *diff;
    int side;                               /* the index of our side */
    const struct context_record *our, *their;
    const struct cat_layout *our_layout, *their_layout;
};

struct partner {
    enum { NO_PARTNER, SAME, IN_PLACE } kind;
    const struct cat_field *field;
    size_t index;
};

static bool has_element(const struct context_record *record,
                        const struct cat_field *field, size_t i)
{
    return i < context_count(record, field) &&
           context_offset(record, field, i) + field->width <= record->length;
}

/* Find the row with the field's meaning in the other layout; none for
 * padding. */
static const struct cat_field *namesake(const struct cat_record *record,
                                        const struct cat_layout *layout,
                                        const struct cat_field *field)
{
    if (field->flags & CAT_PAD)
        return NULL;
    if (cat_field_in(field, layout))
        return field;
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *row = &record->fields[i];

        if (cat_field_in(row, layout) && !(row->flags & CAT_PAD) &&
            strcmp(cat_last_name(row), cat_last_name(field)) == 0)
            return row;
    }
    return NULL;
}

/* Find the row of the other layout that has exactly the bits of our element i,
 * and no partner by name. */
static struct partner in_place(const struct view *view,
                               const struct cat_field *field, size_t i)
{
    const struct cat_record *known = view->our->known;
    struct partner partner = { NO_PARTNER, NULL, 0 };
    size_t index;

    for (size_t k = 0; k < known->n_fields; k++) {
        const struct cat_field *row = &known->fields[k];

        if (row->count && row->width == field->width &&
            row->bit == field->bit && row->bits == field->bits &&
            cat_field_in(row, view->their_layout) &&
            cat_covers(row, cat_offset(field, i) + field->bit / 8,
                       field->bit % 8, &index) &&
            cat_offset(row, index) == cat_offset(field, i) &&
            !namesake(known, view->our_layout, row))
            partner = (struct partner){ IN_PLACE, row, index };
    }
    if (partner.field && (partner.field->flags & field->flags & CAT_PAD))
        partner.kind = SAME;
    return partner;
}

/* Find the partner of element i; by_name: the field's. */
static struct partner partner_of(const struct view *view,
                                 const struct cat_field *field, size_t i,
                                 const struct cat_field *by_name)
{
    struct partner partner = { SAME, field, i };

    if (by_name)
        partner.field = by_name;
    else if (view->our_layout != view->their_layout)
        partner = in_place(view, field, i);
    if (partner.field &&
        !has_element(view->their, partner.field, partner.index))
        partner = (struct partner){ NO_PARTNER, NULL, 0 };
    return partner;
}

/* --- values ------------------------------------------------------------- */

/* The bits of byte k of an element that belong to the row. */
static unsigned int bits_in_byte(const struct cat_field *field, size_t k)
{
    unsigned int mask = 0;

    if (!field->bits)
        return 0xff;
    for (unsigned int bit = 0; bit < 8; bit++)
        if (8 * k + bit >= field->bit &&
            8 * k + bit < (size_t)field->bit + field->bits)
            mask |= 1u << bit;
    return mask;
}

/* Mask of the bits of element i that sub-fields cover (CAT_PART, CAT_VIEW):
 * those are compared on their own. */
static uint64_t covered_by_parts(const struct cat_record *record,
                                 const struct cat_layout *layout,
                                 const struct cat_field *field, size_t i)
{
    const struct cat_field *end = record->fields + record->n_fields;
    size_t at = cat_offset(field, i), index;
    uint64_t mask = 0;

    for (const struct cat_field *row = field + 1; row < end; row++) {
        if (!(row->flags & (CAT_PART | CAT_VIEW)) ||
            !cat_field_in(row, layout))
            continue;
        for (unsigned int bit = 0; bit < 8u * field->width; bit++)
            if (bits_in_byte(field, bit / 8) >> bit % 8 & 1 &&
                cat_covers(row, at + bit / 8, bit % 8, &index))
                mask |= UINT64_C(1) << (bit - field->bit);
    }
    return mask;
}

/* The value that a loader of our layout assumes for element i, given the other
 * record. */
static uint64_t assumed(const struct view *view,
                        const struct cat_field *field, size_t i)
{
    const struct cat_record *known = view->our->known;
    cat_version version = view->diff->context[view->side]->version;
    const struct cat_layout *layout =
        cat_layout(known, view->their->length, version);
    const struct cat_field *row;
    uint64_t value;

    /* shorter records are extended with zeros */
    if (!layout && view->their->length < view->our_layout->length)
        layout = view->our_layout;
    row = layout ? cat_field(known, layout, field->name) : NULL;
    return row && context_get(view->their, row, i, &value) ? value
                                                           : field->assumed;
}

static struct diff_side side_of(const struct context_record *record,
                                const struct cat_field *field, size_t index)
{
    struct diff_side side = { .record = record, .field = field,
                              .index = index };

    side.has = field && context_get(record, field, index, &side.value);
    return side;
}

/* --- one side's fields -------------------------------------------------- */

/* Report a field of records that both sides have.  A field that the other
 * layout replaces is reported even if the loader assumes the same value. */
static void put_pair(const struct view *view, const struct cat_field *field,
                     size_t i, const struct partner *partner)
{
    const struct cat_record *known = view->our->known;
    struct difference difference = {
        .kind = partner->kind == SAME ? DIFF_VALUE : DIFF_PLACE,
        .side = { side_of(view->our, field, i),
                  side_of(view->their, partner->field, partner->index) },
    };
    uint64_t different = difference.side[0].value ^ difference.side[1].value;

    if (different)
        different &= ~(covered_by_parts(known, view->our_layout, field, i) |
                       covered_by_parts(known, view->their_layout,
                                        partner->field, partner->index));
    difference.note = !different;
    if (different || (partner->kind == IN_PLACE &&
                      !((field->flags | partner->field->flags) & CAT_PAD)))
        diff_put(view->diff, &difference);
}

/* How an element that one side lacks is reported. */
enum lone {
    LONE_OTHER,   /* a loader assumes another value */
    LONE_SAME,    /* it assumes the same, or ignores the record */
    LONE_COVERED, /* sub-fields cover it, or it is padding */
};

static enum lone judge_lone(const struct view *view,
                            const struct cat_field *field, size_t i,
                            struct difference *difference)
{
    uint64_t own = ~covered_by_parts(view->our->known, view->our_layout,
                                     field, i);
    struct diff_side *our = &difference->side[view->side];
    bool same;

    *difference = (struct difference){
        .kind = DIFF_FIELD, .assumes = diff_loads(view->their),
        .assumed = assumed(view, field, i),
    };
    if (field->bits || field->width < 8)
        own &= (UINT64_C(1) << cat_bits(field)) - 1;
    *our = side_of(view->our, field, i);
    difference->side[!view->side].record = view->their;
    same = !((our->value ^ difference->assumed) & own);
    difference->note = same && difference->assumes;
    if (!own || (same && field->flags & CAT_PAD))
        return LONE_COVERED;
    return same || !difference->assumes ? LONE_SAME : LONE_OTHER;
}

/* A run of elements with one value, which a loader assumes equally. */
struct alike {
    struct difference difference; /* of the first element */
    size_t count;
};

static void put_alike(const struct view *view, struct alike *alike)
{
    if (alike->count == 0)
        return;
    alike->difference.side[view->side].elements = alike->count;
    diff_put(view->diff, &alike->difference);
    alike->count = 0;
}

static void add_alike(const struct view *view, struct alike *alike,
                      const struct difference *difference)
{
    const struct diff_side *first = &alike->difference.side[view->side];
    const struct diff_side *next = &difference->side[view->side];

    /* The element in the next structure has another name. */
    if (alike->count &&
        (first->value != next->value ||
         first->index + alike->count != next->index ||
         (next->field->run > 1 && next->index % next->field->run == 0)))
        put_alike(view, alike);
    if (alike->count++ == 0)
        alike->difference = *difference;
}

/* If only our side has the field, and a loader assumes the one value that all
 * its reported elements have, report them as one; else false. */
static bool put_all(const struct view *view, const struct cat_field *field,
                    const struct cat_field *by_name)
{
    struct difference all = { .note = false }, next;
    size_t count = 0;
    bool ignored = false;

    for (size_t i = 0; has_element(view->our, field, i); i++) {
        enum lone lone;

        if (partner_of(view, field, i, by_name).kind != NO_PARTNER)
            return false;
        lone = judge_lone(view, field, i, &next);
        if (lone == LONE_COVERED)
            continue;
        if (count++ == 0)
            all = next;
        if (lone == LONE_OTHER || next.side[view->side].value !=
                                      all.side[view->side].value)
            return false;
        ignored |= diff_ignored(view->diff, &next);
    }
    if (count < 2)
        return false;
    all.side[view->side].index = DIFF_ALL;
    all.side[view->side].elements = count;
    if (ignored && !diff_ignored(view->diff, &all))
        return false;
    diff_put(view->diff, &all);
    return true;
}

/* Whether the field counts the units in the tail: their differences say the
 * same. */
static bool counts_units(const struct view *view,
                         const struct cat_field *field)
{
    const struct context_record *const pair[2] = { view->our, view->their };
    uint64_t value;

    if (!(field->flags & CAT_UNITS) ||
        view->our_layout != view->their_layout || !view->our_layout->tail)
        return false;
    for (int k = 0; k < 2; k++)
        if (!context_get(pair[k], field, 0, &value) ||
            pair[k]->length - view->our_layout->length !=
                value * view->our_layout->tail)
            return false;
    return true;
}

/* Compare the elements in structure k that both sides have. */
static void compare_pairs(const struct view *view,
                          const struct cat_field *field, size_t k,
                          size_t structures)
{
    size_t n = field->count / structures;
    const struct cat_field *by_name;

    if (!cat_field_in(field, view->our_layout) || counts_units(view, field))
        return;
    by_name = namesake(view->our->known, view->their_layout, field);
    for (size_t i = k * n; i < (k + 1) * n; i++) {
        struct partner partner = { .kind = NO_PARTNER };

        if (has_element(view->our, field, i) &&
            !diff_told(view->diff, view->side, cat_offset(field, i)))
            partner = partner_of(view, field, i, by_name);
        if (partner.kind != NO_PARTNER)
            put_pair(view, field, i, &partner);
    }
}

/* Report elements that only our side has. */
static void find_lone(const struct view *view, const struct cat_field *field)
{
    const struct cat_field *by_name =
        namesake(view->our->known, view->their_layout, field);
    struct alike alike = { .count = 0 };
    struct difference difference;

    if (put_all(view, field, by_name))
        return;
    for (size_t i = 0; has_element(view->our, field, i); i++) {
        enum lone lone = LONE_COVERED;

        if (partner_of(view, field, i, by_name).kind == NO_PARTNER)
            lone = judge_lone(view, field, i, &difference);
        if (lone == LONE_SAME && !diff_ignored(view->diff, &difference)) {
            add_alike(view, &alike, &difference);
            continue;
        }
        put_alike(view, &alike);
        if (lone != LONE_COVERED)
            diff_put(view->diff, &difference);
    }
    put_alike(view, &alike);
}

/* Whether two rows are members of the same array of structures. */
static bool side_by_side(const struct cat_field *a, const struct cat_field *b)
{
    const char *units = strstr(a->name, "[]");

    return units && a->count && b->count &&
           strncmp(a->name, b->name, (size_t)(units - a->name) + 2) == 0;
}

/* Compare all fields, arrays of structures one structure at a time. */
static void compare_fields(const struct view *view)
{
    const struct cat_record *known = view->our->known;
    size_t next;

    for (size_t i = 0; i < known->n_fields; i = next) {
        const struct cat_field *row = &known->fields[i];
        size_t structures;

        for (next = i + 1; next < known->n_fields &&
                           side_by_side(row, &known->fields[next]);)
            next++;
        structures = next > i + 1 ? row->count / row->run : 1;
        for (size_t k = 0; k < structures; k++)
            for (size_t j = i; j < next; j++)
                compare_pairs(view, &known->fields[j], k, structures);
    }
}

static void find_lone_fields(const struct view *view)
{
    const struct cat_record *known = view->our->known;

    for (size_t i = 0; i < known->n_fields; i++)
        if (known->fields[i].count &&
            cat_field_in(&known->fields[i], view->our_layout))
            find_lone(view, &known->fields[i]);
}

/* --- a record ----------------------------------------------------------- */

bool diff_loads(const struct context_record *record)
{
    const struct cat_record *known = record->known;

    for (size_t i = 0; known && i < known->n_layouts; i++)
        if (known->layouts[i].fields != CAT_NO_FIELDS &&
            cat_layout_has(&known->layouts[i], record->length))
            return true;
    return false;
}

/* Report different lengths, unless each is that of a layout, when the fields
 * say all. */
static void compare_lengths(struct diff *diff,
                            const struct context_record *a,
                            const struct context_record *b)
{
    struct difference difference = {
        .kind = DIFF_LENGTH,
        .note = a->layout && b->layout && diff_loads(a) && diff_loads(b),
        .side = { { .record = a, .has = true },
                  { .record = b, .has = true } },
    };

    if (a->length != b->length && a->known)
        diff_put(diff, &difference);
}

void diff_records(struct diff *diff, const struct context_record *a,
                  const struct context_record *b)
{
    const struct context_record *const pair[2] = { a, b };
    const struct cat_layout *const layout[2] = {
        context_nearest_layout(diff->context[0], a),
        context_nearest_layout(diff->context[1], b)
    };

    /* the same bytes may mean something else in two layouts, but not where a
     * record has none and the nearest ones differ */
    if (a->length == b->length && a->big == b->big &&
        (layout[0] == layout[1] || !a->layout || !b->layout) &&
        (a->length == 0 || memcmp(a->body, b->body, a->length) == 0))
        return;
    compare_lengths(diff, a, b);
    diff_registers(diff, pair, layout);
    for (int side = 0; side < 2 && a->known; side++) {
        struct view view = { diff, side, pair[side], pair[!side],
                             layout[side], layout[!side] };

        if (side == 0)
            compare_fields(&view);
        if (layout[0] != layout[1] || a->length != b->length)
            find_lone_fields(&view);
    }
    diff_holes(diff, pair, layout);
    diff_tails(diff, pair, layout);
    diff_registers_end(diff);
}
