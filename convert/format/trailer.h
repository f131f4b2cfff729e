/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The digest of an image. */
#ifndef CONVERT_FORMAT_TRAILER_H
#define CONVERT_FORMAT_TRAILER_H

#include <stddef.h>
#include <stdint.h>

/* The algorithm number of CRC-64/XZ in a DIGEST record, and its body:
 * algorithm (32 bits), zero (32 bits), value (64 bits). */
#define DIGEST_CRC64_XZ 1
#define DIGEST_BODY 16

/* What PROVENANCE may have: an entry of its history takes some 150 bytes, so
 * thousands of conversions. */
#define PROVENANCE_MAX (1u << 20)

/* CRC-64/XZ of size bytes. */
uint64_t digest_of(const uint8_t *buf, size_t size);

#endif /* CONVERT_FORMAT_TRAILER_H */
