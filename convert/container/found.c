/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping what a walk finds in a container: contexts and state, by checkpoint
 * interval. */
#include "container/source.h"

#include <stdlib.h>

#define PLACES_MAX 1024

/* When the list is full, its last element is replaced. */
static int add_place(struct domctx_source *source,
                     const struct domctx_place *place)
{
    struct domctx_source_info *info = &source->info;
    size_t room = source->room ? 2 * source->room : 4;

    info->n_contexts++;
    if (info->n_places == source->room && room <= PLACES_MAX) {
        struct domctx_place *more =
            realloc(source->places, room * sizeof(*more));

        if (!more)
            return msg_no_memory(source->report, room * sizeof(*more));
        source->places = more;
        source->room = room;
        info->place = more;
    }
    if (info->n_places < source->room)
        info->n_places++;
    source->places[info->n_places - 1] = *place;
    return 0;
}

static void replace(struct held *held, struct held with)
{
    free(held->p);
    *held = with;
}

/* Free the previous blob before allocating, so that at most one is held. */
int source_keep(struct domctx_source *source, struct held *held, size_t size)
{
    replace(held, (struct held){ NULL, 0 });
    return source_hold(source, size, held);
}

int source_context(struct domctx_source *source,
                   const struct domctx_place *place, size_t pad)
{
    struct domctx_place full = *place;
    struct msg_at at = source_here(source);
    int result;

    full.offset = source->at;
    full.padded = full.length + pad;
    full.interval = source->info.n_intervals;
    if (full.length > SOURCE_CONTEXT_MAX) {
        at.expected = (struct msg_value)DEC(SOURCE_CONTEXT_MAX);
        at.found = (struct msg_value)DEC(full.length);
        return msg_raise(source->report, MSG_SOURCE_LONG, &at,
                         "the HVM context is longer than any can be");
    }
    replace(&source->now.context, (struct held){ NULL, 0 });
    result = source_hold_part(source, full.length, &source->now.context);
    source->cut.in_context = source->cut.is;
    if (result < 0 && !source->now.context.p)
        return -1;
    source->now.place = full;
    return add_place(source, &full) < 0 ? -1 : result;
}

void source_tsc(struct domctx_source *source, uint32_t mode, uint32_t khz,
                uint64_t nsec, uint32_t incarnation)
{
    struct interval *now = &source->now;

    now->has_tsc = true;
    now->tsc_mode = mode;
    now->tsc_khz = khz;
    now->tsc_nsec = nsec;
    now->tsc_incarnation = incarnation;
    source->tsc_at = source->record_at;
}

/* Keep the state of earlier intervals that this one does not replace. */
static void complete(struct held *whole, struct held *now)
{
    if (!now->p)
        return;
    replace(whole, *now);
    *now = (struct held){ NULL, 0 };
}

static void complete_tsc(struct domctx_source *source)
{
    struct domctx_source_info *info = &source->info;
    const struct interval *now = &source->now;

    if (!now->has_tsc)
        return;
    info->has_tsc = true;
    info->tsc_mode = now->tsc_mode;
    info->tsc_khz = now->tsc_khz;
    info->tsc_nsec = now->tsc_nsec;
    info->tsc_incarnation = now->tsc_incarnation;
    info->domain.has_tsc = true;
    info->domain.tsc_mode = now->tsc_mode;
}

int source_interval(struct domctx_source *source)
{
    struct domctx_source_info *info = &source->info;
    struct interval *whole = &source->whole;

    if (source->now.context.p) {
        info->last = info->n_places - 1;
        whole->place = source->now.place;
    }
    complete_tsc(source);
    complete(&whole->context, &source->now.context);
    complete(&whole->shared_info, &source->now.shared_info);
    complete(&whole->domain_context, &source->now.domain_context);
    if (source->now.params.p) {
        source->params_interval = info->n_intervals;
        whole->params_at = source->now.params_at;
    }
    complete(&whole->params, &source->now.params);
    source->now.params_at = (struct domctx_record_place){ 0, 0 };
    source->now.has_tsc = false;
    info->context = whole->context.p;
    info->context_size = whole->context.size;
    info->shared_info = whole->shared_info.p;
    info->shared_info_size = whole->shared_info.size;
    info->domain_context = whole->domain_context.p;
    info->domain_context_size = whole->domain_context.size;
    return source_decode_params(source);
}

void source_settle(struct domctx_source *source, enum domctx_severity cap)
{
    domctx_report_forward(source->out, source->later, msg_cap, &cap);
    domctx_report_free(source->later);
    source->later = NULL;
    source->report = source->out;
}

/* xenopsd has more records after the end of its stream. */
void source_lacks_end(struct domctx_source *source)
{
    enum domctx_container outer = source->info.layer[0].container;

    source->lacks_end = source->cut.in_header &&
                        outer != DOMCTX_IN_XENOPS &&
                        outer != DOMCTX_IN_XENOPS_LEGACY;
    source->end_at = source->record_at;
}

/* What is found from here on counts only if another checkpoint completes. */
int source_checkpoint(struct domctx_source *source)
{
    source_settle(source, DOMCTX_LOST);
    if (source_interval(source) < 0)
        return -1;
    source->info.n_intervals++;
    source->later = domctx_report_new();
    if (!source->later)
        return msg_no_memory(source->report, 0);
    source->report = source->later;
    return 0;
}
