/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests share: making inputs by hand, and judging reports. */
#ifndef UNIT_SUPPORT_H
#define UNIT_SUPPORT_H

#include <check.h>
#include <domctx.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* check notes where each assertion holds, in a file that the process of all
 * tests reads afterwards: a test of a million assertions, which take
 * milliseconds, spends a minute there.  The note only says where a test was
 * before a signal ended it. */
#undef ck_assert_msg
#define ck_assert_msg(expr, ...) \
    ((expr) ? (void)0 : ck_abort_msg(__VA_ARGS__))
#undef ck_assert
#define ck_assert(expr) ck_assert_msg(expr, "Assertion '%s' failed", #expr)

/* A buffer that grows, written in one byte order or the other. */
struct bytes {
    uint8_t *p;
    size_t size, room;
    bool big;
};

void bytes_free(struct bytes *b);
void put_raw(struct bytes *b, const void *p, size_t size);
void put_zero(struct bytes *b, size_t size);
void put16le(struct bytes *b, uint16_t value);
void put32(struct bytes *b, uint32_t value);
void put32le(struct bytes *b, uint32_t value);
void put64(struct bytes *b, uint64_t value);
void set8(struct bytes *b, uint64_t at, uint8_t value);
void set32(struct bytes *b, uint64_t at, uint32_t value);
void set64(struct bytes *b, uint64_t at, uint64_t value);

/* Records of an image: header alone; header, body and padding; with a body
 * of zeros; START; END. */
void put_header(struct bytes *b, uint32_t type, uint32_t instance,
                uint64_t length);
void put_record(struct bytes *b, uint32_t type, uint32_t instance,
                const void *body, size_t length);
void put_zeros(struct bytes *b, uint32_t type, uint32_t instance,
               size_t length);
void put_start(struct bytes *b, uint32_t xen_major, uint32_t xen_minor);
void put_end(struct bytes *b);

/* Records of a legacy blob. */
void put_desc(struct bytes *b, uint16_t typecode, uint16_t instance,
              uint32_t length);
void put_hvm(struct bytes *b, uint16_t typecode, uint16_t instance,
             const void *body, uint32_t length);
void put_hvm_zeros(struct bytes *b, uint16_t typecode, uint16_t instance,
                   uint32_t length);
void put_hvm_header(struct bytes *b);
void put_hvm_end(struct bytes *b);

/* A DIGEST over everything so far. */
void put_digest(struct bytes *b);

/* The blob of a domain as that release saves it: every record it knows, with
 * the length it has there, bodies filled with a pattern. */
void put_release(struct bytes *b, unsigned int xen_major,
                 unsigned int xen_minor, unsigned int vcpus);

/* How much to do of what is done often, and each how many-th of what is done
 * one by one: all of it, or with SHARE=N in the environment one of N, where
 * the code is the same and only slower, or built in another way. */
int rounds_of(int all);
size_t stride(void);

/* A file of tests/data. */
void load_sample(struct bytes *b, const char *name);
extern const char *const samples[];
extern const size_t n_samples;

/* The bytes at the end of a mapping: reading past them is a fault. */
const uint8_t *at_edge(const struct bytes *b, void **mapping, size_t *size);
void edge_free(void *mapping, size_t size);

/* Fail unless the report has exactly this one id (NULL: nothing). */
void expect_only(const domctx_report *report, const char *id);
/* Number of findings with that id. */
size_t count_id(const domctx_report *report, const char *id);
/* The first finding with that id, or NULL. */
const struct domctx_finding *find_id(const domctx_report *report,
                                     const char *id);

/* Parse; check that it fails (or not) and says exactly id. */
void image_refused(const struct bytes *b, const char *id);
domctx_image *image_taken(const struct bytes *b, const char *id);
void hvm_refused(const struct bytes *b, const char *id);
domctx_hvm *hvm_taken(const struct bytes *b, const char *id);

/* A sound blob and the view of it, as that release saved it. */
struct viewed {
    domctx_hvm *hvm;
    domctx_context *context;
};
struct viewed view_blob(const struct bytes *b, uint32_t xen_major,
                        uint32_t xen_minor);
void viewed_free(struct viewed *viewed);

/* Take what the builder made and free it; nothing may be said. */
uint8_t *take_built(domctx_builder *builder, const char *provenance,
                    bool digest, size_t *size);

/* Add a test with a name made at run time; fn gets i. */
void add_named(TCase *tc, TFun fn, int i, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Run the suite, TAP on standard output; main()'s exit status. */
int run_suite(Suite *suite);

#endif /* UNIT_SUPPORT_H */
