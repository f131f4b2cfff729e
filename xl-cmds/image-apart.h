/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The image of a file for a verb that has power over a domain: another
 * process, in the sandbox, reads the file and makes an image of it, whatever
 * it was.
 * What comes from there is bytes, and judged anew.
 */
#ifndef XL_CMDS_IMAGE_APART_H
#define XL_CMDS_IMAGE_APART_H

#include "input.h"
#include "verbs.h"

/* Load file: what the work of the other process is. */
typedef int image_loader(struct session *session, struct input *input,
                         const char *file, bool allow_loss);

/* Have the other process load file; input->image and the bytes of it.  On
 * failure -1, and told or in the report. */
int image_apart(struct session *session, const struct arguments *arguments,
                struct input *input, const char *file, image_loader *load);

#endif /* XL_CMDS_IMAGE_APART_H */
