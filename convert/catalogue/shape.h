/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shape in JSON of a record that has one layout, made from the rows of
 * the catalogue.
 *
 * A dot in a name opens an object, "[]" a list of objects.  Every bit of the
 * body appears once: a row with CAT_VIEW rows inside gives way to them, an
 * array of bytes also to CAT_PART rows; all other rows inside of a row are
 * left out.
 */
#ifndef CONVERT_CATALOGUE_SHAPE_H
#define CONVERT_CATALOGUE_SHAPE_H

#include "catalogue/catalogue.h"

enum shape_kind {
    SHAPE_OBJECT,
    SHAPE_LIST,     /* of objects */
    SHAPE_NUMBER,
    SHAPE_NUMBERS,  /* an array of them */
    SHAPE_BYTES,    /* an array of bytes as one string of hex digits */
    SHAPE_REGISTERS, /* an array of wide numbers, with shapes.whole */
};

struct shape_node {
    enum shape_kind kind;
    const char *name;               /* not terminated */
    size_t size;
    const struct cat_field *field;  /* of a list: one of those in it */
    bool in_list;                   /* it has one run of elements, not all */
    size_t first, last, next;       /* children, next sibling; 0: none */
};

struct shape {
    const struct cat_record *record;
    const struct cat_layout *layout;
    struct shape_node *nodes;       /* the first is the record's object */
    size_t count;
    size_t *inner;                  /* numbers of the layout's rows that are
                                     * parts or views */
    size_t n_inner;
    uint8_t *free;                  /* the bits of the fixed part, and of one
                                     * unit of the tail, without a field */
    bool has_tail;                  /* the tail is unassigned bytes */
};

/* For a leaf, the number of its elements in one object of a record of that
 * length, with a second table there (0: none); for a list, its number of
 * objects. */
size_t shape_elements(const struct shape_node *node, uint64_t length,
                      uint64_t second);

/* Whether its numbers are written as "0x...", since readers of JSON may round
 * numbers of more than 53 bits. */
static inline bool shape_is_wide(const struct cat_field *field)
{
    return cat_bits(field) > 32;
}

/* Whether its numbers are signed. */
static inline bool shape_is_signed(const struct cat_field *field)
{
    return field->print == CAT_SIGNED && !field->bits &&
           !shape_is_wide(field);
}

/* Whether the field is the value of a DIGEST, which an encoder computes from
 * the bytes, whatever the JSON says. */
bool shape_is_computed(const struct shape *shape,
                       const struct shape_node *node);

/* The bits of the byte at that offset of a body that have no field. */
uint8_t shape_free_bits(const struct shape *shape, uint64_t offset);

/* A cache of shapes.  Starts as zeros. */
struct shapes {
    bool whole;   /* registers, rather than the elements of their rows: as in
                   * JSON since xl-context-2 */
    struct shape **all;
    size_t count;
};

/* The shape of a layout, owned by shapes; NULL when memory is short. */
const struct shape *shape_of(struct shapes *shapes,
                             const struct cat_record *record,
                             const struct cat_layout *layout);
void shapes_free(struct shapes *shapes);

#endif /* CONVERT_CATALOGUE_SHAPE_H */
