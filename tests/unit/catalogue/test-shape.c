/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shape that each layout has in JSON: every bit stands in one place, and
 * no two members have one name. */
#include "support.h"

#include <document/document.h>
#include "catalogue/shape.h"

#define LENGTH_MAX 16384

/* Number i of both tables. */
static const struct cat_record *nth_record(size_t i)
{
    return i < cat_table_size ? &cat_table[i]
                              : &cat_image_table[i - cat_table_size];
}

static void count_registers(const struct cat_field *field, uint8_t *times)
{
    const struct cat_registers *which = field->registers;

    for (size_t i = 0; i < which->count; i++)
        for (size_t bit = 0; bit < 8u * which->width; bit++)
            times[8 * (field->offset + i * which->stride) + bit]++;
}

/* How often each bit of a body stands in a field. */
static void count_bits(const struct shape *shape, uint64_t length,
                       uint8_t *times)
{
    for (size_t n = 1; n < shape->count; n++) {
        const struct shape_node *node = &shape->nodes[n];
        const struct cat_field *field = node->field;
        size_t index;

        if (node->kind == SHAPE_OBJECT || node->kind == SHAPE_LIST)
            continue;
        if (node->kind == SHAPE_REGISTERS) {
            count_registers(field, times);
            continue;
        }
        ck_assert(cat_field_in(field, shape->layout));
        for (uint64_t bit = 0; bit < 8 * length; bit++)
            if (cat_covers(field, bit / 8, bit % 8, &index) &&
                index < cat_count(field, length))
                times[bit]++;
    }
}

START_TEST(every_bit_once)
{
    const struct cat_record *record = nth_record((size_t)_i);

    for (size_t i = 0; i < 2 * record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i / 2];
        uint64_t length = layout->length + 3u * layout->tail;
        uint8_t times[8 * LENGTH_MAX] = { 0 };
        struct shapes shapes = { .whole = i % 2 };
        const struct shape *shape = shape_of(&shapes, record, layout);

        ck_assert_uint_le(length, LENGTH_MAX);
        ck_assert_ptr_nonnull(shape);
        ck_assert_ptr_eq(shape_of(&shapes, record, layout), shape);
        count_bits(shape, length, times);
        for (uint64_t bit = 0; bit < 8 * length; bit++) {
            bool tail = shape->has_tail && bit / 8 >= layout->length;
            bool free_bit = shape_free_bits(shape, bit / 8) >> bit % 8 & 1;

            ck_assert_msg(times[bit] + free_bit + tail == 1,
                          "%s of %u: bit %u of byte %u stands %u times",
                          record->name, layout->length, (unsigned)bit % 8,
                          (unsigned)bit / 8, times[bit] + free_bit + tail);
        }
        shapes_free(&shapes);
    }
}
END_TEST

static bool same_name(const struct shape_node *a, const char *name,
                      size_t size)
{
    return a->size == size && memcmp(a->name, name, size) == 0;
}

static void check_siblings(const struct shape *shape, size_t first)
{
    for (size_t a = first; a; a = shape->nodes[a].next) {
        const struct shape_node *node = &shape->nodes[a];

        ck_assert_uint_gt(node->size, 0);
        ck_assert_ptr_null(memchr(node->name, '[', node->size));
        ck_assert_uint_gt(
            shape_elements(node, LENGTH_MAX,
                           node->field && node->field->second ? 32 : 0), 0);
        for (size_t b = node->next; b; b = shape->nodes[b].next)
            ck_assert_msg(!same_name(&shape->nodes[b], node->name,
                                     node->size), "%s: %.*s twice",
                          shape->record->name, (int)node->size, node->name);
        check_siblings(shape, node->first);
    }
}

START_TEST(names_are_unique)
{
    static const char *const own[] = {
        KEY_RECORD, KEY_INSTANCE, KEY_CLAIMED, KEY_LENGTH, KEY_TAIL,
        KEY_REST, KEY_HEX, KEY_TEXT, KEY_RECORDS, KEY_AFTER_END,
        KEY_YMM_HIGH, KEY_PROVENANCE,
    };
    const struct cat_record *record = nth_record((size_t)_i);

    for (size_t i = 0; i < 2 * record->n_layouts; i++) {
        struct shapes shapes = { .whole = i % 2 };
        const struct shape *shape =
            shape_of(&shapes, record, &record->layouts[i / 2]);

        ck_assert_ptr_nonnull(shape);
        check_siblings(shape, shape->nodes[0].first);
        for (size_t n = shape->nodes[0].first; n; n = shape->nodes[n].next)
            for (size_t k = 0; k < sizeof(own) / sizeof(own[0]); k++)
                ck_assert_msg(!same_name(&shape->nodes[n], own[k],
                                         strlen(own[k])), "%s: %s",
                              record->name, own[k]);
        shapes_free(&shapes);
    }
}
END_TEST

/* The fields of a list agree on how many objects it has. */
START_TEST(lists_are_even)
{
    const struct cat_record *record = nth_record((size_t)_i);

    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *a = &record->fields[i];
        const char *end = strstr(a->name, "[]");

        for (size_t k = 0; end && k < record->n_fields; k++) {
            const struct cat_field *b = &record->fields[k];
            size_t size = (size_t)(end - a->name) + 2;

            if (strncmp(a->name, b->name, size) != 0 || a->to < b->from ||
                b->to < a->from)
                continue;
            ck_assert_uint_eq(a->count / a->run, b->count / b->run);
        }
    }
}
END_TEST

/* -- what stays as it is ------------------------------------------------ */

/* A line for a layout: its members with their types. */
static void describe(const struct shape *shape, struct bytes *line)
{
    char word[200];

    snprintf(word, sizeof(word), "%s %u%s %u.%u:", shape->record->name,
             shape->layout->length, shape->layout->tail ? "+" : "",
             shape->layout->fields >> 8, shape->layout->fields & 0xff);
    put_raw(line, word, strlen(word));
    for (size_t n = 1; n < shape->count; n++) {
        const struct shape_node *node = &shape->nodes[n];
        const struct cat_field *field = node->field;

        if (node->kind == SHAPE_OBJECT || node->kind == SHAPE_LIST)
            continue;
        if (node->kind == SHAPE_REGISTERS) {
            snprintf(word, sizeof(word), " %.*s%s=u%u*%u/1",
                     (int)(strrchr(field->name, '.') + 1 - field->name),
                     field->name, field->registers->name,
                     8u * field->registers->width, field->registers->count);
            put_raw(line, word, strlen(word));
            continue;
        }
        snprintf(word, sizeof(word), " %s=%s%u", field->name,
                 node->kind == SHAPE_BYTES ? "bytes"
                 : shape_is_signed(field)  ? "s"
                                           : "u",
                 field->bits ? field->bits : 8u * field->width);
        put_raw(line, word, strlen(word));
        if (field->count != 1) {
            snprintf(word, sizeof(word), "*%u/%u", field->count, field->run);
            put_raw(line, word, strlen(word));
        }
    }
    put_raw(line, "\n", 1);
}

static void describe_all(struct bytes *lines, bool whole)
{
    for (size_t i = 0; i < cat_table_size + cat_image_table_size; i++) {
        const struct cat_record *record = nth_record(i);

        for (size_t k = 0; k < record->n_layouts; k++) {
            struct shapes shapes = { .whole = whole };
            const struct shape *shape =
                shape_of(&shapes, record, &record->layouts[k]);

            ck_assert_ptr_nonnull(shape);
            describe(shape, lines);
            shapes_free(&shapes);
        }
    }
    put_raw(lines, "", 1);
}

static void write_table(const char *name, const struct bytes *lines)
{
    FILE *file = fopen(name, "w");

    ck_assert_ptr_nonnull(file);
    fputs((const char *)lines->p, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* Documents of either schema are read for good, so the members of a layout
 * never change; a new layout is no change. */
START_TEST(what_was_promised)
{
    struct bytes promised = { 0 }, now = { 0 };
    size_t lines = 0;
    char *line;

    load_sample(&promised, _i ? "xl-context-2.members"
                              : "xl-context-1.members");
    put_raw(&promised, "", 1);
    describe_all(&now, _i);
    if (_i && getenv("WRITE_TABLE"))
        write_table(getenv("WRITE_TABLE"), &now);
    for (line = strtok((char *)promised.p, "\n"); line;
         line = strtok(NULL, "\n")) {
        const char *found = strstr((char *)now.p, line);
        size_t size = strlen(line);

        ck_assert_msg(found && found[size] == '\n' &&
                          (found == (char *)now.p || found[-1] == '\n'),
                      "no longer: %s", line);
        lines++;
    }
    ck_assert_uint_ge(lines, 50);
    bytes_free(&promised);
    bytes_free(&now);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shape");
    TCase *tcase = tcase_create("shape");
    int n = (int)(cat_table_size + cat_image_table_size);

    tcase_add_loop_test(tcase, every_bit_once, 0, n);
    tcase_add_loop_test(tcase, names_are_unique, 0, n);
    tcase_add_loop_test(tcase, lists_are_even, 0, n);
    tcase_add_loop_test(tcase, what_was_promised, 0, 2);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
