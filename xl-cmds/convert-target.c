/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert-target.h"

#include <stdlib.h>
#include <string.h>

#include "host-target.h"
#include "mend.h"
#include "raise.h"
#include "verbs.h"

/* One file is made for one target; which of all take the old one, "check"
 * tells.  The names may be in a list alone. */
static void refuse_all(struct session *session,
                       const struct arguments *arguments)
{
    char *command = mend_call(session, "check", "all",
                              arguments->n_operands ? arguments->operand[0]
                                                    : "FILE", NULL);

    usage_error(session, verb_find(session->verb),
                "one target is needed to make a file for; which releases load "
                "it tells %s", command ? command : "check --target=all");
    free(command);
}

bool target_parse(struct session *session, const struct arguments *arguments,
                  struct target *target, const char *text)
{
    if (strcmp(text, "all") == 0) {
        refuse_all(session, arguments);
        return false;
    }
    target->host = host_target(session, arguments, text);
    if (!target->host)
        return false;
    target->release = target->host->release;
    target->known = target->host->host;
    domctx_release_text(&target->release, target->text);
    target->typed = text;
    target->wanted = true;
    return true;
}

const struct domctx_domain *target_domain(const struct target *target,
                                          const domctx_source *source,
                                          struct domctx_domain *room)
{
    if (target->domain || !source)
        return target->domain;
    *room = domctx_source_info(source)->domain;
    if (target->no_config)
        room->keys = (struct domctx_keys){ .known = false };
    if (target->vcpus)
        room->keys.max_vcpus = target->vcpus;
    return room;
}

int target_convert(struct target *target, struct input *input,
                   uint32_t xen_major, uint32_t xen_minor, bool allow_loss,
                   bool let_pass, domctx_report *report)
{
    struct domctx_host host = target->known;
    struct domctx_domain room;
    domctx_context *context;
    int result;

    host.domain = target_domain(target, input->source, &room);
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

/* What is wrong with the converted context is at no offset of the file. */
static bool is_error_made(struct domctx_finding *finding, void *arg)
{
    static const char beside[] = "guest-";

    if (strncmp(finding->id, beside, sizeof(beside) - 1) != 0)
        finding->offset = DOMCTX_NO_OFFSET;
    return cmd_is_error(finding, arg);
}

/* Judge the converted context with the rest of the save file. */
static int judge_made(const struct target *target, const struct input *input,
                      domctx_report *report)
{
    const struct domctx_release *release = &target->release;
    domctx_report *judged = domctx_report_new();
    struct domctx_host host = target->known;
    domctx_context *context = NULL;
    struct domctx_domain room;
    int result = -1;

    if (!judged)
        return cmd_no_memory(report, 0);
    host.domain = target_domain(target, input->source, &room);
    if (domctx_context_of_hvm(target->hvm, true, release->xen_major,
                              release->xen_minor, &context, judged) == 0)
        result = domctx_check(context, release, &host, NULL, NULL, judged);
    if (domctx_report_worst(judged) >= DOMCTX_ERROR)
        result = -1;
    domctx_report_forward(report, judged, is_error_made, NULL);
    domctx_report_forward(target->warnings, judged, cmd_is_warning, NULL);
    domctx_context_free(context);
    domctx_report_free(judged);
    return result;
}

int target_make(struct target *target, struct input *input,
                const struct domctx_release *saver, bool allow_loss,
                domctx_report *report)
{
    unsigned int flags = allow_loss ? DOMCTX_ALLOW_LOSS : 0;
    int fit = 0;

    if (target->wanted && input->source)
        fit = domctx_source_fit(input->source, &target->release, flags,
                                report);
    if (fit < 0) /* told; what else is in the way is, too */
        domctx_source_fit(input->source, &target->release,
                          DOMCTX_ALLOW_LOSS, NULL);
    if (target_convert(target, input, saver->xen_major, saver->xen_minor,
                       allow_loss, false, report) < 0 ||
        judge_made(target, input, report) < 0)
        return -1;
    return fit;
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
