/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A context as another release has it, and as another form. */
#include "fuzz.h"

static const char *const targets[] = { "3.4", "4.2", "4.6", "4.13", "4.17.3",
                                       "4.22" };
#define N_TARGETS (sizeof(targets) / sizeof(targets[0]))

/* What was made is a blob, and for the same release it stays as it is. */
static void use_blob(const uint8_t *blob, size_t size,
                     const struct domctx_release *target)
{
    domctx_context *context = NULL;
    domctx_hvm *hvm = NULL;
    uint8_t *again = NULL;
    size_t again_size = 0;

    HOLDS(domctx_hvm_parse(blob, size, &hvm, NULL) == 0);
    HOLDS(domctx_hvm_consumed(hvm) == size);
    if (domctx_context_of_hvm(hvm, true, target->xen_major,
                              target->xen_minor, &context, NULL) == 0 &&
        domctx_convert_release(context, target, 0, &again, &again_size,
                               NULL) == 0) {
        HOLDS(again_size == size);
        HOLDS(memcmp(again, blob, size) == 0);
    }
    free(again);
    domctx_context_free(context);
    domctx_hvm_free(hvm);
}

static void convert(const domctx_context *context, const char *name,
                    unsigned int flags)
{
    domctx_report *report = domctx_report_new();
    struct domctx_release target;
    uint8_t *blob = NULL;
    size_t size = 0;

    HOLDS(domctx_release_parse(name, &target, NULL) == 0);
    if (!report)
        return;
    if (domctx_convert_release(context, &target, flags, &blob, &size,
                               report) == 0)
        use_blob(blob, size, &target);
    else
        FAILS_FOR_A_REASON(report);
    free(blob);
    domctx_report_free(report);
}

/* The migrated form comes back as the blob rebuilt, the wrapped one as the
 * bytes that were found, defects of the saver included. */
static void came_back(const domctx_hvm *hvm, const uint8_t *found,
                      const uint8_t *back, size_t size)
{
    uint8_t *blob = NULL;
    size_t blob_size = 0;

    if (!found) {
        HOLDS(domctx_hvm_rebuild(hvm, &blob, &blob_size, NULL) == 0);
        HOLDS(size == blob_size || domctx_hvm_repaired(hvm));
        found = blob;
    }
    HOLDS(size <= domctx_hvm_consumed(hvm) || found == blob);
    if (!domctx_hvm_repaired(hvm) || found != blob)
        HOLDS(memcmp(back, found, size) == 0);
    free(blob);
}

/* Into an image and back; found: wrapped, the bytes of the blob. */
static void there_and_back(const domctx_hvm *hvm, const uint8_t *found)
{
    domctx_builder *builder = domctx_builder_image(4, 17);
    domctx_report *report = domctx_report_new();
    uint8_t *image = NULL, *back = NULL;
    size_t image_size = 0, back_size = 0;
    domctx_image *parsed = NULL;

    if (builder && report &&
        (found ? domctx_wrap(builder, hvm, report)
               : domctx_migrate(builder, hvm, report)) == 0 &&
        domctx_builder_take(builder, NULL, true, &image, &image_size,
                            report) == 0) {
        HOLDS(domctx_image_parse(image, image_size, &parsed, NULL) == 0);
        HOLDS(domctx_image_to_hvm(parsed, &back, &back_size, NULL) == 0);
        came_back(hvm, found, back, back_size);
    }
    free(back);
    domctx_image_free(parsed);
    free(image);
    domctx_builder_free(builder);
    domctx_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct domctx_open_options saver = {
        .has_xen = true, .force = true,
        .xen = { .xen_major = 4, .xen_minor = 17,
                 .point = DOMCTX_POINT_ANY } };
    domctx_context *context = NULL;
    const domctx_hvm *hvm;

    if (domctx_open_memory(data, size, &saver, &context, NULL) < 0 &&
        domctx_open_memory(data, size, NULL, &context, NULL) < 0)
        return 0;
    for (size_t i = 0; i < 2 * N_TARGETS; i++)
        convert(context, targets[i / 2], i % 2 ? DOMCTX_ALLOW_LOSS : 0);
    hvm = domctx_context_hvm(context);
    if (hvm)
        there_and_back(hvm, NULL);
    if (hvm && domctx_detect(data, size) == DOMCTX_FORMAT_HVM)
        there_and_back(hvm, data);
    domctx_context_free(context);
    return 0;
}
