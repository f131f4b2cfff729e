/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Products that contain Xen and have version numbers of their own. */
#ifndef CONVERT_CATALOGUE_PRODUCT_H
#define CONVERT_CATALOGUE_PRODUCT_H

#include <stdbool.h>

#define PRODUCT_ROOM 80

/* Whether text names a product, as "8.3", "debian12" or "bookworm" do.  buf
 * then names its Xen ("Debian 12 has Xen 4.17"), or says that this is not a
 * version of Xen. */
bool product_text(const char *text, char buf[PRODUCT_ROOM]);

#endif /* CONVERT_CATALOGUE_PRODUCT_H */
