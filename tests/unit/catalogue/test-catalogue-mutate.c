/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table agrees with hvm-layouts.json; and every deliberate mistake, of
 * every kind, in every row of a copy of it, is noticed.
 */
#include "support.h"
#include "catalogue/test-catalogue.h"

#include <stdlib.h>
#include <string.h>

/* A copy of a record that may be changed, with room for one more row. */
struct copy {
    struct cat_record record;
    struct cat_field *fields;
    struct cat_layout *layouts;
};

static void copy_make(struct copy *copy, const struct cat_record *record)
{
    copy->record = *record;
    copy->fields = calloc(record->n_fields + 1, sizeof(*copy->fields));
    copy->layouts = calloc(record->n_layouts + 1, sizeof(*copy->layouts));
    ck_assert_ptr_nonnull(copy->fields);
    ck_assert_ptr_nonnull(copy->layouts);
    for (size_t i = 0; i < record->n_fields; i++)
        copy->fields[i] = record->fields[i];
    for (size_t i = 0; i < record->n_layouts; i++)
        copy->layouts[i] = record->layouts[i];
    copy->record.fields = copy->fields;
    copy->record.layouts = copy->layouts;
}

static void copy_free(struct copy *copy)
{
    free(copy->fields);
    free(copy->layouts);
}

START_TEST(table_agrees)
{
    const struct spec *spec = spec_load();
    char why[256];

    for (size_t i = 0; i < cat_table_size; i++)
        ck_assert_msg(spec_agrees(spec, &cat_table[i], why, sizeof(why)),
                      "%s", why);
    for (size_t i = 0; i < spec->n_layouts; i++)
        ck_assert_msg(cat_record(spec->layouts[i].code) != NULL,
                      "no record %s", spec->layouts[i].record);
}
END_TEST

/* First and last set of fields that a row is in. */
static cat_version row_first(const struct copy *copy,
                             const struct cat_field *row)
{
    cat_version first = CAT_EVER;

    for (size_t i = 0; i < copy->record.n_layouts; i++)
        if (cat_field_in(row, &copy->layouts[i]) &&
            copy->layouts[i].fields < first)
            first = copy->layouts[i].fields;
    return first;
}

static cat_version row_last(const struct copy *copy,
                            const struct cat_field *row)
{
    cat_version last = 0;

    for (size_t i = 0; i < copy->record.n_layouts; i++)
        if (cat_field_in(row, &copy->layouts[i]) &&
            copy->layouts[i].fields > last)
            last = copy->layouts[i].fields;
    return last;
}

/* Whether some layout has its fields of before (after) that release. */
static bool layout_before(const struct copy *copy, cat_version v)
{
    for (size_t i = 0; i < copy->record.n_layouts; i++)
        if (copy->layouts[i].fields < v &&
            copy->layouts[i].fields != CAT_NO_FIELDS)
            return true;
    return false;
}

static bool layout_after(const struct copy *copy, cat_version v)
{
    for (size_t i = 0; i < copy->record.n_layouts; i++)
        if (copy->layouts[i].fields > v)
            return true;
    return false;
}

/* Make mistake number kind in a row; false when it does not apply to it. */
enum { ROW_KINDS = 17 };
static bool spoil_shape(struct cat_field *row, unsigned int kind)
{
    switch (kind) {
    case 0: row->offset++; return true;
    case 1: row->offset = (uint16_t)(row->offset ^ 0x40); return true;
    case 2: row->width = row->width == 8 ? 4 : 8; return true;
    case 3: row->count++; return true;
    case 4: row->count = (uint16_t)(row->count - 1); return true;
    case 5: row->stride = (uint16_t)(row->stride * 2); return true;
    case 6: row->run++; return true;
    case 7: row->bits++; return true;
    case 8: row->bit++; return true;
    case 9: row->bits = 0; row->bit = 0; return true;
    default: return false;
    }
}

static bool spoil_row(struct copy *copy, struct cat_field *row,
                      unsigned int kind)
{
    if (kind == 9 && !row->bits)
        return false;
    if (kind < 10)
        return spoil_shape(row, kind);
    switch (kind) {
    case 10: row->name = "renamed"; return true;
    case 11: row->print = row->print == CAT_SIGNED ? CAT_HEX : CAT_SIGNED;
        return true;
    case 12: row->flags ^= CAT_VIEW; return true;
    case 13: row->from = (cat_version)(row_first(copy, row) + 1); return true;
    case 14: row->to = (cat_version)(row_last(copy, row) - 1); return true;
    case 15:
        if (!layout_before(copy, row_first(copy, row)))
            return false;
        row->from = CAT_OLDEST;
        return true;
    case 16:
        if (!layout_after(copy, row_last(copy, row)))
            return false;
        row->to = CAT_EVER;
        return true;
    default:
        ck_abort_msg("kind");
        return false;
    }
}

START_TEST(spoilt_row_is_noticed)
{
    const struct spec *spec = spec_load();
    const struct cat_record *record = &cat_table[_i];
    size_t tried = 0, rows = 0;
    char why[256];

    for (size_t i = 0; i < record->n_fields; i += stride()) {
        if (record->fields[i].flags & CAT_PART)
            continue;
        rows++;
        for (unsigned int kind = 0; kind < ROW_KINDS; kind++) {
            struct copy copy;

            copy_make(&copy, record);
            if (spoil_row(&copy, &copy.fields[i], kind)) {
                tried++;
                ck_assert_msg(!spec_agrees(spec, &copy.record, why,
                                           sizeof(why)),
                              "%s %s: mistake %u not noticed", record->name,
                              record->fields[i].name, kind);
            }
            copy_free(&copy);
        }
    }
    ck_assert_uint_ge(tried, 14 * rows);
}
END_TEST

/* A row too few, a row twice, a row too many. */
START_TEST(rows_are_counted)
{
    static const struct cat_field extra = {
        .name = "made_up", .width = 1, .count = 1, .stride = 1, .run = 1,
        .from = CAT_OLDEST, .to = CAT_EVER,
    };
    const struct spec *spec = spec_load();
    const struct cat_record *record = &cat_table[_i];
    size_t n = record->n_fields;
    struct copy copy;
    char why[256];

    copy_make(&copy, record);
    ck_assert(spec_agrees(spec, &copy.record, why, sizeof(why)));
    copy.fields[n] = extra;
    copy.record.n_fields = n + 1;
    ck_assert(!spec_agrees(spec, &copy.record, why, sizeof(why)));
    copy.record.n_fields = n;
    for (size_t i = 0; i < n; i++) {
        if (record->fields[i].flags & CAT_PART)
            continue;
        copy.fields[n] = record->fields[i];
        copy.record.n_fields = n + 1;
        ck_assert(!spec_agrees(spec, &copy.record, why, sizeof(why)));
        copy.record.n_fields = n;
        copy.fields[i] = record->fields[n - 1];
        copy.record.n_fields = n - 1;
        ck_assert(!spec_agrees(spec, &copy.record, why, sizeof(why)));
        copy.record.n_fields = n;
        copy.fields[i] = record->fields[i];
    }
    ck_assert(spec_agrees(spec, &copy.record, why, sizeof(why)));
    copy_free(&copy);
}
END_TEST

/* Make mistake number kind in a layout. */
enum { LAYOUT_KINDS = 10 };
static bool spoil_layout(struct copy *copy, struct cat_layout *layout,
                         unsigned int kind)
{
    size_t n = copy->record.n_layouts;

    switch (kind) {
    case 0: layout->length++; return true;
    case 1: layout->length ^= 8; return true;
    case 2: layout->tail++; return true;
    case 3: layout->from++; return true;
    case 4: layout->to--; return true;
    case 5: layout->backported = layout->backported ? 0 : CAT_V(4, 18);
        return true;
    case 6: layout->fields++; return true;
    case 7: layout->name = "OTHER"; return true;
    case 8: /* twice */
        copy->layouts[n] = *layout;
        copy->record.n_layouts = n + 1;
        return true;
    case 9: /* missing */
        *layout = copy->layouts[n - 1];
        copy->record.n_layouts = n - 1;
        return true;
    default: return false;
    }
}

START_TEST(spoilt_layout_is_noticed)
{
    const struct spec *spec = spec_load();
    const struct cat_record *record = &cat_table[_i];
    char why[256];

    for (size_t i = 0; i < record->n_layouts; i++) {
        if (record->layouts[i].fields == CAT_NO_FIELDS)
            continue;
        for (unsigned int kind = 0; kind < LAYOUT_KINDS; kind++) {
            struct copy copy;

            copy_make(&copy, record);
            ck_assert(spoil_layout(&copy, &copy.layouts[i], kind));
            ck_assert_msg(!spec_agrees(spec, &copy.record, why, sizeof(why)),
                          "%s layout %zu: mistake %u not noticed",
                          record->name, i, kind);
            copy_free(&copy);
        }
    }
}
END_TEST

START_TEST(spoilt_record_is_noticed)
{
    const struct spec *spec = spec_load();
    const struct cat_record *record = &cat_table[_i];
    char why[256];

    for (unsigned int kind = 0; kind < 4; kind++) {
        struct copy copy;

        copy_make(&copy, record);
        switch (kind) {
        case 0: copy.record.name = "OTHER"; break;
        case 1: copy.record.typecode = 21; break;
        case 2: copy.record.from++; break;
        case 3: copy.record.flags ^= CAT_VARIABLE; break;
        default: break;
        }
        ck_assert_msg(!spec_agrees(spec, &copy.record, why, sizeof(why)),
                      "%s: mistake %u not noticed", record->name, kind);
        copy_free(&copy);
    }
}
END_TEST

/* A part must lie in one plain field of the header. */
START_TEST(part_outside_is_noticed)
{
    const struct spec *spec = spec_load();
    unsigned int tried = 0;
    char why[256];

    for (size_t r = 0; r < cat_table_size; r++)
        for (size_t i = 0; i < cat_table[r].n_fields; i++) {
            struct copy copy;

            if (!(cat_table[r].fields[i].flags & CAT_PART))
                continue;
            tried++;
            copy_make(&copy, &cat_table[r]);
            copy.fields[i].offset = 0xff00;
            ck_assert(!spec_agrees(spec, &copy.record, why, sizeof(why)));
            copy.fields[i] = cat_table[r].fields[i];
            copy.fields[i].count = 0x7fff;
            ck_assert(!spec_agrees(spec, &copy.record, why, sizeof(why)));
            copy_free(&copy);
        }
    ck_assert_uint_gt(tried, 40);
}
END_TEST

TCase *tcase_spec(void)
{
    TCase *tcase = tcase_create("spec");
    int n = (int)cat_table_size;

    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, table_agrees);
    tcase_add_loop_test(tcase, spoilt_row_is_noticed, 0, n);
    tcase_add_loop_test(tcase, rows_are_counted, 0, n);
    tcase_add_loop_test(tcase, spoilt_layout_is_noticed, 0, n);
    tcase_add_loop_test(tcase, spoilt_record_is_noticed, 0, n);
    tcase_add_test(tcase, part_outside_is_noticed);
    return tcase;
}
