/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check-judge.h"

#include "check-told.h"
#include "mend.h"
#include "raise.h"

/* For the target, or for those that can have saved it. */
static int judge_view(const struct input *input,
                      const domctx_context *context,
                      const domctx_report *parsed, struct subject *subject)
{
    struct domctx_judging how = {
        .target = &subject->target, .domain = subject->live,
        .source = input->source, .parsed = parsed,
    };
    struct domctx_release_range range;

    subject->by_savers = !subject->wanted &&
                         domctx_releases_range(&subject->savers, 0, &range);
    if (subject->wanted)
        how.host = &subject->wanted->host;
    else
        how.target = NULL;
    how.savers = &subject->savers;
    return domctx_judge(context, &how, &subject->verdict, subject->report);
}

bool subject_is_partly(const struct subject *subject)
{
    struct domctx_release_range range;

    return subject->wanted &&
           subject->verdict.outcome == DOMCTX_NO_OUTCOME &&
           domctx_releases_range(&subject->verdict.refuses, 0, &range);
}

/* What this target refuses, and nothing here mends without a loss, another may
 * load. */
static void find_elsewhere(struct input *input, const domctx_report *parsed,
                           struct subject *subject)
{
    if (subject->wants_elsewhere && subject->cure.kind != CURE_FREE &&
        domctx_report_worst(subject->report) >= DOMCTX_ERROR)
        elsewhere(input, subject->live, parsed, subject->elsewhere);
}

static int judge(struct input *input, const domctx_report *parsed,
                 struct subject *subject)
{
    struct domctx_release saver;
    domctx_context *context;
    int result = input_savers(input, &subject->target, &subject->savers,
                              subject->report);

    if (result < 0)
        return -1;
    result = input_view(input, true, subject->target.xen_major,
                        subject->target.xen_minor, &context,
                        subject->report);
    if (result < 0)
        return -1;
    saver = subject->target;
    if (subject->wanted)
        subject->target = subject->wanted->release;
    result = judge_view(input, context, parsed, subject);
    subject->vcpus = context_vcpus(context);
    domctx_context_free(context);
    subject->judged = result == 0;
    subject->stays = input->source &&
                     !cure_can_be_anew(input->source, &subject->target);
    if (result == 0) {
        cure_find(&subject->cure, input, &saver, &subject->target,
                  subject->wanted, subject_is_partly(subject),
                  subject->report);
        find_elsewhere(input, parsed, subject);
    }
    return result;
}

/* What a PV guest has is not judged, but what a target makes of the container
 * is; false: it is none. */
static bool judge_pv(const struct input *input, const domctx_report *parsed,
                     struct subject *subject)
{
    if (!subject->wanted)
        return false;
    subject->target = subject->wanted->release;
    subject->contained = input_judge_pv(input, parsed, &subject->target,
                                        &subject->verdict, subject->report);
    subject->judged = subject->contained &&
                      subject->verdict.outcome != DOMCTX_NO_OUTCOME;
    return subject->contained;
}

/* A save file that has to be decompressed before a toolstack takes it; "fix"
 * does that with one that is refused. */
static void tell_packed(const struct subject *subject)
{
    if (subject->packed && subject->save && subject->judged)
        cmd_raise(subject->report, MSG_PACKED_SAVE, NULL,
                  "compressed by %s, which xl does not read",
                  subject->packed);
}

void subject_judge(struct subject *subject, struct input *input,
                   const domctx_report *parsed)
{
    if (judge_pv(input, parsed, subject))
        return;
    subject->save = input->source ? domctx_source_info(input->source) : NULL;
    subject->packed = input->packed;
    subject->packed_whole = input->packed_whole;
    judge(input, parsed, subject);
    tell_packed(subject);
}

/* Whether an edit mends an error. */
static bool is_edited(const domctx_report *report)
{
    const struct domctx_finding *finding;
    const struct domctx_message *message;

    for (size_t i = 0; (finding = domctx_report_get(report, i)); i++) {
        message = domctx_message_find(finding->id);
        if (finding->severity >= DOMCTX_ERROR && message &&
            mend_edits(mend_command(message)))
            return true;
    }
    return false;
}

void subject_judge_endless(struct subject *subject, struct input *input,
                           const domctx_report *parsed)
{
    const struct subject unjudged = *subject;
    domctx_report *cut = domctx_report_new();

    if (!cut) {
        cmd_no_memory(subject->report, 0);
        return;
    }
    subject_judge(subject, input, parsed);
    if (subject->judged && subject->cure.kind < CURE_FREE &&
        !cure_needs_other(subject->report) &&
        (is_edited(subject->report) || is_edited(subject->cure.loss))) {
        domctx_report_forward(cut, subject->report, cure_as_cut, NULL);
        domctx_report_clear(subject->report);
        domctx_report_forward(subject->report, cut, NULL, NULL);
        subject->endless = true;
        *subject->elsewhere = '\0';
    } else {
        cure_free(&subject->cure);
        domctx_report_clear(subject->report);
        *subject = unjudged;
    }
    domctx_report_free(cut);
}

enum domctx_severity subject_worst(const struct subject *subject)
{
    enum domctx_severity found = domctx_report_worst(subject->report);

    return subject->judged || found >= DOMCTX_ERROR ? found : DOMCTX_SYSTEM;
}
