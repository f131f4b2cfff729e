/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do about a finding, in the user's own words. */
#ifndef XL_CMDS_MEND_H
#define XL_CMDS_MEND_H

#include <stdio.h>

#include <domctx.h>

#include "session.h"

/*
 * Print the cure that the table of messages has, without an end: with the
 * user's file in the place of FILE, the verb as he calls it in the place of
 * "xl context-", and the target, unless it is NULL, in the place of X.Y.
 */
void mend_put(FILE *stream, const struct session *session, const char *file,
              const struct domctx_release *target, const char *mend);

/* The command that a cure without one stands for, with the same words for
 * mend_put(), from mend.def; NULL: there is none, or none more. */
const char *mend_command(const struct domctx_message *message);

#endif /* XL_CMDS_MEND_H */
