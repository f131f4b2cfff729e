/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes of a descriptor or of memory, for a walk over a container. */
#ifndef CONVERT_ACCESS_READER_H
#define CONVERT_ACCESS_READER_H

#include "base/messages.h"

/* One of the two: fd >= 0, or the bytes. */
struct reader {
    int fd;
    bool sought;              /* fd is of a file or disk, size bytes left, */
    uint64_t size;
    uint8_t *waste;           /* or what is stepped over goes here */
    const uint8_t *bytes;
    size_t left;
};

struct reader reader_of_memory(const void *buf, size_t size);

/* Where fd stands; -1 for a folder. */
int reader_of_fd(struct reader *reader, int fd, domctx_report *report);
void reader_free(struct reader *reader);

/* As the walk over a container wants it. */
struct domctx_reader reader_public(struct reader *reader);

/* At most size bytes, fewer only at the end, or -1 with a finding. */
int64_t reader_take(struct reader *reader, void *buf, size_t size,
                    domctx_report *report);

/* Raise "file-read" for errno; -1. */
int reader_fault(int error, domctx_report *report);

#endif /* CONVERT_ACCESS_READER_H */
