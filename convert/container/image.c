/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adding the records of a container to an image. */
#include "container/source.h"
#include "format/builder.h"
#include "container/guest-rows.h"
#include "catalogue/types.h"
#include "format/image.h"

#include <stdio.h>
#include <string.h>

/* DOMAIN_CONTEXT of version 4 is an image itself: copy its SHARED_INFO and
 * TSC_INFO. */
static int copy_domain_context(const struct domctx_source_info *info,
                               domctx_builder *builder, bool *has_tsc,
                               domctx_report *report)
{
    const struct domctx_record *record;
    domctx_image *image;
    int result = 0;

    if (domctx_image_parse(info->domain_context, info->domain_context_size,
                           &image, NULL) < 0)
        return msg_raise(report, MSG_SOURCE_DOMAIN_CONTEXT, NULL,
                         "the DOMAIN_CONTEXT record cannot be read");
    record = domctx_image_find(image, DOMCTX_SHARED_INFO, 0);
    if (record)
        result = domctx_builder_copy(builder, image, record, report);
    record = domctx_image_find(image, DOMCTX_TSC_INFO, 0);
    if (record && result == 0)
        result = domctx_builder_copy(builder, image, record, report);
    *has_tsc = record;
    domctx_image_free(image);
    return result;
}

int domctx_source_records(const domctx_source *source,
                          domctx_builder *builder, domctx_report *report)
{
    const struct domctx_source_info *info = &source->info;
    bool has_tsc = false;
    int result = 0;

    if (info->domain_context)
        result = copy_domain_context(info, builder, &has_tsc, report);
    else if (info->shared_info_size >= SHARED_INFO_X86_64)
        result = builder_shared_info(builder, false, info->shared_info,
                                     SHARED_INFO_X86_64, report);
    if (result == 0 && info->has_tsc && !has_tsc)
        result = builder_tsc_info(builder, info->tsc_mode, info->tsc_khz,
                                  info->tsc_nsec, info->tsc_incarnation,
                                  report);
    return result;
}

void domctx_source_origin(const domctx_source *source,
                          struct domctx_provenance *origin)
{
    const struct domctx_source_info *info = &source->info;

    memset(origin, 0, sizeof(*origin));
    snprintf(origin->domain_name, sizeof(origin->domain_name), "%s",
             info->name);
    snprintf(origin->uuid, sizeof(origin->uuid), "%s", info->uuid);
    snprintf(origin->domain_type, sizeof(origin->domain_type), "%s",
             guest_type(info->guest));
    snprintf(origin->source, sizeof(origin->source), "%s", info->words);
}
