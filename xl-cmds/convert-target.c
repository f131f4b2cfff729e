/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert-target.h"

#include <stdlib.h>

#include "base/messages.h"

#include "live.h"

bool target_parse(struct session *session, struct target *target,
                  const char *text)
{
    if (!live_target(session, text, &target->host))
        return false;
    target->release = target->host.release;
    domctx_release_text(&target->release, target->text);
    target->wanted = true;
    return true;
}

/* What was made is in the target's form; that the target loads what is in it
 * is another matter.  What it would refuse is told, and no more: "check" says
 * all. */
static int judge(const struct target *target, bool allow_loss,
                 domctx_report *report)
{
    domctx_report *judged = domctx_report_new();
    domctx_context *context = NULL;
    int result = 0;

    if (!judged)
        return msg_no_memory(report, 0);
    if (domctx_context_of_hvm(target->hvm, true, target->release.xen_major,
                              target->release.xen_minor, &context,
                              report) < 0 ||
        domctx_check(context, &target->release, &target->host.host, NULL,
                     NULL, judged) < 0)
        result = -1;
    for (size_t i = 0; i < domctx_report_count(judged); i++) {
        const struct domctx_finding *finding = domctx_report_get(judged, i);

        if (finding->severity < DOMCTX_ERROR)
            continue;
        msg_forward(report, finding,
                    allow_loss ? DOMCTX_WARNING : finding->severity);
        if (!allow_loss)
            result = -1;
    }
    domctx_context_free(context);
    domctx_report_free(judged);
    return result;
}

int target_convert(struct target *target, struct input *input,
                   uint32_t xen_major, uint32_t xen_minor, bool allow_loss,
                   domctx_report *report)
{
    domctx_context *context;
    int result;

    if (input_view(input, true, xen_major, xen_minor, &context, report) < 0)
        return -1;
    result = domctx_convert_release(context, &target->release,
                                    allow_loss ? DOMCTX_ALLOW_LOSS : 0,
                                    &target->blob, &target->size, report);
    domctx_context_free(context);
    if (result == 0)
        result = domctx_hvm_parse(target->blob, target->size, &target->hvm,
                                  report);
    if (result == 0)
        result = judge(target, allow_loss, report);
    return result;
}

void target_free(struct target *target)
{
    domctx_hvm_free(target->hvm);
    free(target->blob);
}
