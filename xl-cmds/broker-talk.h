/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages between the broker and its clients. */
#ifndef XL_CMDS_BROKER_TALK_H
#define XL_CMDS_BROKER_TALK_H

#include "broker.h"

enum ask { ASK_OPEN, ASK_NULL, ASK_NAMELESS, ASK_CHECK, ASK_CREATE,
           ASK_CREATE_TEXT, ASK_KEEP_OWNER, ASK_COMMIT, ASK_DISCARD };

/* One message each way; the answer is followed by a message for each
 * finding. */
struct question {
    enum ask ask;
    size_t number;     /* index into broker_names.in */
};

struct answer {
    int result, error;
    size_t n_findings;
    struct stat status;    /* of what is opened for reading */
    bool replaces, standard_output;
    char name[NAME_MAX + 1];
};

/* Send a message, with a descriptor unless that is -1; receive one, with *fd
 * (-1: none came; NULL: none is accepted).  -1 with errno. */
int talk_put(int to, void *data, size_t size, int fd);
int talk_get(int from, void *data, size_t size, int *fd);

/* Run the broker until the other side closes.  Does not return. */
__attribute__((noreturn))
void broker_run(int from, const struct broker_names *names);

#endif /* XL_CMDS_BROKER_TALK_H */
