/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Replacing the context in a container.  This is local in every container:
 * only the length, the context and its padding change, and the release in a
 * libxc header if the context is for another one.
 */
#include "base/bytes.h"
#include "container/libxc.h"

#include <string.h>

#define LENGTH_SIZE sizeof(((struct domctx_splice *)NULL)->length)

static void add(struct domctx_splice *splice, const void *bytes,
                uint64_t offset, uint64_t size)
{
    if (size == 0)
        return;
    splice->piece[splice->n_pieces++] =
        (struct domctx_piece){ bytes, offset, size };
    splice->size += size;
}

/* The longest context that the reader takes: the target's limit, or else that
 * of the release that wrote the container. */
static uint64_t limit_of(const struct domctx_place *place,
                         const struct domctx_release *target)
{
    if (!target || place->limit == UINT32_MAX) /* a legacy stream has no
                                                * limit */
        return place->limit;
    return libxc_length_max(
        cat_version_of(target->xen_major, target->xen_minor));
}

static int too_long(const struct domctx_place *place, uint64_t limit,
                    size_t size, domctx_report *report)
{
    struct msg_at at = {
        .record = "HVM_CONTEXT", .has_offset = true,
        .offset = place->offset, .expected = DEC(limit), .found = DEC(size),
    };

    return msg_raise(report, MSG_SPLICE_LIMIT, &at,
                     "the context is longer than the restoring release "
                     "takes in this container");
}

/* Add the container's bytes up to the length of the context. */
static void add_front(struct domctx_splice *splice,
                      const struct domctx_source_info *info,
                      const struct domctx_place *place,
                      const struct domctx_release *target)
{
    uint64_t at = 0;

    if (info->has_version && target &&
        (info->xen_major != target->xen_major ||
         info->xen_minor != target->xen_minor)) {
        put_le32(splice->version, target->xen_major);
        put_le32(splice->version + 4, target->xen_minor);
        add(splice, NULL, 0, info->version_offset);
        add(splice, splice->version, 0, sizeof(splice->version));
        at = info->version_offset + sizeof(splice->version);
    }
    add(splice, NULL, at, place->length_offset - at);
}

static void note_others(const struct domctx_source_info *info,
                        domctx_report *report)
{
    const struct domctx_place *last = &info->place[info->last];
    struct msg_at at = { .record = "HVM_CONTEXT", .has_offset = true };

    for (size_t i = 0; i < info->n_places; i++) {
        if (i == info->last)
            continue;
        at.offset = info->place[i].offset;
        msg_raise(report, MSG_SPLICE_OTHERS, &at,
                  "stays as it is: the one at offset %llu, which counts, is "
                  "replaced", (unsigned long long)last->offset);
    }
}

/* Refuse a container whose end is missing. */
static int is_cut(const domctx_source *source, domctx_report *report)
{
    return msg_raise(report, MSG_SOURCE_CUT, &source->cut.at,
                     "the container ends too early: nothing can be put into "
                     "it");
}

/* Measure the bytes between length and context, and those after its
 * padding. */
static int measure(const struct domctx_source_info *info,
                   const struct domctx_place *place, struct domctx_piece *gap,
                   struct domctx_piece *rest)
{
    uint64_t whole;

    if (ADD_OVERFLOW(place->length_offset, LENGTH_SIZE, &gap->offset) ||
        SUB_OVERFLOW(place->offset, gap->offset, &gap->size) ||
        ADD_OVERFLOW(place->offset, place->padded, &rest->offset) ||
        ADD_OVERFLOW(info->size, info->trailing, &whole) ||
        SUB_OVERFLOW(whole, rest->offset, &rest->size))
        return -1;
    return 0;
}

int domctx_source_splice(const domctx_source *source, const void *context,
                         size_t size, const struct domctx_release *target,
                         struct domctx_splice *splice, domctx_report *report)
{
    const struct domctx_source_info *info = domctx_source_info(source);
    const struct domctx_place *place;
    struct domctx_piece gap, rest;
    uint64_t limit;

    memset(splice, 0, sizeof(*splice));
    if (!info->context)
        return msg_raise(report, MSG_SOURCE_CONTEXT_MISSING, NULL,
                         "there is no HVM context to replace");
    place = &info->place[info->last];
    limit = limit_of(place, target);
    if (size > limit)
        return too_long(place, limit, size, report);
    if (source->cut.is || measure(info, place, &gap, &rest) < 0)
        return is_cut(source, report);
    note_others(info, report);
    put_le32(splice->length, (uint32_t)size);
    add_front(splice, info, place, target);
    add(splice, splice->length, 0, sizeof(splice->length));
    add(splice, NULL, gap.offset, gap.size);
    add(splice, context, 0, size);
    add(splice, splice->padding, 0, -(uint64_t)size & (place->align - 1));
    add(splice, NULL, rest.offset, rest.size);
    return 0;
}
