/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What people call a field that Xen's headers call otherwise: MSRs by the
 * names of the processor manuals, with and without what stands before them,
 * and registers as debuggers write them.
 */
#ifndef CONVERT_CATALOGUE_ALSO_H
#define CONVERT_CATALOGUE_ALSO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where it is. */
struct cat_also {
    const char *name;
    const char *record;    /* "MTRR" */
    const char *field;     /* "msr_mtrr_fixed[3]" */
    bool is_msr;           /* before whose name "MSR_" may stand */
};

/* The row of that name from row *at on, NULL: there is none; *at is then the
 * one behind it.  Upper and lower case, '_' and, of an MSR, "MSR_", "IA32_" or
 * "HV_X64_MSR_" in front make no difference. */
const struct cat_also *cat_also(const char *asked, size_t *at);

/* Row i, or NULL past the last: for who lists names. */
const struct cat_also *cat_also_at(size_t i);

/* The name without what stands before that of an MSR. */
const char *cat_bare_name(const char *name);

/* The index of an MSR by a name, in the same way. */
bool cat_msr_index(const char *asked, uint32_t *index);

#endif /* CONVERT_CATALOGUE_ALSO_H */
