/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report, and the table of messages as the public sees it. */
#include "base/messages.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MAX 4096
#define KEPT_INLINE 8   /* so that "no memory" itself needs none */

struct domctx_report {
    size_t count, room, dropped;
    enum domctx_severity worst;
    struct domctx_finding *kept;
    struct domctx_finding first[KEPT_INLINE];
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

const struct domctx_message *domctx_message_find(const char *id)
{
    for (size_t i = 0; i < MSG_COUNT; i++)
        if (strcmp(table[i].id, id) == 0)
            return &table[i];
    return NULL;
}

const char *domctx_severity_name(enum domctx_severity severity)
{
    static const char *const names[] = {
        [DOMCTX_NOTE] = "note",       [DOMCTX_WARNING] = "warning",
        [DOMCTX_ERROR] = "error",     [DOMCTX_DAMAGED] = "damaged",
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

domctx_report *domctx_report_new(void)
{
    domctx_report *report = calloc(1, sizeof(*report));

    if (report) {
        report->kept = report->first;
        report->room = KEPT_INLINE;
        report->worst = DOMCTX_NOTE;
    }
    return report;
}

void domctx_report_free(domctx_report *report)
{
    if (report && report->kept != report->first)
        free(report->kept);
    free(report);
}

size_t domctx_report_count(const domctx_report *report)
{
    return report->count;
}

const struct domctx_finding *domctx_report_get(const domctx_report *report,
                                               size_t i)
{
    return i < report->count ? &report->kept[i] : NULL;
}

size_t domctx_report_dropped(const domctx_report *report)
{
    return report->dropped;
}

enum domctx_severity domctx_report_worst(const domctx_report *report)
{
    return report->worst;
}

/* A slot for one more finding, or NULL when it can only be counted. */
static struct domctx_finding *next_slot(domctx_report *report)
{
    struct domctx_finding *more;
    size_t room = report->room * 2;

    if (report->count == report->room && report->room < KEPT_MAX) {
        if (report->kept == report->first) {
            more = malloc(room * sizeof(*more));
            if (more)
                for (size_t i = 0; i < report->count; i++)
                    more[i] = report->first[i];
        } else {
            more = realloc(report->kept, room * sizeof(*more));
        }
        if (more) {
            report->kept = more;
            report->room = room;
        }
    }
    return report->count < report->room ? &report->kept[report->count++]
                                        : NULL;
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
    case MSG_TEXT:
        snprintf(to, size, "%s", value->text);
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
    finding->offset = at->has_offset ? at->offset : DOMCTX_NO_OFFSET;
    put_value(finding->expected, sizeof(finding->expected), &at->expected);
    put_value(finding->found, sizeof(finding->found), &at->found);
    finding->outcome = at->outcome;
    finding->error = at->error ? at->error : "";
    finding->log = at->log ? at->log : "";
    finding->log_debug = at->debug;
}

/* Count one more finding of that severity, and give it a slot if there is
 * one. */
static struct domctx_finding *add(domctx_report *report,
                                  enum domctx_severity severity)
{
    struct domctx_finding *finding;

    if (!report)
        return NULL;
    if (severity > report->worst)
        report->worst = severity;
    finding = next_slot(report);
    if (!finding)
        report->dropped++;
    return finding;
}

void msg_raise_as(domctx_report *report, enum domctx_severity severity,
                  enum msg_id id, const struct msg_at *at,
                  const char *format, va_list args)
{
    struct domctx_finding *finding = add(report, severity);

    if (!finding)
        return;
    finding->id = table[id].id;
    finding->severity = severity;
    put_place(finding, at);
    vsnprintf(finding->text, sizeof(finding->text), format, args);
}

int msg_raise(domctx_report *report, enum msg_id id, const struct msg_at *at,
              const char *format, ...)
{
    enum domctx_severity severity = table[id].severity;
    va_list args;

    va_start(args, format);
    msg_raise_as(report, severity, id, at, format, args);
    va_end(args);
    return severity >= DOMCTX_ERROR ? -1 : 0;
}

void msg_forward(domctx_report *report, const struct domctx_finding *finding,
                 enum domctx_severity severity)
{
    struct domctx_finding *copy = add(report, severity);

    if (copy) {
        *copy = *finding;
        copy->severity = severity;
    }
}

void msg_forward_all(domctx_report *report, const domctx_report *from,
                     enum domctx_severity cap)
{
    enum domctx_severity worst;

    if (!report || !from)
        return;
    for (size_t i = 0; i < from->count; i++)
        msg_forward(report, &from->kept[i],
                    from->kept[i].severity > cap ? cap
                                                 : from->kept[i].severity);
    worst = from->worst > cap ? cap : from->worst;
    if (from->dropped > 0 && worst > report->worst)
        report->worst = worst;
    report->dropped += from->dropped;
}

int msg_no_memory(domctx_report *report, size_t size)
{
    return msg_raise(report, MSG_NO_MEMORY, NULL,
                     "not enough memory for %zu bytes", size);
}
