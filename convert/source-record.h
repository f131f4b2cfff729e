/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One record of a libxc stream. */
#ifndef CONVERT_SOURCE_RECORD_H
#define CONVERT_SOURCE_RECORD_H

#include "source-libxc.h"

#define LIBXC_RECORD_END UINT32_C(0)
#define LIBXC_RECORD_CONTEXT UINT32_C(9)
#define LIBXC_RECORD_CHECKPOINT UINT32_C(14)

/* Judge the record whose header was read, and take what is wanted of its
 * body; the rest stays to be stepped over. */
int libxc_record(struct domctx_source *source, struct libxc *libxc,
                 const struct stream_header *header);

#endif /* CONVERT_SOURCE_RECORD_H */
