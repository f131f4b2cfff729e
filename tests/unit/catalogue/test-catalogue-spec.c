/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read hvm-layouts.json and hold a record of the catalogue against it. */
#include "catalogue/test-catalogue.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_tree.h>

/* --- reading --------------------------------------------------------- */

static yajl_val get(yajl_val in, const char *key, yajl_type type)
{
    const char *path[] = { key, NULL };

    return yajl_tree_get(in, path, type);
}

static long number(yajl_val in, const char *key, long otherwise)
{
    yajl_val value = get(in, key, yajl_t_number);

    return value ? (long)YAJL_GET_INTEGER(value) : otherwise;
}

static const char *text(yajl_val in, const char *key)
{
    return YAJL_GET_STRING(get(in, key, yajl_t_string));
}

static cat_version release(const char *s, cat_version otherwise)
{
    unsigned int xen_major, xen_minor;

    if (!s)
        return otherwise;
    ck_assert_int_eq(sscanf(s, "%u.%u", &xen_major, &xen_minor), 2);
    return CAT_V(xen_major, xen_minor);
}

static void read_shape(yajl_val in, struct cat_field *as)
{
    const char *path[] = { "dims", NULL };
    yajl_val dims = yajl_tree_get(in, path, yajl_t_array);

    as->count = (uint16_t)number(in, "count", 0);
    as->stride = (uint16_t)number(in, "stride", as->width);
    as->run = 1;
    if (!dims)
        return;
    as->stride = (uint16_t)number(dims->u.array.values[0], "stride", 0);
    if (dims->u.array.len == 2) {
        yajl_val inner = dims->u.array.values[1];

        as->run = (uint8_t)number(inner, "count", 0);
        ck_assert_int_eq(number(inner, "stride", 0), as->width);
    }
}

static void read_field(yajl_val in, struct spec_field *field)
{
    const char *in_union = text(in, "union");
    const char *type = text(in, "type");

    field->name = text(in, "name");
    ck_assert_ptr_nonnull(field->name);
    ck_assert_ptr_nonnull(type);
    field->in_union = in_union != NULL;
    if (in_union)
        snprintf(field->in, sizeof(field->in), "%s", in_union);
    field->is_signed = strncmp(type, "int", 3) == 0;
    field->as.offset = (uint16_t)number(in, "offset", 0xffff);
    field->as.width = (uint8_t)number(in, "size", 0);
    field->as.bit = (uint8_t)number(in, "bit_offset", 0);
    field->as.bits = (uint8_t)number(in, "bit_width", 0);
    read_shape(in, &field->as);
}

/* The first series outside from..to that has the layout in some point
 * releases. */
static cat_version read_backported(yajl_val in, cat_version from,
                                   cat_version to)
{
    yajl_val list = get(in, "point_release_exceptions", yajl_t_object);
    cat_version first = 0;

    for (size_t i = 0; list && i < list->u.object.len; i++) {
        cat_version v = release(list->u.object.keys[i], 0);

        if ((v < from || v > to) && (first == 0 || v < first))
            first = v;
    }
    return first;
}

static void read_layout(yajl_val in, bool compat, struct spec_layout *layout)
{
    yajl_val fields = get(in, "fields", yajl_t_array);
    yajl_val tail = get(in, "tail", yajl_t_object);

    ck_assert_ptr_nonnull(fields);
    layout->record = text(in, "record");
    layout->code = (uint32_t)number(in, "code", -1);
    layout->size = (uint32_t)number(in, "size", -1);
    layout->tail = tail ? (uint8_t)number(tail, "unit_bytes", 0) : 0;
    layout->from = release(text(in, "from"), 0);
    layout->to = release(text(in, "to"), CAT_EVER);
    layout->compat = compat;
    layout->backported = read_backported(in, layout->from, layout->to);
    layout->n_fields = fields->u.array.len;
    layout->fields = calloc(layout->n_fields + 1, sizeof(*layout->fields));
    ck_assert_ptr_nonnull(layout->fields);
    for (size_t i = 0; i < layout->n_fields; i++)
        read_field(fields->u.array.values[i], &layout->fields[i]);
}

static char *read_file(void)
{
    const char *path = TEST_DATA "/hvm-layouts.json";
    char *all = calloc(1, 1 << 20);
    FILE *file;

    file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    ck_assert_ptr_nonnull(all);
    ck_assert_uint_lt(fread(all, 1, (1 << 20) - 1, file), (1 << 20) - 1);
    fclose(file);
    return all;
}

const struct spec *spec_load(void)
{
    static struct spec spec;
    static yajl_val root; /* kept: the names are in it */
    const char *const lists[] = { "layouts", "compat_layouts" };
    char error[256];
    char *all;

    if (root)
        return &spec;
    all = read_file();
    root = yajl_tree_parse(all, error, sizeof(error));
    free(all);
    ck_assert_msg(root != NULL, "%s", error);
    for (size_t l = 0; l < 2; l++) {
        yajl_val list = get(root, lists[l], yajl_t_array);
        size_t n = spec.n_layouts;

        ck_assert_ptr_nonnull(list);
        spec.n_layouts += list->u.array.len;
        spec.layouts = reallocarray(spec.layouts, spec.n_layouts,
                                    sizeof(*spec.layouts));
        ck_assert_ptr_nonnull(spec.layouts);
        memset(spec.layouts + n, 0,
               list->u.array.len * sizeof(*spec.layouts));
        for (size_t i = 0; i < list->u.array.len; i++)
            read_layout(list->u.array.values[i], l == 1,
                        &spec.layouts[n + i]);
    }
    return &spec;
}

/* --- comparing ------------------------------------------------------- */

/* Where a comparison is, and what it found. */
struct where {
    const struct cat_record *record;
    const struct spec_layout *spec;
    const struct cat_layout *layout;
    char *why;
    size_t size;
};

__attribute__((format(printf, 3, 4)))
static bool differ(const struct where *at, const char *name,
                   const char *format, ...)
{
    va_list args;
    int n = snprintf(at->why, at->size, "%s %u (%u) %s: ", at->record->name,
                     at->spec ? at->spec->size : 0,
                     at->spec ? at->spec->from : 0, name);

    va_start(args, format);
    if (n > 0 && (size_t)n < at->size)
        vsnprintf(at->why + n, at->size - (size_t)n, format, args);
    va_end(args);
    return false;
}

#define SAME(member) \
    (a->member == b->member || \
     differ(at, row->name, #member " %u, not %u", b->member, a->member))

/* One row against one field of the spec. */
static bool same_field(const struct where *at, const struct spec_field *field,
                       const struct cat_field *row)
{
    const struct cat_field *a = &field->as, *b = row;

    if (!(SAME(offset) && SAME(width) && SAME(bit) && SAME(bits) &&
          SAME(count) && SAME(stride) && SAME(run)))
        return false;
    if (field->is_signed != (row->print == CAT_SIGNED))
        return differ(at, row->name, "signedness");
    if ((row->flags & CAT_VIEW) && !field->in_union)
        return differ(at, row->name, "is in no union");
    return true;
}

/* Of the members of a union, all but one are views. */
static bool one_container(const struct where *at,
                          const struct spec_field *field)
{
    size_t containers = 0;

    if (!field->in_union)
        return true;
    for (size_t i = 0; i < at->spec->n_fields; i++) {
        const struct spec_field *other = &at->spec->fields[i];
        const struct cat_field *row;

        if (!other->in_union || strcmp(other->in, field->in) != 0)
            continue;
        row = cat_field(at->record, at->layout, other->name);
        containers += row && !(row->flags & CAT_VIEW);
    }
    return containers == 1 ||
           differ(at, field->name, "%zu containers in the union",
                  containers);
}

/* Every field of the spec is a row, once. */
static bool nothing_missing(const struct where *at)
{
    for (size_t i = 0; i < at->spec->n_fields; i++) {
        const struct spec_field *field = &at->spec->fields[i];
        size_t found = 0;

        for (size_t k = 0; k < at->record->n_fields; k++) {
            const struct cat_field *row = &at->record->fields[k];

            if (!cat_field_in(row, at->layout) || (row->flags & CAT_PART) ||
                strcmp(row->name, field->name) != 0)
                continue;
            found++;
            if (!same_field(at, field, row))
                return false;
        }
        if (found != 1)
            return differ(at, field->name, "%zu rows", found);
        if (!one_container(at, field))
            return false;
    }
    return true;
}

/* Whether all bytes of the row are bytes of one plain field of the spec. */
static bool inside(const struct cat_field *row, const struct cat_field *in)
{
    size_t last = cat_offset(row, row->count ? row->count - 1u : 0);
    size_t end = cat_offset(in, in->count ? in->count - 1u : 0) + in->width;

    return !in->bits && in->count && row->count && in->stride == in->width &&
           row->offset >= in->offset && last + row->width <= end;
}

/* Every row is a field of the spec, or a part of one. */
static bool nothing_invented(const struct where *at)
{
    for (size_t k = 0; k < at->record->n_fields; k++) {
        const struct cat_field *row = &at->record->fields[k];
        bool found = false;

        if (!cat_field_in(row, at->layout))
            continue;
        for (size_t i = 0; !found && i < at->spec->n_fields; i++) {
            const struct spec_field *field = &at->spec->fields[i];

            found = (row->flags & CAT_PART)
                        ? inside(row, &field->as)
                        : strcmp(row->name, field->name) == 0;
        }
        if (!found)
            return differ(at, row->name, "is no field");
    }
    return true;
}

static bool same_layout(const struct spec_layout *spec,
                        const struct cat_layout *layout)
{
    return spec->size == layout->length && spec->tail == layout->tail &&
           spec->from == layout->from && spec->to == layout->to &&
           spec->backported == layout->backported &&
           layout->fields == (spec->compat ? CAT_CPU_COMPAT : spec->from);
}

/* An empty CPU_XSAVE is no layout of a header, but readers expect it. */
static bool is_empty_form(const struct cat_layout *layout)
{
    return layout->length == 0 && layout->fields == CAT_NO_FIELDS;
}

static bool layout_agrees(struct where *at)
{
    at->layout = NULL;
    for (size_t i = 0; i < at->record->n_layouts; i++) {
        if (!same_layout(at->spec, &at->record->layouts[i]))
            continue;
        if (at->layout)
            return differ(at, "", "the layout is there twice");
        at->layout = &at->record->layouts[i];
    }
    if (!at->layout)
        return differ(at, "", "no such layout");
    if (strcmp(cat_name(at->record, at->spec->from), at->spec->record) != 0)
        return differ(at, "", "the name then was %s", at->spec->record);
    return nothing_missing(at) && nothing_invented(at);
}

bool spec_agrees(const struct spec *spec, const struct cat_record *record,
                 char *why, size_t size)
{
    struct where at = { .record = record, .why = why, .size = size };
    size_t expected = 0, found = 0;
    cat_version first = CAT_EVER;
    bool variable = false;

    for (size_t i = 0; i < spec->n_layouts; i++) {
        if (spec->layouts[i].code != record->typecode)
            continue;
        at.spec = &spec->layouts[i];
        if (!layout_agrees(&at))
            return false;
        expected++;
        variable |= at.spec->tail != 0;
        if (at.spec->from < first)
            first = at.spec->from;
    }
    at.spec = NULL;
    for (size_t i = 0; i < record->n_layouts; i++)
        found += !is_empty_form(&record->layouts[i]);
    if (expected == 0 || expected != found)
        return differ(&at, "", "%zu layouts, not %zu", found, expected);
    if (record->from != first)
        return differ(&at, "", "first release");
    if (variable != !!(record->flags & CAT_VARIABLE))
        return differ(&at, "", "the flag for a tail");
    return true;
}
