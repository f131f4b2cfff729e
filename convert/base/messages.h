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

/* A value for "expected" and "found". */
struct msg_value {
    enum { MSG_NONE, MSG_DEC, MSG_HEX, MSG_TEXT } kind;
    uint64_t number;
    const char *text;
};
#define DEC(n) { MSG_DEC, (uint64_t)(n), NULL }
#define HEX(n) { MSG_HEX, (uint64_t)(n), NULL }
#define TEXT(s) { MSG_TEXT, 0, (s) }

/* strerror() in the caller's room, for use in threads. */
#define MSG_ERRNO_ROOM 128
const char *msg_errno(int error, char text[MSG_ERRNO_ROOM]);

/* Where and what.  A zero offset_valid means no offset. */
struct msg_at {
    const char *record;    /* "CPU", or NULL */
    uint32_t typecode;     /* not 0: behind it, for it is no name */
    bool has_instance;
    uint32_t instance;
    const char *field;
    bool has_offset;
    uint64_t offset;
    struct msg_value expected, found;
    enum domctx_outcome outcome;
    const char *error, *log;   /* NULL: none */
    bool debug;                /* only debug builds log it */
};

/*
 * Add a finding to report (which may be NULL).  at may be NULL.  format makes
 * the sentence: what is wrong, lower case, no full stop; the values of at are
 * not repeated in it.
 *
 * Returns -1 when the severity of id is DOMCTX_ERROR or worse, else 0, so
 * that a failing function can end with "return msg_raise(...)".
 */
__attribute__((format(printf, 4, 5)))
int msg_raise(domctx_report *report, enum msg_id id, const struct msg_at *at,
              const char *format, ...);

/* Make a finding without adding it, with another severity than that of id:
 * for domctx_report_add(). */
__attribute__((format(printf, 5, 0)))
void msg_make(struct domctx_finding *finding, enum domctx_severity severity,
              enum msg_id id, const struct msg_at *at, const char *format,
              va_list args);

/* A filter for domctx_report_forward(): arg points to the severity above
 * which none is forwarded. */
bool msg_cap(struct domctx_finding *finding, void *arg);

/* The number of a finding that was added to report (which may be NULL: 0).
 * If the report was too full to keep it, it now takes the place of another
 * one of the lowest rank. */
size_t msg_keep(domctx_report *report, const struct domctx_finding *finding);

/* msg_raise(MSG_NO_MEMORY) with the size that was asked for; always -1. */
int msg_no_memory(domctx_report *report, size_t size);

#endif /* CONVERT_BASE_MESSAGES_H */
