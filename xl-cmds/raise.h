/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings raised by the commands, through the public API. */
#ifndef XL_CMDS_RAISE_H
#define XL_CMDS_RAISE_H

#include <domctx.h>

#include "message-ids.h"

/* The place and the values; NULL: none. */
struct cmd_at {
    const char *record, *expected, *found;
    bool has_offset;
    uint64_t offset;
};

/*
 * Add a finding to report (NULL: to none).  id is one of message-ids.h, which
 * has the severity in its row; at may be NULL.  format makes the sentence:
 * what is wrong, lower case, no full stop.
 *
 * Returns -1 when the severity is DOMCTX_ERROR or worse, else 0, so that a
 * function that fails can end with "return cmd_raise(...)".
 */
__attribute__((format(printf, 4, 5)))
int cmd_raise(domctx_report *report, const char *id, const struct cmd_at *at,
              const char *format, ...);

/* The same of MSG_NO_MEMORY with the size that was asked for; always -1. */
int cmd_no_memory(domctx_report *report, size_t size);

/* The signal that ended a process that read a file: MSG_SANDBOX_KILLED. */
int cmd_raise_signal(domctx_report *report, int number);

/* For domctx_report_forward(): errors and worse; warnings; warnings and
 * worse. */
bool cmd_is_error(struct domctx_finding *finding, void *unused);
bool cmd_is_warning(struct domctx_finding *finding, void *unused);
bool cmd_is_no_note(struct domctx_finding *finding, void *unused);

#endif /* XL_CMDS_RAISE_H */
