/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert-target.h"

#include <stdlib.h>
#include <string.h>

#include "base/messages.h"

#include "host-target.h"

bool target_parse(struct session *session, struct target *target,
                  const char *text)
{
    target->host = host_target(session, text);
    if (!target->host)
        return false;
    target->release = target->host->release;
    target->known = target->host->host;
    domctx_release_text(&target->release, target->text);
    target->wanted = true;
    return true;
}

/* Report only what the target would refuse: check prints all findings. */
struct told {
    bool let_pass, refuses;
};

static bool refuses(struct domctx_finding *finding, void *arg)
{
    static const char beside[] = "guest-"; /* ids of what is no context */
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

int target_tell(domctx_report *judged, bool let_pass,
                domctx_report *report)
{
    struct told told = { .let_pass = let_pass };

    /* asked about each, also where nobody wants to be told */
    domctx_report_forward(judged, judged, refuses, &told);
    domctx_report_forward(report, judged, NULL, NULL);
    return told.refuses ? -1 : 0;
}

int target_judge(const domctx_hvm *hvm, const struct domctx_release *release,
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
    if (target_tell(judged, let_pass, report) < 0)
        result = -1;
    domctx_context_free(context);
    domctx_report_free(judged);
    return result;
}

/* What is wrong with the records of the result was wrong with those of the
 * input, and reported: only what may not pass is reported once more. */
static bool stays_wrong(struct domctx_finding *finding, void *arg)
{
    struct told *told = arg;

    if (finding->severity < DOMCTX_ERROR ||
        (told->let_pass && finding->outcome < DOMCTX_CRASHES_DOMAIN))
        return false;
    told->refuses = true;
    return true;
}

static int parse_result(struct target *target, bool let_pass,
                        domctx_report *report)
{
    struct told told = { .let_pass = let_pass };
    domctx_report *parsed = domctx_report_new();
    int result;

    if (!parsed)
        return msg_no_memory(report, 0);
    result = domctx_hvm_parse(target->blob, target->size, &target->hvm,
                              parsed);
    domctx_report_forward(report, parsed, result == 0 ? stays_wrong : NULL,
                          &told);
    domctx_report_free(parsed);
    return told.refuses ? -1 : result;
}

int target_convert(struct target *target, struct input *input,
                   uint32_t xen_major, uint32_t xen_minor, bool allow_loss,
                   bool let_pass, domctx_report *report)
{
    struct domctx_host host = target->known;
    domctx_context *context;
    int result;

    host.domain = target->domain;
    if (!host.domain && input->source)
        host.domain = &domctx_source_info(input->source)->domain;
    if (input_view(input, true, xen_major, xen_minor, &context, report) < 0)
        return -1;
    result = domctx_convert_release(context, &target->release,
                                    allow_loss ? DOMCTX_ALLOW_LOSS : 0,
                                    &target->blob, &target->size, report);
    domctx_context_free(context);
    if (result == 0)
        result = parse_result(target, let_pass, report);
    if (result == 0)
        result = target_judge(target->hvm, &target->release, &host, let_pass,
                              report);
    return result;
}

void target_free(struct target *target)
{
    domctx_hvm_free(target->hvm);
    free(target->blob);
    domctx_description_free(target->host);
}
