/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A grant table of version 2: entries of each form and, in a second table, the
 * states of the entries.  They have names in JSON, both ways, in a selection
 * and in a difference; a record whose numbers do not add up is bytes.
 */
#include "document/json-support.h"

#define FRAME DOMCTX_FRAME_SIZE
#define HEAD 32
#define STORED 2

static void set16(struct bytes *b, size_t at, uint16_t value)
{
    set8(b, at, (uint8_t)value);
    set8(b, at + 1, (uint8_t)(value >> 8));
}

/* A full page, a part of one, a transitive grant in the second frame; and the
 * states of the last two, after the last entry. */
static void put_table(struct bytes *b)
{
    const size_t frames = HEAD, status = HEAD + STORED * FRAME;

    put_zero(b, HEAD + (STORED + 1) * FRAME);
    set32(b, 0, HEAD);
    set32(b, 4, 2);
    set32(b, 8, FRAME);
    set32(b, 12, STORED);
    set32(b, 16, 64);
    set32(b, 20, 1);
    set32(b, 28, STORED);
    set16(b, frames + 16 * 8, 1 | 4);
    set64(b, frames + 16 * 8 + 8, UINT64_C(0x123456789a));
    set16(b, frames + 16 * 9, 1 | 256);
    set16(b, frames + 16 * 9 + 4, 512);
    set16(b, frames + 16 * 9 + 6, 64);
    set16(b, frames + 16 * 300, 3);
    set16(b, frames + 16 * 300 + 2, 7);
    set16(b, frames + 16 * 300 + 4, 6);
    set32(b, frames + 16 * 300 + 8, 1234);
    set16(b, status + 2 * 9, 8);
    set16(b, status + 2 * 300, 8 | 16);
}

static void put_image(struct bytes *image, const struct bytes *table)
{
    put_start(image, 4, 17);
    put_record(image, DOMCTX_GRANT_TABLE, 0, table->p, table->size);
    put_end(image);
}

static domctx_image *parsed(const struct bytes *b)
{
    domctx_image *image;

    ck_assert_int_eq(domctx_image_parse(b->p, b->size, &image, NULL), 0);
    return image;
}

static void to_json(const struct bytes *b, struct bytes *text)
{
    domctx_image *image = parsed(b);

    json_of_image(image, text);
    domctx_image_free(image);
}

static bool has_text(const struct bytes *text, const char *words)
{
    return strstr((const char *)text->p, words);
}

START_TEST(by_name)
{
    struct bytes table = { 0 }, b = { 0 }, text = { 0 };
    domctx_image *image;

    put_table(&table);
    put_image(&b, &table);
    image = parsed(&b);
    image_round_trip(image, &b, true);
    domctx_image_free(image);
    to_json(&b, &text);
    ck_assert(has_text(&text, "{\"flags\": 5, \"domid\": 0, \"page_off\": 0, "
                              "\"length\": 0, \"frame\": "
                              "\"0x123456789a\"}"));
    ck_assert(has_text(&text, "\"page_off\": 512, \"length\": 64, "));
    ck_assert(has_text(&text, "{\"flags\": 3, \"domid\": 7, \"page_off\": 6, "
                              "\"length\": 0, \"frame\": \"0x4d2\"}"));
    ck_assert(has_text(&text, "\"grant_status\": [0, 0, 0, 0, 0, 0, 0, 0, 0, "
                              "8, 0, "));
    ck_assert(!has_text(&text, "\"tail\""));
    ck_assert(!has_text(&text, "trans_domid"));
    bytes_free(&table);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* Tables without entries, without states, and with neither. */
START_TEST(empty_tables)
{
    for (uint32_t i = 0; i < 4; i++) {
        struct bytes table = { 0 }, b = { 0 }, text = { 0 };
        domctx_image *image;

        put_zero(&table, HEAD + (i % 2 + i / 2) * FRAME);
        set32(&table, 0, HEAD);
        set32(&table, 4, 2);
        set32(&table, 8, FRAME);
        set32(&table, 20, i / 2);
        set32(&table, 28, i % 2);
        put_image(&b, &table);
        image = parsed(&b);
        image_round_trip(image, &b, true);
        domctx_image_free(image);
        to_json(&b, &text);
        ck_assert(has_text(&text, "\"grant\": []") == (i % 2 == 0));
        ck_assert(has_text(&text, "\"grant_status\": []") == (i / 2 == 0));
        bytes_free(&table);
        bytes_free(&b);
        bytes_free(&text);
    }
}
END_TEST

/* -- numbers that lie ----------------------------------------------------- */

static const struct {
    uint32_t stored, status;
    size_t length;
} lies[] = {
    { STORED, 0, HEAD + 3 * FRAME },
    { STORED + 1, 1, HEAD + 3 * FRAME },
    { UINT32_MAX, 4, HEAD + 3 * FRAME },         /* 3, in 32 bits */
    { UINT32_MAX - 1, UINT32_MAX, HEAD + 3 * FRAME },
    { UINT32_C(1) << 20, 0, HEAD },              /* no bytes, in 32 bits */
    { STORED, 1, HEAD + 3 * FRAME - 1 },
    { STORED, 1, HEAD + 1 },
    { STORED, 1, HEAD },
};

/* The frames are bytes, there and back; and there is nothing to select. */
START_TEST(numbers_that_lie)
{
    static const struct domctx_text_options options = {
        .field = "grant_status[0]" };
    struct bytes table = { 0 }, b = { 0 }, text = { 0 };
    domctx_image *image;
    domctx_context *context;

    put_table(&table);
    set32(&table, 20, lies[_i].status);
    set32(&table, 28, lies[_i].stored);
    table.size = lies[_i].length;
    put_image(&b, &table);
    image = parsed(&b);
    image_round_trip(image, &b, true);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    ck_assert_int_eq(domctx_text(context, &options, NULL, NULL, NULL), -1);
    domctx_context_free(context);
    domctx_image_free(image);
    to_json(&b, &text);
    ck_assert(has_text(&text, "\"tail\": "));
    ck_assert(!has_text(&text, "\"grant_status\""));
    bytes_free(&table);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* -- documents that lie --------------------------------------------------- */

static const struct {
    const char *old, *new_text, *id, *place;
} edits[] = {
    { "\"grant_status\": [0, ", "\"grant_status\": [",
      "json-count", "$.records[1].grant_status[2047]" },
    { "\"grant_status\": [", "\"grant_status\": [0, ",
      "json-count", "$.records[1].grant_status[2048]" },
    { "\"grant_status\": [0, ", "\"grant_status\": [65536, ",
      "json-range", "$.records[1].grant_status[0]" },
    { "\"grant\": [", "\"grant\": [{\"flags\": 0, \"domid\": 0, "
      "\"page_off\": 0, \"length\": 0, \"frame\": \"0x0\"}, ",
      "json-count", "$.records[1].grant[512]" },
    { "\"page_off\": 512, ", "", "json-member-missing",
      "$.records[1].grant[9].page_off" },
    { "\"page_off\": 512", "\"trans_domid\": 512", "json-member-unknown",
      "$.records[1].grant[9].trans_domid" },
    { "\"nr_stored\": 2", "\"nr_stored\": 1", "json-member-unknown",
      "$.records[1].grant" },
    { "\"nr_stored\": 2", "\"nr_stored\": 4294967295",
      "json-member-unknown", "$.records[1].grant" },
    { "\"nr_status\": 1", "\"nr_status\": 4294967295",
      "json-member-unknown", "$.records[1].grant" },
    { "\"version\": 2", "\"version\": 3", "json-member-unknown",
      "$.records[1].grant" },
    { "\"length\": 12320,", "\"length\": 16416,", "json-member-unknown",
      "$.records[1].grant" },
    { "\"nr_stored\": 2", "\"nr_stored\": 2, \"tail\": \"00\"",
      "json-member-unknown", "$.records[1].grant" },
};

START_TEST(documents_that_lie)
{
    struct bytes table = { 0 }, b = { 0 }, text = { 0 };

    put_table(&table);
    put_image(&b, &table);
    to_json(&b, &text);
    text_replace(&text, edits[_i].old, edits[_i].new_text);
    json_refused(&text, edits[_i].id, edits[_i].place);
    bytes_free(&table);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* A document from before the entries had names. */
START_TEST(older_documents)
{
    struct bytes table = { 0 }, b = { 0 }, text = { 0 };
    char *from, *to;
    size_t rest;

    put_table(&table);
    put_image(&b, &table);
    to_json(&b, &text);
    from = strstr((char *)text.p, "\"grant\": [");
    to = strstr(from, "\"grant_status\": ");
    to = strchr(to, ']') + 1;
    rest = strlen(to) + 1;
    memmove(from + sizeof("\"tail\": \"\"") - 1 + 6 * FRAME, to, rest);
    from += sprintf(from, "\"tail\": \"");
    for (size_t i = HEAD; i < table.size; i++) {
        from[0] = "0123456789abcdef"[table.p[i] >> 4];
        from[1] = "0123456789abcdef"[table.p[i] & 15];
        from += 2;
    }
    *from = '"';
    text.size = strlen((char *)text.p);
    json_gives(&text, b.p, b.size);
    bytes_free(&table);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* -- selecting, comparing ------------------------------------------------- */

static int append(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

static const struct {
    const char *field, *line;
} selections[] = {
    { "grant[300].trans_domid", "GRANT_TABLE/0 grant[300].trans_domid 6\n" },
    { "grant[300].gref", "GRANT_TABLE/0 grant[300].gref 1234\n" },
    { "grant[8].frame",
      "GRANT_TABLE/0 grant[8].frame 0x000000123456789a\n" },
    { "grant_status[300]",
      "GRANT_TABLE/0 grant_status[300] 0x0018 reading writing\n" },
};

START_TEST(selected)
{
    const struct domctx_text_options options = {
        .field = selections[_i].field };
    struct bytes table = { 0 }, b = { 0 }, text = { 0 };
    domctx_image *image;
    domctx_context *context;

    put_table(&table);
    put_image(&b, &table);
    image = parsed(&b);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    ck_assert_int_eq(domctx_text(context, &options, append, &text, NULL), 0);
    put_raw(&text, "", 1);
    ck_assert_str_eq((char *)text.p, selections[_i].line);
    domctx_context_free(context);
    domctx_image_free(image);
    bytes_free(&table);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* A state differs, an entry, and one table has a frame more. */
START_TEST(compared)
{
    static const struct domctx_diff_options options;
    struct bytes table = { 0 }, other = { 0 }, b = { 0 }, text = { 0 };
    struct bytes c = { 0 };
    domctx_image *left, *right;
    domctx_context *from, *to;
    uint64_t count;

    put_table(&table);
    put_table(&other);
    set16(&other, HEAD + STORED * FRAME + 2 * 9, 0);
    set16(&other, HEAD + 16 * 300 + 4, 5);
    put_zero(&other, FRAME);
    set32(&other, 20, 2);
    set16(&other, other.size - 2, 16);
    put_image(&b, &table);
    put_image(&c, &other);
    left = parsed(&b);
    right = parsed(&c);
    ck_assert_int_eq(domctx_context_of_image(left, &from, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(right, &to, NULL), 0);
    ck_assert_int_eq(domctx_diff(from, to, &options, append, &text, &count,
                                 NULL), 0);
    put_raw(&text, "", 1);
    ck_assert_msg(has_text(&text, "grant_status[9]: 0x0008 reading -> "
                                  "0x0000"), "%s", (char *)text.p);
    ck_assert(has_text(&text, "grant[300].page_off: 6 -> 5"));
    ck_assert(has_text(&text, "grant_status[4095]: only in B: 0x0010 "
                              "writing"));
    ck_assert(!has_text(&text, "trans_domid"));
    ck_assert(!has_text(&text, "bytes at"));
    domctx_context_free(from);
    domctx_context_free(to);
    domctx_image_free(left);
    domctx_image_free(right);
    bytes_free(&table);
    bytes_free(&other);
    bytes_free(&b);
    bytes_free(&c);
    bytes_free(&text);
}
END_TEST

#define ROWS(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

int main(void)
{
    Suite *suite = suite_create("json-grants");
    TCase *tcase = tcase_create("grants");

    tcase_add_test(tcase, by_name);
    tcase_add_test(tcase, empty_tables);
    tcase_add_loop_test(tcase, numbers_that_lie, 0, ROWS(lies));
    tcase_add_loop_test(tcase, documents_that_lie, 0, ROWS(edits));
    tcase_add_test(tcase, older_documents);
    tcase_add_loop_test(tcase, selected, 0, ROWS(selections));
    tcase_add_test(tcase, compared);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
