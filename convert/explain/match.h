/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matching a line with a pattern, and what stood in its holes. */
#ifndef CONVERT_EXPLAIN_MATCH_H
#define CONVERT_EXPLAIN_MATCH_H

#include "explain/lines.h"

#include <stdint.h>

/* What may stand in a hole. */
enum lexeme {
    LEX_NUMBER,     /* decimal with a sign, or hexadecimal with 0x */
    LEX_HEX,        /* hexadecimal, 0x or not */
    LEX_NAME,       /* letters, digits and '_' */
    LEX_WORD,       /* anything but blanks */
    LEX_TEXT,       /* anything */
    LEX_VCPU,       /* d1v0 */
    LEX_DOM,        /* d1 */
};

/* What a hole is about; holes.c has a row for each. */
enum hole_id {
    HOLE_N, HOLE_X, HOLE_WORD, HOLE_TEXT, HOLE_PATH, HOLE_RECORD,
    HOLE_VCPU, HOLE_DOM, HOLE_DOMID, HOLE_TYPECODE, HOLE_INSTANCE,
    HOLE_ERRNO, HOLE_RC, HOLE_MSR, HOLE_MSR_VALUE, HOLE_CR0, HOLE_CR4,
    HOLE_EFER, HOLE_DR6, HOLE_DR7, HOLE_XCR0, HOLE_MCG_CAP, HOLE_EVENT,
    HOLE_PARAM, HOLE_LEAF, HOLE_SUBLEAF, HOLE_RECTYPE, HOLE_LXRECTYPE,
    HOLE_BYTES, HOLE_XLFLAGS, HOLE_BATCH, HOLE_IDENT, HOLE_STATUS,
    HOLE_FRAME, HOLE_PAGES, HOLE_KIB, HOLE_SIGNAL, HOLE_PAGE_TYPE,
    HOLE_VMX_EXIT, HOLE_VMX_EXIT_DECIMAL, HOLE_SVM_EXIT, HOLE_SHUTDOWN,
    HOLE_CPU_SIGNATURE, HOLE_IOREQ, HOLE_EMULATION, HOLE_POLL,
    HOLE_CPU_FLAGS, HOLE_RETURNED, HOLE_SIGNAL_TEXT, HOLE_MARKER,
    HOLE_COUNT
};

struct hole_kind {
    const char *name;     /* as the patterns have it, in braces */
    enum lexeme lexeme;
};
extern const struct hole_kind hole_kinds[HOLE_COUNT];

/* The kind at the head of "{kind}...", HOLE_COUNT for none. */
enum hole_id hole_at(const char *pattern);

#define HOLES_MAX 16

struct hole {
    enum hole_id id;
    const char *at;
    size_t length;
};

struct match {
    struct hole holes[HOLES_MAX];
    size_t n;
    const char *end;    /* behind the line and its tails */
    bool ran_out;       /* the text ended where the pattern went on */
};

/*
 * Whether the text at that place is the line: all of it, up to the end of
 * the text, to a '\n' in it, or to what begins another line.  A '\n' stands
 * where lines were joined: it is a blank, or nothing, as the line was
 * broken.
 */
bool line_match(const struct line *line, const char *text,
                struct match *match);

/* The same for what is left of a line when the first part of the pattern, up
 * to its first colon, was not copied. */
bool line_match_rest(const struct line *line, const char *text,
                     struct match *match);

/* The same for what is left from a word within the pattern on, when the text
 * was copied from the middle of a line. */
bool line_match_end(const struct line *line, const char *text,
                    struct match *match);

/*
 * The same for what is left of a line whose end was cut off within the
 * pattern: how many fixed characters stand there, 0 for no match.  A value
 * that the cut may have gone through is left out.
 */
size_t line_match_cut(const struct line *line, const char *text,
                      struct match *match);

/* The number in a hole; false when it does not fit. */
bool hole_number(const struct hole *hole, uint64_t *value, bool *negative);

/* Who prints what begins here ("xc: "), and the place behind that; NULL. */
const char *anchor_at(const char *text, enum component *component);

/* Whether it is the first character of one: most are none. */
static inline bool anchor_may_begin(char c)
{
    static const bool first[256] = {
        ['('] = true, ['E'] = true, ['l'] = true, ['q'] = true, ['x'] = true,
    };

    return first[(unsigned char)c];
}

/* Of which components there is a prefix in the text: a bit for each. */
unsigned int anchors_in(const char *text, size_t size);

/* The text of the i-th error that is known, NULL past the last. */
const char *errno_text(size_t i);

/* The number of an error's text, which may be cut short; -1. */
int errno_of_text(const char *text, size_t length);

/* The number of a signal's text; -1. */
int signal_of_text(const char *text, size_t length);

#endif /* CONVERT_EXPLAIN_MATCH_H */
