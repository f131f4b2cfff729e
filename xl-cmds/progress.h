/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Showing progress of long work on stderr: one line that is overwritten, and
 * erased at the end.  Only on a terminal, or everywhere on request.
 */
#ifndef XL_CMDS_PROGRESS_H
#define XL_CMDS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *name;   /* of what is worked on */
    uint64_t total;     /* bytes; 0: not known */
    int64_t began;      /* ns; 0: nothing is shown */
    int64_t next;       /* when the line is due */
    bool shown;
};

/* xl's -t: show progress everywhere, not only on a terminal. */
void progress_everywhere(void);

void progress_begin(struct progress *progress, const char *name,
                    uint64_t total);

/* Show that done bytes are done. */
void progress_step(struct progress *progress, uint64_t done);

/* Erase the line. */
void progress_end(struct progress *progress);

#endif /* XL_CMDS_PROGRESS_H */
