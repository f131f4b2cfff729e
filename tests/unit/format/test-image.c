/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of an image, one row each: a sound image, what is changed in it,
 * and the one message that must come.  Every row runs in both byte orders.
 * A row without a message is the positive beside its negatives.
 */
#include "support.h"
#include "format/test-image-rows.h"

#include "base/bytes.h"

#define N_ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static void put_shared(struct bytes *b, uint32_t flags, size_t size)
{
    size_t at = b->size + 16;

    put_zeros(b, DOMCTX_SHARED_INFO, 0, 8 + size);
    set32(b, at, flags);
}

static void put_pic_blob(struct bytes *b)
{
    struct bytes blob = { 0 };

    put_hvm_header(&blob);
    put_hvm_zeros(&blob, 3, 0, 8);
    put_hvm_zeros(&blob, 3, 1, 8);
    put_hvm_end(&blob);
    put_record(b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    bytes_free(&blob);
}

static void put_migrated(struct bytes *b)
{
    size_t at = b->size + 16;

    put_zeros(b, HVM(1), 0, 24);
    put_le32(b->p + at, 0x54381286);
    put_le32(b->p + at + 4, 1);
    put_zeros(b, HVM(3), 0, 8);
    put_zeros(b, HVM(3), 1, 8);
}

static void put_base(struct bytes *b, enum base base)
{
    if (base == NOTHING)
        return;
    put_start(b, 4, 17);
    if (base == GOLD || base == GOLD32) {
        put_shared(b, base == GOLD32, base == GOLD ? 3136 : 2344);
        put_zeros(b, DOMCTX_TSC_INFO, 0, 24);
    } else if (base == ARM) {
        put_shared(b, 0, 1088);
    } else if (base == MIGRATED) {
        put_migrated(b);
    } else if (base == WRAPPED) {
        put_pic_blob(b);
    }
    put_end(b);
    if (base == TRAILER) {
        put_record(b, DOMCTX_PROVENANCE, 0, "{}", 2);
        put_digest(b);
    }
}

static void apply(struct bytes *b, const struct op *op)
{
    switch (op->what) {
    case S8:
        set8(b, op->at, (uint8_t)op->value);
        break;
    case S32:
        set32(b, op->at, (uint32_t)op->value);
        break;
    case S64:
        set64(b, op->at, op->value);
        break;
    case L32:
        put_le32(b->p + op->at, (uint32_t)op->value);
        break;
    case CUT:
        b->size = op->at;
        break;
    case REC:
        put_zeros(b, (uint32_t)op->at, (uint32_t)op->value, op->length);
        break;
    case HEAD:
        put_header(b, (uint32_t)op->at, (uint32_t)op->value, op->length);
        break;
    case STARTREC:
        put_start(b, 4, 17);
        break;
    case ENDREC:
        put_end(b);
        break;
    case TEXT:
        put_record(b, DOMCTX_PROVENANCE, 0, op->text, strlen(op->text));
        break;
    case SEAL:
        put_digest(b);
        break;
    case RAW:
        for (uint64_t i = 0; i < op->length; i++) {
            uint8_t byte = (uint8_t)op->value;

            put_raw(b, &byte, 1);
        }
        break;
    case DONE:
    default:
        break;
    }
}

static void check_row(int i)
{
    const struct row *row = &rows[i / 2];
    struct bytes b = { .big = i % 2 };
    domctx_image *image;

    put_base(&b, row->base);
    for (size_t n = 0; n < 8 && row->ops[n].what != DONE; n++)
        apply(&b, &row->ops[n]);
    if (row->taken) {
        image = image_taken(&b, row->id);
        ck_assert(domctx_image_big_endian(image) == b.big);
        domctx_image_free(image);
    } else {
        image_refused(&b, row->id);
    }
    bytes_free(&b);
}

/* A sound image cut at every length: refused, but where what is left is an
 * image. */
static void check_cut(int base)
{
    struct bytes b = { 0 };
    size_t whole;

    put_base(&b, (enum base)base);
    whole = b.size;
    for (size_t size = 0; size < whole; size++) {
        domctx_report *report = domctx_report_new();
        domctx_image *image;
        void *mapping;
        size_t mapped;
        const uint8_t *p;
        int result;

        b.size = size;
        p = at_edge(&b, &mapping, &mapped);
        result = domctx_image_parse(p, size, &image, report);
        /* after END and after PROVENANCE an image may end */
        if (base == TRAILER && (size == 40 || size == 64))
            expect_only(report, NULL);
        else
            ck_assert_msg(result == -1, "taken with %zu bytes", size);
        ck_assert_int_eq(result, image ? 0 : -1);
        domctx_image_free(image);
        edge_free(mapping, mapped);
        domctx_report_free(report);
    }
    b.size = whole;
    bytes_free(&b);
}

START_TEST(two_faults_are_both_told)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;

    put_start(&b, 4, 17);
    put_zeros(&b, 77, 0, 0);
    put_zeros(&b, DOMCTX_TSC_INFO, 5, 24);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), -1);
    ck_assert_uint_eq(domctx_report_count(report), 2);
    ck_assert_ptr_nonnull(find_id(report, "image-type-unknown"));
    ck_assert_ptr_nonnull(find_id(report, "image-instance"));
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(findings_say_where)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *f;
    domctx_image *image;

    put_start(&b, 4, 17);
    put_zeros(&b, DOMCTX_TSC_INFO, 5, 24);
    put_end(&b);
    domctx_image_parse(b.p, b.size, &image, report);
    f = find_id(report, "image-instance");
    ck_assert_str_eq(f->record, "TSC_INFO/5");
    ck_assert_str_eq(f->field, "instance");
    ck_assert_uint_eq(f->offset, 24);
    ck_assert_str_eq(f->expected, "0");
    ck_assert_str_eq(f->found, "5");
    ck_assert_int_eq(f->severity, DOMCTX_DAMAGED);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

START_TEST(a_newer_image_names_the_release_known)
{
    struct bytes b = { 0 };
    domctx_report *report = domctx_report_new();
    domctx_image *image;

    put_start(&b, 5, 0);
    put_end(&b);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), 0);
    ck_assert_ptr_nonnull(
        strstr(find_id(report, "image-newer")->text, "4.22"));
    domctx_image_free(image);
    domctx_report_free(report);
    bytes_free(&b);
}
END_TEST

/* What lengths that release has is not known: that of any layout will do. */
START_TEST(lengths_of_a_newer_image)
{
    static const struct {
        uint32_t minor, length;
        const char *id;
    } cases[] = {
        { 23, 32, NULL }, { 23, 24, NULL }, { 23, 16, NULL },
        { 23, 25, "record-length" }, { 22, 24, "record-length" },
        { 22, 32, NULL },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes b = { 0 };
        domctx_report *report = domctx_report_new();
        domctx_image *image;
        size_t wrong = cases[i].id != NULL;

        put_start(&b, 4, cases[i].minor);
        put_zeros(&b, DOMCTX_HVM_RECORD(5), 0, cases[i].length);
        put_end(&b);
        ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, report), 0);
        ck_assert_uint_eq(count_id(report, "record-length"), wrong);
        domctx_image_free(image);
        domctx_report_free(report);
        bytes_free(&b);
    }
}
END_TEST

START_TEST(a_newer_image_with_an_unknown_record_is_refused)
{
    struct bytes b = { 0 };

    put_start(&b, 5, 0);
    put_zeros(&b, 4, 0, 8);
    put_end(&b);
    image_refused(&b, "image-type-unknown");
    bytes_free(&b);
}
END_TEST

START_TEST(asking_an_image)
{
    struct bytes b = { .big = _i };
    const struct domctx_record *record;
    domctx_image *image;
    uint32_t major, minor;

    put_base(&b, TRAILER);
    put_zero(&b, 5);
    image = image_taken(&b, "image-after-end");
    domctx_image_version(image, &major, &minor);
    ck_assert_uint_eq(major, 4);
    ck_assert_uint_eq(minor, 17);
    ck_assert_uint_eq(domctx_image_count(image), 4);
    ck_assert_uint_eq(domctx_image_consumed(image), 40);
    ck_assert_uint_eq(domctx_image_trailing(image), 5);
    ck_assert(domctx_image_has_digest(image));
    ck_assert_int_eq(domctx_image_form(image), DOMCTX_FORM_NO_HVM);
    ck_assert_ptr_null(domctx_image_get(image, 4));
    record = domctx_image_find(image, DOMCTX_PROVENANCE, 0);
    ck_assert_ptr_eq(record, domctx_image_get(image, 2));
    ck_assert_uint_eq(record->offset, 40);
    ck_assert_uint_eq(record->length, 2);
    ck_assert_ptr_eq(record->body, b.p + 56);
    ck_assert_ptr_nonnull(domctx_image_find(image, DOMCTX_DIGEST, 0));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_DIGEST, 1));
    ck_assert_ptr_nonnull(domctx_image_find(image, DOMCTX_START, 0));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_START, 1));
    ck_assert_ptr_nonnull(domctx_image_find(image, DOMCTX_END, 0));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_END, 1));
    ck_assert_ptr_null(domctx_image_find(image, DOMCTX_SHARED_INFO, 0));
    record = domctx_image_get(image, 0);
    ck_assert_uint_eq(domctx_image_u32(image, record->body + 4), 17);
    ck_assert_uint_eq(domctx_image_u64(image, record->body - 8), 8);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

START_TEST(every_record_is_found_in_any_order)
{
    struct bytes b = { 0 };
    domctx_image *image;

    put_start(&b, 4, 17);
    put_migrated(&b);
    for (uint32_t i = 0; i < 1000; i++)
        put_zeros(&b, HVM(19), i * 7919 % 1000, 8);
    put_end(&b);
    image = image_taken(&b, NULL);
    for (uint32_t i = 0; i < 1000; i++) {
        const struct domctx_record *record =
            domctx_image_find(image, HVM(19), i);

        ck_assert_ptr_nonnull(record);
        ck_assert_uint_eq(record->instance, i);
    }
    ck_assert_ptr_null(domctx_image_find(image, HVM(19), 1000));
    ck_assert_ptr_null(domctx_image_find(image, HVM(18), 0));
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

START_TEST(no_buffer_at_all)
{
    domctx_image *image;
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_image_parse(NULL, 0, &image, NULL), -1);
    ck_assert_int_eq(domctx_hvm_parse(NULL, 0, &hvm, NULL), -1);
    ck_assert_int_eq(domctx_detect(NULL, 0), DOMCTX_FORMAT_UNKNOWN);
    domctx_image_free(NULL);
    domctx_hvm_free(NULL);
    domctx_builder_free(NULL);
    domctx_stream_free(NULL);
}
END_TEST

START_TEST(formats_are_told_apart)
{
    struct bytes b = { 0 };
    uint8_t other[32] = { 0x7f, 'E', 'L', 'F' };

    put_start(&b, 4, 17);
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_IMAGE);
    ck_assert_int_eq(domctx_detect(b.p, 7), DOMCTX_FORMAT_UNKNOWN);
    set32(&b, 4, 24); /* an image with a wrong instance ... */
    set32(&b, 8, 0x54381286); /* ... but this is a blob's HEADER */
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_HVM);
    bytes_free(&b);
    b.big = true;
    put_start(&b, 4, 17);
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_IMAGE);
    bytes_free(&b);
    put_hvm_header(&b);
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_HVM);
    ck_assert_int_eq(domctx_detect(b.p, 8), DOMCTX_FORMAT_HVM);
    b.p[9] = 0; /* damaged magic: still a blob, and told so */
    ck_assert_int_eq(domctx_detect(b.p, b.size), DOMCTX_FORMAT_HVM);
    bytes_free(&b);
    ck_assert_int_eq(domctx_detect(other, sizeof(other)),
                     DOMCTX_FORMAT_UNKNOWN);
    ck_assert_int_eq(domctx_detect(other, 0), DOMCTX_FORMAT_UNKNOWN);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("image");
    TCase *tc = tcase_create("rules");

    tcase_set_timeout(tc, 300);
    for (int i = 0; i < N_ROWS * 2; i++)
        add_named(tc, check_row, i, "%s%s", rows[i / 2].name,
                  i % 2 ? "-big-endian" : "");
    suite_add_tcase(suite, tc);
    tc = tcase_create("cuts");
    tcase_set_timeout(tc, 300);
    for (int base = MIN; base <= TRAILER; base++)
        add_named(tc, check_cut, base, "cut-at-every-byte-%d", base);
    suite_add_tcase(suite, tc);
    tc = tcase_create("asking");
    tcase_add_test(tc, two_faults_are_both_told);
    tcase_add_test(tc, findings_say_where);
    tcase_add_test(tc, a_newer_image_names_the_release_known);
    tcase_add_test(tc, lengths_of_a_newer_image);
    tcase_add_test(tc, a_newer_image_with_an_unknown_record_is_refused);
    tcase_add_loop_test(tc, asking_an_image, 0, 2);
    tcase_add_test(tc, every_record_is_found_in_any_order);
    tcase_add_test(tc, no_buffer_at_all);
    tcase_add_test(tc, formats_are_told_apart);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
