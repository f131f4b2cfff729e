/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalogue/xsave.h"

/* As CPUID leaf 0xd of these processors says; the areas of x87 and SSE are
 * at the same place in all (Intel SDM volume 1, 13.4.1). */
struct place {
    uint8_t bit;
    uint16_t offset, size;   /* in the area */
};

/* Intel since Skylake, with MPX, AVX-512, keys, AMX or without them; of what
 * a processor lacks the place stays empty. */
static const struct place intel[] = {
    { 2, 576, 256 },   { 3, 960, 64 },   { 4, 1024, 64 },  { 5, 1088, 64 },
    { 6, 1152, 512 },  { 7, 1664, 1024 }, { 9, 2688, 8 },
    { 17, 2752, 64 },  { 18, 2816, 8192 }, { 0, 0, 0 },
};
/* AMD: family 15h, with LWP; Zen 3 and later, with keys, which are where
 * they are with AVX-512 (leaf 0xd of a Zen 3: 2440 bytes for 0x207). */
static const struct place amd_15h[] = {
    { 2, 576, 256 }, { 62, 832, 128 }, { 0, 0, 0 },
};
static const struct place amd_zen[] = {
    { 2, 576, 256 },   { 5, 832, 64 }, { 6, 896, 512 }, { 7, 1408, 1024 },
    { 9, 2432, 8 },    { 0, 0, 0 },
};
static const struct place *const arrangements[] = {
    amd_15h, intel, amd_zen,
};
#define N_ARRANGEMENTS (sizeof(arrangements) / sizeof(arrangements[0]))

static const struct place *find(const struct place *places, uint64_t bit)
{
    for (; places->size; places++)
        if (UINT64_C(1) << places->bit == bit)
            return places;
    return NULL;
}

/* Whether each component of accum has a place. */
static bool has_all(const struct place *places, uint64_t accum)
{
    accum &= ~(XSAVE_FP | XSAVE_SSE);
    for (; accum; accum &= accum - 1)
        if (!find(places, accum & -accum))
            return false;
    return true;
}

uint64_t xsave_length(int arrangement, uint64_t accum)
{
    const struct place *place = arrangements[arrangement];
    uint64_t end = XSAVE_LEGACY;

    for (; place->size; place++)
        if (accum & UINT64_C(1) << place->bit &&
            place->offset + place->size > (int)end)
            end = (uint64_t)place->offset + place->size;
    return XSAVE_FIXED + end;
}

int xsave_next(uint64_t accum, int after)
{
    for (size_t i = (size_t)(after + 1); i < N_ARRANGEMENTS; i++)
        if (has_all(arrangements[i], accum))
            return (int)i;
    return -1;
}

int xsave_arrangement(uint64_t accum, uint64_t length)
{
    for (size_t i = 0; i < N_ARRANGEMENTS; i++)
        if (has_all(arrangements[i], accum) &&
            (!(accum & ~XSAVE_COMMON) ||
             xsave_length((int)i, accum) == length))
            return (int)i;
    return -1;
}

bool xsave_place(int arrangement, uint64_t component, uint64_t *offset,
                 uint64_t *size)
{
    const struct place *place = find(arrangements[arrangement], component);

    if (!place)
        return false;
    *offset = (uint64_t)XSAVE_FIXED + place->offset;
    *size = place->size;
    return true;
}
