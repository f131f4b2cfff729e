/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process that opens files for one that has given that up.  It looks at no
 * byte of them.  It opens for reading what the command line names, and for
 * writing the one name there, or one in the folder there for each that it has
 * opened; whoever asks has numbers for these, no names.
 *
 * Where one or two files are all there is to open, they are opened at once,
 * and no other process is needed.
 */
#ifndef XL_CMDS_BROKER_H
#define XL_CMDS_BROKER_H

#include "file.h"

/* The names it opens; they must outlive the process. */
struct broker_names {
    const char *const *in; /* for reading */
    size_t n_in;
    const char *out;       /* for writing, or NULL; or else */
    const char *folder;    /* where the last that was opened for reading
                            * may be written, or NULL */
};

/* Start the broker, which file.h asks from then on. -1 with errno, never
 * because of a file. */
int broker_start(const struct broker_names *names);

/* Whether files are asked for there. */
bool broker_serves(void);

/* So many inputs at most are opened at once; diff has two. */
#define BROKER_ONLY 2

/* Descriptors that it needs here. */
#define BROKER_FDS (2 + BROKER_ONLY)
void broker_descriptors(int fds[BROKER_FDS]);

/* End it; what was not committed is gone. */
void broker_stop(void);

/* For file.h: a descriptor, or -1 with errno. */
int broker_open(const char *path);
int broker_null(void);
int broker_nameless(void);

/* For file.h: its functions of these names. */
int broker_create(struct file_out *out, const char *path, bool text,
                  domctx_report *report);
int broker_check(const char *path, domctx_report *report);
int broker_keep_owner(struct file_out *out, domctx_report *report);
int broker_commit(struct file_out *out, domctx_report *report);
void broker_discard(void);

#endif /* XL_CMDS_BROKER_H */
