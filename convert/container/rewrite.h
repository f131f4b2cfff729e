/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A container that is written anew as an xl save file. */
#ifndef CONVERT_CONTAINER_REWRITE_H
#define CONVERT_CONTAINER_REWRITE_H

#include "container/source.h"

#define REWRITE_PARAMS 16

/* One run. */
struct rewrite {
    const struct domctx_source_info *old; /* what the walk found */
    domctx_source *in;              /* the input once more */
    const struct domctx_writer *writer;
    bool stopped;                   /* the writer did */
    const struct domctx_release *target;
    const void *context;
    size_t context_size;
    uint64_t param[REWRITE_PARAMS][2]; /* index and value */
    size_t n_params;
    struct held xenstore;           /* keys and values for the emulator */
    uint64_t qemu_at, qemu_size;    /* its state in the input */
    domctx_report *report;
};

/* Hand bytes of our own to the writer; or a run of the input. */
int rewrite_put(struct rewrite *rewrite, const void *bytes, size_t size);
int rewrite_copy(struct rewrite *rewrite, uint64_t offset, uint64_t size);

/* The header of a record of that type and length. */
int rewrite_header(struct rewrite *rewrite, uint32_t type, uint32_t length);

/* Read the legacy stream that the input is at: its pages become PAGE_DATA, and
 * param, xenstore, qemu_at and qemu_size are what else is in it. */
int rewrite_legacy(struct rewrite *rewrite);

#endif /* CONVERT_CONTAINER_REWRITE_H */
