/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The releases that can have saved a context. */
#include "access/access.h"

#include "catalogue/release-set.h"

/* Narrow the series that START, the container or the caller names by the
 * content; on a contradiction keep the whole series. */
static int narrow(const domctx_context *context,
                  const struct domctx_release *named,
                  struct domctx_releases *savers, domctx_report *report)
{
    domctx_inference *inference;

    if (domctx_infer(context, named, named, &inference, NULL) < 0)
        return msg_no_memory(report, 0);
    domctx_inference_releases(inference, savers);
    domctx_inference_free(inference);
    return 0;
}

/* Narrow by PROVENANCE, unless it contradicts the content. */
static void narrow_by_image(const domctx_image *image,
                            struct domctx_releases *savers)
{
    struct domctx_releases said, both;

    if (!image || !domctx_image_releases(image, &said))
        return;
    both = set_and(savers, &said);
    if (!set_empty(&both))
        *savers = both;
}

static int named_savers(const domctx_context *context,
                        const struct domctx_release *named,
                        struct domctx_releases *savers,
                        domctx_report *report)
{
    int result = 0;

    domctx_releases_of(named, savers);
    if (!set_empty(savers))
        result = narrow(context, named, savers, report);
    narrow_by_image(context->image, savers);
    return result;
}

int domctx_context_savers(const domctx_context *context,
                          struct domctx_releases *savers,
                          domctx_report *report)
{
    const domctx_inference *known = domctx_context_inference(context);
    struct domctx_release named;
    domctx_inference *inference;

    *savers = (struct domctx_releases){ .points = { 0 } };
    if (known) {
        domctx_inference_releases(known, savers);
        return 0;
    }
    if (domctx_context_release(context, &named))
        return named_savers(context, &named, savers, report);
    if (domctx_source_infer(domctx_context_source(context), context,
                            &inference, report) < 0)
        return -1;
    domctx_inference_releases(inference, savers);
    domctx_inference_free(inference);
    return 0;
}
