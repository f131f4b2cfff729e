/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "container/legacy-support.h"

/* -- making them ------------------------------------------------------- */

size_t legacy_width = 8;

void put_ul(struct bytes *b, uint64_t value)
{
    if (legacy_width == 8)
        put64(b, value);
    else
        put32le(b, (uint32_t)value);
}

void put_id(struct bytes *b, int32_t id)
{
    put32le(b, (uint32_t)id);
}

/* Consecutive pages of one type. */
void put_batch(struct bytes *b, uint32_t n, uint32_t type)
{
    put32le(b, n);
    for (uint32_t i = 0; i < n; i++)
        put_ul(b, type << 28 | i);
    if (type < 13)
        put_zero(b, n * (size_t)4096);
}

void put_vcpus(struct bytes *b, uint32_t highest)
{
    put_id(b, -2);
    put32le(b, highest);
    put_zero(b, (highest / 64 + 1) * 8);
}

void put_tsc(struct bytes *b)
{
    put_id(b, -7);
    put32le(b, 2);
    put64(b, 0x1122334455667788);
    put32le(b, 3000000);
    put32le(b, 5);
}

void put_chunk(struct bytes *b, int32_t id)
{
    switch (id) {
    case -1: case -9:
        put_id(b, id);
        return;
    case -2:
        put_vcpus(b, 0);
        return;
    case -7:
        put_tsc(b);
        return;
    case -18:
        put_id(b, id);
        put32le(b, 11);
        put_zero(b, 11);
        return;
    default:
        put_id(b, id);
        put32le(b, 0);
        put64(b, 1);
    }
}

/* A context that its mark tells from others. */
static void put_context(struct bytes *b, uint8_t mark)
{
    struct bytes context = { 0 };

    put_hvm_header(&context);
    put_hvm(&context, 3, 0, (uint8_t[8]){ mark }, 8);
    put_hvm_end(&context);
    put32le(b, (uint32_t)context.size);
    put_raw(b, context.p, context.size);
    bytes_free(&context);
}
#define MARK_AT 40   /* in the context */

void put_tail(struct bytes *b, uint8_t mark)
{
    put_id(b, 0);
    put_zero(b, 24);
    put_context(b, mark);
}

void put_qemu(struct bytes *b, const char *signature, size_t size)
{
    put_raw(b, signature, 21);
    if (size) {
        put32le(b, (uint32_t)size);
        put_raw(b, "QEVM", size < 4 ? size : 4);
        put_zero(b, size - (size < 4 ? size : 4));
    } else {
        put_raw(b, "QEVM and more", 13);
    }
}

void put_begin(struct bytes *b)
{
    put_ul(b, 0x100);
    put_tsc(b);
}

/* A whole stream of 4.1 or later, without any other chunk. */
void put_stream(struct bytes *b)
{
    put_begin(b);
    put_batch(b, 2, 0);
    put_vcpus(b, 1);
    put_id(b, -9);
    put_tail(b, 7);
    put_qemu(b, "DeviceModelRecord0002", 5);
}

/* -- reading them ------------------------------------------------------- */

/* Walk; the caller frees the source. */
domctx_source *walk(struct memory *memory, int wanted,
                           domctx_report *report)
{
    domctx_source *source = memory_source(memory);

    ck_assert_int_eq(domctx_source_walk(source, report), wanted);
    return source;
}

/* Walk what is sound but for the finding id (NULL: none). */
domctx_source *taken(const struct bytes *b, const char *id)
{
    struct memory memory = { .p = b->p, .size = b->size };
    domctx_report *report = domctx_report_new();
    domctx_source *source = walk(&memory, 0, report);

    expect_only(report, id);
    domctx_report_free(report);
    return source;
}

void refused(const struct bytes *b, const char *id)
{
    struct memory memory = { .p = b->p, .size = b->size };
    domctx_report *report = domctx_report_new();

    domctx_source_free(walk(&memory, -1, report));
    expect_only(report, id);
    domctx_report_free(report);
}

uint8_t mark_of(const domctx_source *source)
{
    const struct domctx_source_info *info = domctx_source_info(source);

    ck_assert_uint_eq(info->context_size, CONTEXT_SIZE);
    return info->context[MARK_AT];
}

void expect_bounds(const domctx_source *source, uint32_t oldest,
                          uint32_t newest)
{
    const struct domctx_source_info *info = domctx_source_info(source);

    ck_assert_uint_eq(info->oldest_major * 10 + info->oldest_minor, oldest);
    ck_assert_uint_eq(info->newest_major * 10 + info->newest_minor, newest);
}
