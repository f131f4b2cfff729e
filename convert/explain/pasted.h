/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands before a line where it was pasted from. */
#ifndef CONVERT_EXPLAIN_PASTED_H
#define CONVERT_EXPLAIN_PASTED_H

/* Behind the number, the file, the name or the mark at the head of a line;
 * NULL for none. */
const char *over_pasted(const char *text);

/* Behind what a container's log puts behind its time; NULL. */
const char *over_stream(const char *text);

#endif /* CONVERT_EXPLAIN_PASTED_H */
