/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plain stream of one with checkpoints, and of one that lacks its END: byte
 * for byte what a saver would have written in its place; of an input that is
 * no longer what was walked, nothing that is none. */
#include "container/legacy-support.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE 4096

enum { XL, LIBXL, LIBXC };
enum { SHORT, IN_PAGE, GARBAGE, ENDED };

/* What there is of one stream. */
struct shape {
    int layer;
    uint32_t version;      /* of the libxc stream */
    unsigned int whole;    /* complete checkpoints */
    int tail;              /* what comes behind them */
};
#define LAYERS 3
#define TAILS 4

static struct shape shape_of(int i)
{
    return (struct shape){ .layer = i % LAYERS,
                           .version = i / LAYERS % 2 ? 3 : 2,
                           .whole = (unsigned int)i / (2 * LAYERS) % 3 + 1,
                           .tail = i / (6 * LAYERS) % TAILS };
}
#define SHAPES (6 * LAYERS * TAILS)

static void put32be(struct bytes *b, uint32_t value)
{
    b->big = true;
    put32(b, value);
    b->big = false;
}

static void put_headers(struct bytes *b, const struct shape *shape)
{
    if (shape->layer == XL) {
        put_raw(b, "Xen saved domain, xl format\n \0 \r", 32);
        put32le(b, 0x01020304);
        put32le(b, 3);
        put32le(b, 0);
        put32le(b, 4 + 3);
        put32le(b, 3);
        put_raw(b, "{}", 3);
    }
    if (shape->layer != LIBXC) {
        put_raw(b, "LibxlFmt", 8);
        put32be(b, 2);
        put32be(b, 0);
        put_stream_record(b, 1, NULL, 0);
    }
    put_raw(b, "\xff\xff\xff\xff\xff\xff\xff\xff" "XENF", 12);
    put32be(b, shape->version);
    put_zero(b, 8);
    put32le(b, 2);
    put32le(b, 12);
    put32le(b, 4);
    put32le(b, shape->version == 2 ? 13 : 17);
    if (shape->version > 2)
        put_stream_record(b, 0x10, NULL, 0);
}

/* Two records of memory, which the interval marks. */
static void put_memory(struct bytes *b, unsigned int interval)
{
    uint8_t body[16 + PAGE] = { 1, [8] = 7 };
    uint8_t none[16] = { 1, [8] = (uint8_t)(20 + interval), [15] = 0xf0 };

    memset(body + 16, (int)(0xa0 + interval), PAGE);
    put_stream_record(b, 1, body, sizeof(body));
    put_stream_record(b, 1, none, sizeof(none));
}

static void put_context(struct bytes *b, unsigned int mark)
{
    put_hvm_header(b);
    b->p[b->size - 1] = (uint8_t)mark;
    put_hvm_end(b);
}

enum part { TSC = 1, CONTEXT = 2, PARAMS = 4, ALL = 7 };

static void put_state(struct bytes *b, unsigned int interval,
                      unsigned int parts)
{
    const struct domctx_hvm_param store = { 1, 0x1000 + interval };
    const uint8_t tsc[24] = { 1, [4] = (uint8_t)(interval + 1) };
    struct bytes context = { 0 }, params = { 0 };

    put_context(&context, interval);
    put_param_list(&params, &store, 1);
    if (parts & TSC)
        put_stream_record(b, 8, tsc, sizeof(tsc));
    if (parts & CONTEXT)
        put_stream_record(b, 9, context.p, (uint32_t)context.size);
    if (parts & PARAMS)
        put_stream_record(b, 0xa, params.p, (uint32_t)params.size);
    bytes_free(&context);
    bytes_free(&params);
}

static void put_emulator(struct bytes *b, const struct shape *shape,
                         unsigned int interval)
{
    uint8_t body[12] = "\2\0\0\0\0\0\0\0QEV";

    body[11] = (uint8_t)interval;
    if (shape->layer != LIBXC)
        put_stream_record(b, 3, body, sizeof(body));
}

/* What ends an interval, by the last two records. */
static void put_last(struct bytes *b, const struct shape *shape,
                     unsigned int interval, uint32_t inner, uint32_t outer)
{
    put_stream_record(b, inner, NULL, 0);
    put_emulator(b, shape, interval);
    if (shape->layer != LIBXC)
        put_stream_record(b, outer, NULL, 0);
}

static void put_interval(struct bytes *b, const struct shape *shape,
                         unsigned int interval, unsigned int parts)
{
    put_memory(b, interval);
    put_state(b, interval, parts);
    put_last(b, shape, interval, 14, 4);
}

/* The stream with checkpoints; parts: of the last complete one's state. */
static void put_checkpointed(struct bytes *b, const struct shape *shape,
                             unsigned int parts)
{
    put_headers(b, shape);
    for (unsigned int i = 0; i < shape->whole; i++)
        put_interval(b, shape, i, i + 1 == shape->whole ? parts : ALL);
    if (shape->tail == SHORT)
        return;
    put_memory(b, shape->whole);
    if (shape->tail == IN_PAGE)
        b->size -= 1000;
    if (shape->tail == GARBAGE)
        put_raw(b, "\x77\x77\x77\x77\xff\xff\xff\xff" "garbage", 15);
    if (shape->tail != ENDED)
        return;
    put_state(b, shape->whole, ALL);
    put_last(b, shape, shape->whole, 0, 0);
}

/* The plain one. */
static void put_plain(struct bytes *b, const struct shape *shape)
{
    unsigned int last = shape->whole - (shape->tail == ENDED ? 0 : 1);

    put_headers(b, shape);
    for (unsigned int i = 0; i <= last; i++)
        put_memory(b, i);
    put_state(b, last, ALL);
    put_last(b, shape, last, 0, 0);
}

static domctx_source *walked(const struct bytes *b, struct memory *memory,
                             unsigned int options)
{
    domctx_source *source;

    *memory = (struct memory){ .p = b->p, .size = b->size };
    source = memory_source(memory);
    domctx_source_options(source, options);
    ck_assert_int_eq(domctx_source_walk(source, NULL), 0);
    return source;
}

/* Of what was walked, from what is there by then. */
static int make(const domctx_source *source, const struct bytes *there,
                const struct domctx_splice *splice, struct bytes *made)
{
    struct again again = { .b = there };
    const struct domctx_reader reader = again_reader(&again);
    const struct domctx_writer writer = again_writer(&again);
    domctx_report *report = domctx_report_new();
    int result = domctx_source_plain(source, &reader,
                                     splice ? splice->piece : NULL,
                                     splice ? splice->n_pieces : 0, &writer,
                                     report);

    if (result < 0)
        ck_assert(again.stopped ||
                  domctx_report_worst(report) >= DOMCTX_ERROR);
    else
        ck_assert_uint_eq(domctx_report_count(report), 0);
    domctx_report_free(report);
    *made = again.made;
    return result;
}

static void expect_bytes(const struct bytes *found,
                         const struct bytes *expected)
{
    ck_assert_uint_eq(found->size, expected->size);
    ck_assert_mem_eq(found->p, expected->p, expected->size);
}

/* -- checkpoints ---------------------------------------------------------- */

START_TEST(each_shape)
{
    const struct shape shape = shape_of(_i);
    struct bytes b = { 0 }, expected = { 0 }, made;
    struct memory memory;
    domctx_source *source;

    put_checkpointed(&b, &shape, ALL);
    put_plain(&expected, &shape);
    source = walked(&b, &memory, 0);
    ck_assert_int_eq(domctx_source_plain(source, NULL, NULL, 0, NULL, NULL),
                     0);
    ck_assert_int_eq(make(source, &b, NULL, &made), 0);
    expect_bytes(&made, &expected);
    domctx_source_free(source);
    /* and that is plain */
    source = walked(&made, &memory, 0);
    ck_assert_uint_eq(domctx_source_info(source)->n_intervals, 0);
    ck_assert_int_eq(domctx_source_plain(source, NULL, NULL, 0, NULL, NULL),
                     -1);
    domctx_source_free(source);
    bytes_free(&b);
    bytes_free(&expected);
    bytes_free(&made);
}
END_TEST

/* With another context in the place of the last, longer or shorter. */
START_TEST(another_context)
{
    const struct shape shape = shape_of(_i);
    struct bytes b = { 0 }, plain = { 0 }, context = { 0 }, made;
    struct domctx_splice splice, spliced;
    struct memory memory;
    domctx_source *source;

    put_context(&context, 99);
    put_zero(&context, (size_t)_i % 9);
    put_checkpointed(&b, &shape, ALL);
    put_plain(&plain, &shape);
    source = walked(&plain, &memory, 0);
    ck_assert_int_eq(domctx_source_splice(source, context.p, context.size,
                                          NULL, &spliced, NULL), 0);
    domctx_source_free(source);
    source = walked(&b, &memory, 0);
    ck_assert_int_eq(domctx_source_splice(source, context.p, context.size,
                                          NULL, &splice, NULL), 0);
    ck_assert_int_eq(make(source, &b, &splice, &made), 0);
    ck_assert_uint_eq(made.size, spliced.size);
    domctx_source_free(source);
    source = walked(&made, &memory, 0);
    ck_assert_mem_eq(domctx_source_info(source)->context, context.p,
                     context.size);
    domctx_source_free(source);
    bytes_free(&b);
    bytes_free(&plain);
    bytes_free(&context);
    bytes_free(&made);
}
END_TEST

/* State of the last checkpoint that is in an earlier one alone. */
START_TEST(not_all_of_it)
{
    static const unsigned int parts[] = { ALL & ~CONTEXT, ALL & ~PARAMS,
                                          ALL & ~TSC };
    const struct shape shape = { .layer = _i % LAYERS, .version = 3,
                                 .whole = 2, .tail = SHORT };
    unsigned int part = parts[_i / LAYERS];
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    struct memory memory;
    domctx_source *source;
    bool can = part & CONTEXT && part & PARAMS;

    put_checkpointed(&b, &shape, part);
    source = walked(&b, &memory, 0);
    ck_assert_int_eq(domctx_source_plain(source, NULL, NULL, 0, NULL, report),
                     can ? 0 : -1);
    if (!can)
        expect_only(report, "container-plain");
    domctx_source_free(source);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* Cut anywhere: what was complete by then, or nothing. */
START_TEST(each_cut)
{
    const struct shape shape = { .layer = _i, .version = 3, .whole = 2 };
    struct shape first = shape;
    struct bytes b = { 0 }, one = { 0 }, expected = { 0 }, made;
    struct memory memory;

    first.whole = 1;
    put_checkpointed(&one, &first, ALL);
    put_plain(&expected, &first);
    put_checkpointed(&b, &shape, ALL);
    for (size_t size = 64; size < b.size; size += stride()) {
        struct bytes cut = { .p = b.p, .size = size };
        domctx_source *source;

        memory = (struct memory){ .p = b.p, .size = size };
        source = memory_source(&memory);
        if (domctx_source_walk(source, NULL) < 0) {
            ck_assert_uint_lt(size, one.size);
            ck_assert_int_eq(make(source, &cut, NULL, &made), -1);
            ck_assert_uint_eq(made.size, 0);
        } else {
            ck_assert_uint_ge(size, one.size);
            ck_assert_int_eq(make(source, &cut, NULL, &made), 0);
            expect_bytes(&made, &expected);
        }
        bytes_free(&made);
        domctx_source_free(source);
    }
    bytes_free(&b);
    bytes_free(&one);
    bytes_free(&expected);
}
END_TEST

/* Another program changes the file after it was walked. */
START_TEST(changed_meanwhile)
{
    static const uint8_t changes[] = { 0xff, 0x01, 0x0e, 0x80 };
    const struct shape shape = { .layer = _i % LAYERS, .version = 3,
                                 .whole = 2, .tail = _i / LAYERS };
    struct bytes b = { 0 }, other = { 0 }, made;
    size_t refused_ones = 0;
    struct memory memory;
    domctx_source *source;

    put_checkpointed(&b, &shape, ALL);
    put_raw(&other, b.p, b.size);
    source = walked(&b, &memory, 0);
    for (size_t at = 0; at < b.size; at += at < 300 ? 1 : stride() * 3)
        for (size_t k = 0; k < N(changes); k++) {
            other.p[at] ^= changes[k];
            refused_ones += make(source, &other, NULL, &made) < 0;
            ck_assert_uint_le(made.size, b.size);
            bytes_free(&made);
            other.p[at] ^= changes[k];
        }
    ck_assert_uint_gt(refused_ones, 5);
    for (size_t size = 0; size < b.size / 2; size += 1 + stride() * 13) {
        other.size = size;
        ck_assert_int_eq(make(source, &other, NULL, &made), -1);
        bytes_free(&made);
    }
    domctx_source_free(source);
    bytes_free(&other);
    bytes_free(&b);
}
END_TEST

/* -- no END --------------------------------------------------------------- */

/* A plain one, from which bytes were cut: how the walk that takes it, and the
 * one that does not, end. */
static void expect_cut(const struct bytes *b, size_t by, bool takes)
{
    const struct bytes cut = { .p = b->p, .size = b->size - by };
    struct memory memory = { .p = cut.p, .size = cut.size };
    domctx_report *report = domctx_report_new();
    domctx_source *source = memory_source(&memory);
    struct bytes made;

    domctx_source_options(source, DOMCTX_WALK_NO_END);
    ck_assert_int_eq(domctx_source_walk(source, report), takes ? 0 : -1);
    ck_assert_int_eq(count_id(report, "source-end-missing") == 1, takes);
    ck_assert_int_eq(make(source, &cut, NULL, &made), takes ? 0 : -1);
    if (takes)
        expect_bytes(&made, b);
    bytes_free(&made);
    domctx_source_free(source);
    domctx_report_free(report);
    report = domctx_report_new();
    memory = (struct memory){ .p = cut.p, .size = cut.size };
    source = memory_source(&memory);
    ck_assert_int_eq(domctx_source_walk(source, report), -1);
    ck_assert_int_eq(count_id(report, "source-cut-end") == 1, takes);
    domctx_source_free(source);
    domctx_report_free(report);
}

START_TEST(each_end)
{
    const struct shape shape = { .layer = _i % LAYERS,
                                 .version = _i / LAYERS ? 3 : 2,
                                 .whole = 1, .tail = SHORT };
    struct bytes b = { 0 };

    put_plain(&b, &shape);
    for (size_t by = 1; by < 100; by++)
        expect_cut(&b, by, by <= 8);
    /* what began there is no END */
    b.p[b.size - 8] = 3;
    expect_cut(&b, 4, false);
    bytes_free(&b);
}
END_TEST

/* Without the emulator's state, which an HVM guest has and a PVH guest has
 * not. */
START_TEST(no_emulator)
{
    static const char *const configs[] = {
        "{\"c_info\": {\"type\": \"hvm\"}}",
        "{\"c_info\": {\"type\": \"pvh\"}}",
    };
    const struct saved saved = { .config = configs[_i] };
    struct bytes b = { 0 };

    put_save_file(&b, &saved);
    b.size -= 8 + 24;   /* END, and the emulator */
    put_zero(&b, 8);
    expect_cut(&b, 8, _i == 1);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plain");
    TCase *tests = tcase_create("plain");

    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, each_shape, 0, SHAPES);
    tcase_add_loop_test(tests, another_context, 0, SHAPES);
    tcase_add_loop_test(tests, not_all_of_it, 0, 3 * LAYERS);
    tcase_add_loop_test(tests, each_cut, 0, LAYERS);
    tcase_add_loop_test(tests, changed_meanwhile, 0, TAILS * LAYERS);
    tcase_add_loop_test(tests, each_end, 0, 2 * LAYERS);
    tcase_add_loop_test(tests, no_emulator, 0, 2);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
