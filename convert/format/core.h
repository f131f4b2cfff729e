/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoding a record header, and finding the next one: shared by all
 * readers. */
#ifndef CONVERT_FORMAT_CORE_H
#define CONVERT_FORMAT_CORE_H

#include "base/bytes.h"

#include <domctx.h>

/* Decode the 16 bytes of the header at offset at; body is set to NULL. */
static inline void core_decode(const uint8_t *header, bool big, uint64_t at,
                               struct domctx_record *record)
{
    record->type = get32(header, big);
    record->instance = get32(header + 4, big);
    record->length = get64(header + 8, big);
    record->offset = at;
    record->body = NULL;
}

#endif /* CONVERT_FORMAT_CORE_H */
