/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One view of a blob, of an image of either form, of a foreign order. */
#include "support.h"

#include "context/context.h"

/* An image of the blob, in the form that make gives it. */
static domctx_image *
image_from(const struct bytes *blob, uint8_t **buf,
           int (*make)(domctx_builder *, const domctx_hvm *,
                       domctx_report *))
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_hvm *hvm = hvm_taken(blob, NULL);
    domctx_image *image;
    size_t size;

    ck_assert_int_eq(make(builder, hvm, NULL), 0);
    ck_assert_int_eq(domctx_builder_take(builder, NULL, false, buf, &size,
                                         NULL), 0);
    ck_assert_int_eq(domctx_image_parse(*buf, size, &image, NULL), 0);
    domctx_builder_free(builder);
    domctx_hvm_free(hvm);
    return image;
}

/* Every record of the blob is in the view, body and layout alike. */
static void expect_same(const domctx_context *blob,
                        const domctx_context *image)
{
    for (size_t i = 0; i < blob->count; i++) {
        const struct context_record *a = &blob->records[i], *b;

        b = context_find(image, a->type, a->instance);
        ck_assert_ptr_nonnull(b);
        ck_assert_uint_eq(a->length, b->length);
        ck_assert_int_eq(memcmp(a->body, b->body, a->length), 0);
        ck_assert_ptr_eq(a->known, b->known);
        ck_assert_ptr_eq(a->layout, b->layout);
        ck_assert_ptr_nonnull(a->layout);
    }
}

START_TEST(all_forms_are_one)
{
    domctx_context *blob, *wrapped, *migrated;
    domctx_image *images[2];
    uint8_t *buf[2];
    struct bytes b = { 0 };
    domctx_hvm *hvm;

    load_sample(&b, samples[_i]);
    hvm = hvm_taken(&b, NULL);
    images[0] = image_from(&b, &buf[0], domctx_wrap);
    images[1] = image_from(&b, &buf[1], domctx_migrate);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &blob, NULL),
                     0);
    ck_assert_int_eq(domctx_context_of_image(images[0], &wrapped, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(images[1], &migrated, NULL), 0);
    expect_same(blob, wrapped);
    expect_same(blob, migrated);
    /* offsets are of the whole input */
    ck_assert_ptr_eq(wrapped->records[1].body,
                     buf[0] + wrapped->records[1].offset);
    ck_assert_ptr_eq(blob->records[1].body, b.p + blob->records[1].offset);
    domctx_context_free(blob);
    domctx_context_free(wrapped);
    domctx_context_free(migrated);
    for (int i = 0; i < 2; i++) {
        domctx_image_free(images[i]);
        free(buf[i]);
    }
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

START_TEST(layout_of_a_saver_not_known)
{
    domctx_context *context;
    struct bytes b = { 0 };
    domctx_hvm *hvm;
    uint64_t value;

    put_hvm_header(&b);
    put_hvm_zeros(&b, 2, 0, 1016);
    put_hvm_zeros(&b, 17, 0, 16);
    put_hvm_zeros(&b, 14, 0, 17);
    put_hvm_end(&b);
    hvm = hvm_taken(&b, "record-length");
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &context, NULL),
                     0);
    ck_assert(!context->has_version);
    ck_assert_uint_eq(context->records[1].layout->fields, CAT_CPU_COMPAT);
    ck_assert_uint_eq(context->records[2].layout->from, CAT_V(4, 12));
    ck_assert_ptr_null(context->records[3].layout);
    ck_assert(context_value(&context->records[1], "rip", &value));
    ck_assert(!context_value(&context->records[1], "flags", &value));
    ck_assert(!context_value(&context->records[3], "msr_pat_cr", &value));
    ck_assert_ptr_null(context_find(context, DOMCTX_HVM_RECORD(2), 1));
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

START_TEST(unknown_records_have_a_name)
{
    struct context_record record = { .type = DOMCTX_HVM_RECORD(33) };
    char buf[CONTEXT_NAME_ROOM];

    ck_assert_str_eq(context_name(&record, buf), "typecode 33");
    record.type = DOMCTX_PROVENANCE + 0x100;
    ck_assert_str_eq(context_name(&record, buf), "type 0x584c0101");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("context");
    TCase *tcase = tcase_create("context");

    tcase_add_loop_test(tcase, all_forms_are_one, 0, (int)n_samples);
    tcase_add_test(tcase, layout_of_a_saver_not_known);
    tcase_add_test(tcase, unknown_records_have_a_name);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
