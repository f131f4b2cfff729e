/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two suspend images of XenServer's xenopsd.  Either may be on a bare
 * block device, where other data follows its end. */
#include "base/bytes.h"
#include "container/source.h"

#include <string.h>

#define MAGIC_SIZE 15

/* -- structured: records, some without a length ------------------------ */

#define RECORD_HEADER 16

enum record_kind {
    KIND_CONFIG,
    KIND_STREAM,     /* length 0; the stream follows */
    KIND_SKIPPED,
    KIND_OPAQUE,     /* length 0, and the end is unknown */
    KIND_END,
};

static const struct row {
    uint64_t type;
    const char *name;
    enum record_kind kind;
    enum domctx_container holds;
} rows[] = {
    { 0x000f, "xenops", KIND_CONFIG, DOMCTX_IN_NONE },
    { 0x00f0, "libxc", KIND_STREAM, DOMCTX_IN_LIBXC },
    { 0x00f1, "libxl", KIND_STREAM, DOMCTX_IN_LIBXL },
    { 0x00f2, "libxc legacy", KIND_STREAM, DOMCTX_IN_LEGACY },
    { 0x0f00, "QEMU traditional", KIND_SKIPPED, DOMCTX_IN_NONE },
    { 0x0f01, "QEMU", KIND_SKIPPED, DOMCTX_IN_NONE },
    { 0x0f10, "vGPU", KIND_OPAQUE, DOMCTX_IN_NONE },
    { 0x0f11, "varstored", KIND_SKIPPED, DOMCTX_IN_NONE },
    { 0x0f12, "swtpm", KIND_SKIPPED, DOMCTX_IN_NONE },
    { 0x0f13, "swtpm", KIND_SKIPPED, DOMCTX_IN_NONE },
    { 0xffff, "end", KIND_END, DOMCTX_IN_NONE },
};

static const struct row *find(uint64_t type)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].type == type)
            return &rows[i];
    return NULL;
}

/* Read a record's header; NULL if the kind is unknown. */
static const struct row *read_header(struct domctx_source *source,
                                     uint64_t *length)
{
    struct msg_at at;
    uint8_t header[RECORD_HEADER];
    const struct row *row;

    source_record(source, "xenopsd record");
    at = source_here(source);
    if (source_read(source, header, sizeof(header)) < 0)
        return NULL;
    *length = le64(header + 8);
    row = find(le64(header));
    if (!row) {
        at.found = (struct msg_value)HEX(le64(header));
        msg_raise(source->report, MSG_XENOPS_TYPE, &at,
                  "a record that xenopsd does not know");
        return NULL;
    }
    source->record = row->name;
    return row;
}

/* Kinds without a length, or without a body, must have length 0. */
static void judge_length(struct domctx_source *source, const struct row *row,
                         uint64_t length)
{
    struct msg_at at = source_here(source);

    at.field = "length";
    at.expected = (struct msg_value)DEC(0);
    at.found = (struct msg_value)DEC(length);
    if (length && row->kind != KIND_CONFIG && row->kind != KIND_SKIPPED)
        msg_raise(source->report, MSG_XENOPS_LENGTH, &at,
                  "a record with a length, where xenopsd writes none");
}

static int walk_record(struct domctx_source *source, const struct row *row,
                       uint64_t length, unsigned int *streams)
{
    struct msg_at at = source_here(source);

    judge_length(source, row, length);
    if (row->kind == KIND_STREAM && (*streams)++ > 0)
        msg_raise(source->report, MSG_STREAM_AGAIN, &at,
                  "a guest's stream comes again; the last one counts");

    switch (row->kind) {
    case KIND_CONFIG:
        return source_config(source, DOMCTX_CONFIG_SXP, length);
    case KIND_STREAM:
        return source_inner(source, row->holds);
    case KIND_OPAQUE:
        msg_raise(source->report, MSG_XENOPS_OPAQUE, &at,
                  "nothing tells how long this is: what follows is not "
                  "looked at");
        return source_drain(source);
    case KIND_SKIPPED:
        return source_skip(source, length);
    case KIND_END:
    default:
        return 0;
    }
}

int source_walk_xenops(struct domctx_source *source)
{
    const struct row *row;
    unsigned int streams = 0;
    uint64_t length;

    source_layer(source, DOMCTX_IN_XENOPS, 2);
    source_record(source, "xenopsd header");
    if (source_skip(source, MAGIC_SIZE) < 0)
        return -1;
    do {
        row = read_header(source, &length);
        if (!row || walk_record(source, row, length, &streams) < 0)
            return -1;
    } while (row->kind != KIND_END && row->kind != KIND_OPAQUE);
    return 0;
}

/* -- legacy: a stream, then QEMU's state behind a name and a length --- */

#define QEMU_MARK "QemuDeviceModelRecord\n"
#define QEMU_MARK_SIZE 22

int source_walk_xenops_legacy(struct domctx_source *source)
{
    struct msg_at at;
    uint8_t mark[QEMU_MARK_SIZE], length[4];

    source_layer(source, DOMCTX_IN_XENOPS_LEGACY, 1);
    source_record(source, "xenopsd header");
    if (source_skip(source, MAGIC_SIZE) < 0 ||
        source_inner(source, DOMCTX_IN_LEGACY) < 0)
        return -1;
    source_record(source, "QEMU");
    at = source_here(source);
    if (source_read(source, mark, sizeof(mark)) < 0)
        return -1;
    if (memcmp(mark, QEMU_MARK, sizeof(mark)) != 0) {
        msg_raise(source->report, MSG_LEGACY_QEMU, &at,
                  "no signature of QEMU's state follows the context");
        return 0;
    }
    if (source_read(source, length, sizeof(length)) < 0)
        return -1;
    return source_skip(source, be32(length));
}
