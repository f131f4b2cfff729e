/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which Xen wrote this?  The blob that each release saves, in four kinds of
 * domain, is held against a table that a person can read,
 * tests/data/inferred.txt; WRITE_TABLE=FILE test-infer writes it as it is.
 */
#include "verdict/test-infer.h"

/* -- each release -------------------------------------------------------- */

#define INTEL (SAVER_VIRIDIAN | SAVER_XSAVE | SAVER_MSR | SAVER_SYSCALL | \
               SAVER_X2APIC)
#define AMD (SAVER_VIRIDIAN | SAVER_XSAVE | SAVER_MSR | SAVER_SYSCALL | \
             SAVER_AMD | SAVER_FPU_UNUSED)

static const struct {
    const char *name;
    unsigned int what;
    cat_version from;
} kinds[] = {
    { "plain", 0, CAT_OLDEST },
    { "intel", INTEL, CAT_OLDEST },
    { "amd", AMD, CAT_OLDEST },
    { "pvh", SAVER_PVH | SAVER_SYSCALL, CAT_V(4, 7) },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Lines "KIND RELEASES: RANGES": the releases, one after the other, from
 * the blobs of which the same ranges are inferred. */
struct table {
    char *text;
    size_t size;
    FILE *out;
    const char *kind;
    struct release first, last;
    char ranges[200];
};

static void table_flush(struct table *table)
{
    char first[RELEASE_ROOM], last[RELEASE_ROOM];

    if (!table->ranges[0])
        return;
    release_text(table->first, first);
    release_text(table->last, last);
    fprintf(table->out, "%s %s%s%s: %s\n", table->kind, first,
            strcmp(first, last) ? " to " : "",
            strcmp(first, last) ? last : "", table->ranges);
    table->ranges[0] = '\0';
}

static void table_add(struct table *table, const char *kind,
                      struct release release, const char *ranges)
{
    if (kind != table->kind || strcmp(ranges, table->ranges) != 0) {
        table_flush(table);
        table->kind = kind;
        table->first = release;
        snprintf(table->ranges, sizeof(table->ranges), "%s", ranges);
    }
    table->last = release;
}

/* One release, one kind: its own release is among those inferred. */
static void one(struct table *table, size_t kind, struct release release)
{
    struct bytes b = { 0 };
    struct inferred result;
    char text[RELEASE_ROOM];

    put_saved(&b, release, kinds[kind].what);
    result = infer(&b);
    ck_assert_msg(contains(result.inference, release), "%s of %s: %s",
                  kinds[kind].name, release_text(release, text),
                  domctx_inference_text(result.inference));
    ck_assert(!domctx_inference_contradicts(result.inference));
    expect_only(result.report, NULL);
    table_add(table, kinds[kind].name, release,
              domctx_inference_text(result.inference));
    inferred_free(&result);
    bytes_free(&b);
}

static char *make_table(void)
{
    struct table table = { 0 };

    table.out = open_memstream(&table.text, &table.size);
    ck_assert_ptr_nonnull(table.out);
    for (size_t kind = 0; kind < N_KINDS; kind++)
        for (size_t i = 0; release_series(i); i++)
            for (int point = 0;
                 release_series(i) >= kinds[kind].from &&
                 point <= release_last_point(release_series(i));
                 point++)
                one(&table, kind,
                    (struct release){ release_series(i), (uint8_t)point });
    table_flush(&table);
    fclose(table.out);
    return table.text;
}

/* The table as it is now, where the environment asks for it. */
static void write_table(const char *table)
{
    const char *name = getenv("WRITE_TABLE");
    FILE *file = name ? fopen(name, "w") : NULL;

    ck_assert(!name || file);
    if (file) {
        fputs(table, file);
        fclose(file);
    }
}

START_TEST(every_release)
{
    struct bytes wanted = { 0 };
    char *table = make_table(), *line, *wanted_line, *rest, *wanted_rest;

    write_table(table);
    load_sample(&wanted, "inferred.txt");
    put_raw(&wanted, "", 1);
    line = strtok_r(table, "\n", &rest);
    wanted_line = strtok_r((char *)wanted.p, "\n", &wanted_rest);
    while (line && wanted_line) {
        ck_assert_str_eq(line, wanted_line);
        line = strtok_r(NULL, "\n", &rest);
        wanted_line = strtok_r(NULL, "\n", &wanted_rest);
    }
    ck_assert(!line && !wanted_line);
    bytes_free(&wanted);
    free(table);
}
END_TEST

/* -- real blobs ---------------------------------------------------------- */

START_TEST(samples_of_417)
{
    struct bytes b = { 0 };
    struct inferred result;

    load_sample(&b, samples[_i]);
    result = infer(&b);
    ck_assert_msg(contains(result.inference, RELEASE(4, 17, 7)), "%s: %s",
                  samples[_i], domctx_inference_text(result.inference));
    expect_only(result.report, NULL);
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

/* -- contradictions and bounds ------------------------------------------- */

static const struct {
    struct release release;
    unsigned int what;
    uint32_t typecode;
    const char *field;
    uint64_t value;
    const char *left_out; /* the evidence that is not followed */
} contradictions[] = {
    { RELEASE(4, 17, 0), 0, 2, "msr_flags", 7, "msr-flags" },
    { RELEASE(4, 5, 0), SAVER_MSR, 20, "msr[].index", 0x6e1,
      "load-msr-unknown" },
    { RELEASE(3, 4, 0), 0, 1, "pad0", 1, "gtsc-khz" },
};

START_TEST(contradiction)
{
    const struct domctx_evidence *found;
    struct bytes b = { 0 };
    struct inferred result;

    put_saved(&b, contradictions[_i].release, contradictions[_i].what);
    edit(&b, contradictions[_i].typecode, contradictions[_i].field, 0,
         contradictions[_i].value);
    result = infer(&b);
    ck_assert(domctx_inference_contradicts(result.inference));
    found = evidence_of(result.inference, contradictions[_i].left_out);
    ck_assert_ptr_nonnull(found);
    ck_assert(!found->followed);
    ck_assert(contains(result.inference, contradictions[_i].release));
    expect_only(result.report, "infer-contradiction");
    ck_assert_str_eq(domctx_report_get(result.report, 0)->record,
                     found->record);
    ck_assert_str_eq(domctx_report_get(result.report, 0)->found,
                     found->releases);
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

#define ANY(x, y) { x, y, DOMCTX_POINT_ANY }

static const struct {
    bool has_oldest, has_newest;
    struct domctx_release oldest, newest;
    const char *text;
    bool contradicts;
} bounds[] = {
    { false, false, ANY(0, 0), ANY(0, 0), "4.14 to 4.18.4, 4.19.0 to "
      "4.19.1, 4.20.0", false },
    { true, false, ANY(4, 16), ANY(0, 0), "4.16 to 4.18.4, 4.19.0 to "
      "4.19.1, 4.20.0", false },
    { false, true, ANY(0, 0), ANY(4, 16), "4.14 to 4.16", false },
    { true, true, ANY(4, 15), { 4, 15, 2 }, "4.15.0 to 4.15.2", false },
    { true, true, { 4, 15, 3 }, { 4, 15, 3 }, "4.15.3", false },
    { true, true, ANY(3, 1), ANY(9, 9), "4.14 to 4.18.4, 4.19.0 to 4.19.1, "
      "4.20.0", false },
    /* what the caller says comes first */
    { false, true, ANY(0, 0), ANY(4, 6), "", true },
    { true, false, ANY(5, 0), ANY(0, 0), "4.14 to 4.18.4, 4.19.0 to "
      "4.19.1, 4.20.0", true },
    { true, true, ANY(4, 17), ANY(4, 15), "4.14 to 4.18.4, 4.19.0 to "
      "4.19.1, 4.20.0", true },
};

START_TEST(bounded)
{
    struct bytes b = { 0 };
    struct inferred result;

    put_saved(&b, RELEASE(4, 17, 0), 0);
    result = infer_from(&b, bounds[_i].has_oldest ? &bounds[_i].oldest : NULL,
                        bounds[_i].has_newest ? &bounds[_i].newest : NULL);
    if (*bounds[_i].text)
        ck_assert_str_eq(domctx_inference_text(result.inference),
                         bounds[_i].text);
    ck_assert_int_eq(domctx_inference_contradicts(result.inference),
                     bounds[_i].contradicts);
    ck_assert_int_eq(count_id(result.report, "infer-contradiction") > 0,
                     bounds[_i].contradicts);
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

/* The LDR of a guest goes along with a conversion, so a blob for an older
 * release may have one that its savers never made. */
START_TEST(converted_x2apic)
{
    static const struct domctx_release newest = ANY(4, 16);
    struct bytes b = { 0 };
    struct inferred result;

    put_saved(&b, RELEASE(4, 17, 3), SAVER_X2APIC);
    result = infer(&b);
    ck_assert(evidence_of(result.inference, "x2apic-ldr-id")->followed);
    ck_assert(!contains(result.inference, RELEASE(4, 16, 0)));
    inferred_free(&result);
    result = infer_from(&b, NULL, &newest);
    ck_assert(!evidence_of(result.inference, "x2apic-ldr-id")->followed);
    ck_assert(contains(result.inference, RELEASE(4, 16, 0)));
    expect_only(result.report, NULL);
    inferred_free(&result);
    bytes_free(&b);
}
END_TEST

/* An image, whatever START says, is judged as its blob is; only the claim of
 * a descriptor is gone from the migrated form. */
START_TEST(images_too)
{
    struct bytes b = { 0 };
    struct inferred raw;
    domctx_builder *builder = domctx_builder_image(3, 1);
    domctx_inference *inference;
    domctx_context *context;
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *buf;
    size_t size;

    put_saved(&b, RELEASE(4, 9, 0), SAVER_MSR | SAVER_VIRIDIAN);
    raw = infer(&b);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
    ck_assert_int_eq(_i ? domctx_migrate(builder, hvm, NULL)
                        : domctx_wrap(builder, hvm, NULL), 0);
    ck_assert_int_eq(domctx_builder_take(builder, NULL, false, &buf, &size,
                                         NULL), 0);
    ck_assert_int_eq(domctx_image_parse(buf, size, &image, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    ck_assert_int_eq(domctx_infer(context, NULL, NULL, &inference, NULL), 0);
    ck_assert_int_eq(evidence_of(inference, "msr-length-2") != NULL, !_i);
    ck_assert_ptr_null(evidence_of(inference, "msr-length-right"));
    ck_assert(contains(inference, RELEASE(4, 9, 0)));
    if (!_i)
        ck_assert_str_eq(domctx_inference_text(inference),
                         domctx_inference_text(raw.inference));
    domctx_inference_free(inference);
    domctx_context_free(context);
    domctx_image_free(image);
    domctx_builder_free(builder);
    domctx_hvm_free(hvm);
    free(buf);
    inferred_free(&raw);
    bytes_free(&b);
}
END_TEST

/* -- hostile ------------------------------------------------------------- */

/* Whatever the bytes, if it is a blob there is a range. */
START_TEST(mutations)
{
    uint32_t seed = 88172645u + (uint32_t)_i;
    struct bytes b = { 0 };

    put_saved(&b, RELEASE(4, 9, 0), INTEL);
    for (int n = 0; n < 300; n++) {
        struct domctx_release_range range;
        domctx_hvm *hvm;

        for (int i = 0; i < 4; i++) {
            seed = seed * 1664525u + 1013904223u;
            /* not in HEADER: then it is a blob no more */
            set8(&b, 32 + (seed >> 8) % (b.size - 32), (uint8_t)seed);
        }
        if (domctx_hvm_parse(b.p, b.size, &hvm, NULL) == 0) {
            struct inferred result = infer(&b);

            ck_assert(domctx_inference_range(result.inference, 0, &range));
            inferred_free(&result);
            domctx_hvm_free(hvm);
        } else {
            b.size = 0;
            put_saved(&b, RELEASE(4, 9, 0), INTEL);
        }
    }
    bytes_free(&b);
}
END_TEST

/* -- sets ---------------------------------------------------------------- */

START_TEST(sets_in_words)
{
    struct domctx_releases set = set_from_to(RELEASE(4, 18, 5),
                                         RELEASE(4, 18, 6));
    struct domctx_releases more = set_from_to(SERIES(4, 20), SERIES(4, 22));
    struct domctx_releases none = { 0 };
    char text[64], small[24];

    set_or(&set, &more);
    set_text(&set, text, sizeof(text));
    ck_assert_str_eq(text, "4.18.5 to 4.18.6, 4.20 to 4.22");
    set_text(&set, small, sizeof(small));
    ck_assert_str_eq(small, "4.18.5 to 4.18.6, ...");
    set_text(&none, text, sizeof(text));
    ck_assert_str_eq(text, "none");
    more = set_all();
    set_text(&more, text, sizeof(text));
    ck_assert_str_eq(text, "3.1 to 4.22");
    more = set_from_to(SERIES(4, 17), SERIES(4, 17));
    set_text(&more, text, sizeof(text));
    ck_assert_str_eq(text, "4.17");
    set = set_and(&set, &more);
    ck_assert(set_empty(&set));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

int main(void)
{
    Suite *suite = suite_create("infer");
    TCase *tcase = tcase_create("infer");

    tcase_add_test(tcase, every_release);
    tcase_add_loop_test(tcase, samples_of_417, 0, (int)n_samples);
    tcase_add_loop_test(tcase, contradiction, 0, COUNT(contradictions));
    tcase_add_loop_test(tcase, bounded, 0, COUNT(bounds));
    tcase_add_test(tcase, converted_x2apic);
    tcase_add_loop_test(tcase, images_too, 0, 2);
    tcase_add_loop_test(tcase, mutations, 0, 4);
    tcase_add_test(tcase, sets_in_words);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
