/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library's words for a user who calls verbs his own way: it writes
 * commands as "xl context-VERB". */
#ifndef XL_CMDS_CALLED_H
#define XL_CMDS_CALLED_H

#include <stdio.h>

#include "session.h"

struct called {
    struct session *session;
    FILE *to;           /* stdout or stderr */
    FILE *stream;       /* collects the text; NULL: it goes out as it is */
    char *text;
    size_t size;
};

/* Collect a text for that stream, or write it at once where the user calls
 * verbs as the library does. */
void called_open(struct called *called, struct session *session, FILE *to);

/* The sink for it: arg is a struct called. */
int called_put(void *arg, const char *text, size_t size);

/* Write what was collected. */
void called_close(struct called *called);

#endif /* XL_CMDS_CALLED_H */
