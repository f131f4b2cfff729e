/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a save file says of a domain beside its context, entry by entry: of
 * the configuration, TSC information, the two policies and the HVM
 * parameters.  Whoever compares or writes them goes by these.
 */
#ifndef CONVERT_CONTAINER_GUEST_ROWS_H
#define CONVERT_CONTAINER_GUEST_ROWS_H

#include "base/messages.h"

/* -- the configuration --------------------------------------------------- */

/* One of struct domctx_keys that is said. */
struct key_row {
    const char *key, *text;
    char number[16];           /* for text */
};
#define KEY_ROWS 10

/* All that are said, in their order: their number. */
size_t key_rows(const struct domctx_keys *keys,
                struct key_row rows[KEY_ROWS]);

/* "hvm"; "" where it is not known. */
const char *guest_type(enum domctx_guest guest);

/* The device model whose state is in the stream. */
const char *guest_emulator(const struct domctx_domain *domain);

/* -- all of it ----------------------------------------------------------- */

enum guest_part { GUEST_CONFIG, GUEST_TSC, GUEST_CPUID, GUEST_MSR,
                  GUEST_PARAMS, GUEST_PARTS };

/* An entry; of a leaf of the CPUID policy, a register. */
struct guest_row {
    enum guest_part part;
    uint64_t key[2];           /* which; of two with one key, the first that
                                * stands first in the file */
    size_t order;
    uint64_t value;
    char text[256];            /* of the configuration, in place of value */
};

/* All entries of a source, sorted by part, key and order: free() them.  NULL
 * when memory is short. */
struct guest_row *guest_rows(const struct domctx_source_info *info,
                             size_t *n);

/* Below 0, 0, above 0 as with strcmp(): part and key alone. */
int guest_row_order(const struct guest_row *a, const struct guest_row *b);

/* Bytes that the part takes in the stream; 0: it is not there. */
uint64_t guest_part_size(const struct domctx_source_info *info,
                         enum guest_part part);

/* "0x00000007:0.ebx", "ARCH_CAPABILITIES", "VIRIDIAN", "max_vcpus". */
#define GUEST_NAME_ROOM 64
const char *guest_row_name(const struct guest_row *row,
                           char buf[GUEST_NAME_ROOM]);

/* What the value means: of the policies the features that other lacks, which
 * is the same entry elsewhere or NULL.  "" where nothing is known. */
#define GUEST_WORDS_ROOM 512
const char *guest_row_words(const struct guest_row *row,
                            const struct guest_row *other,
                            char buf[GUEST_WORDS_ROOM]);

/* The first register of a leaf. */
bool guest_row_is_eax(const struct guest_row *row);

/* It changes by itself while the domain runs. */
bool guest_row_moves(const struct guest_row *row);

/* Whether a part has entries of that name (size bytes). */
bool guest_names(enum guest_part part, const char *name, size_t size);

#endif /* CONVERT_CONTAINER_GUEST_ROWS_H */
