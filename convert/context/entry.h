/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding an entry of a record's tail by its key. */
#ifndef CONVERT_CONTEXT_ENTRY_H
#define CONVERT_CONTEXT_ENTRY_H

#include "context/context.h"

struct entry {
    const struct cat_field *field;  /* with the values */
    size_t element;
    const struct cat_names *names;  /* names of this entry's bits, or NULL */
};

/* Find "SPEC_CTRL", "IA32_SPEC_CTRL" or "0x48" in a record that is decoded
 * with that layout. */
bool entry_find(const struct context_record *record,
                const struct cat_layout *layout, const char *asked,
                struct entry *found);

#endif /* CONVERT_CONTEXT_ENTRY_H */
