/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a log tells: its lines in the order of causes.  A story is one try to
 * save, restore or migrate; a log may have several.
 */
#ifndef CONVERT_EXPLAIN_STORY_H
#define CONVERT_EXPLAIN_STORY_H

#include "base/out.h"
#include "explain/match.h"

#define EVENT_TEXT 400
#define STORY_EVENTS 24
#define STORIES_MAX 8
#define UNKNOWN_MAX 3

/* The program that a journal or syslog names in front of a line: "xl[123]:".
 * pid is 0 where there is none. */
struct source {
    char name[32];
    unsigned long pid;
};

/* A line that is known. */
struct event {
    const struct line *line;
    char text[EVENT_TEXT];      /* as it was printed */
    struct hole holes[HOLES_MAX];
    size_t n_holes;
    uint64_t at;                /* number of the line in the log, from 1 */
    uint64_t times;
    long domid;                 /* -1: not said */
    bool anchored;              /* behind its component's prefix */
    bool cut;                   /* its end was cut off */
    bool stream;                /* what is read or written is in no file */
    bool other;                 /* among lines of another hypervisor */
    struct source source;
};

struct story {
    struct event events[STORY_EVENTS];
    size_t n;
    uint64_t left_out;          /* kinds of lines beyond those */
    uint64_t times;             /* that the same was met again */
    long domid;
    long sender;                /* its number on the host that sends it; -1 */
    bool stream;                /* a guest goes from host to host */
    struct source source;       /* of its first line that has one */
};

struct stories {
    struct story story[STORIES_MAX];
    size_t n;
    uint64_t dropped;           /* tries beyond those */
    char unknown[UNKNOWN_MAX][EVENT_TEXT];
    uint64_t n_unknown;         /* errors of the toolstack with no row */
    uint64_t lines, known;
    bool other;                 /* a story of another hypervisor was there */
};

/* One more line, in the order of the log. */
void story_add(struct stories *stories, const struct event *event);

/* An error line of xl's libraries that no row is of. */
void story_unknown(struct stories *stories, const char *text);

/* There are no more. */
void story_end(struct stories *stories);

/* One more line of a story, which is not there yet; what is no fault makes
 * room for what is one. */
void story_take(struct story *story, const struct event *event);

/* Its lines in the order of the log. */
void story_sort(struct story *story);

void story_copy(struct story *to, const struct story *from);

/* The two ends of a migration as one story. */
void stories_join_ends(struct stories *stories);

/* The first line that is a cause and is not of the other end of a connection,
 * which had gone before; NULL. */
const struct event *story_own_cause(const struct story *story);

/* Whether a path is what xl calls a stream that is in no file. */
bool is_stream(const struct hole *hole);

/* The line that a story is about: its cause, or what comes nearest. */
const struct event *story_main(const struct story *story);

/* The last line of that kind, NULL for none. */
const struct event *story_last(const struct story *story,
                               enum line_kind kind);

/* What the faults of each story come from, what it means and what to do, in
 * a few lines; false when there is no fault. */
bool story_put_brief(const struct stories *stories, struct out *out);

/* Write all of it; false when there is nothing to write. */
bool story_put(const struct stories *stories, struct out *out);

#endif /* CONVERT_EXPLAIN_STORY_H */
