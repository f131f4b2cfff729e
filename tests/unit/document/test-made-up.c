/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A record that no Xen has, with three fields, is one row of a table: what
 * shows contexts follows.
 *
 * The table here takes the place of the catalogue's own: a program that
 * defines cat_table leaves that object of the library out.
 */
#include "document/json-support.h"

#include <catalogue/rows.h>

#define MADE_UP 21

LOCAL_NAMES(names_mood, FLAG(0, "awake"), FLAG(3, "hungry"),
            IS(4, 2, 2, "sleepy"));

static const struct cat_layout header_layouts[] = { LAYOUT_SINCE(24, 3, 1) };
static const struct cat_layout made_up_layouts[] = {
    LAYOUT_SINCE(24, 4, 0),
};
static const struct cat_field made_up_fields[] = {
    FIELD("mood",       0, 4, FLAGS, 0, ALWAYS, NAMED(mood)),
    FIELD("offset",     8, 8, SIGNED, 0, ALWAYS),
    ARRAY("bite[].size", 16, 2, 4, 2, DEC, 0, ALWAYS),
};

const struct cat_record cat_table[] = {
    { 1, "HEADER", "HVM_HEADER", 0, 1, CAT_V(3, 1), ROWS(header_layouts),
      NULL, 0 },
    { MADE_UP, "MADE_UP", "HVM_MADE_UP", 0, 1, CAT_V(4, 0),
      ROWS(made_up_layouts), ROWS(made_up_fields) },
};
const size_t cat_table_size = sizeof(cat_table) / sizeof(cat_table[0]);

/* A blob with one such record. */
static void put_blob(struct bytes *b)
{
    put_hvm_header(b);
    put_hvm_zeros(b, MADE_UP, 0, 24);
    set32(b, 40, 0x29);
    set64(b, 48, UINT64_MAX - 4);
    set8(b, 58, 7);
    set8(b, 61, 1);
    put_hvm_end(b);
}

static int take(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

static char *text_of(const struct domctx_text_options *options)
{
    struct bytes b = { 0 }, text = { 0 };
    domctx_context *context;
    domctx_hvm *hvm;

    put_blob(&b);
    hvm = hvm_taken(&b, NULL);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context, NULL),
                     0);
    ck_assert_int_eq(domctx_text(context, options, take, &text, NULL), 0);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    bytes_free(&b);
    put_raw(&text, "", 1);
    return (char *)text.p;
}

START_TEST(whole_record)
{
    char *text = text_of(&(struct domctx_text_options){
        .record = "MADE_UP" });

    ck_assert_str_eq(text,
                     "\nMADE_UP/0  24 bytes at 0x28\n"
                     "  mood              0x00000029 awake hungry sleepy\n"
                     "  offset            -5\n"
                     "  bite[0]           all zero\n"
                     "  bite[1].size      7\n"
                     "  bite[2].size      256\n"
                     "  bite[3]           all zero\n");
    free(text);
}
END_TEST

START_TEST(one_field)
{
    char *text = text_of(&(struct domctx_text_options){
        .field = "bite[1].size" });

    ck_assert_str_eq(text, "MADE_UP/0 bite[1].size 7\n");
    free(text);
    text = text_of(&(struct domctx_text_options){ .field = "mood" });
    ck_assert_str_eq(text,
                     "MADE_UP/0 mood 0x00000029 awake hungry sleepy\n");
    free(text);
}
END_TEST

START_TEST(list)
{
    char *text = text_of(&(struct domctx_text_options){ .list = true });

    ck_assert_ptr_nonnull(strstr(text, "0x00000015  MADE_UP  "));
    free(text);
}
END_TEST

/* To JSON, and an edit of it back. */
START_TEST(json)
{
    struct bytes b = { 0 }, text = { 0 };
    domctx_hvm *hvm;

    put_blob(&b);
    hvm = hvm_taken(&b, NULL);
    hvm_round_trip(hvm, true, 4, 17, &b, false);
    json_of_hvm(hvm, true, 4, 17, &text);
    text_replace(&text, "\"record\": \"MADE_UP\",\n"
                        "      \"instance\": 0,\n"
                        "      \"length\": 24,\n"
                        "      \"mood\": 41,\n"
                        "      \"offset\": \"0xfffffffffffffffb\",\n"
                        "      \"bite\": [\n"
                        "        {\"size\": 0},\n"
                        "        {\"size\": 7},\n",
                 "\"record\": \"MADE_UP\", \"instance\": 0, \"length\": 24,"
                 "\"mood\": 9, \"offset\": \"0x0\","
                 "\"bite\": [{\"size\": 1}, {\"size\": 65535},");
    set32(&b, 40, 9);
    set64(&b, 48, 0);
    set8(&b, 56, 1);
    set8(&b, 58, 0xff);
    set8(&b, 59, 0xff);
    json_gives(&text, b.p, b.size);
    text_replace(&text, "65535", "65536");
    json_refused(&text, "json-range", "$.records[1].bite[1].size");
    domctx_hvm_free(hvm);
    bytes_free(&text);
    bytes_free(&b);
}
END_TEST

START_TEST(schema)
{
    struct bytes text = { 0 };

    ck_assert_int_eq(domctx_json_schema(take, &text, NULL), 0);
    put_raw(&text, "", 1);
    ck_assert_ptr_nonnull(strstr((char *)text.p,
                                 "\"length\", \"mood\", \"offset\", "
                                 "\"bite\"]"));
    ck_assert_ptr_nonnull(strstr((char *)text.p,
                                 "\"const\": \"MADE_UP\""));
    ck_assert_ptr_null(strstr((char *)text.p, "LAPIC"));
    bytes_free(&text);
}
END_TEST

/* A context of two such blobs, one of them changed, in text. */
static uint64_t differences(bool change, const char *ignore,
                            struct bytes *text)
{
    const struct domctx_diff_options options = { .ignore = ignore };
    struct bytes b[2] = { { 0 }, { 0 } };
    domctx_context *context[2];
    domctx_hvm *hvm[2];
    uint64_t count = 99;

    for (int i = 0; i < 2; i++) {
        put_blob(&b[i]);
        if (i == 1 && change) {
            set32(&b[i], 40, 0x28);
            set8(&b[i], 58, 8);
        }
        hvm[i] = hvm_taken(&b[i], NULL);
        ck_assert_int_eq(domctx_context_of_hvm(hvm[i], true, 4, 17,
                                               &context[i], NULL), 0);
    }
    text->size = 0;
    ck_assert_int_eq(domctx_diff(context[0], context[1], &options, take,
                                 text, &count, NULL), 0);
    put_raw(text, "", 1);
    for (int i = 0; i < 2; i++) {
        domctx_context_free(context[i]);
        domctx_hvm_free(hvm[i]);
        bytes_free(&b[i]);
    }
    return count;
}

START_TEST(diff)
{
    struct bytes text = { 0 };

    ck_assert_uint_eq(differences(false, NULL, &text), 0);
    ck_assert_uint_eq(differences(true, NULL, &text), 2);
    ck_assert_ptr_nonnull(strstr(
        (char *)text.p,
        "\nMADE_UP/0 mood: 0x00000029 awake hungry sleepy -> 0x00000028 "
        "hungry sleepy\nMADE_UP/0 bite[1].size: 7 -> 8\n"));
    ck_assert_uint_eq(differences(true, "MADE_UP.mood", &text), 1);
    ck_assert_uint_eq(differences(true, "bite[].size,mood", &text), 0);
    bytes_free(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("made up");
    TCase *tcase = tcase_create("text");

    tcase_add_test(tcase, whole_record);
    tcase_add_test(tcase, one_field);
    tcase_add_test(tcase, list);
    tcase_add_test(tcase, json);
    tcase_add_test(tcase, schema);
    tcase_add_test(tcase, diff);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
