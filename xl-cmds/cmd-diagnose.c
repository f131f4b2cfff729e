/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest that stands still waits for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "apart.h"
#include "file.h"
#include "input.h"
#include "live.h"
#include "raise.h"
#include "sandbox.h"
#include "signals.h"
#include "symbols.h"
#include "verbs.h"
#include "watch.h"

const struct option_row diagnose_options[] = {
    OPTION_HELP,
    { OPT_INTERVAL, 'i', "interval", "SECONDS",
      "Between looks at a domain: 1; 0 for one look." },
    { OPT_JSON, '\0', "json", NULL, "Write a JSON document." },
    { OPT_CURE, '\0', "cure", "upcall",
      "Give each vCPU its upcall, then look again." },
    { OPT_VECTOR, '\0', "vector", "N",
      "The guest's upcall vector: 0xf3 of Linux." },
    { OPT_SYMBOLS, '\0', "symbols", "FILE",
      "The guest's System.map or /proc/kallsyms, for names." },
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

/* One look at the guest, with the objects behind it. */
struct seen {
    struct input input;
    domctx_context *context;
    struct domctx_live *live;   /* NULL: a file */
    domctx_memory *memory;      /* or NULL */
    const domctx_symbols *symbols; /* or NULL */
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

static void take_looks(const struct seen *seen, size_t n,
                       struct domctx_look *looks)
{
    for (size_t i = 0; i < n; i++)
        looks[i] = (struct domctx_look){ .context = seen[i].context,
                                         .live = seen[i].live,
                                         .symbols = seen[i].symbols,
                                         .memory = seen[i].memory };
}

/* counts: the exit status says what was found. */
static void tell(struct session *session, const struct arguments *arguments,
                 const char *name, const struct seen *seen, size_t n,
                 bool counts)
{
    domctx_diagnosis *diagnosis;
    struct stream_sink out = { .stream = stdout };
    struct domctx_look looks[DOMCTX_LOOKS_MAX];

    take_looks(seen, n, looks);
    if (domctx_diagnose(looks, n, &diagnosis, session->report) < 0)
        return;
    if (arguments->option[OPT_JSON])
        domctx_diagnosis_json(diagnosis, name, stream_put, &out,
                              session->report);
    else
        domctx_diagnosis_text(diagnosis, stream_put, &out, session->report);
    if (counts)
        session_worse(session, domctx_report_worst(
                                   domctx_diagnosis_report(diagnosis)));
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

/* What the command line says of a domain. */
struct wish {
    struct timespec interval;
    bool cure;
    unsigned int vector;   /* 0: as Xen's log has it */
    const domctx_symbols *symbols; /* or NULL */
};

static bool look_at_domain(struct session *session, const struct live *live,
                           uint32_t domid, const domctx_symbols *symbols,
                           struct seen *seen)
{
    struct xlcontext_looked looked;
    int result;

    /* Who stops us in the middle must not leave the domain paused. */
    signals_hold();
    watch_begin("looking at the domain");
    result = live->look(live->xlc, domid, symbols, &looked, session->report);
    watch_end();
    signals_release();
    if (result < 0)
        return false;
    seen->input.buf = looked.image;
    seen->input.size = looked.size;
    seen->symbols = symbols;
    seen->memory = looked.memory;
    seen->live = malloc(sizeof(*seen->live));
    if (!seen->live)
        return cmd_no_memory(session->report, sizeof(*seen->live)) == 0;
    *seen->live = looked.live;
    session_verbose(session, "paused for %.3f ms",
                    (double)looked.paused_ns / 1e6);
    return domctx_image_parse(looked.image, looked.size, &seen->input.image,
                              session->report) == 0 &&
           input_view(&seen->input, false, 0, 0, &seen->context,
                      session->report) == 0;
}

/* What a process apart makes of the looks at a domain. */
struct looked {
    const struct arguments *arguments;
    const struct seen *seen;
    size_t n;
};

/* A byte for a finding. */
static void find(struct session *session, void *arg, int to)
{
    const struct looked *looked = arg;
    struct domctx_look looks[DOMCTX_LOOKS_MAX];
    domctx_diagnosis *diagnosis;

    take_looks(looked->seen, looked->n, looks);
    if (domctx_diagnose(looks, looked->n, &diagnosis, session->report) < 0)
        return;
    if (domctx_report_worst(domctx_diagnosis_report(diagnosis)) >=
            DOMCTX_WARNING &&
        file_put(to, "", 1) < 0)
        session_worse(session, DOMCTX_SYSTEM);
    domctx_diagnosis_free(diagnosis);
}

static void tell_before(struct session *session, void *arg, int to)
{
    const struct looked *looked = arg;

    (void)to;
    tell(session, looked->arguments, looked->arguments->operand[0],
         looked->seen, looked->n, false);
}

/* Whether the work handed something over. */
static bool look_apart(struct session *session,
                       const struct arguments *arguments, apart_work *work,
                       const struct seen *seen, size_t n)
{
    struct looked looked = { arguments, seen, n };
    const struct apart apart = { .work = work, .arg = &looked };
    uint8_t *bytes;
    size_t size;

    apart_run(session, arguments, &apart, &bytes, &size);
    free(bytes);
    return size > 0;
}

/* Two looks find a hang; a busy guest may seem to hang in both by chance, so
 * look again before reporting one.  Returns the number of looks, 0 when one
 * failed. */
static size_t look_on(struct session *session,
                      const struct arguments *arguments,
                      struct live *live, uint32_t domid,
                      const struct wish *wish,
                      struct seen seen[DOMCTX_LOOKS_MAX])
{
    size_t n = 0;

    while (n < 2 || (n < DOMCTX_LOOKS_MAX &&
                     look_apart(session, arguments, find, seen, n))) {
        if (n && live_rest(live, session, domid, &wish->interval) < 0)
            return 0;
        if (!look_at_domain(session, live, domid, wish->symbols, &seen[n]))
            return 0;
        n++;
        if (!wish->interval.tv_sec && !wish->interval.tv_nsec)
            break;
    }
    return n;
}

static void seen_free(struct seen seen[DOMCTX_LOOKS_MAX])
{
    for (size_t i = 0; i < DOMCTX_LOOKS_MAX; i++) {
        domctx_context_free(seen[i].context);
        input_free(&seen[i].input);
        free(seen[i].live);
        domctx_memory_free(seen[i].memory);
        seen[i] = (struct seen){ .context = NULL };
    }
}

#define VECTOR_MIN 32u   /* those below are of exceptions */
#define VECTOR_MAX 255u

static bool read_vector(struct session *session, const char *text,
                        unsigned int *vector)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 0);
    if (end == text || *end || errno || value < VECTOR_MIN ||
        value > VECTOR_MAX) {
        usage_error(session, verb_find("diagnose"),
                    "--vector takes a number from 0x%x to 0x%x, not '%.40s'",
                    VECTOR_MIN, VECTOR_MAX, text);
        return false;
    }
    *vector = (unsigned int)value;
    return true;
}

static bool read_wish(struct session *session,
                      const struct arguments *arguments, struct wish *wish)
{
    const char *cure = arguments->option[OPT_CURE];
    const char *vector = arguments->option[OPT_VECTOR];

    *wish = (struct wish){ .cure = cure != NULL };
    if (cure && strcmp(cure, "upcall") != 0) {
        usage_error(session, verb_find("diagnose"),
                    "--cure knows 'upcall', not '%.40s'", cure);
        return false;
    }
    if (vector && !cure) {
        usage_error(session, verb_find("diagnose"),
                    "--vector is for --cure=upcall");
        return false;
    }
    return read_interval(session, arguments, &wish->interval) &&
           (!vector || read_vector(session, vector, &wish->vector));
}

static bool cure(struct session *session, const struct live *live,
                 uint32_t domid, unsigned int vector)
{
    struct xlcontext_cured cured;
    int result;

    if (session->dry_run) {
        fputs("xl-context: without -N each vCPU would be given its upcall\n",
              stderr);
        return true;
    }
    watch_begin("giving upcalls");
    result = live->cure_upcall(live->xlc, domid, vector, &cured,
                               session->report);
    watch_end();
    if (result < 0)
        return false;
    fprintf(stderr, "xl-context: %u %s given %s upcall", cured.vcpus,
            cured.vcpus == 1 ? "vCPU was" : "vCPUs were",
            cured.vcpus == 1 ? "its" : "their");
    if (cured.vector)
        fprintf(stderr, ", vector 0x%x\n", cured.vector);
    else
        fputs(" by Xen\n", stderr);
    return true;
}

/* Look, and with a cure tell what is seen before it and look again. */
static size_t look_and_cure(struct session *session,
                            const struct arguments *arguments,
                            struct live *live, uint32_t domid,
                            const struct wish *wish,
                            struct seen seen[DOMCTX_LOOKS_MAX])
{
    size_t n = look_on(session, arguments, live, domid, wish, seen);

    if (!wish->cure || !n)
        return n;
    if (!arguments->option[OPT_JSON])
        look_apart(session, arguments, tell_before, seen, n);
    seen_free(seen);
    if (!cure(session, live, domid, wish->vector))
        return 0;
    if (!arguments->option[OPT_JSON])
        puts("\nafter the cure:\n");
    return look_on(session, arguments, live, domid, wish, seen);
}

static size_t look_at_guest(struct session *session,
                            const struct arguments *arguments,
                            struct seen seen[DOMCTX_LOOKS_MAX],
                            domctx_symbols **symbols)
{
    const char *name = arguments->operand[0];
    const char *file = arguments->option[OPT_SYMBOLS];
    struct live live;
    struct wish wish;
    uint32_t domid;
    size_t n = 0;

    if (!read_wish(session, arguments, &wish) ||
        (file && !(*symbols = symbols_apart(session, arguments, file))))
        return 0;
    wish.symbols = *symbols;
    if (live_open(&live, session, name, &domid) == 0) {
        n = look_and_cure(session, arguments, &live, domid, &wish, seen);
        live_close(&live);
    }
    session_tell(session, name);
    return n && sandbox_enter(session, arguments, 0, NULL, NULL) ? n : 0;
}

/* -- files -------------------------------------------------------------- */

static size_t look_at_files(struct session *session,
                            const struct arguments *arguments,
                            struct seen seen[DOMCTX_LOOKS_MAX],
                            domctx_symbols **symbols)
{
    const char *file = arguments->option[OPT_SYMBOLS];
    size_t wanted = (size_t)arguments->n_operands;

    if (arguments->option[OPT_INTERVAL] || arguments->option[OPT_CURE] ||
        arguments->option[OPT_VECTOR]) {
        usage_error(session, verb_find("diagnose"),
                    "%s is for a domain: '%.80s' is a file",
                    arguments->option[OPT_INTERVAL] ? "--interval"
                    : arguments->option[OPT_CURE]   ? "--cure"
                                                    : "--vector",
                    arguments->operand[0]);
        return 0;
    }
    if (!sandbox_enter(session, arguments, arguments->n_operands, file, NULL))
        return 0;
    if (file && !(*symbols = symbols_load(session, file)))
        return 0;
    for (size_t n = 0; n < wanted; n++) {
        seen[n].symbols = *symbols;
        if (!look_at_file(session, arguments->operand[n], &seen[n]))
            return 0;
    }
    return wanted;
}

void cmd_diagnose(struct session *session, const struct arguments *arguments)
{
    struct seen seen[DOMCTX_LOOKS_MAX] = { { .context = NULL } };
    bool files = arguments->n_operands > 1 || is_file(arguments->operand[0]);
    const char *name = files ? input_name(arguments->operand[0])
                             : arguments->operand[0];
    domctx_symbols *symbols = NULL;
    size_t n = files ? look_at_files(session, arguments, seen, &symbols)
                     : look_at_guest(session, arguments, seen, &symbols);

    if (n)
        tell(session, arguments, name, seen, n, true);
    session_tell(session, name);
    seen_free(seen);
    domctx_symbols_free(symbols);
}
