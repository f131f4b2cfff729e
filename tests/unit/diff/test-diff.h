/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of comparing share: sides made by hand. */
#ifndef UNIT_TEST_DIFF_H
#define UNIT_TEST_DIFF_H

#include "support.h"

#include "context/context.h"

#define HVM(code) DOMCTX_HVM_RECORD(code)
#define N(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

/* One side: records of any length and layout. */
struct side {
    domctx_context context;
    struct context_record records[8];
};

/* A saver's release, 0: not known. */
void begin_side(struct side *side, cat_version version);
void add_record(struct side *side, uint32_t type, uint32_t instance,
                const void *body, uint64_t length);

/* The sink that adds to the struct bytes arg. */
int keep_text(void *arg, const char *text, size_t size);

/* Compare; the output is put in text, the number of differences
 * returned. */
uint64_t compared(const domctx_context *a, const domctx_context *b,
                  const struct domctx_diff_options *options,
                  struct bytes *text);
extern const struct domctx_diff_options plain;
#define EXPECT(left, right, count, text) \
    ck_assert_uint_eq(compared(&(left).context, &(right).context, &plain, \
                               text), count)

/* Lines of the output that begin so. */
size_t lines_with(const struct bytes *text, const char *begin);

/* Fail unless the words are in the output. */
void expect_text(const struct bytes *text, const char *words);

TCase *diff_bits(void);
TCase *diff_kinds(void);
TCase *diff_names(void);
TCase *diff_random(void);

#endif /* UNIT_TEST_DIFF_H */
