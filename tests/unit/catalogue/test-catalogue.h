/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of test-catalogue share. */
#ifndef TEST_CATALOGUE_H
#define TEST_CATALOGUE_H

#include "catalogue/catalogue.h"

#include "support.h"

/* tests/data/hvm-layouts.json as plain structures. */
struct spec_field {
    const char *name;
    bool in_union;
    char in[64]; /* the union's label */
    bool is_signed;
    struct cat_field as; /* offset, width, bit, bits, count, stride, run */
};

struct spec_layout {
    const char *record;
    uint32_t code;
    uint32_t size;
    uint8_t tail;
    cat_version from, to, backported;
    bool compat;
    struct spec_field *fields;
    size_t n_fields;
};

struct spec {
    struct spec_layout *layouts;
    size_t n_layouts;
};

/* Read it once; fails the test when that cannot be done. */
const struct spec *spec_load(void);

/* Compare one record with what the spec says of its typecode, both ways.
 * Returns true when they agree, else the first reason is in why. */
bool spec_agrees(const struct spec *spec, const struct cat_record *record,
                 char *why, size_t size);

TCase *tcase_spec(void);    /* the table against hvm-layouts.json */
TCase *tcase_header(void);  /* the table against the installed header */
TCase *tcase_differs(void); /* comparing bodies */
TCase *tcase_image(void);   /* the records that are no legacy ones */
TCase *tcase_values(void);  /* reading and writing fields */

#endif /* TEST_CATALOGUE_H */
