/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A save file that does not come back on a release, as one that does: judged,
 * mended where a conversion mends it, written, and judged again.
 */
#include <string.h>

#include "cure.h"
#include "elsewhere.h"
#include "fix.h"
#include "raise.h"

/* -- judging -------------------------------------------------------------- */

/* Which Xen saved what is in the save file. */
static int saver_of(struct input *input, struct domctx_release *saver,
                    domctx_report *report)
{
    saver->point = DOMCTX_POINT_ANY;
    if (input_version(input, &saver->xen_major, &saver->xen_minor))
        return 0;
    return input_infer(input, &saver->xen_major, &saver->xen_minor, report);
}

/* The context for the target, which is to load it on each of its point
 * releases; without one for those that can have saved it. */
static int judge_context(const struct fix *fix, const struct input *input,
                         const domctx_context *context,
                         const struct domctx_releases *savers,
                         const struct domctx_release *saver,
                         const domctx_report *parsed, domctx_report *judged)
{
    struct domctx_host host = fix->target.known;
    struct domctx_domain room;
    struct domctx_release_range range;
    struct domctx_verdict verdict;

    host.domain = target_domain(&fix->target, input->source, &room);
    if (fix->target.wanted)
        return domctx_check(context, &fix->target.release, &host, parsed,
                            NULL, judged);
    if (domctx_releases_range(savers, 0, &range))
        return domctx_check_savers(context, savers, &host, parsed, &verdict,
                                   judged);
    return domctx_check(context, saver, &host, parsed, NULL, judged);
}

/* What no plain restore takes becomes a plain stream, if it can be. */
static int plan_plain(struct fix *fix)
{
    const domctx_source *source = fix->old.found.source;
    const struct domctx_finding *finding;

    fix->session->in_vain[IN_VAIN_RECEIVE] =
        cure_no_receiver(domctx_source_info(source));
    /* readers of a legacy stream take one with checkpoints as it is */
    if (cure_is_stream_legacy(source))
        return 0;
    for (size_t i = 0; (finding = domctx_report_get(fix->parsed, i)); i++) {
        if (!cure_is_plain(finding))
            continue;
        fix->plain = true;
        if (domctx_source_plain(source, NULL, NULL, 0, NULL,
                                fix->report) < 0)
            return cmd_raise(fix->report, MSG_FIX_NEVER, NULL, "%s",
                             finding->text);
        if (fix->anew)
            return fix_command(fix, MSG_FIX_NEVER, false, fix->allow_loss,
                               "it has to be made plain first", "");
    }
    return 0;
}

/* Whether the target restores a walked save file; without one, whether the
 * Xen that saved it does: the findings of "check". */
static int judge(const struct fix *fix, struct input *input,
                 const domctx_report *parsed, domctx_report *judged)
{
    struct domctx_releases savers;
    struct domctx_release saver;
    domctx_context *context;
    int result;

    if (input_savers(input, &saver, &savers, judged) < 0 ||
        input_view(input, true, saver.xen_major, saver.xen_minor, &context,
                   judged) < 0)
        return -1;
    result = judge_context(fix, input, context, &savers, &saver, parsed,
                           judged);
    domctx_context_free(context);
    if (result == 0)
        domctx_source_judge(input->source,
                            fix->target.wanted ? &fix->target.release : NULL,
                            false, judged);
    return result;
}

/* -- the old one ---------------------------------------------------------- */

static int read_old(struct fix *fix, struct file_out *out)
{
    struct save_file *old = &fix->old;

    struct file_out nameless = { .dirfd = -1 };

    /* what is written anew is not where it was in the old one */
    if (save_file_open(old, fix->from, out && fix->anew ? &nameless : out,
                       fix->report) < 0)
        return -1;
    if (save_file_walk(old, DOMCTX_WALK_PAGES | DOMCTX_WALK_NO_END,
                       fix->parsed) < 0 ||
        domctx_source_hvm(old->found.source, &old->found.hvm,
                          fix->parsed) < 0 ||
        saver_of(&old->found, &fix->saver, fix->parsed) < 0) {
        domctx_report_forward(fix->report, fix->parsed, cmd_is_error, NULL);
        return -1;
    }
    return 0;
}

/* The errors, of which notes are told here. */
static bool as_note(struct domctx_finding *finding, void *arg)
{
    if (!cmd_is_error(finding, arg))
        return false;
    finding->severity = DOMCTX_NOTE;
    return true;
}

/* Why it does not come back as it is. */
static void tell_reasons(struct fix *fix)
{
    if (domctx_report_worst(fix->judged) < DOMCTX_ERROR)
        return; /* it is written anew for another reason */
    cmd_raise(fix->report, MSG_FIX_WHY, NULL,
              "Xen %s does not restore it as it is:", fix->release);
    domctx_report_forward(fix->report, fix->judged, as_note, NULL);
    session_tell(fix->session, input_name(fix->from));
}

/* -- the new one ---------------------------------------------------------- */

static bool is_beside(struct domctx_finding *finding, void *arg)
{
    (void)arg;
    return cure_is_beside(finding);
}

/* fix: what becomes plain is no longer what it was. */
static bool is_warning(struct domctx_finding *finding, void *arg)
{
    const struct fix *fix = arg;

    return cmd_is_warning(finding, NULL) &&
           !(fix->plain && cure_is_plain(finding));
}

static bool is_warning_beside(struct domctx_finding *finding, void *arg)
{
    return is_warning(finding, arg) && cure_is_container(finding);
}

/* What "check" warns of in the new file, too. */
static void tell_warnings(struct fix *fix)
{
    if (!fix->changed)
        domctx_report_forward(fix->warnings, fix->judged, is_warning, fix);
    else if (!fix->anew)
        domctx_report_forward(fix->warnings, fix->parsed, is_warning_beside,
                              fix);
    domctx_report_forward(fix->report, fix->warnings, NULL, NULL);
}

/* What stands beside the context: no conversion of it mends that. */
static int judge_rest(struct fix *fix)
{
    domctx_report *rest = domctx_report_new();
    enum domctx_severity worst;

    if (!rest)
        return cmd_no_memory(fix->report, 0);
    domctx_report_forward(rest, fix->parsed, is_beside, NULL);
    domctx_source_judge(fix->old.found.source,
                        fix->target.wanted ? &fix->target.release : NULL,
                        true, rest);
    worst = domctx_report_worst(rest);
    fix->can_be_anew = fix->target.wanted &&
                       cure_is_anew(fix->old.found.source,
                                    &fix->target.release, rest);
    domctx_report_forward(fix->report, rest, cmd_is_error, NULL);
    domctx_report_free(rest);
    return worst >= DOMCTX_ERROR ? -1 : 0;
}

/* Whether it can be written anew for that release. */
static int judge_anew(struct fix *fix)
{
    return domctx_source_rewrite(fix->old.found.source, NULL, NULL, 0,
                                 &fix->target.release, NULL, fix->report);
}

/* Whether it stays as it is for those of the target's point releases that take
 * it so, since nothing brings it to the others. */
static bool loads_partly(struct fix *fix)
{
    if (fix->anew || !fix->target.wanted ||
        !elsewhere_partly(&fix->old.found, &fix->target.release, fix->parsed,
                          fix->partly))
        return false;
    fix->changed = false;
    save_file_keep(&fix->old);
    return true;
}

/* What was judged and is not reported yet: only another host mends it. */
static bool is_elsewhere(struct domctx_finding *finding, void *arg)
{
    const struct domctx_finding *other;

    for (size_t i = 0; (other = domctx_report_get(arg, i)); i++)
        if (strcmp(other->id, finding->id) == 0)
            return false;
    return cure_is_elsewhere(finding);
}

static int make(struct fix *fix, struct target *target, bool allow_loss,
                domctx_report *report)
{
    return target_make(target, &fix->old.found, &fix->saver, allow_loss,
                       report);
}

/* Whether nothing but what would be lost stands in the way. */
static bool can_be_lossy(struct fix *fix)
{
    struct target target = fix->target;
    bool can;

    target.blob = NULL;
    target.hvm = NULL;
    target.host = NULL;
    target.warnings = NULL;
    can = make(fix, &target, true, NULL) == 0;
    target_free(&target);
    return can;
}

/* What cannot be mended for this target may come back elsewhere. */
static void tell_elsewhere(struct fix *fix)
{
    char where[ELSEWHERE_ROOM];

    if (!elsewhere(&fix->old.found, NULL, fix->parsed, where))
        return;
    if (elsewhere_is_nowhere(where))
        fix->session->in_vain[IN_VAIN_ALL] = "--target=all";
    cmd_raise(fix->report, MSG_FIX_ELSEWHERE, NULL,
              "it comes back as it is %s", where);
}

/* What the conversion has not come to, and does not mend. */
static void tell_others(struct fix *fix)
{
    domctx_report *others = domctx_report_new();

    if (!others)
        return;
    domctx_report_forward(others, fix->judged, is_elsewhere, fix->report);
    domctx_report_forward(fix->report, others, NULL, NULL);
    domctx_report_free(others);
}

/* Nothing is written: another call that would, or another release; made: the
 * context could be, rest: so can what stands beside it. */
static void tell_ways(struct fix *fix, bool rest, bool made)
{
    bool lossy = fix->allow_loss || (!made && can_be_lossy(fix));

    if (!rest && fix->can_be_anew && (made || (lossy && !fix->allow_loss))) {
        fix_command(fix, MSG_FIX_ANEW, true, lossy,
                     "it can be written anew, with the guest's memory", "");
        return;
    }
    if (rest && lossy && !fix->allow_loss)
        fix_command(fix, MSG_FIX_LOSS, fix->anew, true,
                     "nothing else stands in the way", " leaves that out");
    else
        tell_others(fix);
    tell_elsewhere(fix);
}

/* The context and the policies for the target, in the place of the old
 * ones. */
static int mend(struct fix *fix)
{
    struct target *target = &fix->target;
    domctx_report *done = domctx_report_new();
    int rest, result;

    if (!done)
        return cmd_no_memory(fix->report, 0);
    rest = fix->anew ? judge_anew(fix) : judge_rest(fix);
    result = make(fix, target, fix->allow_loss, done);
    if (rest == 0 && result < 0 && loads_partly(fix)) {
        domctx_report_free(done);
        return 0;
    }
    if (rest == 0 && result == 0)
        tell_reasons(fix);
    domctx_report_forward(fix->report, done,
                          rest < 0 || result < 0 ? cmd_is_error : NULL, NULL);
    domctx_report_free(done);
    if (rest == 0 && result == 0)
        return save_file_splice(&fix->old, target->blob, target->size,
                                &target->release, fix->report);
    tell_ways(fix, rest == 0, result == 0);
    return -1;
}

/* For whom it is to be, once it is known who saved it. */
static void choose_release(struct fix *fix)
{
    struct target *target = &fix->target;

    if (!target->wanted) {
        target->release = fix->saver;
        domctx_release_narrow(&target->release, fix->old.found.hvm);
        fix->session->target = &target->release;
    }
    domctx_release_text(target->wanted ? &target->release : &fix->saver,
                        fix->release);
}

static int prepare(struct fix *fix, struct file_out *out)
{
    if (read_old(fix, out) < 0 || plan_plain(fix) < 0)
        return -1;
    choose_release(fix);
    if (!cure_can_be_anew(fix->old.found.source, &fix->target.release))
        fix->session->in_vain[IN_VAIN_ANEW] = "--container=xl";
    if (judge(fix, &fix->old.found, fix->parsed, fix->judged) < 0)
        return -1;
    /* what is a save file of today's xl already stays in its container */
    fix->anew = fix->anew && cure_is_legacy(fix->old.found.source);
    fix->target.no_config = fix->anew && !fix_has_config(fix);
    fix->target.vcpus = cure_vcpus(&fix->old.found, fix->judged);
    fix->changed = fix->anew ||
                   domctx_report_worst(fix->judged) >= DOMCTX_ERROR;
    if (!fix->changed) {
        save_file_keep(&fix->old);
        return 0;
    }
    return mend(fix);
}

/* What was written, read and judged like any other. */
static int judge_new(struct fix *fix, const struct file_out *out)
{
    struct save_file new = { .has_file = false };
    domctx_report *parsed = domctx_report_new();
    domctx_report *judged = domctx_report_new();
    int result = -1;

    if (!parsed || !judged) {
        cmd_no_memory(fix->report, 0);
    } else if (file_read_back(&new.file, out, fix->report) == 0) {
        new.has_file = true;
        result = save_file_walk(&new, DOMCTX_WALK_PAGES, parsed);
        if (result == 0)
            result = domctx_source_hvm(new.found.source, &new.found.hvm,
                                       parsed);
        if (result == 0)
            result = judge(fix, &new.found, parsed, judged);
        else
            domctx_report_forward(judged, parsed, NULL, NULL);
        if (domctx_report_worst(judged) >= DOMCTX_ERROR)
            result = -1;
        domctx_report_forward(fix->report, judged, cmd_is_error, NULL);
    }
    save_file_close(&new);
    domctx_report_free(parsed);
    domctx_report_free(judged);
    return result;
}

static int write_new(struct fix *fix, struct file_out *out)
{
    int result = fix->plain
                     ? save_file_plain(&fix->old, out, fix->report)
                 : fix->anew
                     ? save_file_rewrite(&fix->old, fix->target.blob,
                                         fix->target.size,
                                         &fix->target.release, out,
                                         fix->report)
                     : save_file_write(&fix->old, out, output_name(fix->to),
                                       fix->report);

    if (result < 0)
        return -1;
    /* what went into a pipe was judged before, piece by piece */
    if (out->replaces && !*fix->partly && judge_new(fix, out) < 0)
        return -1;
    return file_commit(out, fix->report);
}

/* Judge, write and tell; whether there is a new one, or would be. */
static bool run(struct fix *fix)
{
    struct session *session = fix->session;
    struct file_out out = { .fd = -1, .dirfd = -1 };
    bool dry = session->dry_run;
    int result;

    if ((dry ? file_check(fix->to, fix->report)
             : file_create(&out, fix->to, fix->report)) < 0) {
        session_tell(session, output_name(fix->to));
        return false;
    }
    result = prepare(fix, dry ? NULL : &out);
    if (result == 0)
        tell_warnings(fix);
    session_tell(session, input_name(fix->from));
    if (result == 0 && !dry)
        result = write_new(fix, &out);
    file_discard(&out);
    if (result == 0)
        fix_say(fix);
    session_tell(session, output_name(fix->to));
    if (result != 0)
        session_refer(session);
    /* what counts is the new one, whatever was reported of the old one */
    if (result == 0)
        session->worst = *fix->partly ? DOMCTX_WARNING
                                      : domctx_report_worst(fix->warnings);
    return result == 0;
}

bool fix_file(const struct fix *asked, const char *from, const char *to)
{
    struct session *session = asked->session;
    struct fix fix = *asked;
    bool done = false;

    fix.from = from;
    fix.to = to;
    fix.parsed = domctx_report_new();
    fix.judged = domctx_report_new();
    fix.warnings = fix.target.warnings = domctx_report_new();
    memset(session->in_vain, 0, sizeof(session->in_vain));
    memset(session->refers, 0, sizeof(session->refers));
    session->target = fix.target.wanted ? &fix.target.release : NULL;
    if (fix.parsed && fix.judged && fix.warnings) {
        done = run(&fix);
    } else {
        cmd_no_memory(session->report, 0);
        session_tell(session, NULL);
    }
    session->target = NULL;
    save_file_close(&fix.old);
    target_free_made(&fix.target);
    domctx_report_free(fix.parsed);
    domctx_report_free(fix.judged);
    domctx_report_free(fix.warnings);
    return done;
}
