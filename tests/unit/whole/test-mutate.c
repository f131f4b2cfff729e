/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inputs changed at random, the same ones in every run.  Nothing may crash
 * or read past the end (most telling in the build with sanitizers), and what
 * the parts of the library say must agree.
 */
#include "document/json-support.h"

#include <pthread.h>

#define ROUNDS 20000

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Bytes that are more telling than others. */
static uint8_t odd_byte(uint64_t *state)
{
    static const uint8_t odd[] = { 0, 1, 2, 3, 8, 0x10, 0x14, 0x18, 0x40,
                                   0x48, 0x50, 0x56, 0x58, 0x7f, 0x80, 0xf8,
                                   0xff };
    uint64_t r = next_random(state);

    return r & 1 ? (uint8_t)(r >> 8) : odd[(r >> 8) % sizeof(odd)];
}

static void mutate(struct bytes *b, uint64_t *state)
{
    uint64_t r = next_random(state);
    size_t changes = r % 6;

    if (r >> 8 & 1)
        b->size = next_random(state) % (b->size + 1);
    for (size_t i = 0; i < changes && b->size; i++) {
        /* half of them near the beginning, where the framing is */
        size_t range = next_random(state) & 1 && b->size > 128 ? 128
                                                               : b->size;

        b->p[next_random(state) % range] = odd_byte(state);
    }
    if ((r >> 9 & 7) == 0 && b->size > 32) {
        size_t from = next_random(state) % (b->size - 16);
        size_t to = next_random(state) % (b->size - 16);

        memmove(b->p + to, b->p + from, 16);
    }
}

/* What was parsed as a blob goes through JSON and both forms. */
static void use_hvm(const domctx_hvm *hvm, const struct bytes *b)
{
    hvm_round_trip(hvm, false, 0, 0, b, false);
    for (int form = 0; form < 2; form++) {
        domctx_builder *builder = domctx_builder_image(4, 17);
        domctx_image *image;
        uint8_t *made, *back;
        size_t size, back_size;
        int result = form ? domctx_wrap(builder, hvm, NULL)
                          : domctx_migrate(builder, hvm, NULL);

        if (result == 0) {
            ck_assert_int_eq(domctx_builder_take(builder, "{}", true, &made,
                                                 &size, NULL), 0);
            ck_assert_int_eq(domctx_image_parse(made, size, &image, NULL),
                             0);
            ck_assert_int_eq(domctx_image_to_hvm(image, &back, &back_size,
                                                 NULL), 0);
            ck_assert_uint_eq(back_size, domctx_hvm_consumed(hvm));
            if (form || !domctx_hvm_repaired(hvm))
                ck_assert_mem_eq(back, b->p, back_size);
            free(back);
            domctx_image_free(image);
            free(made);
        } else {
            ck_assert_int_eq(form, 0);
        }
        domctx_builder_free(builder);
    }
}

static void use_image(const domctx_image *image, const struct bytes *b)
{
    const struct domctx_provenance origin = { .source = "s" };
    struct domctx_provenance provenance;
    const struct domctx_record *record;
    bool has_one = domctx_image_find(image, DOMCTX_PROVENANCE, 0);
    int read = domctx_image_provenance(image, &provenance, NULL);
    char *converted = domctx_provenance_convert(image, &origin, "t", "n",
                                                "what-w", NULL);
    uint8_t *blob;
    size_t size;

    ck_assert(has_one ? read != 0 : read == 0);
    if (converted)
        ck_assert_ptr_nonnull(strstr(converted, "\"what-w\""));
    else
        ck_assert(has_one);
    free(converted);
    for (size_t i = 0; (record = domctx_image_get(image, i)); i++)
        ck_assert_ptr_eq(domctx_image_find(image, record->type,
                                           record->instance), record);
    if (domctx_image_form(image) == DOMCTX_FORM_NO_HVM) {
        ck_assert_int_eq(domctx_image_to_hvm(image, &blob, &size, NULL), -1);
    } else if (domctx_image_to_hvm(image, &blob, &size, NULL) == 0) {
        domctx_hvm *hvm;

        ck_assert_int_eq(domctx_hvm_parse(blob, size, &hvm, NULL), 0);
        domctx_hvm_free(hvm);
        free(blob);
    }
    image_round_trip(image, b, false);
}

/* A stream refuses no image that is sound as a whole, and finds its end. */
static void use_stream(const struct bytes *b, const domctx_image *image)
{
    domctx_stream *stream = domctx_stream_new(UINT64_MAX);
    int64_t want = 0;

    for (size_t at = 0; at < b->size && want >= 0; at += 7)
        want = domctx_stream_feed(stream, b->p + at,
                                  b->size - at < 7 ? b->size - at : 7, NULL);
    if (image) {
        ck_assert_int_ge(want, 0);
        ck_assert_uint_eq(domctx_stream_length(stream),
                          b->size - domctx_image_trailing(image));
    }
    domctx_stream_free(stream);
}

static void feed(const struct bytes *b)
{
    domctx_report *report = domctx_report_new();
    void *mapping;
    size_t mapped;
    struct bytes edge = { .size = b->size };
    domctx_image *image;
    domctx_hvm *hvm;
    enum domctx_format format;

    edge.p = (uint8_t *)(uintptr_t)at_edge(b, &mapping, &mapped);
    format = domctx_detect(edge.p, edge.size);
    if (domctx_image_parse(edge.p, edge.size, &image, report) == 0) {
        ck_assert_int_eq((int)format, DOMCTX_FORMAT_IMAGE);
        use_image(image, &edge);
    } else {
        ck_assert_int_ge((int)domctx_report_worst(report), DOMCTX_DAMAGED);
    }
    use_stream(&edge, image);
    domctx_image_free(image);
    if (domctx_hvm_parse(edge.p, edge.size, &hvm, NULL) == 0)
        use_hvm(hvm, &edge);
    domctx_hvm_free(hvm);
    edge_free(mapping, mapped);
    domctx_report_free(report);
}

/* JSON: refused, or taken for an image or a blob that parses. */
static void feed_json(const struct bytes *b)
{
    domctx_report *report = domctx_report_new();
    void *mapping;
    size_t mapped, size;
    const uint8_t *edge = at_edge(b, &mapping, &mapped);
    domctx_image *image = NULL;
    domctx_hvm *hvm = NULL;
    uint8_t *buf;

    if (domctx_json_read(edge, b->size, &buf, &size, report) == 0) {
        ck_assert(domctx_image_parse(buf, size, &image, NULL) == 0 ||
                  domctx_hvm_parse(buf, size, &hvm, NULL) == 0);
        domctx_image_free(image);
        domctx_hvm_free(hvm);
    } else {
        ck_assert_int_ge((int)domctx_report_worst(report), DOMCTX_ERROR);
        ck_assert_uint_eq(domctx_report_count(report) > 0, 1);
    }
    free(buf);
    edge_free(mapping, mapped);
    domctx_report_free(report);
}

/* The inputs that are changed. */
static void make_input(struct bytes *b, int kind)
{
    struct bytes blob = { 0 };

    b->big = kind == 4;
    switch (kind) {
    case 0:
        load_sample(b, samples[1]);
        return;
    case 1:
        put_release(b, 4, 6, 2);
        return;
    case 2:
    case 4:
        put_start(b, 4, 17);
        put_zeros(b, DOMCTX_SHARED_INFO, 0, 1096);
        put_zeros(b, DOMCTX_TSC_INFO, 0, 24);
        put_zeros(b, DOMCTX_EVTCHN, 0, 3);
        put_zeros(b, DOMCTX_HVM_RECORD(1), 0, 24);
        put_zeros(b, DOMCTX_HVM_RECORD(3), 1, 8);
        put_zeros(b, DOMCTX_HVM_RECORD(3), 0, 8);
        break;
    case 3:
    default:
        put_release(&blob, 4, 9, 1);
        put_start(b, 4, 9);
        put_record(b, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
        bytes_free(&blob);
        break;
    }
    put_end(b);
    put_record(b, DOMCTX_PROVENANCE, 0, PROVENANCE, strlen(PROVENANCE));
    if (kind != 4)
        put_digest(b);
}

#define KINDS 5

static void run_kind(int kind, uint64_t seed, int rounds)
{
    struct bytes whole = { 0 }, b = { 0 };
    uint64_t state = seed;

    make_input(&whole, kind);
    feed(&whole);
    for (int i = 0; i < rounds; i++) {
        b.size = 0;
        put_raw(&b, whole.p, whole.size);
        mutate(&b, &state);
        feed(&b);
    }
    bytes_free(&whole);
    bytes_free(&b);
}

START_TEST(mutated)
{
    run_kind(_i, 0x9e3779b97f4a7c15u + (uint64_t)_i,
             rounds_of(ROUNDS / KINDS));
}
END_TEST

/* Characters that leave JSON more or less what it is; lines twice, left out,
 * or in another place. */
static void mutate_text(struct bytes *text, uint64_t *state)
{
    static const char some[] = "0123456789abcdefx\"{}[]:,-.n ";
    uint64_t r = next_random(state);
    size_t changes = r % 4;

    for (size_t i = 0; i < changes; i++)
        text->p[next_random(state) % text->size] =
            (uint8_t)some[next_random(state) % (sizeof(some) - 1)];
    if (r >> 8 & 1) {
        size_t from = next_random(state) % text->size;
        const uint8_t *end;
        struct bytes line = { 0 };

        while (from > 0 && text->p[from - 1] != '\n')
            from--;
        end = memchr(text->p + from, '\n', text->size - from);
        if (!end)
            return;
        put_raw(&line, text->p + from, (size_t)(end + 1 - text->p) - from);
        if (r >> 9 & 1) { /* over the next ones, as far as it goes */
            size_t to = (size_t)(end + 1 - text->p);

            if (text->size - to >= line.size)
                memcpy(text->p + to, line.p, line.size);
        } else {
            memmove(text->p + from, end + 1,
                    text->size - from - line.size);
            text->size -= line.size;
        }
        bytes_free(&line);
    }
}

START_TEST(mutated_json)
{
    struct bytes whole = { 0 }, text = { 0 }, b = { 0 };
    uint64_t state = 0x51ed270b7a1fc3u + (uint64_t)_i;
    domctx_image *image;
    domctx_hvm *hvm;

    make_input(&b, _i);
    if (domctx_image_parse(b.p, b.size, &image, NULL) == 0) {
        json_of_image(image, &whole);
    } else {
        ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
        json_of_hvm(hvm, true, 4, 6, &whole);
        domctx_hvm_free(hvm);
    }
    domctx_image_free(image);
    for (int i = 0; i < rounds_of(ROUNDS / 20); i++) {
        text.size = 0;
        put_raw(&text, whole.p, whole.size);
        mutate_text(&text, &state);
        feed_json(&text);
    }
    bytes_free(&b);
    bytes_free(&whole);
    bytes_free(&text);
}
END_TEST

static void *in_thread(void *arg)
{
    int kind = *(int *)arg;

    run_kind(kind, 12345, 300);
    return NULL;
}

START_TEST(two_threads_at_once)
{
    for (int kind = 0; kind < KINDS; kind++) {
        int kinds[2] = { kind, (kind + 1) % KINDS };
        pthread_t threads[2];

        for (int i = 0; i < 2; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, in_thread,
                                            &kinds[i]), 0);
        for (int i = 0; i < 2; i++)
            ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mutate");
    TCase *tc = tcase_create("mutate");

    tcase_set_timeout(tc, 600);
    tcase_add_loop_test(tc, mutated, 0, KINDS);
    tcase_add_loop_test(tc, mutated_json, 0, KINDS);
    tcase_add_test(tc, two_threads_at_once);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
