/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is written as JSON is read back, however large: tables around the most
 * that a reader keeps of a record, documents around the longest, and records
 * around the largest context.
 */
#include "document/fill.h"
#include "document/json-support.h"

#include "catalogue/catalogue.h"

#define FRAME DOMCTX_FRAME_SIZE
#define PORTS 131072u
#define LARGEST (16u << 20)

static void put_ones(struct bytes *b, size_t size)
{
    size_t from = b->size;

    put_zero(b, size);
    memset(b->p + from, 0xff, size);
}

static bool has_text(const struct bytes *text, const char *part)
{
    return memmem(text->p, text->size, part, strlen(part)) != NULL;
}

/* To JSON and back; whether its fields are there. */
static bool round_trip(const struct bytes *b, const char *field)
{
    domctx_image *image = image_taken(b, NULL);
    struct bytes text = { 0 };
    bool found;

    json_of_image(image, &text);
    json_gives(&text, b->p, b->size);
    found = has_text(&text, field);
    ck_assert_int_eq(has_text(&text, "\"hex\": \"2000"), !found);
    domctx_image_free(image);
    bytes_free(&text);
    return found;
}

/* Numbers that are as long as any in JSON. */
START_TEST(all_ports)
{
    struct bytes image = { 0 }, b = { 0 };

    put_zero(&b, 48);
    set32(&b, 0, 48);
    set32(&b, 4, 24);
    set32(&b, 8, PORTS);
    set32(&b, 16, PORTS);
    put_zero(&b, 24u * PORTS);
    for (uint32_t i = 0; i < PORTS - 1; i++) {
        uint64_t at = 48 + 24u * i;

        set32(&b, at, 1 + i);
        set8(&b, at + 4, DOMCTX_PORT_INTERDOMAIN);
        set8(&b, at + 6, DOMCTX_PRIORITY_UNKNOWN);
        set32(&b, at + 8, UINT32_MAX);
        set32(&b, at + 12, UINT32_MAX);
    }
    set32(&b, 8, PORTS - 1);
    b.size -= 24;
    put_start(&image, 4, 17);
    put_record(&image, DOMCTX_EVTCHN, 0, b.p, b.size);
    put_end(&image);
    ck_assert(round_trip(&image, "\"remote\": 4294967295"));
    bytes_free(&b);
    bytes_free(&image);
}
END_TEST

static bool grants_round_trip(uint32_t frames)
{
    struct bytes image = { 0 }, b = { 0 };
    bool found;

    put_zero(&b, 32);
    set32(&b, 0, 32);
    set32(&b, 4, 1);
    set32(&b, 8, FRAME);
    set32(&b, 12, frames);
    set32(&b, 16, frames);
    set32(&b, 28, frames);
    put_ones(&b, frames * FRAME);
    put_start(&image, 4, 17);
    put_record(&image, DOMCTX_GRANT_TABLE, 0, b.p, b.size);
    put_end(&image);
    found = round_trip(&image, "\"frame\": 4294967295");
    bytes_free(&b);
    bytes_free(&image);
    return found;
}

/* The largest table that is written by its fields, and the next one; and the
 * largest that is ever saved. */
START_TEST(grants)
{
    const struct cat_record *known = cat_record_of_type(DOMCTX_GRANT_TABLE);
    struct shapes shapes = { .whole = true };
    const struct shape *shape = shape_of(&shapes, known, &known->layouts[0]);
    uint32_t frames = 64;

    while (json_keeps(shape, 32 + (frames + 1) * FRAME, 0))
        frames++;
    ck_assert_uint_gt(frames, 512);
    ck_assert(grants_round_trip(frames));
    ck_assert(!grants_round_trip(frames + 1));
    ck_assert(!grants_round_trip(2048));
    shapes_free(&shapes);
}
END_TEST

/* -- the longest document ------------------------------------------------- */

static int append(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

#define MSRS 1000u

/* The JSON of a blob with the MSRs of so many vCPUs, or none. */
static void write_many(uint16_t n, struct bytes *b, struct bytes *text)
{
    domctx_report *report = domctx_report_new();
    domctx_context *context;
    struct bytes body = { 0 };
    domctx_hvm *hvm;

    put32le(&body, MSRS);
    put32le(&body, 0);
    for (uint32_t i = 0; i < MSRS; i++) {
        put32le(&body, UINT32_MAX - i);
        put32le(&body, 0);
        put64(&body, UINT64_MAX);
    }
    put_hvm_header(b);
    for (uint16_t i = 0; i < n; i++)
        put_hvm(b, 20, i, body.p, (uint32_t)body.size);
    put_hvm_end(b);
    hvm = hvm_taken(b, NULL);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context,
                                           NULL), 0);
    if (domctx_json_write(context, append, text, report) < 0) {
        expect_only(report, "json-long");
        ck_assert_uint_eq(text->size, 0);
    } else {
        ck_assert_uint_le(text->size, DOMCTX_JSON_MAX);
    }
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    domctx_report_free(report);
    bytes_free(&body);
}

/* As long as can be, by what one of them takes, and one more. */
START_TEST(longest)
{
    struct bytes b = { 0 }, one = { 0 }, two = { 0 }, text = { 0 };
    uint64_t n, head, each;

    write_many(1, &b, &one);
    b.size = 0;
    write_many(2, &b, &two);
    b.size = 0;
    each = two.size - one.size;
    head = one.size - each;
    /* numbers of records get longer: 4 digits, not one */
    n = (DOMCTX_JSON_MAX - head) / (each + 3);
    write_many((uint16_t)n, &b, &text);
    ck_assert_uint_gt(text.size, DOMCTX_JSON_MAX - DOMCTX_JSON_MAX / 100);
    json_gives(&text, b.p, b.size);
    text.size = b.size = 0;
    write_many((uint16_t)(n + n / 50), &b, &text);
    ck_assert_uint_eq(text.size, 0);
    bytes_free(&text);
    bytes_free(&two);
    bytes_free(&one);
    bytes_free(&b);
}
END_TEST

/* -- the largest context -------------------------------------------------- */

static const char head[] =
    "{\"schema\":\"xl-context-2\",\"format\":\"hvm\",\"xen\":null,"
    "\"records\":[{\"record\":\"HEADER\",\"instance\":0,\"hex\":"
    "\"861238540100000000000000000000000000000080841e00\"},";

/* A record of so many bytes, with digits for it. */
static void put_digits(struct bytes *text, const char *after, size_t size)
{
    static const char begin[] = "{\"record\":\"typecode 200\","
                                "\"instance\":0,\"hex\":\"";
    size_t from;

    put_raw(text, begin, sizeof(begin) - 1);
    from = text->size;
    put_zero(text, 2 * size);
    memset(text->p + from, '0', 2 * size);
    put_raw(text, after, strlen(after));
}

static const struct {
    size_t one, two;
    const char *id;
} sizes[] = {
    { LARGEST / 2, LARGEST / 2 - 4096, NULL },
    { LARGEST / 2, LARGEST / 2, "image-limit" },
    { LARGEST + 1, 0, "image-limit" },
    { 0, LARGEST + 1, "image-limit" },
};

START_TEST(largest)
{
    domctx_report *report = domctx_report_new();
    struct bytes text = { 0 };
    uint8_t *buf;
    size_t size;

    put_raw(&text, head, sizeof(head) - 1);
    put_digits(&text, "\"},", sizes[_i].one);
    put_digits(&text, "\"},{\"record\":\"END\",\"instance\":0}]}",
               sizes[_i].two);
    ck_assert_int_eq(domctx_json_read(text.p, text.size, &buf, &size,
                                      report), sizes[_i].id ? -1 : 0);
    ck_assert_uint_eq(count_id(report, "image-limit"), sizes[_i].id ? 1 : 0);
    free(buf);
    domctx_report_free(report);
    bytes_free(&text);
}
END_TEST

/* A string with escapes is copied. */
START_TEST(longest_escape)
{
    static const char end[] = "{\"record\":\"END\",\"instance\":0}]}";
    struct bytes text = { 0 };

    put_raw(&text, head, sizeof(head) - 1);
    put_digits(&text, "\\u0030\"},", 2 * LARGEST);
    put_raw(&text, end, sizeof(end) - 1);
    json_refused(&text, "json-syntax", NULL);
    bytes_free(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json-largest");
    TCase *tcase = tcase_create("json-largest");

    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, all_ports);
    tcase_add_test(tcase, grants);
    tcase_add_test(tcase, longest);
    tcase_add_loop_test(tcase, largest, 0,
                        sizeof(sizes) / sizeof(sizes[0]));
    tcase_add_test(tcase, longest_escape);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
