/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The places of components and registers in an XSAVE area. */
#include "context/xsave-area.h"
#include "catalogue/codes.h"

#include <domctx.h>
#include <stdio.h>

#define COMPACTED (UINT64_C(1) << 63)

/* -- where components are ---------------------------------------------- */

/* The end of an area with those components, or UINT64_MAX if the vendor's
 * layout lacks one of them. */
static uint64_t end_of(uint64_t present, bool amd)
{
    uint64_t end = XSAVE_LEGACY;

    for (size_t i = 0; i < XSAVE_PARTS; i++) {
        const struct xsave_part *c = &xsave_parts[i];
        uint32_t at = amd ? c->amd : c->intel;

        if (!(present >> c->bit & 1))
            continue;
        if (at == XSAVE_NOWHERE)
            return UINT64_MAX;
        if (at + c->size > end)
            end = at + c->size;
    }
    return end;
}

static bool places_differ(uint64_t present)
{
    for (size_t i = 0; i < XSAVE_PARTS; i++)
        if (present >> xsave_parts[i].bit & 1 &&
            xsave_parts[i].intel != xsave_parts[i].amd)
            return true;
    return false;
}

/* Decide between the vendors' layouts by the length: since 4.2.4 and 4.3.1
 * savers write exactly the components. */
static void find_vendor(struct xsave_area *area)
{
    uint64_t size = area->size;
    uint64_t intel = end_of(area->present, false);
    uint64_t amd = end_of(area->present, true);

    area->differ = places_differ(area->present);
    if (!area->differ || size == intel)
        return;
    area->amd = size == amd || (amd <= size && intel > size);
    area->unsure = !area->amd && !(intel <= size && amd > size);
}

static void place_standard(struct xsave_area *area)
{
    find_vendor(area);
    for (size_t i = 0; i < XSAVE_PARTS; i++)
        area->at[i] = area->amd ? xsave_parts[i].amd : xsave_parts[i].intel;
}

/* Place the components one after the other; those after one of unknown size
 * cannot be placed. */
static void place_compacted(struct xsave_area *area)
{
    uint64_t at = XSAVE_LEGACY;
    size_t i = 0;

    for (unsigned int bit = 2; bit < 63; bit++) {
        while (i < XSAVE_PARTS && xsave_parts[i].bit < bit)
            area->at[i++] = XSAVE_NOWHERE;
        if (!(area->present >> bit & 1))
            continue;
        if (i == XSAVE_PARTS || xsave_parts[i].bit != bit)
            break;
        if (xsave_parts[i].aligned)
            at = (at + 63) & ~UINT64_C(63);
        area->at[i] = at;
        at += xsave_parts[i++].size;
    }
    while (i < XSAVE_PARTS)
        area->at[i++] = XSAVE_NOWHERE;
}

static bool get(const struct context_record *record,
                const struct cat_layout *layout, const char *name,
                uint64_t *value)
{
    const struct cat_field *field = cat_field(record->known, layout, name);

    return field && context_get(record, field, 0, value);
}

bool xsave_area(const struct context_record *record,
                const struct cat_layout *layout, struct xsave_area *area)
{
    uint64_t accum;

    *area = (struct xsave_area){ .base = XSAVE_FIXED };
    if (!get(record, layout, "xcr0_accum", &accum) ||
        !get(record, layout, "save_area.xsave_hdr.xstate_bv", &area->in_use))
        return false;
    get(record, layout, "save_area.xsave_hdr.xcomp_bv", &area->comp);
    area->bytes = record->body + area->base;
    area->size = record->length - area->base;
    area->compacted = area->comp & COMPACTED;
    area->present = (area->compacted ? area->comp : accum | area->in_use) &
                    ~(XSAVE_FP | XSAVE_SSE | COMPACTED);
    if (area->compacted)
        place_compacted(area);
    else
        place_standard(area);
    return true;
}

const struct cat_registers *
xsave_ymm_high(const struct context_record *record,
               const struct cat_layout *layout)
{
    const struct xsave_part *avx = &xsave_parts[0];
    struct xsave_area area;

    if (record->type != DOMCTX_HVM_RECORD(CODE_CPU_XSAVE) ||
        !xsave_area(record, layout, &area) || !(area.present & XSAVE_YMM) ||
        area.at[0] + avx->size > area.size)
        return NULL;
    return &avx->registers;
}

/* -- names ------------------------------------------------------------- */

/* The name of the register at that offset of the component. */
static void name_in(const struct xsave_part *part, uint64_t offset,
                    char name[XSAVE_NAME_ROOM], uint64_t *size)
{
    const struct cat_registers *which = &part->registers;
    size_t i = which->count ? (size_t)(offset / which->stride) : 0;

    if (i >= which->count || offset % which->stride >= which->width) {
        snprintf(name, XSAVE_NAME_ROOM, "%s", part->name);
        *size = i < which->count ? (i + 1) * which->stride : part->size;
        return;
    }
    snprintf(name, XSAVE_NAME_ROOM, "%s%zu%s", which->name, which->first + i,
             which->suffix);
    *size = i * which->stride + which->width;
}

void xsave_name(const struct xsave_area *area, uint64_t offset,
                char name[XSAVE_NAME_ROOM], uint64_t *end)
{
    uint64_t at = offset - area->base;

    *name = '\0';
    *end = UINT64_MAX;
    for (size_t i = 0; i < XSAVE_PARTS; i++) {
        const struct xsave_part *part = &xsave_parts[i];

        if (!(area->present >> part->bit & 1) ||
            area->at[i] == XSAVE_NOWHERE || at >= area->at[i] + part->size)
            continue;
        if (at >= area->at[i]) {
            name_in(part, at - area->at[i], name, end);
            *end += area->base + area->at[i];
            return;
        }
        if (area->base + area->at[i] < *end)
            *end = area->base + area->at[i];
    }
}
