/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing records of any length and any release with bodies at random, the
 * same ones in every run: nothing is read past an end, a record does not
 * differ from itself, and A differs from B as B from A.
 */
#include "diff/test-diff.h"

#define ROUNDS 300

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static cat_version any_version(uint64_t *state)
{
    uint64_t r = next_random(state);

    return r % 8 == 0 ? 0 : r % 4 == 0 ? CAT_V(3, r / 8 % 6)
                                       : CAT_V(4, r / 8 % 24);
}

/* A length of one of its layouts, more or less. */
static size_t any_length(const struct cat_record *known, uint64_t *state)
{
    const struct cat_layout *layout =
        &known->layouts[next_random(state) % known->n_layouts];
    uint64_t r = next_random(state);
    size_t length = layout->length + layout->tail * (size_t)(r % 5);

    if (r >> 8 & 1)
        return length;
    return (r >> 9 & 1) ? length + (r >> 10) % 20
                        : (r >> 10) % (length + 1);
}

/* Few bits of few bytes, so that a good part is the same. */
static void fill_body(struct bytes *body, size_t length, uint64_t *state)
{
    size_t changes = next_random(state) % 12;

    body->size = 0;
    put_zero(body, length);
    for (size_t i = 0; i < changes && length; i++)
        body->p[next_random(state) % length] =
            (uint8_t)(1u << next_random(state) % 8);
    if (length > 4 && next_random(state) % 2)
        set8(body, 0, next_random(state) % 4);
}

static void compare_both_ways(uint32_t type, uint64_t *state)
{
    const struct cat_record *known = cat_record_of_type(type);
    struct bytes body[2] = { { 0 }, { 0 } }, text = { 0 };
    void *mapping[2];
    size_t mapped[2];
    struct side side[2];
    uint64_t there, back;

    for (int k = 0; k < 2; k++) {
        fill_body(&body[k], any_length(known, state), state);
        begin_side(&side[k], any_version(state));
        add_record(&side[k], type, 0, at_edge(&body[k], &mapping[k],
                                              &mapped[k]), body[k].size);
    }
    for (int k = 0; k < 2; k++)
        EXPECT(side[k], side[k], 0, &text);
    there = compared(&side[0].context, &side[1].context, &plain, &text);
    back = compared(&side[1].context, &side[0].context, &plain, &text);
    ck_assert_msg(there == back, "%s: %d there, %d back\n%s", known->name,
                  (int)there, (int)back, (char *)text.p);
    for (int k = 0; k < 2; k++) {
        edge_free(mapping[k], mapped[k]);
        bytes_free(&body[k]);
    }
    bytes_free(&text);
}

static void at_random(int _i)
{
    uint64_t state = 0x9e3779b97f4a7c15u + (uint64_t)_i;
    uint32_t type = cat_table[_i].typecode;

    for (int i = 0; i < rounds_of(ROUNDS); i++)
        compare_both_ways(HVM(type), &state);
}

static void image_at_random(int _i)
{
    uint64_t state = 0x9e3779b97f4a7c15u + (uint64_t)_i;

    for (int i = 0; i < rounds_of(ROUNDS); i++)
        compare_both_ways(cat_image_table[_i].typecode, &state);
}

TCase *diff_random(void)
{
    TCase *tcase = tcase_create("random");

    tcase_set_timeout(tcase, 300);
    for (size_t i = 1; i < cat_table_size; i++)
        add_named(tcase, at_random, (int)i, "random %s", cat_table[i].name);
    for (size_t i = 0; i < cat_image_table_size; i++)
        if (cat_image_table[i].typecode < DOMCTX_HVM_CONTEXT)
            add_named(tcase, image_at_random, (int)i, "random %s",
                      cat_image_table[i].name);
    return tcase;
}
