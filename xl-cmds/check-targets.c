/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check-targets.h"

#include <stdlib.h>
#include <string.h>

#include "host-target.h"
#include "raise.h"

/* A target more; false: there is none, which is told. */
static bool add(struct targets *targets, const char *typed,
                struct domctx_description *target)
{
    if (target)
        targets->wanted[targets->n++] =
            (struct wanted){ .host = target, .typed = typed };
    return target;
}

/* All series, oldest first. */
static bool put_all_series(struct session *session, struct targets *targets)
{
    struct domctx_release release;
    bool good = true;

    for (size_t i = 0; good && domctx_release_series(i, &release); i++) {
        good = add(targets, NULL,
                   domctx_description_new(session->report));
        if (good) {
            targets->wanted[i].host->release = release;
            targets->wanted[i].typed =
                domctx_release_text(&release, targets->wanted[i].series);
        }
    }
    targets->table = true;
    return good;
}

#define ALL "all"

bool targets_take(struct targets *targets, struct session *session,
                  const struct arguments *arguments)
{
    const char *text;
    size_t at = 0;

    targets->wanted = calloc(TARGETS_MAX, sizeof(targets->wanted[0]));
    if (!targets->wanted) {
        cmd_no_memory(session->report,
                      TARGETS_MAX * sizeof(targets->wanted[0]));
        return false;
    }
    while ((text = arguments_next(arguments, OPT_TARGET, &at))) {
        if (strcmp(text, ALL) != 0) {
            if (!add(targets, text, host_target(session, arguments, text)))
                return false;
        } else if (arguments->n_targets > 1) {
            usage_error(session, verb_find("check"),
                        "--target=" ALL " goes with no other target");
            return false;
        } else if (!put_all_series(session, targets)) {
            return false;
        }
    }
    return true;
}

void targets_free(struct targets *targets)
{
    for (size_t i = 0; i < targets->n; i++)
        domctx_description_free(targets->wanted[i].host);
    free(targets->wanted);
}
