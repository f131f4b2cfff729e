/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a container as a new xl save file. */
#ifndef CONVERT_CONTAINER_REWRITE_H
#define CONVERT_CONTAINER_REWRITE_H

#include "container/source.h"

#define REWRITE_PARAMS 16

/* One run. */
struct rewrite {
    const struct domctx_source_info *old; /* the result of the walk */
    domctx_source *in;              /* the input, from its beginning again */
    const struct domctx_writer *writer;
    bool stopped;                   /* the writer returned an error */
    const struct domctx_release *target;
    const void *context;
    size_t context_size;
    uint64_t param[REWRITE_PARAMS][2]; /* index and value */
    size_t n_params;
    struct held xenstore;           /* for the emulator */
    uint64_t qemu_at, qemu_size;    /* its state, in the input */
    domctx_report *report;
};

/* Write bytes of our own, or a range of the input. */
int rewrite_put(struct rewrite *rewrite, const void *bytes, size_t size);
int rewrite_copy(struct rewrite *rewrite, uint64_t offset, uint64_t size);

/* Write the header of a record. */
int rewrite_header(struct rewrite *rewrite, uint32_t type, uint32_t length);

/* Read the legacy stream at the input's position: write its pages as
 * PAGE_DATA, and keep the rest in param, xenstore, qemu_at and qemu_size. */
int rewrite_legacy(struct rewrite *rewrite);

#endif /* CONVERT_CONTAINER_REWRITE_H */
