/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An image of another release than the running one is made what this one
 * loads, by the rules of conversion. */
#include "restore.h"

#include <stdlib.h>

/* The same record of another length, but for those whose length varies. */
static bool differs_in_length(const domctx_hvm *wanted,
                              const domctx_hvm *present)
{
    const struct domctx_record *ours, *theirs;

    for (size_t i = 0; (ours = domctx_hvm_get(wanted, i)); i++) {
        const struct cat_record *known = cat_record(ours->type);

        theirs = domctx_hvm_find(present, ours->type, ours->instance);
        if (theirs && known && !(known->flags & CAT_VARIABLE) &&
            ours->type != DOMCTX_HVM_END && ours->length != theirs->length)
            return true;
    }
    return false;
}

static bool is_needed(const struct restore *job, const domctx_hvm *present)
{
    return job->facts.image_version != job->facts.present_version ||
           differs_in_length(job->wanted, present);
}

/* For the release of this hypervisor whose layouts the present context
 * has. */
static int convert(struct restore *job, const domctx_hvm *present,
                   uint8_t **blob, size_t *size, domctx_report *report)
{
    unsigned int loss = XLCONTEXT_RESTORE_ALLOW_LOSS |
                        XLCONTEXT_RESTORE_FORCE;
    struct domctx_release host = {
        job->facts.present_version >> 8, job->facts.present_version & 0xff,
        DOMCTX_POINT_ANY,
    };
    domctx_context *context;
    int rc;

    domctx_release_narrow(&host, present);
    if (domctx_context_of_image(job->image, &context, report) < 0)
        return -1;
    rc = domctx_convert_release(context, &host,
                                job->flags & loss ? DOMCTX_ALLOW_LOSS : 0,
                                blob, size, report);
    domctx_context_free(context);
    return rc;
}

int restore_convert(struct restore *job, domctx_report *report)
{
    domctx_hvm *present, *wanted;
    uint8_t *blob;
    size_t size;
    int rc = 0;

    if (domctx_hvm_parse(job->capture.context, job->capture.size, &present,
                         report) < 0)
        return -1;
    if (is_needed(job, present)) {
        rc = convert(job, present, &blob, &size, report);
        if (rc == 0)
            rc = domctx_hvm_parse(blob, size, &wanted, report);
        if (rc == 0) {
            domctx_hvm_free(job->wanted);
            free(job->blob);
            job->wanted = wanted;
            job->blob = blob;
            job->blob_size = size;
            job->facts.converted = true;
        } else {
            free(blob);
        }
    }
    domctx_hvm_free(present);
    return rc;
}
