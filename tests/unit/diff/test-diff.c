/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing contexts: what is left out, the output, whole inputs. */
#include "diff/test-diff.h"
#include "document/json-support.h"

#include "base/json.h"

/* --- making and comparing ----------------------------------------------- */

void begin_side(struct side *side, cat_version version)
{
    memset(side, 0, sizeof(*side));
    side->context.records = side->records;
    side->context.has_version = version != 0;
    side->context.version = version ? version : CAT_NEWEST;
    side->context.xen_major = version >> 8;
    side->context.xen_minor = version & 0xff;
}

void add_record(struct side *side, uint32_t type, uint32_t instance,
                       const void *body, uint64_t length)
{
    struct context_record *record = &side->records[side->context.count++];

    record->type = type;
    record->instance = instance;
    record->body = body;
    record->length = length;
    record->known = cat_record_of_type(type);
    if (record->known)
        record->layout = cat_layout(record->known, length,
                                    side->context.version);
}

int keep_text(void *arg, const char *text, size_t size)
{
    put_raw(arg, text, size);
    return 0;
}

/* Each comparison is a document, too, where they are wanted. */
static void keep_document(const domctx_context *a, const domctx_context *b,
                          const struct domctx_diff_options *options)
{
    struct domctx_diff_options json = *options;
    struct bytes text = { 0 };
    uint64_t differences;

    if (!getenv("JSON_DOCUMENTS"))
        return;
    json.json = true;
    ck_assert_int_eq(domctx_diff(a, b, &json, keep_text, &text, &differences,
                                 NULL), 0);
    json_document(&text);
    bytes_free(&text);
}

uint64_t compared(const domctx_context *a, const domctx_context *b,
                  const struct domctx_diff_options *options,
                  struct bytes *text)
{
    domctx_report *report = domctx_report_new();
    uint64_t differences = 99;

    text->size = 0;
    ck_assert_int_eq(domctx_diff(a, b, options, keep_text, text,
                                 &differences, report), 0);
    expect_only(report, NULL);
    domctx_report_free(report);
    put_raw(text, "", 1);
    keep_document(a, b, options);
    return differences;
}

const struct domctx_diff_options plain = { 0 };

size_t lines_with(const struct bytes *text, const char *begin)
{
    size_t count = 0;

    for (const char *p = (char *)text->p; *p; p += strcspn(p, "\n") + 1) {
        count += strncmp(p, begin, strlen(begin)) == 0;
        if (!p[strcspn(p, "\n")])
            break;
    }
    return count;
}

void expect_text(const struct bytes *text, const char *words)
{
    ck_assert_msg(strstr((char *)text->p, words), "no '%s' in:\n%s", words,
                  (char *)text->p);
}

/* --- what is left out --------------------------------------------------- */

/* CPU/0 and CPU/1 differ in tsc, rip, fpu_regs.fcw and the pending type;
 * IOAPIC in entries 1 and 2; PMTIMER in tmr_val. */
static void differ_much(struct side *a, struct side *b)
{
    static const uint8_t zeros[1032];
    static uint8_t cpu[1032], ioapic[400], timer[8] = { 1 };

    cpu[0] = cpu[640] = cpu[1008] = cpu[1017] = 1;
    ioapic[16 + 8] = ioapic[16 + 16] = 0x30;
    begin_side(a, CAT_V(4, 17));
    begin_side(b, CAT_V(4, 17));
    for (uint32_t i = 0; i < 2; i++) {
        add_record(a, HVM(2), i, zeros, 1032);
        add_record(b, HVM(2), i, cpu, 1032);
    }
    add_record(a, HVM(4), 0, zeros, 400);
    add_record(b, HVM(4), 0, ioapic, 400);
    add_record(a, HVM(13), 0, zeros, 8);
    add_record(b, HVM(13), 0, timer, 8);
}

static const struct {
    const char *list;
    uint64_t differences, ignored;
} ignore_rows[] = {
    { NULL, 11, 0 },
    { "CPU", 3, 8 },
    { "CPU/1", 7, 4 },
    { "CPU/2", 11, 0 },
    { "CPU.rip", 9, 2 },
    { "CPU/0.rip", 10, 1 },
    { "rip", 9, 2 },
    { "rip,CPU.tsc", 7, 4 },
    { "moving", 8, 3 },
    { "moving,IOAPIC", 6, 5 },
    { "fpu_regs", 9, 2 },
    { "fpu_regs.fcw", 9, 2 },
    { "fpu_regs.fsw", 11, 0 },
    { "pending_event", 9, 2 },
    { "redirtbl[].bits", 9, 2 },
    { "redirtbl[1].bits", 10, 1 },
    { "IOAPIC.redirtbl[2].fields.vector", 10, 1 },
    { "redirtbl[].fields.vector", 9, 2 },
    { "redirtbl[7].bits", 11, 0 },
    { "redirtbl[1].vector", 10, 1 },
    { "IOAPIC.vector", 9, 2 },
    { "IA32_LSTAR,CPU.eflags", 11, 0 },
    { "START,TSC_INFO.khz,evtchn_mask[3]", 11, 0 },
    { "CPU,IOAPIC,PMTIMER", 0, 11 },
};

START_TEST(what_is_ignored)
{
    const struct domctx_diff_options options = {
        .ignore = ignore_rows[_i].list,
    };
    struct bytes text = { 0 };
    struct side a, b;
    char words[40] = "";

    differ_much(&a, &b);
    ck_assert_uint_eq(compared(&a.context, &b.context, &options, &text),
                      ignore_rows[_i].differences);
    if (ignore_rows[_i].ignored)
        snprintf(words, sizeof(words), ", %d ignored\n",
                 (int)ignore_rows[_i].ignored);
    expect_text(&text, words);
    if (!ignore_rows[_i].ignored)
        ck_assert_ptr_null(strstr((char *)text.p, "ignored"));
    bytes_free(&text);
}
END_TEST

static const char *const bad_lists[] = {
    "", ",", "CPU,", "cpu", "RIP", "CPU/", "CPU/x", "CPU/1x", "CPU.",
    "CPU.redirtbl[].bits", "CPU/0rip", "CPU/4294967296", "CPU rip", "rip.",
    "redirtbl[48].bits", "redirtbl[01].bits", "rip[0]", "moving ", "IOAPIC/.",
    "fpu_regs[512]", "redirtbl[48].mask", "PIC.PAT", "/0", ".rip", "CPU/0.",
    "HVM_CPU",
};

START_TEST(unknown_names)
{
    const struct domctx_diff_options options = { .ignore = bad_lists[_i] };
    domctx_report *report = domctx_report_new();
    struct bytes text = { 0 };
    uint64_t differences = 0;
    struct side a, b;

    differ_much(&a, &b);
    ck_assert_int_eq(domctx_diff(&a.context, &b.context, &options, keep_text,
                                 &text, &differences, report), -1);
    expect_only(report, "diff-ignore");
    ck_assert_uint_eq(text.size, 0);
    domctx_report_free(report);
    bytes_free(&text);
}
END_TEST

/* --- output ------------------------------------------------------------- */

/* How often a key of that name was seen, and the number behind the last. */
struct seen {
    const char *key;
    bool next;
    uint64_t number;
    size_t notes, kinds;
};

static int look(void *arg, const struct json_token *token)
{
    struct seen *seen = arg;

    if (token->kind == JSON_NUMBER && seen->next)
        seen->number = strtoull(token->text, NULL, 10);
    seen->next = token->kind == JSON_KEY &&
                 token->size == strlen(seen->key) &&
                 memcmp(token->text, seen->key, token->size) == 0;
    seen->notes += token->kind == JSON_TRUE;
    seen->kinds += token->kind == JSON_KEY && token->size == 4 &&
                   memcmp(token->text, "kind", 4) == 0;
    return 0;
}

START_TEST(json_tells_the_same)
{
    struct domctx_diff_options options = { .json = true,
                                           .name = { "a\"\1", NULL } };
    struct seen seen = { .key = "count" };
    struct bytes text = { 0 };
    struct json_error error;
    struct side a, b;
    static uint8_t vcpu[216] = { [8] = 0xd1 }, odd[3];

    differ_much(&a, &b);
    add_record(&a, HVM(17), 0, vcpu, 16);
    add_record(&b, HVM(17), 0, vcpu, 216);
    add_record(&a, HVM(33), 0, odd, 3);
    add_record(&b, HVM(33), 0, vcpu + 7, 2);
    add_record(&a, HVM(13), 1, odd, 0);
    ck_assert_uint_eq(compared(&a.context, &b.context, &options, &text), 15);
    ck_assert_int_eq(json_parse(text.p, text.size - 1, look, &seen, &error),
                     JSON_OK);
    ck_assert_uint_eq(seen.number, 15);
    ck_assert_uint_eq(seen.kinds - seen.notes, 15);
    ck_assert_uint_gt(seen.notes, 0);

    options.summary = true;
    seen = (struct seen){ .key = "count" };
    ck_assert_uint_eq(compared(&a.context, &b.context, &options, &text), 15);
    ck_assert_int_eq(json_parse(text.p, text.size - 1, look, &seen, &error),
                     JSON_OK);
    ck_assert_uint_eq(seen.number, 15);
    ck_assert_uint_eq(seen.kinds, 0);
    bytes_free(&text);
}
END_TEST

START_TEST(summary_alone)
{
    const struct domctx_diff_options options = { .summary = true };
    struct bytes text = { 0 };
    struct side a, b;

    differ_much(&a, &b);
    ck_assert_uint_eq(compared(&a.context, &b.context, &options, &text), 11);
    ck_assert_ptr_null(strstr((char *)text.p, "rip"));
    expect_text(&text, "\n11 differences\n");
    bytes_free(&text);
}
END_TEST

static int full(void *arg, const char *text, size_t size)
{
    (void)arg;
    (void)text;
    return size > 0;
}

START_TEST(a_sink_that_fails)
{
    const struct domctx_diff_options options = { .json = _i };
    domctx_report *report = domctx_report_new();
    uint64_t differences = 0;
    struct side a, b;

    differ_much(&a, &b);
    ck_assert_int_eq(domctx_diff(&a.context, &b.context, &options, full,
                                 NULL, &differences, report), -1);
    expect_only(report, "sink-failed");
    domctx_report_free(report);
}
END_TEST

/* --- whole inputs ------------------------------------------------------- */

static const unsigned int releases[][2] = {
    { 3, 1 }, { 3, 4 }, { 4, 0 }, { 4, 1 }, { 4, 2 }, { 4, 4 },
    { 4, 5 }, { 4, 6 }, { 4, 8 }, { 4, 9 }, { 4, 11 }, { 4, 12 },
    { 4, 13 }, { 4, 17 }, { 4, 22 },
};

/* Every release's blob is no different from itself; nor is an image of it,
 * but for what a blob cannot hold. */
START_TEST(no_release_differs_from_itself)
{
    const unsigned int *of = releases[_i / 3];
    unsigned int vcpus = _i % 3 == 0 ? 1 : _i % 3 == 1 ? 2 : 128;
    struct bytes b = { 0 }, text = { 0 };
    struct viewed viewed;

    put_release(&b, of[0], of[1], vcpus);
    viewed = view_blob(&b, of[0], of[1]);
    ck_assert_uint_eq(compared(viewed.context, viewed.context, &plain,
                               &text), 0);
    ck_assert_uint_eq(lines_with(&text, "note: "), 0);
    viewed_free(&viewed);
    bytes_free(&b);
    bytes_free(&text);
}
END_TEST

/* As many vCPUs as there can be: the one that is another is found, and the
 * last that one side lacks. */
START_TEST(many_vcpus)
{
    struct bytes b[2] = { { 0 }, { 0 } }, text = { 0 };
    domctx_context *context[2];
    domctx_hvm *hvm[2];
    const struct domctx_record *cpu;
    unsigned int count = (unsigned int)rounds_of(8192), last = count - 1;
    static const struct {
        const char *record;
        unsigned int bytes;
    } only[] = { { "CPU", 1016 }, { "LAPIC", 16 }, { "LAPIC_REGS", 1024 } };
    char line[64];

    put_release(&b[0], 3, 1, count);
    put_release(&b[1], 3, 1, last);
    for (int k = 0; k < 2; k++)
        hvm[k] = hvm_taken(&b[k], NULL);
    cpu = domctx_hvm_find(hvm[1], 2, last - 1);
    ck_assert_ptr_nonnull(cpu);
    b[1].p[cpu->offset + 8 + 640] ^= 1;
    for (int k = 0; k < 2; k++)
        ck_assert_int_eq(domctx_context_of_hvm(hvm[k], true, 3, 1,
                                               &context[k], NULL), 0);
    ck_assert_uint_eq(compared(context[0], context[0], &plain, &text), 0);
    ck_assert_uint_eq(compared(context[0], context[1], &plain, &text), 4);
    snprintf(line, sizeof(line), "CPU/%u rip: ", last - 1);
    ck_assert_uint_eq(lines_with(&text, line), 1);
    for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++) {
        snprintf(line, sizeof(line), "\n%s/%u: only in A, %u bytes\n",
                 only[i].record, last, only[i].bytes);
        expect_text(&text, line);
    }
    for (int k = 0; k < 2; k++) {
        domctx_context_free(context[k]);
        domctx_hvm_free(hvm[k]);
        bytes_free(&b[k]);
    }
    bytes_free(&text);
}
END_TEST

/* The trailer and what a blob has no place for are told, and no more. */
START_TEST(image_and_blob)
{
    static const char json[] = "{\"tool\":\"x\",\"host\":\"one\"}";
    static const char json2[] = "{\"tool\":\"x\",\"host\":\"two\\u001b\"}";
    struct bytes blob = { 0 }, one = { 0 }, two = { 0 }, text = { 0 };
    domctx_image *first, *second;
    domctx_context *a, *b, *c;
    domctx_hvm *hvm;

    load_sample(&blob, samples[0]);
    hvm = hvm_taken(&blob, NULL);
    put_start(&one, 4, 17);
    put_record(&one, DOMCTX_HVM_CONTEXT, 0, blob.p, blob.size);
    put_end(&one);
    put_raw(&two, one.p, one.size);
    put_record(&one, DOMCTX_PROVENANCE, 0, json, sizeof(json) - 1);
    put_digest(&one);
    put_record(&two, DOMCTX_PROVENANCE, 0, json2, sizeof(json2) - 1);
    put_digest(&two);
    first = image_taken(&one, NULL);
    second = image_taken(&two, NULL);
    ck_assert_int_eq(domctx_context_of_image(first, &a, NULL), 0);
    ck_assert_int_eq(domctx_context_of_image(second, &b, NULL), 0);
    ck_assert_int_eq(domctx_context_of_hvm(hvm, false, 0, 0, &c, NULL), 0);
    ck_assert_uint_eq(compared(a, b, &plain, &text), 0);
    ck_assert_uint_eq(lines_with(&text, "note: "), 1);
    expect_text(&text, "note: PROVENANCE/0 host: 'one' -> 'two\\x1b'\n");
    ck_assert_uint_eq(compared(a, c, &plain, &text), 0);
    expect_text(&text, "note: START/0: only in A, 8 bytes\n");
    ck_assert_uint_eq(lines_with(&text, "note: "), 3);
    domctx_context_free(a);
    domctx_context_free(b);
    domctx_context_free(c);
    domctx_image_free(first);
    domctx_image_free(second);
    domctx_hvm_free(hvm);
    bytes_free(&blob);
    bytes_free(&one);
    bytes_free(&two);
    bytes_free(&text);
}
END_TEST

static TCase *output(void)
{
    TCase *tcase = tcase_create("output");

    tcase_add_loop_test(tcase, what_is_ignored, 0, N(ignore_rows));
    tcase_add_loop_test(tcase, unknown_names, 0, N(bad_lists));
    tcase_add_test(tcase, json_tells_the_same);
    tcase_add_test(tcase, summary_alone);
    tcase_add_loop_test(tcase, a_sink_that_fails, 0, 2);
    tcase_add_loop_test(tcase, no_release_differs_from_itself, 0,
                        3 * N(releases));
    tcase_add_test(tcase, many_vcpus);
    tcase_add_test(tcase, image_and_blob);
    return tcase;
}

int main(void)
{
    Suite *suite = suite_create("diff");

    suite_add_tcase(suite, diff_bits());
    suite_add_tcase(suite, diff_kinds());
    suite_add_tcase(suite, diff_names());
    suite_add_tcase(suite, diff_random());
    suite_add_tcase(suite, output());
    return run_suite(suite);
}
