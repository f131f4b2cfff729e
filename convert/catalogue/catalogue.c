/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lookups in the catalogue, and access to fields in bodies. */
#include "catalogue/catalogue.h"
#include "base/bytes.h"
#include "base/digits.h"

#include <domctx.h>
#include <stdio.h>
#include <string.h>

const struct cat_field cat_tail = {
    .name = "", .width = 1, .stride = 1, .run = 1,
};

cat_version cat_version_of(uint32_t xen_major, uint32_t xen_minor)
{
    if (xen_major > 0xff)
        return CAT_EVER;
    if (xen_minor > 0xff)
        xen_minor = 0xff;
    return CAT_V(xen_major, xen_minor);
}

uint32_t cat_tsc_mode_last(cat_version version)
{
    return version < CAT_V(4, 12) ? 3 : 2;
}

const struct cat_record *cat_record_at(size_t i)
{
    return i < cat_table_size ? &cat_table[i] : NULL;
}

const struct cat_record *cat_record(uint32_t typecode)
{
    /* Typecodes have no gap, but a reserved range may be used one day. */
    if (typecode < cat_table_size &&
        cat_table[typecode].typecode == typecode)
        return &cat_table[typecode];
    for (size_t i = 0; i < cat_table_size; i++)
        if (cat_table[i].typecode == typecode)
            return &cat_table[i];
    return NULL;
}

const struct cat_record *cat_record_of_type(uint32_t type)
{
    if (type > DOMCTX_HVM_CONTEXT && type <= DOMCTX_HVM_LAST)
        return cat_record(type - DOMCTX_HVM_CONTEXT);
    for (size_t i = 0; i < cat_image_table_size; i++)
        if (cat_image_table[i].typecode == type)
            return &cat_image_table[i];
    return NULL;
}

const char *cat_name(const struct cat_record *record, cat_version version)
{
    if (!record)
        return NULL;
    for (size_t i = 0; i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];

        if (layout->name && version >= layout->from && version <= layout->to)
            return layout->name;
    }
    return record->name;
}

const char *domctx_hvm_name(uint32_t typecode)
{
    return cat_name(cat_record(typecode), CAT_EVER);
}

const char *domctx_type_name(uint32_t type)
{
    const struct cat_record *record = cat_record_of_type(type);

    return record ? record->image_name : NULL;
}

bool cat_layout_has(const struct cat_layout *layout, uint64_t length)
{
    if (length == layout->length)
        return true;
    return layout->tail && length > layout->length &&
           (length - layout->length) % layout->tail == 0;
}

const struct cat_layout *cat_layout(const struct cat_record *record,
                                    uint64_t length, cat_version version)
{
    for (size_t i = 0; i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];
        cat_version from =
            layout->backported ? layout->backported : layout->from;

        if (version >= from && version <= layout->to &&
            cat_layout_has(layout, length))
            return layout;
    }
    return NULL;
}

const struct cat_layout *cat_some_layout(const struct cat_record *record,
                                         uint64_t length)
{
    const struct cat_layout *found = NULL;

    for (size_t i = 0; !found && i < record->n_layouts; i++)
        found = cat_layout(record, length, record->layouts[i].from);
    return found;
}

bool cat_says_layout(const struct cat_record *record)
{
    return record->n_layouts > 0 && record->layouts[0].said;
}

/* Find where the second table of the tail begins, if the layout has one;
 * false: the numbers of units do not add up to the length. */
static bool find_second(const struct cat_record *record,
                        const struct cat_layout *layout, uint64_t length,
                        cat_reader *read, const void *arg, uint64_t *second)
{
    uint64_t units = (length - layout->length) / layout->tail;
    uint32_t first, then;

    if (!read(arg, record, layout->tables[0], &first) ||
        !read(arg, record, layout->tables[1], &then) ||
        (uint64_t)first + then != units)
        return false;
    *second = layout->length + (uint64_t)first * layout->tail;
    return true;
}

const struct cat_layout *cat_layout_said(const struct cat_record *record,
                                         uint64_t length, cat_reader *read,
                                         const void *arg, uint64_t *second)
{
    for (size_t i = 0; i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];
        bool fits = cat_layout_has(layout, length);
        uint32_t value;

        for (size_t k = 0; fits && k < layout->n_said; k++)
            fits = read(arg, record, layout->said[k].offset, &value) &&
                   value == layout->said[k].value;
        *second = 0;
        if (fits && layout->tables[0])
            fits = find_second(record, layout, length, read, arg, second);
        if (fits)
            return layout;
    }
    return NULL;
}

const struct cat_field *cat_field(const struct cat_record *record,
                                  const struct cat_layout *layout,
                                  const char *name)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct cat_field *field = &record->fields[i];

        /* most names differ in the first letter */
        if (field->name[0] == name[0] && cat_field_in(field, layout) &&
            strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

size_t cat_offset(const struct cat_field *field, size_t i)
{
    if (field->run == 1) /* most have no need of a division */
        return field->offset + i * field->stride;
    return field->offset + i / field->run * field->stride +
           i % field->run * field->width;
}

size_t cat_count_in(const struct cat_field *field, uint64_t length,
                    uint64_t second)
{
    uint64_t used = (uint64_t)field->offset + field->width;

    if (field->count)
        return field->count;
    if (field->second)
        length = second ? length - second : 0;
    else if (second)
        length = second;
    if (length < used)
        return 0;
    return (size_t)((length - used) / field->stride + 1);
}

char *cat_put_index(char *p, size_t i, size_t n)
{
    if (n == 0)
        return p;
    *p++ = '[';
    p = digits_decimal(p, i);
    if (n > 1) {
        *p++ = '-';
        p = digits_decimal(p, i + n - 1);
    }
    *p++ = ']';
    return p;
}

/* Any name of the catalogue fits with two indexes; a longer one would be
 * cut off. */
const char *cat_label(const struct cat_field *field, size_t i, size_t n,
                      char buf[CAT_LABEL_ROOM])
{
    const char *brackets = strstr(field->name, "[]");
    size_t head = brackets ? (size_t)(brackets - field->name)
                           : strlen(field->name);
    size_t tail = brackets ? strlen(brackets + 2) : 0;
    char *p = buf;

    if (head + tail > CAT_LABEL_ROOM - 90)
        tail = 0;
    if (head > CAT_LABEL_ROOM - 90)
        head = CAT_LABEL_ROOM - 90;
    memcpy(p, field->name, head);
    p += head;
    if (brackets && field->run == 1) {
        p = cat_put_index(p, i, n > 0 ? n : 1);
        memcpy(p, brackets + 2, tail);
        p += tail;
    } else if (brackets) {
        p = cat_put_index(p, i / field->run, 1);
        memcpy(p, brackets + 2, tail);
        p = cat_put_index(p + tail, i % field->run, n);
    } else if (field->count != 1) {
        p = cat_put_index(p, i, n);
    }
    *p = '\0';
    return buf;
}

static uint64_t mask_of(unsigned int bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* The storage unit of an element, whatever byte order this machine has. */
static uint64_t load(const uint8_t *p, size_t width, bool big)
{
    uint64_t value = 0;

    if (width == 8)
        return get64(p, big);
    if (width == 4)
        return get32(p, big);
    for (size_t i = 0; i < width; i++)
        value = value << 8 | p[big ? i : width - 1 - i];
    return value;
}

static void store(uint8_t *p, size_t width, bool big, uint64_t value)
{
    for (size_t i = 0; i < width; i++)
        p[big ? width - 1 - i : i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const struct cat_field *field, const uint8_t *body,
                    size_t i, bool big)
{
    uint64_t value = load(body + cat_offset(field, i), field->width, big);

    return field->bits ? value >> field->bit & mask_of(field->bits) : value;
}

static void set(const struct cat_field *field, uint8_t *body, size_t i,
                bool big, uint64_t value)
{
    uint8_t *p = body + cat_offset(field, i);

    if (field->bits) {
        uint64_t mask = mask_of(field->bits) << field->bit;

        value = (load(p, field->width, big) & ~mask) |
                (value << field->bit & mask);
    }
    store(p, field->width, big, value);
}

uint64_t cat_get(const struct cat_field *field, const uint8_t *body,
                 size_t i)
{
    return get(field, body, i, false);
}

void cat_set(const struct cat_field *field, uint8_t *body, size_t i,
             uint64_t value)
{
    set(field, body, i, false, value);
}

uint64_t cat_get_big(const struct cat_field *field, const uint8_t *body,
                     size_t i)
{
    return get(field, body, i, true);
}

void cat_set_big(const struct cat_field *field, uint8_t *body, size_t i,
                 uint64_t value)
{
    set(field, body, i, true, value);
}

bool cat_covers(const struct cat_field *field, uint64_t byte,
                unsigned int bit, size_t *index)
{
    uint64_t run, in_run;

    if (byte < field->offset || field->second)
        return false;
    run = (byte - field->offset) / field->stride;
    in_run = (byte - field->offset) % field->stride;
    if (in_run >= (uint64_t)field->run * field->width)
        return false;
    *index = (size_t)(run * field->run + in_run / field->width);
    if (field->count && *index >= field->count)
        return false;
    bit += 8 * (unsigned int)(in_run % field->width);
    return !field->bits ||
           (bit >= field->bit && bit < field->bit + field->bits);
}

/* The narrowest row that contains a bit: parts and views come last. */
static const struct cat_field *field_at(const struct cat_record *record,
                                        const struct cat_layout *layout,
                                        uint64_t byte, unsigned int bit,
                                        size_t *index)
{
    for (size_t i = record->n_fields; i-- > 0;) {
        const struct cat_field *field = &record->fields[i];

        if (cat_field_in(field, layout) && cat_covers(field, byte, bit, index))
            return field;
    }
    *index = (size_t)byte;
    return &cat_tail;
}

const struct cat_field *cat_differs(const struct cat_record *record,
                                    const struct cat_layout *layout,
                                    const uint8_t *a, const uint8_t *b,
                                    uint64_t length, unsigned int ignore,
                                    size_t *index)
{
    if (length == 0 || memcmp(a, b, (size_t)length) == 0)
        return NULL;
    for (uint64_t byte = 0; byte < length; byte++) {
        unsigned int different = a[byte] ^ b[byte];

        for (unsigned int bit = 0; different >> bit; bit++) {
            const struct cat_field *field;

            if (!(different >> bit & 1))
                continue;
            field = field_at(record, layout, byte, bit, index);
            if (!(field->flags & ignore))
                return field;
        }
    }
    return NULL;
}
