/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a descriptor or memory, for a walk over a container. */
#ifndef CONVERT_ACCESS_READER_H
#define CONVERT_ACCESS_READER_H

#include "base/messages.h"

/* A descriptor if fd >= 0, else bytes in memory. */
struct reader {
    int fd;
    bool sought;              /* fd can seek; size bytes are left */
    uint64_t size;
    uint8_t *waste;           /* else: buffer for skipped bytes */
    const uint8_t *bytes;
    size_t left;
};

struct reader reader_of_memory(const void *buf, size_t size);

/* Read from fd at its present position; -1 for a directory. */
int reader_of_fd(struct reader *reader, int fd, domctx_report *report);
void reader_free(struct reader *reader);

/* The callbacks that the walk over a container takes. */
struct domctx_reader reader_public(struct reader *reader);

/* Read size bytes, or fewer at the end; -1 with a finding on an error. */
int64_t reader_take(struct reader *reader, void *buf, size_t size,
                    domctx_report *report);

/* Raise "file-read" for what a reader returned; -1. */
int reader_fault(int64_t got, domctx_report *report);

#endif /* CONVERT_ACCESS_READER_H */
