/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is whole of a damaged image or blob: cut at each byte, and with each
 * rule of the framing broken in one record. */
#include "support.h"

#include "catalogue/types.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define A DOMCTX_HVM_RECORD(22)
#define B DOMCTX_HVM_RECORD(23)
static const uint8_t body[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* What was made of the first size bytes; *whole is 99 where nothing was. */
struct saved {
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *p;
    size_t size, whole;
};

static struct saved salvage(const uint8_t *p, size_t size)
{
    struct bytes part = { 0 };
    struct saved saved = { .whole = 99 };
    domctx_report *report = domctx_report_new();
    void *mapping;
    const uint8_t *edge;
    size_t mapped;
    int result;

    put_raw(&part, p, size);
    edge = at_edge(&part, &mapping, &mapped);
    result = domctx_salvage(edge, size, &saved.p, &saved.size, &saved.whole,
                            report);
    if (result < 0) {
        expect_only(report, "salvage-nothing");
        ck_assert_ptr_null(saved.p);
        saved.whole = 99;
    } else if (domctx_detect(p, size) == DOMCTX_FORMAT_IMAGE) {
        expect_only(report, NULL);
        ck_assert_int_eq(domctx_image_parse(saved.p, saved.size, &saved.image,
                                            NULL), 0);
    } else {
        expect_only(report, NULL);
        ck_assert_int_eq(domctx_hvm_parse(saved.p, saved.size, &saved.hvm,
                                          NULL), 0);
        ck_assert_uint_eq(domctx_hvm_consumed(saved.hvm), saved.size);
    }
    edge_free(mapping, mapped);
    domctx_report_free(report);
    bytes_free(&part);
    return saved;
}

static void saved_free(struct saved *saved)
{
    domctx_image_free(saved->image);
    domctx_hvm_free(saved->hvm);
    free(saved->p);
}

/* START, A/0, A/1, B/0 and END, and a trailer. */
static void put_image(struct bytes *b, bool trailer)
{
    put_start(b, 4, 17);
    put_record(b, A, 0, body, 8);
    put_record(b, A, 1, body, 5);
    put_record(b, B, 0, body, 0);
    put_end(b);
    if (trailer) {
        put_record(b, DOMCTX_PROVENANCE, 0, "{}", 2);
        put_digest(b);
    }
}
/* where each of them ends */
static const size_t ends[] = { 24, 48, 72, 88, 104, 128 };

static bool has(const struct saved *saved, uint32_t type, uint32_t instance)
{
    return domctx_image_find(saved->image, type, instance);
}

START_TEST(a_cut_image)
{
    struct bytes b = { 0 };

    b.big = _i;
    put_image(&b, true);
    for (size_t cut = 0; cut <= b.size; cut++) {
        struct saved saved = salvage(b.p, cut);
        size_t whole = 0;

        for (size_t i = 1; i < 4; i++)
            whole += cut >= ends[i];
        ck_assert_msg(saved.whole == (cut < ends[0] ? 99 : whole),
                      "cut at %zu: %zu whole", cut, saved.whole);
        if (cut >= ends[0]) {
            ck_assert_int_eq(has(&saved, A, 0), cut >= ends[1]);
            ck_assert_int_eq(has(&saved, A, 1), cut >= ends[2]);
            ck_assert_int_eq(has(&saved, B, 0), cut >= ends[3]);
            ck_assert_int_eq(has(&saved, DOMCTX_PROVENANCE, 0),
                             cut >= ends[5]);
            ck_assert(!has(&saved, DOMCTX_DIGEST, 0));
            ck_assert_mem_eq(saved.p, b.p,
                             ends[whole]); /* they are what they were */
        }
        saved_free(&saved);
    }
    bytes_free(&b);
}
END_TEST

/* A number of 32 bits elsewhere, and what is left. */
static const struct {
    const char *what;
    size_t at;
    uint32_t value;
    bool a0, a1, b0;
    size_t whole;
} broken[] = {
    { "sound", 88, 0, true, true, true, 3 },
    { "an unknown type", 24, 0x1234, false, true, true, 2 },
    { "a type of the trailer", 24, DOMCTX_DIGEST, false, true, true, 2 },
    { "an instance twice", 52, 0, true, false, true, 2 },
    { "padding, which is made anew", 68, 0x01000005, true, true, true, 3 },
    { "a second START", 72, DOMCTX_START, true, true, false, 2 },
    { "a length beyond the end", 56, 200, true, false, false, 1 },
    { "a length of 2^63", 60, 0x80000000, true, false, false, 1 },
    { "END with an instance", 92, 7, true, true, true, 3 },
    { "END with a length", 96, 8, true, true, true, 3 },
    { "an early END", 48, DOMCTX_END, true, false, false, 1 },
    { "no END", 88, A, true, true, true, 3 },
    { "START with an instance", 4, 1, false, false, false, 99 },
    { "START of another length", 8, 9, false, false, false, 99 },
};

START_TEST(a_broken_image)
{
    struct bytes b = { 0 };
    struct saved saved;

    put_image(&b, false);
    set32(&b, broken[_i].at, broken[_i].value);
    saved = salvage(b.p, b.size);
    ck_assert_msg(saved.whole == broken[_i].whole, "%s: %zu whole",
                  broken[_i].what, saved.whole);
    if (saved.image) {
        ck_assert_int_eq(has(&saved, A, 0), broken[_i].a0);
        ck_assert_int_eq(has(&saved, A, 1), broken[_i].a1);
        ck_assert_int_eq(has(&saved, B, 0), broken[_i].b0);
        ck_assert(has(&saved, DOMCTX_END, 0));
    }
    saved_free(&saved);
    bytes_free(&b);
}
END_TEST

/* HEADER, two records and END. */
static void put_blob(struct bytes *b)
{
    put_hvm_header(b);
    put_hvm(b, 22, 0, body, 8);
    put_hvm(b, 22, 1, body, 5);
    put_hvm_end(b);
}
static const size_t blob_ends[] = { 32, 48, 61 };

static size_t whole_of(size_t size)
{
    return size < blob_ends[0] ? 99
           : (size_t)(size >= blob_ends[1]) + (size >= blob_ends[2]);
}

START_TEST(a_cut_blob)
{
    struct bytes b = { 0 };

    put_blob(&b);
    for (size_t cut = 8; cut <= b.size; cut++) {
        struct saved saved = salvage(b.p, cut);
        size_t whole = whole_of(cut);

        ck_assert_msg(saved.whole == whole, "cut at %zu: %zu whole", cut,
                      saved.whole);
        if (whole != 99) {
            ck_assert_uint_eq(domctx_hvm_count(saved.hvm), whole + 2);
            ck_assert_mem_eq(saved.p, b.p, blob_ends[whole]);
        }
        saved_free(&saved);
    }
    bytes_free(&b);
}
END_TEST

/* In HVM_CONTEXT it goes as far; records of the other form do not stay. */
START_TEST(a_cut_wrapped_image)
{
    struct bytes blob = { 0 }, b = { 0 };

    put_blob(&blob);
    put_start(&b, 4, 17);
    if (_i)
        put_record(&b, A, 0, body, 8);
    put_record(&b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    put_end(&b);
    for (size_t cut = 24; cut <= b.size; cut++) {
        struct saved saved = salvage(b.p, cut);
        size_t at = 24 + 24 * (size_t)_i + 16, whole = 0;
        bool cut_in = cut >= at && whole_of(cut - at) != 99;

        /* whole as one record, once its padding is there */
        if (cut >= b.size - 16)
            whole = 1;
        else if (cut_in)
            whole = whole_of(cut - at);
        else if (_i)
            whole = cut >= 48;
        ck_assert_msg(saved.whole == whole, "cut at %zu: %zu whole", cut,
                      saved.whole);
        ck_assert_int_eq(has(&saved, DOMCTX_HVM_CONTEXT, 0), cut_in);
        ck_assert_int_eq(has(&saved, A, 0), _i && cut >= 48 && !cut_in);
        saved_free(&saved);
    }
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("salvage");
    TCase *tests = tcase_create("salvage");

    tcase_add_loop_test(tests, a_cut_image, 0, 2);
    tcase_add_loop_test(tests, a_broken_image, 0, (int)N(broken));
    tcase_add_test(tests, a_cut_blob);
    tcase_add_loop_test(tests, a_cut_wrapped_image, 0, 2);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
