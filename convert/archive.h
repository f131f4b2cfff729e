/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which member of an archive would be read here. */
#ifndef CONVERT_ARCHIVE_H
#define CONVERT_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coded.h"

#define ARCHIVE_NAME 64

/*
 * The name of the first member, among the first size bytes at p of a tar or
 * cpio archive, of which is() says yes; false if there is none, or if a shell
 * or the archiver would take its name for more than letters.
 */
bool archive_member(const uint8_t *p, size_t size, coded_is *is,
                    char name[ARCHIVE_NAME]);

#endif /* CONVERT_ARCHIVE_H */
