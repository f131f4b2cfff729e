/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "session.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define PROGRAM "xl-context"

/* The one table from what was found to the exit status. */
static const int status_of[] = {
    [DOMCTX_NOTE] = 0,    [DOMCTX_WARNING] = 1, [DOMCTX_ERROR] = 4,
    [DOMCTX_FOREIGN] = 3, [DOMCTX_DAMAGED] = 3,
    [DOMCTX_SYSTEM] = EXIT_USAGE,
    [DOMCTX_LIVE] = 5,    [DOMCTX_LOST] = 6,
};

bool session_open(struct session *session, const char *call)
{
    *session = (struct session){ .call = call, .worst = DOMCTX_NOTE };
    session->report = domctx_report_new();
    if (!session->report)
        fputs(PROGRAM ": not enough memory [no-memory]\n", stderr);
    return session->report;
}

void session_close(struct session *session)
{
    domctx_report_free(session->report);
    session->report = NULL;
}

int session_status(const struct session *session)
{
    return status_of[session->worst];
}

/* ": CPU/0 field cr0 at offset 0x28", as far as it is known. */
static void put_place(FILE *stream, const struct domctx_finding *finding)
{
    const char *lead = ": ";

    if (finding->record[0]) {
        fputs(lead, stream);
        put_clean(stream, finding->record);
        lead = " ";
    }
    if (finding->field[0]) {
        fprintf(stream, "%sfield ", lead);
        put_clean(stream, finding->field);
        lead = " ";
    }
    if (finding->offset != DOMCTX_NO_OFFSET)
        fprintf(stream, "%sat offset 0x%" PRIx64, lead, finding->offset);
}

static void put_values(FILE *stream, const struct domctx_finding *finding)
{
    const char *lead = ": ";

    if (finding->expected[0]) {
        fprintf(stream, "%sexpected ", lead);
        put_clean(stream, finding->expected);
        lead = ", ";
    }
    if (finding->found[0]) {
        fprintf(stream, "%sfound ", lead);
        put_clean(stream, finding->found);
    }
}

void put_finding(FILE *stream, const struct domctx_finding *finding)
{
    put_clean(stream, finding->text);
    put_place(stream, finding);
    put_values(stream, finding);
    fprintf(stream, " [%s]\n", finding->id);
}

/* Its id, for which no words are needed: "| head" is no accident. */
#define READER_GONE "file-reader-gone"

static void tell(const struct domctx_finding *finding, const char *subject,
                 enum domctx_severity severity)
{
    if (strcmp(finding->id, READER_GONE) == 0)
        return;
    fputs(PROGRAM ": ", stderr);
    if (subject) {
        put_clean(stderr, subject);
        fputs(": ", stderr);
    }
    if (severity <= DOMCTX_WARNING)
        fprintf(stderr, "%s: ", domctx_severity_name(severity));
    put_finding(stderr, finding);
}

void session_worse(struct session *session, enum domctx_severity severity)
{
    if (severity > session->worst)
        session->worst = severity;
}

void session_higher(struct session *session, enum domctx_severity severity)
{
    if (status_of[severity] > status_of[session->worst])
        session->worst = severity;
}

void put_dropped(FILE *stream, size_t dropped, enum domctx_severity worst)
{
    static const char *const words[] = {
        [DOMCTX_NOTE] = "a note", [DOMCTX_WARNING] = "a warning",
        [DOMCTX_ERROR] = "an error",
    };

    fprintf(stream, "%zu more, the worst %s\n", dropped,
            worst <= DOMCTX_ERROR ? words[worst]
                                  : domctx_severity_name(worst));
}

static void tell_dropped(struct session *session, const char *subject,
                         enum domctx_severity cap)
{
    size_t dropped = domctx_report_dropped(session->report);
    enum domctx_severity worst =
        domctx_report_dropped_worst(session->report);

    if (!dropped)
        return;
    if (worst > cap)
        worst = cap;
    fputs(PROGRAM ": ", stderr);
    if (subject) {
        put_clean(stderr, subject);
        fputs(": ", stderr);
    }
    put_dropped(stderr, dropped, worst);
    session_worse(session, worst);
}

void session_tell_as(struct session *session, const char *subject,
                     enum domctx_severity cap)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(session->report, i));
         i++) {
        enum domctx_severity severity = finding->severity;

        if (severity > cap && finding->outcome < DOMCTX_CRASHES_DOMAIN)
            severity = cap;
        tell(finding, subject, severity);
        session_worse(session, severity);
    }
    tell_dropped(session, subject, cap);
    domctx_report_clear(session->report);
}

void session_tell(struct session *session, const char *subject)
{
    session_tell_as(session, subject, DOMCTX_LOST);
}

void session_forget(struct session *session)
{
    domctx_report_clear(session->report);
}

void session_verbose(const struct session *session, const char *format, ...)
{
    va_list args;

    if (session->verbose == 0)
        return;
    fputs(PROGRAM ": ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    putc('\n', stderr);
}
