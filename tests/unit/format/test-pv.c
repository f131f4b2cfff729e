/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records of paravirtual state: built, and told apart by what they say of
 * their layout. */
#include "support.h"

#include "catalogue/catalogue.h"
#include "context/context.h"

/* -- building -------------------------------------------------------------- */

static const struct domctx_port ports[] = {
    { .port = 1, .status = DOMCTX_PORT_INTERDOMAIN,
      .flags = DOMCTX_PORT_KNOWN | DOMCTX_PORT_MASKED,
      .priority = DOMCTX_PRIORITY_UNKNOWN, .vcpu = 3, .remote = 77,
      .domid = 0 },
    { .port = 70000, .status = DOMCTX_PORT_IPI, .priority = 7, .vcpu = 1,
      .domid = DOMCTX_DOMID_NONE },
};

static const struct domctx_evtchn evtchn = {
    .flags = DOMCTX_EVTCHN_PAUSED | DOMCTX_EVTCHN_COMPLETE,
    .nr_valid = 131072, .max_port = 1023, .store_port = 1,
    .console_port = 2, .callback_irq = UINT64_C(0x02000000000000f3),
    .shared_info_gfn = 0xfedcba987,
    .ports = ports, .n_ports = 2,
};

/* The frames of a grant table, each byte another one than its neighbours. */
static void fill_frames(uint8_t *p, size_t n, uint8_t first)
{
    for (size_t i = 0; i < n * DOMCTX_FRAME_SIZE; i++)
        p[i] = (uint8_t)(first + i % 251);
}

static void add_all(domctx_builder *builder, domctx_report *report)
{
    static const struct domctx_hvm_param params[] = {
        { 0, UINT64_C(0x02000000000000f3) }, { 2, 1 } };
    static const struct domctx_cpuid_leaf leaves[] = {
        { 0, UINT32_MAX, 13, 0x68747541, 0x444d4163, 0x69746e65 },
        { 7, 0, 1, 2, 3, 4 } };
    static const struct domctx_policy_msr msrs[] = {
        { 0xce, 0, UINT64_C(0x80000000) } };
    static uint8_t shared[2 * DOMCTX_FRAME_SIZE], status[DOMCTX_FRAME_SIZE];
    struct domctx_grant_table grants = {
        .flags = DOMCTX_GRANTS_PAUSED, .version = 2, .nr_frames = 3,
        .max_nr_frames = 64, .nr_stored = 2, .nr_status = 1,
        .shared = shared, .status = status,
    };
    struct domctx_vcpu_state state = {
        .flags = DOMCTX_VCPU_ONLINE, .cpu = 5,
        .cpu_time_ns = UINT64_C(0x1122334455667788), .time_ns = 9,
    };

    fill_frames(shared, 2, 1);
    fill_frames(status, 1, 100);
    ck_assert_int_eq(domctx_builder_evtchn(builder, &evtchn, report), 0);
    ck_assert_int_eq(domctx_builder_grant_table(builder, &grants, report), 0);
    ck_assert_int_eq(domctx_builder_hvm_params(builder, params, 2, report),
                     0);
    ck_assert_int_eq(domctx_builder_vcpu_state(builder, 3, &state, report),
                     0);
    ck_assert_int_eq(domctx_builder_cpuid_policy(builder, leaves, 2, report),
                     0);
    ck_assert_int_eq(domctx_builder_msr_policy(builder, msrs, 1, report), 0);
}

/* Where a number of so many bytes has to stand: the places are those of the
 * specification, not of the catalogue. */
static const struct {
    uint32_t type;
    size_t length, offset, width;
    uint64_t value;
} numbers[] = {
    { DOMCTX_EVTCHN, 96, 0, 4, 48 },       { DOMCTX_EVTCHN, 96, 4, 4, 24 },
    { DOMCTX_EVTCHN, 96, 8, 4, 2 },        { DOMCTX_EVTCHN, 96, 12, 4, 0x11 },
    { DOMCTX_EVTCHN, 96, 16, 4, 131072 },  { DOMCTX_EVTCHN, 96, 20, 4, 1023 },
    { DOMCTX_EVTCHN, 96, 24, 8, UINT64_C(0x02000000000000f3) },
    { DOMCTX_EVTCHN, 96, 32, 4, 1 },       { DOMCTX_EVTCHN, 96, 36, 4, 2 },
    { DOMCTX_EVTCHN, 96, 40, 8, 0xfedcba987 },
    { DOMCTX_EVTCHN, 96, 48, 4, 1 },       { DOMCTX_EVTCHN, 96, 52, 1, 2 },
    { DOMCTX_EVTCHN, 96, 53, 1, 6 },       { DOMCTX_EVTCHN, 96, 54, 1, 255 },
    { DOMCTX_EVTCHN, 96, 55, 1, 0 },       { DOMCTX_EVTCHN, 96, 56, 4, 3 },
    { DOMCTX_EVTCHN, 96, 60, 4, 77 },      { DOMCTX_EVTCHN, 96, 64, 8, 0 },
    { DOMCTX_EVTCHN, 96, 72, 4, 70000 },   { DOMCTX_EVTCHN, 96, 76, 1, 5 },
    { DOMCTX_EVTCHN, 96, 78, 1, 7 },       { DOMCTX_EVTCHN, 96, 80, 4, 1 },
    { DOMCTX_EVTCHN, 96, 88, 2, 0x7fff },
    { DOMCTX_GRANT_TABLE, 12320, 0, 4, 32 },
    { DOMCTX_GRANT_TABLE, 12320, 4, 4, 2 },
    { DOMCTX_GRANT_TABLE, 12320, 8, 4, 4096 },
    { DOMCTX_GRANT_TABLE, 12320, 12, 4, 3 },
    { DOMCTX_GRANT_TABLE, 12320, 16, 4, 64 },
    { DOMCTX_GRANT_TABLE, 12320, 20, 4, 1 },
    { DOMCTX_GRANT_TABLE, 12320, 24, 4, 1 },
    { DOMCTX_GRANT_TABLE, 12320, 28, 4, 2 },
    { DOMCTX_GRANT_TABLE, 12320, 32, 1, 1 },
    { DOMCTX_GRANT_TABLE, 12320, 32 + 8191, 1, 1 + 8191 % 251 },
    { DOMCTX_GRANT_TABLE, 12320, 32 + 8192, 1, 100 },
    { DOMCTX_HVM_PARAMS, 40, 0, 8, 2 },    { DOMCTX_HVM_PARAMS, 40, 8, 8, 0 },
    { DOMCTX_HVM_PARAMS, 40, 16, 8, UINT64_C(0x02000000000000f3) },
    { DOMCTX_HVM_PARAMS, 40, 24, 8, 2 },   { DOMCTX_HVM_PARAMS, 40, 32, 8, 1 },
    { DOMCTX_VCPU_STATE, 24, 0, 4, 1 },    { DOMCTX_VCPU_STATE, 24, 4, 4, 5 },
    { DOMCTX_VCPU_STATE, 24, 8, 8, UINT64_C(0x1122334455667788) },
    { DOMCTX_VCPU_STATE, 24, 16, 8, 9 },
    { DOMCTX_CPUID_POLICY, 48, 4, 4, UINT32_MAX },
    { DOMCTX_CPUID_POLICY, 48, 24, 4, 7 },
    { DOMCTX_CPUID_POLICY, 48, 44, 4, 4 },
    { DOMCTX_MSR_POLICY, 16, 0, 4, 0xce },
    { DOMCTX_MSR_POLICY, 16, 8, 8, UINT64_C(0x80000000) },
};

START_TEST(builders_lay_it_out)
{
    domctx_report *report = domctx_report_new();
    domctx_builder *builder = domctx_builder_image(4, 17);
    const struct domctx_record *record;
    domctx_image *image;
    uint8_t *buf;
    size_t size;

    add_all(builder, report);
    ck_assert_int_eq(domctx_builder_take(builder, NULL, true, &buf, &size,
                                         report), 0);
    ck_assert_int_eq(domctx_image_parse(buf, size, &image, report), 0);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint64_t value = 0;

        record = domctx_image_find(image, numbers[i].type,
                                   numbers[i].type == DOMCTX_VCPU_STATE ? 3
                                                                        : 0);
        ck_assert_ptr_nonnull(record);
        ck_assert_uint_eq(record->length, numbers[i].length);
        for (size_t k = numbers[i].width; k-- > 0;)
            value = value << 8 | record->body[numbers[i].offset + k];
        ck_assert_msg(value == numbers[i].value, "row %zu: %llx", i,
                      (unsigned long long)value);
    }
    domctx_image_free(image);
    free(buf);
    domctx_builder_free(builder);
    domctx_report_free(report);
}
END_TEST

/* A blob has no such records. */
START_TEST(blobs_take_none)
{
    domctx_report *report = domctx_report_new();
    domctx_builder *builder = domctx_builder_hvm();

    ck_assert_int_eq(domctx_builder_evtchn(builder, &evtchn, report), -1);
    ck_assert_ptr_nonnull(strstr(domctx_report_get(report, 0)->id,
                                 "build-kind"));
    domctx_builder_free(builder);
    domctx_report_free(report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pv");
    TCase *tcase = tcase_create("builders");

    tcase_add_test(tcase, builders_lay_it_out);
    tcase_add_test(tcase, blobs_take_none);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
