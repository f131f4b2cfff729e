/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading back, and putting the former context back. */
#include "restore.h"
#include "upcall.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A rollback that failed may succeed the next time; nothing is left to lose
 * by trying. */
#define ROLLBACK_TRIES 3

/* The context as it is now, over job->scratch, or NULL. */
static domctx_hvm *fetch_now(struct restore *job, domctx_report *report)
{
    uint32_t size = job->capture.room;
    domctx_hvm *now = NULL;

    if (call_get_context(job->xlc, job->domain.domid, job->scratch,
                         &size) < 0) {
        call_failed(report, job->domain.domid, "reading back", errno);
        return NULL;
    }
    domctx_hvm_parse(job->scratch, size, &now, report);
    return now;
}

int restore_read_back(struct restore *job, const struct plan *plan,
                      enum msg_id id, domctx_report *report)
{
    domctx_hvm *now = fetch_now(job, report);
    int rc;

    if (!now)
        return -1;
    rc = plan_verify(plan, now, id, report);
    domctx_hvm_free(now);
    return rc;
}

int restore_give_upcalls(struct restore *job, domctx_report *report)
{
    unsigned int given;

    if (!job->plan.lapics || !job->facts.upcalls_kept ||
        job->facts.never_run ||
        upcall_way(job->callback) != UPCALL_PER_VCPU)
        return 0;
    return upcall_give(job->xlc, job->domain.domid, job->present, job->vector,
                       &given, report);
}

static int put_back_once(struct restore *job, domctx_report *report)
{
    domctx_hvm *now = fetch_now(job, NULL);
    struct plan plan = { 0 };
    uint8_t *blob = NULL;
    size_t size;
    int rc = plan_rollback(&plan, job->attempted, job->present, now,
                           &job->facts, report);

    domctx_hvm_free(now);
    if (rc == 0)
        rc = plan_blob(&plan, job->present, &blob, &size, report);
    if (rc == 0 && call_set_context(job->xlc, job->domain.domid, blob,
                                    (uint32_t)size) < 0)
        rc = msg_raise(report, MSG_LIVE_ROLLBACK_FAILED,
                       &(struct msg_at){ .found = TEXT(ERROR_TEXT(errno)) },
                       "the hypervisor refused the former context");
    if (rc == 0)
        rc = restore_read_back(job, &plan, MSG_LIVE_ROLLBACK_FAILED, report);
    free(blob);
    plan_free(&plan);
    return rc;
}

static int put_back(struct restore *job, domctx_report *report)
{
    int rc = -1;

    for (int i = 0; rc < 0 && i < ROLLBACK_TRIES; i++)
        rc = put_back_once(job, i + 1 < ROLLBACK_TRIES ? NULL : report);
    return rc;
}

void restore_put_back(struct restore *job, domctx_report *report)
{
    if (put_back(job, report) == 0) {
        if (restore_give_upcalls(job, report) < 0)
            msg_raise(report, MSG_LIVE_UPCALL_LOST, NULL,
                      "domain %u has its former context, and its vCPUs could "
                      "not be given their upcalls", job->domain.domid);
        hold_copy(job->xlc, NULL);
        return;
    }
    job->lost = true;
    msg_raise(report, MSG_LIVE_ROLLBACK_FAILED, NULL,
              "domain %u could not be put back, and stays paused by a pause "
              "of this command", job->domain.domid);
}

/* Whether Xen refuses the context, and goes on to: the copy of a guest that is
 * not being destroyed must not be let go. */
static bool has_no_context(struct restore *job)
{
    for (int i = 0; i < 2; i++) {
        uint32_t size = job->capture.room;

        if (call_get_context(job->xlc, job->domain.domid, job->scratch,
                             &size) == 0 || errno != EINVAL)
            return false;
    }
    return true;
}

bool restore_is_gone(struct restore *job, domctx_report *report)
{
    if (!domain_gone(job->xlc, &job->domain, has_no_context(job), report))
        return false;
    hold_copy(job->xlc, NULL);
    job->lost = false;
    return true;
}

void restore_keep_copy(struct restore *job,
                       struct xlcontext_restored *restored,
                       domctx_report *report)
{
    struct capture *capture = &job->capture;

    if (capture_image(&job->origin, &job->domain, capture, 0,
                      &restored->rollback, &restored->rollback_size,
                      report) == 0)
        return;
    /* No other copy of these bytes is left: the caller's from here on, but
     * for xlcontext_hold(), which may still ask for it. */
    restored->rollback = capture->context;
    restored->rollback_size = capture->size;
}

/* ------------------------------------------------------------------ */
/* SHARED_INFO and TSC_INFO                                             */
/* ------------------------------------------------------------------ */

/* Offset of the frequency in TSC_INFO, behind the mode. */
#define TSC_KHZ 4

static void compare_tsc(struct restore *job,
                        const struct domctx_record *record,
                        domctx_report *report)
{
    uint32_t mode = domctx_image_u32(job->image, record->body);
    uint32_t khz = domctx_image_u32(job->image, record->body + TSC_KHZ);
    const struct tsc_info *now = &job->capture.tsc;
    struct msg_at at = { .record = "TSC_INFO", .has_instance = true,
                         .field = mode != now->mode ? "mode" : "khz",
                         .expected = DEC(mode != now->mode ? now->mode
                                                           : now->khz),
                         .found = DEC(mode != now->mode ? mode : khz) };

    if (mode != now->mode || khz != now->khz)
        msg_raise(report, MSG_LIVE_NOT_WRITTEN, &at,
                  "the domain's TSC information differs and stays");
}

void restore_compare_others(struct restore *job, domctx_report *report)
{
    const struct domctx_record *tsc =
        domctx_image_find(job->image, DOMCTX_TSC_INFO, 0);
    const struct domctx_record *shared =
        domctx_image_find(job->image, DOMCTX_SHARED_INFO, 0);
    const struct capture *capture = &job->capture;
    uint64_t head;

    /* A forced restore gets here with records of any length. */
    if (tsc && capture->has_tsc &&
        tsc->length >= TSC_KHZ + sizeof(uint32_t))
        compare_tsc(job, tsc, report);
    if (!shared || !capture->has_shared_info)
        return;
    /* Both forms: the buffer after 4 bytes, or after 8. */
    head = shared->length % 8 ? 4 : 8;
    if (shared->length >= head && shared->length - head <= SHARED_INFO_PAGE &&
        memcmp(shared->body + head, capture->shared_info,
               (size_t)(shared->length - head)) != 0)
        msg_raise(report, MSG_LIVE_NOT_WRITTEN,
                  &(struct msg_at){ .record = "SHARED_INFO",
                                    .has_instance = true },
                  "the domain's shared info differs and stays");
}
