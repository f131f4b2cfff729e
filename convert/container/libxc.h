/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libxc stream, alone or inside a libxl stream, and the record headers
 * that both use. */
#ifndef CONVERT_CONTAINER_LIBXC_H
#define CONVERT_CONTAINER_LIBXC_H

#include "container/source.h"

struct stream_header {
    uint32_t type, length;
};

/* Read a record's header. */
int stream_header(struct domctx_source *source,
                  struct stream_header *header);

/* Skip the rest of a record whose body, of that length, began at offset begin,
 * and judge its padding. */
int stream_rest(struct domctx_source *source, uint64_t begin,
                uint32_t length);

static inline size_t stream_pad(uint32_t length)
{
    return -(size_t)length & 7;
}

/* How much to read at once: a record's header, the padding before it, and the
 * part of the body that is judged. */
#define STREAM_GLANCE 64
#define STREAM_GLANCE_PAGES ((STREAM_GLANCE - 16) / 8)

/* Record types are below this. */
#define LIBXC_TYPES 0x14

/* State of the walk over a libxc stream. */
struct libxc {
    bool embedded;            /* inside a libxl stream */
    uint32_t version;
    cat_version saver;        /* 0: unknown */
    bool seen_static_end, seen_page;
    bool buffered;            /* after the first checkpoint */
    uint64_t n[LIBXC_TYPES];  /* records of each type in this interval */
    bool told_order, told_page_type, told_page_table, told_page_bits;
    bool has_params;          /* HVM_PARAMS of the right length was seen */
};

/* The longest record that a release reads. */
uint64_t libxc_length_max(cat_version reader);

/* Read the headers. */
int libxc_begin(struct domctx_source *source, struct libxc *libxc);

/* Walk to END, or to the libxl records of a checkpoint. */
enum libxc_stop { LIBXC_FAILED = -1, LIBXC_END, LIBXC_CHECKPOINT };
enum libxc_stop libxc_records(struct domctx_source *source,
                              struct libxc *libxc);

#endif /* CONVERT_CONTAINER_LIBXC_H */
