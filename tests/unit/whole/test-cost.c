/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is made to cost much: as many records as there may be, and one more;
 * in any order, with any numbers.  Nothing grows as the square of them. */
#include "support.h"
#include "cost.h"

#include "base/keys.h"
#include "catalogue/types.h"

enum order { ASCENDING, DESCENDING, MIXED, N_ORDERS };

/* Type and instance of record i of n: HEADER is first. */
static void key(enum order order, size_t i, size_t n, uint32_t *code,
                uint32_t *instance)
{
    size_t k = order == ASCENDING    ? i
               : order == DESCENDING ? n - 1 - i
                                     : i * 7919 % n;

    *code = (uint32_t)(22 + k / 65536);
    *instance = (uint32_t)(k % 65536);
}

/* Of n records, START, HEADER and END among them. */
static void put_image(struct bytes *b, enum order order, size_t n)
{
    uint32_t code, instance;

    put_start(b, 4, 17);
    put_zeros(b, DOMCTX_HVM_RECORD(1), 0, 24);
    for (size_t i = 0; i < n - 3; i++) {
        key(order, i, n - 3, &code, &instance);
        put_header(b, DOMCTX_HVM_RECORD(code), instance, 0);
    }
    put_end(b);
}

START_TEST(a_full_image)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    uint32_t code, instance;
    domctx_image *image;

    put_image(&b, (enum order)_i, RECORDS_MAX);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    ck_assert_uint_eq(domctx_image_count(image), RECORDS_MAX);
    for (size_t i = 0; i < RECORDS_MAX - 3; i += 1000) {
        key((enum order)_i, i, RECORDS_MAX - 3, &code, &instance);
        ck_assert_ptr_eq(domctx_image_find(image, DOMCTX_HVM_RECORD(code),
                                           instance),
                         domctx_image_get(image, i + 2));
    }
    domctx_image_free(image);
    b.size = 0;
    put_image(&b, (enum order)_i, RECORDS_MAX + 1);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), -1);
    expect_only(report, "records-many");
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

static void put_blob(struct bytes *b, enum order order, size_t n)
{
    uint32_t code, instance;

    put_hvm_header(b);
    for (size_t i = 0; i < n - 2; i++) {
        key(order, i, n - 2, &code, &instance);
        put_desc(b, (uint16_t)code, (uint16_t)instance, 0);
    }
    put_hvm_end(b);
}

START_TEST(a_full_blob)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_hvm *hvm;

    put_blob(&b, (enum order)_i, RECORDS_MAX);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
    ck_assert_uint_eq(domctx_hvm_count(hvm), RECORDS_MAX);
    domctx_hvm_free(hvm);
    b.size = 0;
    put_blob(&b, (enum order)_i, RECORDS_MAX + 1);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, report), -1);
    expect_only(report, "records-many");
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* Records of keys that are all equal, or at random. */
static struct domctx_record *make_keys(bool mixed, size_t n)
{
    struct domctx_record *records = calloc(n, sizeof(*records));
    uint64_t random = 88172645463325252u;

    ck_assert_ptr_nonnull(records);
    for (size_t i = 0; i < n; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        records[i].type = mixed ? (uint32_t)(random >> 32) : 7;
        records[i].instance = mixed ? (uint32_t)random : 7;
    }
    return records;
}

static void check_keys(bool mixed, size_t n)
{
    struct domctx_record *records = make_keys(mixed, n);
    struct keys keys;
    size_t at = 0, repeats = 0;

    ck_assert(keys_build(&keys, records, n));
    for (size_t i = 0; i < n; i++)
        ck_assert_ptr_eq(keys_find(&keys, records[i].type,
                                   records[i].instance),
                         &records[mixed ? i : 0]);
    ck_assert_ptr_null(keys_find(&keys, 8, 7));
    while (keys_repeat(&keys, &at))
        repeats++;
    ck_assert_uint_eq(repeats, mixed ? 0 : n - 1);
    keys_free(&keys);
    free(records);
}

START_TEST(any_keys)
{
    check_keys(_i, RECORDS_MAX);
}
END_TEST

/* Duplicates without end are refused, and all are counted as what they are:
 * with one thing that is worse behind them, which is told. */
START_TEST(duplicates_without_end)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    const size_t n = RECORDS_MAX - 4;
    domctx_hvm *hvm;

    put_hvm_header(&b);
    for (size_t i = 0; i < n; i++)
        put_desc(&b, 9, 0, 0); /* as PCI_IRQ has it never */
    put_hvm_end(&b);
    b.size -= 4; /* within END */
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, report), -1);
    expect_only(report, "hvm-truncated");
    b.size += 4;
    domctx_report_clear(report);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, report), 0);
    ck_assert_uint_eq(domctx_report_count(report), 4096);
    ck_assert_uint_eq(domctx_report_total(report, DOMCTX_ERROR), 2 * n - 1);
    ck_assert_int_eq(domctx_report_dropped_worst(report), DOMCTX_ERROR);
    ck_assert_int_eq(domctx_report_worst(report), DOMCTX_ERROR);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* A blob of n vCPUs, in the mode that inference has most to look at. */
static void infer_vcpus(uint32_t n)
{
    struct bytes b = { 0 };
    domctx_inference *inference;
    domctx_context *context;
    domctx_hvm *hvm;

    put_hvm_header(&b);
    for (uint32_t i = 0; i < n; i++) {
        put_hvm_zeros(&b, 5, (uint16_t)i, 24);
        set32(&b, b.size - 24, 0xfee00c00);
    }
    for (uint32_t i = 0; i < n; i++)
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

/* As many vCPUs as records allow. */
START_TEST(all_vcpus_inferred)
{
    infer_vcpus(RECORDS_MAX / 2 - 1);
}
END_TEST

/* -- how it grows ----------------------------------------------------- */

static double image_time(enum order order, uint32_t n)
{
    struct bytes b = { 0 };
    domctx_image *image;
    double start;

    put_image(&b, order, n);
    start = cost_now();
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    start = cost_now() - start;
    domctx_image_free(image);
    bytes_free(&b);
    return start;
}

static double ascending(uint32_t n) { return image_time(ASCENDING, n); }
static double descending(uint32_t n) { return image_time(DESCENDING, n); }
static double mixed(uint32_t n) { return image_time(MIXED, n); }

static double keys_time(bool mixed, uint32_t n)
{
    double start = cost_now();

    check_keys(mixed, n);
    return cost_now() - start;
}

static double equal_keys(uint32_t n) { return keys_time(false, n); }
static double random_keys(uint32_t n) { return keys_time(true, n); }

static double duplicates(uint32_t n)
{
    domctx_report *report = domctx_report_new();
    struct bytes b = { 0 };
    domctx_hvm *hvm;
    double start;

    put_hvm_header(&b);
    for (uint32_t i = 0; i < n; i++)
        put_desc(&b, 9, 0, 0);
    put_hvm_end(&b);
    start = cost_now();
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, report), 0);
    start = cost_now() - start;
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&b);
    return start;
}

static double inference_time(uint32_t n)
{
    double start = cost_now();

    infer_vcpus(n);
    return cost_now() - start;
}

static const struct {
    const char *name;
    double (*time_of)(uint32_t n);
    uint32_t most; /* of what a file may have */
} costs[] = {
    { "image-ascending", ascending, RECORDS_MAX },
    { "image-descending", descending, RECORDS_MAX },
    { "image-mixed", mixed, RECORDS_MAX },
    { "keys-equal", equal_keys, RECORDS_MAX },
    { "keys-random", random_keys, RECORDS_MAX },
    { "duplicates", duplicates, RECORDS_MAX - 4 },
    { "inference", inference_time, RECORDS_MAX / 2 - 1 },
};
#define N_COSTS (sizeof(costs) / sizeof(costs[0]))

START_TEST(grows)
{
    expect_no_square(costs[_i].time_of, costs[_i].most / 16);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cost");
    TCase *tc = tcase_create("cost");

    /* enough for what is square to be measured and told */
    tcase_set_timeout(tc, 3600);
    tcase_add_loop_test(tc, a_full_image, 0, N_ORDERS);
    tcase_add_loop_test(tc, a_full_blob, 0, N_ORDERS);
    tcase_add_loop_test(tc, any_keys, 0, 2);
    tcase_add_test(tc, duplicates_without_end);
    tcase_add_test(tc, all_vcpus_inferred);
    for (size_t i = 0; i < N_COSTS; i++)
        add_named(tc, grows->fn, (int)i, "grows-%s", costs[i].name);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
