/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The features that a release can give to an HVM domain at most, and how much
 * of a policy it reads.
 *
 * bounds: the bits that Xen's public header cpufeatureset.h marks with A, a,
 * S, s, H or h, at every release tag from 4.9.0 to 4.22.0.  A domain with
 * shadow paging gets less.
 *
 * limits: CPUID_GUEST_NR_* and MSR_MAX_SERIALISED_ENTRIES of
 * xen/lib/x86/cpu-policy.h at every tag from 4.14.0 to 4.22.0.
 */
#include "catalogue/cpuid.h"

#include <string.h>

struct bound {
    struct release first, last;
    uint32_t word[CPUID_WORDS];
};
static const struct bound bounds[] = {
    { RELEASE(4, 9, 0), RELEASE(4, 9, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400b, 0x0, 0x1, 0xc } },
    { RELEASE(4, 9, 2), RELEASE(4, 9, 2),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400b, 0x0, 0x1001, 0xc00000c } },
    { RELEASE(4, 9, 3), RELEASE(4, 9, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400b, 0x0, 0x1001, 0x9c00000c } },
    { RELEASE(4, 10, 0), RELEASE(4, 10, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1, 0xc } },
    { RELEASE(4, 10, 1), RELEASE(4, 10, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0xc00000c } },
    { RELEASE(4, 10, 2), RELEASE(4, 10, 3),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0x9c00000c } },
    { RELEASE(4, 10, 4), RELEASE(4, 10, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0x9c00040c } },
    { RELEASE(4, 11, 0), RELEASE(4, 11, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0x8c00000c } },
    { RELEASE(4, 11, 1), RELEASE(4, 11, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0x9c00000c } },
    { RELEASE(4, 11, 2), RELEASE(4, 11, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0x9c00040c } },
    { RELEASE(4, 12, 0), RELEASE(4, 12, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0x9c00000c } },
    { RELEASE(4, 12, 1), RELEASE(4, 12, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42189f7, 0xf, 0xfdbf4fbb,
        0x40400f, 0x0, 0x1001, 0x9c00040c } },
    { RELEASE(4, 13, 0), RELEASE(4, 13, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x2405f4f, 0x0, 0x1005, 0x9c00040c } },
    { RELEASE(4, 13, 5), RELEASE(4, 13, 5),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x2405f4f, 0x0, 0x60001005, 0x9c00040c } },
    { RELEASE(4, 14, 0), RELEASE(4, 14, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a415f4f, 0x0, 0x1005, 0x9c00440c, 0x20 } },
    { RELEASE(4, 14, 1), RELEASE(4, 14, 3),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a415f4f, 0x0, 0x1005, 0xbc00440c, 0x20 } },
    { RELEASE(4, 14, 4), RELEASE(4, 14, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x0, 0x1005, 0xbc01440c, 0x20 } },
    { RELEASE(4, 14, 5), RELEASE(4, 14, 5),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x0, 0x150fd005, 0xbc01440c, 0x20, 0x4, 0x0, 0x1 } },
    { RELEASE(4, 14, 6), RELEASE(4, 14, 6),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x0, 0x750fd005, 0xbc01440c, 0x20, 0x38000004, 0x0,
        0x1, 0x0, 0x0, 0x512e173 } },
    { RELEASE(4, 15, 0), RELEASE(4, 15, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a415f4f, 0x100, 0x1005, 0xbc00450c, 0x30 } },
    { RELEASE(4, 15, 2), RELEASE(4, 15, 2),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x1005, 0xbc01450c, 0x30 } },
    { RELEASE(4, 15, 3), RELEASE(4, 15, 3),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x150fd005, 0xbc01450c, 0x30, 0x4, 0x0, 0x1 } },
    { RELEASE(4, 15, 4), RELEASE(4, 15, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x750fd005, 0xbc01450c, 0x30, 0x4, 0x0, 0x1 } },
    { RELEASE(4, 15, 5), RELEASE(4, 15, 5),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x750fd005, 0xbc01450c, 0x30, 0x38000004, 0x0,
        0x1, 0x0, 0x0, 0x512e173 } },
    { RELEASE(4, 15, 6), RELEASE(4, 15, 7),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x750fd005, 0xbc01450c, 0x30, 0x38000004, 0x0,
        0x17, 0x0, 0x0, 0x1d12e173 } },
    { RELEASE(4, 16, 0), RELEASE(4, 16, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a415f4f, 0x100, 0x101005, 0xbc00451c, 0x1c30, 0x44 } },
    { RELEASE(4, 16, 1), RELEASE(4, 16, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x151fd005, 0xbc01451c, 0x1c30, 0x44, 0x0, 0x1 } },
    { RELEASE(4, 16, 2), RELEASE(4, 16, 2),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x351fd005, 0xbc01451c, 0x1c30, 0x44, 0x0, 0x1 } },
    { RELEASE(4, 16, 3), RELEASE(4, 16, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x44, 0x0, 0x1 } },
    { RELEASE(4, 16, 5), RELEASE(4, 16, 5),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x38000044, 0x0,
        0x1, 0x0, 0x0, 0x512e173 } },
    { RELEASE(4, 16, 6), RELEASE(4, 16, 7),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x38000044, 0x0,
        0x17, 0x0, 0x0, 0x1d12e173 } },
    { RELEASE(4, 17, 0), RELEASE(4, 17, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x44, 0x0, 0x21 } },
    { RELEASE(4, 17, 2), RELEASE(4, 17, 3),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x38000044, 0x0,
        0x21, 0x0, 0x0, 0x512e173 } },
    { RELEASE(4, 17, 4), RELEASE(4, 17, 5),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x38000044, 0x0,
        0x37, 0x0, 0x0, 0x1d12e173 } },
    { RELEASE(4, 17, 6), RELEASE(4, 17, 6),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x38000064, 0x0,
        0x37, 0x0, 0x0, 0x1d12e173, 0x40000000, 0x6 } },
    { RELEASE(4, 17, 7), RELEASE(4, 17, 7),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x1a405f4f, 0x100, 0x751fd005, 0xbc01451c, 0x1c30, 0x78000064, 0x0,
        0x37, 0x0, 0x0, 0x1d12e173, 0x40000000, 0x6 } },
    { RELEASE(4, 18, 0), RELEASE(4, 18, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c30, 0x38000144,
        0x0, 0x21, 0x0, 0x30, 0x512e173 } },
    { RELEASE(4, 18, 1), RELEASE(4, 18, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c30, 0x38000144,
        0x0, 0x21, 0x0, 0x30, 0x1d12e173 } },
    { RELEASE(4, 18, 2), RELEASE(4, 18, 4),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c30, 0x38000144,
        0x0, 0x37, 0x0, 0x30, 0x1d12e173 } },
    { RELEASE(4, 18, 5), RELEASE(4, 18, 5),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c30, 0x78000144,
        0x0, 0x37, 0x0, 0x30, 0x1d12e173, 0x40000000 } },
    { RELEASE(4, 18, 6), RELEASE(4, 18, 6),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x42109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c30, 0x78000164,
        0x0, 0x37, 0x0, 0x30, 0x1d12e173, 0x40000000, 0x6 } },
    { RELEASE(4, 19, 0), RELEASE(4, 19, 1),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x442109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c37, 0x381c0d47,
        0x0, 0x37, 0x0, 0x4430, 0x1d12e173 } },
    { RELEASE(4, 19, 2), RELEASE(4, 19, 2),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x442109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c37, 0x781c0d47,
        0x0, 0x37, 0x0, 0x4430, 0x1d12e173 } },
    { RELEASE(4, 19, 3), RELEASE(4, 19, 6),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x442109f7, 0xf, 0xfdbf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc81451c, 0x881c37, 0x781c0d67,
        0x0, 0x37, 0x0, 0x4430, 0x1d12e173, 0x40000000, 0x6 } },
    { RELEASE(4, 20, 0), RELEASE(4, 20, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x442109f7, 0xf, 0xf1bf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc814510, 0x881cb7, 0x781c0d47,
        0x0, 0x37, 0x0, 0x4430, 0x1d12e173 } },
    { RELEASE(4, 20, 1), RELEASE(4, 21, 2),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x442109f7, 0xf, 0xf1bf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc814510, 0x881cb7, 0x781c0d67,
        0x0, 0x37, 0x0, 0x4430, 0x1d12e173, 0x40000000, 0x6 } },
    { RELEASE(4, 22, 0), RELEASE(4, 22, 0),
      { 0x1fcbfbff, 0xf7fa3223, 0xee500800, 0x442109f7, 0xf, 0xf1bf4fbb,
        0x9a405f4f, 0x100, 0x751fd005, 0xbc814510, 0x881cf7, 0x789c0d67,
        0x0, 0x37, 0x0, 0x4430, 0x1d12e173, 0x40000000, 0x6 } },
};
#define N_BOUNDS (sizeof(bounds) / sizeof(bounds[0]))

/* Whether that point release is in the range. */
static bool is_in(struct release release, struct release first,
                  struct release last)
{
    unsigned int number = (unsigned int)release.series << 8 | release.point;

    return number >= ((unsigned int)first.series << 8 | first.point) &&
           number <= ((unsigned int)last.series << 8 | last.point);
}

static bool point_bound(struct release release, struct cpuid_set *bound)
{
    for (size_t i = 0; i < N_BOUNDS; i++)
        if (is_in(release, bounds[i].first, bounds[i].last)) {
            memcpy(bound->word, bounds[i].word, sizeof(bound->word));
            return true;
        }
    return false;
}

bool cpuid_bound(struct release release, struct cpuid_set *bound)
{
    struct release newest = bounds[N_BOUNDS - 1].last;
    int last = release_last_point(release.series);
    struct cpuid_set other;

    if (release.series > newest.series)
        release = newest;
    /* a release newer than all known ones is treated as the newest */
    if (release.point != RELEASE_ANY) {
        if (last >= 0 && release.point > last)
            release.point = (uint8_t)last;
        return point_bound(release, bound);
    }
    if (!point_bound((struct release){ release.series, 0 }, bound))
        return false;
    for (int point = 1; point <= last; point++) {
        if (!point_bound((struct release){ release.series, (uint8_t)point },
                         &other))
            return false;
        for (size_t i = 0; i < CPUID_WORDS; i++)
            bound->word[i] &= other.word[i];
    }
    return true;
}

/* -- limits of a policy -------------------------------------------------- */

static const struct {
    struct since since;
    struct policy_limits limits;
} limits_since[] = {
    { { { RELEASE(4, 14, 5), RELEASE(4, 15, 3), RELEASE(4, 16, 1),
          RELEASE(4, 17, 0) } },
      { 2, 0x80000021, 120, 2 } },
    { { { RELEASE(4, 16, 0) } }, { 1, 0x80000021, 119, 2 } },
    { { { RELEASE(4, 14, 1), RELEASE(4, 15, 0) } },
      { 1, 0x8000001c, 114, 2 } },
    { { { RELEASE(4, 14, 0) } }, { 1, 0x8000001c, 114, 1 } },
};

bool policy_limits(struct release release, struct policy_limits *limits)
{
    for (size_t i = 0; i < sizeof(limits_since) / sizeof(limits_since[0]);
         i++)
        if (since_all(&limits_since[i].since, release)) {
            *limits = limits_since[i].limits;
            return true;
        }
    return false;
}

struct policy_limits policy_limits_of_all(void)
{
    static const struct release newest = { CAT_NEWEST, RELEASE_ANY };
    struct policy_limits limits = { 0, 0, 0, 0 };

    policy_limits(newest, &limits);
    return limits;
}

bool policy_has_leaf(const struct policy_limits *limits, uint32_t leaf,
                     uint32_t subleaf)
{
    static const struct {
        uint32_t leaf, last;      /* subleaf */
    } with_subleaves[] = { { 4, 5 }, { 0xb, 1 }, { 0xd, 62 } };

    if (leaf == 7)
        return subleaf <= limits->leaf_7;
    for (size_t i = 0; i < 3; i++)
        if (leaf == with_subleaves[i].leaf)
            return subleaf <= with_subleaves[i].last;
    return subleaf == CPUID_NO_SUBLEAF &&
           (leaf <= 0xd || leaf == 0x40000000 || leaf == 0x40000100 ||
            (leaf >= 0x80000000 && leaf <= limits->extended));
}

bool policy_has_msr(uint32_t index)
{
    return index == 0xce || index == 0x10a;
}
