/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that a transfer as text has changed: above all rooms, since a way back
 * is named only where what it gives is read here. */
#include "as-text.h"
#include "format/recode.h"

#include <domctx.h>
#include <stdlib.h>

/* Whether it is a sound image or blob. */
static bool is_read(const uint8_t *p, size_t size)
{
    domctx_image *image = NULL;
    domctx_hvm *hvm = NULL;
    int result = -1;

    if (domctx_detect(p, size) == DOMCTX_FORMAT_IMAGE)
        result = domctx_image_parse(p, size, &image, NULL);
    else if (domctx_detect(p, size) == DOMCTX_FORMAT_HVM)
        result = domctx_hvm_parse(p, size, &hvm, NULL);
    domctx_image_free(image);
    domctx_hvm_free(hvm);
    return result == 0;
}

/* The way back, by its number; recode_ways(): there is none. */
static size_t way_back(const uint8_t *p, size_t size, uint8_t *room)
{
    size_t way = 0, n;

    for (; way < recode_ways(); way++) {
        n = recode_undo(way, p, size, room);
        if (n > 0 && is_read(room, n))
            break;
    }
    return way;
}

int as_text(const uint8_t *p, size_t size, bool whole, domctx_report *report)
{
    uint8_t *room = whole && size ? malloc(size) : NULL;
    size_t way = room ? way_back(p, size, room) : recode_ways();
    struct recoded recoded;

    free(room);
    if (way < recode_ways())
        return recode_tell_way(way, report);
    if (!recode_find(p, size, &recoded))
        return 0;
    recoded.is_lost = whole && !recoded.is_stream;
    return recode_tell(&recoded, NULL, report);
}

int domctx_as_text(const void *buf, size_t size, domctx_report *report)
{
    return as_text(buf, size, true, report);
}
