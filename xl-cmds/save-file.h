/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A save file of which another is made: the same container, with all bytes
 * but those of its context.
 */
#ifndef XL_CMDS_SAVE_FILE_H
#define XL_CMDS_SAVE_FILE_H

#include "file.h"
#include "input.h"

struct save_file {
    struct file_in file;          /* open if has_file */
    bool has_file;
    const char *packed;           /* what compressed it, or NULL */
    bool in_output;               /* the output already holds its bytes */
    struct input found;           /* what a walk found in it */
    struct domctx_splice splice;  /* what the new one consists of, */
    struct domctx_piece piece[DOMCTX_FITTED_MAX]; /* and with its policies */
    size_t n_pieces;
    uint64_t size;                /* of all */
};

/* Open path.  Bytes from a pipe are kept for a second read: in out, if that
 * gets its name at the end; out may be NULL where no second one is needed. */
int save_file_open(struct save_file *save, const char *path,
                   struct file_out *out, domctx_report *report);

/* Walk it (options: DOMCTX_WALK_*): save->found.source. */
int save_file_walk(struct save_file *save, unsigned int options,
                   domctx_report *report);

/* The new one: with size bytes of blob in the place of its context, for the
 * target; or all as it is. */
int save_file_splice(struct save_file *save, const void *blob, size_t size,
                     const struct domctx_release *target,
                     domctx_report *report);
void save_file_keep(struct save_file *save);

/* Write the new one, which the progress calls name.  On failure as
 * file_write(). */
int save_file_write(struct save_file *save, struct file_out *out,
                    const char *name, domctx_report *report);

/* Write it anew as a save file of xl for the target, likewise. */
int save_file_rewrite(struct save_file *save, const void *blob, size_t size,
                      const struct domctx_release *target,
                      struct file_out *out, domctx_report *report);

/* Write the new one as a stream that a plain restore takes
 * (domctx_source_plain()), likewise. */
int save_file_plain(struct save_file *save, struct file_out *out,
                    domctx_report *report);

/* Free what is in it; harmless on an empty one. */
void save_file_close(struct save_file *save);

#endif /* XL_CMDS_SAVE_FILE_H */
