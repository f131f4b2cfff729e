/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the Xen that saved a blob found in a container. */
#include "access/access.h"

#include <string.h>

/* The releases that the container allows, in *bounds. */
static bool source_bounds(const domctx_source *source,
                          struct domctx_release_range *bounds)
{
    const struct domctx_source_info *info;

    if (!source)
        return false;
    info = domctx_source_info(source);
    bounds->first = (struct domctx_release){
        info->oldest_major, info->oldest_minor, DOMCTX_POINT_ANY };
    bounds->last = (struct domctx_release){
        info->newest_major, info->newest_minor, DOMCTX_POINT_ANY };
    return true;
}

/* Whether release is of a later series than bound. */
static bool later(const struct domctx_release *release,
                  const struct domctx_release *bound)
{
    return release->xen_major > bound->xen_major ||
           (release->xen_major == bound->xen_major &&
            release->xen_minor > bound->xen_minor);
}

/* Whether one release has the lengths of all records. */
static bool lengths_agree(const domctx_inference *inference)
{
    const struct domctx_evidence *found;

    for (size_t i = 0; (found = domctx_inference_evidence(inference, i)); i++)
        if (!found->followed && strcmp(found->id, "length") == 0)
            return false;
    return true;
}

/* If all layouts are of a later release than the container, the context was
 * converted before it was put there.  Returns 1, and in *inference what the
 * bytes alone show; old savers' values may remain in it. */
static int infer_later(const domctx_context *context,
                       const struct domctx_release_range *bounds,
                       domctx_inference **inference, domctx_report *report)
{
    domctx_inference *alone = NULL;
    struct domctx_release_range range;
    domctx_report *mute = domctx_report_new();
    int result = mute ? domctx_infer(context, NULL, NULL, &alone, mute)
                      : msg_no_memory(report, 0);

    if (mute && result < 0)
        domctx_report_forward(report, mute, NULL, NULL);
    domctx_report_free(mute);
    if (result < 0)
        return -1;
    if (!domctx_inference_range(alone, 0, &range) ||
        !later(&range.first, &bounds->last) || !lengths_agree(alone)) {
        domctx_inference_free(alone);
        return 0;
    }
    domctx_inference_free(*inference);
    *inference = alone;
    return 1;
}

static int infer_within(const domctx_context *context,
                        const struct domctx_release_range *bounds,
                        domctx_inference **inference, domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    int result;

    if (!found)
        return msg_no_memory(report, 0);
    result = domctx_infer(context, &bounds->first, &bounds->last, inference,
                          found);
    if (result == 0 && domctx_report_worst(found) >= DOMCTX_WARNING)
        result = infer_later(context, bounds, inference, found);
    if (result > 0)
        msg_raise(report, MSG_INTO_LATER, NULL,
                  "the context is of Xen %s, later than its container",
                  domctx_inference_text(*inference));
    else
        domctx_report_forward(report, found, NULL, NULL);
    domctx_report_free(found);
    if (result >= 0)
        return 0;
    domctx_inference_free(*inference);
    *inference = NULL;
    return -1;
}

int domctx_source_infer(const domctx_source *source,
                        const domctx_context *context,
                        domctx_inference **inference, domctx_report *report)
{
    struct domctx_release_range bounds;

    *inference = NULL;
    return source_bounds(source, &bounds)
               ? infer_within(context, &bounds, inference, report)
               : domctx_infer(context, NULL, NULL, inference, report);
}
