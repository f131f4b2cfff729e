/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the components of an XSAVE area lie.  The standard form has each at
 * an offset that the processor tells (CPUID leaf 0xd), and a record does not;
 * but processors agree on a few arrangements.
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
 * A component beyond x87 and SSE, with its places in the standard form as
 * CPUID leaf 0xd of the saving host told them.  Intel's processors agree on
 * those places, as AMD's do, and the two do not: AMD's have no MPX and moved
 * up what follows (APM volume 2, section 11.5.9 has LWP at the same
 * place).  Supervisor components (PT, PASID, CET, HDC, UINTR, LBR, HWP) have a
 * place in the compacted form only.
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

/* Bits of XCR0 whose places no two processors disagree on. */
#define XSAVE_COMMON (XSAVE_FP | XSAVE_SSE | XSAVE_YMM | XSAVE_LWP)

/*
 * The arrangement in which the components of accum make a record of that
 * length, excess left out of account: 0 or more, or -1 for none that is
 * known.  For components of XSAVE_COMMON the length does not matter.
 */
int xsave_arrangement(uint64_t accum, uint64_t length);

/* The next arrangement that has a place for each component of accum, after
 * that one (-1: the first); -1 past the last. */
int xsave_next(uint64_t accum, int after);

/* Bytes of a record with the components of accum, in that arrangement. */
uint64_t xsave_length(int arrangement, uint64_t accum);

/* Where in the record a component (one bit) is; false if it has no place of
 * its own. */
bool xsave_place(int arrangement, uint64_t component, uint64_t *offset,
                 uint64_t *size);

#endif /* CONVERT_CATALOGUE_XSAVE_H */
