/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing contexts: one bit is one difference, in each layout and between
 * each two of them. */
#include "diff/test-diff.h"

#define LARGEST 16384

/* Three units behind the fixed part, or none. */
static size_t full_length(const struct cat_layout *layout)
{
    return layout->length + 3u * layout->tail;
}

/* What tells the layout. */
static void put_said(uint8_t *body, const struct cat_said *said)
{
    for (size_t i = 0; i < sizeof(said->value); i++)
        body[said->offset + i] = (uint8_t)(said->value >> (8 * i));
}

/* A body that no loader would take amiss: an MSR list is one. */
static void fill(const struct cat_record *record,
                 const struct cat_layout *layout, uint8_t *body,
                 bool pattern)
{
    for (size_t i = 0; i < full_length(layout); i++)
        body[i] = pattern ? (uint8_t)(i * 37 + 11) : 0;
    for (size_t i = 0; i < layout->n_said; i++)
        put_said(body, &layout->said[i]);
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];

        if (!cat_field_in(field, layout))
            continue;
        if (field->flags & CAT_UNITS)
            cat_set(field, body, 0, 3);
        for (size_t k = 0; k < 3 && field->flags & CAT_KEY; k++)
            cat_set(field, body, k, UINT64_C(0x11) << k);
        if (!pattern && field->assumed)
            cat_set(field, body, 0, field->assumed);
    }
}

/* What the line of that bit begins with: the last row that has it. */
static void expected_line(const struct cat_record *record,
                          const struct cat_layout *layout, size_t bit,
                          char *line, size_t room)
{
    const struct cat_field *found = NULL;
    char label[CAT_LABEL_ROOM];
    bool keyed = false;
    size_t index = 0, i;

    for (size_t k = 0; k < record->n_fields; k++) {
        const struct cat_field *row = &record->fields[k];

        if (!cat_field_in(row, layout))
            continue;
        keyed |= row->flags & CAT_KEY;
        /* a key is one number, whatever lies in it */
        if (cat_covers(row, bit / 8, bit % 8, &i) &&
            !(found && found->flags & CAT_KEY)) {
            found = row;
            index = i;
        }
    }
    if (!found)
        /* and of CPU_XSAVE the register */
        snprintf(line, room, "%s/0 byte %zu", record->name, bit / 8);
    else if (found->registers)
        /* one that has another part is of st, the only ones that do */
        snprintf(line, room, "%s/0 %s%zu:", record->name,
                 found->registers->count ? found->registers->name : "st",
                 (bit / 8 - found->offset) / 16);
    else if (found->count || !keyed || found->flags & CAT_KEY)
        snprintf(line, room, "%s/0 %s", record->name,
                 cat_label(found, index, 1, label));
    else
        snprintf(line, room, "%s/0 %.*s[0x%zx].", record->name,
                 (int)strcspn(found->name, "["), found->name,
                 (size_t)0x11 << index);
}

static void flip(uint8_t *body, size_t bit)
{
    body[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* Flip bits of the first body: one difference each, and named. */
static void each_bit(const struct cat_record *record,
                     const struct cat_layout *of_a,
                     const struct cat_layout *of_b, uint8_t *a,
                     const uint8_t *b, size_t step)
{
    uint32_t type = record >= cat_image_table &&
                            record < cat_image_table + cat_image_table_size
                        ? record->typecode
                        : DOMCTX_HVM_RECORD(record->typecode);
    struct bytes text = { 0 };
    struct side left, right;
    char line[128];

    begin_side(&left, of_a->from);
    begin_side(&right, of_b->from);
    add_record(&left, type, 0, a, full_length(of_a));
    add_record(&right, type, 0, b, full_length(of_b));
    ck_assert_ptr_nonnull(left.records[0].layout);
    of_a = left.records[0].layout;
    ck_assert_msg(compared(&left.context, &right.context, &plain, &text) ==
                      0, "%s", (char *)text.p);
    for (size_t bit = 0; bit < 8 * full_length(of_a);
         bit += step * stride()) {
        flip(a, bit);
        expected_line(record, of_a, bit, line, sizeof(line));
        ck_assert_msg(compared(&left.context, &right.context, &plain,
                               &text) == 1 && lines_with(&text, line) == 1,
                      "bit %zu, %s:\n%s", bit, line, (char *)text.p);
        ck_assert_uint_eq(compared(&right.context, &left.context, &plain,
                                   &text), 1);
        flip(a, bit);
    }
    bytes_free(&text);
}

/* The trailer is told of, and no difference. */
static bool is_compared(const struct cat_record *record)
{
    return record->typecode != DOMCTX_PROVENANCE &&
           record->typecode != DOMCTX_DIGEST && record->typecode != 0;
}

static void each_bit_of(const struct cat_record *record)
{
    uint8_t a[LARGEST], b[LARGEST];

    for (size_t i = 0; i < record->n_layouts && is_compared(record); i++) {
        const struct cat_layout *layout = &record->layouts[i];

        ck_assert_uint_le(full_length(layout), LARGEST);
        fill(record, layout, a, true);
        fill(record, layout, b, true);
        each_bit(record, layout, layout, a, b,
                 full_length(layout) > 500 ? 7 : 1);
    }
}

static void each_bit_of_hvm(int _i)
{
    each_bit_of(&cat_table[_i]);
}

static void each_bit_of_image(int _i)
{
    each_bit_of(&cat_image_table[_i]);
}

/* Bodies of what is assumed are the same in all layouts; one bit of one of
 * them is one difference, under the name that it has there. */
static void each_pair_of_layouts(int _i)
{
    const struct cat_record *record = &cat_table[_i];
    uint8_t a[LARGEST], b[LARGEST];

    for (size_t i = 0; i < record->n_layouts && is_compared(record); i++)
        for (size_t k = 0; k < record->n_layouts; k++) {
            const struct cat_layout *of_a = &record->layouts[i];
            const struct cat_layout *of_b = &record->layouts[k];

            /* a CPU_XSAVE without anything has no field at all */
            if (i == k || !of_a->length || !of_b->length)
                continue;
            fill(record, of_a, a, false);
            fill(record, of_b, b, false);
            each_bit(record, of_a, of_b, a, b,
                     full_length(of_a) > 500 ? 61 : 1);
        }
}

TCase *diff_bits(void)
{
    TCase *tcase = tcase_create("bits");

    tcase_set_timeout(tcase, 300);
    for (size_t i = 0; i < cat_table_size; i++) {
        add_named(tcase, each_bit_of_hvm, (int)i, "each bit of %s",
                  cat_table[i].name);
        add_named(tcase, each_pair_of_layouts, (int)i,
                  "each pair of layouts of %s", cat_table[i].name);
    }
    for (size_t i = 0; i < cat_image_table_size; i++)
        add_named(tcase, each_bit_of_image, (int)i, "each bit of %s",
                  cat_image_table[i].name);
    return tcase;
}
