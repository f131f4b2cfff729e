/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do about a finding, in the user's own words. */
#ifndef XL_CMDS_MEND_H
#define XL_CMDS_MEND_H

#include <stdio.h>

#include <domctx.h>

#include "fold.h"
#include "session.h"

/* Print a cure of the table of messages, without a newline.  FILE becomes the
 * user's file, "xl context-" the way he calls verbs, and X.Y the target, or
 * else the session's; fix and check have the target that he typed.  Parts of
 * it, between semicolons, with words that the session has as in vain are left
 * out. */
void mend_put(FILE *stream, const struct session *session, const char *file,
              const struct domctx_release *target, const char *mend);

/* Whether there are such words in size bytes of text. */
bool mend_in_vain(const struct session *session, const char *text,
                  size_t size);

/* Print a name as a word for a shell, in quotes where it needs them. */
void put_word(FILE *stream, const char *name);

/* Print a command of the table for a row that a finding was folded into: one
 * that edits has the options that reach all of the row. */
void mend_put_row(FILE *stream, const struct session *session,
                  const char *file, const struct domctx_release *target,
                  const struct fold *fold, size_t row, const char *command);
bool mend_edits(const char *command);

/* In front of a command that reads standard input: what gave it to us, which
 * is gone, has to give it once more. */
void mend_lead(FILE *stream, const char *file);

/* "xl context-VERB --target=TARGET FROM TO" in the user's way, the verb with
 * its options, each name as a word for a shell: to be freed.  target, to: NULL
 * for none; NULL if there is no memory. */
char *mend_call(const struct session *session, const char *verb,
                const char *target, const char *from, const char *to);

/* The command that a cure without one stands for, with the same words for
 * mend_put(), from mend.def; NULL: there is none, or none more. */
const char *mend_command(const struct domctx_message *message);

/* The command that a finding about a file of another kind ends with, for
 * mend_pipe(); NULL: it has none. */
const char *mend_decoder(const struct domctx_finding *finding);

/* For domctx_report_forward(): the same of what was found in a compressed
 * file; arg points to the name of the program that decompresses it. */
bool mend_packed(struct domctx_finding *finding, void *arg);

/* Print the command that gives what the decoder makes of the file. */
void mend_decode(FILE *stream, const struct session *session,
                 const char *file, const char *decoder);

/* Print the pipe that gives the verb at hand, with the options that were
 * typed, what the decoder makes of the file. */
void mend_pipe(FILE *stream, const struct session *session, const char *file,
               const char *decoder);

/* The next command in the words of a cure, which stands in quotes; false:
 * there is none more.  *mend is moved behind it. */
bool mend_quoted(const char **mend, const char **at, size_t *size);

#endif /* XL_CMDS_MEND_H */
