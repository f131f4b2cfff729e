/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What check says to type: as words in a text, and as lists for a program. */
#ifndef XL_CMDS_CHECK_CURE_H
#define XL_CMDS_CHECK_CURE_H

#include "check-told.h"
#include "edits.h"
#include "fold.h"

/* What there is to do about it, or NULL: what a conversion does is said once,
 * below all of them. */
const char *told_mend(const struct told *told,
                      const struct domctx_finding *finding);

/* Whether there is something to type about it alone. */
bool told_types(const struct told *told,
                const struct domctx_finding *finding);

/* Print that, with the options that reach all of a row. */
void told_put_row(FILE *stream, const struct told *told,
                  const struct fold *fold, size_t row);

/* The rows that have to be edited; and whether there is one: then the rest is
 * looked at once more. */
struct edits told_edits(const struct told *told, const struct fold *fold);
bool told_is_edited(const struct told *told, const struct fold *fold);

/* Whether NEW is to be looked at once it is edited, or once the first of
 * several cures has made it. */
bool told_looks_again(const struct told *told, const struct fold *fold);

/* Print the command that brings the guest back: of a save file one that keeps
 * the guest's memory; after an edit the look at the rest.  False: none. */
bool told_put_command(FILE *stream, const struct told *told,
                      const struct fold *fold);

/* The same for the command that restores what that one writes, where a bare
 * "xl restore" would not do. */
bool told_put_restore(FILE *stream, const struct told *told);

#define CURE_WORDS 16   /* commands, and programs: what is more is left out */

struct told_cure {
    struct domctx_cure cure;
    char *commands[CURE_WORDS], *tools[CURE_WORDS];
    bool makes_new;     /* one of them does */
};

/* All of it.  Where memory is short, what there is.  Returns the cure, or NULL
 * if there is nothing to do; free it with told_cure_free(). */
const struct domctx_cure *told_cure(const struct told *told,
                                    struct told_cure *cure);
void told_cure_free(struct told_cure *cure);

#endif /* XL_CMDS_CHECK_CURE_H */
