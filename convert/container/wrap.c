/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The headers that libvirt and xend put in front of a stream. */
#include "base/bytes.h"
#include "container/source.h"

/* -- libvirt: a header of 64 bytes, its XML, a stream ----------------- */

#define LIBVIRT_HEADER 64
#define LIBVIRT_LEGACY 1   /* version: a legacy stream follows */
#define LIBVIRT_LIBXL 2

int source_walk_libvirt(struct domctx_source *source)
{
    struct msg_at at;
    const uint8_t *header;
    uint32_t version = 0, length = 0;
    size_t got;

    if (source_peek(source, LIBVIRT_HEADER, &header, &got) < 0)
        return -1;
    if (got == LIBVIRT_HEADER) {
        version = le32(header + 16);
        length = le32(header + 20);
    }
    source_layer(source, DOMCTX_IN_LIBVIRT, version);
    source_record(source, "libvirt header");
    at = source_here(source);
    if (source_skip(source, LIBVIRT_HEADER) < 0)
        return -1;
    if (version != LIBVIRT_LEGACY && version != LIBVIRT_LIBXL) {
        at.field = "version";
        at.expected = (struct msg_value)DEC(LIBVIRT_LIBXL);
        at.found = (struct msg_value)DEC(version);
        return msg_raise(source->report, MSG_LIBVIRT_VERSION, &at,
                         "a version of the header that is not known");
    }
    if (length == 0) {
        at.field = "xmlLen";
        msg_raise(source->report, MSG_LIBVIRT_XML, &at,
                  "there is no XML, without which libvirt restores nothing");
    }
    if (source_config(source, DOMCTX_CONFIG_XML, length) < 0)
        return -1;
    return source_inner(source, version == LIBVIRT_LEGACY ? DOMCTX_IN_LEGACY
                                                          : DOMCTX_IN_LIBXL);
}

/* -- xend: a length, an s-expression, a stream ------------------------ */

#define XEND_MAGIC 16

int source_walk_xend(struct domctx_source *source)
{
    struct msg_at at;
    uint8_t length[4];

    source_layer(source, DOMCTX_IN_XEND, 0);
    source_record(source, "xend header");
    at = source_here(source);
    if (source_skip(source, XEND_MAGIC) < 0 ||
        source_read(source, length, sizeof(length)) < 0)
        return -1;
    if (be32(length) > INT32_MAX) {
        at.found = (struct msg_value)HEX(be32(length));
        return msg_raise(source->report, MSG_XEND_LENGTH, &at,
                         "the length of the configuration is negative");
    }
    source_bound(source, release_series(0), CAT_V(4, 4));
    if (source_config(source, DOMCTX_CONFIG_SXP, be32(length)) < 0)
        return -1;
    return source_inner(source, DOMCTX_IN_LEGACY);
}
