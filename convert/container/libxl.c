/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walking a libxl stream, version 2, of Xen 4.6 and later. */
#include "container/libxl.h"
#include "base/bytes.h"

#define HEADER_SIZE 16
#define STREAM_VERSION 2
#define OPTION_BIG UINT32_C(1)
#define OPTION_LEGACY UINT32_C(2)

enum record_type {
    RECORD_END,
    RECORD_LIBXC_CONTEXT,
    RECORD_XENSTORE,
    RECORD_EMULATOR,
    RECORD_CHECKPOINT_END,
    RECORD_CHECKPOINT_STATE,
    RECORD_COUNT
};

static const struct {
    const char *name;
    uint32_t shortest;
    bool empty;          /* the body is always empty */
} rows[RECORD_COUNT] = {
    [RECORD_END] = { "libxl END", 0, true },
    [RECORD_LIBXC_CONTEXT] = { "LIBXC_CONTEXT", 0, true },
    [RECORD_XENSTORE] = { "EMULATOR_XENSTORE_DATA", 8, false },
    [RECORD_EMULATOR] = { "EMULATOR_CONTEXT", 8, false },
    [RECORD_CHECKPOINT_END] = { "CHECKPOINT_END", 0, true },
    [RECORD_CHECKPOINT_STATE] = { "CHECKPOINT_STATE", 4, false },
};

struct libxl {
    struct libxc libxc;
    bool began;          /* LIBXC_CONTEXT was seen */
    enum domctx_guest kind; /* in the configuration */
    bool in_checkpoint;  /* between CHECKPOINT and CHECKPOINT_END */
    uint64_t n_emulator; /* EMULATOR_CONTEXT records since then */
};

static int read_header(struct domctx_source *source)
{
    uint8_t bytes[HEADER_SIZE];
    struct msg_at at;
    uint32_t version, options;

    source_layer(source, DOMCTX_IN_LIBXL, STREAM_VERSION);
    source_record(source, "libxl header");
    at = source_here(source);
    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    version = be32(bytes + 8);
    options = be32(bytes + 12);
    if (version != STREAM_VERSION) {
        at.field = "version";
        at.expected = (struct msg_value)DEC(STREAM_VERSION);
        at.found = (struct msg_value)DEC(version);
        return msg_raise(source->report, MSG_LIBXL_VERSION, &at,
                         "a libxl stream of another version");
    }
    at.field = "options";
    at.found = (struct msg_value)HEX(options);
    if (options & OPTION_BIG)
        return msg_raise(source->report, MSG_STREAM_BIG, &at,
                         "a big-endian stream, which every release "
                         "refuses");
    if (options & ~OPTION_LEGACY)
        msg_raise(source->report, MSG_STREAM_RESERVED, &at,
                  "options that no release writes");
    source->info.converted = options & OPTION_LEGACY;
    source_bound(source, CAT_V(4, 6), CAT_NEWEST);
    return 0;
}

/* Read the id (0 unknown, 1 traditional, 2 upstream) and the index that begin
 * an emulator record. */
static int emulator(struct domctx_source *source, struct libxl *libxl,
                    uint32_t type, uint32_t length)
{
    struct msg_at at = source_here(source);
    uint8_t bytes[8];

    if (libxl->kind == DOMCTX_GUEST_PVH || libxl->kind == DOMCTX_GUEST_PV)
        msg_raise(source->report, MSG_LIBXL_NO_EMULATOR, &at,
                  "the state of an emulator, which the guest of the "
                  "configuration does not have");
    if (source_read(source, bytes, sizeof(bytes)) < 0)
        return -1;
    if (le32(bytes) > 2) {
        at.field = "emulator_id";
        at.found = (struct msg_value)DEC(le32(bytes));
        msg_raise(source->report, MSG_LIBXL_EMULATOR, &at,
                  "an emulator that no release has");
    }
    source->info.domain.has_emulator = true;
    source->info.domain.emulator = le32(bytes);
    at = source_here(source);
    if (type == RECORD_XENSTORE) {
        if (libxl->n_emulator > 0)
            msg_raise(source->report, MSG_LIBXL_XENSTORE_LATE, &at,
                      "keys and values behind the emulator's state");
        return libxl_xenstore(source, length - (uint32_t)sizeof(bytes));
    }
    if (length == sizeof(bytes))
        msg_raise(source->report, MSG_LIBXL_EMULATOR_EMPTY, &at,
                  "the emulator's state is empty");
    else if (source_qemu(source, length - sizeof(bytes),
                         MSG_LIBXL_EMULATOR_BAD) < 0)
        return -1;
    if (libxl->n_emulator++ > 0)
        msg_raise(source->report, MSG_STREAM_AGAIN, &at,
                  "the record comes again; the last one counts");
    return 0;
}

/* Judge type and length of a record. */
static int judge(struct domctx_source *source, const struct libxl *libxl,
                 uint32_t type, uint32_t length)
{
    struct msg_at at = source_here(source);

    at.found = (struct msg_value)DEC(length);
    if (type == RECORD_CHECKPOINT_STATE ||
        (type == RECORD_CHECKPOINT_END && !libxl->in_checkpoint))
        return msg_raise(source->report, MSG_LIBXL_CHECKPOINT, &at,
                         "the record belongs to a checkpoint and there is "
                         "none");
    if (length < rows[type].shortest) {
        at.expected = (struct msg_value)DEC(rows[type].shortest);
        return msg_raise(source->report, MSG_LIBXL_LENGTH, &at,
                         "the record is too short");
    }
    if (rows[type].empty && length) {
        at.expected = (struct msg_value)DEC(0);
        msg_raise(source->report, MSG_STREAM_NOT_EMPTY, &at,
                  "the record has a body, which readers drop");
    }
    if (type == RECORD_LIBXC_CONTEXT ? libxl->began : !libxl->began)
        return msg_raise(source->report, MSG_LIBXL_ORDER, &at,
                         libxl->began ? "the libxc stream comes again"
                                      : "the libxc stream must come first");
    return 0;
}

/* Whether only the END is missing: a PVH guest has no emulator. */
static void judge_end(struct domctx_source *source, const struct libxl *libxl)
{
    if (libxl->began && !libxl->in_checkpoint &&
        (libxl->n_emulator > 0 || libxl->kind == DOMCTX_GUEST_PVH))
        source_lacks_end(source);
}

/* Read one record, up to the next header. */
static int read_record(struct domctx_source *source, struct libxl *libxl,
                       uint32_t *type)
{
    struct stream_header header;
    uint64_t begin;

    if (stream_header(source, &header) < 0) {
        judge_end(source, libxl);
        return -1;
    }
    *type = header.type;
    if (*type >= RECORD_COUNT) {
        struct msg_at at = source_here(source);

        at.found = (struct msg_value)HEX(*type);
        return msg_raise(source->report, MSG_LIBXL_UNKNOWN, &at,
                         "a libxl record that no release knows");
    }
    source->record = rows[*type].name;
    begin = source->at;
    if (judge(source, libxl, *type, header.length) < 0 ||
        ((*type == RECORD_XENSTORE || *type == RECORD_EMULATOR) &&
         emulator(source, libxl, *type, header.length) < 0))
        return -1;
    return stream_rest(source, begin, header.length);
}

/* Walk the libxc stream, or continue it after a checkpoint. */
static int inner(struct domctx_source *source, struct libxl *libxl)
{
    switch (libxc_records(source, &libxl->libxc)) {
    case LIBXC_END:
        source->no_way_back = true;
        return 0;
    case LIBXC_CHECKPOINT:
        libxl->in_checkpoint = true;
        return 0;
    case LIBXC_FAILED:
    default:
        return -1;
    }
}

/* The option marks streams of convert-legacy-stream, which have no release in
 * their header. */
static void judge_converted(struct domctx_source *source, struct msg_at *at)
{
    const struct domctx_source_info *info = &source->info;

    at->field = "options";
    at->found = (struct msg_value)HEX(OPTION_LEGACY);
    if (info->converted && info->has_version)
        msg_raise(source->report, MSG_LIBXL_CONVERTED, at,
                  "the stream says that it was converted from a legacy one, "
                  "and which Xen saved it");
}

static int follow(struct domctx_source *source, struct libxl *libxl,
                  uint32_t type)
{
    struct msg_at at = source_here(source);

    if (type == RECORD_LIBXC_CONTEXT) {
        libxl->began = true;
        if (libxc_begin(source, &libxl->libxc) < 0)
            return -1;
        judge_converted(source, &at);
        return inner(source, libxl);
    }
    if (type == RECORD_END && libxl->kind == DOMCTX_GUEST_HVM &&
        libxl->n_emulator == 0) {
        source->lacks_qemu = true;
        source->lacks_qemu_at = at;
    }
    if (type == RECORD_CHECKPOINT_END) {
        if (source_checkpoint(source) < 0)
            return -1;
        libxl->in_checkpoint = false;
        libxl->n_emulator = 0;
        return inner(source, libxl);
    }
    return 0;
}

int source_walk_libxl(struct domctx_source *source)
{
    struct libxl libxl = { .libxc.embedded = true };
    uint32_t type;

    if (read_header(source) < 0)
        return -1;
    libxl.kind = source->info.guest;
    do {
        if (read_record(source, &libxl, &type) < 0 ||
            follow(source, &libxl, type) < 0)
            return -1;
    } while (type != RECORD_END);
    return 0;
}
