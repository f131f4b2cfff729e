/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a process gives up before it reads a byte of a file: new privileges,
 * root, opening files, connecting, starting programs.  Code that takes over
 * the process through a hostile file reaches only that file, the output, and a
 * broker that opens the files of the command line.
 */
#ifndef XL_CMDS_SANDBOX_H
#define XL_CMDS_SANDBOX_H

#include <sys/types.h>

#include "verbs.h"

/*
 * Enter the sandbox, after the command line was parsed and when no Xen library
 * is needed any more.  From then on the first n operands and extra (unless
 * NULL) can be opened for reading, out for writing, and nothing else.  A
 * missing layer is reported, only with -v if another replaces it; --no-sandbox
 * is always reported.
 *
 * False, reported: do not continue.
 */
bool sandbox_enter(struct session *session,
                   const struct arguments *arguments, int n,
                   const char *extra, const char *out);

/* Enter it for n names, and for an output of the same name in folder (unless
 * NULL) for each. */
bool sandbox_enter_many(struct session *session,
                        const struct arguments *arguments,
                        const char *const *in, size_t n, const char *folder);

/* Give up as much, in a process that looks at what is in its memory and ends:
 * no broker, and no descriptors but 0 to 2. */
void sandbox_alone(void);

/* Keep a descriptor open in the sandbox. */
void sandbox_keep(int fd);

/* The process, the parent of which that is, does not outlive it. */
void sandbox_end_with(pid_t parent);

/* Leave it, before the process ends. */
void sandbox_leave(void);

/* The layers in this build, for --version. */
const char *sandbox_built(void);

#endif /* XL_CMDS_SANDBOX_H */
