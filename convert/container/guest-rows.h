/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a save file says about a domain apart from its context, as one list of
 * entries: configuration, TSC information, the two policies and the HVM
 * parameters.  For comparing and writing them.
 */
#ifndef CONVERT_CONTAINER_GUEST_ROWS_H
#define CONVERT_CONTAINER_GUEST_ROWS_H

#include "base/messages.h"

/* -- the configuration --------------------------------------------------- */

/* A member of struct domctx_keys that is set. */
struct key_row {
    const char *key, *text;
    char number[16];           /* text of a number */
};
#define KEY_ROWS 10

/* List the members that are set, in their order; returns their number. */
size_t key_rows(const struct domctx_keys *keys,
                struct key_row rows[KEY_ROWS]);

/* "hvm"; "" if unknown. */
const char *guest_type(enum domctx_guest guest);

/* The name of the device model whose state is in the stream. */
const char *guest_emulator(const struct domctx_domain *domain);

/* -- all of it ----------------------------------------------------------- */

enum guest_part { GUEST_CONFIG, GUEST_TSC, GUEST_CPUID, GUEST_MSR,
                  GUEST_PARAMS, GUEST_PARTS };

/* An entry; for a leaf of the CPUID policy, one of its registers. */
struct guest_row {
    enum guest_part part;
    uint64_t key[2];           /* entries with equal keys are in file order */
    size_t order;
    uint64_t value;
    char text[256];            /* for the configuration, instead of value */
};

/* All entries of a source, sorted by part, key and order, for free().  NULL
 * when memory is short. */
struct guest_row *guest_rows(const struct domctx_source_info *info,
                             size_t *n);

/* Order by part and key; the result is as strcmp()'s. */
int guest_row_order(const struct guest_row *a, const struct guest_row *b);

/* The part's size in the stream; 0: the stream lacks it. */
uint64_t guest_part_size(const struct domctx_source_info *info,
                         enum guest_part part);

/* The name: "0x00000007:0.ebx", "ARCH_CAPABILITIES", "VIRIDIAN",
 * "max_vcpus". */
#define GUEST_NAME_ROOM 64
const char *guest_row_name(const struct guest_row *row,
                           char buf[GUEST_NAME_ROOM]);

/* What the value means: in policies, the features that other lacks, which is
 * the same entry of another source, or NULL.  "" if nothing is known. */
#define GUEST_WORDS_ROOM 512
const char *guest_row_words(const struct guest_row *row,
                            const struct guest_row *other,
                            char buf[GUEST_WORDS_ROOM]);

/* Whether the entry is the first register of its leaf. */
bool guest_row_is_eax(const struct guest_row *row);

/* Whether the value changes by itself while the domain runs. */
bool guest_row_moves(const struct guest_row *row);

/* Whether a part can have entries of that name, of size bytes. */
bool guest_names(enum guest_part part, const char *name, size_t size);

#endif /* CONVERT_CONTAINER_GUEST_ROWS_H */
