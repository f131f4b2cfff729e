/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Images with paravirtual state at random, the same ones in every run: tables
 * of both versions and any number of entries, headers and entries of newer
 * writers, and some of which a number was spoiled.  JSON and back gives the
 * same bytes; text is made of each, of a selection as of all; an image does
 * not differ from itself, and from another in at least as many ways as it has
 * other records.
 */
#include "document/json-support.h"

#include <inttypes.h>

#include "catalogue/catalogue.h"

#define FRAME DOMCTX_FRAME_SIZE
#define ROUNDS 60

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint64_t below(uint64_t *state, uint64_t n)
{
    return next_random(state) % n;
}

/* Bytes, three of four of them zero. */
static void scatter(struct bytes *b, size_t size, uint64_t *state)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = below(state, 4) ? 0 : (uint8_t)next_random(state);

        put_raw(b, &byte, 1);
    }
}

static void put_ports(struct bytes *image, uint64_t *state)
{
    uint32_t head = below(state, 4) ? 48 : 64, n = (uint32_t)below(state, 40);
    uint32_t size = below(state, 4) ? 24 : 40, port = 0;
    struct bytes b = { 0 };

    scatter(&b, head + n * size, state);
    set32(&b, 0, head);
    set32(&b, 4, size);
    set32(&b, 8, n);
    for (uint32_t i = 0; i < n; i++) {
        port += 1 + (uint32_t)below(state, 90);
        set32(&b, head + i * size, port);
        set8(&b, head + i * size + 4, (uint8_t)(1 + below(state, 5)));
    }
    put_record(image, DOMCTX_EVTCHN, 0, b.p, b.size);
    bytes_free(&b);
}

static void put_table(struct bytes *image, uint64_t *state)
{
    uint32_t stored = (uint32_t)below(state, 3);
    uint32_t version = 1 + (uint32_t)below(state, 2);
    uint32_t status = version == 2 ? (uint32_t)below(state, 2) : 0;
    struct bytes b = { 0 };

    scatter(&b, 32 + (stored + status) * FRAME, state);
    set32(&b, 0, 32);
    set32(&b, 4, version);
    set32(&b, 8, FRAME);
    set32(&b, 12, stored + 2);
    set32(&b, 16, 64);
    set32(&b, 20, status);
    set32(&b, 28, stored);
    put_record(image, DOMCTX_GRANT_TABLE, 0, b.p, b.size);
    bytes_free(&b);
}

/* A record of units whose first number is another one in each. */
static void put_units(struct bytes *image, uint32_t type, size_t head,
                      size_t unit, uint64_t *state)
{
    uint32_t n = (uint32_t)below(state, 12);
    struct bytes b = { 0 };

    scatter(&b, head + n * unit, state);
    if (head) {
        set32(&b, 0, n);
        set32(&b, 4, 0);
    }
    for (uint32_t i = 0; i < n; i++)
        set32(&b, head + i * unit, 3 * i);
    put_record(image, type, 0, b.p, b.size);
    bytes_free(&b);
}

static void put_state(struct bytes *image, uint64_t *state)
{
    struct bytes b = { 0 };

    scatter(&b, 24 + (below(state, 4) ? 0 : 7), state);
    put_record(image, DOMCTX_VCPU_STATE, (uint32_t)below(state, 128), b.p,
               b.size);
    bytes_free(&b);
}

static void put_image(struct bytes *b, uint64_t *state)
{
    put_start(b, 4, 17);
    put_ports(b, state);
    put_table(b, state);
    put_units(b, DOMCTX_HVM_PARAMS, 8, 16, state);
    put_state(b, state);
    put_units(b, DOMCTX_CPUID_POLICY, 0, 24, state);
    put_units(b, DOMCTX_MSR_POLICY, 0, 16, state);
    put_end(b);
}

/* A byte within a body becomes another. */
static void spoil(struct bytes *b, uint64_t *state)
{
    domctx_image *image;
    const struct domctx_record *record;

    ck_assert_int_eq(domctx_image_parse(b->p, b->size, &image, NULL), 0);
    record = domctx_image_get(image, 1 + below(state, 6));
    if (record->length)
        set8(b, record->offset + 16 +
                    below(state, record->length < 64 ? record->length : 64),
             (uint8_t)next_random(state));
    domctx_image_free(image);
}

static int count_text(void *arg, const char *text, size_t size)
{
    (void)text;
    *(size_t *)arg += size;
    return 0;
}

struct opened {
    void *mapping;
    size_t mapped;
    domctx_image *image;
    domctx_context *context;
};

static void open_image(struct opened *opened, const struct bytes *b)
{
    const uint8_t *p = at_edge(b, &opened->mapping, &opened->mapped);

    ck_assert_int_eq(domctx_image_parse(p, b->size, &opened->image, NULL),
                     0);
    ck_assert_int_eq(domctx_context_of_image(opened->image,
                                             &opened->context, NULL), 0);
}

static void close_image(struct opened *opened)
{
    domctx_context_free(opened->context);
    domctx_image_free(opened->image);
    edge_free(opened->mapping, opened->mapped);
}

static uint64_t differences(const struct opened *a, const struct opened *b)
{
    static const struct domctx_diff_options options;
    uint64_t count = 0;
    size_t size = 0;

    ck_assert_int_eq(domctx_diff(a->context, b->context, &options,
                                 count_text, &size, &count, NULL), 0);
    return count;
}

/* Records of the two that have other bytes. */
static uint64_t other_records(const struct opened *a, const struct opened *b)
{
    uint64_t count = 0;

    for (size_t i = 1; i <= 6; i++) {
        const struct domctx_record *x = domctx_image_get(a->image, i);
        const struct domctx_record *y =
            domctx_image_find(b->image, x->type, x->instance);

        count += !y || x->length != y->length ||
                 (x->length && memcmp(x->body, y->body, x->length) != 0);
    }
    return count;
}

/* -- selections ----------------------------------------------------------- */

static int append(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

/* Lines of a field; none where there is no such field. */
static void put_lines(const struct opened *opened,
                      const struct domctx_text_options *options,
                      struct bytes *lines)
{
    domctx_report *report = domctx_report_new();

    if (domctx_text(opened->context, options, append, lines, report) < 0) {
        expect_only(report, "select-field");
        ck_assert_uint_eq(lines->size, 0);
    }
    domctx_report_free(report);
}

/* The lines that begin with the record. */
static void put_those_of(struct bytes *to, const struct bytes *lines,
                         const char *record)
{
    size_t length = strlen(record);

    for (size_t at = 0, end; at < lines->size; at = end) {
        for (end = at; lines->p[end++] != '\n';)
            ;
        if (end - at > length && memcmp(lines->p + at, record, length) == 0)
            put_raw(to, lines->p + at, end - at);
    }
}

/* A field of one record is what all records have of that field, but for the
 * others. */
static void check_selection(const struct opened *opened, uint64_t *state)
{
    const struct domctx_record *record =
        domctx_image_get(opened->image, 1 + below(state, 6));
    const struct cat_record *known = cat_record_of_type(record->type);
    struct domctx_text_options options = {
        .field = known->fields[below(state, known->n_fields)].name };
    struct bytes all = { 0 }, wanted = { 0 }, lines = { 0 };
    char prefix[64];

    snprintf(prefix, sizeof(prefix), "%s/%" PRIu32 " ", known->name,
             record->instance);
    put_lines(opened, &options, &all);
    put_those_of(&wanted, &all, prefix);
    options.record = known->name;
    options.has_instance = true;
    options.instance = record->instance;
    put_lines(opened, &options, &lines);
    ck_assert_msg(lines.size == wanted.size &&
                      (!lines.size ||
                       memcmp(lines.p, wanted.p, lines.size) == 0),
                  "%s%s", prefix, options.field);
    bytes_free(&all);
    bytes_free(&wanted);
    bytes_free(&lines);
}

/* ------------------------------------------------------------------------- */

static void check_one(const struct bytes *b, uint64_t *state)
{
    static const struct domctx_text_options all;
    struct opened opened;
    size_t size = 0;

    open_image(&opened, b);
    image_round_trip(opened.image, b, false);
    ck_assert_int_eq(domctx_text(opened.context, &all, count_text, &size,
                                 NULL), 0);
    ck_assert_uint_gt(size, 0);
    ck_assert_uint_eq(differences(&opened, &opened), 0);
    for (int i = 0; i < 8; i++)
        check_selection(&opened, state);
    close_image(&opened);
}

static void check_two(const struct bytes *b, const struct bytes *c)
{
    struct opened left, right;
    uint64_t there;

    open_image(&left, b);
    open_image(&right, c);
    there = differences(&left, &right);
    ck_assert_uint_ge(there, other_records(&left, &right));
    ck_assert_uint_eq(there, differences(&right, &left));
    close_image(&left);
    close_image(&right);
}

START_TEST(at_random)
{
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)_i;

    for (int i = 0; i < rounds_of(ROUNDS); i++) {
        struct bytes b = { 0 }, c = { 0 };

        put_image(&b, &state);
        check_one(&b, &state);
        put_raw(&c, b.p, b.size);
        for (uint64_t k = below(&state, 4); k > 0; k--)
            spoil(&c, &state);
        check_one(&c, &state);
        check_two(&b, &c);
        bytes_free(&b);
        bytes_free(&c);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json-pv");
    TCase *tcase = tcase_create("random");

    tcase_add_loop_test(tcase, at_random, 0, 4);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
