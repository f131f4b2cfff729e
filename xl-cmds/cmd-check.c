/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a release would load what is in files, and why not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apart.h"
#include "check-cure.h"
#include "check-line.h"
#include "check-targets.h"
#include "elsewhere.h"
#include "explain.h"
#include "file.h"
#include "input.h"
#include "live.h"
#include "many.h"
#include "mend.h"
#include "raise.h"
#include "verbs.h"
#include "watch.h"

const struct option_row check_options[] = {
    OPTION_HELP,
    { OPT_TARGET, '\0', "target", "X.Y[.Z]|host|all|FILE",
      "The Xen that shall load it, or a host in a file; several of them; a "
      "table of all series; else the one that saved it." },
    { OPT_DOMAIN, 'd', "domain", "D",
      "Judge the live domain D instead of a file." },
    OPTION_JSON_LINES("Write a JSON array, an object a file; or lines."),
    OPTION_JOBS,
    OPTIONS_NAMES,
    { OPT_EXPLAIN, '\0', "explain", "ID|TEXT",
      "The same as the verb explain." },
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

/* One run. */
struct job {
    struct session *session;
    enum many_json json;
    struct targets targets;         /* what the user said */
    const struct domctx_domain *live; /* what is judged is that */
    bool written;                   /* a JSON object is before */
    size_t at;                      /* the number of the file in work */
    struct many many;
};

/* ------------------------------------------------------------------ */
/* Words                                                               */
/* ------------------------------------------------------------------ */

/* What makes a file for xl of a bare stream, if that can be. */
static void put_made(const struct job *job, const struct subject *subject)
{
    char release[DOMCTX_RELEASE_ROOM];
    char *command;

    if (!subject->judged || !subject->save || subject->stays ||
        cure_restorer(subject->save) || !cure_takes_anew(&subject->target) ||
        domctx_report_worst(subject->report) >= DOMCTX_WARNING)
        return;
    command = mend_call(job->session, "fix --container=xl",
                        subject->typed
                            ? subject->typed
                            : domctx_release_text(&subject->target, release),
                        subject->file, "NEW");
    if (command)
        printf("  what to type: %s (a file for xl restore)\n", command);
    free(command);
}

static struct told told_of(const struct job *job,
                           const struct subject *subject)
{
    struct told told = {
        .session = job->session, .file = subject->file,
        .report = subject->report, .first = SIZE_MAX,
        .vcpus = subject->vcpus, .cure = &subject->cure,
        .is_save = subject->save, .judged = subject->judged,
        .partly = subject->judged && subject_is_partly(subject),
        .target = &subject->target, .typed = subject->typed,
        .needs_other = cure_needs_other(subject->report),
        .endless = subject->endless,
        .elsewhere = subject->elsewhere,
        .packed = subject->packed,
        .packed_whole = subject->packed_whole,
    };

    if (subject->judged && !subject->endless &&
        subject->verdict.outcome != DOMCTX_NO_OUTCOME)
        told.first = subject->verdict.finding;
    return told;
}

static void put_words(const struct job *job,
                      const struct domctx_checked *checked,
                      const struct subject *subject)
{
    struct told told = told_of(job, subject);

    if (job->targets.table && !job->session->verbose &&
        (subject->judged || subject->contained)) {
        put_row(checked, subject);
        return;
    }
    put_line(checked, subject, job->targets.n > 1);
    put_made(job, subject);
    tell_findings(&told);
}

/* An unreadable file gets no verdict: the reason goes to stderr. */
static void tell_unread(const struct job *job, const struct subject *subject)
{
    enum domctx_severity before = job->session->worst;
    const struct domctx_finding *finding =
        domctx_report_get(subject->report, 0);

    domctx_report_forward(job->session->report, subject->report, NULL, NULL);
    session_tell(job->session, input_name(subject->file));
    if (finding && strcmp(finding->id, MSG_FILE_FOLDER) == 0 && !job->json) {
        fputs("  what to type: ", stderr);
        mend_put(stderr, job->session, subject->file, NULL,
                 "xl context-check FILE/*");
        putc('\n', stderr);
    }
    job->session->worst = before; /* counted with those of other files */
}

/* ------------------------------------------------------------------ */
/* The command                                                         */
/* ------------------------------------------------------------------ */

/* "3 files: 2 loads, 1 damaged"; "3 files for 2 targets: ..." */
static void put_summary(const struct job *job, FILE *stream)
{
    fprintf(stream, "%zu files", job->many.names.n);
    if (job->targets.n > 1)
        fprintf(stream, " for %zu targets", job->targets.n);
    tally_put(stream, &job->many.tally);
    putc('\n', stream);
}

/* Why, before that: "  2 by load-efer-reserved: a.save, b.save" */
static void put_causes(const struct job *job, FILE *stream)
{
    const struct tally *tally = &job->many.tally;

    for (size_t i = 0; i < TALLY_CAUSES && *tally->cause[i].id; i++) {
        fprintf(stream, "  %zu by %s", tally->cause[i].n, tally->cause[i].id);
        for (size_t k = 0; k < TALLY_FIRST && k < tally->cause[i].n; k++) {
            fputs(k ? ", " : ": ", stream);
            put_clean(stream, input_name(
                job->many.names.name[tally->cause[i].first[k]]));
        }
        fputs(tally->cause[i].n > TALLY_FIRST ? ", ...\n" : "\n", stream);
    }
}

static void put_json(struct job *job, struct domctx_checked *checked,
                     const struct subject *subject)
{
    domctx_report *report = job->session->report;
    struct told told = told_of(job, subject);
    struct told_cure cure;
    bool margin = false;

    checked->cure = told_cure(&told, &cure);
    if (job->json == JSON_LINES) {
        domctx_checked_json(checked, to_json_line, &margin, report);
        putchar('\n');
    } else {
        fputs(job->written ? ",\n" : "[\n", stdout);
        job->written = true;
        domctx_checked_json(checked, to_stdout, NULL, report);
    }
    told_cure_free(&cure);
}

/* What a command is to have: the target of what is told, or the only one of
 * a file that could not be judged for it. */
static void name_target(const struct job *job, const struct subject *subject)
{
    struct session *session = job->session;

    session->target = subject->wanted ? &subject->wanted->release : NULL;
    session->typed = subject->typed;
    if (!subject->wanted && job->targets.n == 1) {
        session->target = &job->targets.wanted[0].host->release;
        session->typed = job->targets.wanted[0].typed;
    }
}

/* What decides that it does not load, for the summary; of several targets each
 * file has several answers. */
static void count_cause(struct job *job, const struct subject *subject)
{
    const domctx_report *report = subject->report;
    const struct domctx_finding *finding;
    size_t i = 0;

    if (job->targets.n > 1 || domctx_report_worst(report) < DOMCTX_ERROR)
        return;
    if (subject->judged && subject->verdict.outcome != DOMCTX_NO_OUTCOME)
        i = subject->verdict.finding;
    while ((finding = domctx_report_get(report, i)) &&
           finding->severity < DOMCTX_ERROR)
        i++;
    if (finding)
        tally_cause(&job->many.tally, finding->id, job->at);
}

static void put(struct job *job, const struct subject *subject)
{
    const char **in_vain = job->session->in_vain;
    struct domctx_checked checked = {
        .name = input_name(subject->file),
        .target = subject->judged || subject->contained ? &subject->target
                                                        : NULL,
        .savers = subject->by_savers ? &subject->savers : NULL,
        .verdict = subject->judged && !subject->endless
                       ? &subject->verdict : NULL,
        .report = subject->report, .host = host_of(subject),
    };

    name_target(job, subject);
    in_vain[IN_VAIN_ANEW] = subject->stays || subject->contained
                                ? "--container=xl" : NULL;
    in_vain[IN_VAIN_POINT] = !subject->save || !subject->save->n_intervals
                                 ? "the last complete checkpoint" : NULL;
    in_vain[IN_VAIN_RECEIVE] = cure_no_receiver(subject->save);
    in_vain[IN_VAIN_ALL] = elsewhere_is_nowhere(subject->elsewhere)
                               ? "--target=all" : NULL;
    if (subject_worst(subject) >= DOMCTX_SYSTEM) {
        tell_unread(job, subject);
        tally_count(&job->many.tally, "not read", 1);
    } else {
        tally_count(&job->many.tally, domctx_checked_word(&checked), 1);
        count_cause(job, subject);
        if (!job->json)
            put_words(job, &checked, subject);
    }
    if (job->json)
        put_json(job, &checked, subject);
    job->session->target = NULL;
    job->session->typed = NULL;
}

/* One file for one target; input: NULL for one that cannot be read.  How bad
 * it is. */
static enum domctx_severity check_one(struct job *job, const char *file,
                                      struct input *input,
                                      const domctx_report *parsed,
                                      const struct wanted *wanted)
{
    struct subject subject = { .file = file,
                               .wanted = wanted ? wanted->host : NULL,
                               .typed = wanted ? wanted->typed : NULL,
                               .live = job->live,
                               .wants_elsewhere = !job->json &&
                                                  !job->targets.table,
                               .report = domctx_report_new() };
    enum domctx_severity found;
    bool behind = false;

    if (!subject.report) {
        cmd_no_memory(job->session->report, 0);
        return DOMCTX_SYSTEM;
    }
    if (input && cure_is_endless(parsed))
        subject_judge_endless(&subject, input, parsed);
    else if (input)
        subject_judge(&subject, input, parsed);
    if (!subject.judged && !subject.contained)
        domctx_report_forward(subject.report, parsed, cure_as_cut, &behind);
    put(job, &subject);
    found = subject_worst(&subject);
    cure_free(&subject.cure);
    domctx_report_free(subject.report);
    return found;
}

/* The table of all series is a question, and one that loads it a good answer;
 * of another kind of file a series that reads it says so. */
static enum domctx_severity check_all(struct job *job, const char *file,
                                      struct input *input,
                                      const domctx_report *parsed)
{
    bool best = job->targets.table && !input_is_pv(input);
    enum domctx_severity found, all = best ? DOMCTX_LOST : DOMCTX_NOTE;

    if (job->targets.table && !job->json && !job->session->verbose) {
        put_clean(stdout, input_name(file));
        puts(":");
    }
    for (size_t i = 0; i < job->targets.n; i++) {
        found = check_one(job, file, input, parsed, &job->targets.wanted[i]);
        if (best ? found < all : found > all)
            all = found;
    }
    return all;
}

static enum domctx_severity judge_targets(struct job *job, const char *name,
                                          struct input *input,
                                          const domctx_report *parsed)
{
    return job->targets.n ? check_all(job, name, input, parsed)
                          : check_one(job, name, input, parsed, NULL);
}

/* Read a file, and what only lacks its END as if it had that where there is
 * one answer, for which edits may be named; else it is cut. */
static bool load(const struct job *job, struct input *input, const char *file,
                 domctx_report *parsed)
{
    domctx_report *found = domctx_report_new();
    bool loaded, behind = false, taken;

    if (!found)
        return cmd_no_memory(parsed, 0) == 0;
    loaded = input_load_kept(input, file,
                             DOMCTX_WALK_PAGES | DOMCTX_WALK_NO_END,
                             found) == 0;
    taken = loaded && job->targets.n <= 1;
    domctx_report_forward(parsed, found, taken ? NULL : cure_as_cut,
                          &behind);
    domctx_report_free(found);
    return loaded && !behind;
}

static void check_file(void *arg, size_t i, const domctx_report *lost)
{
    struct job *job = arg;
    const char *file = job->many.names.name[i];
    domctx_report *parsed = domctx_report_new();
    enum domctx_severity found;
    struct input input = { .source = NULL };
    bool loaded;

    if (!parsed) {
        cmd_no_memory(job->session->report, 0);
        return;
    }
    job->written = i > 0;
    job->at = i;
    domctx_report_forward(parsed, lost, NULL, NULL);
    loaded = !lost && load(job, &input, file, parsed);
    found = loaded || (job->targets.n && input_is_pv(&input))
                ? judge_targets(job, file, &input, parsed)
                : check_one(job, file, NULL, parsed, NULL);
    input_free(&input);
    session_higher(job->session, found);
    session_tell(job->session, NULL);
    domctx_report_free(parsed);
}

static void explain(struct session *session,
                    const struct arguments *arguments)
{
    const char *text = arguments->option[OPT_EXPLAIN];

    if (arguments->n_operands || arguments->option[OPT_TARGET] ||
        arguments->option[OPT_DOMAIN] || arguments->option[OPT_JSON]) {
        usage_error(session, verb_find("check"),
                    "--explain goes with nothing else");
        return;
    }
    explain_text(session, text, "--explain");
    stdout_check(session);
}

/* A live domain, fetched. */
struct fetched {
    struct job *job;
    const char *name;
    struct input input;
};

/* A byte for a JSON object that was written. */
static void check_fetched(struct session *session, void *arg, int to)
{
    struct fetched *fetched = arg;
    struct input *input = &fetched->input;

    if (domctx_image_parse(input->buf, input->size, &input->image,
                           session->report) == 0)
        session_higher(session, judge_targets(fetched->job, fetched->name,
                                              input, NULL));
    session_tell(session, fetched->name);
    if (fetched->job->written && file_put(to, "", 1) < 0)
        session_worse(session, DOMCTX_SYSTEM);
    input_free(input);
}

/* A live domain: what its save file would have, asked for without a pause but
 * for the context's own. */
static void check_live(struct job *job, const char *name,
                       const struct live *live, uint32_t domid)
{
    domctx_report *report = job->session->report;
    struct fetched fetched = { .job = job, .name = name };
    const struct apart apart = { .work = check_fetched, .arg = &fetched };
    xlcontext_guest *guest;
    uint8_t *written = NULL;
    size_t size;
    int result;

    watch_begin("asking about the domain");
    result = live->guest_ask(live->xlc, domid, &guest, report);
    watch_end();
    if (result < 0)
        return;
    job->live = live->guest_domain(guest);
    if (live_input(live, domid, &fetched.input, report) == 0)
        apart_run(job->session, job->many.arguments, &apart, &written, &size);
    job->written = written;
    free(written);
    input_free(&fetched.input);
    live->guest_free(guest);
}

static void check_domain(struct job *job, const char *name)
{
    struct live live;
    uint32_t domid;

    if (live_open(&live, job->session, name, &domid) == 0) {
        check_live(job, name, &live, domid);
        live_close(&live);
    }
    session_tell(job->session, name);
}

static void check_subjects(struct job *job, const struct arguments *arguments)
{
    if (arguments->option[OPT_DOMAIN])
        check_domain(job, arguments->option[OPT_DOMAIN]);
    else if (!many_run(&job->many))
        return;
    if (job->json == JSON_WHOLE)
        puts(job->many.names.n || job->written ? "\n]" : "[]");
    else if (job->many.names.n > 1 || job->many.names.listed) {
        put_causes(job, job->json ? stderr : stdout);
        put_summary(job, job->json ? stderr : stdout);
    }
    stdout_check(job->session);
}

/* Either a live domain or files; a list of them may be empty. */
static bool take_files(struct job *job, const struct arguments *arguments)
{
    bool live = arguments->option[OPT_DOMAIN];
    const struct names *names = &job->many.names;

    job->many.session = job->session;
    job->many.arguments = arguments;
    job->many.one = check_file;
    job->many.arg = job;
    if (!many_json(job->session, verb_find("check"), arguments,
                   &job->json) ||
        !many_take(&job->many, verb_find("check")))
        return false;
    if (live != (names->n || names->listed))
        return true;
    usage_error(job->session, verb_find("check"),
                live ? "--domain takes the place of the file"
                     : "'check' needs a file, or --domain");
    return false;
}

void cmd_check(struct session *session, const struct arguments *arguments)
{
    struct job job = { .session = session };

    if (arguments->option[OPT_EXPLAIN]) {
        explain(session, arguments);
        return;
    }
    if (!take_files(&job, arguments)) {
        many_free(&job.many);
        return;
    }
    if (targets_take(&job.targets, session, arguments))
        check_subjects(&job, arguments);
    session_tell(session, NULL);
    targets_free(&job.targets);
    many_free(&job.many);
}
