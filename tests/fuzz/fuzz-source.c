/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Save files and streams of every container: walked, judged, and spliced. */
#include <stdbool.h>

#include "memory.h"

/* The context is where it is said to be. */
static void use(domctx_source *source, const uint8_t *data, size_t size)
{
    const struct domctx_source_info *info = domctx_source_info(source);
    const struct domctx_place *place = &info->place[info->last];
    domctx_hvm *hvm = NULL;

    HOLDS(info->size + info->trailing <= size);
    HOLDS(place->offset <= size && place->length <= size - place->offset);
    if (place->length == info->context_size)
        HOLDS(memcmp(info->context, data + place->offset,
                     info->context_size) == 0);
    domctx_source_judge(source, NULL, false, NULL);
    domctx_source_hvm(source, &hvm, NULL);
    domctx_hvm_free(hvm);
}

/* The container found with so many bytes read already, or NULL. */
static domctx_source *walk(struct memory *memory, size_t head)
{
    domctx_report *report = domctx_report_new();
    domctx_source *source = memory_source(memory, head);
    bool walked = false;

    if (source && report) {
        walked = domctx_source_walk(source, report) == 0;
        if (!walked)
            FAILS_FOR_A_REASON(report);
    }
    domctx_report_free(report);
    if (walked)
        return source;
    domctx_source_free(source);
    return NULL;
}

/* How much was read before the walk makes no difference. */
static void same(const domctx_source *one, const domctx_source *other)
{
    const struct domctx_source_info *a, *b;

    HOLDS(!one == !other);
    if (!one)
        return;
    a = domctx_source_info(one);
    b = domctx_source_info(other);
    HOLDS(a->context_size == b->context_size);
    HOLDS(memcmp(a->context, b->context, a->context_size) == 0);
    HOLDS(a->size == b->size && a->trailing == b->trailing);
    HOLDS(a->n_contexts == b->n_contexts && a->n_records == b->n_records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory whole = { data, size, 0 }, pipe = whole;
    domctx_source *source = walk(&whole, 32);
    domctx_source *other = walk(&pipe, size % 65);

    same(source, other);
    if (source)
        use(source, data, size);
    domctx_source_free(source);
    domctx_source_free(other);
    return 0;
}
