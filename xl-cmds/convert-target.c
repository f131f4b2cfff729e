/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert-target.h"

#include <stdlib.h>

#include "host-target.h"

bool target_parse(struct session *session, const struct arguments *arguments,
                  struct target *target, const char *text)
{
    target->host = host_target(session, arguments, text);
    if (!target->host)
        return false;
    target->release = target->host->release;
    target->known = target->host->host;
    domctx_release_text(&target->release, target->text);
    target->wanted = true;
    return true;
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
    result = domctx_convert_judged(
        context, &target->release, &host,
        (allow_loss ? DOMCTX_ALLOW_LOSS : 0) |
            (let_pass ? DOMCTX_LET_REFUSED : 0),
        &target->blob, &target->size, &target->hvm, report);
    domctx_context_free(context);
    return result;
}

void target_free_made(struct target *target)
{
    domctx_hvm_free(target->hvm);
    free(target->blob);
    target->hvm = NULL;
    target->blob = NULL;
}

void target_free(struct target *target)
{
    target_free_made(target);
    domctx_description_free(target->host);
}
