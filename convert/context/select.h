/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records and fields of a context by the names that people write. */
#ifndef CONVERT_CONTEXT_SELECT_H
#define CONVERT_CONTEXT_SELECT_H

#include "context/context.h"

/* What to show; zeros choose everything. */
struct select {
    const char *record;      /* "CPU", "HVM_CPU", "typecode 33" or NULL */
    bool has_instance;
    uint32_t instance;
    const char *field;       /* "rip", "timers[2].cmp" or NULL */
    bool last_part;          /* field is what comes after the last dot */
};

/* Find out whether the context has what is chosen, and how its field is
 * meant.  Fails with a finding that says what there is instead. */
int select_check(const domctx_context *context, struct select *select,
                 domctx_report *report);

/* Whether the record is chosen. */
bool select_record(const struct select *select,
                   const struct context_record *record);

/* Whether the field is; *element is set to the one element that the name
 * has in brackets, or to SIZE_MAX: all. */
bool select_field(const struct select *select, const struct cat_field *field,
                  size_t *element);

#endif /* CONVERT_CONTEXT_SELECT_H */
