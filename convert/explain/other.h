/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What another hypervisor prints. */
#ifndef CONVERT_EXPLAIN_OTHER_H
#define CONVERT_EXPLAIN_OTHER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a text has marks of another hypervisor, and none of Xen. */
bool is_of_other(const char *text, size_t size);

#endif /* CONVERT_EXPLAIN_OTHER_H */
