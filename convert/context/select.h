/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Selecting records and fields of a context by name. */
#ifndef CONVERT_CONTEXT_SELECT_H
#define CONVERT_CONTEXT_SELECT_H

#include "context/context.h"
#include "context/entry.h"
#include "context/registers.h"

/* A selection; all zero selects everything. */
struct select {
    const char *record;      /* "CPU", "HVM_CPU", "typecode 33" or NULL */
    bool has_instance;
    uint32_t instance;
    const char *field;       /* "rip", "timers[2].cmp", "ymm3" or NULL */
    bool some_parts;         /* field omits leading parts of the name:
                              * "redirtbl[2].mask" */
    bool is_register;        /* field names a register */
    bool is_entry;           /* field names an entry by its key */
};

/* The selection in a caller's options. */
struct select select_of(const struct domctx_text_options *options);

/* Check that the context has the selected record and field, and resolve the
 * names: common names become those of the catalogue, and a register or MSR of
 * a vCPU selects the record that has it.  A failure suggests similar names. */
int select_check(const domctx_context *context, struct select *select,
                 domctx_report *report);

/* Whether the record is selected. */
bool select_record(const struct select *select,
                   const struct context_record *record);

/* The record of the catalogue that some release calls so, by its name today;
 * NULL: none. */
const char *select_known(const char *name);

/* The element for a number that does not fit. */
#define ELEMENT_TOO_LARGE (SIZE_MAX - 1)

/* Whether the field is selected; *element is the index in brackets, or
 * SIZE_MAX for all. */
bool select_field(const struct select *select, const struct cat_field *field,
                  size_t *element);

/* Step over "[digits]" or "[]"; the number goes to *element. */
const char *select_step_index(const char *p, size_t *element);

/* Find the selected register in this record. */
bool select_register(const struct select *select,
                     const domctx_context *context,
                     const struct context_record *record,
                     struct cpu_register *found);

/* Find the selected entry in this record. */
bool select_entry(const struct select *select, const domctx_context *context,
                  const struct context_record *record, struct entry *found);

#endif /* CONVERT_CONTEXT_SELECT_H */
