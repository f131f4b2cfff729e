/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Work on what comes from outside, for a verb that keeps its power, over a
 * domain or to start a program: another process goes on with it in the
 * sandbox.  What it hands over is bytes, and judged anew.
 */
#ifndef XL_CMDS_APART_H
#define XL_CMDS_APART_H

#include "input.h"
#include "verbs.h"

/* The work of the other process, which hands over what it writes to the
 * descriptor.  Findings left in its report are printed with file as
 * subject. */
typedef void apart_work(struct session *session, void *arg, int to);

struct apart {
    const char *file, *out;  /* what it may read and write, or NULL */
    apart_work *work;
    void *arg;
};

/* Have it done: *bytes, malloc'ed, for the caller; NULL where there are none.
 * The session's worst becomes that of the other process.  -1, in the report:
 * it did not come to its end. */
int apart_run(struct session *session, const struct arguments *arguments,
              const struct apart *apart, uint8_t **bytes, size_t *size);

/* Load file: the work where an image is wanted. */
typedef int image_loader(struct session *session, struct input *input,
                         const char *file, bool allow_loss);

/* Have the other process load file and make an image of it, whatever it was;
 * input->image and the bytes of it.  On failure -1, and told or in the
 * report. */
int apart_image(struct session *session, const struct arguments *arguments,
                struct input *input, const char *file, image_loader *load);

#endif /* XL_CMDS_APART_H */
