/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the broker and who asks it say to each other. */
#ifndef XL_CMDS_BROKER_TALK_H
#define XL_CMDS_BROKER_TALK_H

#include "broker.h"

enum ask { ASK_OPEN, ASK_NULL, ASK_NAMELESS, ASK_CHECK, ASK_CREATE,
           ASK_CREATE_TEXT, ASK_KEEP_OWNER, ASK_COMMIT, ASK_DISCARD };

/* A message each way; behind the answer, as many findings, a message each. */
struct question {
    enum ask ask;
    size_t number;     /* of broker_names.in */
};

struct answer {
    int result, error;
    size_t n_findings;
    bool replaces, standard_output;
    char name[NAME_MAX + 1];
};

/* Send a message, and with it a descriptor unless that is -1; or receive one,
 * and *fd (-1: none came; NULL: none is wanted).  -1 with errno. */
int talk_put(int to, void *data, size_t size, int fd);
int talk_get(int from, void *data, size_t size, int *fd);

/* The broker itself, until the other side is gone.  Does not return. */
__attribute__((noreturn))
void broker_run(int from, const struct broker_names *names);

#endif /* XL_CMDS_BROKER_TALK_H */
