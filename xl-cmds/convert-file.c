/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "convert-file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cure.h"
#include "elsewhere.h"
#include "file.h"
#include "mend.h"
#include "raise.h"
#include "verbs.h"

/* In the order of enum domctx_output. */
const char *const convert_formats[] = { "image", "wrapped", "hvm", "json",
                                        NULL };

static enum domctx_output format_of(const struct input *in)
{
    if (in->hvm)
        return DOMCTX_TO_HVM;
    return domctx_image_form(in->image) == DOMCTX_FORM_WRAPPED
               ? DOMCTX_TO_WRAPPED
               : DOMCTX_TO_IMAGE;
}

/* What the input is called. */
static const char *input_format(const struct conversion *job)
{
    if (job->in.source)
        return "save file";
    return convert_formats[job->in.json ? DOMCTX_TO_JSON
                                        : format_of(&job->in)];
}

/* Whether the context has the format that the user names: "image" is both
 * forms of one. */
static bool is_called(const struct conversion *job, enum domctx_output name)
{
    enum domctx_output is = format_of(&job->in);

    return is == name || (name == DOMCTX_TO_IMAGE && is == DOMCTX_TO_WRAPPED);
}

/* Whether the input has the format of --from, which cannot name a save
 * file. */
static bool is_as_said(const struct conversion *job)
{
    if (!job->has_from || job->in.json)
        return !job->has_from || job->from == DOMCTX_TO_JSON;
    return !job->in.source && is_called(job, job->from);
}

/* With -v: what the inference rests on. */
static void tell_evidence(const struct conversion *job)
{
    const struct domctx_evidence *found;

    for (size_t i = 0;
         (found = domctx_inference_evidence(job->in.inference, i)); i++)
        session_verbose(job->session, "%s%s%s: saved by %s%s", found->record,
                        *found->record ? " " : "", found->seen,
                        found->releases,
                        found->followed ? "" : " (left out of account)");
}

/* Infer the Xen that saved a blob from its bytes. */
static int infer_xen(struct conversion *job)
{
    if (input_infer(&job->in, &job->xen_major, &job->xen_minor,
                    job->report) < 0)
        return -1;
    job->has_xen = true;
    tell_evidence(job);
    return cmd_raise(job->report, MSG_XEN_INFERRED, NULL,
                     "saved by Xen %s as far as its bytes tell; taken for "
                     "%" PRIu32 ".%" PRIu32,
                     domctx_inference_text(job->in.inference),
                     job->xen_major, job->xen_minor);
}

/* Whether what the user said of the input is so, and is enough. */
static int check_input(struct conversion *job)
{
    if (!is_as_said(job))
        return cmd_raise(job->report, MSG_CONVERT_FROM,
                         &(struct cmd_at){
                             .expected = convert_formats[job->from],
                             .found = input_format(job) },
                         "has another format than --from says");
    if (job->has_xen)
        return input_hold_xen(&job->in, &job->xen,
                              job->force || job->in.damaged, job->report);
    if (input_version(&job->in, &job->xen_major, &job->xen_minor)) {
        job->has_xen = true;
        return 0;
    }
    if (job->to == DOMCTX_TO_HVM && !job->target.wanted)
        return 0;
    return infer_xen(job);
}

/* JSON that is to become the very bytes it was made from.  domctx_make() knows
 * it only of a context that domctx_open() made. */
static bool keeps_bytes(const struct conversion *job)
{
    return job->in.json && !job->bare && !job->target.wanted &&
           is_called(job, job->to);
}

/* Wrapping, unwrapping and JSON carry any content byte for byte. */
static bool is_verbatim(const struct conversion *job)
{
    enum domctx_output is = format_of(&job->in);

    if (job->target.wanted)
        return false;
    if (job->to == DOMCTX_TO_JSON || keeps_bytes(job))
        return true;
    return job->to == DOMCTX_TO_WRAPPED
               ? is != DOMCTX_TO_IMAGE
               : job->to == DOMCTX_TO_HVM && is == DOMCTX_TO_WRAPPED;
}

/* The view of it: a blob that is to be a blob again needs no release. */
static int view(struct conversion *job, domctx_context **context)
{
    if (job->in.hvm && !job->has_xen)
        return domctx_context_of_hvm(job->in.hvm, false, 0, 0, context,
                                     job->report);
    return input_view(&job->in, true, job->xen_major, job->xen_minor,
                      context, job->report);
}

/* The releases that can have saved the input. */
static int find_savers(struct conversion *job, struct domctx_releases *savers)
{
    struct domctx_release oldest;

    if (job->bare || job->to == DOMCTX_TO_HVM || job->target.wanted)
        return 0; /* nobody is told */
    if (!job->xen.xen_major)
        return input_savers(&job->in, &oldest, savers, job->report);
    domctx_releases_of(&job->xen, savers);
    return 0;
}

/* The image or the blob; of an image JSON is made. */
static int make_bytes(struct conversion *job)
{
    struct domctx_releases savers = { .points = { 0 } };
    struct domctx_making how = {
        .to = job->to == DOMCTX_TO_JSON ? DOMCTX_TO_IMAGE : job->to,
        .flags = (job->bare ? DOMCTX_BARE : 0) |
                 (job->in.damaged ? DOMCTX_PART : 0) |
                 (job->force ? DOMCTX_LET_REFUSED : 0),
        .target = job->target.wanted ? &job->target.release : NULL,
        .converted = job->target.hvm, .source = job->in.source,
        .savers = &savers, .tool = PACKAGE_STRING,
        .input = input_format(job),
    };
    domctx_context *context;
    int result;

    if (find_savers(job, &savers) < 0 || view(job, &context) < 0)
        return -1;
    result = domctx_make(context, &how, &job->out, &job->out_size,
                         job->report);
    domctx_context_free(context);
    return result;
}

/* The bytes that came out of the JSON are the output. */
static void take_encoded(struct conversion *job)
{
    job->out = job->in.buf;
    job->out_size = job->in.size;
    job->in.buf = NULL;
}

/* Whether the save file is cut behind its context, or something else in it is
 * refused by every reader: no other can be made of it. */
static bool is_last(const struct conversion *job)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(job->report, i)); i++)
        if (cure_is_beside(finding))
            return true;
    return false;
}

/* "fix" with the options that make a save file of it for the target, tried;
 * false: it does not. */
static bool find_fix(struct conversion *job, char *verb, size_t room)
{
    const struct domctx_release *release = &job->target.release;
    const struct domctx_release saver = { job->xen_major, job->xen_minor,
                                          DOMCTX_POINT_ANY };
    const struct domctx_judging how = {
        .target = release, .host = &job->target.known,
        .source = job->in.source,
    };
    domctx_report *report = domctx_report_new();
    domctx_context *context = NULL;
    struct cure cure = { .kind = CURE_NOT_ASKED };
    bool fixes = false;

    if (report &&
        input_view(&job->in, true, saver.xen_major, saver.xen_minor,
                   &context, report) == 0 &&
        domctx_judge(context, &how, NULL, report) == 0) {
        cure_find(&cure, &job->in, &saver, release, job->target.host, false,
                  report);
        fixes = cure.kind >= CURE_FREE ||
                domctx_report_worst(report) < DOMCTX_ERROR;
    }
    snprintf(verb, room, "fix%s%s", cure.anew ? " --container=xl" : "",
             cure.kind == CURE_LOSSY ? " --allow-loss" : "");
    cure_free(&cure);
    domctx_context_free(context);
    domctx_report_free(report);
    return fixes;
}

/* The output of a conversion is no save file: tell how to get one. */
static void note_no_memory(struct conversion *job, const char *file)
{
    static const char text[] = "the guest's memory is not in the output, "
                               "which xl does not restore";
    char verb[40] = "fix";
    char *command;

    if (!job->in.source ||
        (!job->target.wanted && job->to != DOMCTX_TO_IMAGE &&
         job->to != DOMCTX_TO_WRAPPED))
        return;
    if (is_last(job) ||
        (job->target.wanted && !find_fix(job, verb, sizeof(verb))))
        cmd_raise(job->report, MSG_CONVERT_NO_MEMORY, NULL, "%s", text);
    else {
        command = mend_call(job->session, verb, job->target.typed, file,
                            "NEW");
        cmd_raise(job->report, MSG_CONVERT_NO_MEMORY, NULL,
                  "%s; a save file comes of %s", text,
                  command ? command : "fix");
        free(command);
    }
}

/* For the target, or why not: of a series that refuses it at some points, the
 * others may take it as it is. */
static int make_for(struct conversion *job)
{
    const struct target *target = &job->target;
    char loads[DOMCTX_CHECKED_ROOM];

    if (target_convert(&job->target, &job->in, job->xen_major, job->xen_minor,
                       job->allow_loss, job->force, job->report) == 0)
        return 0;
    if (elsewhere_partly(&job->in, &target->release, NULL, loads))
        cmd_raise(job->report, MSG_FIX_ELSEWHERE, NULL,
                  "as it is it %s; --target=X.Y.Z is for one of them", loads);
    return -1;
}

/* In to bytes of the format asked for. */
static int make(struct conversion *job, const char *file)
{
    enum domctx_severity cap = DOMCTX_LOST;

    if (input_load_with(&job->in, file,
                        job->damaged      ? DOMCTX_WALK_DAMAGED
                        : job->allow_loss ? DOMCTX_WALK_CUT : 0,
                        job->report) < 0 || check_input(job) < 0)
        return -1;
    if (job->allow_loss || job->force || job->damaged || is_verbatim(job))
        cap = DOMCTX_WARNING;
    note_no_memory(job, file);
    session_tell_as(job->session, input_name(file), cap);
    if (job->session->worst >= DOMCTX_ERROR)
        return -1;
    if (job->target.wanted && make_for(job) < 0)
        return -1;
    if (job->to == DOMCTX_TO_JSON && !job->in.source && !job->target.wanted)
        return 0; /* goes to the file as it is made */
    if (!keeps_bytes(job))
        return make_bytes(job);
    take_encoded(job);
    return 0;
}

/* Pieces of JSON go to the file. */
struct text_out {
    struct file_out file;
    struct conversion *job;
};

static int take_text(void *arg, const char *text, size_t size)
{
    struct text_out *out = arg;

    out->job->out_size += size;
    return file_write(&out->file, text, size, out->job->report);
}

/* What is written as JSON: the input, or the image that was made of a save
 * file, which has more than the blob in it, or for a target. */
static int view_for_json(struct conversion *job, domctx_image **image,
                         domctx_context **context)
{
    if (!job->in.source && !job->target.wanted)
        return input_view(&job->in, job->has_xen, job->xen_major,
                          job->xen_minor, context, job->report);
    /* its findings are known from the save file */
    return domctx_image_parse(job->out, job->out_size, image, NULL) < 0
               ? -1
               : domctx_context_of_image(*image, context, job->report);
}

static int put_json(struct conversion *job, const char *file)
{
    struct text_out out = { .job = job };
    domctx_context *context = NULL;
    domctx_image *image = NULL;
    int result;

    result = view_for_json(job, &image, &context);
    job->out_size = 0;
    if (result == 0)
        result = file_create_text(&out.file, file, job->report);
    if (result == 0) {
        result = domctx_json_write(context, take_text, &out, job->report);
        if (result < 0)
            file_discard(&out.file);
        else
            result = file_commit(&out.file, job->report);
    }
    domctx_context_free(context);
    domctx_image_free(image);
    return result;
}

static int put(struct conversion *job, const char *from, const char *file)
{
    struct file_out out;

    /* the guest's memory is in no output */
    if (job->onto_itself && job->in.source)
        return file_refuse_same(from, job->report);
    if (file_fits(job->out_size, job->report) < 0)
        return -1;
    if (job->session->dry_run)
        return file_check(file, job->report);
    if (job->to == DOMCTX_TO_JSON)
        return put_json(job, file);
    if (file_create(&out, file, job->report) < 0 ||
        file_write(&out, job->out, job->out_size, job->report) < 0 ||
        file_commit(&out, job->report) < 0)
        return -1;
    return 0;
}

bool convert_file(struct conversion *job, const char *from, const char *to)
{
    struct session *session = job->session;
    bool done = make(job, from) == 0;

    session_tell(session, input_name(from));
    done = done && put(job, from, to) >= 0;
    if (done)
        session_verbose(session, "%zu bytes of %s to %zu bytes of %s%s",
                        job->in.size, input_format(job), job->out_size,
                        convert_formats[job->to],
                        session->dry_run ? " (dry run: nowhere)" : "");
    return done;
}

void convert_free_made(struct conversion *job)
{
    free(job->out);
    job->out = NULL;
    job->out_size = 0;
    input_free(&job->in);
}
