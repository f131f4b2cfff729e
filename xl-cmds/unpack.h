/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decompressing a file of gzip or xz in constant memory.  Readers see it as a
 * pipe from 'gzip -dc'.
 */
#ifndef XL_CMDS_UNPACK_H
#define XL_CMDS_UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <domctx.h>

/* The memory limit: xz -9 needs 65 MiB, gzip 40 KiB. */
#define UNPACK_MEMORY (UINT64_C(66) << 20)

/* Once so much has come out, more than UNPACK_RATIO bytes for one that went
 * in are no guest's memory: gzip makes at most 1,032 of one, and only of
 * zeros. */
#define UNPACK_FREE (UINT64_C(1) << 30)
#define UNPACK_RATIO 500

struct unpack;

/* The compressor whose magic head has; NULL if it is not supported. */
const char *unpack_name(const uint8_t *head, size_t size);

/* The names of all supported ones, for --version. */
const char *unpack_built(void);

/* Read compressed bytes: as read(), with fd's errors. */
typedef ssize_t unpack_source(void *arg, void *buf, size_t size);

/* head: bytes that were read already.  NULL: no memory. */
struct unpack *unpack_new(const uint8_t *head, size_t size,
                          unpack_source *source, void *arg);
void unpack_free(struct unpack *unpack);

/* Read up to size decompressed bytes; 0 at the end, or at a fault, which
 * unpack_fault() reports; -1 with errno if source fails. */
ssize_t unpack_read(struct unpack *unpack, void *buf, size_t size);

/* Report why the end is a fault: -1 with a finding; 0 if it is sound or was
 * not reached.  lost: no context could be read.  Bytes behind the end that are
 * none of it are a warning. */
int unpack_fault(const struct unpack *unpack, bool lost,
                 domctx_report *report);

/* The size of the compressed file without what stands behind its end and is
 * none of it; 0: nothing does, or the end was not reached. */
uint64_t unpack_whole(const struct unpack *unpack);

#endif /* XL_CMDS_UNPACK_H */
