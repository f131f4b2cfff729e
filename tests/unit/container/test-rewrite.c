/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A save file written anew: another one, with the context that it was given;
 * of an input that is no longer what was walked, nothing that is none. */
#include "container/legacy-support.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static bool is_sound(const struct bytes *b)
{
    struct memory memory = { .p = b->p, .size = b->size };
    domctx_source *source = memory_source(&memory);
    bool sound = domctx_source_walk(source, NULL) == 0;

    domctx_source_free(source);
    return sound;
}

/* The file that was walked, and the one that is there when it is written
 * anew; in *made what came of it: -1 with a reason, or a save file, unless
 * what is there is none. */
static int rewritten(const struct bytes *walked, const struct bytes *there,
                     struct bytes *made)
{
    static const struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    struct again input = { .b = there };
    const struct domctx_reader reader = again_reader(&input);
    const struct domctx_writer writer = again_writer(&input);
    domctx_report *report = domctx_report_new();
    struct memory memory = { .p = walked->p, .size = walked->size };
    domctx_source *source = walk(&memory, 0, NULL);
    struct bytes context = { 0 };
    int result;

    put_release(&context, 4, 17, 1);
    result = domctx_source_rewrite(source, &reader, context.p, context.size,
                                   &target, &writer, report);
    domctx_source_free(source);
    if (result < 0) {
        ck_assert(input.stopped ||
                  domctx_report_worst(report) >= DOMCTX_ERROR);
    } else if (is_sound(there)) {
        memory = (struct memory){ .p = input.made.p,
                                  .size = input.made.size };
        source = walk(&memory, 0, NULL);
        ck_assert_uint_eq(domctx_source_info(source)->context_size,
                          context.size);
        ck_assert_mem_eq(domctx_source_info(source)->context, context.p,
                         context.size);
        domctx_source_free(source);
    }
    *made = input.made;
    bytes_free(&context);
    domctx_report_free(report);
    return result;
}

/* -- what there is -------------------------------------------------------- */

enum { LEGACY_64, LEGACY_32, SAVE, PAGES, N_INPUTS };

static void put_input(struct bytes *b, int kind)
{
    static const struct domctx_hvm_param params[] = { { 1, 2 }, { 5, 6 } };
    struct bytes context = { 0 };
    struct saved saved = { .context = &context, .params = params,
                           .n_params = N(params),
                           .n_pages = kind == PAGES ? 3 : 0 };

    put_release(&context, 4, 17, 1);
    legacy_width = kind == LEGACY_32 ? 4 : 8;
    if (kind >= SAVE) {
        put_save_file(b, &saved);
    } else {
        put_begin(b);
        put_batch(b, 2, 0);
        put_batch(b, 3, 15);
        put_vcpus(b, 1);
        put_chunk(b, -3);
        put_chunk(b, -18);
        put_id(b, -9);
        put_tail(b, 7);
        put_qemu(b, "DeviceModelRecord0002", 5);
    }
    legacy_width = 8;
    bytes_free(&context);
}

START_TEST(each_input)
{
    struct bytes b = { 0 }, made;

    put_input(&b, _i);
    ck_assert_int_eq(rewritten(&b, &b, &made), 0);
    bytes_free(&made);
    bytes_free(&b);
}
END_TEST

/* Chunks of the legacy stream, and the parameters that they were. */
static const struct {
    int32_t chunk;
    uint64_t param;
} chunks[] = {
    { -3, 12 }, { -4, 15 }, { -8, 17 }, { -10, 19 }, { -11, 9 }, { -14, 34 },
    { -15, 27 }, { -16, 28 }, { -17, 29 }, { -19, 32 }, { -20, 33 },
    { -21, 36 },
};

START_TEST(each_parameter)
{
    struct bytes b = { 0 }, made;
    struct memory memory;
    domctx_source *source;
    const struct domctx_domain *domain;
    bool found = false;

    put_begin(&b);
    put_batch(&b, 2, 0);
    put_vcpus(&b, 1);
    put_chunk(&b, chunks[_i].chunk);
    put_id(&b, -9);
    put_tail(&b, 7);
    put_qemu(&b, "DeviceModelRecord0002", 5);
    ck_assert_int_eq(rewritten(&b, &b, &made), 0);
    memory = (struct memory){ .p = made.p, .size = made.size };
    source = walk(&memory, 0, NULL);
    domain = &domctx_source_info(source)->domain;
    for (size_t i = 0; i < domain->n_params; i++)
        found |= domain->params[i].index == chunks[_i].param &&
                 domain->params[i].value == 1;
    ck_assert_msg(found, "chunk %d", chunks[_i].chunk);
    domctx_source_free(source);
    bytes_free(&made);
    bytes_free(&b);
}
END_TEST

/* Another program changes the file after it was walked. */
START_TEST(changed_meanwhile)
{
    static const uint8_t changes[] = { 0xff, 0x01, 0x80 };
    struct bytes b = { 0 }, other = { 0 }, made;
    size_t refused_ones = 0;

    put_input(&b, _i);
    put_raw(&other, b.p, b.size);
    for (size_t at = 0; at < b.size; at += at < 600 ? 1 : 1 + stride() * 31)
        for (size_t k = 0; k < N(changes); k++) {
            other.p[at] ^= changes[k];
            refused_ones += rewritten(&b, &other, &made) < 0;
            bytes_free(&made);
            other.p[at] ^= changes[k];
        }
    if (_i < SAVE) /* of the others all but the context is copied */
        ck_assert_uint_gt(refused_ones, 20);
    for (size_t size = 0; size < b.size; size += size < 600 ? 1 : 97) {
        other.size = size;
        rewritten(&b, &other, &made);
        bytes_free(&made);
    }
    other.size = b.size / 2;
    ck_assert_int_eq(rewritten(&b, &other, &made), -1);
    bytes_free(&made);
    bytes_free(&other);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rewrite");
    TCase *tests = tcase_create("rewrite");

    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, each_input, 0, N_INPUTS);
    tcase_add_loop_test(tests, each_parameter, 0, (int)N(chunks));
    tcase_add_loop_test(tests, changed_meanwhile, 0, N_INPUTS);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
