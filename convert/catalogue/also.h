/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other names of fields than those of Xen's headers: MSRs as the processor
 * manuals name them, with and without prefix, and registers as debuggers
 * write them.
 */
#ifndef CONVERT_CATALOGUE_ALSO_H
#define CONVERT_CATALOGUE_ALSO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A name, and the field that has the value. */
struct cat_also {
    const char *name;
    const char *record;    /* "MTRR" */
    const char *field;     /* "msr_mtrr_fixed[3]" */
    bool is_msr;           /* the name may have a prefix such as "MSR_" */
};

/* Find a row with that name from row *at on, and set *at to the row after it;
 * NULL: none.  Case, '_' and the prefixes "MSR_", "IA32_" and "HV_X64_MSR_" of
 * an MSR make no difference. */
const struct cat_also *cat_also(const char *asked, size_t *at);

/* Row i, or NULL past the last: to list all names. */
const struct cat_also *cat_also_at(size_t i);

/* The name without the prefix of an MSR. */
const char *cat_bare_name(const char *name);

/* The index of the MSR with that name, matched in the same way. */
bool cat_msr_index(const char *asked, uint32_t *index);

#endif /* CONVERT_CATALOGUE_ALSO_H */
