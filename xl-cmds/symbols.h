/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of --symbols. */
#ifndef XL_CMDS_SYMBOLS_H
#define XL_CMDS_SYMBOLS_H

#include "verbs.h"

/* Read the symbols in file.  A process that has privileges over a domain lets
 * another one read and check them first.  NULL: reported. */
domctx_symbols *symbols_load(struct session *session, const char *file);
domctx_symbols *symbols_apart(struct session *session,
                              const struct arguments *arguments,
                              const char *file);

#endif /* XL_CMDS_SYMBOLS_H */
