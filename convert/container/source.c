/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walk over a container: the object and its state. */
#include "container/source.h"
#include "base/bytes.h"
#include "format/content.h"
#include "format/hvm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_MAX 64

static cat_version oldest_of(const struct domctx_source_info *info)
{
    return CAT_V(info->oldest_major, info->oldest_minor);
}

static cat_version newest_of(const struct domctx_source_info *info)
{
    return CAT_V(info->newest_major, info->newest_minor);
}

static void set_bounds(struct domctx_source *source, cat_version oldest,
                       cat_version newest)
{
    struct domctx_source_info *info = &source->info;

    info->oldest_major = oldest >> 8;
    info->oldest_minor = oldest & 0xff;
    info->newest_major = newest >> 8;
    info->newest_minor = newest & 0xff;
}

domctx_source *domctx_source_new(const struct domctx_reader *reader,
                                 const void *head, size_t head_size)
{
    domctx_source *source = calloc(1, sizeof(*source));

    if (!source)
        return NULL;
    source->reader = *reader;
    if (head_size > HEAD_MAX)
        head_size = HEAD_MAX;
    if (head_size)
        memcpy(source->ahead, head, head_size);
    source->last = head_size;
    set_bounds(source, release_series(0), CAT_NEWEST);
    return source;
}

static void free_interval(struct interval *interval)
{
    free(interval->context.p);
    free(interval->shared_info.p);
    free(interval->domain_context.p);
    free(interval->params.p);
}

void domctx_source_free(domctx_source *source)
{
    if (!source)
        return;
    free_interval(&source->now);
    free_interval(&source->whole);
    domctx_report_free(source->later);
    free(source->places);
    free(source->config);
    free(source->leaves);
    free(source->msrs);
    free(source->params);
    fitted_free(&source->fitted);
    free(source);
}

void domctx_source_options(domctx_source *source, unsigned int options)
{
    source->options = options;
}

const struct domctx_source_info *domctx_source_info(
    const domctx_source *source)
{
    return &source->info;
}

int domctx_source_hvm(const domctx_source *source, domctx_hvm **hvm,
                      domctx_report *report)
{
    const struct domctx_source_info *info = &source->info;
    cat_version version;

    *hvm = NULL;
    if (!info->context)
        return msg_raise(report, MSG_SOURCE_CONTEXT_MISSING, NULL,
                         "there is no HVM context");
    if (hvm_parse_framing(info->context, info->context_size,
                          info->place[info->last].offset, hvm, report) < 0)
        return -1;
    version = cat_version_of(info->xen_major, info->xen_minor);
    content_check_blob(*hvm, info->has_version ? &version : NULL, report);
    return 0;
}

void source_layer(struct domctx_source *source,
                  enum domctx_container container, uint32_t version)
{
    struct domctx_source_info *info = &source->info;

    if (info->n_layers < DOMCTX_LAYERS_MAX)
        info->layer[info->n_layers++] =
            (struct domctx_layer){ container, version, source->at };
}

void source_record(struct domctx_source *source, const char *name)
{
    source->record = name;
    source->record_at = source->at;
    source->body_size = 0;
    source->info.n_records++;
}

void source_body(struct domctx_source *source, uint64_t size)
{
    source->body_at = source->at;
    source->body_size = size;
}

struct msg_at source_here(const struct domctx_source *source)
{
    return (struct msg_at){ .record = source->record, .has_offset = true,
                            .offset = source->record_at };
}

void source_bound(struct domctx_source *source, cat_version oldest,
                  cat_version newest)
{
    const struct domctx_source_info *info = &source->info;
    struct msg_at at = source_here(source);
    char expected[32], found[32];

    if (oldest <= newest_of(info) && newest >= oldest_of(info)) {
        set_bounds(source, oldest > oldest_of(info) ? oldest : oldest_of(info),
                   newest < newest_of(info) ? newest : newest_of(info));
        return;
    }
    snprintf(expected, sizeof(expected), "%u.%u to %u.%u",
             info->oldest_major, info->oldest_minor, info->newest_major,
             info->newest_minor);
    snprintf(found, sizeof(found), "%u.%u to %u.%u", oldest >> 8,
             oldest & 0xff, newest >> 8, newest & 0xff);
    at.expected = (struct msg_value)TEXT(expected);
    at.found = (struct msg_value)TEXT(found);
    msg_raise(source->report, MSG_SOURCE_BOUNDS, &at,
              "no Xen that wrote what comes before writes this");
}

void source_converted(struct domctx_source *source)
{
    source->info.converted = true;
    set_bounds(source, CAT_V(3, 1), CAT_V(4, 5));
}

/* A suspend image of xenopsd may be on a bare block device. */
static bool may_be_device(const struct domctx_source_info *info)
{
    return info->layer[0].container == DOMCTX_IN_XENOPS ||
           info->layer[0].container == DOMCTX_IN_XENOPS_LEGACY;
}

/* Find the end of the container; what follows is not read. */
static int measure_rest(struct domctx_source *source)
{
    struct domctx_source_info *info = &source->info;
    struct msg_at at;

    info->size = source->at;
    if (source_drain(source) < 0)
        return -1;
    info->trailing = source->at - info->size;
    at = (struct msg_at){ .has_offset = true, .offset = info->size,
                          .found = DEC(info->trailing) };
    if (info->trailing && !may_be_device(info))
        msg_raise(source->report, MSG_SOURCE_AFTER_END, &at,
                  "bytes follow the end of the container");
    return 0;
}

/* No stream ends in as many zeros: END of a libxc stream and of the libxl
 * stream around it are 16. */
#define ZEROS 64

/* Whether zeros stand where the stream goes on: a crash of the host, or a full
 * disk, leaves blocks of them. */
static bool are_zeros_ahead(struct domctx_source *source)
{
    const uint8_t *p;
    size_t got;

    return source_peek(source, ZEROS, &p, &got) == 0 && got == ZEROS &&
           all_zero(p, ZEROS);
}

static int context_missing(struct domctx_source *source)
{
    struct msg_at at = { .has_offset = true, .offset = source->info.size };

    if (are_zeros_ahead(source))
        return msg_raise(source->report, MSG_SOURCE_CONTEXT_MISSING, &at,
                         "zeros are here instead of the stream: a part of "
                         "the file was lost, and there is no HVM context "
                         "before it");
    return msg_raise(source->report, MSG_SOURCE_CONTEXT_MISSING, &at,
                     "there is no HVM context up to the end");
}

/* Accept a container that is damaged behind its context. */
static int take_damaged(struct domctx_source *source)
{
    if (!(source->options & DOMCTX_WALK_DAMAGED) ||
        (source->report &&
         domctx_report_worst(source->report) >= DOMCTX_SYSTEM) ||
        source_interval(source) < 0)
        return -1;
    source->info.size = source->at;
    return source->info.context ? 0 : -1;
}

/* A context of a libxc stream that ends in more zeros than a record that can
 * be its last, and HVM_PARAMS, which follows each, is not there: the zeros
 * read as END of the context, of the stream and of what is around it. */
#define LOST 512

static bool is_context_lost(const struct domctx_source *source, uint64_t *at)
{
    const struct interval *whole = &source->whole;
    size_t left = whole->context.size;

    while (left > 0 && whole->context.p[left - 1] == 0)
        left--;
    *at = whole->place.offset + left;
    return source->info.domain.stream && !whole->params.p && left > 0 &&
           whole->context.size - left >= LOST;
}

static int context_lost(struct domctx_source *source, uint64_t offset)
{
    struct msg_at at = { .has_offset = true, .offset = offset };

    msg_raise(source->report, MSG_SOURCE_CONTEXT_CUT, &at,
              "from here on there are only zeros, within the HVM context");
    return take_damaged(source);
}

/* Without a context there is no need to read the rest. */
static int finish(struct domctx_source *source)
{
    uint64_t lost;

    if (source_interval(source) < 0)
        return -1;
    if (!source->info.context) {
        source->info.size = source->at;
        return context_missing(source);
    }
    if (is_context_lost(source, &lost))
        return context_lost(source, lost);
    /* zeros of a lost part read as END, too */
    if (source->lacks_qemu)
        msg_raise(source->report, MSG_LIBXL_EMULATOR_MISSING,
                  &source->lacks_qemu_at, "the emulator's state is missing");
    return measure_rest(source);
}

/* After a complete checkpoint, readers take what they cannot follow for the
 * end of the stream, and restore that checkpoint.  Findings since then do not
 * count. */
static int fail_over(struct domctx_source *source)
{
    struct domctx_source_info *info = &source->info;
    struct msg_at at = source_here(source);

    info->size = source->at;
    source->failed_over = true;
    if (source->cut.is) {
        source->cut.is = false; /* a stream may end here */
        source_settle(source, DOMCTX_WARNING);
        return msg_raise(source->report, MSG_SOURCE_CHECKPOINT_END,
                         &source->cut.at,
                         "the stream ends here, as one with checkpoints "
                         "does: the last complete one counts");
    }
    if (source_drain(source) < 0) {
        source_settle(source, DOMCTX_LOST);
        return -1;
    }
    info->trailing = source->at - info->size;
    source_settle(source, DOMCTX_WARNING);
    return msg_raise(source->report, MSG_SOURCE_CHECKPOINT_DAMAGED, &at,
                     "the stream cannot be followed from here on: the last "
                     "complete checkpoint counts");
}

static bool may_fail_over(const struct domctx_source *source)
{
    return source->info.n_intervals > 0 && source->later &&
           (source->cut.is || !source->no_way_back) &&
           domctx_report_worst(source->later) < DOMCTX_SYSTEM;
}

/* Accept a stream that only lacks its END. */
static int take_without_end(struct domctx_source *source)
{
    source->info.size = source->end_at;
    source->cut.is = false;
    msg_raise(source->report, MSG_SOURCE_NO_END, &source->cut.at,
              "the input ends too early, where its END was to come");
    return 0;
}

/* Judge an input that ended inside a record. */
static int judge_cut(struct domctx_source *source)
{
    const struct msg_at *at = &source->cut.at;

    source->info.size = source->at;
    if (source->cut.in_context) {
        msg_raise(source->report, MSG_SOURCE_CONTEXT_CUT, at,
                  "the input ends within the HVM context");
        return take_damaged(source);
    }
    if (source_interval(source) < 0)
        return -1;
    if (source->lacks_end && source->options & DOMCTX_WALK_NO_END)
        return take_without_end(source);
    if (source->info.context &&
        source->options & (DOMCTX_WALK_CUT | DOMCTX_WALK_DAMAGED)) {
        msg_raise(source->report, MSG_SOURCE_CUT_BEHIND, at,
                  "the input ends too early, behind the HVM context");
        return 0;
    }
    if (source->lacks_end)
        return msg_raise(source->report, MSG_SOURCE_CUT_END, at,
                         "the input ends too early, and all that is missing "
                         "is its END; the HVM context before is whole");
    if (source->info.context)
        return msg_raise(source->report, MSG_SOURCE_REST_CUT, at,
                         "the input ends too early; the HVM context before "
                         "is whole");
    return msg_raise(source->report, MSG_SOURCE_CUT, at,
                     "the input ends too early, before an HVM context");
}

static int judge_found(struct domctx_source *source)
{
    struct domctx_source_info *info = &source->info;
    struct msg_at at = { .has_offset = true };

    if (!info->context)
        return context_missing(source);
    /* when the list is full, its last place may be of a cut interval */
    source->places[info->last] = source->whole.place;
    at.offset = source->whole.place.offset;
    if (info->n_contexts > 1)
        msg_raise(source->report, MSG_SOURCE_CONTEXT_SEVERAL, &at,
                  "of %llu HVM contexts this one counts",
                  (unsigned long long)info->n_contexts);
    if (info->context_size == 0)
        return msg_raise(source->report, MSG_SOURCE_CONTEXT_EMPTY, &at,
                         "the HVM context is empty");
    return 0;
}

/* The layers in words: "xl save file, libxl stream 2, libxc stream 3". */
static void put_words(struct domctx_source_info *info)
{
    size_t used = 0;

    for (size_t i = 0; i < info->n_layers && used < sizeof(info->words);
         i++) {
        const struct domctx_layer *layer = &info->layer[i];
        char version[16] = "";

        /* not the flags of an xl save file */
        if (layer->version && layer->container != DOMCTX_IN_XL)
            snprintf(version, sizeof(version), " %" PRIu32, layer->version);
        used += (size_t)snprintf(info->words + used,
                                 sizeof(info->words) - used, "%s%s%s",
                                 i ? ", " : "",
                                 domctx_container_name(layer->container),
                                 version);
    }
}

int domctx_source_walk(domctx_source *source, domctx_report *report)
{
    const struct walker *walker;
    const uint8_t *head;
    size_t got;
    int result;

    source->report = source->out = report;
    if (msg_flags(report, source->options, WALK_OPTIONS) < 0)
        return -1;
    if (source_peek(source, HEAD_MAX, &head, &got) < 0)
        return -1;
    walker = walker_of(head, got);
    if (!walker)
        return msg_raise(report, MSG_SOURCE_UNKNOWN, NULL,
                         "no save file or stream");
    result = walker->walk(source);
    put_words(&source->info);
    source->info.domain.guest = source->info.guest;
    if (result < 0 && may_fail_over(source)) {
        result = fail_over(source);
    } else {
        source_settle(source, DOMCTX_LOST);
        if (result == 0)
            result = finish(source);
        else
            result = source->cut.is ? judge_cut(source)
                                    : take_damaged(source);
    }
    return result == 0 ? judge_found(source) : -1;
}
