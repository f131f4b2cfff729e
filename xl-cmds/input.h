/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of the user as what it holds. */
#ifndef XL_CMDS_INPUT_H
#define XL_CMDS_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include <domctx.h>

struct input {
    uint8_t *buf;
    size_t size;
    domctx_image *image; /* one of the two */
    domctx_hvm *hvm;
};

/* Read and parse path.  On failure, in the report, input is empty. */
int input_load(struct input *input, const char *path, domctx_report *report);

/* Free what input_load() made; harmless on an empty input. */
void input_free(struct input *input);

#endif /* XL_CMDS_INPUT_H */
