/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The features of a CPUID policy: place, name, dependencies, and which of them
 * a release can give to an HVM domain at most.  Words and bits are those of
 * Xen's featuresets.
 */
#ifndef CONVERT_CATALOGUE_CPUID_H
#define CONVERT_CATALOGUE_CPUID_H

#include "catalogue/release.h"

#define CPUID_WORDS 19
#define CPUID_NO_SUBLEAF UINT32_MAX

/* A set of features. */
struct cpuid_set {
    uint32_t word[CPUID_WORDS];
};

/* The place of a word: a register of a leaf, or the lower or upper half of
 * ARCH_CAPABILITIES. */
enum cpuid_register { CPUID_A, CPUID_B, CPUID_C, CPUID_D, CPUID_LOW,
                      CPUID_HIGH };
struct cpuid_place {
    uint32_t leaf;        /* the index of the MSR for CPUID_LOW and _HIGH */
    uint32_t subleaf;     /* CPUID_NO_SUBLEAF: the leaf has none */
    enum cpuid_register reg;
};
extern const struct cpuid_place cpuid_places[CPUID_WORDS];

/* "avx512f"; NULL for a bit that has no name. */
const char *cpuid_name(unsigned int word, unsigned int bit);

/* The names of the features in the value of an MSR, or in a register of a
 * leaf: their number, at most CPUID_NAMES. */
#define CPUID_NAMES 64
size_t cpuid_names_in(uint32_t leaf, uint32_t subleaf,
                      enum cpuid_register reg, uint32_t value,
                      const char *names[32]);
size_t cpuid_names_in_msr(uint32_t index, uint64_t value,
                          const char *names[CPUID_NAMES]);

/* Whether the feature is in the set. */
bool cpuid_has(const struct cpuid_set *set, unsigned int word,
               unsigned int bit);

/* The bits that Xen computes for itself: their value in a policy means
 * nothing. */
extern const struct cpuid_set cpuid_special;

/* The features of every processor on which any release runs HVM domains. */
extern const struct cpuid_set cpuid_common;

/* Remove the features that depend on one that the set lacks. */
void cpuid_close(struct cpuid_set *set);

/* The features that the release can give to an HVM domain on any host; with
 * RELEASE_ANY, those that every point release of the series can.  False before
 * 4.9, where they are unknown. */
bool cpuid_bound(struct release release, struct cpuid_set *bound);

/* Sizes of xen_cpuid_leaf_t and xen_msr_entry_t, of which the policies in a
 * stream consist (xen/arch-x86/xen.h). */
#define CPUID_LEAF_SIZE 24
#define MSR_ENTRY_SIZE 16

/* "leaf 0x7, subleaf 0x2", in buf. */
#define CPUID_LEAF_ROOM 40
const char *cpuid_leaf_text(uint32_t leaf, uint32_t subleaf,
                            char buf[CPUID_LEAF_ROOM]);

/* How much a release reads of the policies in a stream. */
struct policy_limits {
    uint32_t leaf_7;      /* the last subleaf of leaf 7 */
    uint32_t extended;    /* the last extended leaf */
    uint32_t leaves, msrs; /* entries */
};

/* For RELEASE_ANY, the limits of the first point release; false before
 * 4.14. */
bool policy_limits(struct release release, struct policy_limits *limits);

/* The highest limits of any release: a policy above these is damaged. */
struct policy_limits policy_limits_of_all(void);

/* Whether a policy has a place for the leaf: Xen refuses others, ERANGE. */
bool policy_has_leaf(const struct policy_limits *limits, uint32_t leaf,
                     uint32_t subleaf);

/* Whether a policy can have the MSR. */
bool policy_has_msr(uint32_t index);

/* The vendor as leaf 0 spells it, "AuthenticAMD". */
#define CPUID_VENDOR 12
void cpuid_vendor_text(uint32_t b, uint32_t c, uint32_t d,
                       char vendor[CPUID_VENDOR]);

/* The vendor of a processor, from leaf 0. */
enum domctx_vendor cpuid_vendor(uint32_t b, uint32_t c, uint32_t d);

#endif /* CONVERT_CATALOGUE_CPUID_H */
