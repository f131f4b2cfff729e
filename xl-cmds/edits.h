/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is to be edited in several places, as commands that mend all of it:
 * typed one after the other, the first makes NEW of the file and the next
 * goes on with NEW.
 */
#ifndef XL_CMDS_EDITS_H
#define XL_CMDS_EDITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "fold.h"
#include "session.h"

struct edits {
    const struct fold *fold;
    /* whether what was found is mended by an edit */
    bool (*is)(const void *arg, const struct domctx_finding *finding);
    const void *arg;
};

/* Rows that are to be edited. */
size_t edits_rows(const struct edits *edits);

/* Commands that do it: all values that are known in one, the rest in an
 * editor.  What crashes a domain edit does not write, so that it is mended
 * with everything else at once. */
size_t edits_count(const struct edits *edits);

/* Print that command, without a newline. */
void edits_put(FILE *stream, const struct edits *edits,
               const struct session *session, const char *file,
               size_t command);

/* Print all of them, each on a line: "what to type", "and then". */
void edits_tell(FILE *stream, const struct edits *edits,
                const struct session *session, const char *file);

#endif /* XL_CMDS_EDITS_H */
