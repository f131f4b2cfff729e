/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images, blobs and JSON: every view of what can be parsed, the way there and
 * back, and a judgement. */
#include "text.h"

/* The text of a context succeeds; a document stands for the same bytes. */
static void view(const domctx_context *context, const uint8_t *data,
                 uint64_t size)
{
    static const struct domctx_text_options all;
    struct text text = { NULL, 0 }, json = { NULL, 0 };
    uint8_t *back = NULL;
    size_t back_size = 0;

    HOLDS(domctx_text(context, &all, text_put, &text, NULL) == 0);
    if (domctx_json_write(context, text_put, &json, NULL) == 0 &&
        domctx_json_read(json.p, json.size, &back, &back_size, NULL) == 0) {
        HOLDS(back_size >= size);
        HOLDS(memcmp(back, data, size) == 0);
    }
    free(back);
    free(json.p);
    free(text.p);
}

/* What is refused is refused for a reason; a context differs from itself by
 * nothing. */
static void judge(const domctx_context *context)
{
    static const struct domctx_diff_options plain;
    static const char *const targets[] = { "4.4", "4.17", "4.22" };
    struct text words = { NULL, 0 };
    uint64_t differences = 0;

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct domctx_release target;
        struct domctx_verdict verdict;
        domctx_report *report = domctx_report_new();

        HOLDS(domctx_release_parse(targets[i], &target, NULL) == 0);
        if (report && domctx_check(context, &target, NULL, NULL, &verdict,
                                   report) == 0 &&
            verdict.outcome >= DOMCTX_REFUSED)
            FAILS_FOR_A_REASON(report);
        domctx_report_free(report);
    }
    if (domctx_diff(context, context, &plain, text_put, &words, &differences,
                    NULL) == 0)
        HOLDS(differences == 0);
    free(words.p);
}

static void use_image(const uint8_t *data, size_t size, domctx_report *report)
{
    domctx_context *context = NULL;
    domctx_image *image = NULL;

    if (domctx_image_parse(data, size, &image, report) < 0) {
        FAILS_FOR_A_REASON(report);
        return;
    }
    HOLDS(domctx_image_consumed(image) + domctx_image_trailing(image) <=
          size);
    if (domctx_context_of_image(image, &context, report) == 0) {
        view(context, data, 0);
        judge(context);
        domctx_context_free(context);
    }
    domctx_image_free(image);
}

static void use_hvm(const uint8_t *data, size_t size, domctx_report *report)
{
    domctx_context *context = NULL;
    domctx_hvm *hvm = NULL;

    if (domctx_hvm_parse(data, size, &hvm, report) < 0) {
        FAILS_FOR_A_REASON(report);
        return;
    }
    HOLDS(domctx_hvm_consumed(hvm) <= size);
    if (domctx_context_of_hvm(hvm, true, 4, 17, &context, report) == 0) {
        view(context, data, domctx_hvm_consumed(hvm));
        judge(context);
        domctx_context_free(context);
    }
    domctx_hvm_free(hvm);
}

static void use(const uint8_t *data, size_t size)
{
    domctx_report *report = domctx_report_new();

    if (!report)
        return;
    if (domctx_detect(data, size) == DOMCTX_FORMAT_HVM)
        use_hvm(data, size, report);
    else
        use_image(data, size, report);
    domctx_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *made = NULL;
    size_t made_size = 0;

    if (domctx_detect(data, size) != DOMCTX_FORMAT_JSON)
        use(data, size);
    else if (domctx_json_read(data, size, &made, &made_size, NULL) == 0)
        use(made, made_size);
    free(made);
    return 0;
}
