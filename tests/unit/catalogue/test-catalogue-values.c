/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing fields in bodies. */
#include "catalogue/test-catalogue.h"

#include <string.h>

#define LARGEST 1100

static uint64_t highest(const struct cat_field *field)
{
    unsigned int bits = field->bits ? field->bits : 8u * field->width;

    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* The body may only differ in the element's bytes. */
static void check_rest(const struct cat_field *field, size_t i,
                       const uint8_t *before, const uint8_t *after,
                       size_t length)
{
    size_t at = cat_offset(field, i);

    ck_assert_uint_le(at + field->width, length);
    ck_assert_int_eq(memcmp(before, after, at), 0);
    ck_assert_int_eq(memcmp(before + at + field->width,
                            after + at + field->width,
                            length - at - field->width), 0);
}

static void check_element(const struct cat_field *field, size_t i,
                          uint8_t *body, size_t length)
{
    const uint64_t values[] = { 0, UINT64_MAX, UINT64_C(0x5a5a5a5a5a5a5a5a),
                                UINT64_C(0x0123456789abcdef), 1 };
    uint64_t first = cat_get(field, body, i);
    uint8_t before[LARGEST];

    memcpy(before, body, length);
    ck_assert_uint_le(first, highest(field));
    for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
        cat_set(field, body, i, values[v]);
        ck_assert_uint_eq(cat_get(field, body, i),
                          values[v] & highest(field));
        check_rest(field, i, before, body, length);
        /* the neighbours in the storage unit are as they were */
        cat_set(field, body, i, first);
        ck_assert_int_eq(memcmp(before, body, length), 0);
    }
}

START_TEST(round_trip)
{
    const struct cat_record *record = &cat_table[_i];
    uint8_t body[LARGEST];

    for (size_t l = 0; l < record->n_layouts; l++) {
        const struct cat_layout *layout = &record->layouts[l];
        size_t length = layout->length + 2u * layout->tail;

        for (size_t k = 0; k < length; k++)
            body[k] = (uint8_t)(k * 29 + 7);
        for (size_t f = 0; f < record->n_fields; f++) {
            const struct cat_field *field = &record->fields[f];

            if (!cat_field_in(field, layout))
                continue;
            for (size_t i = 0; i < cat_count(field, length); i++)
                check_element(field, i, body, length);
        }
    }
}
END_TEST

/* Bytes on the wire, worked out by hand. */
static const struct {
    uint32_t typecode;
    size_t length;
    unsigned int xen_major, xen_minor;
    const char *name;
    size_t index;
    uint64_t value;
    size_t at, n;
    uint8_t bytes[8];
} wire[] = {
    { 2, 1032, 4, 17, "rip", 0, UINT64_C(0x0102030405060708), 640, 8,
      { 8, 7, 6, 5, 4, 3, 2, 1 } },
    { 2, 1032, 4, 17, "pending_type", 0, 5, 1017, 1, { 0x05 } },
    { 2, 1032, 4, 17, "pending_error_valid", 0, 1, 1017, 1, { 0x08 } },
    { 2, 1032, 4, 17, "pending_reserved", 0, 0x7ffff, 1016, 4,
      { 0x00, 0xf0, 0xff, 0x7f } },
    { 2, 1032, 4, 17, "pending_valid", 0, 1, 1019, 1, { 0x80 } },
    { 2, 1016, 3, 4, "pending_valid", 0, 1, 1011, 1, { 0x80 } },
    { 2, 1016, 3, 4, "sysenter_cs", 0, UINT64_MAX, 920, 8,
      { 0xff, 0xff, 0xff, 0xff } },
    { 2, 1016, 4, 17, "sysenter_cs", 0, 0x10, 920, 8, { 0x10 } },
    { 2, 1016, 4, 17, "tsc", 0, 0x0102, 1000, 8, { 2, 1 } },
    { 2, 1024, 4, 6, "tsc", 0, 0x0102, 1008, 8, { 2, 1 } },
    { 3, 8, 4, 17, "priority_add", 0, 0xf, 4, 1, { 0xf0 } },
    { 3, 8, 4, 17, "is_master", 0, 1, 5, 1, { 0x40 } },
    { 4, 400, 4, 17, "redirtbl[].fields.remote_irr", 47, 1, 393, 1,
      { 0x40 } },
    { 4, 400, 4, 17, "redirtbl[].fields.reserved", 5, 0xee, 28, 1,
      { 0xee } },
    { 4, 400, 4, 17, "redirtbl[].bits", 1, UINT64_C(0x8877665544332211), 24,
      8, { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 } },
    { 6, 1024, 4, 17, "irr", 7, 0x80000001, 0x270, 4, { 1, 0, 0, 0x80 } },
    { 10, 56, 4, 17, "channels[].latched_count", 2, 0x1234, 36, 2,
      { 0x34, 0x12 } },
    { 11, 24, 4, 17, "rtc_offset", 0, (uint64_t)-2, 16, 8,
      { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
    { 12, 1048, 4, 17, "timers[].fsb", 2, 0x11, 336, 1, { 0x11 } },
    { 20, 40, 4, 17, "msr[].val", 1, 0x0102, 32, 2, { 2, 1 } },
};

START_TEST(on_the_wire)
{
    const struct cat_record *record = cat_record(wire[_i].typecode);
    const struct cat_layout *layout =
        cat_layout(record, wire[_i].length,
                   cat_version_of(wire[_i].xen_major, wire[_i].xen_minor));
    const struct cat_field *field;
    uint8_t body[LARGEST] = { 0 }, expected[LARGEST] = { 0 };

    ck_assert_ptr_nonnull(layout);
    field = cat_field(record, layout, wire[_i].name);
    ck_assert_ptr_nonnull(field);
    memcpy(expected + wire[_i].at, wire[_i].bytes, wire[_i].n);
    cat_set(field, body, wire[_i].index, wire[_i].value);
    ck_assert_int_eq(memcmp(body, expected, sizeof(body)), 0);
}
END_TEST

/* Where the processor and chip manuals have what the public headers leave as
 * an array: FXSAVE, the local APIC's page, the clock's CMOS bytes. */
static const struct {
    uint32_t typecode;
    const char *name;
    size_t offset, width, count, stride;
} parts[] = {
    { 2, "fpu_regs.fcw", 0, 2, 1, 2 },
    { 2, "fpu_regs.fsw", 2, 2, 1, 2 },
    { 2, "fpu_regs.ftw", 4, 1, 1, 1 },
    { 2, "fpu_regs.fop", 6, 2, 1, 2 },
    { 2, "fpu_regs.fip", 8, 8, 1, 8 },
    { 2, "fpu_regs.fdp", 16, 8, 1, 8 },
    { 2, "fpu_regs.mxcsr", 24, 4, 1, 4 },
    { 2, "fpu_regs.mxcsr_mask", 28, 4, 1, 4 },
    { 2, "fpu_regs.st_mantissa", 32, 8, 8, 16 },
    { 2, "fpu_regs.st_exponent", 40, 2, 8, 16 },
    { 2, "fpu_regs.xmm", 160, 8, 32, 8 },
    { 16, "save_area.fpu_sse.fcw", 24, 2, 1, 2 },
    { 16, "save_area.fpu_sse.fsw", 26, 2, 1, 2 },
    { 16, "save_area.fpu_sse.ftw", 28, 1, 1, 1 },
    { 16, "save_area.fpu_sse.fop", 30, 2, 1, 2 },
    { 16, "save_area.fpu_sse.fip", 32, 8, 1, 8 },
    { 16, "save_area.fpu_sse.fdp", 40, 8, 1, 8 },
    { 16, "save_area.fpu_sse.mxcsr", 48, 4, 1, 4 },
    { 16, "save_area.fpu_sse.mxcsr_mask", 52, 4, 1, 4 },
    { 16, "save_area.fpu_sse.st_mantissa", 56, 8, 8, 16 },
    { 16, "save_area.fpu_sse.st_exponent", 64, 2, 8, 16 },
    { 16, "save_area.fpu_sse.xmm", 184, 8, 32, 8 },
    { 6, "id", 0x20, 4, 1, 4 },
    { 6, "version", 0x30, 4, 1, 4 },
    { 6, "tpr", 0x80, 4, 1, 4 },
    { 6, "apr", 0x90, 4, 1, 4 },
    { 6, "ppr", 0xa0, 4, 1, 4 },
    { 6, "eoi", 0xb0, 4, 1, 4 },
    { 6, "rrd", 0xc0, 4, 1, 4 },
    { 6, "ldr", 0xd0, 4, 1, 4 },
    { 6, "dfr", 0xe0, 4, 1, 4 },
    { 6, "svr", 0xf0, 4, 1, 4 },
    { 6, "esr", 0x280, 4, 1, 4 },
    { 6, "cmci", 0x2f0, 4, 1, 4 },
    { 6, "icr_low", 0x300, 4, 1, 4 },
    { 6, "icr_high", 0x310, 4, 1, 4 },
    { 6, "lvtt", 0x320, 4, 1, 4 },
    { 6, "lvtthmr", 0x330, 4, 1, 4 },
    { 6, "lvtpc", 0x340, 4, 1, 4 },
    { 6, "lvt0", 0x350, 4, 1, 4 },
    { 6, "lvt1", 0x360, 4, 1, 4 },
    { 6, "lvterr", 0x370, 4, 1, 4 },
    { 6, "tmict", 0x380, 4, 1, 4 },
    { 6, "tmcct", 0x390, 4, 1, 4 },
    { 6, "tdcr", 0x3e0, 4, 1, 4 },
    { 6, "isr", 0x100, 4, 8, 16 },
    { 6, "tmr", 0x180, 4, 8, 16 },
    { 6, "irr", 0x200, 4, 8, 16 },
    { 11, "cmos_data.seconds", 0, 1, 1, 1 },
    { 11, "cmos_data.seconds_alarm", 1, 1, 1, 1 },
    { 11, "cmos_data.minutes", 2, 1, 1, 1 },
    { 11, "cmos_data.minutes_alarm", 3, 1, 1, 1 },
    { 11, "cmos_data.hours", 4, 1, 1, 1 },
    { 11, "cmos_data.hours_alarm", 5, 1, 1, 1 },
    { 11, "cmos_data.day_of_week", 6, 1, 1, 1 },
    { 11, "cmos_data.day_of_month", 7, 1, 1, 1 },
    { 11, "cmos_data.month", 8, 1, 1, 1 },
    { 11, "cmos_data.year", 9, 1, 1, 1 },
    { 11, "cmos_data.reg_a", 10, 1, 1, 1 },
    { 11, "cmos_data.reg_b", 11, 1, 1, 1 },
    { 11, "cmos_data.reg_c", 12, 1, 1, 1 },
    { 11, "cmos_data.reg_d", 13, 1, 1, 1 },
    { 11, "cmos_data.reg_a.uip", 10, 1, 1, 1 },
    { 13, "pm1a_sts.tmr", 4, 2, 1, 2 },
};

START_TEST(parts_are_in_place)
{
    size_t n = sizeof(parts) / sizeof(parts[0]), there = 0;

    for (size_t i = 0; i < n; i++) {
        const struct cat_record *record = cat_record(parts[i].typecode);
        const struct cat_field *field =
            cat_field(record, &record->layouts[0], parts[i].name);

        ck_assert_msg(field != NULL, "%s", parts[i].name);
        ck_assert_msg(field->flags & CAT_PART, "%s", parts[i].name);
        ck_assert_uint_eq(field->offset, parts[i].offset);
        ck_assert_uint_eq(field->width, parts[i].width);
        ck_assert_uint_eq(field->count, parts[i].count);
        ck_assert_uint_eq(field->stride, parts[i].stride);
        ck_assert_uint_eq(field->run, 1);
    }
    for (size_t r = 0; r < cat_table_size; r++)
        for (size_t i = 0; i < cat_table[r].n_fields; i++)
            there += (cat_table[r].fields[i].flags & CAT_PART) != 0;
    ck_assert_uint_eq(there, n);
}
END_TEST

/* What a loader puts where a short record ends: 0, but for CPU.flags. */
START_TEST(assumed_values)
{
    for (size_t r = 0; r < cat_table_size; r++)
        for (size_t i = 0; i < cat_table[r].n_fields; i++) {
            const struct cat_field *field = &cat_table[r].fields[i];
            bool is_flags = cat_table[r].typecode == 2 &&
                            strcmp(field->name, "flags") == 0;

            ck_assert_uint_eq(field->assumed, is_flags);
        }
}
END_TEST

/* Whole elements only, in fixed arrays and in tails. */
START_TEST(counting)
{
    const struct cat_record *msr = cat_record(20);
    const struct cat_layout *layout = cat_layout(msr, 8, CAT_V(4, 17));
    const struct cat_field *index = cat_field(msr, layout, "msr[].index");
    const struct cat_field *val = cat_field(msr, layout, "msr[].val");

    ck_assert_uint_eq(cat_count(index, 0), 0);
    ck_assert_uint_eq(cat_count(index, 8), 0);
    ck_assert_uint_eq(cat_count(index, 11), 0);
    ck_assert_uint_eq(cat_count(index, 12), 1);
    ck_assert_uint_eq(cat_count(val, 23), 0);
    ck_assert_uint_eq(cat_count(val, 24), 1);
    ck_assert_uint_eq(cat_count(val, 39), 1);
    ck_assert_uint_eq(cat_count(val, 8 + 16 * 4), 4);
    ck_assert_uint_eq(cat_count(index, UINT32_MAX), 0x10000000);
    ck_assert_uint_eq(cat_count(cat_field(msr, layout, "count"), 8), 1);
}
END_TEST

TCase *tcase_values(void)
{
    TCase *tcase = tcase_create("values");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, round_trip, 0, (int)cat_table_size);
    tcase_add_loop_test(tcase, on_the_wire, 0,
                        (int)(sizeof(wire) / sizeof(wire[0])));
    tcase_add_test(tcase, parts_are_in_place);
    tcase_add_test(tcase, assumed_values);
    tcase_add_test(tcase, counting);
    return tcase;
}
