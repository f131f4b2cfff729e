/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Progress of long work, on stderr: one line that is written over, and gone
 * when the work is done.  On a terminal, or anywhere when asked for.
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

/* xl's -t: everywhere, not only on a terminal. */
void progress_everywhere(void);

void progress_begin(struct progress *progress, const char *name,
                    uint64_t total);

/* So many bytes are done. */
void progress_step(struct progress *progress, uint64_t done);

/* Take the line away. */
void progress_end(struct progress *progress);

#endif /* XL_CMDS_PROGRESS_H */
