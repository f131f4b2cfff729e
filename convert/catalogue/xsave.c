/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalogue/xsave.h"

#define NO_REGISTERS { .count = 0 }

const struct xsave_part xsave_parts[XSAVE_PARTS] = {
    { 2, false, "AVX", 256, 576, 576, { "ymm", 0, "_high", 16, 16, 16 } },
    { 3, false, "BNDREGS", 64, 960, XSAVE_NOWHERE,
      { "bnd", 0, "", 16, 16, 4 } },
    { 4, false, "BNDCSR", 64, 1024, XSAVE_NOWHERE,
      { "bndcsr", 0, "", 8, 8, 2 } },
    { 5, false, "OPMASK", 64, 1088, 832, { "k", 0, "", 8, 8, 8 } },
    { 6, false, "ZMM_HI256", 512, 1152, 896,
      { "zmm", 0, "_high", 32, 32, 16 } },
    { 7, false, "HI16_ZMM", 1024, 1664, 1408, { "zmm", 16, "", 64, 64, 16 } },
    { 8, false, "PT", 128, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 9, false, "PKRU", 8, 2688, 2432, { "pkru", 0, "", 4, 8, 1 } },
    { 10, false, "PASID", 8, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 11, false, "CET_U", 16, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 12, false, "CET_S", 24, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 13, false, "HDC", 8, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 14, false, "UINTR", 48, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 15, false, "LBR", 808, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 16, false, "HWP", 8, XSAVE_NOWHERE, XSAVE_NOWHERE, NO_REGISTERS },
    { 17, true, "TILECFG", 64, 2752, XSAVE_NOWHERE, NO_REGISTERS },
    { 18, true, "TILEDATA", 8192, 2816, XSAVE_NOWHERE, NO_REGISTERS },
    { 19, false, "APX", 128, 960, XSAVE_NOWHERE, { "r", 16, "", 8, 8, 16 } },
    { 62, false, "LWP", 128, XSAVE_NOWHERE, 832, NO_REGISTERS },
};

/*
 * The components of each arrangement.  A processor that lacks one leaves its
 * place empty.  The areas of x87 and SSE are at the same place in all (Intel
 * SDM volume 1, 13.4.1).
 *
 * AMD: family 15h, with LWP.  Intel since Skylake, with MPX, AVX-512, keys and
 * AMX.  AMD: Zen 3 and later, with keys, which are where they are with AVX-512
 * (leaf 0xd of a Zen 3: 2440 bytes for 0x207).
 */
static const struct {
    bool amd;
    uint64_t has;
} arrangements[] = {
    { true, XSAVE_YMM | XSAVE_LWP },
    { false, UINT64_C(0x602fc) },
    { true, UINT64_C(0x2e4) },
};
#define N_ARRANGEMENTS (sizeof(arrangements) / sizeof(arrangements[0]))

/* Whether the arrangement has a place for each component of accum. */
static bool has_all(size_t arrangement, uint64_t accum)
{
    return !(accum & ~(XSAVE_FP | XSAVE_SSE | arrangements[arrangement].has));
}

static uint64_t place_of(int arrangement, const struct xsave_part *part)
{
    return arrangements[arrangement].amd ? part->amd : part->intel;
}

uint64_t xsave_length(int arrangement, uint64_t accum)
{
    uint64_t end = XSAVE_LEGACY;

    accum &= arrangements[arrangement].has;
    for (size_t i = 0; i < XSAVE_PARTS; i++) {
        const struct xsave_part *part = &xsave_parts[i];
        uint64_t to = place_of(arrangement, part) + part->size;

        if (accum >> part->bit & 1 && to > end)
            end = to;
    }
    return XSAVE_FIXED + end;
}

int xsave_next(uint64_t accum, int after)
{
    for (size_t i = (size_t)(after + 1); i < N_ARRANGEMENTS; i++)
        if (has_all(i, accum))
            return (int)i;
    return -1;
}

int xsave_arrangement(uint64_t accum, uint64_t length)
{
    for (size_t i = 0; i < N_ARRANGEMENTS; i++)
        if (has_all(i, accum) &&
            (!(accum & ~XSAVE_COMMON) ||
             xsave_length((int)i, accum) == length))
            return (int)i;
    return -1;
}

bool xsave_place(int arrangement, uint64_t component, uint64_t *offset,
                 uint64_t *size)
{
    for (size_t i = 0; i < XSAVE_PARTS; i++) {
        const struct xsave_part *part = &xsave_parts[i];

        if (component != UINT64_C(1) << part->bit ||
            !(component & arrangements[arrangement].has))
            continue;
        *offset = XSAVE_FIXED + place_of(arrangement, part);
        *size = part->size;
        return true;
    }
    return false;
}
