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

void put_leaf_list(struct bytes *b, const struct domctx_cpuid_leaf *leaves,
                size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put32le(b, leaves[i].leaf);
        put32le(b, leaves[i].subleaf);
        put32le(b, leaves[i].a);
        put32le(b, leaves[i].b);
        put32le(b, leaves[i].c);
        put32le(b, leaves[i].d);
    }
}

static void put64le(struct bytes *b, uint64_t value)
{
    put32le(b, (uint32_t)value);
    put32le(b, (uint32_t)(value >> 32));
}

void put_param_list(struct bytes *b, const struct domctx_hvm_param *params,
                size_t n)
{
    put32le(b, (uint32_t)n);
    put32le(b, 0);
    for (size_t i = 0; i < n; i++) {
        put64le(b, params[i].index);
        put64le(b, params[i].value);
    }
}

/* A record of what is in body, which is freed. */
static void put_body(struct bytes *b, uint32_t type, struct bytes *body)
{
    put_stream_record(b, type, body->p, (uint32_t)body->size);
    bytes_free(body);
    *body = (struct bytes){ .p = NULL };
}

static void put_static_data(struct bytes *b, const struct saved *saved)
{
    struct bytes body = { .p = NULL };

    if (saved->leaves) {
        put_leaf_list(&body, saved->leaves, saved->n_leaves);
        put_body(b, 0x11, &body);
    }
    if (saved->msrs) {
        for (size_t i = 0; i < saved->n_msrs; i++) {
            put32le(&body, saved->msrs[i].index);
            put32le(&body, saved->msrs[i].flags);
            put64le(&body, saved->msrs[i].value);
        }
        put_body(b, 0x12, &body);
    }
    if (saved->version != 2)
        put_stream_record(b, 0x10, NULL, 0);
}

static void put_stream_headers(struct bytes *b, const struct saved *saved)
{
    put_raw(b, "LibxlFmt", 8);
    put32be(b, 2);
    put32be(b, 0);
    put_stream_record(b, 1, NULL, 0);
    put_raw(b, "\xff\xff\xff\xff\xff\xff\xff\xff" "XENF", 12);
    put32be(b, saved->version ? saved->version : 3);
    put_zero(b, 8);
    put32le(b, 2);
    put32le(b, 12);
    put32le(b, saved->xen_major ? saved->xen_major : 4);
    put32le(b, saved->xen_major ? saved->xen_minor : 17);
}

static void put_state(struct bytes *b, const struct saved *saved)
{
    static const struct domctx_hvm_param store = { 1, 0xfeffc };
    const uint8_t tsc[24] = { (uint8_t)saved->tsc_mode };
    struct bytes body = { .p = NULL };

    put_stream_record(b, 8, tsc, sizeof(tsc));
    if (saved->context) {
        put_raw(&body, saved->context->p, saved->context->size);
    } else {
        put_hvm_header(&body);
        put_hvm_end(&body);
    }
    put_body(b, 9, &body);
    put_param_list(&body, saved->params ? saved->params : &store,
               saved->params ? saved->n_params : 1);
    put_body(b, 0xa, &body);
}

/* PAGE_DATA of so many pages of zeros. */
static void put_pages(struct bytes *b, uint32_t n)
{
    struct bytes body = { 0 };

    put32le(&body, n);
    put32le(&body, 0);
    for (uint32_t i = 0; i < n; i++) {
        put32le(&body, i);
        put32le(&body, 0);
    }
    put_zero(&body, (size_t)n * 4096);
    put_stream_record(b, 1, body.p, (uint32_t)body.size);
    bytes_free(&body);
}

void put_save_file(struct bytes *b, const struct saved *saved)
{
    static const uint8_t no_page[16] = { 1, [15] = 0xf0 };
    const char *config = saved->config ? saved->config : "{}";
    uint32_t size = (uint32_t)strlen(config) + 1;
    uint8_t emulator[12] = "\2\0\0\0\0\0\0\0QEVM";

    if (saved->emulator)
        emulator[0] = (uint8_t)saved->emulator;
    put_raw(b, "Xen saved domain, xl format\n \0 \r", 32);
    put32le(b, 0x01020304);
    put32le(b, 3);
    put32le(b, 0);
    put32le(b, 4 + size);
    put32le(b, size);
    put_raw(b, config, size);
    put_stream_headers(b, saved);
    put_static_data(b, saved);
    if (saved->n_pages)
        put_pages(b, saved->n_pages);
    else
        put_stream_record(b, 1, no_page, sizeof(no_page));
    put_state(b, saved);
    put_stream_record(b, 0, NULL, 0);
    put_stream_record(b, 3, emulator, sizeof(emulator));
    put_stream_record(b, 0, NULL, 0);
}

void put_smallest(struct bytes *b)
{
    static const struct saved smallest = { .tsc_mode = 2 };

    put_save_file(b, &smallest);
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

/* -- read once more ------------------------------------------------------- */

static int64_t step(struct again *again, uint64_t size)
{
    uint64_t left = again->b->size - again->at;

    size = size < left ? size : left;
    again->at += (size_t)size;
    return (int64_t)size;
}

static int64_t skip_again(void *arg, uint64_t size)
{
    return step(arg, size);
}

static int64_t read_again(void *arg, void *buf, size_t size)
{
    struct again *again = arg;
    size_t from = again->at;
    int64_t got = step(again, size);

    if (got > 0)
        memcpy(buf, again->b->p + from, (size_t)got);
    return got;
}

struct domctx_reader again_reader(struct again *again)
{
    return (struct domctx_reader){ read_again, skip_again, again, { NULL } };
}

static int put_made(void *arg, const void *bytes, size_t size)
{
    struct again *again = arg;

    put_raw(&again->made, bytes, size);
    return 0;
}

static int copy_made(void *arg, uint64_t offset, uint64_t size)
{
    struct again *again = arg;

    again->stopped = offset > again->b->size ||
                     size > again->b->size - offset;
    if (again->stopped)
        return -1;
    return put_made(arg, again->b->p + offset, (size_t)size);
}

struct domctx_writer again_writer(struct again *again)
{
    return (struct domctx_writer){ put_made, copy_made, again, { NULL } };
}
