/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON in and out, and PROVENANCE. */
#include "support.h"

#include "base/json.h"

/* -- the layer --------------------------------------------------------- */

static int copy(void *arg, const struct json_token *token)
{
    json_put(arg, token);
    return 0;
}

/* What the parser makes of a text, written again; NULL: refused. */
static const struct {
    const char *text, *again;
} texts[] = {
    { "{}", "{}" },
    { " [ 1 , -2.5e3 , true , false , null ] ", "[1,-2.5e3,true,false,null]" },
    { "{\"a\":{\"b\":[{},[]]},\"c\":\"\"}",
      "{\"a\":{\"b\":[{},[]]},\"c\":\"\"}" },
    { "\"\\u00e4\\n\\\"\\\\\\/\"", "\"\xc3\xa4\\u000a\\\"\\\\/\"" },
    { "123456789012345678901234567890", "123456789012345678901234567890" },
    { "", NULL }, { "{", NULL }, { "{}x", NULL }, { "[1,]", NULL },
    { "{\"a\"}", NULL }, { "{a:1}", NULL }, { "// x\n1", NULL },
    { "\"\x01\"", NULL }, { "\"\xff\"", NULL }, { "01", NULL },
    { "[1 2]", NULL }, { "nul", NULL },
};

static void check_text(int i)
{
    struct json_writer writer;
    struct json_error error;
    enum json_result result;
    char *again;

    json_begin(&writer, false);
    result = json_parse(texts[i].text, strlen(texts[i].text), copy, &writer,
                        &error);
    again = json_take(&writer);
    if (texts[i].again) {
        ck_assert_int_eq(result, JSON_OK);
        ck_assert_str_eq(again, texts[i].again);
    } else {
        ck_assert_int_eq(result, JSON_SYNTAX);
        ck_assert_uint_gt(strlen(error.text), 0);
        ck_assert_ptr_null(strchr(error.text, '\n'));
    }
    free(again);
}

static size_t refused_at(const char *text, size_t size)
{
    struct json_writer writer;
    struct json_error error;

    json_begin(&writer, false);
    ck_assert_int_eq(json_parse(text, size, copy, &writer, &error),
                     JSON_SYNTAX);
    free(json_take(&writer));
    return error.offset;
}

/* A text that was cut is wrong at its end, another where the fault is. */
START_TEST(where_it_is_wrong)
{
    static const char text[] = "{\"a\": [12, true], \"b\": \"x\"} ";

    for (size_t size = 0; size < sizeof(text) - 2; size++)
        ck_assert_uint_eq(refused_at(text, size), size);
    ck_assert_uint_eq(refused_at("[1,    ", 7), 7);
    ck_assert_uint_le(refused_at("[1,]    ", 8), 4);
}
END_TEST

START_TEST(depth_is_limited)
{
    for (unsigned int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1;
         depth++) {
        struct bytes b = { 0 };
        struct json_writer writer;
        struct json_error error;
        char *again;

        for (unsigned int i = 0; i < depth; i++)
            put_raw(&b, "[", 1);
        for (unsigned int i = 0; i < depth; i++)
            put_raw(&b, "]", 1);
        json_begin(&writer, false);
        ck_assert_int_eq(json_parse(b.p, b.size, copy, &writer, &error),
                         depth > JSON_DEPTH_MAX ? JSON_SYNTAX : JSON_OK);
        again = json_take(&writer);
        free(again);
        bytes_free(&b);
    }
}
END_TEST

START_TEST(a_hundred_thousand_brackets)
{
    struct bytes b = { 0 };
    struct json_writer writer;
    struct json_error error;

    for (int i = 0; i < 100000; i++)
        put_raw(&b, "[", 1);
    json_begin(&writer, false);
    ck_assert_int_eq(json_parse(b.p, b.size, copy, &writer, &error),
                     JSON_SYNTAX);
    free(json_take(&writer));
    bytes_free(&b);
}
END_TEST

START_TEST(a_spaced_text)
{
    struct json_writer writer;
    char *text;

    json_begin(&writer, true);
    json_put_mark(&writer, JSON_OBJECT);
    json_put_key(&writer, "a");
    json_put_u64(&writer, UINT64_MAX);
    json_put_key(&writer, "b");
    json_put_mark(&writer, JSON_ARRAY);
    json_put_hex(&writer, 255);
    json_put_mark(&writer, JSON_TRUE);
    json_put_mark(&writer, JSON_ARRAY_END);
    json_put_key(&writer, "c");
    json_put_mark(&writer, JSON_OBJECT);
    json_put_mark(&writer, JSON_OBJECT_END);
    json_put_mark(&writer, JSON_OBJECT_END);
    text = json_take(&writer);
    ck_assert_str_eq(text, "{\n  \"a\": 18446744073709551615,\n"
                           "  \"b\": [\n    \"0xff\",\n    true\n  ],\n"
                           "  \"c\": {}\n}");
    free(text);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_are_replaced)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "\xff", "\"\xef\xbf\xbd\"" },
        { "a\xc3", "\"a\xef\xbf\xbd\"" },
        { "\xc3\xa4", "\"\xc3\xa4\"" },
        { "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
        { "\xf4\x90\x80\x80x",
          "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx\"" },
        { "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
        { "\t\x7f", "\"\\u0009\\u007f\"" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_writer writer;
        char *text;

        json_begin(&writer, false);
        json_put_string(&writer, rows[i].in);
        text = json_take(&writer);
        ck_assert_str_eq(text, rows[i].out);
        free(text);
    }
}
END_TEST

/* -- PROVENANCE -------------------------------------------------------- */

static domctx_image *image_with(struct bytes *b, const char *json)
{
    domctx_image *image;

    bytes_free(b);
    put_start(b, 4, 17);
    put_end(b);
    if (json)
        put_record(b, DOMCTX_PROVENANCE, 0, json, strlen(json));
    ck_assert_int_eq(domctx_image_parse(b->p, b->size, &image, NULL), 0);
    return image;
}

START_TEST(all_members_come_back)
{
    struct domctx_provenance in = {
        .tool = "xl-context 0.1", .host = "a\"host\"", .time = "2026-01-02",
        .domain_name = "d\xc3\xb6m", .uuid = "0-1-2", .has_domid = true,
        .domid = UINT32_MAX, .has_cpu_time = true,
        .cpu_time_ns = UINT64_MAX - 1, .xen_version = "4.17.7",
        .xen_changeset = "\\", .source = "live",
    }, out;
    struct bytes b = { .big = _i };
    domctx_image *image;
    char *json = domctx_provenance_json(&in);

    image = image_with(&b, json);
    ck_assert_int_eq(domctx_image_provenance(image, &out, NULL), 1);
    ck_assert_str_eq(in.tool, out.tool);
    ck_assert_str_eq(in.host, out.host);
    ck_assert_str_eq(in.time, out.time);
    ck_assert_str_eq(in.domain_name, out.domain_name);
    ck_assert_str_eq(in.uuid, out.uuid);
    ck_assert_str_eq(in.xen_version, out.xen_version);
    ck_assert_str_eq(in.xen_changeset, out.xen_changeset);
    ck_assert_str_eq(in.source, out.source);
    ck_assert(out.has_domid && out.domid == in.domid);
    ck_assert(out.has_cpu_time && out.cpu_time_ns == in.cpu_time_ns);
    free(json);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

START_TEST(what_is_not_known_is_left_out)
{
    struct domctx_provenance in = { .tool = "t" }, out;
    struct bytes b = { 0 };
    domctx_image *image;
    char *json = domctx_provenance_json(&in);

    ck_assert_str_eq(json, "{\"tool\":\"t\"}");
    image = image_with(&b, json);
    ck_assert_int_eq(domctx_image_provenance(image, &out, NULL), 1);
    ck_assert(!out.has_domid && !out.has_cpu_time);
    ck_assert_str_eq(out.uuid, "");
    domctx_image_free(image);
    free(json);
    image = image_with(&b, NULL);
    ck_assert_int_eq(domctx_image_provenance(image, &out, NULL), 0);
    domctx_image_free(image);
    bytes_free(&b);
}
END_TEST

static const struct {
    const char *json;
    bool good;
    uint64_t cpu_time;
} members[] = {
    { "{\"cpu_time_ns\":\"0x10\"}", true, 16 },
    { "{\"cpu_time_ns\":16}", true, 16 },
    { "{\"cpu_time_ns\":18446744073709551615}", true, UINT64_MAX },
    { "{\"cpu_time_ns\":18446744073709551616}", false, 0 },
    { "{\"cpu_time_ns\":\"0x10000000000000000\"}", false, 0 },
    { "{\"cpu_time_ns\":\"0x\"}", false, 0 },
    { "{\"cpu_time_ns\":\"10\"}", false, 0 },
    { "{\"cpu_time_ns\":\"0x-1\"}", false, 0 },
    { "{\"cpu_time_ns\":-1}", false, 0 },
    { "{\"cpu_time_ns\":1.5}", false, 0 },
    { "{\"cpu_time_ns\":1e3}", false, 0 },
    { "{\"cpu_time_ns\":null}", false, 0 },
    { "{\"cpu_time_ns\":[1]}", false, 0 },
    { "{\"cpu_time_ns\":1,\"cpu_time_ns\":1}", false, 0 },
    { "{\"domid\":4294967296}", false, 0 },
    { "{\"domid\":true}", false, 0 },
    { "{\"uuid\":7}", false, 0 },
    { "{\"uuid\":{}}", false, 0 },
    { "{\"uuid\":\"a\\u0000b\"}", false, 0 },
    { "{\"uuid\":\"0123456789012345678901234567890123456789\"}", false, 0 },
    { "{\"uuid\":\"012345678901234567890123456789012345678\"}", true, 0 },
    { "{\"else\":{\"uuid\":7},\"uuid\":\"x\"}", true, 0 },
    { "{\"else\":[{\"domid\":[]}]}", true, 0 },
};

static void check_member(int i)
{
    struct bytes b = { 0 };
    domctx_image *image = image_with(&b, members[i].json);
    domctx_report *report = domctx_report_new();
    struct domctx_provenance out;

    ck_assert_int_eq(domctx_image_provenance(image, &out, report),
                     members[i].good ? 1 : -1);
    expect_only(report, members[i].good ? NULL : "provenance-member");
    if (members[i].good)
        ck_assert(out.cpu_time_ns == members[i].cpu_time);
    domctx_report_free(report);
    domctx_image_free(image);
    bytes_free(&b);
}

/* A conversion: what was there, and what it becomes; NULL: refused. */
static const struct {
    const char *before, *after;
} conversions[] = {
    { NULL, "{\"source\":\"hvm\",\"history\":[E]}" },
    { "{}", "{\"history\":[E]}" },
    { "{\"uuid\":\"u\",\"x\":{\"history\":[1]}}",
      "{\"uuid\":\"u\",\"x\":{\"history\":[1]},\"history\":[E]}" },
    { "{\"history\":[],\"domid\":1}", "{\"history\":[E],\"domid\":1}" },
    { "{\"history\":[{\"what\":\"a\"},[1]],\"y\":0.10}",
      "{\"history\":[{\"what\":\"a\"},[1],E],\"y\":0.10}" },
    { "{\"history\":1}", NULL },
    { "{\"history\":{}}", NULL },
    { "{\"history\":\"x\"}", NULL },
    { "{\"history\":[],\"history\":[]}", NULL },
};

static void check_conversion(int i)
{
    static const char entry[] =
        "{\"what\":\"w\",\"tool\":\"t\",\"time\":\"n\"}";
    struct bytes b = { 0 }, want = { 0 };
    domctx_image *image = image_with(&b, conversions[i].before);
    domctx_report *report = domctx_report_new();
    const struct domctx_provenance origin = { .source = "hvm" };
    const char *after = conversions[i].after;
    char *json = domctx_provenance_convert(image, &origin, "t", "n", "w",
                                           report);

    if (!after) {
        ck_assert_ptr_null(json);
        expect_only(report, "provenance-history");
    } else {
        for (; *after; after++)
            put_raw(&want, *after == 'E' ? entry : after,
                    *after == 'E' ? sizeof(entry) - 1 : 1);
        put_zero(&want, 1);
        ck_assert_str_eq(json, (const char *)want.p);
        expect_only(report, NULL);
    }
    free(json);
    domctx_report_free(report);
    domctx_image_free(image);
    bytes_free(&want);
    bytes_free(&b);
}

START_TEST(a_conversion_of_no_image)
{
    const struct domctx_provenance origin = {
        .domain_name = "d", .domain_type = "hvm", .source = "xend",
    };
    char *json = domctx_provenance_convert(NULL, &origin, "t", "n", "w",
                                           NULL);

    ck_assert_str_eq(json, "{\"domain_name\":\"d\",\"domain_type\":\"hvm\","
                           "\"source\":\"xend\",\"history\":[{\"what\":"
                           "\"w\",\"tool\":\"t\",\"time\":\"n\"}]}");
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("provenance");
    TCase *tc = tcase_create("json");

    for (int i = 0; i < (int)(sizeof(texts) / sizeof(texts[0])); i++)
        add_named(tc, check_text, i, "text-%d", i);
    tcase_add_test(tc, where_it_is_wrong);
    tcase_add_test(tc, depth_is_limited);
    tcase_add_test(tc, a_hundred_thousand_brackets);
    tcase_add_test(tc, a_spaced_text);
    tcase_add_test(tc, bytes_that_are_no_utf8_are_replaced);
    suite_add_tcase(suite, tc);
    tc = tcase_create("provenance");
    tcase_add_loop_test(tc, all_members_come_back, 0, 2);
    tcase_add_test(tc, what_is_not_known_is_left_out);
    for (int i = 0; i < (int)(sizeof(members) / sizeof(members[0])); i++)
        add_named(tc, check_member, i, "member-%d", i);
    for (int i = 0;
         i < (int)(sizeof(conversions) / sizeof(conversions[0])); i++)
        add_named(tc, check_conversion, i, "conversion-%d", i);
    tcase_add_test(tc, a_conversion_of_no_image);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
