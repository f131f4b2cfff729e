/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No report is a report: every function that takes one takes NULL, with what
 * it likes and with what it has to complain of.  lint/lint-null.sh holds this
 * file against the headers. */
#include "container/source-support.h"

static int count(void *arg, const char *text, size_t size)
{
    (void)text;
    *(size_t *)arg += size;
    return 0;
}

/* A blob with a value that no release loads, bytes behind END, and records
 * twice. */
static void put_bad(struct bytes *b)
{
    load_sample(b, samples[0]);
    b->size -= 8; /* END */
    put_hvm_zeros(b, 2, 0, 8);
    put_hvm_zeros(b, 200, 0, 8);
    put_hvm_end(b);
    put_zero(b, 8);
}

static void views(const domctx_context *context)
{
    static const struct domctx_text_options all, none = { .record = "NO" };
    static const struct domctx_diff_options plain,
        unknown = { .ignore = "no.such" };
    static const struct domctx_html_options page = { .name = "x" };
    static const struct domctx_release never = { 3, 1, DOMCTX_POINT_ANY };
    uint64_t differences;
    size_t size = 0;

    domctx_context_saved_by(context, &never, NULL);
    domctx_text(context, &all, count, &size, NULL);
    domctx_text(context, &none, count, &size, NULL);
    domctx_json_show(context, &all, count, &size, NULL);
    domctx_json_show(context, &none, count, &size, NULL);
    domctx_json_write(context, count, &size, NULL);
    domctx_json_schema(count, &size, NULL);
    domctx_html(context, &page, count, &size, NULL);
    domctx_diff(context, context, &plain, count, &size, &differences, NULL);
    domctx_diff(context, context, &unknown, count, &size, &differences, NULL);
    domctx_explain("load-cr0", count, &size, NULL);
    domctx_explain("nothing of the kind", count, &size, NULL);
    domctx_explain_list(count, &size, NULL);
    domctx_explain_briefly("(XEN) HVM5 restore: bad CR0 0x1", count, &size,
                           NULL);
    domctx_explain_briefly("hello", count, &size, NULL);
    ck_assert_int_eq(domctx_json_string("\xff", count, &size, NULL), 0);
    ck_assert_int_eq(domctx_unknown("QEVM", 4, NULL), -1);
    ck_assert_int_eq(domctx_unknown("", 0, NULL), -1);
    ck_assert_int_eq(domctx_as_text("", 0, NULL), 0);
    domctx_explain_end(domctx_explain_begin(NULL), count, &size, NULL);
    ck_assert_uint_gt(size, 0);
}

static void described(void)
{
    static const char bad[] = "{\"schema\": \"xl-context-host-1\"}";
    struct domctx_description *host = domctx_description_new(NULL), *other;
    struct domctx_keys keys;
    size_t size = 0;

    ck_assert_int_eq(domctx_description_settle(host, NULL), -1);
    ck_assert_int_eq(domctx_description_read(bad, sizeof(bad) - 1, &other,
                                             NULL), -1);
    ck_assert_int_eq(domctx_description_write(host, count, &size, NULL), 0);
    domctx_description_free(host);
    ck_assert_int_eq(domctx_keys_read("{", 1, &keys, NULL, NULL), -1);
    ck_assert_int_eq(domctx_keys_read("{}", 2, &keys, NULL, NULL), 0);
}

static void judged(const domctx_context *context)
{
    static const char *const targets[] = { "4.4", "4.17", "4.22", "x", "9" };
    struct domctx_release target;
    struct domctx_verdict verdict;
    struct domctx_checked checked = {
        .name = "x", .target = &target, .verdict = &verdict,
    };
    struct domctx_releases savers;
    domctx_inference *inference;
    size_t size = 0;
    uint8_t *blob;

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        if (domctx_release_parse(targets[i], &target, NULL) < 0)
            continue;
        ck_assert_int_eq(domctx_check(context, &target, NULL, NULL, &verdict,
                                      NULL), 0);
        ck_assert_int_eq(domctx_check(context, &target, NULL, NULL, NULL,
                                      NULL), 0);
        ck_assert_int_eq(domctx_check_series(context, &target, NULL, NULL,
                                             &verdict, NULL), 0);
        domctx_checked_json(&checked, count, &size, NULL);
        if (domctx_convert_release(context, &target, 0, &blob, &size,
                                   NULL) == 0)
            free(blob);
    }
    domctx_judge(context, NULL, &verdict, NULL);
    domctx_judge(context, NULL, NULL, NULL);
    ck_assert_int_eq(domctx_context_savers(context, &savers, NULL), 0);
    ck_assert_int_eq(domctx_infer(context, NULL, NULL, &inference, NULL), 0);
    domctx_inference_releases(inference, &savers);
    domctx_check_savers(context, &savers, NULL, NULL, &verdict, NULL);
    domctx_inference_free(inference);
}

static void made(const domctx_context *context)
{
    const struct domctx_release target = { 4, 20, DOMCTX_POINT_ANY };
    struct domctx_making how = { .target = &target };
    domctx_hvm *hvm;
    uint8_t *buf;
    size_t size;

    ck_assert_int_eq(domctx_written_tell(NULL, false, NULL), 0);
    if (domctx_convert_judged(context, &target, NULL, DOMCTX_ALLOW_LOSS,
                              &buf, &size, &hvm, NULL) == 0) {
        domctx_written_judge(hvm, &target, NULL, false, NULL);
        domctx_hvm_free(hvm);
        free(buf);
    }
    for (how.to = DOMCTX_TO_IMAGE; how.to <= DOMCTX_TO_JSON; how.to++)
        if (domctx_make(context, &how, &buf, &size, NULL) == 0)
            free(buf);
    if (domctx_make(context, NULL, &buf, &size, NULL) == 0)
        free(buf);
}

static size_t no_memory(void *arg, uint32_t vcpu, uint64_t address,
                        void *buf, size_t size)
{
    (void)arg;
    (void)vcpu;
    (void)address;
    (void)buf;
    (void)size;
    return 0;
}

static void diagnosed(const domctx_context *context)
{
    static const char map[] = "1 T _stext\n2 T entry_SYSCALL_64\n"
                              "3 T _etext\n";
    struct domctx_look look = { .context = context };
    domctx_symbols *symbols;
    domctx_memory *memory;
    domctx_diagnosis *diagnosis;
    size_t size = 0;

    ck_assert_int_eq(domctx_symbols_read(NULL, 0, &symbols, NULL), -1);
    ck_assert_int_eq(domctx_symbols_read(map, sizeof(map) - 1, &symbols,
                                         NULL), 0);
    ck_assert_int_eq(domctx_memory_read(symbols, context, no_memory, NULL,
                                        &memory, NULL), 0);
    look.symbols = symbols;
    look.memory = memory;

    ck_assert_int_eq(domctx_diagnose(&look, 1, &diagnosis, NULL), 0);
    domctx_diagnosis_text(diagnosis, count, &size, NULL);
    domctx_diagnosis_json(diagnosis, "x", count, &size, NULL);
    domctx_diagnosis_free(diagnosis);
    domctx_diagnosis_free(NULL);
    domctx_symbols_free(symbols);
    domctx_symbols_free(NULL);
    domctx_memory_free(memory);
    domctx_memory_free(NULL);
    ck_assert_uint_gt(size, 0);
}

/* Every array of them is empty, and may be NULL then. */
static void pv(domctx_builder *builder)
{
    struct domctx_evtchn evtchn = { .ports = NULL };
    struct domctx_grant_table grants = { .shared = NULL };
    struct domctx_vcpu_state state = { .flags = 0 };

    domctx_builder_evtchn(builder, &evtchn, NULL);
    domctx_builder_grant_table(builder, &grants, NULL);
    domctx_builder_hvm_params(builder, NULL, 0, NULL);
    domctx_builder_vcpu_state(builder, 1, &state, NULL);
    domctx_builder_cpuid_policy(builder, NULL, 0, NULL);
    domctx_builder_msr_policy(builder, NULL, 0, NULL);
}

static void images(const domctx_hvm *hvm)
{
    static const uint8_t page[3136];
    domctx_builder *builder = domctx_builder_image(4, 17);
    struct domctx_provenance origin = { .domain_name = "x" };
    char *json = domctx_provenance_convert(NULL, &origin, "t", "now", "w",
                                           NULL);
    uint8_t *buf = NULL, *blob;
    domctx_image *image;
    domctx_context *context;
    size_t size;

    domctx_builder_reserve(builder, 1 << 16, NULL);
    domctx_builder_shared_info(builder, false, page, sizeof(page), NULL);
    domctx_builder_tsc_info(builder, 0, 1, 1, 1, NULL);
    pv(builder);
    ck_assert_int_eq(domctx_wrap(builder, hvm, NULL), 0);
    domctx_migrate(builder, hvm, NULL); /* has records twice */
    if (domctx_builder_take(builder, json, true, &buf, &size, NULL) == 0)
        free(buf);
    domctx_builder_free(builder);
    free(json);
    builder = domctx_builder_image(4, 17);
    ck_assert_int_eq(domctx_wrap(builder, hvm, NULL), 0);
    ck_assert_int_eq(domctx_builder_take(builder, NULL, true, &buf, &size,
                                         NULL), 0);
    domctx_builder_free(builder);
    ck_assert_int_eq(domctx_image_parse(buf, size, &image, NULL), 0);
    domctx_image_provenance(image, &origin, NULL);
    ck_assert_int_eq(domctx_image_to_hvm(image, &blob, &size, NULL), 0);
    free(blob);
    ck_assert_int_eq(domctx_context_of_image(image, &context, NULL), 0);
    views(context);
    domctx_context_free(context);
    builder = domctx_builder_image(4, 17);
    ck_assert_int_eq(domctx_builder_copy(builder, image,
                                         domctx_image_get(image, 1), NULL),
                     0);
    ck_assert_int_eq(domctx_builder_add(builder, DOMCTX_END, 0, "", 0, NULL),
                     -1);
    domctx_builder_free(builder);
    domctx_image_free(image);
    free(buf);
}

START_TEST(a_blob)
{
    struct bytes b = { 0 };
    domctx_context *context;
    domctx_hvm *hvm;
    uint8_t *buf;
    size_t size, whole;

    put_bad(&b);
    ck_assert_int_eq(domctx_hvm_parse(b.p, b.size, &hvm, NULL), 0);
    if (domctx_salvage("", 0, &buf, &size, &whole, NULL) == 0)
        free(buf);
    if (domctx_hvm_rebuild(hvm, &buf, &size, NULL) == 0)
        free(buf);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, true, 4, 17, &context, NULL),
                     0);
    views(context);
    judged(context);
    diagnosed(context);
    made(context);
    described();
    images(hvm);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
    bytes_free(&b);
}
END_TEST

START_TEST(what_is_refused)
{
    static const char text[] = "{\"format\": 1}";
    domctx_stream *stream = domctx_stream_new(64);
    domctx_image *image;
    domctx_hvm *hvm;
    uint8_t *buf;
    size_t size;

    ck_assert_int_eq(domctx_image_parse(text, sizeof(text), &image, NULL),
                     -1);
    ck_assert_int_eq(domctx_hvm_parse(text, sizeof(text), &hvm, NULL), -1);
    ck_assert_int_eq(domctx_json_read(text, sizeof(text) - 1, &buf, &size,
                                      NULL), -1);
    ck_assert_int_eq(domctx_stream_feed(stream, text, sizeof(text), NULL),
                     -1);
    domctx_stream_free(stream);
}
END_TEST

static int64_t nothing(void *arg, void *buf, size_t size)
{
    (void)arg, (void)buf, (void)size;
    return 0;
}

static int64_t no_further(void *arg, uint64_t size)
{
    (void)arg, (void)size;
    return 0;
}

static int put_none(void *arg, const void *bytes, size_t size)
{
    (void)arg, (void)bytes, (void)size;
    return -1;
}

static int copy_none(void *arg, uint64_t offset, uint64_t size)
{
    (void)arg, (void)offset, (void)size;
    return -1;
}

/* Opened, read and changed by names, with and without what to complain of. */
static void fields(const domctx_context *context)
{
    static const char *const changes[] = { "CPU/0.rip=1", "CPU/0.x=1", "x" };
    char text[DOMCTX_VALUE_ROOM];
    uint8_t wide[DOMCTX_WIDE_ROOM];
    domctx_edit *edit;
    uint64_t value;
    uint8_t *buf;
    size_t size;

    domctx_field(context, "CPU", 0, "rip", &value, NULL);
    domctx_field(context, "CPU", 0, "none", &value, NULL);
    domctx_field_wide(context, "CPU", 0, "xmm0", wide, &size, NULL);
    domctx_field_wide(context, "CPU", 0, "none", wide, &size, NULL);
    domctx_field_text(context, "CPU", 0, "cr0", text, sizeof(text), NULL);
    domctx_field_text(context, "NONE", 0, "cr0", text, sizeof(text), NULL);
    ck_assert_int_eq(domctx_edit_begin(context, &edit, NULL), 0);
    ck_assert_int_eq(domctx_edit_set(edit, "CPU", 0, "rip", 1, NULL), 0);
    ck_assert_int_eq(domctx_edit_set(edit, "CPU", 9, "rip", 1, NULL), -1);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
        ck_assert_int_eq(domctx_edit_assign(edit, changes[i], NULL),
                         i == 0 ? 0 : -1);
    ck_assert_int_eq(domctx_edit_json(edit, "x", 1, NULL), -1);
    ck_assert_int_eq(domctx_edit_take(edit, NULL, &buf, &size, NULL), 0);
    free(buf);
    domctx_edit_free(edit);
}

START_TEST(what_is_opened)
{
    const struct domctx_reader reader = { .read = NULL }; /* not called */
    domctx_inference *inference;
    domctx_context *context;
    struct bytes b = { 0 };
    uint8_t *buf;
    size_t size;

    load_sample(&b, samples[0]);
    ck_assert_int_eq(domctx_open_memory(b.p, b.size, NULL, &context, NULL),
                     0);
    fields(context);
    ck_assert_int_eq(domctx_source_infer(NULL, context, &inference, NULL), 0);
    domctx_inference_free(inference);
    domctx_context_free(context);
    ck_assert_int_eq(domctx_open_memory("x", 1, NULL, &context, NULL), -1);
    ck_assert_int_eq(domctx_open("/nonexistent", NULL, &context, NULL), -1);
    ck_assert_int_eq(domctx_open_fd(-1, NULL, &context, NULL), -1);
    ck_assert_int_eq(domctx_read_whole(&reader, NULL, 0, 2, 1, &buf, &size,
                                       NULL), -1);
    bytes_free(&b);
}
END_TEST

START_TEST(a_container)
{
    static const struct domctx_reader reader = { nothing, no_further, NULL };
    static const struct domctx_writer writer = { put_none, copy_none, NULL };
    struct bytes b = { 0 };

    put_smallest(&b);
    for (size_t left = 0; left < b.size; left += 40) {
        struct memory memory = { .p = b.p, .size = b.size - left };
        domctx_source *source = memory_source(&memory);
        struct domctx_release target = { 4, 4, DOMCTX_POINT_ANY };
        domctx_builder *builder = domctx_builder_image(4, 17);
        struct domctx_splice splice;
        domctx_hvm *hvm;
        size_t size = 0;

        if (domctx_source_walk(source, NULL) == 0) {
            domctx_source_judge(source, &target, false, NULL);
            domctx_source_fit(source, &target, DOMCTX_ALLOW_LOSS, NULL);
            if (domctx_source_hvm(source, &hvm, NULL) == 0) {
                domctx_source_same_guest(source, hvm, "other", NULL);
                domctx_hvm_free(hvm);
            }
            domctx_source_splice(source, "", 1, NULL, &splice, NULL);
            domctx_source_rewrite(source, &reader, "", 1, &target, &writer,
                                  NULL);
            domctx_source_plain(source, &reader, NULL, 0, &writer, NULL);
            domctx_source_records(source, builder, NULL);
            domctx_source_text(source, count, &size, NULL);
        }
        domctx_builder_free(builder);
        domctx_source_free(source);
    }
    bytes_free(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("null");
    TCase *tc = tcase_create("null");

    tcase_add_test(tc, a_blob);
    tcase_add_test(tc, what_is_refused);
    tcase_add_test(tc, what_is_opened);
    tcase_add_test(tc, a_container);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
