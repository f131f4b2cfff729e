/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU_XSAVE by component. */
#include "context/xsave-area.h"
#include "text/text.h"
#include "base/bytes.h"
#include "catalogue/codes.h"

#include <string.h>

static const char *const names[] = {
    TEXT_FPU_NAMES("save_area.fpu_sse."), NULL,
};
static const char *const claims[] = { "save_area.fpu_sse.", NULL };

/* -- components -------------------------------------------------------- */

/* Write the registers that are whole, and bytes of the component outside
 * registers. */
static void put_contents(struct text *text, const struct xsave_part *c,
                         const struct xsave_area *area, uint64_t at,
                         uint64_t have)
{
    struct cat_registers whole = c->registers;
    bool has_none = whole.count == 0;
    uint64_t shown = 0;

    whole.count = (uint16_t)text_whole(&whole, have);
    if (whole.count > 0) {
        text_registers(text, &whole, area->bytes + at);
        shown = (whole.count - 1u) * whole.stride + whole.width;
    }
    if (has_none || have < c->size ||
        !all_zero(area->bytes + at + shown, have - shown))
        text_dump(text, area->base + at + shown, area->bytes + at + shown,
                  have - shown);
}

/* Describe a component that lies partly or wholly behind the end of the
 * record. */
static void put_cut(struct text *text, const struct xsave_part *c,
                    const struct xsave_area *area, uint64_t at)
{
    uint64_t have = at < area->size ? area->size - at : 0;

    text_mark(text, "%s is cut off: only %llu of %u bytes at 0x%llx",
              c->name, (unsigned long long)have, (unsigned int)c->size,
              (unsigned long long)(area->base + at));
    if (have > 0)
        put_contents(text, c, area, at, have);
}

static void put_component(struct text *text, const struct xsave_area *area,
                          size_t i)
{
    const struct xsave_part *c = &xsave_parts[i];
    bool in_use = area->in_use >> c->bit & 1;
    const uint8_t *bytes;

    if (area->at[i] == XSAVE_NOWHERE) {
        text_words(text, c->name, "its place is not known");
        return;
    }
    if (area->at[i] + c->size > area->size) {
        put_cut(text, c, area, area->at[i]);
        return;
    }
    bytes = area->bytes + area->at[i];
    text_line_f(text, c->name, "%u bytes at 0x%llx, %s%s",
                (unsigned int)c->size,
                (unsigned long long)(area->base + area->at[i]),
                in_use ? "in use" : "in its initial state",
                in_use || all_zero(bytes, c->size) ? ""
                                                   : "; not loaded:");
    if (in_use || !all_zero(bytes, c->size))
        put_contents(text, c, area, area->at[i], c->size);
}

/* Write bytes between and behind the components. */
static void put_gaps(struct text *text, const struct xsave_area *area)
{
    uint64_t from = XSAVE_LEGACY;

    while (from < area->size) {
        uint64_t to = area->size, next = area->size;

        for (size_t i = 0; i < XSAVE_PARTS; i++) {
            if (!(area->present >> xsave_parts[i].bit & 1) ||
                area->at[i] == XSAVE_NOWHERE ||
                area->at[i] + xsave_parts[i].size <= from ||
                area->at[i] >= to)
                continue;
            to = area->at[i] > from ? area->at[i] : from;
            next = area->at[i] + xsave_parts[i].size;
        }
        if (to > from && !all_zero(area->bytes + from, to - from)) {
            text_line_f(text, "other bytes", "%llu",
                        (unsigned long long)(to - from));
            text_dump(text, area->base + from, area->bytes + from,
                      to - from);
        }
        from = next;
    }
}

static void put_components(struct text *text, const struct xsave_area *area)
{
    uint64_t unknown = area->present;

    for (size_t i = 0; i < XSAVE_PARTS; i++) {
        if (area->present >> xsave_parts[i].bit & 1)
            put_component(text, area, i);
        unknown &= ~(UINT64_C(1) << xsave_parts[i].bit);
    }
    if (unknown)
        text_mark(text, "components that are not known here: 0x%llx",
                  (unsigned long long)unknown);
    put_gaps(text, area);
}

/* Write whether the area is standard or compacted. */
static void put_form(struct text *text, const struct xsave_area *area)
{
    if (area->comp && !area->compacted)
        text_mark(text, "xcomp_bv is not 0, but its bit 63 is: taken for the "
                  "standard form, which has 0 there");
    if (area->unsure)
        text_mark(text, "Intel and AMD differ in where components are, and "
                  "the length does not tell which it is: shown as Intel has "
                  "them");
    if (area->differ)
        text_line_f(text, "form", "standard, places as on %s",
                    area->amd ? "AMD" : "Intel");
    else
        text_line_f(text, "form", area->compacted ? "compacted"
                                                  : "standard");
    if (area->compacted)
        text_mark(text, "no release of Xen loads the compacted form");
}

static void put(struct text *text, const struct context_record *record,
                const struct text_plan *plan)
{
    struct xsave_area area;

    text_fpu(text, record, plan, 0);
    if (!xsave_area(record, plan->shape->layout, &area))
        return;
    put_form(text, &area);
    put_components(text, &area);
}

const struct text_view text_view_xsave = {
    .type = DOMCTX_HVM_RECORD(CODE_CPU_XSAVE),
    .names = names, .claims = claims, .takes_tail = true, .put = put,
};
