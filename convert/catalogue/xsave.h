/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The places of the components in an XSAVE area.  In the standard form the
 * processor determines the offset of each (CPUID leaf 0xd).  The record does
 * not have these offsets; but there are only a few arrangements.
 */
#ifndef CONVERT_CATALOGUE_XSAVE_H
#define CONVERT_CATALOGUE_XSAVE_H

#include "catalogue/catalogue.h"

#define XSAVE_FIXED  24   /* of the record before the area */
#define XSAVE_LEGACY 576  /* of the area: x87, SSE and the header */

#define XSAVE_FP  UINT64_C(1)
#define XSAVE_SSE UINT64_C(2)
#define XSAVE_YMM UINT64_C(4)
#define XSAVE_LWP (UINT64_C(1) << 62)

/*
 * A component beyond x87 and SSE, with its offset in the standard form, by
 * CPUID leaf 0xd.  All Intel processors have the same offsets, and so have
 * AMD's; but AMD's differ from Intel's, since they lack MPX and the components
 * behind it moved up (APM volume 2, section 11.5.9 has LWP at the same
 * offset).  Supervisor components (PT, PASID, CET, HDC, UINTR, LBR, HWP) have
 * a place in the compacted form only.
 */
struct xsave_part {
    uint8_t bit;
    bool aligned;                 /* to 64 bytes when compacted */
    const char *name;
    uint32_t size, intel, amd;    /* the places; or XSAVE_NOWHERE */
    struct cat_registers registers; /* count 0: it is shown as bytes */
};
#define XSAVE_NOWHERE UINT32_MAX
#define XSAVE_PARTS 19
extern const struct xsave_part xsave_parts[XSAVE_PARTS]; /* by bit */

/* Bits of XCR0 whose places are the same on all processors. */
#define XSAVE_COMMON (XSAVE_FP | XSAVE_SSE | XSAVE_YMM | XSAVE_LWP)

/*
 * The arrangement in which the components of accum give a record of that
 * length, without excess: 0 or more, or -1 if no known one does.  For
 * components of XSAVE_COMMON the length does not matter.
 */
int xsave_arrangement(uint64_t accum, uint64_t length);

/* The next arrangement after the given one (-1: the first) with a place for
 * each component of accum; -1 past the last. */
int xsave_next(uint64_t accum, int after);

/* The length of a record with the components of accum in that arrangement. */
uint64_t xsave_length(int arrangement, uint64_t accum);

/* The offset and size of a component (one bit) in the record; false if it has
 * no place of its own. */
bool xsave_place(int arrangement, uint64_t component, uint64_t *offset,
                 uint64_t *size);

#endif /* CONVERT_CATALOGUE_XSAVE_H */
