/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsers of images and blobs, and nothing else: what is fast enough to
 * see most inputs. */
#include "fuzz.h"

static void parse_image(const uint8_t *data, size_t size,
                        domctx_report *report)
{
    domctx_image *image = NULL;

    if (domctx_image_parse(data, size, &image, report) < 0) {
        HOLDS(!image);
        FAILS_FOR_A_REASON(report);
        return;
    }
    HOLDS(domctx_image_consumed(image) <= size);
    HOLDS(domctx_image_count(image) >= 2); /* START and END */
    domctx_image_free(image);
}

static void parse_blob(const uint8_t *data, size_t size,
                       domctx_report *report)
{
    domctx_hvm *hvm = NULL;

    if (domctx_hvm_parse(data, size, &hvm, report) < 0) {
        HOLDS(!hvm);
        FAILS_FOR_A_REASON(report);
        return;
    }
    HOLDS(domctx_hvm_consumed(hvm) <= size);
    HOLDS(domctx_hvm_count(hvm) >= 2); /* HEADER and END */
    domctx_hvm_free(hvm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    domctx_report *report = domctx_report_new();

    if (!report)
        return 0;
    parse_image(data, size, report);
    domctx_report_clear(report);
    parse_blob(data, size, report);
    domctx_report_free(report);
    return 0;
}
