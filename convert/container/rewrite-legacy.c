/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a legacy stream a second time, to write a new one.  The walk has
 * judged it; only what memory and lengths depend on is checked again. */
#include "container/rewrite.h"
#include "base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MAX 1024
#define PAGE 4096
#define SIGNATURE_SIZE 21
#define RECORD_PAGES 1

/* Types, the highest four bits of an entry, without a page; and the entry that
 * releases up to 4.5 write for a missing page, which is left out. */
#define TYPE_BROKEN 13
#define UNMAPPED UINT32_C(0xf0000000)

/* HVM parameters by their number in Xen's public/hvm/params.h. */
#define PARAM_STORE 1
#define PARAM_IOREQ 5
#define PARAM_BUFIOREQ 6

#define CHUNK_VERIFY (-1)
#define CHUNK_VCPUS (-2)
#define CHUNK_TSC (-7)
#define CHUNK_LAST (-9)
#define CHUNK_TOOLSTACK (-18)

/* The HVM parameter that each chunk of a number stands for. */
static const struct {
    int32_t id;
    uint64_t param;
} numbers[] = {
    { -3, 12 },  /* IDENT_PT */
    { -4, 15 },  /* VM86_TSS */
    { -8, 17 },  /* CONSOLE_PFN */
    { -10, 19 }, /* ACPI_IOPORTS_LOCATION */
    { -11, 9 },  /* VIRIDIAN */
    { -14, 34 }, /* VM_GENERATION_ID_ADDR */
    { -15, 27 }, /* PAGING_RING_PFN */
    { -16, 28 }, /* MONITOR_RING_PFN */
    { -17, 29 }, /* SHARING_RING_PFN */
    { -19, 32 }, /* IOREQ_SERVER_PFN */
    { -20, 33 }, /* NR_IOREQ_SERVER_PAGES */
    { -21, 36 }, /* X87_FIP_WIDTH */
};

static int changed(struct rewrite *rewrite)
{
    struct msg_at at = { .has_offset = true, .offset = rewrite->in->at };

    return msg_raise(rewrite->report, MSG_REWRITE, &at,
                     "the input is not what it was before");
}

/* Keep a parameter, unless it is 0, which is its default. */
static int add_param(struct rewrite *rewrite, uint64_t index, uint64_t value)
{
    size_t i = 0;

    if (value == 0)
        return 0;
    while (i < rewrite->n_params && rewrite->param[i][0] != index)
        i++;
    if (i == REWRITE_PARAMS)
        return changed(rewrite);
    if (i == rewrite->n_params)
        rewrite->n_params++;
    rewrite->param[i][0] = index;
    rewrite->param[i][1] = value;
    return 0;
}

/* -- the toolstack's chunk ------------------------------------------------ */

static int add_key(struct rewrite *rewrite, uint64_t physical,
                   const char *name, const char *value, size_t size)
{
    struct held *xenstore = &rewrite->xenstore;
    char key[64];
    size_t used = (size_t)snprintf(key, sizeof(key), "physmap/%" PRIx64 "/%s",
                                   physical, name) + 1;
    uint8_t *more = realloc(xenstore->p, xenstore->size + used + size + 1);

    if (!more)
        return msg_no_memory(rewrite->report, size);
    memcpy(more + xenstore->size, key, used);
    memcpy(more + xenstore->size + used, value, size);
    more[xenstore->size + used + size] = 0;
    xenstore->p = more;
    xenstore->size += used + size + 1;
    return 0;
}

static int add_number(struct rewrite *rewrite, uint64_t physical,
                      const char *name, uint64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIx64, value);
    return add_key(rewrite, physical, name, text, strlen(text));
}

/* Read one mapping: three numbers, and a name with its length.  A 64-bit
 * toolstack left 4 bytes of padding after each name.  Returns its size, 0 if
 * malformed. */
static size_t take_mapping(struct rewrite *rewrite, const uint8_t *p,
                           size_t left, size_t width, int *result)
{
    uint64_t physical = left < 28 ? 0 : le64(p);
    size_t length = left < 28 ? 0 : le32(p + 24);
    size_t stray = width == 8 ? 4 : 0;

    if (length == 0 || length > left - 28 || stray > left - 28 - length ||
        p[28 + length - 1] != 0)
        return 0;
    if (add_number(rewrite, physical, "start_addr", le64(p + 8)) < 0 ||
        add_number(rewrite, physical, "size", le64(p + 16)) < 0 ||
        add_key(rewrite, physical, "name", (const char *)p + 28,
                strnlen((const char *)p + 28, length)) < 0)
        *result = -1;
    return 28 + length + stray;
}

static int take_toolstack(struct rewrite *rewrite, size_t width)
{
    struct msg_at at = { .record = "TOOLSTACK" };
    uint8_t number[4];
    struct held held;
    size_t used = 8;
    uint32_t n = 0;
    int result = 0;

    if (source_read(rewrite->in, number, sizeof(number)) < 0)
        return -1;
    if (le32(number) > SOURCE_CONFIG_MAX)
        return changed(rewrite);
    if (source_hold(rewrite->in, le32(number), &held) < 0)
        return -1;
    if (held.size >= 8 && le32(held.p) == 1)
        n = le32(held.p + 4);
    for (; n > 0 && result == 0; n--) {
        size_t took = take_mapping(rewrite, held.p + used, held.size - used,
                                   width, &result);

        used += took;
        if (took == 0)
            result = msg_raise(rewrite->report, MSG_REWRITE, &at,
                               "the toolstack's list of mappings is damaged");
    }
    free(held.p);
    return result;
}

/* -- pages ---------------------------------------------------------------- */

/* Make the body of PAGE_DATA without the pages; returns the number of
 * entries. */
static uint32_t make_list(uint8_t *body, const uint8_t *p, uint32_t n,
                          size_t width, uint32_t *pages)
{
    uint32_t kept = 0;

    *pages = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t entry = le32(p + i * width);
        uint64_t type = entry >> 28;

        if (entry == UNMAPPED)
            continue;
        put_le64(body + 8 + 8 * (size_t)kept++,
                 type << 60 | (entry & UINT32_C(0x0fffffff)));
        *pages += type < TYPE_BROKEN;
    }
    put_le32(body, kept);
    put_le32(body + 4, 0);
    return kept;
}

static int put_batch(struct rewrite *rewrite, const uint8_t *p, uint32_t n,
                     size_t width)
{
    size_t room = 8 + 8 * (size_t)n;
    uint8_t *body = malloc(room);
    uint32_t kept, pages;
    int result = 0;

    if (!body)
        return msg_no_memory(rewrite->report, room);
    kept = make_list(body, p, n, width, &pages);
    if (kept > 0 &&
        (rewrite_header(rewrite, RECORD_PAGES,
                        8 + 8 * kept + PAGE * pages) < 0 ||
         rewrite_put(rewrite, body, 8 + 8 * (size_t)kept) < 0 ||
         rewrite_copy(rewrite, rewrite->in->at + n * width,
                      (uint64_t)pages * PAGE) < 0))
        result = -1;
    free(body);
    if (kept == 0 || result < 0)
        return result;
    return source_skip(rewrite->in, n * width + (uint64_t)pages * PAGE);
}

static int take_batch(struct rewrite *rewrite, uint32_t n, size_t width)
{
    const uint8_t *p;
    size_t got;

    if (source_peek(rewrite->in, n * width, &p, &got) < 0)
        return -1;
    if (got < n * width)
        return source_skip(rewrite->in, n * width); /* reports the cut */
    for (uint32_t i = 0; i < n; i++)
        if (le32(p + i * width) != UNMAPPED)
            return put_batch(rewrite, p, n, width);
    return source_skip(rewrite->in, n * width);
}

/* -- chunks --------------------------------------------------------------- */

static int take_number(struct rewrite *rewrite, int32_t id)
{
    uint8_t body[12];

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i].id == id)
            return source_read(rewrite->in, body, sizeof(body)) < 0
                       ? -1
                       : add_param(rewrite, numbers[i].param, le64(body + 4));
    return changed(rewrite);
}

static int take_chunk(struct rewrite *rewrite, int32_t id, size_t width)
{
    uint8_t number[4];

    switch (id) {
    case CHUNK_VERIFY:
    case CHUNK_LAST:
        return 0;
    case CHUNK_TSC: /* the walk kept it */
        return source_skip(rewrite->in, 20);
    case CHUNK_VCPUS:
        if (source_read(rewrite->in, number, sizeof(number)) < 0)
            return -1;
        if (le32(number) >= STREAM_VCPUS)
            return changed(rewrite);
        return source_skip(rewrite->in, (le32(number) / 64 + 1) * 8);
    case CHUNK_TOOLSTACK:
        return take_toolstack(rewrite, width);
    default:
        return take_number(rewrite, id);
    }
}

static int take_body(struct rewrite *rewrite, size_t width)
{
    for (;;) {
        uint8_t number[4];
        int32_t id;
        int result;

        if (source_read(rewrite->in, number, sizeof(number)) < 0)
            return -1;
        id = (int32_t)le32(number);
        if (id == 0)
            return 0;
        if (id > BATCH_MAX)
            return changed(rewrite);
        result = id > 0 ? take_batch(rewrite, (uint32_t)id, width)
                        : take_chunk(rewrite, id, width);
        if (result < 0)
            return -1;
    }
}

/* -- the tail ------------------------------------------------------------- */

static int take_tail(struct rewrite *rewrite)
{
    uint8_t pages[24], number[4];

    if (source_read(rewrite->in, pages, sizeof(pages)) < 0 ||
        source_read(rewrite->in, number, sizeof(number)) < 0 ||
        source_skip(rewrite->in, le32(number)) < 0)
        return -1;
    return add_param(rewrite, PARAM_IOREQ, le64(pages)) < 0 ||
                   add_param(rewrite, PARAM_BUFIOREQ, le64(pages + 8)) < 0
               ? -1
               : add_param(rewrite, PARAM_STORE, le64(pages + 16));
}

static int take_qemu(struct rewrite *rewrite)
{
    const struct domctx_source_info *old = rewrite->old;
    uint8_t number[4];

    if (source_skip(rewrite->in, SIGNATURE_SIZE) < 0)
        return -1;
    rewrite->qemu_at = rewrite->in->at;
    if (old->qemu == DOMCTX_QEMU_OLD) {
        if (old->size < rewrite->qemu_at)
            return changed(rewrite);
        rewrite->qemu_size = old->size - rewrite->qemu_at;
    } else {
        if (source_read(rewrite->in, number, sizeof(number)) < 0)
            return -1;
        rewrite->qemu_at += sizeof(number);
        rewrite->qemu_size = le32(number);
    }
    return rewrite->qemu_size > UINT32_MAX - 16 ? changed(rewrite) : 0;
}

int rewrite_legacy(struct rewrite *rewrite)
{
    const struct domctx_source_info *old = rewrite->old;
    size_t width = old->layer[old->n_layers - 1].version / 8;

    if (source_skip(rewrite->in, width) < 0 ||
        take_body(rewrite, width) < 0)
        return -1;
    return take_tail(rewrite) < 0 ? -1 : take_qemu(rewrite);
}
