/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a process gives up before it looks at a byte of a file: new privileges,
 * root, opening, connecting, starting anything.  Whoever gets hold of it by a
 * hostile file finds nothing but that file, the output and a broker that opens
 * what the command line names.
 */
#ifndef XL_CMDS_SANDBOX_H
#define XL_CMDS_SANDBOX_H

#include "verbs.h"

/*
 * Into the sandbox, once the command line is read and no Xen library is
 * wanted any more: from here on the first n operands, and extra if it is not
 * NULL, are opened for reading, and out for writing; nothing else is.  A layer
 * that is missing is told, with -v alone where another stands in for it;
 * --no-sandbox is told always.
 *
 * False, and told: not to go on.
 */
bool sandbox_enter(struct session *session,
                   const struct arguments *arguments, int n,
                   const char *extra, const char *out);

/* The same for n names, and for an output of the same name in a folder, which
 * may be NULL, for each of them. */
bool sandbox_enter_many(struct session *session,
                        const struct arguments *arguments,
                        const char *const *in, size_t n, const char *folder);

/* Keep this descriptor open in the sandbox. */
void sandbox_keep(int fd);

/* The end of it, before the process ends. */
void sandbox_leave(void);

/* What the build has, for --version. */
const char *sandbox_built(void);

#endif /* XL_CMDS_SANDBOX_H */
