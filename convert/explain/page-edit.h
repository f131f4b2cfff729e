/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef EXPLAIN_PAGE_EDIT_H
#define EXPLAIN_PAGE_EDIT_H

#include "base/out.h"

/* The command that changes the fields of which a cure says that they are to be
 * set, cleared or mended; nothing for a cure that names no field of a record,
 * or a command itself. */
void put_edit(struct out *out, const char *mend);

#endif /* EXPLAIN_PAGE_EDIT_H */
