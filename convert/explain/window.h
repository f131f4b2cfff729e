/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line of a log as it was printed: without the marks of a mail, colours
 * and carriage returns, and with the lines that it was broken into.
 */
#ifndef CONVERT_EXPLAIN_WINDOW_H
#define CONVERT_EXPLAIN_WINDOW_H

#include "explain/match.h"

#define WINDOW_MAX 6144
#define WINDOW_LINES 4       /* that one line may have been broken into */
#define LINE_MAX_BYTES 2048  /* that are looked at of a longer one */
#define STARTS_MAX 32

/* Text between two places of the input. */
struct span {
    size_t at, end;
};

struct window {
    char text[WINDOW_MAX + 1];
    uint32_t raw[WINDOW_MAX + 1]; /* where each was, from base on */
    size_t base, size;
    size_t first;                 /* size of the first line */
    size_t unbroken;              /* up to where no line was left out */
};

/* Where the words of a program may begin. */
struct start {
    const char *from, *at;        /* with the prefix, and behind it */
    enum component component;
    long domid;                   /* that the prefix tells, -1 for none */
};

struct starts {
    struct start start[STARTS_MAX];
    size_t n;
};

/* The line around a place: between line ends, at most LINE_MAX_BYTES to
 * each side. */
struct span line_around(const char *text, size_t at, size_t size);

/* Behind the blanks and quotation marks in front of a line. */
size_t over_quotes(const char *text, size_t at, size_t end);

/* The line alone. */
void window_one(struct window *window, const char *text, struct span line);

/* Behind it those that may belong to it. */
void window_more(struct window *window, const char *text, struct span line,
                 size_t size);

/* Whether its first line begins one of its own: with a time, or with a
 * component. */
bool window_is_led(const struct window *window);

/* Whether a text that a '\0' ends begins with a time, which no rest of a
 * line does. */
bool has_time(const char *text);

/* Behind that time; at the text itself where there is none. */
const char *over_lead(const char *text);

/* All places in the first line, the likelier ones first. */
void window_starts(const struct window *window, struct starts *starts);

/* The last "name[pid]:" in front of a place of the window, with digits only
 * in the brackets; false for none.  name: of size room. */
bool window_source(const struct window *window, const char *place,
                   char *name, size_t room, unsigned long *pid);

#endif /* CONVERT_EXPLAIN_WINDOW_H */
