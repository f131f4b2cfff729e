/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Raising findings.  messages.def is the one table of message ids; every
 * finding of both libraries and of the commands is a row of it.
 */
#ifndef CONVERT_BASE_MESSAGES_H
#define CONVERT_BASE_MESSAGES_H

#include <domctx.h>

#include <stdarg.h>

enum msg_id {
#define M(symbol, id, severity, cause, mend) MSG_##symbol,
#include "base/messages.def"
#undef M
    MSG_COUNT
};

/* A value for "expected" or "found". */
struct msg_value {
    enum { MSG_NONE, MSG_DEC, MSG_HEX, MSG_MOST, MSG_TEXT } kind;
    uint64_t number;
    const char *text;
};
#define DEC(n) { MSG_DEC, (uint64_t)(n), NULL }
#define HEX(n) { MSG_HEX, (uint64_t)(n), NULL }
#define MOST(n) { MSG_MOST, (uint64_t)(n), NULL } /* "at most 0x..." */
#define TEXT(s) { MSG_TEXT, 0, (s) }

/* strerror() into the caller's buffer, for use in threads. */
#define MSG_ERRNO_ROOM 128
const char *msg_errno(int error, char text[MSG_ERRNO_ROOM]);

/* Why a caller's reader failed that returned got, -1 with errno or more than
 * it was asked for. */
const char *msg_read_error(int64_t got, char text[MSG_ERRNO_ROOM]);

/* Where a finding is, and what was found. */
struct msg_at {
    const char *record;    /* "CPU", or NULL */
    uint32_t typecode;     /* not 0: append it, as name is only "typecode" */
    bool has_instance;
    uint32_t instance;
    const char *field;
    bool has_offset;
    uint64_t offset;
    struct msg_value expected, found;
    enum domctx_outcome outcome;
    const char *error, *log;   /* NULL: none */
    bool debug;                /* only debug builds of Xen log it */
};

/*
 * Add a finding to report (which may be NULL).  at may be NULL.  format makes
 * the sentence: what is wrong, in lower case, without a full stop; it does not
 * repeat the values of at.
 *
 * Returns -1 when the severity of id is DOMCTX_ERROR or worse, else 0, so that
 * a failing function can end with "return msg_raise(...)".
 */
__attribute__((format(printf, 4, 5)))
int msg_raise(domctx_report *report, enum msg_id id, const struct msg_at *at,
              const char *format, ...);

/* Add a finding with a severity other than its id's; report may be NULL. */
__attribute__((format(printf, 5, 0)))
void msg_add(domctx_report *report, enum domctx_severity severity,
             enum msg_id id, const struct msg_at *at, const char *format,
             va_list args);

/* Make one that is in no report yet. */
__attribute__((format(printf, 5, 0)))
void msg_make(struct domctx_finding *finding, enum domctx_severity severity,
              enum msg_id id, const struct msg_at *at, const char *format,
              va_list args);

/* A filter for domctx_report_forward() that lowers severities to *arg, an enum
 * domctx_severity. */
bool msg_cap(struct domctx_finding *finding, void *arg);

/* The index of a finding that was added to report (0 if that is NULL).  If the
 * report was too full to keep it, it replaces one of the lowest rank. */
size_t msg_keep(domctx_report *report, const struct domctx_finding *finding);

/* Raise MSG_NO_MEMORY for an allocation of size bytes; always -1. */
int msg_no_memory(domctx_report *report, size_t size);

/* Refuse flags that are not among the known ones ("call-argument"): -1, or 0
 * without any. */
int msg_flags(domctx_report *report, unsigned int flags, unsigned int known);

#endif /* CONVERT_BASE_MESSAGES_H */
