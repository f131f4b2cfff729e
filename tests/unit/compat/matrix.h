/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Contexts of every release, made from the catalogue, and what becomes of
 * them on the way to every other. */
#ifndef UNIT_MATRIX_H
#define UNIT_MATRIX_H

#include "support.h"

#include "catalogue/codes.h"
#include "catalogue/release.h"

/* Every series, and the point releases in which a layout or rule differs,
 * oldest first. */
extern const struct release matrix_releases[];
extern const size_t matrix_n;

/* Every field at what a guest that does not use it has, or at a value of its
 * own that loads. */
enum matrix_fill { MATRIX_DEFAULT, MATRIX_USED, MATRIX_FILLS };
extern const char *const matrix_fill_names[MATRIX_FILLS];

/* The blob of a domain of two vCPUs as that release saves it. */
void matrix_blob(struct bytes *b, struct release saver,
                 enum matrix_fill fill);

/* Convert a blob; the result is empty where it is refused. */
int matrix_convert(const struct bytes *from, struct release saver,
                   struct release target, unsigned int flags,
                   struct bytes *to, domctx_report *report);

/* The part of the table that is about one saver of the list, appended to
 * text. */
void matrix_section(struct bytes *text, size_t saver, enum matrix_fill fill);

#endif /* UNIT_MATRIX_H */
