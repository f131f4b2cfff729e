/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Completion of a command line: the shells' functions ask the program. */
#ifndef XL_CMDS_COMPLETE_H
#define XL_CMDS_COMPLETE_H

#include "verbs.h"

/*
 * Write what may stand in the place of the last word, a line each, with the
 * whole of that word; words are those of the command line after the program,
 * up to the one with the cursor, which may be empty.  A line COMPLETE_FILES
 * or COMPLETE_DOMAINS says that such names may stand there, behind the "=" if
 * there is one.
 */
#define COMPLETE_FILES ":files"
#define COMPLETE_DOMAINS ":domains"
void complete(struct session *session, int n, char **words);

#endif /* XL_CMDS_COMPLETE_H */
