/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing a stream so that a plain restore reads it.  Of a stream with
 * checkpoints, the memory records of all complete intervals stay, in their
 * order, so that the last copy of each page counts; of the other state, the
 * last complete interval's records; each layer gets its END.  A stream without
 * END gets one.
 */
#include "container/record.h"
#include "container/rewrite.h"
#include "base/bytes.h"

#define LIBXC_HEADERS 40
#define RECORD_TSC UINT32_C(8)
#define RECORD_DOMAIN_CONTEXT UINT32_C(19)
#define LIBXL_CHECKPOINT_END UINT32_C(4)

/* One run. */
struct plain {
    struct rewrite rewrite;         /* old, in, writer, report */
    const struct domctx_piece *piece; /* the pieces to write instead of the
                                       * container, or NULL */
    size_t n_pieces;
    bool embedded;                  /* inside a libxl stream */
    uint64_t interval, counts;      /* the present interval; the last complete
                                     * one */
    uint64_t from, to;              /* range of the old container to be written
                                     * next */
};

/* -- what can be written -------------------------------------------------- */

static bool is_libxc(const struct domctx_source_info *info)
{
    return info->n_layers > 0 &&
           info->layer[info->n_layers - 1].container == DOMCTX_IN_LIBXC;
}

static int refuse(domctx_report *report, const char *why)
{
    return msg_raise(report, MSG_PLAIN, NULL, "%s", why);
}

/* The interval to restore: the last complete one, or the one before END. */
static uint64_t counts(const domctx_source *source)
{
    return source->info.n_intervals - (source->failed_over ? 1 : 0);
}

/* Refuse a stream whose last interval lacks state: it is further up. */
static int judge(const domctx_source *source, domctx_report *report)
{
    const struct domctx_source_info *info = &source->info;
    enum domctx_container outer = info->layer[0].container;
    bool no_end = source->lacks_end && source->options & DOMCTX_WALK_NO_END;

    if (info->n_layers > 0 &&
        info->layer[info->n_layers - 1].container == DOMCTX_IN_LEGACY)
        return refuse(report, "readers of a legacy stream take one with "
                              "checkpoints as it is");
    if (!is_libxc(info) || (info->n_intervals == 0 && !no_end))
        return refuse(report, "it has neither checkpoints nor lacks its END");
    if (outer == DOMCTX_IN_XENOPS)
        return refuse(report, "xenopsd writes no checkpoints");
    if (!info->context)
        return refuse(report, "no checkpoint is complete");
    if (info->n_intervals > 0 &&
        (info->place[info->last].interval != counts(source) ||
         source->params_interval != counts(source)))
        return refuse(report, "the last complete checkpoint does not have "
                              "all of the guest's state");
    return 0;
}

/* -- what is written ------------------------------------------------------ */

/* Write the bytes from offset from to offset to, as the pieces replace
 * them. */
static int put_pieces(struct plain *plain, uint64_t from, uint64_t to)
{
    uint64_t at = 0; /* where the last copied run ended */

    for (size_t i = 0; i < plain->n_pieces; i++) {
        const struct domctx_piece *piece = &plain->piece[i];
        uint64_t first, last;

        if (piece->bytes) {
            if (at >= from && at < to &&
                rewrite_put(&plain->rewrite, piece->bytes,
                            (size_t)piece->size) < 0)
                return -1;
            continue;
        }
        at = piece->offset + piece->size;
        first = piece->offset > from ? piece->offset : from;
        last = at < to ? at : to;
        if (first < last &&
            rewrite_copy(&plain->rewrite, first, last - first) < 0)
            return -1;
    }
    return 0;
}

static int flush(struct plain *plain)
{
    uint64_t from = plain->from, to = plain->to;

    plain->from = plain->to;
    if (from == to)
        return 0;
    return plain->piece ? put_pieces(plain, from, to)
                        : rewrite_copy(&plain->rewrite, from, to - from);
}

/* Keep the bytes between from and the walk's position. */
static int keep(struct plain *plain, uint64_t from)
{
    if (from != plain->to) {
        if (flush(plain) < 0)
            return -1;
        plain->from = from;
    }
    plain->to = plain->rewrite.in->at;
    return 0;
}

static int put_end(struct plain *plain)
{
    return flush(plain) < 0 ? -1
                            : rewrite_header(&plain->rewrite,
                                             LIBXC_RECORD_END, 0);
}

/* -- record by record ----------------------------------------------------- */

static int changed(struct plain *plain)
{
    struct msg_at at = { .has_offset = true,
                         .offset = plain->rewrite.in->at };

    return msg_raise(plain->rewrite.report, MSG_PLAIN, &at,
                     "the input is not what it was before");
}

/* Skip a record; its length cannot overflow 64 bits. */
static int read_record(struct plain *plain, struct stream_header *header)
{
    struct domctx_source *in = plain->rewrite.in;

    return stream_header(in, header) < 0
               ? -1
               : source_skip(in, (uint64_t)header->length +
                                     stream_pad(header->length));
}

/* Skip the libxl records of a checkpoint, up to its end. */
static int follow_libxl(struct plain *plain)
{
    struct stream_header header;

    for (;;) {
        uint64_t begin = plain->rewrite.in->at;

        if (read_record(plain, &header) < 0)
            return -1;
        if (header.type == LIBXL_CHECKPOINT_END)
            return 0;
        if (plain->interval == plain->counts && keep(plain, begin) < 0)
            return -1;
    }
}

/* Handle a checkpoint; *done: it was the last one. */
static int follow_checkpoint(struct plain *plain, bool *done)
{
    *done = plain->interval == plain->counts;
    if ((*done && put_end(plain) < 0) ||
        (plain->embedded && follow_libxl(plain) < 0) ||
        (*done && plain->embedded && put_end(plain) < 0))
        return -1;
    plain->interval++;
    return 0;
}

/* Whether every interval has this record, so that only the last one counts. */
static bool is_state(uint32_t type)
{
    return type == RECORD_TSC || type == LIBXC_RECORD_CONTEXT ||
           type == LIBXC_RECORD_PARAMS || type == RECORD_DOMAIN_CONTEXT;
}

static int follow(struct plain *plain)
{
    struct domctx_source *in = plain->rewrite.in;
    struct stream_header header;
    bool done = false;

    while (!done) {
        uint64_t begin = in->at;

        if (read_record(plain, &header) < 0)
            return -1;
        if (header.type == LIBXC_RECORD_CHECKPOINT) {
            if (follow_checkpoint(plain, &done) < 0)
                return -1;
        } else if (header.type == LIBXC_RECORD_END) {
            if (plain->interval != plain->counts || plain->to != begin)
                return changed(plain);
            break;
        } else if ((plain->interval == plain->counts ||
                    !is_state(header.type)) && keep(plain, begin) < 0) {
            return -1;
        }
    }
    if (done)
        return 0;
    /* keep END and everything behind it */
    plain->to = plain->rewrite.old->size;
    return plain->to < plain->from ? changed(plain) : flush(plain);
}

static int write_plain(struct plain *plain, const domctx_source *source)
{
    const struct domctx_source_info *info = &source->info;
    uint64_t headers = info->layer[info->n_layers - 1].offset +
                       LIBXC_HEADERS;

    if (info->n_intervals == 0) {
        plain->to = source->end_at;
        return put_end(plain);
    }
    plain->embedded = info->n_layers > 1;
    plain->counts = counts(source);
    return source_skip(plain->rewrite.in, headers) < 0 ||
                   keep(plain, 0) < 0
               ? -1
               : follow(plain);
}

int domctx_source_plain(const domctx_source *source,
                        const struct domctx_reader *reader,
                        const struct domctx_piece *pieces, size_t n_pieces,
                        const struct domctx_writer *writer,
                        domctx_report *report)
{
    struct plain plain = {
        .rewrite = { .old = &source->info, .writer = writer,
                     .report = report },
        .piece = pieces, .n_pieces = n_pieces,
    };
    int result = judge(source, report);

    if (result < 0 || !writer)
        return result;
    plain.rewrite.in = domctx_source_new(reader, NULL, 0);
    if (!plain.rewrite.in)
        return msg_no_memory(report, 0);
    plain.rewrite.in->report = plain.rewrite.in->out = report;
    result = write_plain(&plain, source);
    if (plain.rewrite.in->cut.is)
        result = msg_raise(report, MSG_SOURCE_CUT, &plain.rewrite.in->cut.at,
                           "the input has become shorter");
    domctx_source_free(plain.rewrite.in);
    return result;
}
