/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of --symbols. */
#ifndef XL_CMDS_SYMBOLS_H
#define XL_CMDS_SYMBOLS_H

#include "verbs.h"

/* Read the symbols in file: in a process that is in the sandbox; in one that
 * has power over a domain, which has another one read and judge them first.
 * NULL: told. */
domctx_symbols *symbols_load(struct session *session, const char *file);
domctx_symbols *symbols_apart(struct session *session,
                              const struct arguments *arguments,
                              const char *file);

#endif /* XL_CMDS_SYMBOLS_H */
