/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report, and the public view of the table of messages. */
#include "base/messages.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MAX 4096
#define KEPT_INLINE 8   /* room for some findings without malloc() */
#define SEVERITIES (DOMCTX_LOST + 1)
#define OUTCOMES (DOMCTX_CRASHES_HOST + 1)
#define RANKS (SEVERITIES * OUTCOMES)

/*
 * A full report keeps the worst findings: by severity, then by outcome.  Of
 * equal rank the first are kept.
 */
struct domctx_report {
    size_t count, room;
    size_t kept_of[RANKS], dropped_of[RANKS];
    struct domctx_finding *more;            /* slot KEPT_INLINE and up */
    struct domctx_finding first[KEPT_INLINE];
    uint16_t order[KEPT_MAX];               /* slots in the order of raising */
};

static const struct domctx_message table[MSG_COUNT] = {
#define M(symbol, id, severity, cause, mend) \
    [MSG_##symbol] = { id, DOMCTX_##severity, cause, mend },
#include "base/messages.def"
#undef M
};

const struct domctx_message *domctx_message_at(size_t i)
{
    return i < MSG_COUNT ? &table[i] : NULL;
}

/* The id of a finding points into the table, so pointers are compared
 * first. */
const struct domctx_message *domctx_message_find(const char *id)
{
    for (size_t i = 0; i < MSG_COUNT; i++)
        if (table[i].id == id)
            return &table[i];
    for (size_t i = 0; id && i < MSG_COUNT; i++)
        if (strcmp(table[i].id, id) == 0)
            return &table[i];
    return NULL;
}

const char *domctx_severity_name(enum domctx_severity severity)
{
    static const char *const names[] = {
        [DOMCTX_NOTE] = "note",       [DOMCTX_WARNING] = "warning",
        [DOMCTX_ERROR] = "error",     [DOMCTX_FOREIGN] = "another kind",
        [DOMCTX_DAMAGED] = "damaged",
        [DOMCTX_SYSTEM] = "system",   [DOMCTX_LIVE] = "live",
        [DOMCTX_LOST] = "lost",
    };

    if ((size_t)severity >= sizeof(names) / sizeof(names[0]))
        return "unknown";
    return names[severity];
}

const char *domctx_outcome_name(enum domctx_outcome outcome)
{
    static const char *const names[] = {
        [DOMCTX_NO_OUTCOME] = "",
        [DOMCTX_CHANGED] = "changed",
        [DOMCTX_DEPENDS] = "depends",
        [DOMCTX_REFUSED] = "refused",
        [DOMCTX_CRASHES_DOMAIN] = "crashes the domain",
        [DOMCTX_CRASHES_HOST] = "crashes the host",
    };

    if ((size_t)outcome >= sizeof(names) / sizeof(names[0]))
        return "";
    return names[outcome];
}

/* ------------------------------------------------------------------ */
/* The report                                                           */
/* ------------------------------------------------------------------ */

void domctx_report_clear(domctx_report *report)
{
    if (!report)
        return;
    report->count = 0;
    memset(report->kept_of, 0, sizeof(report->kept_of));
    memset(report->dropped_of, 0, sizeof(report->dropped_of));
}

domctx_report *domctx_report_new(void)
{
    domctx_report *report = malloc(sizeof(*report));

    if (report) {
        report->more = NULL;
        report->room = KEPT_INLINE;
        domctx_report_clear(report);
    }
    return report;
}

void domctx_report_free(domctx_report *report)
{
    if (report)
        free(report->more);
    free(report);
}

size_t domctx_report_count(const domctx_report *report)
{
    return report ? report->count : 0;
}

static const struct domctx_finding *nth(const domctx_report *report, size_t i)
{
    size_t slot = report->order[i];

    return slot < KEPT_INLINE ? &report->first[slot]
                              : &report->more[slot - KEPT_INLINE];
}

const struct domctx_finding *domctx_report_get(const domctx_report *report,
                                               size_t i)
{
    return i < domctx_report_count(report) ? nth(report, i) : NULL;
}

static enum domctx_severity severity_of(size_t rank)
{
    return (enum domctx_severity)(rank / OUTCOMES);
}

/* Sum the counts by rank for one severity. */
static size_t sum_of(const size_t by_rank[RANKS],
                     enum domctx_severity severity)
{
    size_t first = (size_t)severity * OUTCOMES, sum = 0;

    for (size_t i = 0; severity < SEVERITIES && i < OUTCOMES; i++)
        sum += by_rank[first + i];
    return sum;
}

/* The worst severity with a count above 0; DOMCTX_NOTE if there is none. */
static enum domctx_severity worst_of(const size_t by_rank[RANKS])
{
    size_t rank = RANKS - 1;

    while (rank > 0 && by_rank[rank] == 0)
        rank--;
    return severity_of(rank);
}

size_t domctx_report_dropped(const domctx_report *report)
{
    size_t sum = 0;

    for (size_t i = 0; report && i < SEVERITIES; i++)
        sum += sum_of(report->dropped_of, (enum domctx_severity)i);
    return sum;
}

enum domctx_severity domctx_report_dropped_worst(const domctx_report *report)
{
    return report ? worst_of(report->dropped_of) : DOMCTX_NOTE;
}

size_t domctx_report_total(const domctx_report *report,
                           enum domctx_severity severity)
{
    return report ? sum_of(report->kept_of, severity) +
                    sum_of(report->dropped_of, severity)
                  : 0;
}

enum domctx_severity domctx_report_worst(const domctx_report *report)
{
    enum domctx_severity kept, dropped;

    if (!report)
        return DOMCTX_NOTE;
    kept = worst_of(report->kept_of);
    dropped = worst_of(report->dropped_of);
    return kept > dropped ? kept : dropped;
}

/* ------------------------------------------------------------------ */
/* Adding to it                                                         */
/* ------------------------------------------------------------------ */

static size_t rank_of(enum domctx_severity severity,
                      enum domctx_outcome outcome)
{
    size_t s = (size_t)severity, o = (size_t)outcome;

    return (s < SEVERITIES ? s : DOMCTX_LOST) * OUTCOMES +
           (o < OUTCOMES ? o : DOMCTX_CRASHES_HOST);
}

static size_t rank(const struct domctx_finding *finding)
{
    return rank_of(finding->severity, finding->outcome);
}

static bool grow(domctx_report *report)
{
    size_t room = report->room * 2;
    struct domctx_finding *more;

    if (room > KEPT_MAX)
        return false;
    more = realloc(report->more, (room - KEPT_INLINE) * sizeof(*more));
    if (!more)
        return false;
    report->more = more;
    report->room = room;
    return true;
}

/* Make room in a full report: remove the last finding of the lowest rank, if
 * that rank is below limit.  Its slot moves to the end of the order. */
static bool displace(domctx_report *report, size_t limit)
{
    size_t lowest = 0, i = report->count;
    uint16_t slot;

    while (lowest < limit && report->kept_of[lowest] == 0)
        lowest++;
    if (lowest == limit)
        return false;
    while (rank(nth(report, --i)) != lowest)
        ;
    report->kept_of[lowest]--;
    report->dropped_of[lowest]++;
    report->count--;
    slot = report->order[i];
    memmove(&report->order[i], &report->order[i + 1],
            (report->count - i) * sizeof(slot));
    report->order[report->count] = slot;
    return true;
}

/* Count one more finding of rank as.  Returns its slot, or NULL if the report
 * is full of findings of rank limit or above. */
static struct domctx_finding *add(domctx_report *report, size_t as,
                                  size_t limit)
{
    if (!report)
        return NULL;
    if (report->count < report->room || grow(report)) {
        report->order[report->count] = (uint16_t)report->count;
    } else if (!displace(report, limit)) {
        report->dropped_of[as]++;
        return NULL;
    }
    report->kept_of[as]++;
    return (struct domctx_finding *)nth(report, report->count++);
}

void domctx_report_add(domctx_report *report,
                       const struct domctx_finding *finding)
{
    size_t as = rank(finding);
    struct domctx_finding *slot = add(report, as, as);

    if (slot)
        *slot = *finding;
}

static bool is_same(const struct domctx_finding *a,
                    const struct domctx_finding *b)
{
    return strcmp(a->id, b->id) == 0 && a->offset == b->offset &&
           strcmp(a->record, b->record) == 0 &&
           strcmp(a->field, b->field) == 0 && strcmp(a->text, b->text) == 0;
}

size_t msg_keep(domctx_report *report, const struct domctx_finding *finding)
{
    struct domctx_finding *slot;
    size_t as = rank(finding), i = 0;

    while (i < domctx_report_count(report) &&
           !is_same(nth(report, i), finding))
        i++;
    if (!report || i < report->count)
        return report ? i : 0;
    report->dropped_of[as]--; /* it was counted as dropped before */
    slot = add(report, as, RANKS);
    *slot = *finding;
    return report->count - 1;
}

/* Forward the counts of dropped findings; only their ranks are known. */
static void forward_dropped(domctx_report *report, const domctx_report *from,
                            domctx_filter *filter, void *arg)
{
    for (size_t i = 0; i < RANKS; i++) {
        struct domctx_finding blank = {
            .id = "", .severity = severity_of(i),
            .offset = DOMCTX_NO_OFFSET, .error = "", .log = "",
            .outcome = (enum domctx_outcome)(i % OUTCOMES),
        };

        if (from->dropped_of[i] == 0)
            continue;
        if (!filter || filter(&blank, arg))
            report->dropped_of[rank(&blank)] += from->dropped_of[i];
    }
}

/* Move a report's findings aside, so that they can be forwarded to itself. */
static domctx_report *set_aside(domctx_report *report)
{
    domctx_report *aside = malloc(sizeof(*aside));

    if (!aside)
        return NULL;
    *aside = *report;
    report->more = NULL;
    report->room = KEPT_INLINE;
    domctx_report_clear(report);
    return aside;
}

int domctx_report_forward(domctx_report *report, const domctx_report *from,
                          domctx_filter *filter, void *arg)
{
    domctx_report *aside = NULL;

    if (!report || !from)
        return 0;
    if (from == report) {
        from = aside = set_aside(report);
        if (!aside)
            return msg_no_memory(report, sizeof(*aside));
    }
    for (size_t i = 0; i < from->count; i++) {
        struct domctx_finding finding = *nth(from, i);

        if (!filter || filter(&finding, arg))
            domctx_report_add(report, &finding);
    }
    forward_dropped(report, from, filter, arg);
    domctx_report_free(aside);
    return 0;
}

bool msg_cap(struct domctx_finding *finding, void *arg)
{
    const enum domctx_severity *cap = arg;

    if (finding->severity > *cap)
        finding->severity = *cap;
    return true;
}

/* ------------------------------------------------------------------ */
/* Making findings                                                      */
/* ------------------------------------------------------------------ */

/* strerror_r() returns an int in POSIX, but the text in GNU libc. */
const char *msg_errno(int error, char text[MSG_ERRNO_ROOM])
{
#ifdef STRERROR_R_CHAR_P
    return strerror_r(error, text, MSG_ERRNO_ROOM);
#else
    if (strerror_r(error, text, MSG_ERRNO_ROOM) != 0)
        snprintf(text, MSG_ERRNO_ROOM, "error %d", error);
    return text;
#endif
}

static void put_value(char *to, size_t size, const struct msg_value *value)
{
    switch (value->kind) {
    case MSG_DEC:
        snprintf(to, size, "%" PRIu64, value->number);
        return;
    case MSG_HEX:
        snprintf(to, size, "0x%" PRIx64, value->number);
        return;
    case MSG_MOST:
        snprintf(to, size, "at most 0x%" PRIx64, value->number);
        return;
    case MSG_TEXT:
        snprintf(to, size, "%s", value->text);
        utf8_trim(to);
        return;
    case MSG_NONE:
    default:
        to[0] = '\0';
    }
}

/* "CPU/0", "typecode 33/0", "START" */
static void put_record(struct domctx_finding *finding,
                       const struct msg_at *at)
{
    const size_t room = sizeof(finding->record);
    char code[16] = "", instance[16] = "";

    if (at->typecode)
        snprintf(code, sizeof(code), " %" PRIu32, at->typecode);
    if (at->has_instance)
        snprintf(instance, sizeof(instance), "/%" PRIu32, at->instance);
    finding->record[0] = '\0';
    if (at->record)
        snprintf(finding->record, room, "%s%s%s", at->record, code,
                 instance);
}

static void put_place(struct domctx_finding *finding,
                      const struct msg_at *at)
{
    static const struct msg_at nowhere;

    if (!at)
        at = &nowhere;
    put_record(finding, at);
    snprintf(finding->field, sizeof(finding->field), "%s",
             at->field ? at->field : "");
    utf8_trim(finding->field);
    finding->offset = at->has_offset ? at->offset : DOMCTX_NO_OFFSET;
    put_value(finding->expected, sizeof(finding->expected), &at->expected);
    put_value(finding->found, sizeof(finding->found), &at->found);
    finding->outcome = at->outcome;
    finding->error = at->error ? at->error : "";
    finding->log = at->log ? at->log : "";
    finding->log_debug = at->debug;
}

void msg_make(struct domctx_finding *finding, enum domctx_severity severity,
              enum msg_id id, const struct msg_at *at, const char *format,
              va_list args)
{
    finding->id = table[id].id;
    finding->severity = severity;
    memset(finding->reserved, 0, sizeof(finding->reserved));
    put_place(finding, at);
    vsnprintf(finding->text, sizeof(finding->text), format, args);
    utf8_trim(finding->text);
}

/* Texts are made only of what is kept: they cost more than judging. */
void msg_add(domctx_report *report, enum domctx_severity severity,
             enum msg_id id, const struct msg_at *at, const char *format,
             va_list args)
{
    size_t as = rank_of(severity, at ? at->outcome : DOMCTX_NO_OUTCOME);
    struct domctx_finding *finding = add(report, as, as);

    if (finding)
        msg_make(finding, severity, id, at, format, args);
}

int msg_raise(domctx_report *report, enum msg_id id, const struct msg_at *at,
              const char *format, ...)
{
    enum domctx_severity severity = table[id].severity;
    va_list args;

    va_start(args, format);
    msg_add(report, severity, id, at, format, args);
    va_end(args);
    return severity >= DOMCTX_ERROR ? -1 : 0;
}

const char *msg_read_error(int64_t got, char text[MSG_ERRNO_ROOM])
{
    if (got >= 0)
        return "the reader gave more than it was asked for";
    return errno ? msg_errno(errno, text) : "the reader gave no reason";
}

int msg_flags(domctx_report *report, unsigned int flags, unsigned int known)
{
    if (!(flags & ~known))
        return 0;
    return msg_raise(report, MSG_CALL_ARGUMENT, NULL,
                     "flags 0x%x are none that the call knows",
                     flags & ~known);
}

int msg_no_memory(domctx_report *report, size_t size)
{
    return msg_raise(report, MSG_NO_MEMORY, NULL,
                     "not enough memory for %zu bytes", size);
}
