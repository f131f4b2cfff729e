/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "raise.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* What does not fit is cut between two characters. */
static void put(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
    utf8_trim(to);
}

int cmd_raise(domctx_report *report, const char *id, const struct cmd_at *at,
              const char *format, ...)
{
    static const struct cmd_at nowhere;
    const struct domctx_message *message = domctx_message_find(id);
    struct domctx_finding finding = {
        .id = message->id, .severity = message->severity,
        .offset = DOMCTX_NO_OFFSET, .error = "", .log = "",
    };
    va_list args;

    if (!at)
        at = &nowhere;
    put(finding.record, sizeof(finding.record), at->record);
    put(finding.expected, sizeof(finding.expected), at->expected);
    put(finding.found, sizeof(finding.found), at->found);
    if (at->has_offset)
        finding.offset = at->offset;
    va_start(args, format);
    vsnprintf(finding.text, sizeof(finding.text), format, args);
    va_end(args);
    utf8_trim(finding.text);
    if (report)
        domctx_report_add(report, &finding);
    return finding.severity >= DOMCTX_ERROR ? -1 : 0;
}

int cmd_raise_signal(domctx_report *report, int number)
{
    return cmd_raise(report, MSG_SANDBOX_KILLED, NULL,
                     "signal %d (%s) ended the process that read it", number,
                     strsignal(number));
}

int cmd_no_memory(domctx_report *report, size_t size)
{
    return cmd_raise(report, MSG_NO_MEMORY, NULL,
                     "not enough memory for %zu bytes", size);
}

bool cmd_is_error(struct domctx_finding *finding, void *unused)
{
    (void)unused;
    return finding->severity >= DOMCTX_ERROR;
}

bool cmd_is_warning(struct domctx_finding *finding, void *unused)
{
    (void)unused;
    return finding->severity == DOMCTX_WARNING;
}

bool cmd_is_no_note(struct domctx_finding *finding, void *unused)
{
    (void)unused;
    return finding->severity > DOMCTX_NOTE;
}
