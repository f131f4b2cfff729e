/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xlcontext_restore(): judge, pause, load what differs, read back, resume. */
#include "restore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Which findings stop a restore                                        */
/* ------------------------------------------------------------------ */

/* A judgement on its way to the caller's report. */
struct settling {
    const struct restore *job;
    bool final;             /* errors stop even a forced restore */
    bool stops;             /* one of the findings stops it */
};

/* A finding that a full report dropped has no id: it stops a restore without
 * force. */
static bool may_pass(const struct settling *settling,
                     const struct domctx_finding *finding)
{
    unsigned int flags = settling->job->flags;

    if (settling->final || finding->severity != DOMCTX_ERROR)
        return false;
    return flags & XLCONTEXT_RESTORE_FORCE ||
           (flags & XLCONTEXT_RESTORE_ALLOW_LOSS &&
            strcmp(finding->id, "live-xsave-lost") == 0);
}

static bool settle_one(struct domctx_finding *finding, void *arg)
{
    struct settling *settling = arg;

    if (finding->severity < DOMCTX_ERROR)
        return true;
    if (may_pass(settling, finding))
        finding->severity = DOMCTX_NOTE;
    else
        settling->stops = true;
    return true;
}

/* Move the findings of a judgement to the caller's report.  Returns -1 when
 * one of them stops the restore. */
static int settle(const struct restore *job, const domctx_report *judged,
                  bool final, domctx_report *report)
{
    struct settling settling = { .job = job, .final = final };

    domctx_report_forward(report, judged, settle_one, &settling);
    return settling.stops ? -1 : 0;
}

/* ------------------------------------------------------------------ */
/* Before the guest is touched                                          */
/* ------------------------------------------------------------------ */

static int parse_image(struct restore *job, const void *buf, size_t size,
                       domctx_report *report)
{
    uint32_t xen_major, xen_minor;

    if (domctx_image_parse(buf, size, &job->image, report) < 0)
        return -1;
    domctx_image_version(job->image, &xen_major, &xen_minor);
    job->facts.image_version = cat_version_of(xen_major, xen_minor);
    job->known = domctx_image_provenance(job->image, &job->provenance,
                                         report);
    if (job->known < 0)
        return -1;
    if (!job->domain.hvm)
        return msg_raise(report, MSG_LIVE_PV_RESTORE, NULL,
                         "domain %u is a PV domain", job->domain.domid);
    if (domctx_image_to_hvm(job->image, &job->blob, &job->blob_size,
                            report) < 0)
        return -1;
    return domctx_hvm_parse(job->blob, job->blob_size, &job->wanted, report);
}

static int read_image(struct restore *job, const void *buf, size_t size,
                      domctx_report *report)
{
    domctx_report *judged = domctx_report_new();
    int rc;

    if (!judged)
        return msg_no_memory(report, 0);
    rc = parse_image(job, buf, size, judged);
    if (settle(job, judged, rc < 0, report) < 0)
        rc = -1;
    domctx_report_free(judged);
    return rc;
}

/* Allocate for the present context, and as much for reading back. */
static int prepare(struct restore *job, domctx_report *report)
{
    domctx_hvm_free(job->present);
    job->present = NULL;
    capture_release(job->xlc, &job->capture);
    free(job->scratch);
    job->scratch = NULL;
    if (capture_prepare(job->xlc, &job->domain, 0, &job->capture,
                        report) < 0)
        return -1;
    job->scratch = malloc(job->capture.room);
    return job->scratch ? 0 : msg_no_memory(report, job->capture.room);
}

/* Decide from the image and the present context in job->capture.  Findings
 * go to report; -1 when the restore must not go on. */
static int judge(struct restore *job, domctx_report *report)
{
    domctx_report *judged = domctx_report_new();
    int rc = -1;

    if (!judged)
        return msg_no_memory(report, 0);
    plan_free(&job->plan);
    domctx_hvm_free(job->present);
    job->present = NULL;
    job->facts.never_run = fit_never_run(&job->domain);
    fit_check(&job->provenance, job->known > 0, &job->domain, judged);
    if (domctx_hvm_parse(job->capture.context, job->capture.size,
                         &job->present, judged) == 0 &&
        plan_make(&job->plan, job->wanted, job->present, &job->facts,
                  judged) == 0)
        rc = 0;
    /* The finding itself may have been dropped from a full report. */
    if (settle(job, judged, job->plan.crashes, report) < 0 ||
        job->plan.crashes)
        rc = -1;
    domctx_report_free(judged);
    return rc;
}

/* ------------------------------------------------------------------ */
/* In the window                                                        */
/* ------------------------------------------------------------------ */

/* Load and read back.  Returns 0, or -1 with the finding in why. */
static int load(struct restore *job, domctx_report *why)
{
    /* Allocate what a rollback needs while failing is still harmless. */
    if (plan_blob(&job->plan, job->present, &job->attempt,
                  &job->attempt_size, why) < 0 ||
        domctx_hvm_parse(job->attempt, job->attempt_size, &job->attempted,
                         why) < 0)
        return -1;
    job->touched = true;
    hold_copy(job->xlc, &job->rollback);
    if (call_set_context(job->xlc, job->domain.domid, job->attempt,
                         (uint32_t)job->attempt_size) < 0)
        return msg_raise(why, MSG_LIVE_SET_FAILED,
                         &(struct msg_at){ .found = TEXT(ERROR_TEXT(errno)) },
                         "the hypervisor refused the context");
    if (restore_read_back(job, &job->plan, MSG_LIVE_READ_BACK, why) < 0)
        return -1;
    if (restore_give_upcalls(job, why) < 0)
        return -1;
    hold_copy(job->xlc, NULL);
    return 0;
}

/* Everything between pause and unpause. */
static int work(struct restore *job, domctx_report *report)
{
    domctx_report *why;
    int rc = capture_fetch(job->xlc, &job->domain, &job->capture, report);

    if (rc == 0)
        rc = restore_ask_callback(job, report);
    if (rc != 0)
        return rc;
    rc = judge(job, report);
    if (rc < 0 || job->plan.n_load == 0)
        return rc;
    why = domctx_report_new();
    if (!why)
        return msg_no_memory(report, 0);
    rc = load(job, why);
    if (rc < 0 && job->touched)
        restore_put_back(job, why);
    /* Of a domain that has gone, nothing else is true. */
    if (rc == 0 || !restore_is_gone(job, report))
        domctx_report_forward(report, why, NULL, NULL);
    domctx_report_free(why);
    return rc;
}

static int in_window(struct restore *job,
                     struct xlcontext_restored *restored,
                     domctx_report *report)
{
    struct window window;
    bool leave_paused = job->flags & XLCONTEXT_RESTORE_LEAVE_PAUSED;
    bool keep;
    int rc;

    if (window_open(job->xlc, &window, &job->domain, report) < 0)
        return -1;
    rc = work(job, report);
    /* A guest that is neither the old nor the new one must not run: the holder
     * of another pause may end it at any time. */
    keep = job->lost || (rc == 0 && leave_paused && !window.was_paused);
    if (window_close(job->xlc, &window, keep, report) < 0) {
        rc = -1;
        keep = true;
    }
    if (rc == 0 && leave_paused)
        keep = pause_stands(job->xlc, &job->domain, report) && keep;
    if (rc == 0 && job->domain.gone)
        rc = msg_raise(report, MSG_LIVE_NO_DOMAIN, NULL,
                       "domain %u was destroyed in the pause in which the "
                       "context was loaded", job->domain.domid);
    restored->paused_ns = window.length_ns;
    restored->left_paused = keep;
    return rc;
}

/* ------------------------------------------------------------------ */
/* The whole                                                            */
/* ------------------------------------------------------------------ */

static int restore_live(struct restore *job,
                        struct xlcontext_restored *restored,
                        domctx_report *report)
{
    struct console console;
    int rc = 1;

    console_mark(job->xlc, &console);
    for (int i = 0; rc == 1 && i < CAPTURE_GROWTHS; i++) {
        if (i > 0 && prepare(job, report) < 0)
            return -1;
        rc = in_window(job, restored, report);
    }
    if (rc == 1)
        return capture_outgrown(job->domain.domid, report);
    if (rc < 0 && job->touched)
        restored->log = console_since(job->xlc, &console,
                                      job->domain.domid);
    if (job->lost)
        restore_keep_copy(job, restored, report);
    return rc;
}

static void count(const struct restore *job,
                  struct xlcontext_restored *restored)
{
    for (size_t i = 0; i < job->plan.count; i++) {
        const struct plan_record *record = &job->plan.records[i];

        if (record->typecode == DOMCTX_HVM_HEADER)
            continue;
        if (record->load)
            restored->loaded++;
        else if (record->image)
            restored->kept++;
    }
}

/* Once, before the guest is touched, with the context that is there. */
static int adapt(struct restore *job, domctx_report *report)
{
    domctx_report *judged = domctx_report_new();
    int rc;

    if (!judged)
        return msg_no_memory(report, 0);
    rc = restore_convert(job, judged);
    if (settle(job, judged, rc < 0, report) < 0)
        rc = -1;
    domctx_report_free(judged);
    return rc;
}

/* Judge while the guest runs, to refuse before touching it.  The window judges
 * again, on the context that it fetches. */
static int preflight(struct restore *job, domctx_report *report)
{
    domctx_report *quiet = domctx_report_new();
    bool dry_run = job->flags & XLCONTEXT_RESTORE_DRY_RUN;
    int rc;

    if (!quiet)
        return msg_no_memory(report, 0);
    rc = prepare(job, report);
    for (int i = 0; rc == 0 && i < CAPTURE_GROWTHS; i++) {
        rc = capture_fetch(job->xlc, &job->domain, &job->capture, report);
        if (rc != 1)
            break;
        rc = prepare(job, report);
    }
    if (rc == 1)
        rc = capture_outgrown(job->domain.domid, report);
    if (rc == 0)
        rc = adapt(job, report);
    if (rc == 0)
        rc = judge(job, quiet);
    /* The window reports the same again, unless there is none. */
    if (rc < 0 || dry_run)
        domctx_report_forward(report, quiet, NULL, NULL);
    domctx_report_free(quiet);
    return rc;
}

/* What has nothing to do with the load comes before it: a call that does not
 * come back must not stand between a guest that has its context, and goes on,
 * and the end.  beside: told when the guest has it. */
static int judge_and_load(struct restore *job,
                          struct xlcontext_restored *restored,
                          domctx_report *beside, domctx_report *report)
{
    int rc = preflight(job, report);

    if (rc < 0)
        return rc;
    restore_compare_beside(job, beside);
    if (!(job->flags & XLCONTEXT_RESTORE_DRY_RUN))
        rc = restore_live(job, restored, report);
    if (rc < 0)
        return rc;
    count(job, restored);
    restore_compare_others(job, report);
    domctx_report_forward(report, beside, NULL, NULL);
    return 0;
}

static int run(struct restore *job, const void *image, size_t size,
               struct xlcontext_restored *restored, domctx_report *report)
{
    domctx_report *beside;
    int rc;

    if (domain_look(job->xlc, job->domain.domid, &job->domain, report) < 0)
        return -1;
    rc = read_image(job, image, size, report);
    if (rc == 0)
        rc = restore_facts(job, report);
    if (rc < 0)
        return rc;
    beside = domctx_report_new();
    if (!beside)
        return msg_no_memory(report, 0);
    rc = judge_and_load(job, restored, beside, report);
    domctx_report_free(beside);
    return rc;
}

int xlcontext_restore(xlcontext *xlc, uint32_t domid, const void *image,
                      size_t size, unsigned int flags,
                      struct xlcontext_restored *restored,
                      domctx_report *report)
{
    struct restore job = { .xlc = xlc, .flags = flags,
                           .domain = { .domid = domid } };
    int rc;

    job.rollback = (struct rollback){ .origin = &job.origin,
                                      .domain = &job.domain,
                                      .capture = &job.capture };
    *restored = (struct xlcontext_restored){ 0 };
    rc = run(&job, image, size, restored, report);
    hold_copy(xlc, NULL);
    if (restored->rollback == job.capture.context)
        job.capture.context = NULL;   /* the caller's */
    plan_free(&job.plan);
    domctx_hvm_free(job.present);
    domctx_hvm_free(job.wanted);
    domctx_hvm_free(job.attempted);
    domctx_image_free(job.image);
    capture_release(xlc, &job.capture);
    free(job.blob);
    free(job.attempt);
    free(job.scratch);
    return rc;
}
