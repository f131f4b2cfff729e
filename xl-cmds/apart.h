/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading files from outside for a verb that keeps its privileges, over a
 * domain or to start a program: another process reads them in the sandbox, and
 * hands over bytes, which are parsed again here.
 */
#ifndef XL_CMDS_APART_H
#define XL_CMDS_APART_H

#include "input.h"
#include "verbs.h"

/* The work of the other process, which writes its result to the descriptor to.
 * Findings left in its report are printed with file as subject. */
typedef void apart_work(struct session *session, void *arg, int to);

struct apart {
    const char *file, *out;  /* the files it may read and write, or NULL */
    apart_work *work;
    void *arg;
};

/* Run the work.  *bytes is its result, malloc'ed, or NULL.  The session's
 * worst becomes the other process's.  -1, with a finding: it did not
 * finish. */
int apart_run(struct session *session, const struct arguments *arguments,
              const struct apart *apart, uint8_t **bytes, size_t *size);

/* Load a file, where an image is wanted. */
typedef int image_loader(struct session *session, struct input *input,
                         const char *file, bool allow_loss);

/* Load file in the other process, convert it to an image from any format, and
 * set input->image and its bytes.  -1 on failure, printed or in the report. */
int apart_image(struct session *session, const struct arguments *arguments,
                struct input *input, const char *file, image_loader *load);

#endif /* XL_CMDS_APART_H */
