/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of input some first bytes begin: above all rooms, since it asks
 * the readers of each. */
#include "base/bytes.h"
#include "base/chars.h"
#include "base/utf8.h"
#include "coded.h"
#include "container/source.h"
#include "format/hvm.h"
#include "catalogue/types.h"

#include <string.h>

#define JSON_HEAD 32
#define START_LENGTH 8

/* A brace after white space, and after a byte order mark.  A NUL is in no
 * JSON, and soon in every stream: that of a guest whose number of pages ends
 * in 0x7b begins like this. */
static bool is_json(const uint8_t *p, size_t size)
{
    size_t i = utf8_mark(p, size);

    if (memchr(p, 0, size < JSON_HEAD ? size : JSON_HEAD))
        return false;
    while (i < size && char_is_white((char)p[i]))
        i++;
    return i < size && p[i] == '{';
}

/* What has a mark of its own, as far as the first bytes go. */
static bool has_mark(const uint8_t *p, size_t size)
{
    const struct walker *walker = walker_of(p, size);
    static const char xl[] = "Xen saved domain, xl format\n";

    if (walker && walker->magic)
        return true;
    if (size >= 16 && memcmp(p, xl, size < sizeof(xl) - 1 ? size
                                                          : sizeof(xl) - 1)
                          == 0)
        return true;
    if (size >= 12 && le32(p) == DOMCTX_HVM_HEADER &&
        le32(p + 4) == HVM_HEADER_LENGTH && le32(p + 8) == HVM_MAGIC)
        return true;
    return size >= 16 && le32(p) == DOMCTX_START && le32(p + 4) == 0 &&
           le64(p + 8) == START_LENGTH;
}

/* A program has put a length in front of it, which could be the number of
 * pages of a legacy stream. */
static bool is_behind_length(const uint8_t *p, size_t size)
{
    return size > 8 &&
           (has_mark(p + 4, size - 4) || has_mark(p + 8, size - 8));
}

/* Both binary formats begin with a 1: START's type, or HEADER's typecode.
 * What follows decides: an instance 0 of 32 bits, or HEADER's length. */
enum domctx_format domctx_detect(const void *buf, size_t size)
{
    const uint8_t *p = buf;
    const struct walker *walker;

    if (size > 0 && is_json(p, size))
        return DOMCTX_FORMAT_JSON;
    if (size < 8)
        return DOMCTX_FORMAT_UNKNOWN;
    if (le16(p) == DOMCTX_HVM_HEADER) {
        if (size >= 12 && le32(p + 8) == HVM_MAGIC)
            return DOMCTX_FORMAT_HVM;
        if (le16(p + 2) == 0 && le32(p + 4) == HVM_HEADER_LENGTH)
            return DOMCTX_FORMAT_HVM;
    }
    if (le32(p) == DOMCTX_START)
        return DOMCTX_FORMAT_IMAGE;
    /* its first units could be the number of pages of a legacy stream */
    if (coded_wide(p, size))
        return DOMCTX_FORMAT_UNKNOWN;
    /* Test for this before a big-endian START: the legacy stream of a guest of
     * 64 GiB begins with the same four bytes, but no valid length follows. */
    walker = walker_of(p, size);
    if (walker)
        return !walker->magic && is_behind_length(p, size)
                   ? DOMCTX_FORMAT_UNKNOWN : DOMCTX_FORMAT_SAVE;
    return be32(p) == DOMCTX_START ? DOMCTX_FORMAT_IMAGE
                                   : DOMCTX_FORMAT_UNKNOWN;
}
