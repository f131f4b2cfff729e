/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Containers in memory. */
#ifndef UNIT_SOURCE_SUPPORT_H
#define UNIT_SOURCE_SUPPORT_H

#include "support.h"

/* A record of a libxl or libxc stream, padded. */
void put_stream_record(struct bytes *b, uint32_t type, const void *body,
                       uint32_t size);

/* The smallest "xl save" file of an HVM guest of 4.17 of which there is
 * nothing to be said: 303 bytes. */
void put_smallest(struct bytes *b);

/* What a save file of an HVM guest has; what is zero is left out, or as
 * put_smallest() has it. */
struct saved {
    const char *config;          /* JSON */
    uint32_t version;            /* of the libxc stream: 3 */
    uint32_t xen_major, xen_minor; /* 4.17 */
    const struct domctx_cpuid_leaf *leaves;
    size_t n_leaves;
    const struct domctx_policy_msr *msrs;
    size_t n_msrs;
    const struct domctx_hvm_param *params;
    size_t n_params;
    const struct bytes *context;
    uint32_t tsc_mode;
    uint32_t emulator;           /* 2 */
    uint32_t n_pages;            /* of memory; else one of which there is no
                                  * data */
};
void put_save_file(struct bytes *b, const struct saved *saved);

/* The bodies of such records. */
void put_leaf_list(struct bytes *b, const struct domctx_cpuid_leaf *leaves,
                size_t n);
void put_param_list(struct bytes *b, const struct domctx_hvm_param *params,
                size_t n);

/* A source over memory, of which the first at bytes (64 at most) were read
 * beforehand.  The calls are counted. */
struct memory {
    const uint8_t *p;
    size_t size, at;
    unsigned int reads, skips;
};
domctx_source *memory_source(struct memory *memory);

/* Bytes that are read from the begin on, and what is made of them. */
struct again {
    const struct bytes *b;
    size_t at;
    struct bytes made;
    bool stopped;       /* there is nothing to copy where it should be */
};
struct domctx_reader again_reader(struct again *again);
struct domctx_writer again_writer(struct again *again);

/* The same where memory may be short. */
domctx_source *memory_source_or_null(struct memory *memory);

#endif /* UNIT_SOURCE_SUPPORT_H */
