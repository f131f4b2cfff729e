/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another context in the place of that of a save file, and a stream of old
 * written anew. */
#include "memory.h"
#include "text.h"

/* A file that is made of an old one. */
struct made {
    struct text text;
    const uint8_t *old;
    size_t old_size;
};

static int put(void *arg, const void *bytes, size_t size)
{
    struct made *made = arg;

    return text_put(&made->text, bytes, size);
}

static int copy(void *arg, uint64_t offset, uint64_t size)
{
    struct made *made = arg;

    HOLDS(offset <= made->old_size && size <= made->old_size - offset);
    return put(made, made->old + offset, (size_t)size);
}

static void join(struct made *to, const struct domctx_splice *splice)
{
    HOLDS(splice->n_pieces <= DOMCTX_PIECES_MAX);
    for (size_t i = 0; i < splice->n_pieces; i++) {
        const struct domctx_piece *piece = &splice->piece[i];

        if ((piece->bytes ? put(to, piece->bytes, (size_t)piece->size)
                          : copy(to, piece->offset, piece->size)) < 0)
            return;
    }
    HOLDS(to->text.size == splice->size);
}

/* What was made is a save file, with that context. */
static void has(const struct made *made, const void *context, size_t size)
{
    struct memory memory = { (const uint8_t *)made->text.p, made->text.size,
                             0 };
    domctx_source *source = memory_source(&memory, 32);
    const struct domctx_source_info *info;

    if (!source)
        return;
    HOLDS(domctx_source_walk(source, NULL) == 0);
    info = domctx_source_info(source);
    HOLDS(info->context_size == size);
    HOLDS(memcmp(info->context, context, size) == 0);
    domctx_source_free(source);
}

static void splice_in(const domctx_source *source, const void *context,
                      size_t size, struct made *to, domctx_report *report)
{
    struct domctx_splice splice;

    if (domctx_source_splice(source, context, size, NULL, &splice, report) <
        0) {
        FAILS_FOR_A_REASON(report);
        return;
    }
    join(to, &splice);
    has(to, context, size);
}

static void rewrite(const domctx_source *source, struct memory *memory,
                    const void *context, size_t size, struct made *to,
                    domctx_report *report)
{
    const struct domctx_reader reader = { memory_read, memory_skip, memory,
                                          { NULL } };
    const struct domctx_writer writer = { put, copy, to, { NULL } };
    struct domctx_release target;

    HOLDS(domctx_release_parse("4.17", &target, NULL) == 0);
    memory->at = 0;
    domctx_report_clear(report);
    if (domctx_source_rewrite(source, &reader, context, size, &target,
                              &writer, report) == 0)
        has(to, context, size);
    else
        FAILS_FOR_A_REASON(report);
}

/* HEADER and END, and 40 bytes more of a record of a length that no other
 * has: the framing has to follow it. */
static const uint8_t other[] = {
    1, 0, 0, 0, 24, 0, 0, 0, 0x86, 0x12, 0x38, 0x54, 1, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x13, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4,
    5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0,
};

/* Its own context in its place is the file, but for the padding behind it,
 * which may have had anything and is made of zeros. */
static void is_the_file(const struct text *made, const struct memory *memory,
                        const struct domctx_source_info *info)
{
    uint64_t end = info->place[info->last].offset + info->context_size;
    uint64_t padding = -info->context_size % 8;

    HOLDS(made->size == memory->size);
    for (size_t i = 0; i < made->size; i++)
        HOLDS((uint8_t)made->p[i] == memory->p[i] ||
              (made->p[i] == 0 && i >= end && i - end < padding));
}

static void use(domctx_source *source, struct memory *memory)
{
    const struct domctx_source_info *info = domctx_source_info(source);
    struct made made[3] = { { .old = NULL } };
    domctx_report *report = domctx_report_new();

    for (int i = 0; i < 3; i++) {
        made[i].old = memory->p;
        made[i].old_size = memory->size;
    }
    if (report) {
        splice_in(source, info->context, info->context_size, &made[0],
                  report);
        if (made[0].text.p)
            is_the_file(&made[0].text, memory, info);
        domctx_report_clear(report);
        splice_in(source, other, sizeof(other), &made[1], report);
        rewrite(source, memory, other, sizeof(other), &made[2], report);
    }
    for (int i = 0; i < 3; i++)
        free(made[i].text.p);
    domctx_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory memory = { data, size, 0 };
    domctx_source *source = memory_source(&memory, 32);

    if (source && domctx_source_walk(source, NULL) == 0)
        use(source, &memory);
    domctx_source_free(source);
    return 0;
}
