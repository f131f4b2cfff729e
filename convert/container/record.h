/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judging one record of a libxc stream. */
#ifndef CONVERT_CONTAINER_RECORD_H
#define CONVERT_CONTAINER_RECORD_H

#include "container/libxc.h"

#define LIBXC_RECORD_END UINT32_C(0)
#define LIBXC_RECORD_CONTEXT UINT32_C(9)
#define LIBXC_RECORD_PARAMS UINT32_C(10)
#define LIBXC_RECORD_CHECKPOINT UINT32_C(14)

/* Judge the record whose header was read, and keep the needed part of its
 * body; the caller skips the rest. */
int libxc_record(struct domctx_source *source, struct libxc *libxc,
                 const struct stream_header *header);

/* Judge the n pages of a PAGE_DATA record of that length, from behind its
 * count on. */
int libxc_pages(struct domctx_source *source, struct libxc *libxc, uint32_t n,
                uint32_t length);

/* Report a wrong length, -1; report reserved bytes unless they are zero. */
int libxc_bad_length(struct domctx_source *source, uint64_t expected,
                     uint32_t length);
void libxc_reserved(struct domctx_source *source, const char *field,
                    uint64_t found);

#endif /* CONVERT_CONTAINER_RECORD_H */
