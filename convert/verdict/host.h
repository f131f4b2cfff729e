/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reading and writing the description of a host share. */
#ifndef CONVERT_VERDICT_HOST_H
#define CONVERT_VERDICT_HOST_H

#include "catalogue/cpuid.h"

#define HOST_SCHEMA "xl-context-host-1"

/* The keys that stand in the JSON, with the members they fill. */
enum host_kind { HOST_TEXT, HOST_U32, HOST_U64, HOST_ANSWER };
struct host_member {
    const char *path;     /* ".domains.hvm": the keys down to it */
    enum host_kind kind;
    size_t at, size;      /* in struct domctx_description */
};
extern const struct host_member host_members[];
extern const size_t n_host_members;

/* Sets of features and policies, likewise, by the path of the object. */
struct host_part {
    const char *path;
    size_t at;
};
extern const struct host_part host_features[], host_policies[];
#define N_HOST_FEATURES 3
#define N_HOST_POLICIES 2

/* The members of a leaf and of an MSR, as Xen's xen_cpuid_leaf_t and
 * xen_msr_entry_t name them; what a leaf has no place for is null. */
struct host_cell {
    const char *key;
    size_t at, size;
};
#define N_HOST_LEAF 6
#define N_HOST_MSR 3
extern const struct host_cell host_leaf[N_HOST_LEAF], host_msr[N_HOST_MSR];

/* -- reading: host-place.c ------------------------------------------------ */

/* What a path is. */
enum host_place_kind {
    PLACE_NONE,
    PLACE_SCHEMA,
    PLACE_MEMBER,       /* which: of host_members */
    PLACE_OBJECT,       /* holds others */
    PLACE_NAMES,        /* an array, or a text in it, that nobody reads */
    PLACE_WORDS,        /* which: of host_features */
    PLACE_WORD,
    PLACE_LEAVES,       /* which: of host_policies */
    PLACE_LEAF,
    PLACE_LEAF_CELL,    /* cell: of host_leaf */
    PLACE_MSRS,
    PLACE_MSR,
    PLACE_MSR_CELL,
};

struct host_place {
    enum host_place_kind place;
    size_t which, cell;
};

/* The place of a path: the keys down to it, "[]" for an element. */
struct host_place host_place_of(const char *path);

/* Whether its lists end within their room: a program may have filled it. */
int host_fits(const struct domctx_description *description,
              domctx_report *report);

/* The features in a policy. */
void host_features_of(const struct domctx_policy *policy,
                      struct cpuid_set *set);

#endif /* CONVERT_VERDICT_HOST_H */
