/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that a verb is for: operands, and lists of names in files. */
#ifndef XL_CMDS_NAMES_H
#define XL_CMDS_NAMES_H

#include <limits.h>

#include "verbs.h"

struct names {
    const char **name;   /* operands first, then those of the list */
    size_t n;
    char *list;          /* what the list is made of */
    bool listed;         /* a list was given, perhaps an empty one */
};

/* The options of a verb that takes many files. */
#define OPTIONS_NAMES                                                       \
    { OPT_FILES_FROM, '\0', "files-from", "LIST",                            \
      "Also the files that LIST names, one a line." },                      \
    { OPT_FILES0_FROM, '\0', "files0-from", "LIST",                         \
      "The same, a NUL behind each name, as of find -print0." }

/* Whether no operand and no option that is a name is empty, and at most one is
 * standard input; false, and told: one is empty, as "--output-dir=$unset",
 * which would be the root, or two are standard input. */
bool names_given(struct session *session, const struct verb *verb,
                 const struct arguments *arguments);

/* Take them from the command line; false, and told: there is something wrong
 * with a list.  names_free() in any case. */
bool names_take(struct session *session, const struct verb *verb,
                const struct arguments *arguments, struct names *names);
void names_free(struct names *names);

/* Where the output of that file goes in a folder; false: too long. */
bool name_in_folder(char path[PATH_MAX], const char *folder,
                    const char *name);

/* Two of them that would be one file in a folder: false, and told.  So is
 * what has no name of its own. */
bool names_differ(struct session *session, const struct verb *verb,
                  const struct names *names);

#endif /* XL_CMDS_NAMES_H */
