/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalogue/shape.h"

#include <domctx.h>
#include <stdlib.h>
#include <string.h>

#define INNER (CAT_PART | CAT_VIEW)

/* -- the rows that appear in JSON --------------------------------------- */

/* Rows overlap only where one lies within the other, so one bit tells. */
static bool lies_in(const struct cat_field *inner,
                    const struct cat_field *outer)
{
    size_t index;

    return cat_covers(outer, inner->offset + inner->bit / 8u,
                      inner->bit % 8u, &index);
}

/* Whether the outer row, which is no part or view, gives way to the inner
 * one. */
static bool gives_way(const struct cat_field *outer,
                      const struct cat_field *inner)
{
    return inner->flags & CAT_VIEW ||
           (outer->width == 1 && outer->count != 1);
}

/* A part or a view appears if the row that contains it gives way to it. */
static bool inner_stands(const struct shape *shape, size_t row)
{
    const struct cat_field *field = &shape->record->fields[row];
    bool result = false;

    for (size_t i = 0; i < row; i++) {
        const struct cat_field *other = &shape->record->fields[i];

        if (!cat_field_in(other, shape->layout) || !lies_in(field, other))
            continue;
        if (other->flags & INNER)
            return false;
        result = gives_way(other, field);
    }
    return result;
}

/* Any other row appears unless it gives way to one inside it. */
static bool outer_stands(const struct shape *shape, size_t row)
{
    const struct cat_field *field = &shape->record->fields[row];

    for (size_t i = 0; i < shape->n_inner; i++) {
        const struct cat_field *other =
            &shape->record->fields[shape->inner[i]];

        if (lies_in(other, field) && gives_way(field, other))
            return false;
    }
    return true;
}

static bool stands(const struct shape *shape, size_t row)
{
    return shape->record->fields[row].flags & INNER
               ? inner_stands(shape, row) : outer_stands(shape, row);
}

static void find_inner(struct shape *shape)
{
    for (size_t i = 0; i < shape->record->n_fields; i++)
        if (shape->record->fields[i].flags & INNER &&
            cat_field_in(&shape->record->fields[i], shape->layout))
            shape->inner[shape->n_inner++] = i;
}

/* -- the tree of names ------------------------------------------------- */

/* The length of the first component of a name. */
static size_t component(const char *name)
{
    return strcspn(name, ".");
}

static size_t components(const char *name)
{
    size_t count = 1;

    for (; *name; name++)
        count += *name == '.';
    return count;
}

static size_t add_child(struct shape *shape, size_t parent,
                        const struct shape_node *child)
{
    struct shape_node *node = &shape->nodes[parent];
    size_t at = shape->count++;

    shape->nodes[at] = *child;
    if (node->last)
        shape->nodes[node->last].next = at;
    else
        node->first = at;
    node->last = at;
    return at;
}

static size_t find_child(const struct shape *shape, size_t parent,
                         const char *name, size_t size)
{
    size_t at = shape->nodes[parent].first;

    while (at && (shape->nodes[at].size != size ||
                  memcmp(shape->nodes[at].name, name, size) != 0))
        at = shape->nodes[at].next;
    return at;
}

static enum shape_kind leaf_kind(const struct cat_field *field, bool in_list)
{
    if ((in_list ? field->run : field->count) == 1)
        return SHAPE_NUMBER;
    return field->width == 1 && !field->bits && field->print == CAT_HEX
               ? SHAPE_BYTES
               : SHAPE_NUMBERS;
}

/* Registers replace the row that has their lowest parts. */
static void add_registers(struct shape *shape, size_t parent,
                          const struct cat_field *field)
{
    const char *name = field->registers->name;

    if (field->registers->count)
        add_child(shape, parent, &(struct shape_node){
                                     .kind = SHAPE_REGISTERS, .name = name,
                                     .size = strlen(name), .field = field });
}

static void add_field(struct shape *shape, const struct cat_field *field,
                      bool whole)
{
    const char *name = field->name;
    size_t parent = 0, size = component(name);
    bool in_list = false;

    for (; name[size]; name += size + 1, size = component(name)) {
        bool list = size > 2 && memcmp(name + size - 2, "[]", 2) == 0;
        size_t bare = list ? size - 2 : size;
        struct shape_node node = {
            .kind = list ? SHAPE_LIST : SHAPE_OBJECT,
            .name = name, .size = bare, .field = field,
        };
        size_t found = find_child(shape, parent, name, bare);

        in_list = in_list || list;
        parent = found ? found : add_child(shape, parent, &node);
    }
    if (whole && field->registers)
        add_registers(shape, parent, field);
    else
        add_child(shape, parent, &(struct shape_node){
                                     .kind = leaf_kind(field, in_list),
                                     .name = name, .size = size,
                                     .field = field, .in_list = in_list });
}

/* -- bits without a field ----------------------------------------------- */

static void take_bits(struct shape *shape, const struct cat_field *field,
                      uint64_t length)
{
    size_t count = cat_count(field, length);
    unsigned int bits = cat_bits(field);
    uint64_t mask = UINT64_MAX >> (64 - bits) << field->bit;

    /* the elements of a second table have all its bits */
    for (size_t i = 0; i < count; i++) {
        uint8_t *free = shape->free + cat_offset(field, i);
        uint64_t left = length - cat_offset(field, i);

        for (size_t byte = 0; byte < field->width && byte < left; byte++)
            free[byte] &= (uint8_t)~(mask >> (8 * byte));
    }
}

uint8_t shape_free_bits(const struct shape *shape, uint64_t offset)
{
    uint32_t fixed = shape->layout->length;

    if (offset < fixed)
        return shape->free[offset];
    return shape->has_tail
               ? 0
               : shape->free[fixed + (offset - fixed) % shape->layout->tail];
}

size_t shape_elements(const struct shape_node *node, uint64_t length,
                      uint64_t second)
{
    if (node->kind == SHAPE_LIST)
        return cat_count_in(node->field, length, second) / node->field->run;
    return node->in_list ? node->field->run
                         : cat_count_in(node->field, length, second);
}

bool shape_is_computed(const struct shape *shape,
                       const struct shape_node *node)
{
    return shape->record->typecode == DOMCTX_DIGEST && node->field &&
           strcmp(node->field->name, "value") == 0;
}

/* -- making and finding ------------------------------------------------ */

static void fill(struct shape *shape, bool whole)
{
    uint64_t length = shape->layout->length + shape->layout->tail;

    memset(shape->free, 0xff, length);
    shape->nodes[0].kind = SHAPE_OBJECT;
    shape->count = 1;
    shape->has_tail = shape->layout->tail > 0;
    find_inner(shape);
    for (size_t i = 0; i < shape->record->n_fields; i++) {
        const struct cat_field *field = &shape->record->fields[i];

        if (!cat_field_in(field, shape->layout) || !stands(shape, i))
            continue;
        add_field(shape, field, whole);
        take_bits(shape, field, length);
        if (field->count == 0)
            shape->has_tail = false;
    }
}

static void shape_free(struct shape *shape)
{
    free(shape->nodes);
    free(shape->inner);
    free(shape->free);
    free(shape);
}

static struct shape *shape_new(const struct cat_record *record,
                               const struct cat_layout *layout, bool whole)
{
    struct shape *shape = calloc(1, sizeof(*shape));
    size_t most = 1;

    if (!shape)
        return NULL;
    shape->record = record;
    shape->layout = layout;
    for (size_t i = 0; i < record->n_fields; i++)
        most += components(record->fields[i].name);
    shape->nodes = calloc(most, sizeof(*shape->nodes));
    shape->inner = calloc(record->n_fields + 1, sizeof(*shape->inner));
    shape->free = malloc(layout->length + layout->tail + 1u);
    if (shape->nodes && shape->inner && shape->free) {
        fill(shape, whole);
        return shape;
    }
    shape_free(shape);
    return NULL;
}

const struct shape *shape_of(struct shapes *shapes,
                             const struct cat_record *record,
                             const struct cat_layout *layout)
{
    struct shape *shape, **more;

    for (size_t i = 0; i < shapes->count; i++)
        if (shapes->all[i]->layout == layout &&
            shapes->all[i]->record == record)
            return shapes->all[i];
    more = realloc(shapes->all, (shapes->count + 1) * sizeof(*more));
    if (!more)
        return NULL;
    shapes->all = more;
    shape = shape_new(record, layout, shapes->whole);
    if (shape)
        shapes->all[shapes->count++] = shape;
    return shape;
}

void shapes_free(struct shapes *shapes)
{
    for (size_t i = 0; i < shapes->count; i++)
        shape_free(shapes->all[i]);
    free(shapes->all);
    shapes->all = NULL;
    shapes->count = 0;
}
