/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of test-text share. */
#ifndef TEST_TEXT_H
#define TEST_TEXT_H

#include "support.h"

#include "context/context.h"

/* All make text that the caller free()s: of a blob, of one saved by that
 * release, of a view, of a blob with one record. */
char *text_of_blob(const struct bytes *blob,
                   const struct domctx_text_options *options);
char *text_of_saver(const struct bytes *blob, uint32_t xen_major,
                    uint32_t xen_minor,
                    const struct domctx_text_options *options);
char *text_of_context(const domctx_context *context,
                      const struct domctx_text_options *options);
char *text_of_record(uint32_t typecode, const uint8_t *body, size_t length);

/* Whether a line of the text is that one, blanks squeezed. */
void expect_line(const char *text, const char *line, bool there);

/* The same lines; the first that differs is told. */
void expect_lines(const char *text, const char *wanted);

TCase *tcase_xsave(void);   /* CPU_XSAVE by component */
TCase *tcase_pv(void);      /* channels, grants, parameters, policies */
TCase *tcase_hostile(void); /* lengths, numbers and values of any kind */

#endif /* TEST_TEXT_H */
