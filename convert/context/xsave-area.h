/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in the XSAVE area of a CPU_XSAVE: its components and their
 * registers, in the standard and in the compacted form (Intel SDM volume 1,
 * section 13.4).  For people to look at: a guess says that it is one.  What a
 * conversion may rely on is in xsave.h.
 */
#ifndef CONVERT_CONTEXT_XSAVE_AREA_H
#define CONVERT_CONTEXT_XSAVE_AREA_H

#include "catalogue/xsave.h"
#include "context/context.h"

struct xsave_area {
    const uint8_t *bytes;
    uint64_t base;            /* its offset in the record */
    uint64_t size;
    uint64_t present;         /* components there is room for */
    uint64_t in_use;          /* xstate_bv */
    uint64_t comp;            /* xcomp_bv */
    bool compacted;
    bool differ;              /* Intel and AMD, in where these are: */
    bool amd;                 /* whose they are taken for; */
    bool unsure;              /* the length does not tell */
    uint64_t at[XSAVE_PARTS]; /* in the area; XSAVE_NOWHERE */
};

/* Look at the area of a record of that layout; false where it is not there,
 * or cut off before the components. */
bool xsave_area(const struct context_record *record,
                const struct cat_layout *layout, struct xsave_area *area);

/* The registers of AVX, which are the first behind the legacy area whatever
 * the form and the processor, where the record has that component whole; NULL:
 * it has not. */
const struct cat_registers *
xsave_ymm_high(const struct context_record *record,
               const struct cat_layout *layout);

/* What has the byte at that offset of the record: a register, or a component
 * with none there; "" where nothing is known to be.  *end: the offset up to
 * which that is so. */
#define XSAVE_NAME_ROOM 24
void xsave_name(const struct xsave_area *area, uint64_t offset,
                char name[XSAVE_NAME_ROOM], uint64_t *end);

#endif /* CONVERT_CONTEXT_XSAVE_AREA_H */
