/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory runs short: for each public function that allocates, the first
 * allocation fails, then the second, and so on until all succeed.  Each time
 * an error must come, nothing may crash, nothing may leak.
 *
 * The linker hands every malloc, calloc, realloc and free of the library to
 * the functions below (--wrap).
 */
#include "document/json-support.h"
#include "container/source-support.h"

#include "base/messages.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

static bool watching;    /* only what happens in a scenario counts */
static long countdown;   /* allocations until one fails; below 0: never */
static bool failed;
static bool broken;      /* a want() was not true */
static long live;        /* blocks allocated and not freed */

static bool fails(void)
{
    if (!watching || countdown < 0 || countdown-- > 0)
        return false;
    failed = true;
    return true;
}

static void *count(void *p)
{
    if (watching && p)
        live++;
    return p;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : count(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : count(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t size)
{
    if (fails())
        return NULL;
    return p ? __real_realloc(p, size) : count(__real_realloc(p, size));
}

void __wrap_free(void *p)
{
    if (watching && p)
        live--;
    __real_free(p);
}

/* Check allocates too, so nothing of it may run within a scenario. */
static void want(bool truth)
{
    if (!truth)
        broken = true;
}

/* -- scenarios: 0, or -1 with "no-memory" in the report ------------------ */

/* What they work on, made before anything fails. */
static struct bytes save; /* an xl save file */
static struct bytes unordered, wrapped, bare, blob, nearly, mixed, old, tiny;
static struct bytes unordered_json, wrapped_json, blob_json;

static int parse_image(const struct bytes *b, domctx_report *report)
{
    domctx_image *image;
    int result = domctx_image_parse(b->p, b->size, &image, report);

    want(result == (image ? 0 : -1));
    domctx_image_free(image);
    return result;
}

static int parse_unordered(domctx_report *report)
{
    return parse_image(&unordered, report);
}

static int parse_wrapped(domctx_report *report)
{
    return parse_image(&wrapped, report);
}

static int parse_blob(domctx_report *report)
{
    domctx_hvm *hvm;
    int result = domctx_hvm_parse(blob.p, blob.size, &hvm, report);

    domctx_hvm_free(hvm);
    return result;
}

static int parse_mixed_blob(domctx_report *report)
{
    domctx_hvm *hvm;
    int result = domctx_hvm_parse(mixed.p, mixed.size, &hvm, report);

    domctx_hvm_free(hvm);
    return result;
}

static int new_report(domctx_report *report)
{
    domctx_report *other = domctx_report_new();

    if (!other)
        return msg_no_memory(report, 0);
    /* a full report drops findings and says how many */
    for (int i = 0; i < 100; i++)
        msg_raise(other, MSG_HVM_AFTER_END, NULL, "%d", i);
    want(domctx_report_count(other) + domctx_report_dropped(other) == 100);
    if (domctx_report_dropped(other))
        msg_no_memory(report, 0);
    domctx_report_free(other);
    return domctx_report_worst(report) == DOMCTX_SYSTEM ? -1 : 0;
}

static int new_stream(domctx_report *report)
{
    domctx_stream *stream = domctx_stream_new(1000);

    if (!stream)
        return msg_no_memory(report, 0);
    want(domctx_stream_feed(stream, bare.p, 20, report) > 0);
    domctx_stream_free(stream);
    return 0;
}

static int finish(domctx_builder *builder, const char *provenance,
                  bool digest, domctx_report *report)
{
    uint8_t *buf;
    size_t size;
    int result = domctx_builder_take(builder, provenance, digest, &buf,
                                     &size, report);

    want(result == (buf ? 0 : -1));
    free(buf);
    domctx_builder_free(builder);
    return result;
}

static int build_image(domctx_report *report)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    uint8_t page[3136] = { 0 };

    domctx_builder_shared_info(builder, false, page, sizeof(page), report);
    domctx_builder_tsc_info(builder, 0, 1, 2, 3, report);
    domctx_builder_add(builder, DOMCTX_EVTCHN, 0, page, 100, report);
    return finish(builder, "{\"a\":[1,2,{\"b\":\"c\"}]}", true, report);
}

static int build_blob(domctx_report *report)
{
    domctx_builder *builder = domctx_builder_hvm();

    domctx_builder_reserve(builder, 10, report);
    domctx_builder_add(builder, 1, 0, blob.p + 8, 24, report);
    return finish(builder, NULL, false, report);
}

static int to_form(int (*form)(domctx_builder *, const domctx_hvm *,
                               domctx_report *), domctx_report *report)
{
    domctx_builder *builder;
    domctx_hvm *hvm;

    if (domctx_hvm_parse(blob.p, blob.size, &hvm, report))
        return -1;
    builder = domctx_builder_image(4, 17);
    form(builder, hvm, report);
    domctx_hvm_free(hvm);
    return finish(builder, NULL, true, report);
}

static int wrap(domctx_report *report)
{
    return to_form(domctx_wrap, report);
}

static int migrate(domctx_report *report)
{
    return to_form(domctx_migrate, report);
}

static int to_hvm(const struct bytes *b, domctx_report *report)
{
    domctx_image *image;
    uint8_t *buf;
    size_t size;
    int result;

    if (domctx_image_parse(b->p, b->size, &image, report))
        return -1;
    result = domctx_image_to_hvm(image, &buf, &size, report);
    want(result == (buf ? 0 : -1));
    free(buf);
    domctx_image_free(image);
    return result;
}

static int unwrap(domctx_report *report)
{
    return to_hvm(&wrapped, report);
}

static int demigrate(domctx_report *report)
{
    return to_hvm(&unordered, report);
}

static int copy(domctx_report *report)
{
    domctx_builder *builder;
    domctx_image *image;

    if (domctx_image_parse(unordered.p, unordered.size, &image, report))
        return -1;
    builder = domctx_builder_image(4, 17);
    for (size_t i = 0; i < domctx_image_count(image); i++) {
        const struct domctx_record *record = domctx_image_get(image, i);

        if (record->type == DOMCTX_TSC_INFO || record->type == DOMCTX_EVTCHN)
            domctx_builder_copy(builder, image, record, report);
    }
    domctx_image_free(image);
    return finish(builder, NULL, false, report);
}

static int provenance_json(domctx_report *report)
{
    struct domctx_provenance in = { .tool = "t", .has_domid = true };
    char *json = domctx_provenance_json(&in);

    if (!json)
        return msg_no_memory(report, 0);
    free(json);
    return 0;
}

static int convert_from(const struct bytes *b, domctx_report *report)
{
    const struct domctx_provenance origin = { .source = "s" };
    domctx_image *image;
    char *json;

    if (domctx_image_parse(b->p, b->size, &image, report))
        return -1;
    json = domctx_provenance_convert(image, &origin, "t", "n", "w", report);
    domctx_image_free(image);
    if (!json)
        return -1;
    free(json);
    return 0;
}

static int convert_with(domctx_report *report)
{
    return convert_from(&unordered, report);
}

static int convert_without(domctx_report *report)
{
    return convert_from(&bare, report);
}

static int read_provenance(domctx_report *report)
{
    struct domctx_provenance out;
    domctx_image *image;
    int result;

    if (domctx_image_parse(unordered.p, unordered.size, &image, report))
        return -1;
    result = domctx_image_provenance(image, &out, report);
    domctx_image_free(image);
    return result < 0 ? -1 : 0;
}

static int swallow(void *arg, const char *text, size_t size)
{
    (void)text;
    *(size_t *)arg += size;
    return 0;
}

/* CPU_MSR among what differs, which takes memory of its own. */
static int diff(domctx_report *report)
{
    const struct domctx_diff_options options = { .ignore = "rip,moving" };
    const struct bytes *from[2] = { &blob, &nearly };
    domctx_context *context[2] = { NULL, NULL };
    domctx_hvm *hvm[2] = { NULL, NULL };
    uint64_t differences = 0;
    size_t size = 0;
    int result = 0;

    for (int i = 0; i < 2 && result == 0; i++) {
        result = domctx_hvm_parse(from[i]->p, from[i]->size, &hvm[i], report);
        if (result == 0)
            result = domctx_context_of_hvm(hvm[i], true, 4, 17, &context[i],
                                           report);
    }
    if (result == 0) {
        result = domctx_diff(context[0], context[1], &options, swallow, &size,
                             &differences, report);
        want(result < 0 || differences == 1);
    }
    for (int i = 0; i < 2; i++) {
        domctx_context_free(context[i]);
        domctx_hvm_free(hvm[i]);
    }
    return result;
}

static int convert_release(domctx_report *report)
{
    const struct domctx_release target = { 4, 3, DOMCTX_POINT_ANY };
    domctx_context *context = NULL;
    uint8_t *made = NULL;
    domctx_hvm *hvm;
    size_t size;
    int result;

    if (domctx_hvm_parse(old.p, old.size, &hvm, report))
        return -1;
    result = domctx_context_of_hvm(hvm, true, 3, 4, &context, report);
    if (result == 0) {
        result = domctx_convert_release(context, &target, 0, &made, &size,
                                        report);
        want(result == (made ? 0 : -1));
    }
    free(made);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    return result;
}

/* A look at a guest of which something is found. */
static int diagnose(domctx_report *report)
{
    static const struct domctx_live ended = { .shut_down = true };
    struct domctx_look look = { .live = &ended };
    domctx_diagnosis *diagnosis = NULL;
    domctx_context *context = NULL;
    domctx_hvm *hvm;
    size_t size = 0;
    int result;

    if (domctx_hvm_parse(tiny.p, tiny.size, &hvm, report))
        return -1;
    result = domctx_context_of_hvm(hvm, true, 4, 17, &context, report);
    look.context = context;
    if (result == 0)
        result = domctx_diagnose(&look, 1, &diagnosis, report);
    if (result == 0)
        result = domctx_diagnosis_text(diagnosis, swallow, &size, report);
    if (result == 0)
        result = domctx_diagnosis_json(diagnosis, "x", swallow, &size,
                                       report);
    domctx_diagnosis_free(diagnosis);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    return result;
}

/* Few findings: the report, which outlives the scenario, does not grow. */
static int check_context(domctx_report *report)
{
    const struct domctx_release target = { 4, 17, DOMCTX_POINT_ANY };
    struct domctx_verdict verdict;
    struct domctx_checked checked = { "file", &target, &verdict, report };
    domctx_context *context = NULL;
    domctx_hvm *hvm;
    size_t size = 0;
    int result;

    if (domctx_hvm_parse(tiny.p, tiny.size, &hvm, report))
        return -1;
    result = domctx_context_of_hvm(hvm, true, 4, 17, &context, report);
    if (result == 0)
        result = domctx_check(context, &target, NULL, NULL, &verdict,
                              report);
    if (result == 0)
        result = domctx_checked_json(&checked, swallow, &size, report);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    return result;
}

static int to_json(domctx_report *report)
{
    domctx_context *context = NULL;
    domctx_image *image;
    size_t size = 0;
    int result;

    if (domctx_image_parse(wrapped.p, wrapped.size, &image, report))
        return -1;
    result = domctx_context_of_image(image, &context, report);
    if (result == 0)
        result = domctx_json_write(context, swallow, &size, report);
    want(result || size == wrapped_json.size);
    domctx_context_free(context);
    domctx_image_free(image);
    return result;
}

static int to_text(domctx_report *report)
{
    static const struct domctx_text_options all;
    domctx_context *context = NULL;
    domctx_image *image;
    size_t size = 0;
    int result;

    if (domctx_image_parse(wrapped.p, wrapped.size, &image, report))
        return -1;
    result = domctx_context_of_image(image, &context, report);
    if (result == 0)
        result = domctx_text(context, &all, swallow, &size, report);
    want(result || size > 1000);
    domctx_context_free(context);
    domctx_image_free(image);
    return result;
}

static int blob_to_text(domctx_report *report)
{
    static const struct domctx_text_options all;
    domctx_context *context = NULL;
    domctx_hvm *hvm;
    size_t size = 0;
    int result;

    if (domctx_hvm_parse(blob.p, blob.size, &hvm, report))
        return -1;
    result = domctx_context_of_hvm(hvm, false, 0, 0, &context, report);
    if (result == 0)
        result = domctx_text(context, &all, swallow, &size, report);
    want(result || size > 1000);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    return result;
}

static int change_field(const struct bytes *what, domctx_report *report)
{
    domctx_context *context;
    domctx_edit *edit = NULL;
    uint8_t *buf = NULL;
    size_t size;
    int result = domctx_open_memory(what->p, what->size, NULL, &context,
                                    report);

    if (result == 0)
        result = domctx_edit_begin(context, &edit, report);
    if (result == 0)
        result = domctx_edit_assign(edit, "CPU/0.rip=1", report);
    if (result == 0)
        result = domctx_edit_take(edit, NULL, &buf, &size, report);
    want((result == 0) == (buf != NULL));
    free(buf);
    domctx_edit_free(edit);
    domctx_context_free(context);
    return result;
}

static int change_image(domctx_report *report)
{
    return change_field(&wrapped, report);
}

static int change_blob(domctx_report *report)
{
    return change_field(&blob, report);
}

static int from_json(const struct bytes *json, size_t wanted,
                     domctx_report *report)
{
    uint8_t *buf;
    size_t size;
    int result = domctx_json_read(json->p, json->size, &buf, &size, report);

    want(result == (buf ? 0 : -1));
    want(result || size == wanted);
    free(buf);
    return result;
}

static int from_json_unordered(domctx_report *report)
{
    return from_json(&unordered_json, unordered.size, report);
}

static int from_json_wrapped(domctx_report *report)
{
    return from_json(&wrapped_json, wrapped.size, report);
}

static int from_json_blob(domctx_report *report)
{
    return from_json(&blob_json, blob.size, report);
}

static int json_schema(domctx_report *report)
{
    size_t size = 0;

    return domctx_json_schema(swallow, &size, report);
}

/* A save file: walked, and an image made of it. */
static int walk_source(domctx_report *report)
{
    struct memory memory = { .p = save.p, .size = save.size };
    domctx_source *source = memory_source_or_null(&memory);
    domctx_builder *builder = NULL;
    domctx_hvm *hvm = NULL;
    int result;

    if (!source)
        return msg_no_memory(report, 0);
    result = domctx_source_walk(source, report);
    if (result == 0)
        result = domctx_source_hvm(source, &hvm, report);
    if (result == 0) {
        builder = domctx_builder_image(4, 17);
        result = domctx_source_records(source, builder, report);
    }
    if (result == 0)
        result = domctx_migrate(builder, hvm, report);
    domctx_builder_free(builder);
    domctx_hvm_free(hvm);
    domctx_source_free(source);
    return result;
}

static const struct {
    const char *name;
    int (*run)(domctx_report *report);
    long least; /* allocations, so that a scenario cannot become empty */
} scenarios[] = {
    { "report", new_report, 2 },
    { "image-parse-unordered", parse_unordered, 6 },
    { "image-parse-wrapped", parse_wrapped, 4 },
    { "hvm-parse", parse_blob, 2 },
    { "hvm-parse-unordered", parse_mixed_blob, 3 },
    { "stream", new_stream, 1 },
    { "builder-image", build_image, 8 },
    { "builder-hvm", build_blob, 2 },
    { "wrap", wrap, 6 },
    { "migrate", migrate, 6 },
    { "image-to-hvm-wrapped", unwrap, 6 },
    { "image-to-hvm-migrated", demigrate, 6 },
    { "builder-copy", copy, 6 },
    { "provenance-json", provenance_json, 1 },
    { "provenance-convert", convert_with, 8 },
    { "provenance-convert-none", convert_without, 3 },
    { "image-provenance", read_provenance, 8 },
    { "diff", diff, 14 },
    { "source", walk_source, 9 },
    { "convert-release", convert_release, 36 },
    { "text", to_text, 20 },
    { "text-blob", blob_to_text, 20 },
    { "json-write", to_json, 60 },
    { "json-read-unordered", from_json_unordered, 30 },
    { "json-read-wrapped", from_json_wrapped, 80 },
    { "json-read-blob", from_json_blob, 80 },
    { "check", check_context, 7 },
    { "diagnose", diagnose, 8 },
    { "json-schema", json_schema, 150 },
    { "edit-image", change_image, 15 },
    { "edit-blob", change_blob, 10 },
};

static void make_json(void)
{
    domctx_image *image;
    domctx_hvm *hvm;

    ck_assert_int_eq(domctx_image_parse(unordered.p, unordered.size, &image,
                                        NULL), 0);
    json_of_image(image, &unordered_json);
    domctx_image_free(image);
    ck_assert_int_eq(domctx_image_parse(wrapped.p, wrapped.size, &image,
                                        NULL), 0);
    json_of_image(image, &wrapped_json);
    domctx_image_free(image);
    ck_assert_int_eq(domctx_hvm_parse(blob.p, blob.size, &hvm, NULL), 0);
    json_of_hvm(hvm, false, 0, 0, &blob_json);
    domctx_hvm_free(hvm);
}

static void make_inputs(void)
{
    static const char json[] =
        "{\"tool\":\"t\",\"x\":[\"\\u00e4\",{\"y\":1.5}],\"history\":[]}";

    put_smallest(&save);
    put_release(&blob, 4, 17, 2);
    put_release(&old, 3, 4, 2);
    put_raw(&nearly, blob.p, blob.size);
    nearly.p[nearly.size - 9] ^= 1; /* before END: the last MSR's value */
    put_hvm_header(&mixed);
    for (uint16_t i = 20; i > 0; i--)
        put_hvm_zeros(&mixed, 19, i, 8);
    put_hvm_end(&mixed);
    put_start(&bare, 4, 17);
    put_end(&bare);
    put_start(&wrapped, 4, 17);
    put_record(&wrapped, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    put_end(&wrapped);
    put_hvm_header(&tiny);
    put_hvm_end(&tiny);
    put_start(&unordered, 4, 17);
    put_zeros(&unordered, DOMCTX_EVTCHN, 0, 8);
    put_record(&unordered, DOMCTX_HVM_RECORD(1), 0, blob.p + 8, 24);
    put_zeros(&unordered, DOMCTX_TSC_INFO, 0, 24);
    put_end(&unordered);
    put_record(&unordered, DOMCTX_PROVENANCE, 0, json, strlen(json));
    put_digest(&unordered);
    make_json();
}

static void check_scenario(int i)
{
    int result = -1;
    long n = 0;

    make_inputs();
    for (;; n++) {
        domctx_report *report = domctx_report_new();

        live = 0;
        failed = broken = false;
        countdown = n;
        watching = true;
        result = scenarios[i].run(report);
        watching = false;
        ck_assert_msg(live == 0, "%ld blocks leaked, allocation %ld failed",
                      live, n);
        ck_assert(!broken);
        ck_assert_int_eq(result, failed ? -1 : 0);
        if (failed)
            ck_assert_ptr_nonnull(find_id(report, "no-memory"));
        domctx_report_free(report);
        if (!failed)
            break;
    }
    ck_assert_int_ge(n, scenarios[i].least);
    bytes_free(&save);
    bytes_free(&old);
    bytes_free(&tiny);
    bytes_free(&unordered);
    bytes_free(&wrapped);
    bytes_free(&bare);
    bytes_free(&blob);
    bytes_free(&nearly);
    bytes_free(&mixed);
    bytes_free(&unordered_json);
    bytes_free(&wrapped_json);
    bytes_free(&blob_json);
}

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tc = tcase_create("memory");

    tcase_set_timeout(tc, 300);
    for (int i = 0; i < (int)(sizeof(scenarios) / sizeof(scenarios[0])); i++)
        add_named(tc, check_scenario, i, "no-memory-%s", scenarios[i].name);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
