/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CPU_XSAVE by component, in the standard and in the compacted form (Intel
 * SDM volume 1, section 13.4).
 *
 * In the standard form each component has a place that CPUID leaf 0xd of the
 * saving host told.  Intel's processors agree on those places, as AMD's do,
 * and the two do not: AMD's have no MPX and moved up what comes behind it
 * (APM volume 2, section 11.5.9 has LWP at the same place).
 */
#include "text.h"
#include "bytes.h"
#include "codes.h"

#include <string.h>

#define LEGACY UINT64_C(3)        /* x87 and SSE */
#define COMPACTED (UINT64_C(1) << 63)
#define HEADER_END 576            /* of the area: components come after */
#define NOWHERE UINT32_MAX

struct component {
    uint8_t bit;
    bool aligned;                 /* to 64 bytes when compacted */
    const char *name;
    uint32_t size, intel, amd;    /* places in the standard form */
    struct text_registers registers; /* count 0: as bytes */
};

/* Supervisor components (PT, PASID, CET, HDC, UINTR, LBR, HWP) have a place
 * in the compacted form only. */
static const struct component components[] = {
    { 2, false, "AVX", 256, 576, 576,
      { "ymm", 0, "_high", 16, 16, 16 } },
    { 3, false, "BNDREGS", 64, 960, NOWHERE, { "bnd", 0, "", 16, 16, 4 } },
    { 4, false, "BNDCSR", 64, 1024, NOWHERE,
      { "bndcsr", 0, "", 8, 8, 2 } },
    { 5, false, "OPMASK", 64, 1088, 832, { "k", 0, "", 8, 8, 8 } },
    { 6, false, "ZMM_HI256", 512, 1152, 896,
      { "zmm", 0, "_high", 32, 32, 16 } },
    { 7, false, "HI16_ZMM", 1024, 1664, 1408,
      { "zmm", 16, "", 64, 64, 16 } },
    { 8, false, "PT", 128, NOWHERE, NOWHERE, { .count = 0 } },
    { 9, false, "PKRU", 8, 2688, 2432, { "pkru", 0, "", 4, 8, 1 } },
    { 10, false, "PASID", 8, NOWHERE, NOWHERE, { .count = 0 } },
    { 11, false, "CET_U", 16, NOWHERE, NOWHERE, { .count = 0 } },
    { 12, false, "CET_S", 24, NOWHERE, NOWHERE, { .count = 0 } },
    { 13, false, "HDC", 8, NOWHERE, NOWHERE, { .count = 0 } },
    { 14, false, "UINTR", 48, NOWHERE, NOWHERE, { .count = 0 } },
    { 15, false, "LBR", 808, NOWHERE, NOWHERE, { .count = 0 } },
    { 16, false, "HWP", 8, NOWHERE, NOWHERE, { .count = 0 } },
    { 17, true, "TILECFG", 64, 2752, NOWHERE, { .count = 0 } },
    { 18, true, "TILEDATA", 8192, 2816, NOWHERE, { .count = 0 } },
    { 19, false, "APX", 128, 960, NOWHERE, { "r", 16, "", 8, 8, 16 } },
    { 62, false, "LWP", 128, NOWHERE, 832, { .count = 0 } },
};
#define COMPONENTS (sizeof(components) / sizeof(components[0]))

enum { XCR0_ACCUM = TEXT_FPU_COUNT, XSTATE_BV, XCOMP_BV, AREA };
static const char *const names[] = {
    TEXT_FPU_NAMES("save_area.fpu_sse."), "xcr0_accum",
    "save_area.xsave_hdr.xstate_bv", "save_area.xsave_hdr.xcomp_bv",
    "save_area.fpu_sse.x", NULL,
};
static const char *const claims[] = { "save_area.fpu_sse.", NULL };

/* -- where components are ---------------------------------------------- */

struct area {
    const uint8_t *bytes;
    uint64_t base;            /* its offset in the record */
    uint64_t size;
    uint64_t present;         /* components there is room for */
    uint64_t in_use;          /* xstate_bv */
    bool compacted;
    uint64_t at[COMPONENTS];  /* in the area; NOWHERE */
};

/* The end of an area with those components, or UINT64_MAX where that vendor
 * has no place for one. */
static uint64_t end_of(uint64_t present, bool amd)
{
    uint64_t end = HEADER_END;

    for (size_t i = 0; i < COMPONENTS; i++) {
        const struct component *c = &components[i];
        uint32_t at = amd ? c->amd : c->intel;

        if (!(present >> c->bit & 1))
            continue;
        if (at == NOWHERE)
            return UINT64_MAX;
        if (at + c->size > end)
            end = at + c->size;
    }
    return end;
}

static bool places_differ(uint64_t present)
{
    for (size_t i = 0; i < COMPONENTS; i++)
        if (present >> components[i].bit & 1 &&
            components[i].intel != components[i].amd)
            return true;
    return false;
}

/* Whose places: the length that savers write tells, since 4.2.4 and 4.3.1
 * it is that of the components. */
static bool is_amd(struct text *text, const struct area *area)
{
    uint64_t intel = end_of(area->present, false);
    uint64_t amd = end_of(area->present, true);

    if (!places_differ(area->present) || area->size == intel)
        return false;
    if (area->size == amd || (amd <= area->size && intel > area->size))
        return true;
    if (intel <= area->size && amd > area->size)
        return false;
    text_mark(text, "Intel and AMD differ in where components are, and the "
              "length does not tell which it is: shown as Intel has them");
    return false;
}

static void place_standard(struct text *text, struct area *area)
{
    bool amd = is_amd(text, area);

    for (size_t i = 0; i < COMPONENTS; i++)
        area->at[i] = amd ? components[i].amd : components[i].intel;
    if (places_differ(area->present))
        text_line_f(text, "form", "standard, places as on %s",
                    amd ? "AMD" : "Intel");
    else
        text_line_f(text, "form", "standard");
}

/* One after the other; what comes after one of unknown size is nowhere. */
static void place_compacted(struct text *text, struct area *area)
{
    uint64_t at = HEADER_END;
    size_t i = 0;

    for (unsigned int bit = 2; bit < 63; bit++) {
        while (i < COMPONENTS && components[i].bit < bit)
            area->at[i++] = NOWHERE;
        if (!(area->present >> bit & 1))
            continue;
        if (i == COMPONENTS || components[i].bit != bit)
            break;
        if (components[i].aligned)
            at = (at + 63) & ~UINT64_C(63);
        area->at[i] = at;
        at += components[i++].size;
    }
    while (i < COMPONENTS)
        area->at[i++] = NOWHERE;
    text_line_f(text, "form", "compacted");
    text_mark(text, "no release of Xen loads the compacted form");
}

/* -- components -------------------------------------------------------- */

/* The registers that are whole in so many bytes of it, and what has none. */
static void put_contents(struct text *text, const struct component *c,
                         const struct area *area, uint64_t at, uint64_t have)
{
    struct text_registers whole = c->registers;
    uint64_t shown = 0;

    whole.count = text_whole(&whole, have);
    if (whole.count > 0) {
        text_registers(text, &whole, area->bytes + at);
        shown = (whole.count - 1) * whole.stride + whole.width;
    }
    if (c->registers.count == 0 || have < c->size ||
        !all_zero(area->bytes + at + shown, have - shown))
        text_dump(text, area->base + at + shown, area->bytes + at + shown,
                  have - shown);
}

/* A component that the record ends in, or before. */
static void put_cut(struct text *text, const struct component *c,
                    const struct area *area, uint64_t at)
{
    uint64_t have = at < area->size ? area->size - at : 0;

    text_mark(text, "%s is cut off: only %llu of %u bytes at 0x%llx",
              c->name, (unsigned long long)have, (unsigned int)c->size,
              (unsigned long long)(area->base + at));
    if (have > 0)
        put_contents(text, c, area, at, have);
}

static void put_component(struct text *text, const struct area *area,
                          size_t i)
{
    const struct component *c = &components[i];
    bool in_use = area->in_use >> c->bit & 1;
    const uint8_t *bytes;

    if (area->at[i] == NOWHERE) {
        text_line_f(text, c->name, "its place is not known");
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

/* Bytes between and after the components. */
static void put_gaps(struct text *text, const struct area *area)
{
    uint64_t from = HEADER_END;

    while (from < area->size) {
        uint64_t to = area->size, next = area->size;

        for (size_t i = 0; i < COMPONENTS; i++) {
            if (!(area->present >> components[i].bit & 1) ||
                area->at[i] == NOWHERE ||
                area->at[i] + components[i].size <= from ||
                area->at[i] >= to)
                continue;
            to = area->at[i] > from ? area->at[i] : from;
            next = area->at[i] + components[i].size;
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

static void put_components(struct text *text, const struct area *area)
{
    uint64_t unknown = area->present & ~COMPACTED;

    for (size_t i = 0; i < COMPONENTS; i++) {
        if (area->present >> components[i].bit & 1)
            put_component(text, area, i);
        unknown &= ~(UINT64_C(1) << components[i].bit);
    }
    if (unknown)
        text_mark(text, "components that are not known here: 0x%llx",
                  (unsigned long long)unknown);
    put_gaps(text, area);
}

static void put(struct text *text, const struct context_record *record,
                const struct text_plan *plan)
{
    struct area area = { .size = 0 };
    uint64_t accum, comp = 0;

    text_fpu(text, record, plan, 0);
    if (!text_get(record, plan->fields[XCR0_ACCUM], 0, &accum) ||
        !text_get(record, plan->fields[XSTATE_BV], 0, &area.in_use))
        return;
    text_get(record, plan->fields[XCOMP_BV], 0, &comp);
    area.base = plan->fields[AREA]->offset;
    area.bytes = record->body + area.base;
    area.size = record->length - area.base;
    area.compacted = comp & COMPACTED;
    if (comp && !area.compacted)
        text_mark(text, "xcomp_bv is not 0, but its bit 63 is: taken for the "
                  "standard form, which has 0 there");
    area.present = (area.compacted ? comp : accum | area.in_use) &
                   ~(LEGACY | COMPACTED);
    if (area.compacted)
        place_compacted(text, &area);
    else
        place_standard(text, &area);
    put_components(text, &area);
}

const struct text_view text_view_xsave = {
    .type = DOMCTX_HVM_RECORD(CODE_CPU_XSAVE),
    .names = names, .claims = claims, .takes_tail = true, .put = put,
};
