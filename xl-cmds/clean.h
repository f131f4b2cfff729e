/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XL_CMDS_CLEAN_H
#define XL_CMDS_CLEAN_H

#include <stdio.h>

/* Write text from outside: hidden characters (see base/utf8.h) and invalid
 * UTF-8 become \xNN. */
void put_clean(FILE *stream, const char *text);

#endif /* XL_CMDS_CLEAN_H */
