/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "convert-into.h"
#include "file.h"
#include "input.h"
#include "many.h"
#include "raise.h"
#include "sandbox.h"
#include "verbs.h"

const struct option_row convert_options[] = {
    OPTION_HELP,
    { OPT_FROM, '\0', "from", "F",
      "Insist that In is image, wrapped, hvm or json." },
    { OPT_TO, '\0', "to", "F",
      "Write image (the default), wrapped, hvm or json." },
    { OPT_XEN, '\0', "xen", "X.Y[.Z]",
      "The Xen that saved an HVM blob; else it is inferred." },
    { OPT_TARGET, '\0', "target", "X.Y[.Z]|host|FILE",
      "Make what that release of Xen loads." },
    { OPT_BARE, '\0', "bare", NULL,
      "Write no trailer (origin and checksum)." },
    { OPT_ALLOW_LOSS, '\0', "allow-loss", NULL,
      "Go on over errors, and leave out what is lost." },
    { OPT_DAMAGED, '\0', "damaged", NULL,
      "Take out what is whole of a damaged file." },
    { OPT_FORCE, '\0', "force", NULL,
      "Write also what the release refuses, though not what crashes it." },
    { OPT_INTO, '\0', "into", "SAVEFILE",
      "Out: a copy of SAVEFILE with In in the place of its context." },
    { OPT_OUTPUT_DIR, '\0', "output-dir", "DIR",
      "Convert each file into one of the same name in DIR." },
    OPTION_JSON_LINES("With --output-dir: a line of JSON a file."),
    OPTION_JOBS,
    OPTIONS_NAMES,
    OPTION_NO_SANDBOX,
    OPTION_LAST
};

/* In the order of enum domctx_output. */
const char *const convert_formats[] = { "image", "wrapped", "hvm", "json",
                                        NULL };

/* One conversion. */
struct job {
    struct session *session;
    domctx_report *report;
    bool has_from, has_xen, bare, allow_loss, force, damaged;
    enum domctx_output from, to;
    uint32_t xen_major, xen_minor;   /* of the saver */
    struct domctx_release xen;       /* as --xen says it */
    struct target target;
    struct input in;
    uint8_t *out;
    size_t out_size;
};

static const struct verb *self(void)
{
    return verb_find("convert");
}

static bool parse_format(struct session *session, const char *word,
                         enum domctx_output *format)
{
    for (int i = 0; convert_formats[i]; i++) {
        if (strcmp(word, convert_formats[i]) == 0) {
            *format = (enum domctx_output)i;
            return true;
        }
    }
    usage_error(session, self(),
                "'%s' is no format: there are image, wrapped, hvm and json",
                word);
    return false;
}

static bool parse_xen(struct job *job, const char *text)
{
    if (domctx_release_parse(text, &job->xen, job->report) < 0) {
        session_tell(job->session, "--xen");
        return false;
    }
    job->has_xen = true;
    job->xen_major = job->xen.xen_major;
    job->xen_minor = job->xen.xen_minor;
    return true;
}

static bool parse_job(struct job *job, const struct arguments *arguments)
{
    const char *from = arguments->option[OPT_FROM];
    const char *to = arguments->option[OPT_TO];
    const char *xen = arguments->option[OPT_XEN];
    const char *target = arguments->option[OPT_TARGET];

    job->bare = arguments->option[OPT_BARE];
    job->allow_loss = arguments->option[OPT_ALLOW_LOSS];
    job->force = arguments->option[OPT_FORCE];
    job->damaged = arguments->option[OPT_DAMAGED];
    job->has_from = from;
    if ((from && !parse_format(job->session, from, &job->from)) ||
        (to && !parse_format(job->session, to, &job->to)))
        return false;
    if (job->bare && job->to == DOMCTX_TO_JSON) {
        usage_error(job->session, self(),
                    "--bare is about an image, not about --to=json");
        return false;
    }
    return (!xen || parse_xen(job, xen)) &&
           (!target || target_parse(job->session, arguments, &job->target,
                                    target));
}

static enum domctx_output format_of(const struct input *in)
{
    if (in->hvm)
        return DOMCTX_TO_HVM;
    return domctx_image_form(in->image) == DOMCTX_FORM_WRAPPED
               ? DOMCTX_TO_WRAPPED
               : DOMCTX_TO_IMAGE;
}

/* What the input is called. */
static const char *input_format(const struct job *job)
{
    if (job->in.source)
        return "save file";
    return convert_formats[job->in.json ? DOMCTX_TO_JSON
                                        : format_of(&job->in)];
}

/* Whether the context has the format that the user names: "image" is both
 * forms of one. */
static bool is_called(const struct job *job, enum domctx_output name)
{
    enum domctx_output is = format_of(&job->in);

    return is == name || (name == DOMCTX_TO_IMAGE && is == DOMCTX_TO_WRAPPED);
}

/* Whether --from says what it is; a save file is none of those that it can
 * say. */
static bool is_as_said(const struct job *job)
{
    if (!job->has_from || job->in.json)
        return !job->has_from || job->from == DOMCTX_TO_JSON;
    return !job->in.source && is_called(job, job->from);
}

/* With -v: what the inference rests on. */
static void tell_evidence(const struct job *job)
{
    const struct domctx_evidence *found;

    for (size_t i = 0;
         (found = domctx_inference_evidence(job->in.inference, i)); i++)
        session_verbose(job->session, "%s%s%s: saved by %s%s", found->record,
                        *found->record ? " " : "", found->seen,
                        found->releases,
                        found->followed ? "" : " (left out of account)");
}

/* A blob does not say which Xen saved it: what its bytes tell. */
static int infer_xen(struct job *job)
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
static int check_input(struct job *job)
{
    if (!is_as_said(job))
        return cmd_raise(job->report, MSG_CONVERT_FROM,
                         &(struct cmd_at){
                             .expected = convert_formats[job->from],
                             .found = input_format(job) },
                         "is not what --from says");
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

/* JSON that is to become the very bytes it was made from. */
static bool is_encoding(const struct job *job)
{
    return job->in.json && !job->bare && !job->target.wanted &&
           is_called(job, job->to);
}

/* Wrapping, unwrapping and JSON carry any content byte for byte. */
static bool is_verbatim(const struct job *job)
{
    enum domctx_output is = format_of(&job->in);

    if (job->target.wanted)
        return false;
    if (job->to == DOMCTX_TO_JSON || is_encoding(job))
        return true;
    return job->to == DOMCTX_TO_WRAPPED
               ? is != DOMCTX_TO_IMAGE
               : job->to == DOMCTX_TO_HVM && is == DOMCTX_TO_WRAPPED;
}

/* The view of it: a blob that is to be a blob again needs no release. */
static int view(struct job *job, domctx_context **context)
{
    if (job->in.hvm && !job->has_xen)
        return domctx_context_of_hvm(job->in.hvm, false, 0, 0, context,
                                     job->report);
    return input_view(&job->in, true, job->xen_major, job->xen_minor,
                      context, job->report);
}

/* What is known of those who saved it. */
static int find_savers(struct job *job, struct domctx_releases *savers)
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
static int make_bytes(struct job *job)
{
    struct domctx_releases savers = { .points = { 0 } };
    struct domctx_making how = {
        .to = job->to == DOMCTX_TO_JSON ? DOMCTX_TO_IMAGE : job->to,
        .flags = (job->bare ? DOMCTX_BARE : 0) |
                 (job->in.damaged ? DOMCTX_PART : 0),
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
static void take_encoded(struct job *job)
{
    job->out = job->in.buf;
    job->out_size = job->in.size;
    job->in.buf = NULL;
}

/* Whether the save file is cut behind its context: no other can be made of
 * it. */
static bool is_cut(const struct job *job)
{
    const struct domctx_finding *finding;

    for (size_t i = 0; (finding = domctx_report_get(job->report, i)); i++)
        if (strcmp(finding->id, "source-cut-behind") == 0)
            return true;
    return false;
}

/* The output of a conversion is no save file: tell how to get one. */
static void note_no_memory(const struct job *job, const char *file)
{
    static const char text[] = "the guest's memory is not in the output, "
                               "which xl does not restore";
    const char *target = job->target.wanted ? " --target=" : "";

    if (!job->in.source ||
        (!job->target.wanted && job->to != DOMCTX_TO_IMAGE &&
         job->to != DOMCTX_TO_WRAPPED))
        return;
    if (is_cut(job))
        cmd_raise(job->report, MSG_CONVERT_NO_MEMORY, NULL, "%s", text);
    else
        cmd_raise(job->report, MSG_CONVERT_NO_MEMORY, NULL,
                  "%s; a save file comes of %sfix%s%s %s NEW", text,
                  job->session->call, target, job->target.text, file);
}

/* In to bytes of the format asked for. */
static int make(struct job *job, const char *file)
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
    if (job->target.wanted &&
        target_convert(&job->target, &job->in, job->xen_major,
                       job->xen_minor, job->allow_loss,
                       job->allow_loss || job->force, job->report) < 0)
        return -1;
    if (job->to == DOMCTX_TO_JSON && !job->in.source && !job->target.wanted)
        return 0; /* goes to the file as it is made */
    if (!is_encoding(job))
        return make_bytes(job);
    take_encoded(job);
    return 0;
}

/* Pieces of JSON go to the file. */
struct text_out {
    struct file_out file;
    struct job *job;
};

static int take_text(void *arg, const char *text, size_t size)
{
    struct text_out *out = arg;

    out->job->out_size += size;
    return file_write(&out->file, text, size, out->job->report);
}

/* What is written as JSON: the input, or the image that was made of a save
 * file, which has more than the blob in it, or for a target. */
static int view_for_json(struct job *job, domctx_image **image,
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

static int put_json(struct job *job, const char *file)
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

static int put(struct job *job, const char *file)
{
    struct file_out out;

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

/* --into: another work, with some of the options. */
static void into(struct job *job, const struct arguments *arguments)
{
    struct into_job into = {
        .save = arguments->option[OPT_INTO],
        .context = arguments->operand[0], .new_save = arguments->operand[1],
        .allow_loss = job->allow_loss, .force = job->force,
        .xen = job->has_xen ? &job->xen : NULL,
        .target = &job->target,
    };

    if (job->has_from || arguments->option[OPT_TO] || job->bare ||
        job->damaged)
        usage_error(job->session, self(),
                    "--from, --to, --bare and --damaged have no meaning with "
                    "--into");
    else if (strcmp(into.save, "-") == 0 && strcmp(into.context, "-") == 0)
        usage_error(job->session, self(),
                    "standard input is one file, not two");
    else
        convert_into(job->session, &into);
    target_free(&job->target);
}

/* One file to another. */
static bool convert(struct job *job, const char *from, const char *to)
{
    struct session *session = job->session;
    bool done = make(job, from) == 0;

    session_tell(session, input_name(from));
    done = done && put(job, to) == 0;
    if (done)
        session_verbose(session, "%zu bytes of %s to %zu bytes of %s%s",
                        job->in.size, input_format(job), job->out_size,
                        convert_formats[job->to],
                        session->dry_run ? " (dry run: nowhere)" : "");
    return done;
}

static void free_made(struct job *job)
{
    free(job->out);
    job->out = NULL;
    job->out_size = 0;
    input_free(&job->in);
}

static void convert_one(struct job *job, const struct arguments *arguments)
{
    const char *to = arguments->operand[1];

    if (!sandbox_enter(job->session, arguments, 1,
                       arguments->option[OPT_INTO], to))
        return;
    if (arguments->option[OPT_INTO]) {
        into(job, arguments);
        return;
    }
    convert(job, arguments->operand[0], to);
    session_tell(job->session, output_name(to));
    free_made(job);
    target_free(&job->target);
}

/* -- many ----------------------------------------------------------------- */

struct batch {
    const struct job *job;     /* what the command line says */
    struct many many;
    enum many_json json;
};

static void put_result(const struct batch *batch, const char *from,
                       const char *to, const domctx_report *report)
{
    const struct domctx_checked checked = { .name = from, .report = report };
    bool margin = false;

    if (!batch->json)
        return;
    if (!to) {
        domctx_checked_json(&checked, to_json_line, &margin, NULL);
    } else {
        fputs("{\"file\": ", stdout);
        put_json_string(from);
        fputs(",\"output\": ", stdout);
        put_json_string(to);
        putchar('}');
    }
    putchar('\n');
    stdout_check(batch->many.session);
}

static void convert_file(void *arg, size_t i, const domctx_report *lost)
{
    struct batch *batch = arg;
    struct job job = *batch->job;
    const char *from = batch->many.names.name[i];
    char to[PATH_MAX];
    domctx_report *told = batch->json ? domctx_report_new() : NULL;
    bool done;

    job.session->told = told;
    domctx_report_forward(job.report, lost, NULL, NULL);
    done = !lost && name_in_folder(to, batch->many.folder, from) &&
           convert(&job, from, to);
    session_tell(job.session, lost ? from : to);
    job.session->told = NULL;
    put_result(batch, from, done ? to : NULL, told);
    domctx_report_free(told);
    free_made(&job);
    target_free_made(&job.target);
    tally_count(&batch->many.tally, done ? "converted" : "not", 1);
}

static void convert_files(struct job *job, const struct arguments *arguments)
{
    struct batch batch = {
        .job = job,
        .many = { .session = job->session, .arguments = arguments,
                  .folder = arguments->option[OPT_OUTPUT_DIR],
                  .one = convert_file, .arg = &batch },
    };
    const struct many *many = &batch.many;

    file_never_replace();
    if (arguments->option[OPT_INTO])
        usage_error(job->session, self(),
                    "--into writes one file, --output-dir many");
    else if (many_json(job->session, self(), arguments, &batch.json) &&
             many_take(&batch.many, self()) &&
             names_differ(job->session, self(), &many->names) &&
             many_run(&batch.many)) {
        fprintf(batch.json ? stderr : stdout,
                "%zu files: %zu converted, %zu not\n", many->names.n,
                tally_of(&many->tally, "converted"),
                tally_of(&many->tally, "not"));
        stdout_check(job->session);
    }
    many_free(&batch.many);
    target_free(&job->target);
}

/* Whether the operands are what the options are for. */
static bool fits(struct job *job, const struct arguments *arguments)
{
    static const enum option_id many[] = { OPT_JSON, OPT_JOBS, OPT_FILES_FROM,
                                           OPT_FILES0_FROM };
    bool alone = true;

    for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++)
        alone &= !arguments->option[many[i]];
    if (arguments->option[OPT_OUTPUT_DIR])
        return true;
    if (alone && arguments->n_operands == 2)
        return true;
    usage_error(job->session, self(),
                alone ? "'convert' is for In and Out, or for --output-dir"
                      : "many files are converted with --output-dir");
    return false;
}

void cmd_convert(struct session *session, const struct arguments *arguments)
{
    struct job job = { .session = session, .report = session->report };

    if (!fits(&job, arguments) || !parse_job(&job, arguments))
        return;
    if (arguments->option[OPT_OUTPUT_DIR])
        convert_files(&job, arguments);
    else
        convert_one(&job, arguments);
}
