/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest that stands still waits for. */
#include <errno.h>
#include <stdio.h>

#include "base/messages.h"

#include "file.h"
#include "input.h"
#include "verbs.h"

const struct option_row diagnose_options[] = {
    OPTION_HELP,
    { OPT_JSON, '\0', "json", NULL, "Write a JSON document." },
    OPTION_LAST
};

/* One of the looks at the guest, and what it is made of. */
struct seen {
    struct input input;
    domctx_context *context;
};

/* After a failure nothing more is written; stdout_check() tells of it, with
 * the first reason. */
static int put_text(void *arg, const char *text, size_t size)
{
    int *error = arg;

    if (*error == 0 && fwrite(text, 1, size, stdout) != size)
        *error = errno;
    return 0;
}

static bool look_at_file(struct session *session, const char *file,
                         struct seen *seen)
{
    bool good = input_load(&seen->input, file, session->report) == 0 &&
                input_view(&seen->input, false, 0, 0, &seen->context,
                           session->report) == 0;

    session_tell(session, input_name(file));
    return good;
}

static void tell(struct session *session, const struct arguments *arguments,
                 const struct domctx_look *looks, size_t n_looks)
{
    const char *name = arguments->operand[0];
    domctx_diagnosis *diagnosis;
    int error = 0;

    if (domctx_diagnose(looks, n_looks, &diagnosis, session->report) < 0)
        return;
    if (arguments->option[OPT_JSON])
        domctx_diagnosis_json(diagnosis, name, put_text, &error,
                              session->report);
    else
        domctx_diagnosis_text(diagnosis, put_text, &error, session->report);
    session_worse(session,
                  domctx_report_worst(domctx_diagnosis_report(diagnosis)));
    domctx_diagnosis_free(diagnosis);
    errno = error;
    stdout_check(session);
}

void cmd_diagnose(struct session *session, const struct arguments *arguments)
{
    struct seen seen[DOMCTX_LOOKS_MAX] = { { .context = NULL } };
    struct domctx_look looks[DOMCTX_LOOKS_MAX] = { { .context = NULL } };
    size_t n = 0;

    while (n < (size_t)arguments->n_operands &&
           look_at_file(session, arguments->operand[n], &seen[n])) {
        looks[n].context = seen[n].context;
        n++;
    }
    if (n == (size_t)arguments->n_operands)
        tell(session, arguments, looks, n);
    session_tell(session, input_name(arguments->operand[0]));
    for (size_t i = 0; i < DOMCTX_LOOKS_MAX; i++) {
        domctx_context_free(seen[i].context);
        input_free(&seen[i].input);
    }
}
