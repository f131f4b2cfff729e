/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compare the records beside the context with the domain, which may be the
 * same guest with other channels.  They are never written. */
#include "restore.h"

#include <stdlib.h>
#include <string.h>

/* Why each stays, after what Xen lets a toolstack do. */
static const struct kind {
    uint32_t type;
    unsigned int with;
    const char *record, *what, *why;
} kinds[] = {
    { DOMCTX_EVTCHN, XLCONTEXT_SAVE_EVTCHN, "EVTCHN", "event channels",
      "a guest binds its ports itself" },
    { DOMCTX_GRANT_TABLE, XLCONTEXT_SAVE_GRANTS, "GRANT_TABLE", "grants",
      "a peer keeps what it has mapped" },
    { DOMCTX_HVM_PARAMS, XLCONTEXT_SAVE_PARAMS, "HVM_PARAMS",
      "HVM parameters", "they belong to the domain as it was built" },
    { DOMCTX_VCPU_STATE, XLCONTEXT_SAVE_VCPUS, "VCPU_STATE",
      "states of vCPUs", "they are the scheduler's" },
    { DOMCTX_CPUID_POLICY, XLCONTEXT_SAVE_POLICY, "CPUID_POLICY",
      "CPUID leaves", "Xen changes none once a domain is built" },
    { DOMCTX_MSR_POLICY, XLCONTEXT_SAVE_POLICY, "MSR_POLICY",
      "MSRs of the policy", "Xen changes none once a domain is built" },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* -- the records of one type, as a context of their own --------------- */

/* As long as Xen's releases have made it; a longer one is compared whole. */
#define STATE_SIZE 24u

/* The same vCPU in the same life has these or not, by whether it was looked at
 * before a pause or in it, and whether a save asked the guest's memory. */
#define STATE_MOVES (DOMCTX_VCPU_RUNNING | DOMCTX_VCPU_WAITING | \
                     DOMCTX_VCPU_UPCALL_KNOWN | DOMCTX_VCPU_UPCALL_PENDING)

static int copy_state(domctx_builder *builder, const domctx_image *image,
                      const struct domctx_record *record,
                      domctx_report *report)
{
    struct domctx_vcpu_state state = {
        .flags = domctx_image_u32(image, record->body) & ~STATE_MOVES
    };

    return domctx_builder_vcpu_state(builder, record->instance, &state,
                                     report);
}

static int copy_record(domctx_builder *builder, const domctx_image *image,
                       const struct domctx_record *record,
                       domctx_report *report)
{
    return record->type == DOMCTX_VCPU_STATE && record->length == STATE_SIZE
               ? copy_state(builder, image, record, report)
               : domctx_builder_copy(builder, image, record, report);
}

static int copy_kind(domctx_builder *builder, const domctx_image *image,
                     uint32_t type, domctx_report *report)
{
    for (size_t i = 0; i < domctx_image_count(image); i++) {
        const struct domctx_record *record = domctx_image_get(image, i);

        if (record->type == type &&
            copy_record(builder, image, record, report) < 0)
            return -1;
    }
    return 0;
}

/* One side of a comparison. */
struct side {
    uint8_t *buf;
    domctx_image *image;
    domctx_context *context;
};

static int side_make(struct side *side, const domctx_image *image,
                     uint32_t type, domctx_report *report)
{
    uint32_t xen_major, xen_minor;
    domctx_builder *builder;
    size_t size;
    int rc = -1;

    domctx_image_version(image, &xen_major, &xen_minor);
    builder = domctx_builder_image(xen_major, xen_minor);
    if (copy_kind(builder, image, type, report) == 0 &&
        domctx_builder_take(builder, NULL, false, &side->buf, &size,
                            report) == 0 &&
        domctx_image_parse(side->buf, size, &side->image, report) == 0)
        rc = domctx_context_of_image(side->image, &side->context, report);
    domctx_builder_free(builder);
    return rc;
}

static void side_free(struct side *side)
{
    domctx_context_free(side->context);
    domctx_image_free(side->image);
    free(side->buf);
}

/* -- the comparison --------------------------------------------------- */

/* The first difference: its line begins with the record, unlike those
 * above. */
struct first {
    const char *record;
    char text[120];
    size_t size;
    bool whole;
};

static void end_line(struct first *first)
{
    if (strncmp(first->text, first->record, strlen(first->record)) == 0) {
        first->whole = true;
        return;
    }
    memset(first->text, 0, sizeof(first->text));
    first->size = 0;
}

static int keep_first(void *arg, const char *text, size_t size)
{
    struct first *first = arg;

    for (size_t i = 0; i < size && !first->whole; i++) {
        if (text[i] == '\n')
            end_line(first);
        else if (first->size < sizeof(first->text) - 1)
            first->text[first->size++] = text[i];
    }
    return 0;
}

static void tell(const struct kind *kind, uint64_t differences,
                 const char *first, domctx_report *report)
{
    struct msg_at at = { .record = kind->record };

    if (differences == 0)
        msg_raise(report, MSG_LIVE_NOT_WRITTEN, &at,
                  "%s are not written, for %s; those of the domain are as "
                  "they were", kind->what, kind->why);
    else
        msg_raise(report, MSG_LIVE_NOT_WRITTEN, &at,
                  "%s are not written, for %s; those of the domain have "
                  "changed: %llu difference%s, the first: %s", kind->what,
                  kind->why, (unsigned long long)differences,
                  differences == 1 ? "" : "s", first);
}

static void compare(const struct kind *kind, const domctx_image *saved,
                    const domctx_image *now, domctx_report *report)
{
    struct domctx_diff_options options = { .ignore = "moving",
                                           .lines = true };
    struct side sides[2] = { { .buf = NULL }, { .buf = NULL } };
    struct first first = { .record = kind->record };
    uint64_t differences;

    if (side_make(&sides[0], saved, kind->type, report) == 0 &&
        side_make(&sides[1], now, kind->type, report) == 0 &&
        domctx_diff(sides[0].context, sides[1].context, &options,
                    keep_first, &first, &differences, report) == 0)
        tell(kind, differences, first.text, report);
    side_free(&sides[0]);
    side_free(&sides[1]);
}

/* -- what the domain has now ------------------------------------------ */

static bool has(const domctx_image *image, uint32_t type)
{
    for (size_t i = 0; i < domctx_image_count(image); i++)
        if (domctx_image_get(image, i)->type == type)
            return true;
    return false;
}

static unsigned int parts_of(const domctx_image *image)
{
    unsigned int with = 0;

    for (size_t k = 0; k < N_KINDS; k++)
        if (has(image, kinds[k].type))
            with |= kinds[k].with;
    return with;
}

/* Taken without a pause: it is to be told of, not to be used. */
static int take(struct restore *job, unsigned int with,
                struct beside *beside, domctx_report *report)
{
    int rc = 1;

    for (int i = 0; rc == 1 && i < CAPTURE_GROWTHS; i++) {
        if (i > 0)
            beside_release(job->xlc, beside);
        if (beside_prepare(job->xlc, &job->domain, with, beside, report) < 0)
            return -1;
        rc = beside_before(job->xlc, &job->domain, job->capture.mapped,
                           beside);
        if (rc == 0)
            rc = beside_after(job->xlc, &job->domain, beside);
    }
    /* The same flags as a save has. */
    beside->paused = true;
    return rc;
}

static domctx_image *image_of(const struct restore *job,
                              const struct beside *beside, uint8_t **buf,
                              domctx_report *report)
{
    bool is_32bit = capture_is_32bit(&job->capture, job->present,
                                     job->facts.present_version);
    domctx_builder *builder =
        domctx_builder_image(job->facts.present_version >> 8,
                             job->facts.present_version & 0xff);
    domctx_image *image = NULL;
    size_t size;

    if (beside_add(beside, is_32bit, builder, report) == 0 &&
        domctx_builder_take(builder, NULL, false, buf, &size, report) == 0)
        domctx_image_parse(*buf, size, &image, report);
    domctx_builder_free(builder);
    return image;
}

void restore_compare_beside(struct restore *job, domctx_report *report)
{
    unsigned int with = parts_of(job->image);
    struct beside beside = { .n_vcpus = 0 };
    domctx_image *now = NULL;
    uint8_t *buf = NULL;

    if (with == 0)
        return;
    if (take(job, with, &beside, report) == 0)
        now = image_of(job, &beside, &buf, report);
    for (size_t i = 0; i < N_KINDS; i++) {
        if (!has(job->image, kinds[i].type))
            continue;
        if (now && has(now, kinds[i].type))
            compare(&kinds[i], job->image, now, report);
        else
            msg_raise(report, MSG_LIVE_UNTOLD, NULL,
                      "%s are not written, for %s; those of the domain are "
                      "not told", kinds[i].what, kinds[i].why);
    }
    domctx_image_free(now);
    free(buf);
    beside_release(job->xlc, &beside);
}
