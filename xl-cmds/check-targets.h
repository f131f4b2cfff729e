/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What --target of check names. */
#ifndef XL_CMDS_CHECK_TARGETS_H
#define XL_CMDS_CHECK_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include <domctx.h>

#include "verbs.h"

/* A target. */
struct wanted {
    struct domctx_description *host;
    const char *typed;              /* as the user gave it, or a series */
    char series[DOMCTX_RELEASE_ROOM]; /* of "all" */
};

struct targets {
    bool table;                     /* all series, a line each */
    struct wanted *wanted;
    size_t n;
};

/* Take those of the command line.  False: not all, which is told. */
bool targets_take(struct targets *targets, struct session *session,
                  const struct arguments *arguments);
void targets_free(struct targets *targets);

#endif /* XL_CMDS_CHECK_TARGETS_H */
