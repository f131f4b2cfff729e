/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a web page puts into the lines that it shows. */
#ifndef CONVERT_EXPLAIN_WEB_H
#define CONVERT_EXPLAIN_WEB_H

#include <stddef.h>

/*
 * How long the entity, the tag or the blank that does not break is that
 * begins there, 0 for none; *c is the character that it means, '\0' for a
 * tag.
 */
size_t web_at(const char *text, size_t size, char *c);

#endif /* CONVERT_EXPLAIN_WEB_H */
