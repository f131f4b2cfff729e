/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explaining, for the verbs that offer it. */
#ifndef XL_CMDS_EXPLAIN_H
#define XL_CMDS_EXPLAIN_H

#include "session.h"

/* Write the explanation of text; subject precedes findings. */
void explain_text(struct session *session, const char *text,
                  const char *subject);

#endif /* XL_CMDS_EXPLAIN_H */
