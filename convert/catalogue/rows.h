/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the tables of the catalogue are written.
 *
 * A row holds for all releases that have the record unless it says
 * otherwise: SINCE its first, UNTIL its last, BETWEEN both.
 */
#ifndef CONVERT_CATALOGUE_ROWS_H
#define CONVERT_CATALOGUE_ROWS_H

#include "catalogue/catalogue.h"
#include "catalogue/names.h"

#define ALWAYS                  .from = CAT_OLDEST, .to = CAT_EVER
#define SINCE(x, y)             .from = CAT_V(x, y), .to = CAT_EVER
#define UNTIL(x, y)             .from = CAT_OLDEST, .to = CAT_V(x, y)
#define BETWEEN(x, y, x2, y2)   .from = CAT_V(x, y), .to = CAT_V(x2, y2)

#define MOVES   CAT_MOVES
#define IGNORED CAT_IGNORED
#define PENDING CAT_PENDING
#define PAD     CAT_PAD
#define PART    CAT_PART
#define VIEW    CAT_VIEW
#define KEY     CAT_KEY
#define UNITS   CAT_UNITS

/* The name of the field in later layouts. */
#define NOW(n) .now = (n)

/* The registers that the elements are parts of. */
#define OF(which) .registers = &registers_##which

/* name, offset, width, how to print, flags, releases; and last in any row the
 * names of its bits or values: NAMED(cr0) */
#define NAMED(which) .names = &names_##which

#define FIELD(n, o, w, p, f, ...) \
    { .name = (n), .offset = (o), .width = (w), .count = 1, .stride = (w), \
      .run = 1, .print = CAT_##p, .flags = (f), __VA_ARGS__ }

/* name, offset and width of the storage unit, lowest bit, bits, ... */
#define BITS(n, o, w, b, bs, p, f, ...) \
    { .name = (n), .offset = (o), .width = (w), .bit = (b), .bits = (bs), \
      .count = 1, .stride = (w), .run = 1, .print = CAT_##p, .flags = (f), \
      __VA_ARGS__ }

/* name, offset, width of an element, elements, bytes from one to the next,
 * ...; 0 elements: as many as the tail of the record holds */
#define ARRAY(n, o, w, c, s, p, f, ...) \
    { .name = (n), .offset = (o), .width = (w), .count = (c), \
      .stride = (s), .run = 1, .print = CAT_##p, .flags = (f), __VA_ARGS__ }

/* likewise, with a bit-field in each element */
#define BITS_ARRAY(n, o, w, b, bs, c, s, p, f, ...) \
    { .name = (n), .offset = (o), .width = (w), .bit = (b), .bits = (bs), \
      .count = (c), .stride = (s), .run = 1, .print = CAT_##p, \
      .flags = (f), __VA_ARGS__ }

/* likewise, with r elements side by side every s bytes, c in all */
#define RUNS(n, o, w, c, r, s, p, f, ...) \
    { .name = (n), .offset = (o), .width = (w), .count = (c), \
      .stride = (s), .run = (r), .print = CAT_##p, .flags = (f), \
      __VA_ARGS__ }

/* length, releases */
#define LAYOUT(len, x, y, x2, y2) \
    { .length = (len), .from = CAT_V(x, y), .to = CAT_V(x2, y2), \
      .fields = CAT_V(x, y) }
#define LAYOUT_SINCE(len, x, y) \
    { .length = (len), .from = CAT_V(x, y), .to = CAT_EVER, \
      .fields = CAT_V(x, y) }

#define VCPU      CAT_VCPU
#define VARIABLE  CAT_VARIABLE
#define OPTIONAL  CAT_OPTIONAL
#define INTERRUPT CAT_INTERRUPT
#define DEVICE    CAT_DEVICE

#define ROWS(array) (array), sizeof(array) / sizeof((array)[0])

#endif /* CONVERT_CATALOGUE_ROWS_H */
