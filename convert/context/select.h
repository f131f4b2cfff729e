/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records and fields of a context by the names that people write. */
#ifndef CONVERT_CONTEXT_SELECT_H
#define CONVERT_CONTEXT_SELECT_H

#include "context/context.h"
#include "context/entry.h"
#include "context/registers.h"

/* What to show; zeros choose everything. */
struct select {
    const char *record;      /* "CPU", "HVM_CPU", "typecode 33" or NULL */
    bool has_instance;
    uint32_t instance;
    const char *field;       /* "rip", "timers[2].cmp", "ymm3" or NULL */
    bool some_parts;         /* of the parts between dots, field has some and
                              * the last: "redirtbl[2].mask" */
    bool is_register;        /* field is none, but a register, */
    bool is_entry;           /* or the key of an entry */
};

/* What a caller of the library chooses. */
struct select select_of(const struct domctx_text_options *options);

/* Check that the context has the selected record and field, and how the field
 * is meant.  What people call otherwise gets the names of the catalogue, a
 * register or MSR of a vCPU the record of that vCPU that has it.  Fails with a
 * finding that suggests others. */
int select_check(const domctx_context *context, struct select *select,
                 domctx_report *report);

/* Whether the record is chosen. */
bool select_record(const struct select *select,
                   const struct context_record *record);

/* Whether the field is; *element is set to the one element that the name
 * has in brackets, or to SIZE_MAX: all. */
bool select_field(const struct select *select, const struct cat_field *field,
                  size_t *element);

/* Step over "[digits]" or "[]"; the number goes to *element. */
const char *select_step_index(const char *p, size_t *element);

/* Find the register that is chosen, if it is one that this record has. */
bool select_register(const struct select *select,
                     const domctx_context *context,
                     const struct context_record *record,
                     struct cpu_register *found);

/* Find the entry that is chosen, likewise. */
bool select_entry(const struct select *select, const domctx_context *context,
                  const struct context_record *record, struct entry *found);

#endif /* CONVERT_CONTEXT_SELECT_H */
