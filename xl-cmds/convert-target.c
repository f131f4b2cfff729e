/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert-target.h"

#include <stdio.h>
#include <stdlib.h>

bool target_parse(struct session *session, struct target *target,
                  const char *text)
{
    if (domctx_release_parse(text, &target->release, session->report) < 0) {
        session_tell(session, "--target");
        return false;
    }
    snprintf(target->text, sizeof(target->text), "%s", text);
    target->wanted = true;
    return true;
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
    return result;
}

void target_free(struct target *target)
{
    domctx_hvm_free(target->hvm);
    free(target->blob);
}
