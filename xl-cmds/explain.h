/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explaining, for the verbs that offer it. */
#ifndef XL_CMDS_EXPLAIN_H
#define XL_CMDS_EXPLAIN_H

#include "session.h"

/* Write what the text means; subject stands in front of what is wrong. */
void explain_text(struct session *session, const char *text,
                  const char *subject);

#endif /* XL_CMDS_EXPLAIN_H */
