/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Contexts changed at random, the same ones in every run, on their way from
 * release to release.  Nothing may crash or read past the end (most telling
 * in the build with sanitizers), and what is made must be sound.
 */
#include "compat/matrix.h"

#include "base/bytes.h"
#include "context/context.h"

#define ROUNDS 12000

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint64_t pick(uint64_t *state, uint64_t n)
{
    return next_random(state) % n;
}

/* A record of another length, of another type or instance, twice, or gone;
 * its first bytes are its descriptor. */
static void put_changed(struct bytes *b, const uint8_t *record, size_t size,
                        uint64_t *state)
{
    size_t at = b->size, cut;

    switch (pick(state, 5)) {
    case 0:
        return;
    case 1:
        cut = pick(state, size - 7);
        put_raw(b, record, size - cut);
        put_le32(b->p + at + 4, (uint32_t)(size - cut - 8));
        return;
    case 2:
        put_raw(b, record, size);
        put_zero(b, 8 * pick(state, 200));
        put_le32(b->p + at + 4, (uint32_t)(b->size - at - 8));
        return;
    case 3:
        put_raw(b, record, size);
        put_le16(b->p + at, (uint16_t)(1 + pick(state, 24)));
        return;
    default:
        put_raw(b, record, size);
        put_raw(b, record, size);
    }
}

static void flip_bits(struct bytes *b, size_t from, uint64_t *state)
{
    for (uint64_t n = pick(state, 20); n > 0 && b->size > from; n--)
        b->p[from + pick(state, b->size - from)] ^=
            (uint8_t)(1 << pick(state, 8));
}

static void make_changed(struct bytes *to, const struct bytes *from,
                         uint64_t *state)
{
    const struct domctx_record *record;
    domctx_hvm *hvm;
    size_t size;

    ck_assert_int_eq(domctx_hvm_parse(from->p, from->size, &hvm, NULL), 0);
    for (size_t i = 0; (record = domctx_hvm_get(hvm, i)); i++) {
        size = 8 + (size_t)record->length;
        if (i > 0 && record->type != DOMCTX_HVM_END && pick(state, 12) == 0)
            put_changed(to, record->body - 8, size, state);
        else
            put_raw(to, record->body - 8, size);
        if (i == 0)
            continue;
        if (record->type != DOMCTX_HVM_END && pick(state, 3) == 0)
            flip_bits(to, to->size - (size_t)record->length, state);
    }
    domctx_hvm_free(hvm);
}

/* One way; a refusal has an error, what is made has none. */
static void convert(const domctx_context *context, struct release target,
                    unsigned int flags)
{
    struct domctx_release release = release_public(target);
    domctx_report *report = domctx_report_new();
    domctx_hvm *hvm;
    uint8_t *made;
    size_t size;
    int rc = domctx_convert_release(context, &release, flags, &made, &size,
                                    report);

    ck_assert_int_eq(rc < 0, domctx_report_worst(report) >= DOMCTX_ERROR);
    ck_assert_int_eq(rc < 0, made == NULL);
    if (flags)
        ck_assert_int_eq(rc, 0);
    if (rc == 0) {
        ck_assert_int_eq(domctx_hvm_parse(made, size, &hvm, NULL), 0);
        ck_assert_uint_eq(domctx_hvm_consumed(hvm), size);
        domctx_hvm_free(hvm);
    }
    free(made);
    domctx_report_free(report);
}

static void try_one(const struct bytes *b, struct release saver,
                    struct release target)
{
    domctx_context *context;
    domctx_hvm *hvm;
    void *mapping;
    size_t size;
    const uint8_t *p = at_edge(b, &mapping, &size);

    if (domctx_hvm_parse(p, b->size, &hvm, NULL) == 0) {
        ck_assert_int_eq(domctx_context_of_hvm(hvm, true, saver.series >> 8,
                                               saver.series & 0xff, &context,
                                               NULL), 0);
        convert(context, target, 0);
        convert(context, target, DOMCTX_ALLOW_LOSS);
        domctx_context_free(context);
        domctx_hvm_free(hvm);
    }
    edge_free(mapping, size);
}

START_TEST(mutations)
{
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)_i;
    struct bytes blob = { 0 }, changed = { 0 };

    for (int round = 0; round < rounds_of(ROUNDS / 8); round++) {
        struct release saver = matrix_releases[pick(&state, matrix_n)];
        struct release target = matrix_releases[pick(&state, matrix_n)];

        blob.size = changed.size = 0;
        matrix_blob(&blob, saver, (enum matrix_fill)pick(&state, 2));
        make_changed(&changed, &blob, &state);
        /* now and then with another saver's eyes */
        if (pick(&state, 8) == 0)
            saver = matrix_releases[pick(&state, matrix_n)];
        try_one(&changed, saver, target);
    }
    bytes_free(&blob);
    bytes_free(&changed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compat-mutate");
    TCase *tcase = tcase_create("compat-mutate");

    suite_add_tcase(suite, tcase);
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, mutations, 0, 8);
    return run_suite(suite);
}
