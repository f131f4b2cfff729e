/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/messages.h"
#include "format/hvm.h"
#include "format/image.h"

int domctx_salvage(const void *buf, size_t size, uint8_t **out,
                   size_t *out_size, size_t *whole, domctx_report *report)
{
    *out = NULL;
    *out_size = *whole = 0;
    switch (domctx_detect(buf, size)) {
    case DOMCTX_FORMAT_IMAGE:
        return image_salvage(buf, size, out, out_size, whole, report);
    case DOMCTX_FORMAT_HVM:
        return hvm_salvage(buf, size, out, out_size, whole, report);
    case DOMCTX_FORMAT_JSON:
    case DOMCTX_FORMAT_SAVE:
    case DOMCTX_FORMAT_UNKNOWN:
    default:
        return msg_raise(report, MSG_SALVAGE_NOTHING, NULL,
                         "neither an image nor a blob");
    }
}
