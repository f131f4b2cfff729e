/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A field or register by the names that people and programs write. */
#ifndef CONVERT_ACCESS_LOCATE_H
#define CONVERT_ACCESS_LOCATE_H

#include "access/access.h"
#include "context/registers.h"

struct located {
    const struct context_record *record;
    const struct cat_field *field;  /* NULL: the register below */
    struct cpu_register reg;
    const struct cat_names *names;  /* names of its bits, or NULL */
    size_t element;         /* SIZE_MAX: no index was given */
};

/* Find a field or register; an unknown name is refused, with similar names. */
int locate(const domctx_context *context, const char *record,
           uint32_t instance, const char *field, struct located *located,
           domctx_report *report);

/* Find a single value: an array without an index and a register of more than
 * 64 bits are refused. */
int locate_one(const domctx_context *context, const char *record,
               uint32_t instance, const char *field, struct located *located,
               domctx_report *report);

/* The element's value, sign-extended if it is signed. */
uint64_t locate_value(const struct context_record *record,
                      const struct cat_field *field, size_t element);

/* The value of a register of up to 64 bits. */
uint64_t locate_register(const struct located *located);

#endif /* CONVERT_ACCESS_LOCATE_H */
