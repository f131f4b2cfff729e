/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the loader of the "domain context" series v10 (xen-devel, October
 * 2020, patches 2, 5 and 6 of 11) would have accepted, or crashed on, and
 * what its reviewers asked for: here it is refused, or said.  Every test is
 * named after the gap or the requirement.
 */
#include "support.h"

#define FOR_BOTH_ORDERS \
    for (struct bytes b = { .big = false }, *once = &b; once; \
         bytes_free(&b), once = b.big ? NULL : once, b.big = true)

START_TEST(v10_first_record_type_was_not_tested_up_front)
{
    FOR_BOTH_ORDERS {
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        put_end(&b);
        image_refused(&b, "image-start-missing");
    }
}
END_TEST

START_TEST(v10_start_instance_was_tested_and_is)
{
    FOR_BOTH_ORDERS {
        put_zeros(&b, DOMCTX_START, 1, 8);
        put_end(&b);
        image_refused(&b, "image-start-instance");
    }
}
END_TEST

START_TEST(v10_start_shorter_than_8)
{
    FOR_BOTH_ORDERS {
        put_zeros(&b, DOMCTX_START, 0, 4);
        put_end(&b);
        image_refused(&b, "image-start-length");
    }
}
END_TEST

/* It wanted both parts greater: 5.0 on 4.20 and 4.10 on 4.9 passed. */
START_TEST(v10_version_test_wanted_both_parts_greater)
{
    static const struct {
        uint32_t major, minor;
        const char *id;
    } versions[] = {
        { 4, 22, NULL }, { 4, 23, "image-newer" }, { 5, 0, "image-newer" },
        { 5, 22, "image-newer" }, { 3, 99, NULL }, { 4, 9, NULL },
        { 4, 10, NULL }, { UINT32_MAX, 0, "image-newer" },
        { 4, UINT32_MAX, "image-newer" }, { 260, 0, "image-newer" },
        { 4, 256, "image-newer" }, { 0, UINT32_MAX, NULL },
    };

    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        struct bytes b = { 0 };

        put_start(&b, versions[i].major, versions[i].minor);
        put_end(&b);
        domctx_image_free(image_taken(&b, versions[i].id));
        bytes_free(&b);
    }
}
END_TEST

START_TEST(v10_type_out_of_range)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, 4, 0, 8);
        put_end(&b);
        image_refused(&b, "image-type-unknown");
    }
}
END_TEST

START_TEST(v10_type_without_handler_tsc_info_on_arm)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 1096);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
        put_end(&b);
        domctx_image_free(image_taken(&b, "image-arch-mixed"));
    }
}
END_TEST

START_TEST(v10_image_ends_early)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_header(&b, DOMCTX_TSC_INFO, 0, 24);
        put_zero(&b, 16);
        image_refused(&b, "image-length");
    }
}
END_TEST

START_TEST(v10_padding_not_zero)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 20);
        set8(&b, 63, 1);
        put_end(&b);
        image_refused(&b, "image-padding");
    }
}
END_TEST

/* It computed the padding from what the handler had consumed, and took the
 * rest of the body for the next header: here an END hidden in a body. */
START_TEST(v10_record_longer_than_its_handler_consumed)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_header(&b, DOMCTX_TSC_INFO, 0, 24 + 16);
        put_zero(&b, 24);
        put_end(&b);  /* within the body */
        put_zeros(&b, 99, 0, 0);
        put_end(&b);
        image_refused(&b, "image-type-unknown");
        set32(&b, b.size - 32, DOMCTX_CPUID_POLICY);
        domctx_image_free(image_taken(&b, "tsc-info-length"));
    }
}
END_TEST

START_TEST(v10_end_length_was_not_checked)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_END, 0, 8);
        image_refused(&b, "image-end-length");
    }
}
END_TEST

START_TEST(v10_end_length_2_to_64_less_8)
{
    FOR_BOTH_ORDERS {
        domctx_report *report = domctx_report_new();
        domctx_image *image;

        put_start(&b, 4, 17);
        put_header(&b, DOMCTX_END, 0, UINT64_MAX - 7);
        ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report),
                         -1);
        ck_assert_ptr_nonnull(find_id(report, "image-end-length"));
        ck_assert_ptr_nonnull(find_id(report, "image-limit"));
        domctx_report_free(report);
    }
}
END_TEST

START_TEST(v10_data_after_end_was_never_mentioned)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_end(&b);
        put_zero(&b, 24);
        domctx_image_free(image_taken(&b, "image-after-end"));
    }
}
END_TEST

START_TEST(v10_second_start_was_accepted)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_start(&b, 4, 17);
        put_end(&b);
        image_refused(&b, "image-start-again");
    }
}
END_TEST

START_TEST(v10_duplicate_shared_info_was_accepted)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        put_end(&b);
        image_refused(&b, "image-duplicate");
    }
}
END_TEST

START_TEST(v10_duplicate_tsc_info_was_accepted)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 20);
        put_end(&b);
        image_refused(&b, "image-duplicate");
    }
}
END_TEST

/* START and END alone: an image, but nothing can be loaded from it. */
START_TEST(v10_image_without_any_record_was_loaded)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;
    uint8_t *blob;
    size_t size;

    put_start(&b, 4, 17);
    put_end(&b);
    image = image_taken(&b, NULL);
    ck_assert_int_eq(domctx_image_to_hvm(image, &blob, &size, report), -1);
    ck_assert_ptr_null(blob);
    expect_only(report, "image-no-hvm");
    domctx_image_free(image);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* Everything is judged before anything is handed out: a fault in the last
 * record takes the first ones along. */
START_TEST(v10_failure_midway_left_earlier_records_applied)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
        put_zeros(&b, 4, 0, 0);
        put_end(&b);
        image_refused(&b, "image-type-unknown");
    }
}
END_TEST

START_TEST(v10_order_of_records_is_free)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        put_end(&b);
        domctx_image_free(image_taken(&b, NULL));
    }
}
END_TEST

START_TEST(v10_shared_info_unknown_flags)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        set32(&b, 40, 4);
        put_end(&b);
        image_refused(&b, "shared-info-flags");
    }
}
END_TEST

/* A 64-bit guest could be given 32-bit shared info and the reverse. */
START_TEST(v10_shared_info_bitness_against_size)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        set32(&b, 40, 1);
        put_end(&b);
        domctx_image_free(image_taken(&b, "shared-info-length"));
    }
}
END_TEST

/* Its text said 20 and its code 24; both are read. */
START_TEST(v10_tsc_info_length_20_and_24)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 20 + 4 * (unsigned int)b.big);
        put_end(&b);
        domctx_image_free(image_taken(&b, NULL));
    }
}
END_TEST

START_TEST(v10_tsc_info_mode)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
        set32(&b, 40, 3);
        put_end(&b);
        domctx_image_free(image_taken(&b, "tsc-info-mode"));
    }
}
END_TEST

/* START was parsed into one static buffer. */
START_TEST(v10_start_buffer_was_not_reentrant)
{
    struct bytes one = { 0 }, two = { .big = true };
    domctx_image *first, *second;
    uint32_t major, minor;

    put_start(&one, 4, 1);
    put_end(&one);
    put_start(&two, 3, 2);
    put_end(&two);
    first = image_taken(&one, NULL);
    second = image_taken(&two, NULL);
    domctx_image_version(first, &major, &minor);
    ck_assert_uint_eq(major * 100 + minor, 401);
    domctx_image_version(second, &major, &minor);
    ck_assert_uint_eq(major * 100 + minor, 302);
    domctx_image_free(first);
    domctx_image_free(second);
    bytes_free(&one);
    bytes_free(&two);
}
END_TEST

/* Requirement of review (A. Cooper, v9): no silent zero-extension. */
START_TEST(review_short_records_are_not_extended)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_TSC_INFO, 0, 16);
        put_end(&b);
        domctx_image_free(image_taken(&b, "tsc-info-length"));
    }
}
END_TEST

/* Requirement of review (J. Beulich, v3): reserved fields are checked. */
START_TEST(review_reserved_fields_are_checked)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, 3144);
        set32(&b, 44, 1);
        put_end(&b);
        image_refused(&b, "shared-info-reserved");
    }
}
END_TEST

/* Requirement of review (A. Cooper, v10): with the reserved word a 64-bit
 * copy of the buffer is aligned; without it, it begins at 4.  Both are told
 * apart by the length. */
START_TEST(review_shared_info_forms_do_not_collide)
{
    static const size_t sizes[] = { 3136, 2344, 1088 };

    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            ck_assert(sizes[i] + 4 != sizes[j] + 8);
    for (size_t i = 0; i < 6; i++) {
        struct bytes b = { 0 };

        put_start(&b, 4, 17);
        put_zeros(&b, DOMCTX_SHARED_INFO, 0, sizes[i / 2] + 4 + 4 * (i % 2));
        set32(&b, 40, i / 2 == 1);
        put_end(&b);
        domctx_image_free(image_taken(&b, NULL));
        bytes_free(&b);
    }
}
END_TEST

/* Ours: remaining = size - offset only
 * once offset <= size; a length near 2^64 must not wrap. */
START_TEST(review_lengths_near_2_to_64)
{
    for (uint64_t n = 0; n < 64; n++) {
        struct bytes b = { 0 };
        uint64_t length = UINT64_MAX - n;

        put_start(&b, 4, 17);
        put_header(&b, DOMCTX_TSC_INFO, 0, length);
        put_zero(&b, 64);
        put_end(&b);
        image_refused(&b, n < 7 ? "image-length-overflow" : "image-limit");
        bytes_free(&b);
    }
}
END_TEST

/* Ours: lengths that wrap a 64-bit offset back to a sound record. */
START_TEST(review_length_that_wraps_to_start)
{
    FOR_BOTH_ORDERS {
        put_start(&b, 4, 17);
        put_header(&b, DOMCTX_TSC_INFO, 0, (uint64_t)0 - 40);
        put_end(&b);
        image_refused(&b, "image-limit");
    }
}
END_TEST

/* Ours: report what was consumed, so that callers can reject more. */
START_TEST(review_consumed_size_is_told)
{
    struct bytes b = { 0 };
    domctx_image *image;

    put_start(&b, 4, 17);
    put_end(&b);
    put_zero(&b, 3);
    image = image_taken(&b, "image-after-end");
    ck_assert_uint_eq(domctx_image_consumed(image), 40);
    ck_assert_uint_eq(domctx_image_trailing(image), 3);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loader");
    TCase *tc = tcase_create("v10");

    tcase_add_test(tc, v10_first_record_type_was_not_tested_up_front);
    tcase_add_test(tc, v10_start_instance_was_tested_and_is);
    tcase_add_test(tc, v10_start_shorter_than_8);
    tcase_add_test(tc, v10_version_test_wanted_both_parts_greater);
    tcase_add_test(tc, v10_type_out_of_range);
    tcase_add_test(tc, v10_type_without_handler_tsc_info_on_arm);
    tcase_add_test(tc, v10_image_ends_early);
    tcase_add_test(tc, v10_padding_not_zero);
    tcase_add_test(tc, v10_record_longer_than_its_handler_consumed);
    tcase_add_test(tc, v10_end_length_was_not_checked);
    tcase_add_test(tc, v10_end_length_2_to_64_less_8);
    tcase_add_test(tc, v10_data_after_end_was_never_mentioned);
    tcase_add_test(tc, v10_second_start_was_accepted);
    tcase_add_test(tc, v10_duplicate_shared_info_was_accepted);
    tcase_add_test(tc, v10_duplicate_tsc_info_was_accepted);
    tcase_add_test(tc, v10_image_without_any_record_was_loaded);
    tcase_add_test(tc, v10_failure_midway_left_earlier_records_applied);
    tcase_add_test(tc, v10_order_of_records_is_free);
    tcase_add_test(tc, v10_shared_info_unknown_flags);
    tcase_add_test(tc, v10_shared_info_bitness_against_size);
    tcase_add_test(tc, v10_tsc_info_length_20_and_24);
    tcase_add_test(tc, v10_tsc_info_mode);
    tcase_add_test(tc, v10_start_buffer_was_not_reentrant);
    suite_add_tcase(suite, tc);
    tc = tcase_create("review");
    tcase_add_test(tc, review_short_records_are_not_extended);
    tcase_add_test(tc, review_reserved_fields_are_checked);
    tcase_add_test(tc, review_shared_info_forms_do_not_collide);
    tcase_add_test(tc, review_lengths_near_2_to_64);
    tcase_add_test(tc, review_length_that_wraps_to_start);
    tcase_add_test(tc, review_consumed_size_is_told);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
