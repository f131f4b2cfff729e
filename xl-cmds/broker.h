/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process that opens files for a process that may not.  It reads none of
 * their bytes.  For reading it opens the files of the command line; for
 * writing the one named there, or in the folder named there one for each of
 * them.  Clients send indices, never names.
 *
 * If there are only one or two files to open, they are opened at once, and no
 * broker is started.
 */
#ifndef XL_CMDS_BROKER_H
#define XL_CMDS_BROKER_H

#include <sys/stat.h>

#include "file.h"

/* The names it may open; they must outlive the process. */
struct broker_names {
    const char *const *in; /* for reading */
    size_t n_in;
    const char *out;       /* for writing, or NULL; or else */
    const char *folder;    /* each of them may be written there under its name,
                            * or NULL */
};

/* Start the broker; file.h uses it from then on.  -1 with errno, never because
 * of a file. */
int broker_start(const struct broker_names *names);

/* Whether file.h must ask the broker. */
bool broker_serves(void);

/* The most inputs that are opened without a broker; diff has two. */
#define BROKER_ONLY 2

/* The descriptors it needs in this process. */
#define BROKER_FDS (2 + BROKER_ONLY)
void broker_descriptors(int fds[BROKER_FDS]);

/* Stop it; files that were not committed are removed. */
void broker_stop(void);

/* For file.h: open for reading, as file_open_name(). */
int broker_open(const char *path, struct stat *status);
int broker_null(void);
int broker_nameless(void);

/* For file.h: the functions of these names. */
int broker_create(struct file_out *out, const char *path, bool text,
                  domctx_report *report);
int broker_check(const char *path, domctx_report *report);
int broker_keep_owner(struct file_out *out, domctx_report *report);
int broker_commit(struct file_out *out, domctx_report *report);
void broker_discard(void);

#endif /* XL_CMDS_BROKER_H */
