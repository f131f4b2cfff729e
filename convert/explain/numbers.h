/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and names of Xen's interfaces, for readers of a log. */
#ifndef CONVERT_EXPLAIN_NUMBERS_H
#define CONVERT_EXPLAIN_NUMBERS_H

#include "base/out.h"
#include "catalogue/catalogue.h"
#include "explain/match.h"

/* A number, its name, and what it means. */
struct number_name {
    uint32_t number;
    const char *name, *words;
};
struct number_table {
    const struct number_name *rows;
    size_t n;
};

#define TABLE(name) \
    const struct number_table name = { \
        name##_rows, sizeof(name##_rows) / sizeof(name##_rows[0]) }

extern const struct number_table numbers_errno;        /* words: its text */
extern const struct number_table numbers_libxl_error;  /* positive */
extern const struct number_table numbers_hvm_param;
extern const struct number_table numbers_chunk;        /* of a legacy stream,
                                                        * -id; words: the
                                                        * first release */
extern const struct number_table numbers_libxc;
extern const struct number_table numbers_libxl;
extern const struct number_table numbers_cpuid;
extern const struct number_table numbers_signal;
extern const struct number_table numbers_page_type;
extern const struct number_table numbers_vmx_exit;
extern const struct number_table numbers_svm_exit;
extern const struct number_table numbers_shutdown;
extern const struct number_table numbers_ioreq;
/* Of a bit each. */
extern const struct number_table numbers_emulation;
extern const struct number_table numbers_poll;
extern const struct number_table numbers_cpu_flags;

const struct number_name *number_find(const struct number_table *table,
                                      uint64_t number);
const struct number_name *number_named(const struct number_table *table,
                                       const char *name);

/* Whether the first eight bytes of a stream, of which the first is the highest
 * of value, are those of a legacy one; and what they say then. */
bool ident_of_legacy(uint64_t value, uint64_t *p2m_size, unsigned int *width);

/* The words for such bytes; false for none. */
bool ident_words(uint64_t value, char *words, size_t room);

/* The record of that name, NULL for none. */
const struct cat_record *record_named(const char *name, size_t length);

/* What the holes of a matched line hold, a sentence each; false when there
 * is nothing to tell. */
bool put_holes(struct out *out, const struct hole *holes, size_t n);

/* The errors and signals that a text tells besides those holes, as
 * "(28 = No space", "rc=-22" and "EINVAL"; false when there are none. */
bool put_errors(struct out *out, const char *text, const struct hole *holes,
                size_t n);

/* All that a number, "16/0", "CPU_XSAVE", "EINVAL" or "0x48" may be: false
 * when it is none of these. */
bool put_number(struct out *out, const char *text);

#endif /* CONVERT_EXPLAIN_NUMBERS_H */
