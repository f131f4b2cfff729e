/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room base: bytes, keys, findings, output, JSON tokens; it knows nothing of
 * Xen.
 *
 * Numbers in byte buffers, and arithmetic on sizes that come from outside.
 * A big argument says that the bytes are most significant first.
 */
#ifndef CONVERT_BASE_BYTES_H
#define CONVERT_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t le16(const void *p)
{
    const uint8_t *b = p;

    return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t le32(const void *p)
{
    const uint8_t *b = p;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

static inline uint64_t le64(const void *p)
{
    const uint8_t *b = p;

    return le32(b) | (uint64_t)le32(b + 4) << 32;
}

static inline uint32_t be32(const void *p)
{
    const uint8_t *b = p;

    return (uint32_t)b[3] | (uint32_t)b[2] << 8 | (uint32_t)b[1] << 16 |
           (uint32_t)b[0] << 24;
}

static inline uint64_t be64(const void *p)
{
    const uint8_t *b = p;

    return be32(b + 4) | (uint64_t)be32(b) << 32;
}

static inline uint32_t get32(const void *p, bool big)
{
    return big ? be32(p) : le32(p);
}

static inline uint64_t get64(const void *p, bool big)
{
    return big ? be64(p) : le64(p);
}

static inline void put_le16(void *p, uint16_t value)
{
    uint8_t *b = p;

    b[0] = (uint8_t)value;
    b[1] = (uint8_t)(value >> 8);
}

static inline void put_le32(void *p, uint32_t value)
{
    put_le16(p, (uint16_t)value);
    put_le16((uint8_t *)p + 2, (uint16_t)(value >> 16));
}

static inline void put_le64(void *p, uint64_t value)
{
    put_le32(p, (uint32_t)value);
    put_le32((uint8_t *)p + 4, (uint32_t)(value >> 32));
}

static inline void put_be32(void *p, uint32_t value)
{
    put_le32(p, __builtin_bswap32(value));
}

static inline void put_be64(void *p, uint64_t value)
{
    put_le64(p, __builtin_bswap64(value));
}

static inline void set_u32(void *p, bool big, uint32_t value)
{
    if (big)
        put_be32(p, value);
    else
        put_le32(p, value);
}

static inline void set_u64(void *p, bool big, uint64_t value)
{
    if (big)
        put_be64(p, value);
    else
        put_le64(p, value);
}

/*
 * Addition, subtraction and multiplication of numbers from the input: the
 * result goes to *r; true if it does not fit there.
 */
#define ADD_OVERFLOW(a, b, r) __builtin_add_overflow((a), (b), (r))
#define SUB_OVERFLOW(a, b, r) __builtin_sub_overflow((a), (b), (r))
#define MUL_OVERFLOW(a, b, r) __builtin_mul_overflow((a), (b), (r))

/* n rounded up to a multiple of 8 in *up; false when that passes 2^64. */
static inline bool round_up_8(uint64_t n, uint64_t *up)
{
    if (ADD_OVERFLOW(n, 7, up))
        return false;
    *up &= ~UINT64_C(7);
    return true;
}

/* n * size in *bytes; false when a size_t cannot hold it. */
static inline bool bytes_of(uint64_t n, size_t size, size_t *bytes)
{
    return !MUL_OVERFLOW(n, size, bytes);
}

/* Whether size bytes are all zero. */
static inline bool all_zero(const uint8_t *p, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++)
        if (p[i])
            return false;
    return true;
}

#endif /* CONVERT_BASE_BYTES_H */
