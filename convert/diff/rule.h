/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule: a name to ignore or to select. */
#ifndef CONVERT_DIFF_RULE_H
#define CONVERT_DIFF_RULE_H

#include "diff/diff.h"
#include "context/entry.h"

struct diff_rule {
    const struct cat_record *record; /* NULL: any */
    bool has_instance;
    uint32_t instance;
    const char *field;               /* points into the caller's text; NULL:
                                      * all */
    size_t size;
    bool some_parts;                 /* as in struct select */
};

/* Copy the name of the field; false if it is longer than any name. */
#define RULE_NAME_ROOM 100
bool diff_rule_name(const struct diff_rule *rule, char name[RULE_NAME_ROOM]);

/* Whether the rule names the field, or element i of it: "redirtbl[].bits",
 * "redirtbl[5].bits", "sint_msr", "sint_msr[3]".  i may be DIFF_ALL: any. */
bool diff_rule_names(const struct diff_rule *rule,
                     const struct cat_field *field, size_t i);

/* Find the entry of a tail with that name: "SPEC_CTRL", "0x48" or
 * "msr[0x48].val". */
bool diff_rule_entry(const char *name, const struct context_record *record,
                     const struct cat_layout *layout, struct entry *found);

#endif /* CONVERT_DIFF_RULE_H */
