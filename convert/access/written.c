/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judge a blob before it is written for a release. */
#include <stdlib.h>
#include <string.h>

#include "access/shed.h"
#include "compat/compat.h"
#include "format/content.h"

/* Report only what the target would refuse: check prints all findings. */
struct told {
    bool let_pass, refuses;
};

static bool refuses(struct domctx_finding *finding, void *arg)
{
    static const char beside[] = "guest-"; /* prefix of ids that are not about
                                            * the context */
    struct told *told = arg;

    if (finding->severity < DOMCTX_ERROR ||
        strncmp(finding->id, beside, sizeof(beside) - 1) == 0)
        return false;
    if (told->let_pass && finding->outcome < DOMCTX_CRASHES_DOMAIN)
        finding->severity = DOMCTX_WARNING;
    else
        told->refuses = true;
    return true;
}

int domctx_written_tell(domctx_report *judged, bool let_pass,
                        domctx_report *report)
{
    struct told told = { .let_pass = let_pass };

    /* call the filter for each finding, even without a report */
    domctx_report_forward(judged, judged, refuses, &told);
    domctx_report_forward(report, judged, NULL, NULL);
    return told.refuses ? -1 : 0;
}

int domctx_written_judge(const domctx_hvm *hvm,
                         const struct domctx_release *release,
                         const struct domctx_host *host, bool let_pass,
                         domctx_report *report)
{
    domctx_report *judged = domctx_report_new();
    domctx_context *context = NULL;
    int result = 0;

    if (!judged)
        return msg_no_memory(report, 0);
    if (domctx_context_of_hvm(hvm, true, release->xen_major,
                              release->xen_minor, &context, report) < 0 ||
        domctx_check(context, release, host, NULL, NULL, judged) < 0)
        result = -1;
    if (domctx_written_tell(judged, let_pass, report) < 0)
        result = -1;
    domctx_context_free(context);
    domctx_report_free(judged);
    return result;
}

/* Faults in the records were in the input already and were reported then:
 * repeat only those that stop the load. */
static bool stays_wrong(struct domctx_finding *finding, void *arg)
{
    struct told *told = arg;

    if (finding->severity < DOMCTX_ERROR ||
        (told->let_pass && finding->outcome < DOMCTX_CRASHES_DOMAIN))
        return false;
    told->refuses = true;
    return true;
}

static int judge_content(const domctx_hvm *hvm, bool let_pass,
                         domctx_report *report)
{
    struct told told = { .let_pass = let_pass };
    domctx_report *judged = domctx_report_new();

    if (!judged)
        return msg_no_memory(report, 0);
    content_check_blob(hvm, NULL, judged);
    domctx_report_forward(report, judged, stays_wrong, &told);
    domctx_report_free(judged);
    return told.refuses ? -1 : 0;
}

/* Drop the offset: the finding is not in the input. */
static bool nowhere(struct domctx_finding *finding, void *arg)
{
    (void)arg;
    finding->offset = DOMCTX_NO_OFFSET;
    return true;
}

/* Judge what was made of the input. */
static int judge_made(const domctx_hvm *hvm,
                      const struct domctx_release *target,
                      const struct domctx_host *host, bool let_pass,
                      domctx_report *report)
{
    domctx_report *found = domctx_report_new();
    int result;

    if (!found)
        return msg_no_memory(report, 0);
    result = judge_content(hvm, let_pass, found);
    if (result == 0)
        result = domctx_written_judge(hvm, target, host, let_pass, found);
    domctx_report_forward(report, found, nowhere, NULL);
    domctx_report_free(found);
    return result;
}

int domctx_convert_judged(const domctx_context *context,
                          const struct domctx_release *target,
                          const struct domctx_host *host, unsigned int flags,
                          uint8_t **blob, size_t *size, domctx_hvm **hvm,
                          domctx_report *report)
{
    bool let_pass = flags & DOMCTX_LET_REFUSED;
    bool allow_loss = flags & DOMCTX_ALLOW_LOSS;
    int result;

    *hvm = NULL;
    *blob = NULL;
    *size = 0;
    if (msg_flags(report, flags, DOMCTX_ALLOW_LOSS | DOMCTX_LET_REFUSED) < 0)
        return -1;
    result = compat_convert(context, target, flags & DOMCTX_ALLOW_LOSS, blob,
                            size, hvm, report);
    if (result == 0 && host && (allow_loss || !let_pass))
        result = shed_bits(*hvm, *blob, target, host, allow_loss, report);
    if (result == 0)
        result = judge_made(*hvm, target, host, let_pass, report);
    if (result == 0)
        return 0;
    domctx_hvm_free(*hvm);
    *hvm = NULL;
    free(*blob);
    *blob = NULL;
    return -1;
}
