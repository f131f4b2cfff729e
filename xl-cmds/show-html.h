/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* show --html: one file as a page for a browser. */
#ifndef XL_CMDS_SHOW_HTML_H
#define XL_CMDS_SHOW_HTML_H

#include "input.h"
#include "session.h"

/* Write what is in the input to the file out, judged by those that can have
 * saved it; parsed: what was found when it was read.  What goes wrong is told,
 * of the input by its name, of the page by that of out. */
void show_html(struct session *session, struct input *input,
               const char *name, const char *out,
               const domctx_report *parsed);

#endif /* XL_CMDS_SHOW_HTML_H */
