/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "session.h"
#include "cure.h"
#include "edits.h"
#include "fold.h"
#include "mend.h"

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

/* No message for this id: "| head" closes the pipe on purpose. */
#define READER_GONE "file-reader-gone"

/* The library can only say that our sink failed, which has said why. */
#define SINK_FAILED "sink-failed"

static void put_subject(const char *subject)
{
    fputs(PROGRAM ": ", stderr);
    if (!subject)
        return;
    put_clean(stderr, subject);
    fputs(": ", stderr);
}

void put_pages(FILE *stream, const struct domctx_finding *finding,
               const char *lead)
{
    struct domctx_page page;

    for (size_t i = 0; domctx_page_about(finding->id, i, &page); i++)
        fprintf(stream, "%spage %s: %s\n", lead, page.name, page.mend);
}

/* A wrong option or a file that is not there explains itself. */
static void note_refer(struct session *session, const char *id,
                       enum domctx_severity severity)
{
    size_t i = 0;

    if (severity < DOMCTX_ERROR || severity == DOMCTX_SYSTEM)
        return;
    while (i < SESSION_REFERS && session->refers[i] &&
           strcmp(session->refers[i], id) != 0)
        i++;
    if (i < SESSION_REFERS)
        session->refers[i] = id;
}

void session_refer(struct session *session)
{
    if (!session->refers[0])
        return;
    fprintf(stderr, PROGRAM ": more about it: %sexplain", session->call);
    for (size_t i = 0; i < SESSION_REFERS && session->refers[i]; i++) {
        fprintf(stderr, " %s", session->refers[i]);
        session->refers[i] = NULL;
    }
    putc('\n', stderr);
}

static void tell(const struct fold *fold, size_t row, const char *subject,
                 enum domctx_severity severity)
{
    put_subject(subject);
    if (severity <= DOMCTX_WARNING)
        fprintf(stderr, "%s: ", domctx_severity_name(severity));
    fold_put(stderr, fold, row);
    putc('\n', stderr);
}

/* Whether a row before has the same message. */
static bool told_before(const struct fold *fold, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (strcmp(fold->rows[i].finding->id, fold->rows[row].finding->id) ==
            0)
            return true;
    return false;
}

static bool is_input(enum domctx_severity severity)
{
    return severity >= DOMCTX_ERROR && severity <= DOMCTX_DAMAGED;
}

static bool is_edit(const void *arg, const struct domctx_finding *finding)
{
    const struct session *session = arg;
    const struct domctx_message *message = domctx_message_find(finding->id);

    return !session->as_typed && is_input(finding->severity) && message &&
           mend_edits(mend_command(message)) &&
           !cure_needs_other(session->report);
}

static struct edits edits_of(const struct session *session,
                             const struct fold *fold)
{
    return (struct edits){ .fold = fold, .is = is_edit, .arg = session };
}

/* Print the cure of an error of the input: for the first row, and for the
 * others if all rows fit on a screen.  Errors of the system say it
 * themselves. */
static void tell_mend(const struct session *session, const struct fold *fold,
                      size_t row, const char *subject,
                      enum domctx_severity severity)
{
    const struct domctx_message *message =
        domctx_message_find(fold->rows[row].finding->id);
    const char *decoder = mend_decoder(fold->rows[row].finding);
    const struct edits edits = edits_of(session, fold);
    const char *command;

    if (!is_input(severity) || !message ||
        (row > 0 && fold->count > FOLD_LINES / 2 && !session->verbose) ||
        told_before(fold, row))
        return;
    command = mend_command(message);
    if (mend_edits(command) && cure_needs_other(session->report))
        return; /* it would be in vain */
    if (decoder) {
        fputs("  what to type: ", stderr);
        mend_lead(stderr, subject);
        mend_pipe(stderr, session, subject, decoder);
        putc('\n', stderr);
        return;
    }
    fputs("  to do: ", stderr);
    mend_put(stderr, session, subject, NULL, message->mend);
    putc('\n', stderr);
    if (!command || (mend_edits(command) && edits_rows(&edits) > 1))
        return; /* several are told at once */
    fputs("  what to type: ", stderr);
    if (!mend_edits(command))
        mend_lead(stderr, subject);
    mend_put_row(stderr, session, subject, NULL, fold, row, command);
    putc('\n', stderr);
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

void put_dropped(FILE *stream, size_t more, enum domctx_severity worst,
                 bool with_v)
{
    static const char *const words[] = {
        [DOMCTX_NOTE] = "a note", [DOMCTX_WARNING] = "a warning",
        [DOMCTX_ERROR] = "an error",
    };

    fprintf(stream, "%zu more, the worst %s%s\n", more,
            worst <= DOMCTX_ERROR ? words[worst]
                                  : domctx_severity_name(worst),
            with_v ? "; -v shows more" : "");
}

static enum domctx_severity capped(enum domctx_severity severity,
                                   enum domctx_severity cap)
{
    return severity > cap ? cap : severity;
}

/* Whether another finding, or silence, says it. */
static bool goes_without_saying(const domctx_report *report,
                                const struct domctx_finding *finding)
{
    const struct domctx_finding *other;

    if (strcmp(finding->id, SINK_FAILED) == 0)
        for (size_t i = 0; (other = domctx_report_get(report, i)); i++)
            if (other->severity == DOMCTX_SYSTEM &&
                strcmp(other->id, SINK_FAILED) != 0)
                return true;
    return strcmp(finding->id, READER_GONE) == 0;
}

/* Count what is not printed: findings that the report dropped, and the rows
 * from row on. */
static void tell_rest(struct session *session, const struct fold *fold,
                      size_t row, const char *subject,
                      enum domctx_severity cap)
{
    size_t dropped = domctx_report_dropped(session->report), more = dropped;
    enum domctx_severity worst = DOMCTX_NOTE;

    if (dropped)
        worst = domctx_report_dropped_worst(session->report);
    if (row < fold->count && fold->rows[row].finding->severity > worst)
        worst = fold->rows[row].finding->severity;
    for (size_t i = row; i < fold->count; i++)
        more += fold->rows[i].count;
    if (!more)
        return;
    put_subject(subject);
    put_dropped(stderr, more, capped(worst, cap), more > dropped);
    session_worse(session, capped(worst, cap));
}

/* Set the exit status first: it holds even without memory to fold. */
static void count_all(struct session *session, enum domctx_severity cap)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(session->report, i));
         i++)
        session_worse(session,
                      finding->outcome < DOMCTX_CRASHES_DOMAIN
                          ? capped(finding->severity, cap)
                          : finding->severity);
}

void session_tell_as(struct session *session, const char *subject,
                     enum domctx_severity cap)
{
    size_t limit = session->verbose ? SIZE_MAX : FOLD_LINES - 1, row = 0;
    struct fold fold = { .vcpus = 0 };
    struct edits edits = edits_of(session, &fold);

    count_all(session, cap);
    domctx_report_forward(session->told, session->report, NULL, NULL);
    if (!fold_report(&fold, session->report, SIZE_MAX))
        fputs(PROGRAM ": not enough memory [no-memory]\n", stderr);
    if (fold.count == FOLD_LINES && !domctx_report_dropped(session->report))
        limit = FOLD_LINES; /* instead of a line that there is one more */
    for (; row < fold.count && row < limit; row++) {
        const struct domctx_finding *finding = fold.rows[row].finding;
        enum domctx_severity severity = finding->severity;

        if (finding->outcome < DOMCTX_CRASHES_DOMAIN)
            severity = capped(severity, cap);
        if (goes_without_saying(session->report, finding))
            continue;
        tell(&fold, row, subject, severity);
        if (!session->as_typed)
            tell_mend(session, &fold, row, subject, severity);
        note_refer(session, finding->id, severity);
        if (session->verbose && severity >= DOMCTX_WARNING)
            put_pages(stderr, finding, "    ");
    }
    tell_rest(session, &fold, row, subject, cap);
    if (cap >= DOMCTX_ERROR && edits_rows(&edits) > 1)
        edits_tell(stderr, &edits, session, subject);
    fold_free(&fold);
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
