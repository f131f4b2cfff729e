/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walking the stream of Xen 3.1 to 4.5: batches of pages, chunks, and a tail.
 * Neither batches nor chunks carry their length; the stream names neither
 * itself nor its release, and three of its numbers are as wide as the
 * toolstack's unsigned long.
 */
#include "base/bytes.h"
#include "container/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BATCH_MAX 1024     /* pages; MAX_BATCH_SIZE of every release */
#define PAGE 4096
#define STREAM_VCPUS_OLD 64

/* Types of a page: the highest four bits of an entry's 32. */
#define TYPE_SHIFT 28
#define TYPE_PLAIN 0
#define TYPE_BROKEN 13     /* no page follows for these */
#define TYPE_XALLOC 14

#define SIGNATURE_SIZE 21

struct legacy {
    struct domctx_source *source;
    size_t width;          /* sizeof(unsigned long) in the toolstack */
    bool last;             /* LAST_CHECKPOINT was seen */
    bool to_end;           /* the input was read to its end */
    enum domctx_container outer; /* the outermost container */
    unsigned int types;    /* types of pages seen, one bit each */
};

/* -- recognition --------------------------------------------------------- */

#define HEAD_SIZE 12       /* the first number and the first id */

/* The most pages of a 32-bit toolstack's guest: 128 GiB, twice what such a
 * host can have (PAE).  Larger first numbers belong to other formats, such as
 * all text and zip archives. */
#define PAGES_MAX_32 (UINT32_C(1) << 25)

/* Whether a legacy stream begins at head; *width, and whether the guest is PV.
 * An HVM guest begins with its number of pages, below 2^32, and one of three
 * ids. */
static bool begins(const uint8_t *head, size_t size, size_t *width, bool *pv)
{
    int32_t id;

    if (size < HEAD_SIZE)
        return false;
    *width = le32(head + 4) == 0 ? 8 : 4;
    id = (int32_t)le32(head + *width);
    *pv = id == -1; /* id of a PV guest's marker, all ones */
    if (*width == 4 && le32(head) >= PAGES_MAX_32)
        return false;
    return le32(head) != 0 &&
           (*pv || id == -5 || id == -7 || (id > 0 && id <= BATCH_MAX));
}

bool source_is_legacy(const uint8_t *head, size_t size)
{
    size_t width;
    bool pv;

    return begins(head, size, &width, &pv);
}

/* -- chunks -------------------------------------------------------------- */

/* How a chunk goes on after its id. */
enum chunk_body {
    BODY_NONE,
    BODY_NUMBER,     /* 4 bytes of padding, 64 bits */
    BODY_VCPUS,
    BODY_TSC,
    BODY_LENGTH,     /* 32 bits and as many bytes */
    BODY_TMEM,       /* their length follows from their content */
    BODY_COMPRESSED,
};

/* By id, from -1 down, with the release that introduced the chunk. */
static const struct chunk {
    const char *name;
    enum chunk_body body;
    struct release since;
    uint8_t param;             /* BODY_NUMBER: which HVM parameter it is */
} chunks[] = {
#define CHUNK(id, name, body, x, y, z, param) \
    { name, BODY_##body, RELEASE(x, y, z), param },
#include "catalogue/legacy-chunks.def"
#undef CHUNK
};
#define N_CHUNKS (sizeof(chunks) / sizeof(chunks[0]))
#define LAST_CHECKPOINT (-9)

const char *legacy_newest_chunk(uint32_t seen, struct release *since)
{
    const char *name = NULL;

    *since = (struct release){ 0, 0 };
    for (size_t i = 0; i < N_CHUNKS; i++)
        if (seen >> i & 1 && (chunks[i].since.series > since->series ||
                              (chunks[i].since.series == since->series &&
                               chunks[i].since.point > since->point))) {
            *since = chunks[i].since;
            name = chunks[i].name;
        }
    return name;
}

static int walk_vcpus(struct domctx_source *source)
{
    struct msg_at at = source_here(source);
    uint8_t number[4];
    uint32_t highest;

    if (source_read(source, number, sizeof(number)) < 0)
        return -1;
    highest = le32(number);
    if (highest >= STREAM_VCPUS) {
        at.expected = (struct msg_value)DEC(STREAM_VCPUS - 1);
        at.found = (struct msg_value)DEC(highest);
        return msg_raise(source->report, MSG_LEGACY_VCPUS, &at,
                         "more vCPUs than any release has");
    }
    if (highest >= STREAM_VCPUS_OLD)
        source_bound(source, CAT_V(4, 2), CAT_V(4, 5));
    return source_skip(source, (highest / 64 + 1) * 8);
}

/* The fields are in another order than in later streams. */
static int walk_tsc(struct domctx_source *source)
{
    uint8_t body[20];

    if (source_read(source, body, sizeof(body)) < 0)
        return -1;
    source_tsc(source, le32(body), le32(body + 12), le64(body + 4),
               le32(body + 16));
    return 0;
}

static int walk_number(struct domctx_source *source, uint8_t param)
{
    uint8_t body[12];

    if (source_read(source, body, sizeof(body)) < 0)
        return -1;
    return source_param(source, param, le64(body + 4));
}

/* Step over a 32-bit length and as many bytes. */
static int walk_length(struct domctx_source *source)
{
    uint8_t number[4];

    if (source_read(source, number, sizeof(number)) < 0)
        return -1;
    return source_skip(source, le32(number));
}

static int walk_chunk_body(struct domctx_source *source,
                           const struct chunk *chunk)
{
    struct msg_at at = source_here(source);

    switch (chunk->body) {
    case BODY_NUMBER:
        return walk_number(source, chunk->param);
    case BODY_VCPUS:
        return walk_vcpus(source);
    case BODY_TSC:
        return walk_tsc(source);
    case BODY_LENGTH:
        return walk_length(source);
    case BODY_TMEM: /* Xen's readers do not fail over from here */
        source->no_way_back = true;
        return msg_raise(source->report, MSG_LEGACY_TMEM, &at,
                         "the guest has transcendent memory, which is not "
                         "read");
    case BODY_COMPRESSED:
        source->no_way_back = true;
        return msg_raise(source->report, MSG_LEGACY_COMPRESSED, &at,
                         "the pages are compressed, by Remus, which is not "
                         "read");
    case BODY_NONE:
    default:
        return 0;
    }
}

static int walk_chunk(struct legacy *legacy, int32_t id)
{
    struct domctx_source *source = legacy->source;
    size_t i = (size_t)(-(int64_t)id - 1);
    struct msg_at at = source_here(source);
    char found[16];

    if (id > 0 || i >= N_CHUNKS) {
        snprintf(found, sizeof(found), "%" PRId32, id);
        at.found = (struct msg_value)TEXT(found);
        return msg_raise(source->report, MSG_LEGACY_CHUNK, &at,
                         "an id that is none");
    }
    source->record = chunks[i].name;
    source->info.chunks |= UINT32_C(1) << i;
    source_bound(source, chunks[i].since.series, CAT_V(4, 5));
    legacy->last = legacy->last || id == LAST_CHECKPOINT;
    return walk_chunk_body(source, &chunks[i]);
}

/* -- batches ------------------------------------------------------------- */

/* Count the pages that follow n entries at p; -1 for a malformed entry. */
static int count_pages(struct legacy *legacy, const uint8_t *p, size_t n,
                       uint64_t *pages)
{
    struct domctx_source *source = legacy->source;
    struct msg_at at;

    *pages = 0;
    for (size_t i = 0; i < n; i++, p += legacy->width) {
        unsigned int type = le32(p) >> TYPE_SHIFT;

        if (legacy->width == 8 && le32(p + 4) != 0) {
            at = source_here(source);
            at.offset = source->at + i * legacy->width;
            at.found = (struct msg_value)HEX(le64(p));
            return msg_raise(source->report, MSG_LEGACY_ENTRY, &at,
                             "an entry of a batch with more than 32 bits");
        }
        legacy->types |= 1u << type;
        *pages += type < TYPE_BROKEN;
    }
    return 0;
}

static int walk_batch(struct legacy *legacy, uint32_t n)
{
    struct domctx_source *source = legacy->source;
    size_t size = n * legacy->width, got;
    uint64_t pages;
    const uint8_t *p;

    source->record = "batch";
    if (source_peek(source, size, &p, &got) < 0)
        return -1;
    if (got < size)
        return source_skip(source, size); /* reports the cut */
    if (count_pages(legacy, p, n, &pages) < 0)
        return -1;
    return source_skip(source, size + pages * PAGE);
}

/* Judge the types of all pages together. */
static void judge_types(struct legacy *legacy)
{
    struct domctx_source *source = legacy->source;
    unsigned int types = legacy->types;

    if (types >> TYPE_XALLOC & 1)
        source_bound(source, CAT_V(4, 2), CAT_V(4, 5));
    if (types >> TYPE_BROKEN & 1)
        source_bound(source, CAT_V(4, 3), CAT_V(4, 5));
    types &= (1u << TYPE_BROKEN) - 1;
    if (types & ~(1u << TYPE_PLAIN)) {
        struct msg_at at = source_here(source);

        msg_raise(source->report, MSG_LEGACY_TYPE, &at,
                  "pages before this are page tables, which an HVM guest's "
                  "never are");
    }
}

/* Read the next id.  After a full batch it is read with the pages. */
static int next_id(struct legacy *legacy, int32_t *id)
{
    struct domctx_source *source = legacy->source;
    size_t ahead = source->last - source->first, got;
    uint8_t number[4];
    const uint8_t *p;

    source_record(source, "chunk");
    if (ahead < sizeof(number) &&
        source_peek(source, sizeof(number) + BATCH_MAX * legacy->width, &p,
                    &got) < 0)
        return -1;
    if (source_read(source, number, sizeof(number)) < 0)
        return -1;
    *id = (int32_t)le32(number);
    return 0;
}

static int walk_body(struct legacy *legacy)
{
    for (;;) {
        int32_t id;
        int result;

        if (next_id(legacy, &id) < 0)
            return -1;
        if (id == 0)
            break;
        result = id > 0 && id <= BATCH_MAX
                     ? walk_batch(legacy, (uint32_t)id)
                     : walk_chunk(legacy, id);
        if (result < 0)
            return -1;
    }
    judge_types(legacy);
    return 0;
}

/* -- the tail ------------------------------------------------------------ */

static int walk_context(struct domctx_source *source)
{
    struct domctx_place place = { .length_width = 4, .align = 1,
                                  .limit = UINT32_MAX };
    static const uint8_t params[3] = { 5, 6, 1 }; /* IOREQ_PFN,
                                                     * BUFIOREQ_PFN,
                                                     * STORE_PFN */
    uint8_t number[4], tail[24];

    source_record(source, "tail");
    if (source_read(source, tail, sizeof(tail)) < 0)
        return -1;
    for (size_t i = 0; i < 3; i++)
        if (source_param(source, params[i], le64(tail + 8 * i)) < 0)
            return -1;
    source_record(source, "HVM_CONTEXT");
    place.length_offset = source->at;
    if (source_read(source, number, sizeof(number)) < 0)
        return -1;
    place.length = le32(number);
    return source_context(source, &place, 0);
}

/* Skip QEMU's state without a length, which takes the rest of the input.
 * Before 4.1 no stream marked its last interval. */
static int walk_qemu_to_end(struct legacy *legacy)
{
    struct domctx_source *source = legacy->source;

    legacy->to_end = true;
    source->info.qemu = DOMCTX_QEMU_OLD;
    if (!legacy->last)
        source_bound(source, release_series(0), CAT_V(4, 0));
    if (source_qemu(source, UINT64_MAX, MSG_LEGACY_QEMU) < 0)
        return -1;
    return source_drain(source);
}

static int walk_qemu_length(struct domctx_source *source)
{
    uint8_t number[4];

    if (source_read(source, number, sizeof(number)) < 0 ||
        source_qemu(source, le32(number), MSG_LEGACY_QEMU) < 0)
        return -1;
    return source_skip(source, le32(number));
}

/* Walk QEMU's record, which the layer above wrote. */
static int walk_qemu(struct legacy *legacy)
{
    struct domctx_source *source = legacy->source;
    struct msg_at at;
    const uint8_t *p;
    size_t got;

    source_record(source, "QEMU");
    at = source_here(source);
    if (source_peek(source, SIGNATURE_SIZE, &p, &got) < 0)
        return -1;
    legacy->to_end = got == 0;
    if (got == 0 && legacy->outer == DOMCTX_IN_XEND)
        return msg_raise(source->report, MSG_LEGACY_NO_QEMU, &at,
                         "QEMU's state is not in the file");
    if (got < SIGNATURE_SIZE)
        return source_skip(source, SIGNATURE_SIZE); /* reports the cut */
    if (memcmp(p, "QemuDeviceModelRecord", SIGNATURE_SIZE) == 0)
        return source_skip(source, SIGNATURE_SIZE) < 0
                   ? -1
                   : walk_qemu_to_end(legacy);
    if (memcmp(p, "DeviceModelRecord0002", SIGNATURE_SIZE) == 0) {
        source->info.qemu = DOMCTX_QEMU_LENGTH;
        source_bound(source, CAT_V(4, 1), CAT_V(4, 5));
    } else if (memcmp(p, "RemusDeviceModelState", SIGNATURE_SIZE) == 0) {
        source->info.qemu = DOMCTX_QEMU_REMUS;
        source_bound(source, CAT_V(4, 0), CAT_V(4, 4));
    } else {
        legacy->to_end = true; /* its format, and so its length, is unknown */
        msg_raise(source->report, MSG_LEGACY_QEMU, &at,
                  "no signature of QEMU's state follows the context");
        return source_drain(source);
    }
    return source_skip(source, SIGNATURE_SIZE) < 0
               ? -1
               : walk_qemu_length(source);
}

/* -- the stream ---------------------------------------------------------- */

/* Whether another checkpoint follows the apparent end: 1, 0 or -1. It begins
 * with pages or chunks; stray bytes do not look like these. */
static int more_follows(struct domctx_source *source)
{
    const uint8_t *p;
    size_t got;
    int32_t id;

    if (source_peek(source, 4, &p, &got) < 0)
        return -1;
    if (got < 4)
        return 0;
    id = (int32_t)le32(p);
    return id != 0 && id <= BATCH_MAX && id >= -(int32_t)N_CHUNKS;
}

static int walk_intervals(struct legacy *legacy)
{
    struct domctx_source *source = legacy->source;
    int more;

    for (;;) {
        if (walk_body(legacy) < 0 || walk_context(source) < 0)
            return -1;
        /* xenopsd writes QEMU's state elsewhere */
        if (legacy->outer == DOMCTX_IN_XENOPS ||
            legacy->outer == DOMCTX_IN_XENOPS_LEGACY)
            return 0;
        if (walk_qemu(legacy) < 0)
            return -1;
        if (legacy->last || legacy->to_end)
            return 0;
        more = more_follows(source);
        if (more <= 0)
            return more;
        if (source_checkpoint(source) < 0)
            return -1;
    }
}

int source_walk_legacy(struct domctx_source *source)
{
    struct legacy legacy = { .source = source };
    const uint8_t *head;
    size_t got;
    bool pv = false;

    if (source_peek(source, HEAD_SIZE, &head, &got) < 0)
        return -1;
    begins(head, got, &legacy.width, &pv); /* cannot fail: the container was
                                            * detected by it */
    source_layer(source, DOMCTX_IN_LEGACY, (uint32_t)legacy.width * 8);
    legacy.outer = source->info.layer[0].container;
    source_record(source, "p2m_size");
    if (pv)
        return source_pv(source);
    source_is_hvm(source);
    source_bound(source, release_series(0), CAT_V(4, 5));
    return source_skip(source, legacy.width) < 0 ? -1
                                                 : walk_intervals(&legacy);
}
