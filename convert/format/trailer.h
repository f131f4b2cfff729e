/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The digest of an image, and the limit of PROVENANCE. */
#ifndef CONVERT_FORMAT_TRAILER_H
#define CONVERT_FORMAT_TRAILER_H

#include <stddef.h>
#include <stdint.h>

/* CRC-64/XZ's number in a DIGEST record, and the length of the body: algorithm
 * (32 bits), zero (32 bits), value (64 bits). */
#define DIGEST_CRC64_XZ 1
#define DIGEST_BODY 16

/* The limit of PROVENANCE: a history entry takes about 150 bytes, so thousands
 * of conversions fit. */
#define PROVENANCE_MAX (1u << 20)

/* CRC-64/XZ of size bytes. */
uint64_t digest_of(const uint8_t *buf, size_t size);

#endif /* CONVERT_FORMAT_TRAILER_H */
