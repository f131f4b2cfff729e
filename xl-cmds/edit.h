/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody changes with an editor. */
#ifndef XL_CMDS_EDIT_H
#define XL_CMDS_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <domctx.h>

/* A text in a folder of its own, for an editor. */
struct edit_text {
    char folder[256], file[280];   /* "": none */
    char *was;                     /* the text that it began with */
    size_t was_size;
};

/* Put the text (which it then owns) there. */
int edit_text_begin(struct edit_text *text, char *was, size_t size,
                    domctx_report *report);

/* Whether one is named, or there is a terminal for the one that is not. */
bool edit_has_editor(void);

/* Run the editor; *now is malloc'ed, NULL where nothing was changed. */
int edit_text_run(struct edit_text *text, uint8_t **now, size_t *size,
                  domctx_report *report);

/* Whether the text is there and another one than at first. */
bool edit_text_typed(const struct edit_text *text);

/* Remove the file; keep: leave the text in place. */
void edit_text_end(struct edit_text *text, bool keep);

/* Whether there is somebody to ask. */
bool edit_can_ask(void);

/* Ask on the terminal; the letter that begins the answer, small, or 0. */
int edit_ask(const char *question);

#endif /* XL_CMDS_EDIT_H */
