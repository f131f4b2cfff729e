/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What parses goes to JSON and back byte for byte. */
#include "document/json-support.h"

#include "catalogue/catalogue.h"
#include "catalogue/release.h"

/* -- inputs ------------------------------------------------------------ */

static void expect_image(const struct bytes *b, bool kept)
{
    domctx_image *image;

    ck_assert_int_eq(domctx_image_parse(b->p, b->size, &image, NULL), 0);
    image_round_trip(image, b, kept);
    domctx_image_free(image);
}

static void expect_blob(const struct bytes *b, bool has_version,
                        unsigned int xen_major, unsigned int xen_minor)
{
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_hvm_parse(b->p, b->size, &hvm, NULL), 0);
    hvm_round_trip(hvm, has_version, xen_major, xen_minor, b,
                   b->size < 20000);
    domctx_hvm_free(hvm);
}

/* The blob alone, said or not who saved it, and in both forms of an image
 * with and without a trailer. */
static void all_ways(const struct bytes *blob, unsigned int xen_major,
                     unsigned int xen_minor)
{
    expect_blob(blob, true, xen_major, xen_minor);
    expect_blob(blob, false, 0, 0);
    for (int i = 0; i < 8; i++) {
        struct bytes b = { 0 };

        put_start(&b, xen_major, xen_minor);
        if (i & 1)
            put_migrated(&b, blob);
        else
            put_record(&b, DOMCTX_HVM_CONTEXT, 0, blob->p, blob->size);
        put_end(&b);
        if (i & 2)
            put_record(&b, DOMCTX_PROVENANCE, 0, PROVENANCE,
                       strlen(PROVENANCE));
        if (i & 4)
            put_digest(&b);
        expect_image(&b, i == 0 || i == 7);
        bytes_free(&b);
    }
}

static void any_bytes(struct bytes *b, size_t size)
{
    uint32_t seed = (uint32_t)size;

    for (size_t i = 0; i < size; i++) {
        uint8_t byte;

        seed = seed * 1664525u + 1013904223u;
        byte = (uint8_t)(seed >> 24);
        put_raw(b, &byte, 1);
    }
}

/* -- byte for byte ----------------------------------------------------- */

START_TEST(each_release)
{
    cat_version version = release_series((size_t)_i);
    struct bytes blob = { 0 };

    put_release(&blob, version >> 8, version & 0xff, 2);
    all_ways(&blob, version >> 8, version & 0xff);
    bytes_free(&blob);
}
END_TEST

START_TEST(each_sample)
{
    struct bytes blob = { 0 };

    load_sample(&blob, samples[_i]);
    all_ways(&blob, 4, 17);
    all_ways(&blob, 99, 1);
    bytes_free(&blob);
}
END_TEST

static const int vcpus[] = { 1, 2, 8, 128, 4096 };

START_TEST(as_many_vcpus)
{
    struct bytes blob = { 0 };
    /* the smallest release for the largest number */
    unsigned int xen_major = vcpus[_i] > 1000 ? 3 : 4;
    unsigned int xen_minor = vcpus[_i] > 1000 ? 1 : 17;
    int count = vcpus[_i] > 1000 ? rounds_of(vcpus[_i]) : vcpus[_i];

    put_release(&blob, xen_major, xen_minor, (unsigned int)count);
    expect_blob(&blob, true, xen_major, xen_minor);
    for (int migrated = 0; migrated < 2; migrated++) {
        struct bytes b = { 0 };

        put_start(&b, xen_major, xen_minor);
        if (migrated)
            put_migrated(&b, &blob);
        else
            put_record(&b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
        put_end(&b);
        put_digest(&b);
        expect_image(&b, false);
        bytes_free(&b);
    }
    bytes_free(&blob);
}
END_TEST

/* Every record with every layout, its bytes in no way plausible. */
START_TEST(each_layout)
{
    const struct cat_record *record = &cat_table[_i];

    for (size_t i = 0; record->typecode > 1 && i < record->n_layouts; i++) {
        const struct cat_layout *layout = &record->layouts[i];

        for (uint32_t tail = 0; tail <= 3u * layout->tail; tail++) {
            struct bytes blob = { 0 };
            uint32_t length = layout->length + tail;

            put_hvm_header(&blob);
            put_desc(&blob, (uint16_t)record->typecode, 3, length);
            any_bytes(&blob, length);
            put_hvm_end(&blob);
            all_ways(&blob, layout->from >> 8, layout->from & 0xff);
            bytes_free(&blob);
        }
    }
}
END_TEST

/* The records that are no legacy ones, in both byte orders. */
START_TEST(other_records)
{
    static const struct {
        uint32_t type;
        size_t length;
    } rows[] = {
        { DOMCTX_SHARED_INFO, 3144 }, { DOMCTX_SHARED_INFO, 3140 },
        { DOMCTX_SHARED_INFO, 2352 }, { DOMCTX_SHARED_INFO, 2348 },
        { DOMCTX_SHARED_INFO, 1096 }, { DOMCTX_SHARED_INFO, 1092 },
        { DOMCTX_SHARED_INFO, 77 },   { DOMCTX_SHARED_INFO, 0 },
        { DOMCTX_TSC_INFO, 24 },      { DOMCTX_TSC_INFO, 20 },
        { DOMCTX_TSC_INFO, 3 },       { DOMCTX_EVTCHN, 0 },
        { DOMCTX_EVTCHN, 13 },        { DOMCTX_GRANT_TABLE, 9000 },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bytes b = { .big = _i }, body = { .big = _i };

        any_bytes(&body, rows[i].length + 24);
        set32(&body, 0, 1); /* flags, mode */
        set32(&body, rows[i].type == DOMCTX_TSC_INFO ? 20 : 4, 0);
        put_start(&b, 4, 17);
        put_record(&b, rows[i].type, 0, body.p, rows[i].length);
        put_end(&b);
        put_record(&b, DOMCTX_PROVENANCE, 0, PROVENANCE,
                   strlen(PROVENANCE));
        put_digest(&b);
        expect_image(&b, true);
        bytes_free(&b);
        bytes_free(&body);
    }
}
END_TEST

START_TEST(big_endian_hvm_state)
{
    struct bytes b = { .big = true }, blob = { 0 };

    put_release(&blob, 4, 20, 1);
    put_start(&b, 4, 20);
    if (_i)
        put_migrated(&b, &blob);
    else
        put_record(&b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
    put_end(&b);
    expect_image(&b, true);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

/* The same record twice, an unknown typecode, odd lengths; descriptors of
 * CPU_MSR that claim too much, or an END that claims something. */
static void put_oddities(struct bytes *blob, bool odd_end)
{
    static const uint8_t msr[24] = { 1, 0, 0, 0, 9, 9, 9, 9, 0x80 };

    put_hvm_header(blob);
    put_hvm_zeros(blob, 200, 7, 5);
    put_hvm_zeros(blob, 14, 0, 17);
    put_hvm_zeros(blob, 14, 0, 240);
    put_hvm_zeros(blob, 2, 65535, 0);
    put_hvm_zeros(blob, 16, 0, 0);
    put_hvm_zeros(blob, 20, 0, 8);
    for (uint16_t i = 1; !odd_end && i < 3; i++) {
        put_desc(blob, 20, i, 72);
        put_raw(blob, msr, sizeof(msr));
    }
    put_desc(blob, 0, odd_end ? 5 : 0, odd_end ? 1000 : 0);
}

START_TEST(oddities)
{
    struct bytes blob = { 0 }, b = { 0 };
    domctx_hvm *hvm;

    put_oddities(&blob, _i & 1);
    ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
    ck_assert_uint_eq(domctx_hvm_repaired(hvm), _i & 1 ? 0 : 2);
    domctx_hvm_free(hvm);
    expect_blob(&blob, false, 0, 0);
    expect_blob(&blob, true, 4, 7);
    if (_i & 2)
        put_raw(&blob, "and more", 8);
    put_start(&b, 4, 7);
    put_zeros(&b, DOMCTX_TSC_INFO, 0, 24);
    put_record(&b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    put_zeros(&b, DOMCTX_EVTCHN, 0, 3);
    put_end(&b);
    expect_image(&b, true);
    bytes_free(&b);
    bytes_free(&blob);
}
END_TEST

START_TEST(what_follows_the_image_is_dropped)
{
    struct bytes b = { 0 };
    domctx_image *image;

    put_start(&b, 4, 17);
    put_end(&b);
    put_raw(&b, "more", 4);
    image = image_taken(&b, "image-after-end");
    image_round_trip(image, &b, true);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

/* As many MSRs as a record of that many bytes holds. */
START_TEST(msrs)
{
    static const uint32_t counts[] = { 0, 1, 2, 1000, 65535 };

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        struct bytes b = { 0 };

        put_hvm_header(&b);
        put_desc(&b, 20, 0, 8 + 16 * counts[i]);
        put32le(&b, counts[i]);
        any_bytes(&b, 4 + 16 * counts[i]);
        put_hvm_end(&b);
        expect_blob(&b, true, 4, 17);
        bytes_free(&b);
    }
}
END_TEST

/* A vCPU that was never brought up. */
START_TEST(no_cpu)
{
    struct bytes b = { 0 };

    put_hvm_header(&b);
    put_hvm_zeros(&b, 6, 1, 1024);
    put_hvm_end(&b);
    all_ways(&b, 4, 17);
    bytes_free(&b);
}
END_TEST

/* PROVENANCE is an object where that keeps each byte. */
#define LEVELS_8 "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
static const struct {
    const char *text;
    bool object;
} provenances[] = {
    { "{}", true },
    { "{\"tool\":\"t \\\"\xc3\xa4\\\"\",\"domid\":1}", true },
    { "{\"a\":1e3,\"records\":[null,true,{\"record\":-1.50}]}", true },
    { "{\"a\":1,\"a\":2}", true },
    { PROVENANCE, false },
    { "{ }", false },
    { "{\"a\":\"\\u0041\"}", false },
    { LEVELS_8 "1}}}}}}}}", true },
    { LEVELS_8 LEVELS_8 LEVELS_8 "1}}}}}}}}}}}}}}}}}}}}}}}}", false },
};

START_TEST(provenance)
{
    const char *from = provenances[_i].text;
    struct bytes b = { 0 }, text = { 0 };
    domctx_image *image;

    put_start(&b, 4, 17);
    put_end(&b);
    put_record(&b, DOMCTX_PROVENANCE, 0, from, strlen(from));
    expect_image(&b, true);
    ck_assert_int_eq(domctx_image_parse(b.p, b.size, &image, NULL), 0);
    json_of_image(image, &text);
    ck_assert_int_eq(memmem(text.p, text.size, "\"provenance\": {", 15) !=
                         NULL,
                     provenances[_i].object);
    domctx_image_free(image);
    bytes_free(&text);
    bytes_free(&b);
}
END_TEST

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

static TCase *tcase_bytes(void)
{
    TCase *tcase = tcase_create("byte for byte");
    int n = 0;

    while (release_series((size_t)n))
        n++;
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, each_release, 0, n);
    tcase_add_loop_test(tcase, each_sample, 0, (int)n_samples);
    tcase_add_loop_test(tcase, other_records, 0, 2);
    tcase_add_loop_test(tcase, big_endian_hvm_state, 0, 2);
    tcase_add_loop_test(tcase, oddities, 0, 4);
    tcase_add_loop_test(tcase, provenance, 0, ROWS(provenances));
    tcase_add_test(tcase, what_follows_the_image_is_dropped);
    tcase_add_test(tcase, no_cpu);
    return tcase;
}

/* Too many, or too much, for the test of the schema. */
static TCase *tcase_much(void)
{
    TCase *tcase = tcase_create("much");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, as_many_vcpus, 0, ROWS(vcpus));
    tcase_add_loop_test(tcase, each_layout, 0, (int)cat_table_size);
    tcase_add_test(tcase, msrs);
    return tcase;
}

int main(void)
{
    Suite *suite = suite_create("json");

    suite_add_tcase(suite, tcase_bytes());
    suite_add_tcase(suite, tcase_much());
    return run_suite(suite);
}
