/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access to a parsed image. */
#include "format/image.h"
#include "base/bytes.h"
#include "catalogue/types.h"

size_t domctx_image_count(const domctx_image *image)
{
    return image->count;
}

const struct domctx_record *domctx_image_get(const domctx_image *image,
                                             size_t i)
{
    return i < image->count ? &image->records[i] : NULL;
}

/* START, END and the trailer have fixed positions; the index has the
 * others. */
const struct domctx_record *domctx_image_find(const domctx_image *image,
                                              uint32_t type,
                                              uint32_t instance)
{
    const struct domctx_record *trailer;
    size_t count;

    if (type == DOMCTX_START)
        return instance == 0 ? &image->records[0] : NULL;
    if (type == DOMCTX_END)
        return instance == 0 ? &image->records[image->inner - 1] : NULL;
    if (!type_in_trailer(type))
        return keys_find(&image->keys, type, instance);
    trailer = image_trailer(image, &count);
    for (size_t i = 0; i < count; i++)
        if (trailer[i].type == type && trailer[i].instance == instance)
            return &trailer[i];
    return NULL;
}

void domctx_image_version(const domctx_image *image, uint32_t *xen_major,
                          uint32_t *xen_minor)
{
    *xen_major = image->xen_major;
    *xen_minor = image->xen_minor;
}

enum domctx_form domctx_image_form(const domctx_image *image)
{
    return image->form;
}

bool domctx_image_big_endian(const domctx_image *image)
{
    return image->big;
}

uint64_t domctx_image_consumed(const domctx_image *image)
{
    return image->consumed;
}

uint64_t domctx_image_trailing(const domctx_image *image)
{
    return image->trailing;
}

bool domctx_image_has_digest(const domctx_image *image)
{
    return image->has_digest;
}

uint32_t domctx_image_u32(const domctx_image *image, const void *p)
{
    return get32(p, image->big);
}

uint64_t domctx_image_u64(const domctx_image *image, const void *p)
{
    return get64(p, image->big);
}
