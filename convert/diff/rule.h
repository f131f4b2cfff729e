/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a word of a list names, of what a comparison leaves out or is asked
 * for. */
#ifndef CONVERT_DIFF_RULE_H
#define CONVERT_DIFF_RULE_H

#include "diff/diff.h"
#include "context/entry.h"

struct diff_rule {
    const struct cat_record *record; /* NULL: any */
    bool has_instance;
    uint32_t instance;
    const char *field;               /* in the caller's text; NULL: all */
    size_t size;
    bool some_parts;                 /* as in struct select */
};

/* The name of the field by itself; false: it is longer than any. */
#define RULE_NAME_ROOM 100
bool diff_rule_name(const struct diff_rule *rule, char name[RULE_NAME_ROOM]);

/* Whether the rule names the field, or its element i: "redirtbl[].bits",
 * "redirtbl[5].bits", "sint_msr", "sint_msr[3]".  i may be DIFF_ALL: any. */
bool diff_rule_names(const struct diff_rule *rule,
                     const struct cat_field *field, size_t i);

/* Find the entry of a tail that the name means: "SPEC_CTRL", "0x48" or
 * "msr[0x48].val". */
bool diff_rule_entry(const char *name, const struct context_record *record,
                     const struct cat_layout *layout, struct entry *found);

#endif /* CONVERT_DIFF_RULE_H */
