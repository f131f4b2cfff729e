/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies of libxl records. */
#ifndef CONVERT_CONTAINER_LIBXL_H
#define CONVERT_CONTAINER_LIBXL_H

#include "container/libxc.h"

/* Judge size bytes of keys and values that follow. */
int libxl_xenstore(struct domctx_source *source, uint32_t size);

#endif /* CONVERT_CONTAINER_LIBXL_H */
