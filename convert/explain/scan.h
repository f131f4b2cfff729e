/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a log of any length for the lines that are known. */
#ifndef CONVERT_EXPLAIN_SCAN_H
#define CONVERT_EXPLAIN_SCAN_H

#include "explain/index.h"
#include "explain/story.h"
#include "explain/window.h"

#define SCAN_BUFFER (256u << 10)
/* What is kept before the place that is looked at, and wanted behind it:
 * room for the lines that one was broken into. */
#define SCAN_AROUND (WINDOW_LINES * 2u * LINE_MAX_BYTES)

struct scan {
    struct index *index;
    struct stories stories;
    struct window window;
    struct starts starts;
    bool bare;          /* a line may stand without its prefix */
    bool binary;        /* it is no text */
    bool other;         /* the last answer of is_of_other() */
    unsigned int tried; /* lines that may have been cut */
    size_t size, next;  /* of buffer: filled, and looked at */
    size_t taken;       /* up to where a line was found */
    size_t counted;     /* up to where line ends are counted */
    char buffer[SCAN_BUFFER + 1];   /* '\0' behind what is filled */
};

struct scan *scan_new(void);    /* NULL: no memory */
void scan_free(struct scan *scan);
void scan_feed(struct scan *scan, const char *bytes, size_t size);
void scan_end(struct scan *scan);

/* After scan_end(), for a text of a line where nothing was found: whether it
 * is the rest of a line, whose first part was not copied. */
void scan_fragment(struct scan *scan);

#endif /* CONVERT_EXPLAIN_SCAN_H */
