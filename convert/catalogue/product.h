/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Products that have Xen in them under numbers of their own. */
#ifndef CONVERT_CATALOGUE_PRODUCT_H
#define CONVERT_CATALOGUE_PRODUCT_H

#include <stdbool.h>

#define PRODUCT_ROOM 80

/* Whether text names one, as "8.3", "debian12" or "bookworm": buf has which
 * Xen that is ("Debian 12 has Xen 4.17"), or that its name is no number of
 * Xen. */
bool product_text(const char *text, char buf[PRODUCT_ROOM]);

#endif /* CONVERT_CATALOGUE_PRODUCT_H */
