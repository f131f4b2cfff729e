/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies of libxl records. */
#ifndef CONVERT_CONTAINER_LIBXL_H
#define CONVERT_CONTAINER_LIBXL_H

#include "container/libxc.h"

/* The emulator_id of EMULATOR_CONTEXT. */
#define EMULATOR_UNKNOWN 0       /* written by convert-legacy-stream */
#define EMULATOR_TRADITIONAL 1

/* Judge keys and values of size bytes. */
int libxl_xenstore(struct domctx_source *source, uint32_t size);

#endif /* CONVERT_CONTAINER_LIBXL_H */
