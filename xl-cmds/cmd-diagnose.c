/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest that stands still waits for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/messages.h"

#include "file.h"
#include "input.h"
#include "live.h"
#include "sandbox.h"
#include "signals.h"
#include "verbs.h"
#include "watch.h"

const struct option_row diagnose_options[] = {
    OPTION_HELP,
    { OPT_INTERVAL, 'i', "interval", "SECONDS",
      "Between the two looks at a domain: 1; 0 for one look." },
    { OPT_JSON, '\0', "json", NULL, "Write a JSON document." },
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

/* One of the looks at the guest, and what it is made of. */
struct seen {
    struct input input;
    domctx_context *context;
    struct domctx_live *live;   /* NULL: a file */
};

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
                 const char *name, const struct domctx_look *looks,
                 size_t n_looks)
{
    domctx_diagnosis *diagnosis;
    struct stream_sink out = { .stream = stdout };

    if (domctx_diagnose(looks, n_looks, &diagnosis, session->report) < 0)
        return;
    if (arguments->option[OPT_JSON])
        domctx_diagnosis_json(diagnosis, name, stream_put, &out,
                              session->report);
    else
        domctx_diagnosis_text(diagnosis, stream_put, &out, session->report);
    session_worse(session,
                  domctx_report_worst(domctx_diagnosis_report(diagnosis)));
    domctx_diagnosis_free(diagnosis);
    errno = out.error;
    stdout_check(session);
}

/* -- a domain ----------------------------------------------------------- */

/* Whether the operand means a file: there is one, or it is a path. */
static bool is_file(const char *operand)
{
    struct stat status;

    return strcmp(operand, "-") == 0 || strchr(operand, '/') ||
           stat(operand, &status) == 0;
}

#define INTERVAL_MAX 3600.0

static bool read_interval(struct session *session,
                          const struct arguments *arguments,
                          struct timespec *interval)
{
    const char *text = arguments->option[OPT_INTERVAL];
    double seconds = 1;
    char *end = NULL;

    if (text)
        seconds = strtod(text, &end);
    if (text && (end == text || *end ||
                 !(seconds >= 0 && seconds <= INTERVAL_MAX))) {
        usage_error(session, verb_find("diagnose"),
                    "--interval takes seconds, from 0 to %.0f, not '%.40s'",
                    INTERVAL_MAX, text);
        return false;
    }
    interval->tv_sec = (time_t)seconds;
    interval->tv_nsec = (long)((seconds - (double)interval->tv_sec) * 1e9);
    return true;
}

static bool look_at_domain(struct session *session, const struct live *live,
                           uint32_t domid, struct seen *seen)
{
    struct xlcontext_looked looked;
    int result;

    /* Who stops us in the middle must not leave the domain paused. */
    signals_hold();
    watch_begin("looking at the domain");
    result = live->look(live->xlc, domid, &looked, session->report);
    watch_end();
    signals_release();
    if (result < 0)
        return false;
    seen->input.buf = looked.image;
    seen->input.size = looked.size;
    seen->live = malloc(sizeof(*seen->live));
    if (!seen->live)
        return msg_no_memory(session->report, sizeof(*seen->live)) == 0;
    *seen->live = looked.live;
    session_verbose(session, "paused for %.3f ms",
                    (double)looked.paused_ns / 1e6);
    return domctx_image_parse(looked.image, looked.size, &seen->input.image,
                              session->report) == 0 &&
           input_view(&seen->input, false, 0, 0, &seen->context,
                      session->report) == 0;
}

/* One look, or two; the number of those that there are. */
static size_t look_twice(struct session *session,
                         const struct arguments *arguments,
                         struct seen seen[DOMCTX_LOOKS_MAX])
{
    const char *name = arguments->operand[0];
    struct timespec interval;
    struct live live;
    uint32_t domid;
    size_t n = 0;

    if (!read_interval(session, arguments, &interval))
        return 0;
    if (live_open(&live, session, name, &domid) == 0) {
        n = look_at_domain(session, &live, domid, &seen[0]);
        if (n && (interval.tv_sec || interval.tv_nsec)) {
            nanosleep(&interval, NULL);
            n = look_at_domain(session, &live, domid, &seen[1]) ? 2 : 0;
        }
        live_close(&live);
    }
    session_tell(session, name);
    return n;
}

/* -- files -------------------------------------------------------------- */

static size_t look_at_files(struct session *session,
                            const struct arguments *arguments,
                            struct seen seen[DOMCTX_LOOKS_MAX])
{
    size_t wanted = (size_t)arguments->n_operands;

    if (arguments->option[OPT_INTERVAL]) {
        usage_error(session, verb_find("diagnose"),
                    "--interval is for a domain: '%.80s' is a file",
                    arguments->operand[0]);
        return 0;
    }
    if (!sandbox_enter(session, arguments, arguments->n_operands, NULL, NULL))
        return 0;
    for (size_t n = 0; n < wanted; n++)
        if (!look_at_file(session, arguments->operand[n], &seen[n]))
            return 0;
    return wanted;
}

void cmd_diagnose(struct session *session, const struct arguments *arguments)
{
    struct seen seen[DOMCTX_LOOKS_MAX] = { { .context = NULL } };
    struct domctx_look looks[DOMCTX_LOOKS_MAX];
    bool files = arguments->n_operands > 1 || is_file(arguments->operand[0]);
    const char *name = files ? input_name(arguments->operand[0])
                             : arguments->operand[0];
    size_t n = files ? look_at_files(session, arguments, seen)
                     : look_twice(session, arguments, seen);

    for (size_t i = 0; i < n; i++)
        looks[i] = (struct domctx_look){ .context = seen[i].context,
                                         .live = seen[i].live };
    if (n)
        tell(session, arguments, name, looks, n);
    session_tell(session, name);
    for (size_t i = 0; i < DOMCTX_LOOKS_MAX; i++) {
        domctx_context_free(seen[i].context);
        input_free(&seen[i].input);
        free(seen[i].live);
    }
}
