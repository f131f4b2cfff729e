/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header of an "xl save" file, Xen 4.0.1 and later. */
#include "container/source.h"
#include "base/bytes.h"

#define HEADER_SIZE 48
#define BYTE_ORDER_MARK UINT32_C(0x01020304)
#define FLAG_JSON UINT32_C(1)       /* since 4.5 */
#define FLAG_STREAM_V2 UINT32_C(2)  /* since 4.6 */

struct xl_header {
    uint32_t mandatory, optional, length;
};

static int read_header(struct domctx_source *source,
                       struct xl_header *header)
{
    struct msg_at at = source_here(source);
    uint8_t bytes[HEADER_SIZE];

    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    header->mandatory = le32(bytes + 36);
    header->optional = le32(bytes + 40);
    header->length = le32(bytes + 44);
    if (le32(bytes + 32) != BYTE_ORDER_MARK) {
        at.field = "byteorder";
        at.expected = (struct msg_value)HEX(BYTE_ORDER_MARK);
        at.found = (struct msg_value)HEX(le32(bytes + 32));
        return msg_raise(source->report, MSG_XL_BYTE_ORDER, &at,
                         "the header is of a machine of another byte "
                         "order, or damaged");
    }
    at.field = "mandatory_flags";
    at.found = (struct msg_value)HEX(header->mandatory);
    if (header->mandatory & ~(FLAG_JSON | FLAG_STREAM_V2))
        return msg_raise(source->report, MSG_XL_FLAGS, &at,
                         "the header has flags that no release knows");
    if (header->mandatory == FLAG_STREAM_V2)
        msg_raise(source->report, MSG_XL_TEXT, &at,
                  "a libxl stream with a configuration that is not JSON");
    if (header->optional) {
        at.field = "optional_flags";
        at.expected = (struct msg_value)HEX(0);
        at.found = (struct msg_value)HEX(header->optional);
        msg_raise(source->report, MSG_XL_OPTIONAL, &at,
                  "the header has optional flags, which none writes");
    }
    return 0;
}

/* Read the optional data: the configuration, and what may follow it. */
static int read_optional(struct domctx_source *source,
                         const struct xl_header *header)
{
    struct msg_at at = source_here(source);
    uint8_t word[4];
    uint32_t length, room;

    at.field = "config_len";
    if (header->length == 0) {
        at.field = "optional_data_len";
        return msg_raise(source->report, MSG_XL_NO_CONFIG, &at,
                         "the file has no configuration");
    }
    room = header->length - (uint32_t)sizeof(word);
    if (header->length >= sizeof(word) &&
        source_read(source, word, sizeof(word)) < 0)
        return -1;
    length = header->length < sizeof(word) ? 0 : le32(word);
    if (header->length < sizeof(word) || length > room) {
        at.expected = (struct msg_value)DEC(header->length);
        at.found = (struct msg_value)DEC(length);
        return msg_raise(source->report, MSG_XL_CONFIG_LENGTH, &at,
                         "the configuration does not fit into the optional "
                         "data");
    }
    if (length < room) {
        at.expected = (struct msg_value)DEC(room);
        at.found = (struct msg_value)DEC(length);
        msg_raise(source->report, MSG_XL_SURPLUS, &at,
                  "bytes follow the configuration");
    }
    if (source_config(source,
                      header->mandatory & FLAG_JSON ? DOMCTX_CONFIG_JSON
                                                    : DOMCTX_CONFIG_XL,
                      length) < 0)
        return -1;
    return source_skip(source, room - length);
}

int source_walk_xl(struct domctx_source *source)
{
    const uint8_t *bytes;
    struct xl_header header;
    size_t got;

    if (source_peek(source, HEADER_SIZE, &bytes, &got) < 0)
        return -1;
    source_layer(source, DOMCTX_IN_XL,
                 got < HEADER_SIZE ? 0 : le32(bytes + 36));
    source_record(source, "xl header");
    if (read_header(source, &header) < 0 ||
        read_optional(source, &header) < 0)
        return -1;
    if (header.mandatory & FLAG_STREAM_V2) {
        source_bound(source, CAT_V(4, 6), CAT_NEWEST);
        return source_inner(source, DOMCTX_IN_LIBXL);
    }
    if (header.mandatory & FLAG_JSON)
        source_bound(source, CAT_V(4, 5), CAT_V(4, 5));
    else
        source_bound(source, CAT_V(4, 0), CAT_V(4, 4));
    return source_inner(source, DOMCTX_IN_LEGACY);
}
