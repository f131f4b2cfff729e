/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a name given for output stands for. */
#ifndef XL_CMDS_FILE_TARGET_H
#define XL_CMDS_FILE_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include <domctx.h>

enum file_target_kind {
    TARGET_REPLACE, /* a regular file, or none yet: by rename */
    TARGET_DIRECT,  /* a device, pipe or socket: opened and written */
    TARGET_STDOUT,
};

struct file_target {
    enum file_target_kind kind;
    bool named;              /* of TARGET_DIRECT: it has a name in a folder,
                              * where anybody may have put it */
    char folder[PATH_MAX];   /* of TARGET_REPLACE: where the file lies */
    char name[NAME_MAX + 1]; /* and its name there */
};

/* Follow the links of path and judge what is there.  -1: cannot be written,
 * in the report. */
int file_target_find(const char *path, struct file_target *target,
                     domctx_report *report);

/* "file-fifo-foreign" for a FIFO that neither we nor root made: its owner
 * reads what is written. */
int file_target_fifo(const struct stat *status, domctx_report *report);

#endif /* XL_CMDS_FILE_TARGET_H */
