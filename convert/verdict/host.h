/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the reader and the writer of a host's description. */
#ifndef CONVERT_VERDICT_HOST_H
#define CONVERT_VERDICT_HOST_H

#include "catalogue/cpuid.h"

#define HOST_SCHEMA "xl-context-host-1"

/* The members of the JSON, and the members of the struct that they fill. */
enum host_kind { HOST_TEXT, HOST_U32, HOST_U64, HOST_ANSWER };
struct host_member {
    const char *path;     /* ".domains.hvm": the keys down to it */
    enum host_kind kind;
    size_t at, size;      /* offset and size in struct domctx_description */
};
extern const struct host_member host_members[];
extern const size_t n_host_members;

/* Sets of features, and policies, by the path of their objects. */
struct host_part {
    const char *path;
    size_t at;
};
extern const struct host_part host_features[], host_policies[];
#define N_HOST_FEATURES 3
#define N_HOST_POLICIES 2

/* The members of a leaf and of an MSR, named as in Xen's xen_cpuid_leaf_t and
 * xen_msr_entry_t; null where a leaf has no such part. */
struct host_cell {
    const char *key;
    size_t at, size;
};
#define N_HOST_LEAF 6
#define N_HOST_MSR 3
extern const struct host_cell host_leaf[N_HOST_LEAF], host_msr[N_HOST_MSR];

/* -- reading: host-place.c ------------------------------------------------ */

/* What a path names. */
enum host_place_kind {
    PLACE_NONE,
    PLACE_SCHEMA,
    PLACE_MEMBER,       /* which: index in host_members */
    PLACE_OBJECT,       /* has others in it */
    PLACE_NAMES,        /* names for people, which are not read */
    PLACE_WORDS,        /* which: index in host_features */
    PLACE_WORD,
    PLACE_LEAVES,       /* which: index in host_policies */
    PLACE_LEAF,
    PLACE_LEAF_CELL,    /* cell: index in host_leaf */
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

/* Whether its lists end within their arrays: a program may have filled it. */
int host_fits(const struct domctx_description *description,
              domctx_report *report);

/* The features in a policy. */
void host_features_of(const struct domctx_policy *policy,
                      struct cpuid_set *set);

#endif /* CONVERT_VERDICT_HOST_H */
