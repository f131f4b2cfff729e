/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing bodies. */
#include "catalogue/test-catalogue.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST 1100

/* Every row whose value differs between the bodies, found by reading all
 * values; the last one is what cat_differs() should name. */
static const struct cat_field *last_differing(const struct cat_record *record,
                                              const struct cat_layout *layout,
                                              const uint8_t *a,
                                              const uint8_t *b,
                                              size_t length, size_t *index)
{
    const struct cat_field *found = NULL;

    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];

        if (!cat_field_in(field, layout))
            continue;
        for (size_t k = 0; k < cat_count(field, length); k++)
            if (cat_get(field, a, k) != cat_get(field, b, k)) {
                found = field;
                *index = k;
            }
    }
    return found;
}

/* Flip one bit. */
static void check_bit(const struct cat_record *record,
                      const struct cat_layout *layout, uint8_t *a,
                      uint8_t *b, size_t length, size_t bit)
{
    const struct cat_field *expected, *found;
    size_t index = SIZE_MAX, expected_index = bit / 8;

    b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    expected = last_differing(record, layout, a, b, length, &expected_index);
    found = cat_differs(record, layout, a, b, length, 0, &index);
    ck_assert_ptr_eq(found, expected ? expected : &cat_tail);
    ck_assert_uint_eq(index, expected_index);
    if (expected) {
        found = cat_differs(record, layout, a, b, length,
                            ~(unsigned int)expected->flags, &index);
        ck_assert_ptr_eq(found, expected);
        found = cat_differs(record, layout, b, a, length, expected->flags,
                            &index);
        ck_assert_ptr_eq(found, expected->flags ? NULL : expected);
    } else {
        ck_assert_ptr_eq(cat_differs(record, layout, a, b, length, ~0u,
                                     &index), &cat_tail);
    }
    b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    ck_assert_ptr_null(cat_differs(record, layout, a, b, length, 0, &index));
}

START_TEST(every_bit)
{
    const struct cat_record *record = &cat_table[_i];
    uint8_t a[LARGEST], b[LARGEST];

    for (size_t i = 0; i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];
        size_t length = layout->length + 3u * layout->tail;
        /* byte arrays of 512 and more are slow to read whole: every seventh
         * bit of a record that has one */
        size_t step = length > 500 ? 7 : 1;

        ck_assert_uint_le(length, LARGEST);
        for (size_t k = 0; k < length; k++)
            a[k] = b[k] = (uint8_t)(k * 37 + 11);
        for (size_t bit = 0; bit < 8 * length; bit += step)
            check_bit(record, layout, a, b, length, bit);
    }
}
END_TEST

/* What happens when one byte of a 4.17 body differs. */
static const struct {
    uint32_t typecode;
    size_t length, byte;
    uint8_t value;
    unsigned int ignore;
    const char *name; /* NULL: equal; "": outside every field */
    size_t index;
} cases[] = {
    { 2, 1032, 640, 1, 0, "rip", 0 },
    { 2, 1032, 1008, 1, 0, "tsc", 0 },
    { 2, 1032, 1008, 1, CAT_MOVES, NULL, 0 },
    { 2, 1032, 1008, 1, CAT_PENDING | CAT_IGNORED, "tsc", 0 },
    { 2, 1032, 952, 1, 0, "msr_flags", 0 },
    { 2, 1032, 952, 1, CAT_IGNORED, NULL, 0 },
    { 2, 1032, 1000, 1, CAT_MOVES, "msr_tsc_aux", 0 },
    { 2, 1032, 24, 1, 0, "fpu_regs.mxcsr", 0 },
    { 2, 1032, 42, 1, 0, "fpu_regs", 42 },
    { 2, 1032, 48, 1, 0, "fpu_regs.st_mantissa", 1 },
    { 2, 1032, 168, 1, 0, "fpu_regs.xmm", 1 },
    { 2, 1032, 1017, 8, 0, "pending_error_valid", 0 },
    { 3, 8, 0, 1, CAT_MOVES, "irr", 0 },
    { 3, 8, 0, 1, CAT_PENDING, NULL, 0 },
    { 3, 8, 2, 1, CAT_PENDING, "isr", 0 },
    { 3, 8, 5, 0x80, CAT_PENDING, "", 5 },
    { 4, 400, 16 + 8 * 5 + 1, 0x10, 0,
      "redirtbl[].fields.delivery_status", 5 },
    { 4, 400, 16 + 8 * 5 + 1, 0x50, CAT_PENDING, NULL, 0 },
    { 4, 400, 16 + 8 * 5 + 1, 0x51, CAT_PENDING,
      "redirtbl[].fields.delivery_mode", 5 },
    { 4, 400, 16 + 8 * 47 + 7, 1, CAT_PENDING,
      "redirtbl[].fields.dest_id", 47 },
    { 4, 400, 16 + 8 * 2 + 5, 1, CAT_PENDING,
      "redirtbl[].fields.reserved", 10 },
    { 5, 24, 16, 1, CAT_MOVES, "tdt_msr", 0 },
    { 6, 1024, 0x210, 1, 0, "irr", 1 },
    { 6, 1024, 0x210, 1, CAT_PENDING, NULL, 0 },
    { 6, 1024, 0x1f0, 1, CAT_PENDING, NULL, 0 },
    { 6, 1024, 0x214, 1, CAT_PENDING, "data", 0x214 },
    { 6, 1024, 0x110, 1, CAT_PENDING, "isr", 1 },
    { 6, 1024, 0x390, 1, 0, "tmcct", 0 },
    { 6, 1024, 0x390, 1, CAT_IGNORED, NULL, 0 },
    { 6, 1024, 0x380, 1, CAT_IGNORED, "tmict", 0 },
    { 7, 16, 9, 1, ~0u & ~(unsigned int)CAT_VIEW, "i", 1 },
    { 11, 24, 0, 1, CAT_MOVES, NULL, 0 },
    { 11, 24, 1, 1, CAT_MOVES, "cmos_data.seconds_alarm", 0 },
    { 11, 24, 10, 0x80, CAT_MOVES, NULL, 0 },
    { 11, 24, 10, 0x81, CAT_MOVES, "cmos_data.reg_a", 0 },
    { 11, 24, 12, 0x10, CAT_PENDING, NULL, 0 },
    { 11, 24, 15, 1, CAT_PAD, NULL, 0 },
    { 12, 1048, 240, 1, CAT_MOVES, NULL, 0 },
    { 12, 1048, 264 + 64, 1, CAT_MOVES, NULL, 0 },
    { 12, 1048, 256 + 64, 1, CAT_MOVES, "timers[].config", 2 },
    { 13, 8, 3, 1, CAT_MOVES, NULL, 0 },
    { 13, 8, 4, 1, CAT_MOVES, NULL, 0 },
    { 13, 8, 4, 2, CAT_MOVES, "pm1a_sts", 0 },
    { 13, 8, 5, 1, CAT_MOVES, "pm1a_sts", 0 },
    { 15, 32, 16, 1, CAT_MOVES, NULL, 0 },
    { 16, 832, 599, 1, 0, "save_area.xsave_hdr.reserved", 5 },
    { 16, 832, 600, 1, ~0u, "", 600 },
    { 16, 832, 831, 1, ~0u, "", 831 },
    { 20, 40, 4, 1, 0, "", 4 },
    { 20, 40, 24, 1, 0, "msr[].index", 1 },
    { 20, 40, 28, 1, 0, "msr[]._rsvd", 1 },
    { 20, 40, 39, 1, 0, "msr[].val", 1 },
};

START_TEST(one_byte)
{
    const struct cat_record *record = cat_record(cases[_i].typecode);
    const struct cat_layout *layout =
        cat_layout(record, cases[_i].length, CAT_V(4, 17));
    const struct cat_field *field;
    uint8_t a[LARGEST] = { 0 }, b[LARGEST] = { 0 };
    size_t index = SIZE_MAX;

    ck_assert_ptr_nonnull(layout);
    b[cases[_i].byte] = cases[_i].value;
    field = cat_differs(record, layout, a, b, cases[_i].length,
                        cases[_i].ignore, &index);
    if (!cases[_i].name) {
        ck_assert_ptr_null(field);
        return;
    }
    ck_assert_ptr_nonnull(field);
    ck_assert_str_eq(field->name, cases[_i].name);
    ck_assert_uint_eq(index, cases[_i].index);
}
END_TEST

/* What is ignored before it does not hide what comes after. */
START_TEST(ignored_hides_nothing)
{
    const struct cat_record *record = cat_record(6);
    const struct cat_layout *layout = cat_layout(record, 1024, CAT_V(4, 17));
    const struct cat_field *field;
    uint8_t a[1024] = { 0 }, b[1024] = { 0 };
    size_t index;

    b[0x200] = 0xff;
    b[0x270] = 0xff;
    ck_assert_ptr_null(cat_differs(record, layout, a, b, 1024, CAT_PENDING,
                                   &index));
    b[0x280] = 1;
    field = cat_differs(record, layout, a, b, 1024, CAT_PENDING, &index);
    ck_assert_ptr_nonnull(field);
    ck_assert_str_eq(field->name, "esr");
    field = cat_differs(record, layout, a, b, 1024, 0, &index);
    ck_assert_str_eq(field->name, "irr");
    ck_assert_uint_eq(index, 0);
}
END_TEST

/* The last four bytes of a 32-byte LAPIC have no name. */
START_TEST(unnamed_padding)
{
    const struct cat_record *record = cat_record(5);
    const struct cat_layout *layout = cat_layout(record, 32, CAT_V(4, 22));
    uint8_t a[32] = { 0 }, b[32] = { 0 };
    size_t index;

    ck_assert_ptr_nonnull(layout);
    b[28] = 1;
    ck_assert_ptr_eq(cat_differs(record, layout, a, b, 32, CAT_PAD, &index),
                     &cat_tail);
    ck_assert_uint_eq(index, 28);
}
END_TEST

START_TEST(nothing_to_compare)
{
    const struct cat_record *end = cat_record(0), *xsave = cat_record(16);
    size_t index;

    ck_assert_ptr_null(cat_differs(end, cat_layout(end, 0, CAT_V(4, 17)),
                                   NULL, NULL, 0, 0, &index));
    ck_assert_ptr_null(cat_differs(xsave, cat_layout(xsave, 0, CAT_V(4, 8)),
                                   NULL, NULL, 0, 0, &index));
}
END_TEST

/* Which rows have a meaning for a live domain, all of them: a change here
 * changes what a restore loads. */
static const struct {
    uint32_t typecode;
    const char *name;
    unsigned int flags;
} behaviour[] = {
    { 1, "changeset", CAT_IGNORED },
    { 1, "cpuid", CAT_IGNORED },
    { 2, "msr_flags", CAT_IGNORED },
    { 2, "tsc", CAT_MOVES },
    { 3, "irr", CAT_PENDING },
    { 3, "int_output", CAT_PENDING },
    { 4, "redirtbl[].fields.delivery_status", CAT_PENDING },
    { 4, "redirtbl[].fields.remote_irr", CAT_PENDING },
    { 6, "tmr", CAT_PENDING },
    { 6, "irr", CAT_PENDING },
    { 6, "tmcct", CAT_IGNORED },
    { 11, "cmos_data.seconds", CAT_MOVES | CAT_IGNORED },
    { 11, "cmos_data.minutes", CAT_MOVES | CAT_IGNORED },
    { 11, "cmos_data.hours", CAT_MOVES | CAT_IGNORED },
    { 11, "cmos_data.day_of_week", CAT_MOVES | CAT_IGNORED },
    { 11, "cmos_data.day_of_month", CAT_MOVES | CAT_IGNORED },
    { 11, "cmos_data.month", CAT_MOVES | CAT_IGNORED },
    { 11, "cmos_data.year", CAT_MOVES | CAT_IGNORED },
    { 11, "cmos_data.reg_a.uip", CAT_MOVES },
    { 11, "cmos_data.reg_c", CAT_PENDING },
    { 12, "res0", CAT_IGNORED },
    { 12, "res1", CAT_IGNORED },
    { 12, "isr", CAT_PENDING },
    { 12, "res2", CAT_IGNORED },
    { 12, "mc64", CAT_MOVES },
    { 12, "res3", CAT_IGNORED },
    { 12, "timers[].cmp", CAT_MOVES },
    { 12, "timers[].res4", CAT_IGNORED },
    { 12, "res5", CAT_IGNORED },
    { 13, "tmr_val", CAT_MOVES },
    { 13, "pm1a_sts", CAT_PENDING },
    { 13, "pm1a_sts.tmr", CAT_MOVES | CAT_PENDING },
    { 15, "time_ref_count", CAT_MOVES },
    { 16, "xfeature_mask", CAT_IGNORED },
};

START_TEST(flags_are_as_listed)
{
    const unsigned int all = CAT_MOVES | CAT_IGNORED | CAT_PENDING;
    size_t n = sizeof(behaviour) / sizeof(behaviour[0]);

    for (size_t r = 0; r < cat_table_size; r++)
        for (size_t i = 0; i < cat_table[r].n_fields; i++) {
            const struct cat_field *field = &cat_table[r].fields[i];
            unsigned int expected = 0;

            for (size_t k = 0; k < n; k++)
                if (behaviour[k].typecode == cat_table[r].typecode &&
                    strcmp(behaviour[k].name, field->name) == 0)
                    expected = behaviour[k].flags;
            ck_assert_msg((field->flags & all) == expected, "%s %s",
                          cat_table[r].name, field->name);
        }
    for (size_t k = 0; k < n; k++) {
        const struct cat_record *record = cat_record(behaviour[k].typecode);
        const struct cat_layout *last = NULL;

        for (size_t i = 0; i < record->n_layouts; i++)
            if (record->layouts[i].to == CAT_EVER && !last)
                last = &record->layouts[i];
        ck_assert_ptr_nonnull(last);
        ck_assert_msg(cat_field(record, last, behaviour[k].name) != NULL,
                      "%s %s", record->name, behaviour[k].name);
    }
}
END_TEST

TCase *tcase_differs(void)
{
    TCase *tcase = tcase_create("differs");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, every_bit, 0, (int)cat_table_size);
    tcase_add_loop_test(tcase, one_byte, 0,
                        (int)(sizeof(cases) / sizeof(cases[0])));
    tcase_add_test(tcase, ignored_hides_nothing);
    tcase_add_test(tcase, unnamed_padding);
    tcase_add_test(tcase, nothing_to_compare);
    tcase_add_test(tcase, flags_are_as_listed);
    return tcase;
}
