/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The components and registers in the XSAVE area of a CPU_XSAVE, in standard
 * and compacted form (Intel SDM volume 1, section 13.4).  This is for showing;
 * where it guesses, it says so.  Conversion relies on xsave.h only.
 */
#ifndef CONVERT_CONTEXT_XSAVE_AREA_H
#define CONVERT_CONTEXT_XSAVE_AREA_H

#include "catalogue/xsave.h"
#include "context/context.h"

struct xsave_area {
    const uint8_t *bytes;
    uint64_t base;            /* its offset in the record */
    uint64_t size;
    uint64_t present;         /* components that there is room for */
    uint64_t in_use;          /* xstate_bv */
    uint64_t comp;            /* xcomp_bv */
    bool compacted;
    bool differ;              /* Intel and AMD place these components
                               * differently */
    bool amd;                 /* taken as AMD's */
    bool unsure;              /* the length does not tell which */
    uint64_t at[XSAVE_PARTS]; /* offset in the area, or XSAVE_NOWHERE */
};

/* Describe the area of a record with that layout; false if it is missing, or
 * cut before the components. */
bool xsave_area(const struct context_record *record,
                const struct cat_layout *layout, struct xsave_area *area);

/* The AVX registers, the first behind the legacy area in every form and on
 * every processor; NULL if the record lacks the whole component. */
const struct cat_registers *
xsave_ymm_high(const struct context_record *record,
               const struct cat_layout *layout);

/* The register, or the component, at that offset of the record; "" if unknown.
 * *end: offset at which it ends. */
#define XSAVE_NAME_ROOM 24
void xsave_name(const struct xsave_area *area, uint64_t offset,
                char name[XSAVE_NAME_ROOM], uint64_t *end);

#endif /* CONVERT_CONTEXT_XSAVE_AREA_H */
