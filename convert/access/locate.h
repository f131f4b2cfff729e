/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A field or register by the names that people and programs write. */
#ifndef CONVERT_ACCESS_LOCATE_H
#define CONVERT_ACCESS_LOCATE_H

#include "access/access.h"
#include "context/registers.h"

struct located {
    const struct context_record *record;
    const struct cat_field *field;  /* NULL: it is this: */
    struct cpu_register reg;
    const struct cat_names *names;  /* of the bits of a field, or NULL */
    size_t element;         /* SIZE_MAX: none was said of an array */
};

/* Find a field or register; an unknown name is refused with those that are
 * near. */
int locate(const domctx_context *context, const char *record,
           uint32_t instance, const char *field, struct located *located,
           domctx_report *report);

/* The same where an array without a number, or a register of more than 64
 * bits, is refused. */
int locate_one(const domctx_context *context, const char *record,
               uint32_t instance, const char *field, struct located *located,
               domctx_report *report);

/* An element as a number, extended if it has a sign. */
uint64_t locate_value(const struct context_record *record,
                      const struct cat_field *field, size_t element);

/* The number in a register of up to 64 bits. */
uint64_t locate_register(const struct located *located);

#endif /* CONVERT_ACCESS_LOCATE_H */
