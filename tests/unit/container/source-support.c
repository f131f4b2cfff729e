/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "container/source-support.h"

static void put32be(struct bytes *b, uint32_t value)
{
    bool big = b->big;

    b->big = true;
    put32(b, value);
    b->big = big;
}

void put_stream_record(struct bytes *b, uint32_t type, const void *body,
                       uint32_t size)
{
    put32le(b, type);
    put32le(b, size);
    put_raw(b, body, size);
    put_zero(b, -size & 7);
}

void put_smallest(struct bytes *b)
{
    static const uint8_t pages[16] = { 1, [15] = 0xf0 };
    static const uint8_t tsc[24] = { 2 }; /* never emulated */
    static const uint8_t params[24] = { 1, [8] = 1, [16] = 0xfc, 0xef, 0xf };
    static const uint8_t emulator[12] = "\2\0\0\0\0\0\0\0QEVM";
    struct bytes blob = { .p = NULL };

    put_raw(b, "Xen saved domain, xl format\n \0 \r", 32);
    put32le(b, 0x01020304);
    put32le(b, 3);
    put32le(b, 0);
    put32le(b, 7);
    put32le(b, 3);
    put_raw(b, "{}", 3);
    put_raw(b, "LibxlFmt", 8);
    put32be(b, 2);
    put32be(b, 0);
    put_stream_record(b, 1, NULL, 0);
    put_raw(b, "\xff\xff\xff\xff\xff\xff\xff\xff" "XENF", 12);
    put32be(b, 3);
    put_zero(b, 8);
    put32le(b, 2);
    put32le(b, 12);
    put32le(b, 4);
    put32le(b, 17);
    put_stream_record(b, 0x10, NULL, 0);
    put_stream_record(b, 1, pages, sizeof(pages));
    put_stream_record(b, 8, tsc, sizeof(tsc));
    put_hvm_header(&blob);
    put_hvm_end(&blob);
    put_stream_record(b, 9, blob.p, (uint32_t)blob.size);
    put_stream_record(b, 0xa, params, sizeof(params));
    bytes_free(&blob);
    put_stream_record(b, 0, NULL, 0);
    put_stream_record(b, 3, emulator, sizeof(emulator));
    put_stream_record(b, 0, NULL, 0);
    ck_assert_uint_eq(b->size, 303);
}

static int64_t advance(struct memory *memory, uint64_t size)
{
    size_t left = memory->size - memory->at;

    if (size > left)
        size = left;
    memory->at += size;
    return (int64_t)size;
}

static int64_t memory_skip(void *arg, uint64_t size)
{
    struct memory *memory = arg;

    memory->skips++;
    return advance(memory, size);
}

static int64_t memory_read(void *arg, void *buf, size_t size)
{
    struct memory *memory = arg;
    uint64_t from = memory->at;

    memory->reads++;
    size = (size_t)advance(memory, size);
    if (size)
        memcpy(buf, memory->p + from, size);
    return (int64_t)size;
}

domctx_source *memory_source_or_null(struct memory *memory)
{
    struct domctx_reader reader = { memory_read, memory_skip, memory };

    if (memory->at > memory->size)
        memory->at = memory->size;
    return domctx_source_new(&reader, memory->p, memory->at);
}

domctx_source *memory_source(struct memory *memory)
{
    domctx_source *source = memory_source_or_null(memory);

    ck_assert_ptr_nonnull(source);
    return source;
}
