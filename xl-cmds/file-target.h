/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of file an output name is. */
#ifndef XL_CMDS_FILE_TARGET_H
#define XL_CMDS_FILE_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include <domctx.h>

enum file_target_kind {
    TARGET_REPLACE, /* a regular or new file: replaced by rename */
    TARGET_DIRECT,  /* a device, pipe or socket: opened and written */
    TARGET_STDOUT,
};

struct file_target {
    enum file_target_kind kind;
    bool named;              /* TARGET_DIRECT: it has a name in a directory
                              * that others may write to */
    char folder[PATH_MAX];   /* TARGET_REPLACE: the file's directory */
    char name[NAME_MAX + 1]; /* and its name there */
};

/* Follow the links of path and classify the file.  -1, with a finding: it
 * cannot be written. */
int file_target_find(const char *path, struct file_target *target,
                     domctx_report *report);

/* Refuse a FIFO that neither we nor root made ("file-fifo-foreign"): its owner
 * reads what is written. */
int file_target_fifo(const struct stat *status, domctx_report *report);

#endif /* XL_CMDS_FILE_TARGET_H */
