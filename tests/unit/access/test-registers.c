/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers that are wider than a field, by their names: read, set, compared
 * and as JSON, in XSAVE areas of every kind. */
#include "access/access-support.h"

#include "context/registers.h"
#include "context/xsave-area.h"

#define XSAVE 16
#define COMPACTED (UINT64_C(1) << 63)

static uint64_t seed;

static uint64_t any(void)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return seed >> 29 | seed << 35;
}

/* -- areas ------------------------------------------------------------- */

static const uint64_t components[] = {
    0, 1, 2, 3, 7, 0x1f, 0xe7, 0x2e7, 0x207, 0x602ff, 0x80007,
    (UINT64_C(1) << 62) | 7, (UINT64_C(1) << 40) | 7,
};
#define N_COMPONENTS (sizeof(components) / sizeof(components[0]))

/* Lengths around the ends of components, and others. */
static const uint16_t lengths[] = {
    600, 601, 607, 855, 856, 857, 983, 984, 1000, 1112, 2456, 2464, 2712,
    2720, 11032,
};
#define N_LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

/* A blob with one CPU_XSAVE of components, in one of four ways. */
static void put_area(struct bytes *b, uint64_t accum, uint32_t length,
                     uint64_t in_use, uint64_t comp)
{
    struct bytes body = { 0 };

    for (uint32_t i = 0; i < length; i += 8)
        put64(&body, any());
    body.size = length;
    if (length >= 24) {
        set64(&body, 0, accum); /* no host with more: AMX names releases */
        set64(&body, 16, accum);
    }
    if (length >= 552) {
        set64(&body, 536, in_use);
        set64(&body, 544, comp);
    }
    put_hvm_header(b);
    put_hvm_zeros(b, 2, 0, 1032);
    put_hvm(b, XSAVE, 0, body.p, length);
    put_hvm_end(b);
    bytes_free(&body);
}

static void put_any_area(struct bytes *b, int i)
{
    uint64_t accum = components[(size_t)i % N_COMPONENTS];
    uint64_t in_use = i % 3 ? accum & any() : accum;
    uint32_t length = lengths[any() % N_LENGTHS];

    if (i % 7 == 0)
        accum = any();
    if (i % 11 == 0)
        length = (uint32_t)(any() % 1200);
    put_area(b, accum, length, in_use,
             i % 5 == 0   ? COMPACTED | accum
             : i % 5 == 1 ? any()
                          : 0);
}

/* -- what there is of them --------------------------------------------- */

/* The names of the record, and in how many of them the context has a value;
 * each of those twice as many digits as bytes. */
static size_t count_there(const domctx_context *context)
{
    uint8_t value[DOMCTX_WIDE_ROOM];
    char name[REGISTER_NAME_ROOM], text[DOMCTX_VALUE_ROOM];
    size_t size, count = 0;

    for (size_t at = 0; register_name(cat_record(XSAVE), &at, name);) {
        domctx_report *report = domctx_report_new();

        if (domctx_field_wide(context, "CPU_XSAVE", 0, name, value, &size,
                              report) == 0) {
            expect_only(report, NULL);
            ck_assert_int_eq(domctx_field_text(context, "CPU_XSAVE", 0, name,
                                               text, sizeof(text), NULL), 0);
            ck_assert_uint_eq(strlen(text), 2 + 2 * size);
            count++;
        } else {
            expect_only(report, "select-field");
            ck_assert_uint_eq(size, 0);
        }
        domctx_report_free(report);
    }
    return count;
}

/* Standard form: st and xmm 24; AVX twice 16 (ymm0, ymm0_high). */
static const struct {
    uint64_t accum, comp;
    uint32_t length;
    size_t registers;
} there[] = {
    { 3, 0, 600, 24 },
    { 7, 0, 600, 24 },
    { 7, 0, 855, 24 },
    { 7, 0, 856, 56 },
    { 3, 0, 856, 24 },
    { 0x207, 0, 2720, 57 },
    { 0x207, 0, 2464, 57 },                  /* a Zen 3's place */
    { 0xe7, 0, 2712, 56 + 8 + 32 + 16 },     /* k, zmm0-15 and high, 16-31 */
    { 0x1f, 0, 1112, 56 + 4 + 2 },
    { 7, COMPACTED | 7, 856, 56 },
    { 7, COMPACTED | 3, 856, 24 },
    { 3, COMPACTED | 0x203, 608, 25 },       /* PKRU comes first then */
    { 3, COMPACTED | 0x203, 607, 24 },
};

START_TEST(as_many_as_there_are)
{
    struct bytes b = { 0 };
    domctx_context *context;

    put_area(&b, there[_i].accum, there[_i].length, 0, there[_i].comp);
    context = opened_417(&b);
    ck_assert_uint_eq(count_there(context), there[_i].registers);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* -- setting and comparing --------------------------------------------- */

struct said {
    char text[4096];
    size_t size;
};

static int say(void *arg, const char *text, size_t size)
{
    struct said *said = arg;

    ck_assert_uint_lt(said->size + size, sizeof(said->text));
    memcpy(said->text + said->size, text, size);
    said->size += size;
    said->text[said->size] = '\0';
    return 0;
}

/* A value that differs from the present one in every byte. */
static void other_value(const domctx_context *context, const char *name,
                        uint8_t value[DOMCTX_WIDE_ROOM], size_t *size)
{
    ck_assert_int_eq(domctx_field_wide(context, "CPU_XSAVE", 0, name, value,
                                       size, NULL), 0);
    for (size_t i = 0; i < *size; i++)
        value[i] ^= (uint8_t)(1 + any() % 255);
}

/* diff has one line for it, whole, besides the components in use. */
static void expect_diff(const domctx_context *before,
                        const domctx_context *after, const char *name,
                        const char *text)
{
    struct domctx_diff_options options = {
        .lines = true,
    };
    struct said said = { .size = 0 };
    char line[300];
    uint64_t count;

    ck_assert_int_eq(domctx_diff(before, after, &options, say, &said, &count,
                                 NULL), 0);
    snprintf(line, sizeof(line), "CPU_XSAVE/0 %s: 0x", name);
    ck_assert_msg(strstr(said.text, line), "%s: %s", name, said.text);
    snprintf(line, sizeof(line), " -> %s\n", text);
    ck_assert_msg(strstr(said.text, line), "%s: %s", name, said.text);
    ck_assert_msg(count == 1, "%s: %s", name, said.text);
}

static void set_one(const domctx_context *context, const char *name)
{
    uint8_t value[DOMCTX_WIDE_ROOM], now[DOMCTX_WIDE_ROOM];
    char number[REGISTER_TEXT_ROOM], assign[300];
    domctx_context *changed;
    struct bytes b = { 0 };
    domctx_edit *edit;
    size_t size, again;

    other_value(context, name, value, &size);
    snprintf(assign, sizeof(assign), "CPU_XSAVE/0.%s=%s", name,
             register_text(value, size, number));
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, assign, NULL), 0);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &b.p, &b.size, NULL), 0);
    changed = opened_417(&b);
    ck_assert_int_eq(domctx_field_wide(changed, "CPU_XSAVE", 0, name, now,
                                       &again, NULL), 0);
    ck_assert_uint_eq(size, again);
    ck_assert_mem_eq(value, now, sizeof(now));
    /* what is part of another is told by that name */
    if (!strstr(name, "_high"))
        expect_diff(context, changed, name, number);
    domctx_context_free(changed);
    domctx_edit_free(edit);
    free(b.p);
}

START_TEST(each_is_set)
{
    struct bytes b = { 0 };
    domctx_context *context;
    char name[REGISTER_NAME_ROOM];
    uint8_t value[DOMCTX_WIDE_ROOM];
    size_t size;

    /* all in use: a component that was not would begin as zeros */
    put_area(&b, there[_i].accum, there[_i].length, UINT64_MAX >> 1,
             there[_i].comp);
    set64(&b, b.size - 8 - there[_i].length + 536,
          there[_i].accum | (there[_i].comp & ~COMPACTED));
    context = opened_417(&b);
    for (size_t at = 0; register_name(cat_record(XSAVE), &at, name);)
        if (domctx_field_wide(context, "CPU_XSAVE", 0, name, value, &size,
                              NULL) == 0)
            set_one(context, name);
    domctx_context_free(context);
    bytes_free(&b);
}
END_TEST

/* A component in its initial state begins with that. */
START_TEST(what_was_not_in_use)
{
    struct bytes b = { 0 }, c = { 0 };
    domctx_context *context, *changed;
    domctx_edit *edit;

    put_area(&b, 7, 856, 0, 0);
    context = opened_417(&b);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, "CPU_XSAVE.ymm3=0x1", NULL), 0);
    ck_assert_int_eq(domctx_edit_assign(edit, "CPU_XSAVE.st1=0x2", NULL), 0);
    /* 2^64 + 3 */
    ck_assert_int_eq(domctx_edit_assign(
                         edit, "CPU_XSAVE.ymm5=18446744073709551619", NULL),
                     0);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &c.p, &c.size, NULL), 0);
    changed = opened_417(&c);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0,
                               "save_area.fpu_sse.xmm[10]"), 3);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0,
                               "save_area.fpu_sse.xmm[11]"), 1);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0, "xstate_bv"), 7);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0, "fcw"), 0x37f);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0, "ftw"), 0);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0,
                               "save_area.fpu_sse.xmm[6]"), 1);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0,
                               "save_area.fpu_sse.xmm[8]"), 0);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0, "st_mantissa[1]"), 2);
    ck_assert_uint_eq(value_of(changed, "CPU_XSAVE", 0, "st_mantissa[0]"), 0);
    domctx_context_free(changed);
    domctx_edit_free(edit);
    domctx_context_free(context);
    free(c.p);
    bytes_free(&b);
}
END_TEST

/* -- JSON -------------------------------------------------------------- */

static int append(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

/* What is said of a record that no release would save is no matter here. */
static domctx_context *opened_odd(const struct bytes *b)
{
    static const struct domctx_open_options options = {
        .has_xen = true, .force = true, .xen = { 4, 17, DOMCTX_POINT_ANY },
    };
    domctx_context *context;

    ck_assert_int_eq(domctx_open_memory(b->p, b->size, &options, &context,
                                        NULL), 0);
    return context;
}

/* To it and back, and ymm_high is there where AVX is. */
START_TEST(any_area_as_json)
{
    struct bytes b = { 0 }, text = { 0 };
    struct xsave_area area;
    const struct context_record *record;
    domctx_context *context;
    uint8_t *buf;
    size_t size;
    bool has;

    seed = (uint64_t)_i;
    for (int i = 0; i < rounds_of(400); i++, b.size = text.size = 0) {
        put_any_area(&b, i);
        context = opened_odd(&b);
        ck_assert_int_eq(domctx_json_write(context, append, &text, NULL), 0);
        put_raw(&text, "", 1);
        record = context_find(context, DOMCTX_HVM_RECORD(XSAVE), 0);
        has = record->layout && record->layout->length == 600 &&
              xsave_area(record, record->layout, &area) &&
              area.present & XSAVE_YMM && record->length >= 856;
        ck_assert_int_eq(strstr((char *)text.p, "\"ymm_high\"") != NULL, has);
        ck_assert_int_eq(domctx_json_read(text.p, text.size - 1, &buf, &size,
                                          NULL), 0);
        ck_assert_uint_eq(size, b.size);
        ck_assert_mem_eq(buf, b.p, size);
        free(buf);
        domctx_context_free(context);
    }
    bytes_free(&text);
    bytes_free(&b);
}
END_TEST

/* A document of the schema before, kept since: the same bytes. */
START_TEST(documents_from_before)
{
    struct bytes text = { 0 }, blob = { 0 };
    uint8_t *buf;
    size_t size;

    load_sample(&text, "xl-context-1.json");
    load_sample(&blob, "xen-4.17-hvm2.ctx");
    ck_assert_int_eq(domctx_json_read(text.p, text.size, &buf, &size, NULL),
                     0);
    ck_assert_uint_eq(size, blob.size);
    ck_assert_mem_eq(buf, blob.p, size);
    free(buf);
    bytes_free(&text);
    bytes_free(&blob);
}
END_TEST

/* What only one of the two schemas has, and what has no room. */
static const struct {
    const char *sample, *old, *new_text, *id, *place;
} wrong[] = {
    { "xl-context-1.json", "\"tail\"", "\"ymm_high\": [], \"tail\"",
      "json-member-unknown", ".ymm_high" },
    { "xl-context-1.json", "xl-context-1", "xl-context-2",
      "json-member-unknown", ".fpu_regs.st_mantissa" },
    { NULL, "xl-context-2", "xl-context-1", "json-member-unknown",
      ".fpu_regs.st" },
    { NULL, "\"ymm_high\": [\"0x", "\"ymm_high\": [\"0x1", "json-range",
      ".ymm_high[0]" },
    { NULL, "\"ymm_high\": [", "\"ymm_high\": [\"0x0\", ", "json-count",
      ".ymm_high[16]" },
    { NULL, "\"ymm_high\": [", "\"ymm_high\": 3, \"x\": [", "json-member",
      ".x" },
    { NULL, "\"length\": 856", "\"length\": 855", "json-length",
      ".length" },
};

static void replace(struct bytes *text, const char *old, const char *new_text)
{
    char *at, *rest;

    put_raw(text, "", 1);
    at = strstr((char *)text->p, old);
    ck_assert_msg(at, "no %s", old);
    rest = strdup(at + strlen(old));
    text->size = (size_t)(at - (char *)text->p);
    put_raw(text, new_text, strlen(new_text));
    put_raw(text, rest, strlen(rest));
    free(rest);
}

START_TEST(what_is_wrong)
{
    struct bytes text = { 0 }, b = { 0 };
    domctx_report *report = domctx_report_new();
    const struct domctx_finding *found;
    uint8_t *buf;
    size_t size;

    if (wrong[_i].sample) {
        load_sample(&text, wrong[_i].sample);
    } else {
        put_area(&b, 7, 856, 7, 0);
        put_json_of(&text, &b);
    }
    replace(&text, wrong[_i].old, wrong[_i].new_text);
    ck_assert_int_lt(domctx_json_read(text.p, text.size, &buf, &size, report),
                     0);
    found = domctx_report_get(report, 0);
    ck_assert_ptr_nonnull(found);
    ck_assert_msg(strncmp(found->id, wrong[_i].id, strlen(wrong[_i].id)) == 0,
                  "%s", found->id);
    ck_assert_msg(strstr(found->text, wrong[_i].place), "%s", found->text);
    domctx_report_free(report);
    bytes_free(&text);
    bytes_free(&b);
}
END_TEST

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

int main(void)
{
    Suite *suite = suite_create("registers");
    TCase *tcase = tcase_create("registers");

    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, as_many_as_there_are, 0, ROWS(there));
    tcase_add_loop_test(tcase, each_is_set, 0, ROWS(there));
    tcase_add_test(tcase, what_was_not_in_use);
    tcase_add_loop_test(tcase, any_area_as_json, 0, 5);
    tcase_add_test(tcase, documents_from_before);
    tcase_add_loop_test(tcase, what_is_wrong, 0, ROWS(wrong));
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
