/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing a text with an editor. */
#ifndef XL_CMDS_EDIT_H
#define XL_CMDS_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <domctx.h>

/* A text in a directory of its own. */
struct edit_text {
    char folder[256], file[280];   /* "": none */
    char *was;                     /* the text that it began with */
    size_t was_size;
};

/* Write the text, which it owns from then on, to the file. */
int edit_text_begin(struct edit_text *text, char *was, size_t size,
                    domctx_report *report);

/* Whether $EDITOR or $VISUAL is set, or a terminal allows the default
 * editor. */
bool edit_has_editor(void);

/* Run the editor; *now is malloc'ed, or NULL if nothing was changed. */
int edit_text_run(struct edit_text *text, uint8_t **now, size_t *size,
                  domctx_report *report);

/* Whether the file exists and differs from the original text. */
bool edit_text_typed(const struct edit_text *text);

/* Remove the file; keep: leave the text in place. */
void edit_text_end(struct edit_text *text, bool keep);

/* Whether there is a terminal to ask on. */
bool edit_can_ask(void);

/* Ask on the terminal; returns the first letter of the answer, in lower case,
 * or 0. */
int edit_ask(const char *question);

#endif /* XL_CMDS_EDIT_H */
