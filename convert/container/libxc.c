/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walking a libxc stream: its headers, and from record to record. */
#include "container/libxc.h"
#include "container/record.h"
#include "base/bytes.h"
#include "format/recode.h"

#include <stdio.h>
#include <string.h>

#define IMAGE_HEADER 24
#define DOMAIN_HEADER 16
#define OLDEST 2
#define NEWEST 4            /* proposed in 2020, never released */
#define OPTION_BIG 1
#define TYPE_PV 1
#define TYPE_HVM 2
#define PAGE_SHIFT 12

int stream_header(struct domctx_source *source,
                  struct stream_header *header)
{
    uint8_t bytes[8] = { 0 };
    const uint8_t *p;
    size_t got;

    source_record(source, "record header");
    if (source_peek(source, STREAM_GLANCE, &p, &got) < 0)
        return -1;
    if (source_read(source, bytes, sizeof(bytes)) < 0) {
        source->cut.in_header = source->cut.is && all_zero(bytes, 8);
        return -1;
    }
    header->type = le32(bytes);
    header->length = le32(bytes + 4);
    source_body(source, header->length);
    return 0;
}

static void judge_padding(struct domctx_source *source,
                          const uint8_t *padding, size_t size)
{
    struct msg_at at = { .record = source->record, .has_offset = true,
                         .offset = source->at - size };

    if (!all_zero(padding, size))
        msg_raise(source->report, MSG_STREAM_PADDING, &at,
                  "the padding of the record is not zero");
}

int stream_rest(struct domctx_source *source, uint64_t begin,
                uint32_t length)
{
    size_t pad = stream_pad(length), got;
    const uint8_t *p;
    uint8_t padding[8];

    if (source_skip(source, begin + length - source->at) < 0)
        return -1;
    if (pad == 0)
        return 0;
    /* read ahead the next header, too */
    if (source_peek(source, STREAM_GLANCE, &p, &got) < 0 ||
        source_read(source, padding, pad) < 0)
        return -1;
    judge_padding(source, padding, pad);
    return 0;
}

static bool has_mark(const uint8_t *p, size_t size)
{
    return size >= 12 && be64(p) == UINT64_MAX && be32(p + 8) == 0x58454e46;
}

static int read_image_header(struct domctx_source *source,
                             struct libxc *libxc)
{
    uint8_t bytes[IMAGE_HEADER];
    struct recoded recoded;
    struct msg_at at;
    const uint8_t *p;
    size_t got;

    source_record(source, "image header");
    at = source_here(source);
    if (source_peek(source, STREAM_GLANCE, &p, &got) < 0)
        return -1;
    if (!has_mark(p, got) && recode_find(p, got, &recoded))
        return recode_tell(&recoded, NULL, source->report);
    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    libxc->version = be32(bytes + 12);
    if (!has_mark(bytes, sizeof(bytes)))
        return msg_raise(source->report, MSG_LIBXC_MARK, &at,
                         "no libxc stream begins here");
    if (libxc->version < OLDEST || libxc->version > NEWEST) {
        at.field = "version";
        at.expected = (struct msg_value)TEXT("2 to 4");
        at.found = (struct msg_value)DEC(libxc->version);
        return msg_raise(source->report, MSG_LIBXC_VERSION, &at,
                         "a libxc stream of another version");
    }
    at.field = "options";
    at.found = (struct msg_value)HEX(bytes[16] << 8 | bytes[17]);
    if (bytes[17] & OPTION_BIG)
        return msg_raise(source->report, MSG_STREAM_BIG, &at,
                         "a big-endian stream, which every release "
                         "refuses");
    if (!all_zero(bytes + 16, 8))
        msg_raise(source->report, MSG_STREAM_RESERVED, &at,
                  "options or reserved bytes that no release writes");
    return 0;
}

/* Report that the release in the header does not write such a stream. */
static void judge_era(struct domctx_source *source, bool old,
                      uint32_t xen_major, uint32_t xen_minor)
{
    cat_version saver = cat_version_of(xen_major, xen_minor);
    struct msg_at at = source_here(source);
    char found[32];

    if (saver >= CAT_V(4, 6) && (saver <= CAT_V(4, 13)) == old)
        return;
    snprintf(found, sizeof(found), "%u.%u", xen_major, xen_minor);
    at.field = "xen_minor";
    at.expected = (struct msg_value)TEXT(old ? "4.6 to 4.13" : "4.14 on");
    at.found = (struct msg_value)TEXT(found);
    if (old && saver > CAT_V(4, 13))
        msg_raise(source->report, MSG_LIBXC_MADE, &at,
                  "that Xen reads a stream of version 2 and writes none: the "
                  "context was put in for it");
    else
        msg_raise(source->report, MSG_LIBXC_ERA, &at,
                  "that Xen does not write a stream of version %s",
                  old ? "2" : "3 or 4");
}

/* Set which releases can have written the stream. */
static void judge_saver(struct domctx_source *source, struct libxc *libxc,
                        uint32_t xen_major, uint32_t xen_minor)
{
    struct domctx_source_info *info = &source->info;
    bool old = libxc->version == OLDEST;

    if (xen_major == 0) {
        source_converted(source);
        return;
    }
    source_bound(source, old ? CAT_V(4, 6) : CAT_V(4, 14),
                 old ? CAT_V(4, 13) : CAT_NEWEST);
    info->has_version = true;
    info->xen_major = xen_major;
    info->xen_minor = xen_minor;
    info->version_offset = source->at - 8;
    libxc->saver = cat_version_of(xen_major, xen_minor);
    judge_era(source, old, xen_major, xen_minor);
}

static int read_domain_header(struct domctx_source *source,
                              struct libxc *libxc)
{
    uint8_t bytes[DOMAIN_HEADER];
    struct msg_at at;

    source_record(source, "domain header");
    at = source_here(source);
    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    judge_saver(source, libxc, le32(bytes + 8), le32(bytes + 12));
    if (le32(bytes) == TYPE_PV)
        return source_pv(source);
    at.field = "type";
    at.found = (struct msg_value)DEC(le32(bytes));
    if (le32(bytes) != TYPE_HVM)
        return msg_raise(source->report, MSG_LIBXC_TYPE, &at,
                         "a type of domain that no release saves");
    source_is_hvm(source);
    at.field = "page_shift";
    at.expected = (struct msg_value)DEC(PAGE_SHIFT);
    at.found = (struct msg_value)DEC(le16(bytes + 4));
    if (le16(bytes + 4) != PAGE_SHIFT)
        return msg_raise(source->report, MSG_LIBXC_PAGE_SHIFT, &at,
                         "the pages are not of 4096 bytes");
    if (le16(bytes + 6)) {
        at.field = "reserved";
        at.expected = (struct msg_value)DEC(0);
        at.found = (struct msg_value)HEX(le16(bytes + 6));
        msg_raise(source->report, MSG_STREAM_RESERVED, &at,
                  "reserved bytes that no release writes");
    }
    return 0;
}

int libxc_begin(struct domctx_source *source, struct libxc *libxc)
{
    const uint8_t *p;
    size_t got;

    if (source_peek(source, IMAGE_HEADER + DOMAIN_HEADER, &p, &got) < 0)
        return -1;
    source_layer(source, DOMCTX_IN_LIBXC,
                 got < IMAGE_HEADER ? 0 : be32(p + 12));
    if (read_image_header(source, libxc) < 0)
        return -1;
    source->info.domain.stream = libxc->version;
    return read_domain_header(source, libxc);
}

/* Begin a checkpoint interval. */
static void new_interval(struct libxc *libxc)
{
    libxc->buffered = true;
    memset(libxc->n, 0, sizeof(libxc->n));
    libxc->told_order = false;
}

/* Whether only the END is missing: state records in front of it come in
 * different orders. */
static void judge_end(struct domctx_source *source, const struct libxc *libxc)
{
    if (!libxc->embedded && libxc->n[LIBXC_RECORD_CONTEXT] > 0 &&
        libxc->n[LIBXC_RECORD_PARAMS] > 0)
        source_lacks_end(source);
}

enum libxc_stop libxc_records(struct domctx_source *source,
                              struct libxc *libxc)
{
    struct stream_header header;

    do {
        uint64_t begin;

        if (stream_header(source, &header) < 0) {
            judge_end(source, libxc);
            return LIBXC_FAILED;
        }
        begin = source->at;
        if (libxc_record(source, libxc, &header) < 0 ||
            stream_rest(source, begin, header.length) < 0)
            return LIBXC_FAILED;
        if (header.type == LIBXC_RECORD_CHECKPOINT) {
            new_interval(libxc);
            if (libxc->embedded)
                return LIBXC_CHECKPOINT;
            if (source_checkpoint(source) < 0)
                return LIBXC_FAILED;
        }
    } while (header.type != LIBXC_RECORD_END);
    return LIBXC_END;
}

int source_walk_libxc(struct domctx_source *source)
{
    struct libxc libxc = { .embedded = false };

    if (libxc_begin(source, &libxc) < 0)
        return -1;
    return libxc_records(source, &libxc) == LIBXC_END ? 0 : -1;
}
