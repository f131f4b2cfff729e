/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A release that the caller names, held against bytes and PROVENANCE. */
#include "access/access.h"

#include "catalogue/release-set.h"

/* A record, a length or a value that the release never saves. */
static int hold_evidence(const struct domctx_evidence *evidence,
                         const struct domctx_release *xen,
                         domctx_report *report)
{
    char said[DOMCTX_RELEASE_ROOM];
    struct msg_at at = {
        .record = *evidence->record ? evidence->record : NULL };

    at.expected = (struct msg_value)TEXT(domctx_release_text(xen, said));
    at.found = (struct msg_value)TEXT(evidence->releases);
    return msg_raise(report, MSG_XEN_CONTRADICTED, &at,
                     "the context contradicts the named Xen: %s",
                     evidence->seen);
}

static int hold_content(const domctx_context *context,
                        const struct domctx_release *xen,
                        domctx_report *report)
{
    const struct domctx_evidence *found;
    domctx_inference *inference;
    int result = 0;

    if (domctx_infer(context, xen, xen, &inference, NULL) < 0)
        return msg_no_memory(report, 0);
    for (size_t i = 0; (found = domctx_inference_evidence(inference, i)); i++)
        if (!found->followed && found->certain)
            result = hold_evidence(found, xen, report);
    domctx_inference_free(inference);
    return result;
}

static int hold_provenance(const domctx_context *context,
                           const struct domctx_release *xen,
                           domctx_report *report)
{
    char expected[DOMCTX_RELEASE_ROOM], found[DOMCTX_RELEASES_ROOM];
    struct msg_at at = { .record = "PROVENANCE" };
    struct domctx_releases set, said, both;

    domctx_releases_of(xen, &set);
    if (set_empty(&set) || !context->image ||
        !domctx_image_releases(context->image, &said))
        return 0;
    both = set_and(&set, &said);
    if (!set_empty(&both))
        return 0;
    at.expected = (struct msg_value)TEXT(domctx_release_text(xen, expected));
    at.found = (struct msg_value)TEXT(domctx_releases_text(&said, found));
    return msg_raise(report, MSG_XEN_CONTRADICTED, &at,
                     "PROVENANCE contradicts the named Xen");
}

int domctx_context_saved_by(const domctx_context *context,
                            const struct domctx_release *xen,
                            domctx_report *report)
{
    int provenance = hold_provenance(context, xen, report);
    int content = hold_content(context, xen, report);

    return provenance < 0 || content < 0 ? -1 : 0;
}
