/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a file that gzip or xz compressed, in constant memory.  It is for
 * its reader as a pipe from 'gzip -dc' would be.
 */
#ifndef XL_CMDS_UNPACK_H
#define XL_CMDS_UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <domctx.h>

/* What is held at once: xz -9 wants 65 MiB, and gzip 40 KiB. */
#define UNPACK_MEMORY (UINT64_C(66) << 20)

/* Once so much has come out, more than UNPACK_RATIO bytes for one that went
 * in are no guest's memory: gzip makes at most 1,032 of one, and only of
 * zeros. */
#define UNPACK_FREE (UINT64_C(1) << 30)
#define UNPACK_RATIO 500

struct unpack;

/* What the first bytes are those of; NULL when it is not read here. */
const char *unpack_name(const uint8_t *head, size_t size);

/* The names of all that are, for --version. */
const char *unpack_built(void);

/* Read compressed bytes: as read(), with fd's errors. */
typedef ssize_t unpack_source(void *arg, void *buf, size_t size);

/* head: what was read of it already.  NULL: no memory. */
struct unpack *unpack_new(const uint8_t *head, size_t size,
                          unpack_source *source, void *arg);
void unpack_free(struct unpack *unpack);

/* Up to size bytes of what is in it; 0 at the end, and at whatever else ends
 * it, which unpack_fault() tells; -1 with errno when source fails. */
ssize_t unpack_read(struct unpack *unpack, void *buf, size_t size);

/* Why the end was none: -1 with a finding, 0 when it is the end or was not
 * reached.  lost: nothing can be taken out of what came out. */
int unpack_fault(const struct unpack *unpack, bool lost,
                 domctx_report *report);

#endif /* XL_CMDS_UNPACK_H */
