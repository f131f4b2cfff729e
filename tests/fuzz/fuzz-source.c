/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Save files and streams of every container: walked, judged, and spliced. */
#include "fuzz.h"

struct memory {
    const uint8_t *p;
    size_t size, at;
};

static int64_t get(void *arg, void *buf, size_t size)
{
    struct memory *memory = arg;
    size_t left = memory->size - memory->at;

    if (size > left)
        size = left;
    memcpy(buf, memory->p + memory->at, size);
    memory->at += size;
    return (int64_t)size;
}

static int64_t skip(void *arg, uint64_t size)
{
    struct memory *memory = arg;
    size_t left = memory->size - memory->at;

    if (size > left)
        size = left;
    memory->at += (size_t)size;
    return (int64_t)size;
}

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t head = size < 32 ? size : 32;
    struct memory memory = { data, size, head };
    const struct domctx_reader reader = { get, skip, &memory, { NULL } };
    domctx_report *report = domctx_report_new();
    domctx_source *source = domctx_source_new(&reader, data, head);

    if (source && report) {
        if (domctx_source_walk(source, report) == 0)
            use(source, data, size);
        else
            FAILS_FOR_A_REASON(report);
    }
    domctx_source_free(source);
    domctx_report_free(report);
    return 0;
}
