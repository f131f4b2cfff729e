/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cost is linear: counted in steps of the index, not by the clock.  Eight
 * passes over the keys, twice each, and the look for ascending order bound
 * it at 17 steps a record, whatever the keys are.
 */
#include "support.h"

#include "format/image.h"

#define STEPS_MAX 17
/* or less, see rounds_of() */
static size_t million;

enum order { ASCENDING, DESCENDING, MIXED, N_ORDERS };

static void key(enum order order, size_t i, size_t count, uint32_t *type,
                uint32_t *instance)
{
    size_t n = order == ASCENDING    ? i
               : order == DESCENDING ? count - 1 - i
                                     : i * 7919 % count;

    *type = DOMCTX_HVM_RECORD(22 + n / 65536);
    *instance = n % 65536;
}

static uint64_t steps_for(enum order order, size_t count)
{
    struct bytes b = { 0 };
    domctx_image *image;
    uint32_t type, instance;
    uint64_t steps;

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_HVM_RECORD(1), 0, 24);
    for (size_t i = 0; i < count; i++) {
        key(order, i, count, &type, &instance);
        put_header(&b, type, instance, 0);
    }
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    ck_assert_uint_eq(domctx_image_count(image), count + 3);
    key(order, count / 2, count, &type, &instance);
    ck_assert_ptr_nonnull(domctx_image_find(image, type, instance));
    steps = image->keys.steps;
    domctx_image_free(image);
    bytes_free(&b);
    return steps;
}

START_TEST(a_million_empty_records)
{
    uint64_t few = steps_for((enum order)_i, million / 10);
    uint64_t many = steps_for((enum order)_i, million);

    ck_assert_uint_le(few, STEPS_MAX * (million / 10 + 1));
    ck_assert_uint_le(many, STEPS_MAX * (million + 1));
    ck_assert_uint_ge(many, million);
}
END_TEST

START_TEST(any_keys)
{
    struct domctx_record *records = calloc(million, sizeof(*records));
    uint64_t random = 88172645463325252u;
    struct keys keys;

    for (size_t i = 0; i < million; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        records[i].type = _i ? (uint32_t)(random >> 32) : 7;
        records[i].instance = _i ? (uint32_t)random : 7;
    }
    ck_assert(keys_build(&keys, records, million));
    ck_assert_uint_le(keys.steps, STEPS_MAX * (uint64_t)million);
    ck_assert_ptr_eq(keys_find(&keys, records[0].type, records[0].instance),
                     &records[0]);
    ck_assert(keys_repeats(&keys, million / 2) == (_i == 0));
    keys_free(&keys);
    free(records);
}
END_TEST

/* Duplicates without end: refused, 4096 findings and a number. */
START_TEST(a_million_duplicates)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;

    put_start(&b, 4, 17);
    for (size_t i = 0; i < million; i++)
        put_header(&b, DOMCTX_TSC_INFO, 0, 0);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), -1);
    ck_assert_uint_eq(domctx_report_count(report), 4096);
    ck_assert_uint_eq(domctx_report_dropped(report), million - 1 - 4096);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(a_million_records_in_a_blob)
{
    struct bytes b = { 0 };
    domctx_hvm *hvm;

    put_hvm_header(&b);
    for (size_t i = 0; i < million; i++)
        put_desc(&b, (uint16_t)(30 + (million - i) / 65536),
                 (uint16_t)(million - i), 0);
    put_hvm_end(&b);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
    ck_assert_uint_eq(domctx_hvm_count(hvm), million + 2);
    ck_assert_uint_le(((struct domctx_hvm *)hvm)->keys.steps,
                      STEPS_MAX * (uint64_t)(million + 1));
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

/* Every vCPU that there can be, in the mode that inference has most to look
 * at; the time that the test may take is what a quadratic search would not
 * keep. */
START_TEST(all_vcpus_inferred)
{
    struct bytes b = { 0 };
    domctx_inference *inference;
    domctx_context *context;
    domctx_hvm *hvm;

    put_hvm_header(&b);
    for (unsigned int i = 0; i <= UINT16_MAX; i++) {
        put_hvm_zeros(&b, 5, (uint16_t)i, 24);
        set32(&b, b.size - 24, 0xfee00c00);
    }
    for (unsigned int i = 0; i <= UINT16_MAX; i++)
        put_hvm_zeros(&b, 6, (uint16_t)i, 1024);
    put_hvm_end(&b);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &context, NULL),
                     0);
    ck_assert_int_eq(domctx_infer(context, NULL, NULL, &inference, NULL), 0);
    domctx_inference_free(inference);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cost");
    TCase *tc = tcase_create("cost");

    million = (size_t)rounds_of(1000000);
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, a_million_empty_records, 0, N_ORDERS);
    tcase_add_loop_test(tc, any_keys, 0, 2);
    tcase_add_test(tc, a_million_duplicates);
    tcase_add_test(tc, a_million_records_in_a_blob);
    tcase_add_test(tc, all_vcpus_inferred);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
